"""Attached files at the desk: send, look at, download, remove, choose what is public."""

from typing import Annotated
from uuid import UUID

from fastapi import Form, Query, Request
from starlette.responses import JSONResponse, Response

from monitor.domain.access import DESK_ROLES
from monitor.domain.errors import NotFound
from monitor.domain.vocabulary import Role
from monitor.services.attachments import choices, receiving
from monitor.services.context import Context
from monitor.steps import attaching
from monitor.storage import answers, orders
from monitor.storage.attachments import rows
from monitor.web.deps import LARGEST, Ctx, DeskHere, Number, Reading, Seen, who
from monitor.web.filing import cards, handing, sending
from monitor.web.guard import desk_router, only
from monitor.web.navigation import Page, see, show

router = desk_router(*DESK_ROLES)
PAGE = Page(router, "附件")
FILES = "/desk/orders/{number}/files"
Part = Annotated[str, Form(max_length=20)]
Name = Annotated[str, Form(max_length=400)]
Size = Annotated[int, Form(ge=0, le=LARGEST)]
_SHOWN_TEXT = 60_000


@router.get(FILES)
def listed(request: Request, ctx: Reading, number: Number) -> Response:
    """The card alone, to replace the one on an open page; else the order."""
    order = orders.get(ctx.session, ctx.person, number)
    if not request.headers.get("x-fragment"):
        return see(request, f"/desk/orders/{number}#files")
    return show(
        request, ctx, "order_files.html", title=number, fragment="list",
        order=order, files=cards.card(ctx, order),
    )  # fmt: skip


@router.post(FILES)
def send(
    request: Request, desk: DeskHere, number: Number, part: Part = attaching.RECORD
) -> Response:
    """Files of an ordinary form, without any script."""
    person = who(request)
    with desk.reading(person) as ctx:
        order = orders.get(ctx.session, person, number)
        attaching.refuse_adding(ctx, order, part)
    sender = sending.staff_sender(person, _place(order.id, part))
    wrong = sending.with_form(request, desk, sender, lambda ctx: _held(ctx, order.id, part))
    with desk.writing(person) as ctx:
        order = orders.get(ctx.session, person, number)
        taken = attaching.claim(ctx, order, part, sender.place, sender.owner)
    if wrong:
        raise sending.one_refused(wrong)
    said = f"已添加 {len(taken)} 个附件。" if taken else "没有选择文件。"
    return see(request, f"/desk/orders/{number}#files", said)


@router.post(f"{FILES}/begin")
def begin(
    request: Request,
    desk: DeskHere,
    number: Number,
    name: Name = "",
    size: Size = 0,
    part: Part = attaching.RECORD,
) -> Response:
    """Begin an upload that may be taken up again."""
    person = who(request)
    with desk.reading(person) as ctx:
        order = orders.get(ctx.session, person, number)
        attaching.refuse_adding(ctx, order, part)
        held = _held(ctx, order.id, part)
    sender = sending.staff_sender(person, _place(order.id, part))
    return sending.begun(desk, sender, name, size, held)


@router.get("/desk/uploads/{upload}")
def standing(ctx: Reading, upload: UUID) -> Response:
    """How much of an upload is here."""
    return sending.standing(ctx, upload, sending.staff_sender(ctx.person, "").owner)


@router.patch("/desk/uploads/{upload}")
def piece(request: Request, desk: DeskHere, upload: UUID) -> Response:
    """One piece of an upload."""
    person = who(request)
    owner = sending.staff_sender(person, "").owner
    return sending.piece(request, desk, upload, owner, person)


@router.post("/desk/uploads/{upload}/done")
def done(
    request: Request,
    desk: DeskHere,
    upload: UUID,
    sha256: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """All pieces are here: look into the file; what belongs to an order is attached at once."""
    person = who(request)
    with desk.reading(person) as ctx:
        place = receiving.found(ctx, upload, sending.staff_sender(person, "").owner).place
    sender = sending.staff_sender(person, place)
    kept = receiving.finish(desk, sender, upload, sha256.lower())
    kind, _, rest = place.partition(":")
    if kind == "order":
        order_id, _, part = rest.partition(":")
        with desk.writing(person) as ctx:
            number = orders.by_ids(ctx.session, [UUID(order_id)])[UUID(order_id)].number
            order = orders.get(ctx.session, person, number)
            attaching.refuse_adding(ctx, order, part)
            attaching.claim(ctx, order, part, place, sender.owner)
    return JSONResponse(sending.told(kept))


@router.get(f"{FILES}/{{file}}")
def look(request: Request, ctx: Ctx, number: Number, file: UUID) -> Response:
    """One file as pictures and text that we drew, with all that it hides."""
    order = orders.get(ctx.session, ctx.person, number)
    row = attaching.of(ctx, order, file)
    if row.part == attaching.REQUESTER:
        attaching.note_read(ctx, order, row, "file_opened")
    answer = answers.latest(ctx.session, order.id) if row.part == attaching.ANSWER else None
    [shown] = choices.looks(ctx, order, [row], answer)
    text = choices.text_of(ctx, shown.content)
    pictures = [
        n for n, one in enumerate(shown.content.looks) if one["type"].startswith("image/")
    ]  # fmt: skip
    return show(
        request, ctx, "attachments.html", title=f"{number} 附件",
        back=f"/desk/orders/{number}#files", order=order, file=shown,
        pictures=pictures, text=text[:_SHOWN_TEXT],
        cut=len(text) > _SHOWN_TEXT, personal=cards.personal(shown),
        part=attaching.PARTS[row.part],
    )  # fmt: skip


@router.get(f"{FILES}/{{file}}/look/{{n}}")
def picture(ctx: Reading, number: Number, file: UUID, n: str) -> Response:
    """One picture of the preview; the page that holds it has told that the file was opened."""
    order = orders.get(ctx.session, ctx.person, number)
    content = rows.content(ctx.session, attaching.of(ctx, order, file).sha256)
    looks = content.looks if content else []
    if not (n.isascii() and n.isdigit() and len(n) < 4 and int(n) < len(looks)):
        raise NotFound("没有这一页预览。")
    return handing.picture(ctx.settings, looks[int(n)]["sha256"], looks[int(n)]["type"])


@router.get(f"{FILES}/{{file}}/original")
def original(ctx: Ctx, number: Number, file: UUID) -> Response:
    """The file as it came, to be saved; each download is an event."""
    order = orders.get(ctx.session, ctx.person, number)
    row = attaching.of(ctx, order, file)
    content = rows.content(ctx.session, row.sha256)
    media_type = content.media_type if content else ""
    response = handing.download(ctx.settings, row.sha256, rows.name_of(ctx.keys, row), media_type)
    attaching.note_read(ctx, order, row, "file_downloaded")
    return response


@router.post(f"{FILES}/{{file}}/remove")
def remove(request: Request, ctx: Ctx, number: Number, file: UUID) -> Response:
    """Take a file off."""
    attaching.remove(ctx, orders.get(ctx.session, ctx.person, number), file)
    return see(request, f"/desk/orders/{number}#files", "附件已移除，一天之内可以恢复。")


@router.post(f"{FILES}/{{file}}/restore")
def restore(request: Request, ctx: Ctx, number: Number, file: UUID) -> Response:
    """Put it back."""
    attaching.restore(ctx, orders.get(ctx.session, ctx.person, number), file)
    return see(request, f"/desk/orders/{number}#files", "附件已恢复。")


@router.post(f"{FILES}/{{file}}/choose")
@only(Role.REVIEWER)
def choose(
    request: Request,
    ctx: Ctx,
    number: Number,
    file: UUID,
    seen: Seen,
    choice: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """公开 or 不公开, and in which form."""
    order = orders.get(ctx.session, ctx.person, number)
    attaching.choose(ctx, order, file, choice, seen=seen)
    return see(request, f"/desk/review/{number}#files", "已记下附件是否公开。")


@router.post("/desk/register/files")
@only(Role.DUTY)
def begin_for_register(
    request: Request,
    desk: DeskHere,
    name: Name = "",
    size: Size = 0,
    token: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Begin an upload for the record that is being written."""
    sender = sending.staff_sender(who(request), sending.form_place("register", token))
    return sending.begun(desk, sender, name, size, 0)


@router.get("/desk/register/files")
@only(Role.DUTY)
def listed_for_register(
    request: Request, ctx: Reading, token: Annotated[str, Query(max_length=100)] = ""
) -> Response:
    """What waits for the record that is being written."""
    sender = sending.staff_sender(ctx.person, f"register:{token}")
    return show(
        request, ctx, "attach_waiting.html", title="附件", fragment="list",
        waiting=sending.waiting(ctx, sender),
    )  # fmt: skip


def _place(order_id: UUID, part: str) -> str:
    return f"order:{order_id.hex}:{part}"


def _held(ctx: Context, order_id: UUID, part: str) -> int:
    return rows.counted(ctx.session, order_id, part)
