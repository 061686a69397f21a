"""ReckonRun: one re-reckoning of open clocks after a change of the calendar, and how far it is."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, bindparam, update
from sqlalchemy import select as sa_select
from sqlmodel import Field, Session, SQLModel, UTCDateTime, col, func, select

from monitor.storage.db import write_rows
from monitor.storage.deadlines import Clock, runs
from monitor.storage.history import Event
from monitor.storage.orders import Order

_COLUMNS = (
    "id", "order_id", "promise", "round", "rule", "rule_version", "rule_pack", "urgency",
    "started_at", "date_only", "due_at", "due_on", "pauses", "extension", "given_due",
)  # fmt: skip


class ReckonRun(SQLModel, table=True):
    """`before` is the year's table as it was; `cursor` the last order that is done."""

    id: UUID = Field(primary_key=True)
    year: int
    before: dict[str, Any] | None = Field(sa_column=Column(JSON, nullable=True), default=None)
    total: int
    done: int = 0
    moved: int = 0
    late: int = 0
    cursor: UUID | None = None
    by: str
    started_at: datetime = Field(sa_type=UTCDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UTCDateTime, index=True)


def unfinished(session: Session) -> list[ReckonRun]:
    """The runs that are not done."""
    return list(session.exec(select(ReckonRun).where(col(ReckonRun.finished_at).is_(None))))


def latest(session: Session, most: int = 10) -> list[ReckonRun]:
    """The last runs, newest first."""
    return list(
        session.exec(select(ReckonRun).order_by(col(ReckonRun.started_at).desc()).limit(most))
    )


def order_ids(session: Session, first: date, after: UUID | None, limit: int) -> list[UUID]:
    """The next orders with an open clock due from a day on."""
    query = sa_select(col(Clock.order_id)).where(
        runs(), col(Clock.due_on) >= first, col(Clock.given_due).is_(False)
    )
    if after is not None:
        query = query.where(col(Clock.order_id) > after)
    query = query.distinct().order_by(col(Clock.order_id)).limit(limit)
    return list(session.execute(query).scalars())


def count_from(session: Session, first: date) -> int:
    """How many open clocks the orders have of which one is due from a day on."""
    open_clocks = (runs(), col(Clock.given_due).is_(False))
    concerned = sa_select(col(Clock.order_id)).where(*open_clocks, col(Clock.due_on) >= first)
    query = sa_select(func.count()).select_from(Clock)
    return int(
        session.execute(query.where(*open_clocks, col(Clock.order_id).in_(concerned))).scalar_one()
    )


def clocks_of(session: Session, ids: Collection[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """The open clocks of these orders, by order."""
    chosen = [col(getattr(Clock, name)) for name in _COLUMNS]
    query = sa_select(*chosen).where(
        runs(), col(Clock.order_id).in_(ids), col(Clock.given_due).is_(False)
    )
    grouped: dict[UUID, list[dict[str, Any]]] = {}
    for found in session.execute(query):
        grouped.setdefault(found.order_id, []).append(dict(zip(_COLUMNS, found, strict=True)))
    return grouped


def heads(session: Session, ids: Sequence[UUID]) -> dict[UUID, tuple[int, str]]:
    """Count and last hash of these orders' histories; their rows held until the end."""
    query = (
        sa_select(col(Order.id), col(Order.event_count), col(Order.event_head))
        .where(col(Order.id).in_(ids))
        .order_by(col(Order.id))
        .with_for_update()
    )
    return {order_id: (count, head) for order_id, count, head in session.execute(query)}


def write(
    session: Session,
    clocks: Sequence[Mapping[str, Any]],
    events: list[dict[str, Any]],
    orders: Sequence[Mapping[str, Any]],
) -> None:
    """New due times, their events, and the heads of the histories, in bulk."""
    table, order = Clock.__table__, Order.__table__  # type: ignore[attr-defined]
    connection = session.connection()
    if clocks:
        names = ("due_at", "due_on", "provisional", "calendar_version", "watch_at")
        connection.execute(
            update(table)
            .where(table.c.id == bindparam("of"))
            .values({name: bindparam(f"new_{name}") for name in names}),
            [dict(row) for row in clocks],
        )
    if orders:
        told = ("event_count", "event_head", "event_mac")
        connection.execute(
            update(order)
            .where(order.c.id == bindparam("of"))
            .values({name: bindparam(f"new_{name}") for name in told}),
            [dict(row) for row in orders],
        )
    write_rows(session, Event, events)
