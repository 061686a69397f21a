"""One order: what was promised, what is missing, what this person may do now."""

from typing import Annotated

from fastapi import Form, Query, Request
from starlette.background import BackgroundTask
from starlette.responses import Response

from monitor.domain.access import DESK_ROLES
from monitor.storage import orders
from monitor.web.deps import Number, Reading, desk_of
from monitor.web.guard import desk_router
from monitor.web.navigation import Page, show
from monitor.web.orders import editor, given, sheet
from monitor.web.orders.sheet import Look
from monitor.web.queues import recent

router = desk_router(*DESK_ROLES)
PAGE = Page(router, "工单")
ORDER = "/desk/orders/{number}"
Word = Annotated[str, Query(max_length=32)]


@router.get(ORDER)
def order(
    request: Request,
    ctx: Reading,
    number: Number,
    trace: Word = "",
    story: Word = "",
    do: Word = "",
    done: Word = "",
) -> Response:
    """The page; open trace, story, form and the last deed stand in the address."""
    response = sheet.draw(request, ctx, number, Look(trace=trace, story=story, do=do, done=done))
    response.background = BackgroundTask(recent.note, desk_of(request), ctx.person, number)
    return response


@router.get(f"{ORDER}/clocks")
def clocks(request: Request, ctx: Reading, number: Number, trace: Word = "") -> Response:
    """The promises as they stand now, to replace those on an open page."""
    found = orders.get(ctx.session, ctx.person, number)
    return show(
        request, ctx, "order_clocks.html", title=number, fragment="clocks",
        **sheet.clocks(ctx, found, trace),
    )  # fmt: skip


@router.post(f"{ORDER}/checks")
def checks(
    request: Request, ctx: Reading, number: Number, form: Annotated[given.Drafted, Form()]
) -> Response:
    """What is to be said about an answer while it is being written; nothing is kept."""
    found = orders.get(ctx.session, ctx.person, number)
    shown = editor.Editor(submits="", answer=form.answer, dismissed=form.dismissed)
    shown.texts = editor.offered(ctx, found)
    editor.judge(ctx, found, shown)
    return show(
        request, ctx, "order_checks.html", title=number, fragment="checks",
        editor=shown, order=found,
    )  # fmt: skip
