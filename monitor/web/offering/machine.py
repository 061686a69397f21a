"""GET /api/v1/orders/{number}/moves: what the holder of a key may do with an order, and why not."""

from dataclasses import replace
from typing import Annotated

from fastapi import Path, Request

from monitor.domain.access import Acting
from monitor.domain.errors import NotFound
from monitor.domain.vocabulary import Role
from monitor.storage import orders
from monitor.web.deps import caller, desk_of, who
from monitor.web.failures import told
from monitor.web.guard import machine_router
from monitor.web.offering import may

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
    key = caller(request)
    with desk_of(request).reading(_READER) as ctx:
        order = orders.get(ctx.session, ctx.person, number)
        if key.channels and order.channel not in key.channels:
            raise NotFound(f"没有找到工单 {number}。", remedy="请核对编号。")
        return may.moves(replace(ctx, person=who(request)), order)
