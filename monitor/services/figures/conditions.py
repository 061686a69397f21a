"""What a number is counted by: filters, what has ended, what runs, what is late, as of a moment."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlmodel import col

from monitor.domain.figures import month_span, next_day
from monitor.domain.vocabulary import Promise, State
from monitor.domain.workdays import local, midnight
from monitor.services.context import Context
from monitor.services.figures.address import NO_SECTION, FigureQuery
from monitor.storage.deadlines import Clock
from monitor.storage.orders import Order, visible_to

IN_HAND = (
    State.AWAITING_SIGN,
    State.RETURN_PENDING,
    State.IN_HAND,
    State.IN_REVIEW,
    State.TO_RELEASE,
)
DUE_TODAY = (Promise.ANSWER, Promise.SUBMIT)
_NEVER = datetime(9999, 12, 31, tzinfo=UTC)


def in_states(ctx: Context, query: FigureQuery, what: str) -> list[ColumnElement[bool]]:
    """Orders awaiting triage or signature, in hand, deferred, answered directly and in review."""
    state = col(Order.state)
    conditions: dict[str, list[ColumnElement[bool]]] = {
        "triage": [state == State.TRIAGE],
        "sign": [state == State.AWAITING_SIGN],
        "hand": [state.in_(IN_HAND), col(Order.section).is_not(None)],
        "direct": [state.in_(IN_HAND), col(Order.section).is_(None)],
        "deferred": [state == State.DEFERRED],
    }
    return [*conditions[what], *order_scope(ctx, query)]


def order_scope(ctx: Context, query: FigureQuery) -> list[ColumnElement[bool]]:
    """The filters of a query as conditions on orders."""
    conditions: list[ColumnElement[bool]] = []
    if not query.historical:
        conditions.append(col(Order.historical).is_(False))
    if query.channel:
        conditions.append(col(Order.channel) == query.channel)
    if query.section:
        conditions.append(is_section(col(Order.section), query.section))
    if not ctx.person.sees_all:
        conditions.append(is_section(col(Order.section), ctx.person.section or NO_SECTION))
    if query.topic:
        conditions.append(_below_topic(query.topic))
    if query.as_of is not None:
        conditions.append(col(Order.registered_at) <= query.as_of)
    return conditions


def received(ctx: Context, query: FigureQuery) -> list[ColumnElement[bool]]:
    """Orders received on the days of a query."""
    return [*received_on(query), *order_scope(ctx, query)]


def received_on(query: FigureQuery) -> list[ColumnElement[bool]]:
    """Orders received from first to last, either end open."""
    conditions = []
    if query.first is not None:
        conditions.append(col(Order.received_on) >= query.first)
    if query.last is not None:
        conditions.append(col(Order.received_on) <= query.last)
    return conditions


def is_section(column: Any, section: str) -> ColumnElement[bool]:
    """The column holds the section; "-" asks for those without one."""
    found: ColumnElement[bool] = column.is_(None) if section == NO_SECTION else column == section
    return found


def _below_topic(topic: str) -> ColumnElement[bool]:
    if topic == NO_SECTION:
        return col(Order.topic).is_(None)
    return or_(col(Order.topic) == topic, col(Order.topic).startswith(f"{topic}.", autoescape=True))


def clock_scope(
    ctx: Context, query: FigureQuery, *, section: bool = True
) -> list[ColumnElement[bool]]:
    """The filters of a query as conditions on clocks; what a section may see is always one."""
    conditions: list[ColumnElement[bool]] = []
    if not query.historical:
        conditions.append(col(Clock.historical).is_(False))
    if query.channel:
        conditions.append(col(Clock.channel) == query.channel)
    if section and query.section:
        conditions.append(is_section(col(Clock.section), query.section))
    if not ctx.person.sees_all:
        conditions.append(is_section(col(Clock.section), ctx.person.section or NO_SECTION))
    if query.as_of is not None:
        # A clock's id begins with the moment it was made, which no other column holds.
        conditions.append(col(Clock.id) < UUID(int=(_milliseconds(query.as_of) + 1) << 80))
    if query.topic or not ctx.person.sees_all:
        orders = visible_to(ctx.person).where(col(Order.id) == col(Clock.order_id))
        if query.topic:
            orders = orders.where(_below_topic(query.topic))
        # Named, because a statement may hold orders of its own beside the clocks.
        conditions.append(orders.correlate(Clock).exists())
    return conditions


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def cut_off(ctx: Context, query: FigureQuery) -> datetime:
    """The moment as of which is counted, never one to come; a day clock is due in a last second."""
    return min(query.as_of or ctx.now, ctx.now).replace(microsecond=0)


def has_ended(query: FigureQuery) -> ColumnElement[bool]:
    """The clock had ended at the cut-off; whether it was late is known from its end on."""
    if query.as_of is None:
        return col(Clock.late).is_not(None)
    ended: ColumnElement[bool] = _until(col(Clock.ended_at)) <= query.as_of
    return ended


def runs(query: FigureQuery) -> ColumnElement[bool]:
    """The clock ran at the cut-off, though it may have ended or been cancelled since."""
    if query.as_of is None:
        return and_(col(Clock.ended_at).is_(None), col(Clock.cancelled_at).is_(None))
    return and_(
        _until(col(Clock.ended_at)) > query.as_of, _until(col(Clock.cancelled_at)) > query.as_of
    )


def _until(moment: Any) -> Any:
    # Written so that the day of the promise chooses what is read, not the moment of its end.
    return func.coalesce(moment, _NEVER)


def running_now(
    ctx: Context, query: FigureQuery, what: str, part: str = ""
) -> list[ColumnElement[bool]]:
    """Running clocks that are past due (`late`), or due from first to last and not late.

    Of an order that owes answer and hand-in, the part "submit" leaves the hand-in untold.
    """
    now = cut_off(ctx, query)
    conditions = [runs(query), *clock_scope(ctx, query)]
    if what == "late":
        promise = Promise(part or Promise.ANSWER)
        return [col(Clock.promise) == promise, col(Clock.due_at) < now, *conditions]
    first, last = query.first or local(now).date(), query.last or local(now).date()
    promises: Sequence[Promise] = (Promise(part),) if part else DUE_TODAY
    conditions += [
        col(Clock.promise).in_(promises),
        col(Clock.due_at) >= max(now, midnight(first)),
        col(Clock.due_at) < midnight(next_day(last)),
        col(Clock.due_on).between(first, last),
    ]
    if part == Promise.SUBMIT:
        answers = (
            select(col(Clock.order_id))
            .where(*running_now(ctx, query, what, Promise.ANSWER))
            .correlate(None)
        )
        conditions.append(col(Clock.order_id).not_in(answers))
    return conditions


def answered(ctx: Context, query: FigureQuery) -> list[ColumnElement[bool]]:
    """Answer clocks that ended on the days of a query."""
    conditions = [
        col(Clock.promise) == Promise.ANSWER,
        has_ended(query),
        *clock_scope(ctx, query),
    ]
    if query.first is not None:
        conditions.append(col(Clock.ended_at) >= midnight(query.first))
    if query.last is not None:
        conditions.append(col(Clock.ended_at) < midnight(next_day(query.last)))
    return conditions


def due_between(ctx: Context, query: FigureQuery) -> list[ColumnElement[bool]]:
    """Clocks of any section whose due day lies in the period."""
    return [
        col(Clock.due_on) >= query.first,
        col(Clock.due_on) <= query.last,
        *clock_scope(ctx, query, section=False),
    ]


def ageing(ctx: Context, query: FigureQuery, what: str) -> list[ColumnElement[bool]]:
    """Running answer clocks of dispatched orders that are past due (`late`), or due today."""
    now = cut_off(ctx, query)
    late = col(Clock.due_at) < now if what == "late" else col(Clock.due_at) >= now
    return [late, *due_soon(ctx, query)]


def due_soon(ctx: Context, query: FigureQuery) -> list[ColumnElement[bool]]:
    """Running answer clocks of dispatched orders due before tomorrow."""
    tomorrow = midnight(next_day(local(cut_off(ctx, query)).date()))
    return [
        col(Clock.promise) == Promise.ANSWER,
        col(Clock.section).is_not(None),
        col(Clock.due_at) < tomorrow,
        runs(query),
        *clock_scope(ctx, query),
    ]


def section_and_month(query: FigureQuery, section: Any, due_on: Any) -> list[ColumnElement[bool]]:
    """The filters on section and month, of the clock that decides for an order."""
    found = []
    if query.section:
        found.append(is_section(section, query.section))
    if query.month:
        span = month_span(query.month)
        found.append(due_on.between(span.first, span.last))
    return found
