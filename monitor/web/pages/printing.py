"""Orders on A4 paper: one, or several with a page break between; personal details stay masked."""

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from monitor.domain.access import DESK_ROLES
from monitor.domain.errors import NotFound, Refused
from monitor.services import rulebook
from monitor.services.context import Context
from monitor.storage import orders, search
from monitor.storage.orders import Order
from monitor.web.deps import Number, Reading
from monitor.web.guard import desk_router
from monitor.web.navigation import Page, show
from monitor.web.orders import printed
from monitor.web.queues import picking

router = desk_router(*DESK_ROLES)
PAGE = Page(router, "打印")
MOST = 100


@router.get("/desk/orders/{number}/print")
def one(request: Request, ctx: Reading, number: Number) -> Response:
    """One order, with all that is on file about it."""
    return _draw(request, ctx, [orders.get(ctx.session, ctx.person, number)], number, [])


@router.get("/desk/print")
def many(
    request: Request, ctx: Reading, numbers: Annotated[str, Query(max_length=4000)] = ""
) -> Response:
    """Several orders, each on pages of its own; those that one may not see are named."""
    wanted = picking.numbers(numbers)
    if len(wanted) > MOST:
        raise Refused(f"一次最多打印 {MOST} 件。", remedy="请少选一些，分几次打印。")
    known = {one.number: one for one in search.numbered(ctx.session, ctx.person, wanted)}
    found = [known[number] for number in wanted if number in known]
    if not found:
        raise NotFound("没有可以打印的工单。", remedy="请在列表里勾选，再点打印。")
    missing = [number for number in wanted if number not in known]
    return _draw(request, ctx, found, f"工单 {len(found)} 件", missing)


def _draw(
    request: Request, ctx: Context, found: list[Order], title: str, missing: list[str]
) -> Response:
    return show(
        request, ctx, "print.html", title=title, missing=missing,
        sheets=[printed.sheet(ctx, order) for order in found],
        bureau=rulebook.current(ctx).office.name, by=ctx.person.name, single=len(found) == 1,
    )  # fmt: skip
