"""Keep clocks in step that hang on others: masters and children, hand-ins, the upstream's dates."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from monitor.domain.vocabulary import Promise
from monitor.services import reckoning, rulebook
from monitor.services.context import Context
from monitor.services.rulebook import Rules
from monitor.storage import deadlines as storage
from monitor.storage import orders
from monitor.storage.deadlines import Clock
from monitor.storage.orders import Order


def put(clock: Clock, values: Mapping[str, Any]) -> None:
    """New values; the watch looks at what they mean for cards."""
    for name, value in values.items():
        setattr(clock, name, value)
    clock.watch_at = storage.LOOK_NOW


def set_given_due(ctx: Context, order: Order, due: datetime) -> None:
    """The upstream changed its deadline: the answer clock follows, with its event.

    That of a merged order waits, cancelled, for an un-merge; its master's follows instead.
    """
    for clock in _owed(ctx, order):
        put(clock, reckoning.given_values(due))
        ctx.session.add(clock)
        ctx.record("due_moved", order, due=due, why="上级平台调整了办理时限")
        for child in orders.children(ctx.session, order.id):
            follow_earliest(ctx, order, child)
        submit_follows(ctx, rulebook.current(ctx), clock)
    if order.master_id is not None:
        master = orders.by_ids(ctx.session, [order.master_id])[order.master_id]
        follow_children(ctx, master, why=f"并入的 {order.number} 调整了办理时限")


def follow_earliest(ctx: Context, master: Order, child: Order) -> None:
    """After a merge the master's answer clock is due with the earliest of its orders."""
    for clock in storage.running(ctx.session, [master.id], [Promise.ANSWER]):
        if not_after(ctx, clock, child):
            ctx.record("due_moved", master, due=clock.due_at, why=f"并入较早的 {child.number}")
            submit_follows(ctx, rulebook.current(ctx), clock)


def follow_children(ctx: Context, master: Order, *, why: str = "取消并单") -> None:
    """After an un-merge the master's answer clock is its own again, or its earliest child's."""
    rules = rulebook.current(ctx)
    for clock in storage.running(ctx.session, [master.id], [Promise.ANSWER]):
        before = clock.due_at
        if not clock.given_due:
            rule = reckoning.rule_of(rules, clock)
            put(clock, reckoning.due_values(rules, rule, clock.model_dump()))
        elif master.upstream_due is not None:
            put(clock, reckoning.given_values(master.upstream_due))
        for child in orders.children(ctx.session, master.id):
            not_after(ctx, clock, child)
        ctx.session.add(clock)
        if clock.due_at != before:
            ctx.record("due_moved", master, due=clock.due_at, why=why)
            submit_follows(ctx, rules, clock)


def _owed(ctx: Context, order: Order) -> list[Clock]:
    """The answer clock that has not ended, though a merge may have cancelled it."""
    clocks = storage.of_order(ctx.session, order.id)
    answers = [c for c in clocks if c.promise == Promise.ANSWER and not c.aside]
    return [c for c in answers if c.ended_at is None][-1:]


def not_after(ctx: Context, clock: Clock, child: Order) -> bool:
    """Bring a master's clock forward to where its child's stood; whether that moved it."""
    # What was joined to an earlier round has been answered with it.
    earlier = [
        other
        for other in _owed(ctx, child)
        if other.due_at < clock.due_at and (other.cancelled_at or ctx.now) >= clock.started_at
    ]
    for other in earlier:
        clock.due_at, clock.due_on = other.due_at, other.due_on
        clock.watch_at = storage.LOOK_NOW
        clock.provisional = other.provisional
        ctx.session.add(clock)
    return bool(earlier)


def submit_follows(ctx: Context, rules: Rules, answer: Clock) -> None:
    """The hand-in is counted back from the day of the answer: it moves with it."""
    for clock in storage.running(ctx.session, [answer.order_id], [Promise.SUBMIT]):
        inputs = {**clock.model_dump(), "started_at": answer.due_at}
        rule = reckoning.rule_of(rules, clock)
        put(clock, reckoning.due_values(rules, rule, inputs, not_before=clock.started_at))
        ctx.session.add(clock)
