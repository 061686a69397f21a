"""Clock: one promise of one order with its inputs; running and overdue ones, queues by due."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Index,
    Select,
    and_,
    bindparam,
    case,
    func,
    or_,
    text,
)
from sqlalchemy import select as sa_select
from sqlmodel import Field, Session, SQLModel, UTCDateTime, col, select

from monitor.domain.access import Acting
from monitor.domain.vocabulary import Promise
from monitor.storage.db import ask
from monitor.storage.orders import Order, visible_to

# The watch looks at once at a clock that is new, was moved or has ended.
LOOK_NOW = datetime(2000, 1, 1, tzinfo=UTC)


class Clock(SQLModel, table=True):
    """A promise as a row: what it was reckoned from, when it is due, when it ended.

    `channel`, `section`, `historical` repeat the order's so that figures need no join.
    `watch_at` is when the watch must look at it again. `chosen` says that a person chose the
    rule; `aside` why an earlier reckoning stands cancelled beside the one that took its place.
    `wall_seconds` and `work_seconds` are the time used, stored when the clock ends.
    """

    __table_args__ = (
        # The figures read these indexes alone: the rows themselves are too wide to count by.
        # A queue walks the first in its own order (due_at, order_id), so that it sorts nothing.
        Index(
            "ix_clock_running",
            "promise",
            "due_at",
            "order_id",
            "due_on",
            "historical",
            "section",
            "channel",
            "ended_at",
            "cancelled_at",
            sqlite_where=text("ended_at IS NULL AND cancelled_at IS NULL"),
            postgresql_where=text("ended_at IS NULL AND cancelled_at IS NULL"),
        ),
        Index(
            "ix_clock_used",
            "promise",
            "due_on",
            "historical",
            "section",
            "channel",
            "late",
            "wall_seconds",
            "work_seconds",
            "order_id",
            sqlite_where=text("late IS NOT NULL"),
            postgresql_where=text("late IS NOT NULL"),
        ),
        Index(
            "ix_clock_ended",
            "promise",
            "ended_at",
            "late",
            "historical",
            "section",
            "channel",
            "order_id",
            sqlite_where=text("ended_at IS NOT NULL"),
            postgresql_where=text("ended_at IS NOT NULL"),
        ),
        Index("ix_clock_due", "promise", "due_on"),
        Index(
            "ix_clock_watch",
            "watch_at",
            "id",
            sqlite_where=text("watch_at IS NOT NULL"),
            postgresql_where=text("watch_at IS NOT NULL"),
        ),
    )

    id: UUID = Field(primary_key=True)
    order_id: UUID = Field(foreign_key="order.id", index=True)
    promise: str
    round: int = 1
    rule: str
    rule_version: int
    rule_pack: str = ""
    urgency: str | None = None
    started_at: datetime = Field(sa_type=UTCDateTime)
    date_only: bool = False
    due_at: datetime = Field(sa_type=UTCDateTime)
    due_on: date
    provisional: bool = False
    calendar_version: str = ""
    pauses: list[dict[str, Any]] = Field(
        sa_column=Column(JSON, nullable=False), default_factory=list
    )
    extension: int = 0
    given_due: bool = False
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    cancelled_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    late: bool | None = None
    wall_seconds: int | None = None
    work_seconds: int | None = None
    channel: str
    section: str | None = None
    historical: bool = False
    watch_at: datetime | None = Field(default=LOOK_NOW, sa_type=UTCDateTime)
    chosen: bool = False
    aside: str = ""


def of_order(session: Session, order_id: UUID) -> list[Clock]:
    """Every clock of an order, oldest first."""
    return of_orders(session, [order_id]).get(order_id, [])


def of_orders(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[Clock]]:
    """The clocks of many orders, oldest first, in one query."""
    found = session.exec(
        select(Clock)
        .where(col(Clock.order_id).in_(ids))
        .order_by(col(Clock.round), col(Clock.started_at), col(Clock.aside).desc())
    )
    clocks: dict[UUID, list[Clock]] = {}
    for clock in found:
        clocks.setdefault(clock.order_id, []).append(clock)
    return clocks


# The promise is looked at in hand: a database without statistics would search by it.
_STANDING = (
    sa_select(Order.id, Order.number, Order.state, Clock.promise, Clock.due_at)  # type: ignore[call-overload]
    .outerjoin(Clock, col(Clock.order_id) == Order.id)
    .where(col(Order.id) == bindparam("of"))
    .order_by(col(Clock.round), col(Clock.started_at), col(Clock.aside).desc())
)


def standing(session: Session, order_id: UUID) -> tuple[UUID, str, str, datetime | None]:
    """Id, number and state of an order, and when its last answer is due; for machines."""
    found = ask(session, _STANDING, of=order_id)
    due = [due_at for *_, promise, due_at in found if promise == Promise.ANSWER]
    known, number, state, *_ = found[0]
    return known, number, state, due[-1] if due else None


def running(session: Session, ids: Sequence[UUID], promises: Sequence[str]) -> list[Clock]:
    """Clocks of these orders and kinds that have neither ended nor been cancelled."""
    return list(
        session.exec(
            select(Clock).where(
                col(Clock.order_id).in_(ids),
                col(Clock.promise).in_(promises),
                col(Clock.ended_at).is_(None),
                col(Clock.cancelled_at).is_(None),
            )
        )
    )


Place = tuple[datetime | date, UUID]
Conditions = Sequence[ColumnElement[bool]]


def runs() -> ColumnElement[bool]:
    """The clock has neither ended nor been cancelled."""
    return and_(col(Clock.ended_at).is_(None), col(Clock.cancelled_at).is_(None))


def by_due(who: Acting, promise: str, conditions: Conditions = (), *, channel: str = "") -> Any:
    """Orders whose clock of this kind runs, with its due time; historical ones have no place.

    `conditions` are on orders. Without any the index over running clocks is all that is read.
    """
    query: Any = sa_select(
        col(Clock.order_id).label("order_id"), col(Clock.due_at).label("at")
    ).where(col(Clock.promise) == promise, runs(), col(Clock.historical).is_(False))
    if channel:
        query = query.where(col(Clock.channel) == channel)
    if conditions or not who.sees_all:
        own = visible_to(who).where(col(Order.id) == col(Clock.order_id), *conditions)
        query = query.where(own.correlate(Clock).exists())
    return query


def by_state(who: Acting, states: Sequence[str], conditions: Conditions, promise: str = "") -> Any:
    """Orders in these states, with the earliest due time of their running clocks (of one kind).

    One whose clocks have all ended stands by its receipt. Without states the conditions must
    name few orders by themselves.
    """
    # What others owe makes no order of the lead section's more urgent.
    own = col(Clock.promise).not_in([Promise.CO, Promise.CONSULT, Promise.CORRECTION])
    running = and_(col(Clock.order_id) == col(Order.id), runs(), own)
    # Not in the join: by its kind alone one would read every running clock for each order.
    due = case((col(Clock.promise) == promise, col(Clock.due_at))) if promise else Clock.due_at
    at = func.coalesce(func.min(due), func.min(Order.received_at), type_=UTCDateTime())
    return (
        visible_to(who)
        .with_only_columns(col(Order.id).label("order_id"), at.label("at"))
        .outerjoin(Clock, running)
        .where(*([col(Order.state).in_(states)] if states else []), *conditions)
        .group_by(col(Order.id))
    )


def triaged_since(who: Acting, moment: datetime) -> Any:
    """Orders that were sent to a section since a moment, with when; recalled ones not."""
    left = visible_to(who).where(col(Order.id) == col(Clock.order_id), Order.state != "triage")
    return (
        sa_select(col(Clock.order_id).label("order_id"), func.max(Clock.ended_at).label("at"))
        .where(
            col(Clock.promise) == "triage",
            col(Clock.ended_at) >= moment,
            col(Clock.section).is_not(None),
            left.correlate(Clock).exists(),
        )
        .group_by(col(Clock.order_id))
    )


def historical(who: Acting, conditions: Conditions = ()) -> Any:
    """Orders from before the office's time (历史件), with the day they were received."""
    return (
        visible_to(who)
        .with_only_columns(col(Order.id).label("order_id"), col(Order.received_on).label("at"))
        .where(col(Order.historical).is_(True), *conditions)
    )


def page(
    session: Session, query: Select[Any], *, limit: int, after: Place | None = None,
    newest: bool = False,
) -> list[UUID]:  # fmt: skip
    """The ids of one page of such a list, earliest first, or latest first if `newest`."""
    rows = query.subquery()
    order_id, at = rows.c.order_id, rows.c.at
    found = sa_select(order_id)
    if after is not None:
        moment, last = after
        beyond = (at < moment, order_id < last) if newest else (at > moment, order_id > last)
        found = found.where(or_(beyond[0], and_(at == moment, beyond[1])))
        # Said again in the one form by which an index can be entered.
        found = found.where(at <= moment if newest else at >= moment)
    ways = (at.desc(), order_id.desc()) if newest else (at, order_id)
    return list(session.execute(found.order_by(*ways).limit(limit)).scalars())


def place_of(session: Session, query: Select[Any], order: Order, promise: str = "") -> Place | None:
    """Where an order stands in a list: what the next page begins after.

    One that has left it meanwhile stood by its clock of this kind; without one, None.
    """
    rows = query.subquery()
    at = session.execute(sa_select(rows.c.at).where(rows.c.order_id == order.id)).scalar()
    if at is None:
        own = [clock for clock in of_order(session, order.id) if clock.promise == promise]
        at = own[-1].due_at if own else None
    return None if at is None else (at, order.id)


def capped(session: Session, query: Select[Any], most: int) -> int:
    """How many such a list holds, counted up to `most`."""
    rows = query.limit(most).subquery()
    return int(session.execute(sa_select(func.count()).select_from(rows)).scalar_one())
