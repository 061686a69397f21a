"""Contact, Note, Request, Callback, Handover: what was done with an order, and its way back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, Column
from sqlmodel import Field, Session, SQLModel, Text, UTCDateTime, col, func, select

from monitor.domain.access import Acting
from monitor.domain.vocabulary import AnswerWay
from monitor.storage import orders
from monitor.storage.answers import Answer, AnswerAct
from monitor.storage.orders import Order


class Contact(SQLModel, table=True):
    """One contact with the requester: when, how, with what outcome."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    order_id: UUID = Field(foreign_key="order.id", index=True)
    at: datetime = Field(sa_type=UTCDateTime)
    way: str
    outcome: str = Field(sa_type=Text)
    by: str


class Note(SQLModel, table=True):
    """An internal note; never public."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    order_id: UUID = Field(foreign_key="order.id", index=True)
    at: datetime = Field(sa_type=UTCDateTime)
    text: str = Field(sa_type=Text)
    by: str


class Request(SQLModel, table=True):
    """A decision that needs two persons: who asks with which grounds, who decided what."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    order_id: UUID = Field(foreign_key="order.id", index=True)
    kind: str
    grounds: str = Field(sa_type=Text)
    details: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False), default_factory=dict)
    asked_by: str
    asked_at: datetime = Field(sa_type=UTCDateTime)
    decided_by: str = ""
    decided_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    granted: bool | None = None
    reason: str = ""


class Callback(SQLModel, table=True):
    """What the requester said when called back."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    order_id: UUID = Field(foreign_key="order.id", index=True)
    at: datetime = Field(sa_type=UTCDateTime)
    round: int = 1
    contacted: bool
    satisfied: str = ""
    solved: str = ""
    reason: str = ""
    by: str
    corrects: UUID | None = None


class HandoverBatch(SQLModel, table=True):
    """One feedback table; an undone one gives its answers free again."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    template: str
    since: datetime | None = Field(default=None, sa_type=UTCDateTime)
    at: datetime = Field(sa_type=UTCDateTime, index=True)
    by: str
    count: int
    undone_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    undone_by: str = ""
    reason: str = ""


class Handover(SQLModel, table=True):
    """One answer in a table; its key is what keeps it from being handed over twice."""

    answer_id: UUID = Field(foreign_key="answer.id", primary_key=True)
    order_id: UUID = Field(foreign_key="order.id", index=True)
    batch_id: UUID = Field(foreign_key="handoverbatch.id", index=True)


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer that is to go back, or went: its order, its words, when it was first given."""

    order: Order
    answer: Answer
    at: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which answers: of these channels, given since a moment, with those that came answered."""

    channels: Sequence[str]
    since: datetime | None = None
    imported: bool = False


def contacts(session: Session, order_id: UUID) -> list[Contact]:
    """The contact log, oldest first."""
    return list(
        session.exec(
            select(Contact)
            .where(Contact.order_id == order_id)
            .order_by(col(Contact.at), col(Contact.id))
        )
    )


def notes(session: Session, order_id: UUID) -> list[Note]:
    """The internal notes, oldest first."""
    return list(
        session.exec(
            select(Note).where(Note.order_id == order_id).order_by(col(Note.at), col(Note.id))
        )
    )


def open_request(session: Session, order_id: UUID, kind: str) -> Request | None:
    """The undecided request of a kind, if there is one."""
    return session.exec(
        select(Request)
        .where(
            Request.order_id == order_id,
            Request.kind == kind,
            col(Request.decided_at).is_(None),
        )
        .order_by(col(Request.asked_at).desc())
    ).first()


def open_orders(
    session: Session, kind: str, *, limit: int, among: Sequence[UUID] | None = None
) -> list[UUID]:
    """Orders (of these) with an undecided request of a kind, longest waiting first."""
    asked = select(Request.order_id).where(Request.kind == kind, col(Request.decided_at).is_(None))
    if among is not None:
        asked = asked.where(col(Request.order_id).in_(among))
    ways = (col(Request.asked_at), col(Request.order_id))
    return list(session.exec(asked.order_by(*ways).limit(limit)))


def requests(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[Request]]:
    """All requests of these orders, oldest first."""
    found = session.exec(
        select(Request).where(col(Request.order_id).in_(ids)).order_by(col(Request.asked_at))
    )
    rows: dict[UUID, list[Request]] = {}
    for request in found:
        rows.setdefault(request.order_id, []).append(request)
    return rows


def waiting(
    session: Session, who: Acting, wanted: Wanted, *, most: int | None = None
) -> list[Answered]:
    """Answers to orders of a platform that no table has carried yet, the oldest first."""
    given = _given()
    query = (
        _unmarked(who, wanted, given)
        .with_only_columns(Order, Answer, given.c.at)
        .order_by(given.c.at, col(Order.number))
        .limit(most)
    )
    return [Answered(*found) for found in session.execute(query)]


def count_waiting(session: Session, who: Acting, wanted: Wanted) -> int:
    """How many answers no table has carried yet."""
    query: Any = _unmarked(who, wanted, _given()).with_only_columns(func.count())
    return int(session.scalar(query) or 0)


def _given() -> Any:
    """When each answer was first given."""
    return (
        select(AnswerAct.answer_id, func.min(AnswerAct.at).label("at"))
        .group_by(col(AnswerAct.answer_id))
        .subquery()
    )


def _unmarked(who: Acting, wanted: Wanted, given: Any) -> Any:
    query: Any = (
        orders.visible_to(who)
        .join(Answer, col(Answer.order_id) == col(Order.id))
        .join(given, given.c.answer_id == Answer.id)
        .where(
            col(Order.upstream_no).is_not(None),
            col(Order.channel).in_(wanted.channels),
            col(Answer.id).not_in(select(Handover.answer_id)),
        )
    )
    if wanted.since is not None:
        query = query.where(given.c.at >= wanted.since)
    if not wanted.imported:
        came_answered = select(AnswerAct.answer_id).where(AnswerAct.way == AnswerWay.IMPORTED)
        query = query.where(col(Answer.id).not_in(came_answered))
    return query


def of_batch(session: Session, batch_id: UUID) -> list[Answered]:
    """What a table carries, in the order in which the answers were given."""
    given = _given()
    query = (
        select(Order, Answer, given.c.at)
        .join(Handover, col(Handover.order_id) == col(Order.id))
        .join(Answer, col(Answer.id) == col(Handover.answer_id))
        .join(given, given.c.answer_id == Answer.id)
        .where(Handover.batch_id == batch_id)
        .order_by(given.c.at, col(Order.number))
    )
    return [Answered(*found) for found in session.execute(query)]


def first_contacts(session: Session, batch_id: UUID) -> Mapping[UUID, datetime]:
    """When the requester of each order of a table was first reached out to."""
    found = session.exec(
        select(Contact.order_id, func.min(Contact.at))
        .join(Handover, col(Handover.order_id) == col(Contact.order_id))
        .where(Handover.batch_id == batch_id)
        .group_by(col(Contact.order_id))
    )
    return dict(found.all())


def last_callbacks(session: Session, batch_id: UUID) -> Mapping[UUID, Callback]:
    """What the requester of each order of a table said last."""
    found = session.exec(
        select(Callback)
        .join(Handover, col(Handover.order_id) == col(Callback.order_id))
        .where(Handover.batch_id == batch_id, col(Callback.contacted).is_(True))
        .order_by(col(Callback.at))
    )
    return {callback.order_id: callback for callback in found}


def batches(session: Session, *, most: int = 50) -> list[HandoverBatch]:
    """The newest tables first."""
    newest = select(HandoverBatch).order_by(col(HandoverBatch.at).desc()).limit(most)
    return list(session.exec(newest))


def batch(session: Session, batch_id: UUID) -> HandoverBatch | None:
    """One table."""
    return session.get(HandoverBatch, batch_id)


def rows_of(session: Session, batch_id: UUID) -> list[Handover]:
    """The marks of a table."""
    return list(session.exec(select(Handover).where(Handover.batch_id == batch_id)))
