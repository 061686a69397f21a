"""Card: a warning, a yellow or red card, a chase, a supervision; given once, lifted once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, Index, UniqueConstraint, text
from sqlmodel import Field, Session, SQLModel, Text, UTCDateTime, col, select

from monitor.storage.db import upsert
from monitor.storage.orders import Order

# Cards that people give are counted from here: a chase by hand does not stand for the one by rule.
BY_HAND = 1000


class Card(SQLModel, table=True):
    """One card of one clock; `serial` counts those of a level, `since` is when it was earned.

    `moved` says that it was lifted because its clock was put off, so that it may come again.
    """

    __table_args__ = (
        UniqueConstraint("order_id", "clock_id", "level", "serial", name="uq_card_once"),
        Index(
            "ix_card_open",
            "level",
            "section",
            "order_id",
            sqlite_where=text("lifted_at IS NULL"),
            postgresql_where=text("lifted_at IS NULL"),
        ),
    )

    id: UUID = Field(primary_key=True)
    order_id: UUID = Field(foreign_key="order.id", index=True)
    clock_id: UUID = Field(foreign_key="clock.id", index=True)
    level: str
    serial: int = 0
    rule: str
    rule_version: int = 1
    name: str
    why: str = Field(sa_type=Text)
    basis: str = ""
    section: str | None = None
    channel: str
    since: datetime = Field(sa_type=UTCDateTime)
    at: datetime = Field(sa_type=UTCDateTime)
    by: str
    told: list[str] = Field(sa_column=Column(JSON, nullable=False), default_factory=list)
    lifted_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    lifted_by: str = ""
    lifted_why: str = ""
    moved: bool = False


class WatchMark(SQLModel, table=True):
    """Its one row says by which rules and calendar the clocks were last looked at."""

    id: int = Field(default=1, primary_key=True)
    edition: str


def give(session: Session, card: Card) -> bool:
    """Write the card unless there is one like it; whether it is new."""
    session.flush()
    made: Any = session.execute(
        upsert(session, Card)
        .values(**card.model_dump())
        .on_conflict_do_nothing(index_elements=["order_id", "clock_id", "level", "serial"])
    )
    return bool(made.rowcount)


def of_orders(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[Card]]:
    """Every card of these orders, oldest first."""
    found: dict[UUID, list[Card]] = {}
    query = select(Card).where(col(Card.order_id).in_(ids)).order_by(col(Card.at), col(Card.id))
    for card in session.exec(query):
        found.setdefault(card.order_id, []).append(card)
    return found


def of_order(session: Session, order_id: UUID) -> list[Card]:
    """Every card of an order, oldest first."""
    return of_orders(session, [order_id]).get(order_id, [])


def one(session: Session, card_id: UUID) -> Card | None:
    """The card with this id, read afresh."""
    query = select(Card).where(Card.id == card_id)
    return session.exec(query.execution_options(populate_existing=True)).first()


def standing(session: Session, order_id: UUID) -> list[Card]:
    """The cards of an order that nobody has lifted."""
    query = select(Card).where(Card.order_id == order_id, col(Card.lifted_at).is_(None))
    return list(session.exec(query))


def with_level(levels: Sequence[str]) -> Any:
    """The orders that stand under an open card of one of these levels."""
    return select(col(Card.order_id)).where(
        col(Card.order_id) == col(Order.id),
        col(Card.level).in_(levels),
        col(Card.lifted_at).is_(None),
    )
