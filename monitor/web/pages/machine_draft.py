"""起草助手: have a program of the house propose a draft; a person goes on from there."""

from typing import Annotated

from fastapi import Form, Request
from starlette.responses import Response

from monitor.domain.access import DESK_ROLES
from monitor.domain.errors import NotAllowed, Refused
from monitor.services.drafting import asking, proposing
from monitor.steps import casework
from monitor.storage import orders
from monitor.web.deps import DeskHere, Number, who
from monitor.web.guard import desk_router
from monitor.web.navigation import Page, see
from monitor.web.orders import editor
from monitor.web.orders.given import Drafted

router = desk_router(*DESK_ROLES)
PAGE = Page(router, "起草助手")


@router.post("/desk/orders/{number}/machine_draft")
def ask(
    request: Request, desk: DeskHere, number: Number, form: Annotated[Drafted, Form()]
) -> Response:
    """Keep what was typed, then ask; while the program thinks, no transaction waits for it."""
    settings = asking.Settings()
    with desk.writing(who(request)) as ctx:
        order = orders.get(ctx.session, ctx.person, number)
        if not editor.may_write(ctx, order):
            raise NotAllowed("这件工单现在不由您写答复。", remedy="请刷新页面，看它现在的状态。")
        if not settings.ready:
            raise Refused("没有设置起草助手。", remedy="请照常自己写。")
        casework.save_draft(ctx, order, form.fields())
        letter, known = proposing.material(ctx, order)
    text = asking.ask(settings, letter, known)
    with desk.writing(who(request)) as ctx:
        order = orders.get(ctx.session, ctx.person, number)
        proposing.keep(ctx, order, settings.model, text)
    return see(
        request, f"/desk/orders/{number}#editor-card",
        "起草助手拟了一稿，在“机器草稿”里；未经核对，请改过再用。",
    )  # fmt: skip
