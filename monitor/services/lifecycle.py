"""move() and enter(): the only gates through which an order gets or changes its state."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from monitor.domain import lifecycle
from monitor.domain.errors import Refused, Stale
from monitor.domain.vocabulary import State
from monitor.domain.workdays import local
from monitor.services import deadlines
from monitor.services.context import Context
from monitor.services.notices import outbox
from monitor.services.supervision import giving
from monitor.storage import history
from monitor.storage.deadlines import Clock
from monitor.storage.handling import pledges
from monitor.storage.orders import Order

# Long or personal words stay in their own tables; the event tells that they were given.
_NOT_IN_EVENTS = frozenset({"answer", "text", "outcome", "plan", "requests"})
UNSETTLED = "答复里的承诺还没有确认或兑现"


def enter(
    ctx: Context, rows: Sequence[dict[str, Any]], name: str, given: Sequence[Mapping[str, object]]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Give new order rows their first state; the events and clocks to write with them."""
    move = lifecycle.MOVES[name]
    details = []
    checked: Mapping[str, object] | None = None
    for row, facts in zip(rows, given, strict=True):
        if facts != checked:
            lifecycle.check(name, None, ctx.person, None, facts)
            checked = facts
        row["state"] = str(move.target)
        details.append(
            {
                "to": row["state"],
                "channel": row["channel"],
                "via": row["via"],
                **{key: value for key, value in facts.items() if key not in _NOT_IN_EVENTS},
            }
        )
    events = ctx.first_events(name, rows, details)
    clocks = deadlines.first_clocks(ctx, rows, move, given)
    return events, clocks


def move(
    ctx: Context, order: Order, name: str, *, seen: int | None, **given: object
) -> list[Clock]:
    """Make one move of the table, with its event and clocks; the clocks it touched.

    `seen` is the version the person looked at; raises Stale when the order has moved on.
    """
    ctx.hold(order)
    if seen is not None and seen != order.version:
        raise stale(ctx, order)
    step = lifecycle.check(
        name, State(order.state), ctx.person, order.section, given, order.co_sections
    )
    if step.settled and unsettled(ctx, order):
        raise Refused(
            f"{UNSETTLED}，不能{step.label}。",
            remedy="请先确认或去掉承诺；已兑现的请登记凭据。",
        )
    before = order.state
    if step.target is not None:
        order.state = str(step.target)
    if not step.beside:
        order.version += 1
    ctx.record(
        name,
        order,
        **{"from": before, "to": order.state},
        **{key: value for key, value in given.items() if key not in _NOT_IN_EVENTS},
    )
    touched = deadlines.follow(ctx, order, step, _moment(given, ctx.now))
    giving.after(ctx, order, touched)
    outbox.announce(ctx, order, name)
    return touched


def unsettled(ctx: Context, order: Order) -> bool:
    """Whether an answer of this order promises what is not decided or not kept yet."""
    return bool(pledges.unsettled(ctx.session, [order.id]))


def stale(ctx: Context, order: Order) -> Stale:
    """Who changed the order meanwhile, and how, as the refusal to draw."""
    last = history.of_order(ctx.session, order.id)[-1]
    label = lifecycle.label(last.what)
    at = local(last.at)
    return Stale(
        f"{last.actor} 在 {at:%H:%M} 改过这张工单：{label}，现在是“{State(order.state).label}”。"
        "您的改动还没有保存，仍在输入框里。",
        remedy="请看对照后，在新版上继续。",
    )


def _moment(given: Mapping[str, object], now: datetime) -> datetime:
    at = given.get("at")
    return at if isinstance(at, datetime) else now
