"""Part, PartText: what a co-section is asked for an order, and what it gave, version by version."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Index
from sqlalchemy import select as sa_select
from sqlalchemy import text as sql
from sqlmodel import Field, Session, SQLModel, Text, UTCDateTime, col, func, select

from monitor.domain.access import Acting
from monitor.storage.deadlines import Clock
from monitor.storage.orders import Order, visible_to

_LIVE = sql("closed_at IS NULL")


class Part(SQLModel, table=True):
    """What one co-section owes to one round of an order; closed when it is owed no more."""

    __table_args__ = (
        # A section is asked once at a time.
        Index(
            "ix_part_live", "order_id", "section",
            unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE,
        ),
        Index("ix_part_section", "section", "closed_at"),
    )  # fmt: skip

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    order_id: UUID = Field(foreign_key="order.id", index=True)
    round: int
    section: str = Field(foreign_key="section.code")
    wanted: str = Field(sa_type=Text)
    asked_by: str
    asked_at: datetime = Field(sa_type=UTCDateTime)
    clock_id: UUID | None = Field(default=None, foreign_key="clock.id")
    urged: int = 0
    urged_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    closed_by: str = ""
    closed_why: str = ""


class PartText(SQLModel, table=True):
    """One version of a co-section's opinion; a returned one stays, with what was wrong in it."""

    part_id: UUID = Field(foreign_key="part.id", primary_key=True)
    version: int = Field(primary_key=True)
    text: str = Field(sa_type=Text)
    author: str
    at: datetime = Field(sa_type=UTCDateTime)
    returned_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    returned_by: str = ""
    reason: str = ""


def of_order(session: Session, order_id: UUID) -> list[Part]:
    """Every part of an order, the first round first."""
    return list(
        session.exec(
            select(Part)
            .where(Part.order_id == order_id)
            .order_by(col(Part.round), col(Part.asked_at), col(Part.section))
        )
    )


def live(session: Session, order_id: UUID) -> dict[str, Part]:
    """The parts that are still owed or were given in this round, by section."""
    return {part.section: part for part in of_order(session, order_id) if part.closed_at is None}


def texts(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[PartText]]:
    """The opinions on these parts, oldest first."""
    found = session.exec(
        select(PartText).where(col(PartText.part_id).in_(ids)).order_by(col(PartText.version))
    )
    rows: dict[UUID, list[PartText]] = {}
    for one in found:
        rows.setdefault(one.part_id, []).append(one)
    return rows


def of_section(session: Session, section: str, ids: Sequence[UUID]) -> dict[UUID, Part]:
    """What this section is asked for each of these orders."""
    found = session.exec(
        select(Part).where(
            Part.section == section,
            col(Part.closed_at).is_(None),
            col(Part.order_id).in_(ids),
        )
    )
    return {part.order_id: part for part in found}


def by_due(who: Acting, section: str, states: Sequence[str], *, given: bool) -> Any:
    """Orders to which this section was asked to contribute, with when that is due.

    One that was asked before parts had clocks stands by when it was asked.
    """
    accepted = (
        select(PartText.part_id)
        .where(col(PartText.part_id) == col(Part.id), col(PartText.returned_at).is_(None))
        .correlate(Part)
        .exists()
    )
    seen = visible_to(who).where(col(Order.id) == col(Part.order_id), col(Order.state).in_(states))
    at = func.coalesce(col(Clock.due_at), col(Part.asked_at), type_=UTCDateTime())
    return (
        sa_select(col(Part.order_id).label("order_id"), at.label("at"))
        .outerjoin(Clock, col(Clock.id) == col(Part.clock_id))
        .where(
            col(Part.section) == section,
            col(Part.closed_at).is_(None),
            accepted if given else ~accepted,
            seen.correlate(Part).exists(),
        )
    )
