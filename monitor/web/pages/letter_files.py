"""Files for letters: sent by anybody, seen by nobody but the sender until the letter is sent."""

from typing import Annotated
from uuid import UUID

from fastapi import Form, Query, Request
from starlette.responses import JSONResponse, Response

from monitor.domain.errors import NotFound
from monitor.services import limits
from monitor.services.attachments import receiving
from monitor.services.limits import Limit
from monitor.storage import answers
from monitor.storage.attachments import rows
from monitor.web import render
from monitor.web.deps import LARGEST, DeskHere, Number, PublicReading
from monitor.web.filing import handing, sending
from monitor.web.guard import public_router
from monitor.web.navigation import Page

router = public_router()
PAGE = Page(router, "来信附件")
# Who is not signed in could fill the disk: so many files from one address in a quarter of an hour.
SENT = Limit("upload", "address", 60)
Token = Annotated[str, Form(max_length=100)]


@router.get("/letter/files")
def listed(
    request: Request, ctx: PublicReading, token: Annotated[str, Query(max_length=100)] = ""
) -> Response:
    """What waits for the letter that is being written in this browser."""
    sender = sending.visitor_sender(request, f"letter:{token}")
    waiting = sending.waiting(ctx, sender)
    return render.page("attach_waiting.html", fragment="list", waiting=waiting)


@router.post("/letter/files")
def begin(
    request: Request,
    desk: DeskHere,
    token: Token = "",
    name: Annotated[str, Form(max_length=400)] = "",
    size: Annotated[int, Form(ge=0, le=LARGEST)] = 0,
) -> Response:
    """Begin an upload that may be taken up again."""
    sender = sending.visitor_sender(request, sending.form_place("letter", token))
    with desk.writing(sender.person) as ctx:
        limits.spend(ctx, (SENT, request.client.host if request.client else ""))
    return sending.begun(desk, sender, name, size, 0)


@router.get("/letter/files/{upload}")
def standing(request: Request, ctx: PublicReading, upload: UUID) -> Response:
    """How much of an upload is here."""
    return sending.standing(ctx, upload, sending.visitor_sender(request, "").owner)


@router.patch("/letter/files/{upload}")
def piece(request: Request, desk: DeskHere, upload: UUID) -> Response:
    """One piece of an upload."""
    sender = sending.visitor_sender(request, "")
    return sending.piece(request, desk, upload, sender.owner, sender.person)


@router.post("/letter/files/{upload}/done")
def done(
    request: Request,
    desk: DeskHere,
    upload: UUID,
    sha256: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """All pieces are here: look into the file; it waits until the letter is sent."""
    sender = sending.visitor_sender(request, "")
    return JSONResponse(sending.told(receiving.finish(desk, sender, upload, sha256.lower())))


@router.get("/answers/{number}/files/{n}")
def public(ctx: PublicReading, number: Number, n: str) -> Response:
    """A file of a published answer, as it was released; gone with the publication."""
    publication = answers.released_one(ctx.session, number)
    found = rows.public_files(ctx.session, publication.id) if publication else []
    for file in found:
        if str(file.n) == n:
            return handing.download(ctx.settings, file.sha256, file.name, file.media_type)
    raise NotFound("没有这个附件。", remedy="它可能没有公开，或已经撤下。")
