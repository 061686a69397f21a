"""What is late, due today, not signed for or under supervision: lists and counts for 督办台."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, func

from monitor.domain.access import Acting
from monitor.domain.vocabulary import Promise, State
from monitor.storage import deadlines
from monitor.storage.deadlines import Clock
from monitor.storage.orders import Order, visible_to
from monitor.storage.supervision import cards
from monitor.storage.supervision.cards import Card

OPEN = tuple(state for state in State if not state.closed)


@dataclass(frozen=True, slots=True)
class Owed:
    """What one section owes: late answers, due today, not signed for, under open cards."""

    section: str | None
    late: int
    today: int
    unsigned: int


def late(who: Acting, now: datetime, conditions: Sequence[Any] = ()) -> Any:
    """Orders whose answer is past due, the longest first."""
    query = deadlines.by_due(who, Promise.ANSWER, conditions)
    return query.where(col(Clock.due_at) < now)


def between(who: Acting, first: datetime, last: datetime, conditions: Sequence[Any] = ()) -> Any:
    """Orders whose answer is due from the first moment on, and before the last."""
    query = deadlines.by_due(who, Promise.ANSWER, conditions)
    return query.where(col(Clock.due_at) >= first, col(Clock.due_at) < last)


def unsigned(who: Acting, now: datetime, conditions: Sequence[Any] = ()) -> Any:
    """Orders that a section was sent and has not signed for in time (派而不签)."""
    query = deadlines.by_due(who, Promise.SIGN, conditions)
    return query.where(col(Clock.due_at) < now)


def due_by(who: Acting, promise: str, until: datetime, conditions: Sequence[Any] = ()) -> Any:
    """Orders that owe something of this kind before a moment, or owed it already."""
    query = deadlines.by_due(who, promise, conditions)
    return query.where(col(Clock.due_at) < until)


def under(who: Acting, levels: Sequence[str], conditions: Sequence[Any] = ()) -> Any:
    """Orders under an open card of these levels, those due first on top."""
    held = cards.with_level(levels).correlate(Order).exists()
    return deadlines.by_state(who, [], [held, *conditions], Promise.ANSWER)


def deferred(who: Acting, conditions: Sequence[Any] = ()) -> Any:
    """Orders on account (挂账), by what is due next."""
    return deadlines.by_state(who, [State.DEFERRED], conditions, Promise.ANSWER)


def owed(session: Session, who: Acting, now: datetime, until: datetime) -> list[Owed]:
    """What each section owes, the worst first; orders without a section are the duty staff's."""
    running = deadlines.runs()
    answer, sign = col(Clock.promise) == Promise.ANSWER, col(Clock.promise) == Promise.SIGN
    overdue = col(Clock.due_at) < now
    today = (col(Clock.due_at) >= now) & (col(Clock.due_at) < until)

    def count(condition: Any) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    own = visible_to(who).where(col(Order.id) == col(Clock.order_id)).correlate(Clock).exists()
    section = col(Clock.section)
    query = (
        sa_select(section, count(answer & overdue), count(answer & today), count(sign & overdue))
        .where(
            running,
            col(Clock.promise).in_([Promise.ANSWER, Promise.SIGN]),
            col(Clock.due_at) < until,
            col(Clock.historical).is_(False),
        )
        .group_by(section)
    )
    if not who.sees_all:
        query = query.where(own)
    found = [Owed(code, int(a), int(b), int(c)) for code, a, b, c in session.execute(query)]
    return sorted(found, key=lambda one: (-one.late, -one.unsigned, -one.today, one.section or ""))


def chased(session: Session, ids: Sequence[Any]) -> dict[Any, tuple[int, datetime]]:
    """How often these orders were chased, and when last."""
    query = (
        sa_select(col(Card.order_id), func.count(), func.max(Card.at))
        .where(col(Card.order_id).in_(ids), col(Card.level) == "chase")
        .group_by(col(Card.order_id))
    )
    return {order_id: (int(count), at) for order_id, count, at in session.execute(query)}
