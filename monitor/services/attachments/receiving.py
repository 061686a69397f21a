"""A file comes in: in pieces or whole, looked into before it is kept, or refused without trace."""

import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO
from uuid import UUID, uuid4

from monitor import attachments
from monitor.attachments import FileRefused, Inspected
from monitor.domain.access import Acting
from monitor.domain.errors import DeskError, Incomplete, NotFound, Refused
from monitor.services import reading
from monitor.services.context import Context
from monitor.services.desk import Desk
from monitor.storage.attachments import disk, rows
from monitor.storage.attachments.rows import StoredFile, Upload

PIECE = disk.PIECE
_GOING = timedelta(hours=1)
_AGAIN = "请重新选择这个文件。"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends, and what for: `owner` is a person or a blinded visitor."""

    place: str
    owner: str
    person: Acting


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was looked into and kept: its name, its content, what is said about it."""

    name: str
    sha256: str
    size: int
    label: str
    said: str


def begin(ctx: Context, sender: Sender, name: str, size: int, held: int) -> Upload:
    """A place for a file of this size; refused before a byte is sent when it will not be taken.

    `held` is how many files are there already.
    """
    settings = ctx.settings
    if size > settings.max_file_bytes:
        raise FileRefused("too_large", {"limit": settings.max_file_bytes >> 20})
    if size == 0:
        raise FileRefused("empty")
    # One that was begun and left counts no longer than somebody might still go on with it.
    known = [
        one
        for one in rows.uploads(ctx.session, sender.place, sender.owner)
        if one.sha256 or ctx.now - one.at < _GOING
    ]
    if held + len(known) >= settings.max_files:
        raise Refused(
            f"最多 {settings.max_files} 个附件。", remedy="请先移除不需要的，或合并成一个文件。"
        )
    shown = attachments.safe_name(name)
    reading.refuse_secrets(shown)
    upload = Upload(
        id=(one := uuid4()),
        place=sender.place,
        owner=sender.owner,
        name=rows.seal(ctx.keys, one, shown),
        size=size,
        at=ctx.now,
    )
    ctx.session.add(upload)
    return upload


def found(ctx: Context, upload_id: UUID, owner: str, *, hold: bool = False) -> Upload:
    """An upload of this sender; NotFound for anybody else's."""
    upload = rows.upload(ctx.session, upload_id, owner, hold=hold)
    if upload is None:
        raise NotFound("没有这次上传，或已经过期。", remedy=_AGAIN)
    return upload


def take(ctx: Context, upload_id: UUID, owner: str, offset: int, piece: bytes) -> int:
    """Write a piece where the last one ended; how much is here now.

    A piece that was sent twice is written once; one that leaves a gap is refused.
    """
    upload = found(ctx, upload_id, owner, hold=True)
    if len(piece) > PIECE:
        raise Incomplete(f"每一段最多 {PIECE >> 20} MB。")
    if offset > upload.received or offset + len(piece) > upload.size or upload.sha256:
        raise Refused("续传的位置不对。", remedy=f"请从第 {upload.received} 字节继续。")
    if offset + len(piece) <= upload.received:
        return upload.received
    disk.write_piece(disk.arriving(ctx.settings, upload.id), offset, piece)
    upload.received = offset + len(piece)
    ctx.session.add(upload)
    return upload.received


def finish(desk: Desk, sender: Sender, upload_id: UUID, sha256: str) -> Kept:
    """The last piece is here: compare the hash of the whole, look into it, keep it or forget it."""
    with desk.reading(sender.person) as ctx:
        upload = found(ctx, upload_id, sender.owner)
        if upload.sha256:
            return _kept_before(ctx, upload)
        path = disk.arriving(desk.settings, upload.id)
        if upload.received != upload.size or disk.length(path) != upload.size:
            raise Refused("文件还没有传完。", remedy=f"请从第 {upload.received} 字节继续。")
        name = rows.name_of(ctx.keys, upload)
    try:
        if sha256 and disk.digest(path) != sha256:
            raise Refused("传到的内容与原文件不一致。", remedy=_AGAIN)
        seen = examine(path, name)
        with desk.writing(sender.person) as ctx:
            upload = found(ctx, upload_id, sender.owner, hold=True)
            kept = _keep(ctx, path, seen)
            upload.sha256, upload.name = kept.sha256, rows.seal(ctx.keys, upload.id, kept.name)
            ctx.session.add(upload)
            return kept
    except DeskError:
        forget(desk, sender, upload_id)
        raise


def forget(desk: Desk, sender: Sender, upload_id: UUID) -> None:
    """Give an upload up: neither its bytes nor its row stay."""
    disk.drop(disk.arriving(desk.settings, upload_id))
    with desk.writing(sender.person) as ctx:
        upload = rows.upload(ctx.session, upload_id, sender.owner)
        if upload is not None:
            ctx.session.delete(upload)


def receive_whole(desk: Desk, sender: Sender, name: str, file: IO[bytes], held: int) -> Kept:
    """A file of an ordinary form, in one go; it waits at its place like any other."""
    file.seek(0, 2)
    size = file.tell()
    file.seek(0)
    with desk.writing(sender.person) as ctx:
        upload_id = begin(ctx, sender, name, size, held).id
    path = disk.arriving(desk.settings, upload_id)
    disk.write_piece(path, 0, b"")
    with path.open("wb") as target:
        shutil.copyfileobj(file, target)
    with desk.writing(sender.person) as ctx:
        upload = found(ctx, upload_id, sender.owner, hold=True)
        upload.received = size
        ctx.session.add(upload)
    return finish(desk, sender, upload_id, "")


def examine(path: Path, name: str) -> Inspected:
    """What the guarded child says of a file; a mark of secrecy anywhere in it refuses it."""
    with path.open("rb") as file:
        seen = attachments.inspect(file.fileno(), name)
    reading.refuse_secrets(seen.name, seen.text, seen.beside)
    return seen


def _keep(ctx: Context, path: Path, seen: Inspected) -> Kept:
    """Shelve content and what was drawn of it; the files are on the disk before the row."""
    size = path.stat().st_size
    sha256 = disk.shelve(ctx.settings, path)
    looks = [
        {"role": look.role, "type": look.media_type, "size": len(look.data),
         "sha256": disk.put(ctx.settings, uuid4(), look.data)}
        for look in seen.pictures
    ]  # fmt: skip
    if seen.text:
        body = seen.text.encode("utf-8", "replace")
        looks.append(
            {"role": "text", "type": "text/plain", "size": len(body),
             "sha256": disk.put(ctx.settings, uuid4(), body)}
        )  # fmt: skip
    traces = [(one.code, one.text) for one in seen.traces]
    ctx.session.merge(
        StoredFile(
            sha256=sha256,
            size=size,
            kind=seen.kind.code,
            media_type=seen.kind.media_type,
            pages=seen.pages,
            traces=rows.seal_traces(ctx.keys, sha256, traces),
            looks=looks,
            at=ctx.now,
        )
    )
    ctx.session.flush()
    return Kept(seen.name, sha256, size, seen.kind.label, seen.said)


def _kept_before(ctx: Context, upload: Upload) -> Kept:
    content = rows.content(ctx.session, upload.sha256)
    label = attachments.KINDS[content.kind].label if content else ""
    return Kept(rows.name_of(ctx.keys, upload), upload.sha256, upload.size, label, "")
