"""查办理进度: by code and the phone's last four digits; the page itself holds no person."""

import unicodedata
from typing import Annotated
from uuid import UUID

from fastapi import Form, Request
from starlette.responses import RedirectResponse, Response

from monitor.domain.errors import NotFound
from monitor.services import limits, rulebook
from monitor.services.context import Context
from monitor.services.limits import LOOKUP_ADDRESS, Limit
from monitor.steps import intake, requester
from monitor.storage import orders, requesters
from monitor.storage.orders import Order
from monitor.storage.requesters import Requester
from monitor.web import cookies
from monitor.web.deps import PublicCtx, PublicReading
from monitor.web.guard import public_router
from monitor.web.navigation import Page, show_public
from monitor.web.outside import passes, progress
from monitor.web.outside.passes import Pass

router = public_router()
# Who knows a code must not find the digits by asking from many addresses.
LOOKUP_CODE = Limit("lookup", "code", 10)
_NO_SUCH_PAIR = "查询码和电话后四位对不上，请核对后再试。"
_NOBODY = Requester(order_id=UUID(int=0), tail_blind="-")
_DIGITS = 4

Typed = Annotated[str, Form(max_length=200)]


@router.get("/status")
def status(request: Request, ctx: PublicReading) -> Response:
    """The letter this browser has a pass for, else the form."""
    shown = passes.held(request, ctx)
    order = orders.by_ids(ctx.session, [shown.order_id]).get(shown.order_id) if shown else None
    if shown is None or order is None:
        return _form(request, ctx)
    response = show_public(
        request, ctx, "status.html", title="办理进度", form=True, active_tab="/status",
        updated=ctx.now, shown=shown, progress=progress.of_order(ctx, order),
        contact=rulebook.current(ctx).office.contact, said=cookies.said(request),
    )  # fmt: skip
    if shown.fresh:
        passes.hand_out(response, ctx, Pass(shown.order_id, shown.until))
    return response


@router.post("/status")
def look_up(request: Request, ctx: PublicCtx, code: Typed = "", phone_tail: Typed = "") -> Response:
    """Compare code and digits; a wrong pair is told alike and takes as long, whatever is wrong."""
    code, tail = _plain(code), _plain(phone_tail)
    errors = {}
    if not code:
        errors["code"] = "请填写查询码"
    if len(tail) != _DIGITS or not (tail.isascii() and tail.isdigit()):
        errors["phone_tail"] = "请填写来信时所留电话的后四位数字"
    if errors:
        return _form(request, ctx, code=code, errors=errors, status=422)
    mac = intake.lookup_mac(ctx, code)
    spent = limits.spend(ctx, (LOOKUP_ADDRESS, _address(request)), (LOOKUP_CODE, mac))
    order = orders.by_lookup(ctx.session, mac)
    stored = requesters.of_order(ctx.session, order.id if order else _NOBODY.order_id)
    fits = requesters.tail_matches(ctx.keys, stored or _NOBODY, tail)
    if order is None or not fits:
        errors = {"code": _NO_SUCH_PAIR}
        return _form(request, ctx, code=code, errors=errors, status=404)
    limits.give_back(ctx, spent)
    response = RedirectResponse(passes.PATH, 303)
    passes.hand_out(response, ctx, passes.issue(ctx, order.id, code))
    return response


@router.post("/status/private")
def make_private(request: Request, ctx: PublicCtx) -> Response:
    """改为不公开, by the requester."""
    requester.take_back_consent(ctx, _own(request, ctx))
    return RedirectResponse(passes.PATH, 303)


@router.post("/status/end")
def end(ctx: PublicReading) -> Response:
    """Leave: the next person at this browser sees nothing."""
    response = RedirectResponse(passes.PATH, 303)
    passes.take_back(response, ctx.settings)
    return response


def _own(request: Request, ctx: Context) -> Order:
    shown = passes.held(request, ctx)
    order = orders.by_ids(ctx.session, [shown.order_id]).get(shown.order_id) if shown else None
    if order is None:
        raise NotFound("这次查询已经过期。", remedy="请重新输入查询码和电话后四位。")
    return order


def _form(
    request: Request,
    ctx: Context,
    *,
    code: str = "",
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    title = "错误：查办理进度" if errors else "查办理进度"
    return show_public(
        request, ctx, "status.html", title=title, form=True, status=status,
        active_tab="/status", updated=ctx.now, shown=None, code=code[:40], errors=errors or {},
        misses=LOOKUP_ADDRESS.most,
    )  # fmt: skip


def _plain(text: str) -> str:
    """As typed on any keyboard: full-width digits and letters are the narrow ones."""
    return unicodedata.normalize("NFKC", text).strip()


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


PAGE = Page(router, "查办理进度")
