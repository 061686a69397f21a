"""What a machine may ask about one order: what may be done with it, how its times came about."""

from dataclasses import replace
from typing import Annotated

from fastapi import Path, Request

from monitor.domain.access import Acting
from monitor.domain.errors import NotFound
from monitor.domain.vocabulary import Role
from monitor.services.context import Context
from monitor.storage import orders
from monitor.storage.orders import Order
from monitor.web.deps import caller, desk_of, who
from monitor.web.failures import told
from monitor.web.guard import machine_router
from monitor.web.offering import may, times

router = machine_router()

_NUMBER = "^HY[0-9]{8}-[0-9]{3,9}$"
_READER = Acting("接口", frozenset({Role.LEADER}))


@router.get("/api/v1/orders/{number}/moves", response_model=may.Moves, responses=told(404))
def moves(
    request: Request,
    number: Annotated[str, Path(max_length=32, pattern=_NUMBER, description="工单编号")],
) -> may.Moves:
    """Every move of the state an order stands in, what each wants, and whether the caller may.

    A key brings orders in and reads where they stand; each act of a person tells who makes it.
    Signed-in people get their own answer at `/desk/orders/{number}/moves`.
    """
    with desk_of(request).reading(_READER) as ctx:
        order = _order(request, ctx, number)
        return may.moves(replace(ctx, person=who(request)), order)


@router.get("/api/v1/orders/{number}/clocks", response_model=times.Clocks, responses=told(404))
def clocks(
    request: Request,
    number: Annotated[str, Path(max_length=32, pattern=_NUMBER, description="工单编号")],
) -> times.Clocks:
    """Every clock of an order: when it is due, by which rule and calendar, and each day's story.

    `monitor due --json` and the page of the order tell the same. Where the upstream named the due
    time, `given` is true and the story is for comparison only.
    """
    with desk_of(request).reading(_READER) as ctx:
        return times.clocks(ctx, _order(request, ctx, number))


def _order(request: Request, ctx: Context, number: str) -> Order:
    """The order, if the key's channels take it in."""
    key = caller(request)
    order = orders.get(ctx.session, ctx.person, number)
    if key.channels and order.channel not in key.channels:
        raise NotFound(f"没有找到工单 {number}。", remedy="请核对编号。")
    return order
