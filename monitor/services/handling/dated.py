"""Clocks beside the answer: begun by a rule or for a day that was named, ended when it came."""

from datetime import date, datetime

from monitor.domain import numbers
from monitor.domain.deadlines import due_at, end_of
from monitor.domain.errors import Incomplete
from monitor.domain.remaining import short_date
from monitor.domain.rulepack import Closes, Rule
from monitor.domain.vocabulary import Promise
from monitor.domain.workdays import local
from monitor.services import aligning, reckoning, rulebook
from monitor.services.context import Context
from monitor.services.supervision import giving
from monitor.storage import deadlines as storage
from monitor.storage.deadlines import Clock
from monitor.storage.orders import Order


def begin(
    ctx: Context, order: Order, promise: Promise, code: str, started: datetime,
    *, due_on: date | None = None,
) -> Clock:  # fmt: skip
    """A clock by this rule; due on the day that was named, else when the rule says."""
    rules = rulebook.current(ctx)
    rule = rules.deadlines.find(code, local(started).date())
    clock = Clock(
        id=numbers.new_id(ctx.now),
        order_id=order.id,
        promise=str(promise),
        round=order.round,
        rule=rule.code,
        rule_version=rule.version,
        rule_pack=rule.pack,
        started_at=started,
        due_at=started,
        due_on=local(started).date(),
        channel=order.channel,
        section=order.section,
        historical=order.historical,
    )
    if due_on is None:
        aligning.put(clock, reckoning.due_values(rules, rule, clock.model_dump()))
    else:
        at = end_of(due_on, Closes.MIDNIGHT, rules.calendar)
        aligning.put(clock, reckoning.given_values(at))
    ctx.session.add(clock)
    ctx.session.flush()
    return clock


def end(ctx: Context, order: Order, clock: Clock, on: date) -> None:
    """What the clock waited for came on this day; its cards are lifted with it."""
    rules, today = rulebook.current(ctx), local(ctx.now).date()
    at = ctx.now if on >= today else end_of(on, Closes.MIDNIGHT, rules.calendar)
    aligning.put(clock, reckoning.end_values(rules, clock.model_dump(), at))
    ctx.session.add(clock)
    ctx.session.flush()
    giving.after(ctx, order, [clock])


def end_running(ctx: Context, order: Order, promise: Promise, on: date) -> None:
    """End the clocks of this kind that run."""
    for clock in storage.running(ctx.session, [order.id], [promise]):
        end(ctx, order, clock, on)


def check_day(ctx: Context, code: str, day: date | None, *, field: str, what: str) -> None:
    """Incomplete unless the day lies after today and within what the rule allows."""
    rules, today = rulebook.current(ctx), local(ctx.now).date()
    rule: Rule = rules.deadlines.find(code, today)
    last = due_at(rule, ctx.now, rules.calendar).date()
    if day is not None and not today < day <= last:
        limit = f"{rule.code} 第 {rule.version} 版"
        words = f"{what}须在明天至 {short_date(last, ctx.now)} 之间（{limit}）"
        raise Incomplete(words + "。", fields={field: words}, rule=rule.code)
