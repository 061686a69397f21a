"""Clock: one promise of one order with its inputs; running and overdue ones."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, Index, text
from sqlmodel import Field, Session, SQLModel, UTCDateTime, col, select


class Clock(SQLModel, table=True):
    """A promise as a row: what it was reckoned from, when it is due, when it ended.

    `channel`, `section`, `historical` repeat the order's so that figures need no join.
    `wall_seconds` and `work_seconds` are the time used, stored when the clock ends.
    """

    __table_args__ = (
        # The figures read these indexes alone: the rows themselves are too wide to count by.
        Index(
            "ix_clock_running",
            "promise",
            "due_at",
            "due_on",
            "historical",
            "section",
            "channel",
            "order_id",
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
    )

    id: UUID = Field(primary_key=True)
    order_id: UUID = Field(foreign_key="order.id", index=True)
    promise: str
    round: int = 1
    rule: str
    rule_version: int
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


def of_order(session: Session, order_id: UUID) -> list[Clock]:
    """Every clock of an order, oldest first."""
    return of_orders(session, [order_id]).get(order_id, [])


def of_orders(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[Clock]]:
    """The clocks of many orders, oldest first, in one query."""
    found = session.exec(
        select(Clock)
        .where(col(Clock.order_id).in_(ids))
        .order_by(col(Clock.round), col(Clock.started_at))
    )
    clocks: dict[UUID, list[Clock]] = {}
    for clock in found:
        clocks.setdefault(clock.order_id, []).append(clock)
    return clocks


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
