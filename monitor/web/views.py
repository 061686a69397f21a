"""What pages show of orders and clocks: rows, tiles, traces; the same words everywhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from monitor.domain import rulepack
from monitor.domain.remaining import Remaining, Tone, caption, describe, moment_words, promised
from monitor.domain.rulepack import Rule
from monitor.domain.story import Due
from monitor.domain.vocabulary import (
    Arithmetic,
    Channel,
    Promise,
    RequestType,
    State,
    Urgency,
)
from monitor.domain.workdays import WEEKDAYS, local
from monitor.services import reckoning, rulebook
from monitor.services.context import Context
from monitor.storage import deadlines, people
from monitor.storage.deadlines import Clock
from monitor.storage.orders import Order


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text and how it is marked."""

    text: str
    kind: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class ClockView:
    """One clock as drawn: its label, the big words, their tone, the small words below."""

    promise: str
    label: str
    text: str
    tone: str
    detail: str
    id: UUID | None = None
    running: bool = False
    round: int = 1
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TraceCell:
    """One day of a clock's story."""

    date: date
    weekday: str
    why: str
    counts: bool
    number: int | None
    today: bool
    due: bool
    paused: bool


@dataclass(frozen=True, slots=True)
class Trace:
    """A clock's story: the rule in a line, the days, the sentence for a citizen."""

    caption: str
    calendar: str
    days: tuple[TraceCell, ...]
    sentence: str
    provisional: bool
    basis: str
    given: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One order in a list, with the words that lists need."""

    order: Order
    state: State
    urgency: Urgency
    channel: Channel
    request_type: str
    topic: str
    section: str
    clock: ClockView | None
    clocks: tuple[ClockView, ...]


def clock_view(ctx: Context, clock: Clock, rule: Rule | None = None) -> ClockView:
    """A clock row as drawn now."""
    rules = rulebook.current(ctx)
    rule = rule or reckoning.rule_of(rules, clock)
    limit = rule.limit(Urgency(clock.urgency) if clock.urgency else None)
    told: Remaining = describe(
        ctx.now,
        clock.due_at,
        started=clock.started_at,
        calendar=rules.calendar,
        arithmetic=Arithmetic.WALL_HOURS
        if clock.given_due and not Promise(clock.promise).dated
        else limit.arithmetic,
        closes=limit.closes,
        ended=clock.ended_at,
        paused=_pause_now(clock, ctx.now),
        provisional=clock.provisional,
        warn=rule.warn,
    )
    cancelled = clock.cancelled_at is not None and clock.ended_at is None
    return ClockView(
        promise=clock.promise,
        label=Promise(clock.promise).label,
        text="原推算" if clock.aside else "已取消" if cancelled else told.text,
        tone=str(Tone.PENDING if cancelled else told.tone),
        detail="随并单、撤回或改派停止" if cancelled else told.detail,
        id=clock.id,
        running=clock.ended_at is None and not cancelled,
        round=clock.round,
        due_at=clock.due_at,
    )


def clocks_of(ctx: Context, order: Order, clocks: Sequence[Clock]) -> list[ClockView]:
    """The clocks of the order's present round in the order of life, promised ones included."""
    newest: dict[str, Clock] = {}
    for clock in clocks:
        if clock.promise == Promise.CO or clock.aside:
            # A co-section's, or an earlier reckoning: told beside, not among the order's own.
            continue
        if clock.round == order.round or clock.promise not in newest:
            newest[clock.promise] = clock
    views = []
    waits = any(clock.promise == Promise.RECEIVE and not clock.ended_at for clock in clocks)
    for promise in Promise:
        if promise in newest:
            views.append(clock_view(ctx, newest[promise]))
        elif not State(order.state).closed and promise in _SHOWN_AHEAD:
            ahead = _ahead(ctx, order, promise)
            if waits and promise is Promise.ANSWER and ahead is not None:
                ahead = replace(ahead, text="待确认收到", tone=str(Tone.PAUSED))
            views.append(ahead)
    return [view for view in views if view is not None]


_SHOWN_AHEAD = frozenset(
    {Promise.SIGN, Promise.CONTACT, Promise.SUBMIT, Promise.ANSWER, Promise.PUBLISH}
)


def _ahead(ctx: Context, order: Order, promise: Promise) -> Any:
    if promise is Promise.PUBLISH and order.consent is not True:
        return None
    rules = rulebook.current(ctx)
    urgency = order.urgency or order.suggested_urgency
    rule = reckoning.rule_for(
        rules, promise, order.channel, order.request_type or order.suggested_type, urgency,
        local(order.received_at).date(),
    )  # fmt: skip
    if rule is None:
        return None
    limit = rule.limit(Urgency(urgency) if urgency else None)
    return ClockView(
        str(promise), promise.label, promised(rule, limit), str(Tone.PENDING), "未开始"
    )


def rows(
    ctx: Context, found: Sequence[Order], *, promise: Promise | Mapping[UUID, str] = Promise.ANSWER
) -> list[Row]:
    """Orders of one page of a list with their clocks: a constant number of queries."""
    clocks = deadlines.of_orders(ctx.session, [order.id for order in found])
    sections = people.sections(ctx.session)
    rules = rulebook.current(ctx)
    shown = []
    for order in found:
        views = tuple(clocks_of(ctx, order, clocks.get(order.id, [])))
        wanted = promise if isinstance(promise, Promise) else promise.get(order.id, "answer")
        section = order.section or order.suggested_section or ""
        kind = order.request_type or order.suggested_type
        shown.append(
            Row(
                order=order,
                state=State(order.state),
                urgency=Urgency(order.urgency or order.suggested_urgency or "normal"),
                channel=Channel(order.channel),
                request_type=RequestType(kind).label if kind else "",
                topic=rules.topic_label(order.topic or order.suggested_topic),
                section=sections[section].label if section in sections else "",
                clock=next((view for view in views if view.promise == wanted), None),
                clocks=views,
            )
        )
    return shown


def trace(ctx: Context, clock: Clock) -> Trace:
    """The strip of days of one clock."""
    told: Due = reckoning.story(ctx, clock)
    today = local(ctx.now).date()
    given = ""
    if clock.given_due and Promise(clock.promise).dated:
        given = f"到期日由人写明：{moment_words(clock.due_at)} 止；下面是规则的上限，仅供参照。"
    elif clock.given_due:
        at = local(clock.due_at)
        given = (
            f"上级平台写明期限 {at.month}月{at.day}日 {at:%H:%M}，以其为准（本局规则仅供参照）。"
        )
    return Trace(
        caption=caption(told.rule, Urgency(clock.urgency) if clock.urgency else None),
        calendar=told.calendar,
        days=tuple(
            TraceCell(
                date=cell.day,
                weekday=WEEKDAYS[cell.day.weekday()],
                why=cell.why,
                counts=cell.counts,
                number=cell.number,
                today=cell.day == today,
                due=cell.day == local(clock.due_at).date(),
                paused=cell.mark == "paused",
            )
            for cell in told.trace
        ),
        sentence=told.sentence,
        provisional=told.provisional,
        basis=told.basis,
        given=given,
    )


def _pause_now(clock: Clock, now: datetime) -> rulepack.Pause | None:
    today = local(now).date()
    for pause in reckoning.pauses_of(clock.pauses):
        if pause.first <= today <= pause.last:
            return pause
    return None
