"""Child side: pictures: what a camera wrote into them, and the picture drawn anew without it."""

import contextlib
import io
import re
from typing import Any

from PIL import ExifTags, Image, ImageFile, ImageOps, IptcImagePlugin, UnidentifiedImageError

from monitor.attachments.sniffing import after_the_end
from monitor.attachments.traces import Trace, trace
from monitor.attachments.unfit import Unfit

FORMATS = {"jpg": ("JPEG", "MPO"), "png": ("PNG",), "gif": ("GIF",), "webp": ("WEBP",)}
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 20_000
PUBLIC_SIDE = 2_560
_TAGS = {
    271: "camera", 272: "camera", 305: "camera", 42033: "camera", 42035: "camera", 42036: "camera",
    315: "author", 33432: "author", 42032: "author", 40093: "author",
    306: "taken", 36867: "taken", 36868: "taken",
    270: "title", 37510: "comment", 40091: "title", 40092: "comment", 40094: "title",
}  # fmt: skip
_XMP_TEXT = re.compile(
    r">\s*([^<>\s][^<>]{1,300}?)\s*<|\b(?:\w+:\w*(?:[Cc]reator|[Aa]uthor|City|"
    r"[Oo]wner|[Ss]erial\w*|Latitude|Longitude)\w*)=\"([^\"]{2,200})\""
)


def inspect(data: bytes, code: str) -> tuple[list[Trace], bytes, str]:
    """What was found, the picture drawn anew, and its media type."""
    # Asked below, with the size in the answer; until then nothing is unpacked.
    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS[code]) as image:
            width, height = image.size
            if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
                raise Unfit("pixels", width=width, height=height)
            found = traces(image)
            rest = after_the_end(data, code)
            if len(rest.strip(b"\0\r\n ")) > 16:
                found.append(trace("trailing", f"{len(rest)} 字节，不属于图片"))
            drawn, media_type = _anew(image, code)
            return found, drawn, media_type
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, IndexError, EOFError):
        raise Unfit("corrupt") from None


def traces(image: ImageFile.ImageFile) -> list[Trace]:
    """What stands in a picture beside the picture."""
    exif = image.getexif()
    found = (
        [trace("position", words)]
        if (words := _position(exif.get_ifd(ExifTags.IFD.GPSInfo)))
        else []
    )
    for tag, value in {**exif, **exif.get_ifd(ExifTags.IFD.Exif)}.items():
        if tag in _TAGS and (words := _words(value)):
            found.append(trace(_TAGS[tag], words))
    info = image.info
    for name in ("comment", "Comment", "Description", "Author", "Copyright", "Title", "Software"):
        code = "author" if name in {"Author", "Copyright"} else "comment"
        found += [trace(code, words)] if (words := _words(info.get(name, ""))) else []
    for key, value in getattr(image, "text", {}).items():
        if key not in {"Comment", "Description", "Author", "Copyright", "Title", "Software"}:
            found.append(trace("comment", f"{key}：{_words(value)}"))
    xmp = _words(info.get("xmp", b"") or info.get("XML:com.adobe.xmp", ""))
    texts = dict.fromkeys(a or b for a, b in _XMP_TEXT.findall(xmp))
    found += [trace("title", text) for text in list(texts)[:20]]
    written = IptcImagePlugin.getiptcinfo(image) if image.format in {"JPEG", "MPO"} else None
    for value in (written or {}).values():
        for one in value if isinstance(value, list) else [value]:
            if words := _words(one):
                found.append(trace("title", words))
    return found


def _position(place: dict[int, Any]) -> str:
    try:
        degrees = [
            (part[0] + part[1] / 60 + part[2] / 3600) * (-1 if place.get(of) in {"S", "W"} else 1)
            for part, of in ((place[2], 1), (place[4], 3))
        ]
    except (KeyError, IndexError, TypeError, ZeroDivisionError):
        return "有位置信息" if place else ""
    return f"纬度 {float(degrees[0]):.5f}，经度 {float(degrees[1]):.5f}"


def _words(value: object) -> str:
    if isinstance(value, bytes):
        if value[:8] in {b"ASCII\0\0\0", b"UNICODE\0"}:
            value = value[8:]
        codec = "utf-16-le" if value[1:2] == b"\0" and value[3:4] == b"\0" else "utf-8"
        value = value.decode(codec, "replace")
    text = str(value).replace("\x00", "").strip()
    # Old tags know Latin letters only; what else was written there is UTF-8.
    with contextlib.suppress(UnicodeError):
        text = text.encode("latin-1").decode("utf-8")
    return text if any(sign.isalnum() for sign in text) else ""


def _anew(image: Image.Image, code: str) -> tuple[bytes, str]:
    """Pixels only: a new picture that has never seen the old one's notes."""
    if code == "jpg":
        image.draft("RGB", (PUBLIC_SIDE, PUBLIC_SIDE))
    image.load()
    turned = ImageOps.exif_transpose(image)
    clear = turned.mode in {"RGBA", "LA", "PA"} or "transparency" in turned.info
    plain = turned.convert("RGBA" if clear else "RGB")
    plain.thumbnail((PUBLIC_SIDE, PUBLIC_SIDE))
    ground = Image.new("RGB", plain.size, "white")
    ground.paste(plain, mask=plain.getchannel("A") if clear else None)
    out = io.BytesIO()
    if code in {"png", "gif"}:
        ground.save(out, "PNG", optimize=False)
        return out.getvalue(), "image/png"
    ground.save(out, "JPEG", quality=85)
    return out.getvalue(), "image/jpeg"
