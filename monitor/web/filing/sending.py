"""Files as browsers send them: in pieces that may be taken up again, or with an ordinary form."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse, Response

from monitor.attachments import FileRefused
from monitor.domain.access import Acting
from monitor.domain.errors import DeskError, Incomplete, Refused, SecrecyMarked
from monitor.services.attachments import receiving
from monitor.services.attachments.receiving import Kept, Sender
from monitor.services.context import Context
from monitor.services.desk import PUBLIC, Desk
from monitor.storage.attachments import rows
from monitor.web import cookies
from monitor.web.deps import desk_of

LONGEST_TOKEN = 60


def staff_sender(person: Acting, place: str) -> Sender:
    """A person of the desk who sends something for a place."""
    return Sender(place, person.id.hex if person.id else person.label, person)


def visitor_sender(request: Request, place: str) -> Sender:
    """Whoever sits at this browser; nobody else can ask for what he sends."""
    desk = desk_of(request)
    owner = desk.keys.blind("upload-owner", cookies.csrf_token(request))
    return Sender(place, owner, PUBLIC)


def form_place(form: str, token: str) -> str:
    """The place of a form that is not sent yet, by its random token."""
    if not token or len(token) > LONGEST_TOKEN or not token.isascii():
        raise Incomplete("这张表单没有附件的编号。", remedy="请刷新页面后重新选择文件。")
    return f"{form}:{token}"


def begun(desk: Desk, sender: Sender, name: str, size: int, held: int) -> Response:
    """The first word of an upload: where it goes on, and how long a piece may be."""
    with desk.writing(sender.person) as ctx:
        upload = receiving.begin(ctx, sender, name, size, held)
        told = {"upload": str(upload.id), "received": 0, "piece": receiving.PIECE}
    return JSONResponse(told, 201)


def standing(ctx: Context, upload: UUID, owner: str) -> Response:
    """How much of an upload is here: what a browser asks after a cut."""
    found = receiving.found(ctx, upload, owner)
    return JSONResponse({"received": found.received, "size": found.size})


def piece(request: Request, desk: Desk, upload: UUID, owner: str, person: Acting) -> Response:
    """One piece, sent as a form: its place and its bytes."""
    given = dict(getattr(request.state, "given", []))
    files = [file for name, file in getattr(request.state, "files", []) if name == "piece"]
    offset = given.get("offset", "")
    if len(files) != 1 or not (offset.isascii() and offset.isdigit()) or len(offset) > 12:
        raise Incomplete("这一段没有内容或位置。")
    files[0].file.seek(0)
    body = files[0].file.read(receiving.PIECE + 1)
    with desk.writing(person) as ctx:
        received = receiving.take(ctx, upload, owner, int(offset), body)
    return JSONResponse({"received": received})


def told(kept: Kept) -> dict[str, Any]:
    """What is said about a file that was taken."""
    return {"name": kept.name, "label": kept.label, "size": kept.size, "said": kept.said}


def with_form(
    request: Request, desk: Desk, sender: Sender, held: Callable[[Context], int] | None = None
) -> list[str]:
    """Take the files that came with an ordinary form; why some were not taken, in sentences.

    A file with a mark of secrecy refuses all of it.
    """
    wrong = []
    for name, file in getattr(request.state, "files", []):
        if name != "files" or not file.filename:
            continue
        try:
            with desk.reading(sender.person) as ctx:
                there = held(ctx) if held else 0
            receiving.receive_whole(desk, sender, file.filename, file.file, there)
        except SecrecyMarked:
            raise
        except (FileRefused, Refused) as error:
            wrong.append(f"{_short(file)}：{error.message}{error.remedy}")
    return wrong


def dropped(request: Request, desk: Desk, sender: Sender) -> None:
    """Forget the waiting files that a form says it no longer wants."""
    for name, value in getattr(request.state, "given", []):
        if name == "drop_file":
            try:
                receiving.forget(desk, sender, UUID(value))
            except ValueError:
                continue


def waiting(ctx: Context, sender: Sender) -> list[dict[str, Any]]:
    """The files that wait at a place, as a form lists them."""
    return [
        {"id": str(one.id), "name": rows.name_of(ctx.keys, one), "size": one.size}
        for one in rows.uploads(ctx.session, sender.place, sender.owner)
        if one.sha256
    ]


def one_refused(wrong: list[str]) -> DeskError:
    """What a page without a form of its own says when files of it were not taken."""
    return Incomplete("；".join(wrong), fields={"files": "有的附件没有收下"})


def _short(file: UploadFile) -> str:
    name = file.filename or ""
    return name if len(name) <= 40 else f"{name[:20]}…{name[-12:]}"
