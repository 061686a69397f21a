"""Files as they leave: originals only as a download that nothing runs, pictures drawn by us."""

from urllib.parse import quote

from starlette.responses import FileResponse, Response

from monitor.attachments import KINDS
from monitor.domain.errors import NotFound
from monitor.settings import Settings
from monitor.storage.attachments import disk

# Whatever a browser makes of a file, it does so without scripts, forms, origin or anything loaded.
_SANDBOX = "sandbox; default-src 'none'"
_KNOWN = {kind.media_type for kind in KINDS.values()}


def download(settings: Settings, sha256: str, name: str, media_type: str) -> Response:
    """A stored content to be saved: never shown in place."""
    known = media_type if media_type in _KNOWN else "application/octet-stream"
    if known == "text/plain":
        known = "application/octet-stream"
    return _file(settings, sha256, known, f"attachment; filename*=UTF-8''{quote(name, safe='')}")


def picture(settings: Settings, sha256: str, media_type: str) -> Response:
    """A picture of our own drawing, shown in place."""
    if media_type not in {"image/png", "image/jpeg"}:
        raise NotFound("这个附件没有图像预览。")
    return _file(settings, sha256, media_type, "inline")


def _file(settings: Settings, sha256: str, media_type: str, disposition: str) -> Response:
    path = disk.path_of(settings, sha256)
    if not path.is_file():
        raise NotFound("文件已不在库中。", remedy="请联系系统管理员从备份恢复。")
    response = FileResponse(path, media_type=media_type)
    response.headers["content-disposition"] = disposition
    response.headers["content-security-policy"] = _SANDBOX
    response.headers["x-content-type-options"] = "nosniff"
    response.headers["cache-control"] = "no-store"
    return response
