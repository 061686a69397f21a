"""Pledge: a day that an answer promises; proposed, confirmed or dropped, kept or promised anew."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field, Session, SQLModel, UTCDateTime, col, select

from monitor.domain.vocabulary import Word


class Fate(Word):
    """What became of a promised day."""

    PROPOSED = "proposed", "待确认"
    CONFIRMED = "confirmed", "待兑现"
    DROPPED = "dropped", "不是承诺"
    KEPT = "kept", "已兑现"
    RENEWED = "renewed", "已重新承诺"


class Pledge(SQLModel, table=True):
    """`quote` is the clause of the answer, `start` its place; `renews` the promise before it.

    `at` is when it was promised: when the answer was told, or when it was promised anew.
    """

    id: UUID = Field(primary_key=True)
    order_id: UUID = Field(foreign_key="order.id", index=True)
    answer_id: UUID = Field(foreign_key="answer.id")
    round: int
    quote: str
    start: int
    due_on: date | None = None
    fate: str
    clock_id: UUID | None = Field(default=None, foreign_key="clock.id")
    renews: UUID | None = Field(default=None, foreign_key="pledge.id")
    at: datetime = Field(sa_type=UTCDateTime)
    decided_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    decided_by: str = ""
    reason: str = ""
    proof: str = ""
    kept_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    kept_by: str = ""


def of_order(session: Session, order_id: UUID, fates: Sequence[str] = tuple(Fate)) -> list[Pledge]:
    """The promises of an order of these fates, in the order of their days' places."""
    found = select(Pledge).where(Pledge.order_id == order_id, col(Pledge.fate).in_(fates))
    return list(session.exec(found.order_by(col(Pledge.at), col(Pledge.start), col(Pledge.id))))


def unsettled(session: Session, ids: Sequence[UUID]) -> set[UUID]:
    """Those of these orders with a promise that is neither decided nor kept."""
    found = select(Pledge.order_id).where(
        col(Pledge.order_id).in_(ids), col(Pledge.fate).in_([Fate.PROPOSED, Fate.CONFIRMED])
    )
    return set(session.exec(found))
