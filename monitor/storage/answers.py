"""Answer versions, the reviewed public copy, sign-offs, the act of answering, publications."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, Column, ColumnElement, Index, or_
from sqlmodel import Field, Session, SQLModel, Text, UTCDateTime, col, func, select

from monitor.domain.vocabulary import first_level
from monitor.storage.orders import Order


class Answer(SQLModel, table=True):
    """One version of a section's answer; a new hand-in is a new version."""

    __table_args__ = (Index("ix_answer_order", "order_id", "version", unique=True),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    order_id: UUID = Field(foreign_key="order.id")
    version: int
    text: str = Field(sa_type=Text)
    note: str = Field(default="", sa_type=Text)
    basis: str = ""
    solved: str = ""
    missing_parts: str = ""
    author_id: UUID | None = None
    author: str
    at: datetime = Field(sa_type=UTCDateTime)


class AnswerReading(SQLModel, table=True):
    """What the checks said of one answer version as it was handed in, and what was set aside."""

    answer_id: UUID = Field(foreign_key="answer.id", primary_key=True)
    at: datetime = Field(sa_type=UTCDateTime)
    score: int
    findings: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class PublicCopy(SQLModel, table=True):
    """The redacted copy kept beside the original: title, letter and answer as they may leave."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    answer_id: UUID = Field(foreign_key="answer.id", index=True)
    version: int = 1
    title: str
    letter: str = Field(sa_type=Text)
    answer: str = Field(sa_type=Text)
    kept: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False), default_factory=list)
    text_hash: str
    at: datetime = Field(sa_type=UTCDateTime)
    by: str


class SignOff(SQLModel, table=True):
    """One reviewer's signature over one answer version and one wording of its public copy."""

    __table_args__ = (Index("ix_signoff_answer", "answer_id", "role"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    answer_id: UUID = Field(foreign_key="answer.id")
    role: str
    person_id: UUID | None = None
    person: str
    opinion: str = ""
    copy_hash: str = ""
    at: datetime = Field(sa_type=UTCDateTime)
    void: bool = False


class AnswerAct(SQLModel, table=True):
    """The recorded act of answering: how, when, by whom."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    order_id: UUID = Field(foreign_key="order.id", index=True)
    answer_id: UUID = Field(foreign_key="answer.id")
    way: str
    at: datetime = Field(sa_type=UTCDateTime)
    by: str
    note: str = ""


class Publication(SQLModel, table=True):
    """What was released or withheld, when, by whom, with the hash of its words."""

    __table_args__ = (Index("ix_publication_public", "released_at", "withdrawn_at"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    order_id: UUID = Field(foreign_key="order.id", index=True)
    answer_id: UUID = Field(foreign_key="answer.id")
    number: str = Field(index=True)
    released: bool
    title: str = ""
    letter: str = Field(default="", sa_type=Text)
    answer: str = Field(default="", sa_type=Text)
    text_hash: str = ""
    topic: str = ""
    request_type: str = ""
    received_at: datetime = Field(sa_type=UTCDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    released_at: datetime = Field(sa_type=UTCDateTime)
    by: str
    reason: str = ""
    withdrawn_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    withdrawn_by: str = ""
    withdraw_reason: str = ""


def latest(session: Session, order_id: UUID) -> Answer | None:
    """The newest answer version of an order."""
    return session.exec(
        select(Answer).where(Answer.order_id == order_id).order_by(col(Answer.version).desc())
    ).first()


def versions(session: Session, order_id: UUID) -> list[Answer]:
    """All answer versions, oldest first."""
    return list(
        session.exec(
            select(Answer).where(Answer.order_id == order_id).order_by(col(Answer.version))
        )
    )


def reading_of(session: Session, answer_id: UUID) -> AnswerReading | None:
    """What the checks said of an answer version."""
    return session.get(AnswerReading, answer_id)


def latest_of(session: Session, ids: Sequence[UUID]) -> dict[UUID, Answer]:
    """The newest answer version of each of these orders."""
    found = session.exec(
        select(Answer).where(col(Answer.order_id).in_(ids)).order_by(col(Answer.version))
    )
    return {answer.order_id: answer for answer in found}


def copy_of(session: Session, answer_id: UUID) -> PublicCopy | None:
    """The newest public copy of an answer version."""
    return session.exec(
        select(PublicCopy)
        .where(PublicCopy.answer_id == answer_id)
        .order_by(col(PublicCopy.version).desc())
    ).first()


def sign_offs(session: Session, answer_id: UUID) -> list[SignOff]:
    """The signatures in force over an answer version, oldest first."""
    return list(
        session.exec(
            select(SignOff)
            .where(SignOff.answer_id == answer_id, col(SignOff.void).is_(False))
            .order_by(col(SignOff.at))
        )
    )


def sign_offs_of(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[SignOff]]:
    """The signatures in force over many answer versions."""
    found = session.exec(
        select(SignOff)
        .where(col(SignOff.answer_id).in_(ids), col(SignOff.void).is_(False))
        .order_by(col(SignOff.at))
    )
    rows: dict[UUID, list[SignOff]] = {}
    for sign_off in found:
        rows.setdefault(sign_off.answer_id, []).append(sign_off)
    return rows


def acts(session: Session, order_id: UUID) -> list[AnswerAct]:
    """The recorded acts of answering, oldest first."""
    return list(
        session.exec(
            select(AnswerAct).where(AnswerAct.order_id == order_id).order_by(col(AnswerAct.at))
        )
    )


def publications(session: Session, order_id: UUID) -> list[Publication]:
    """Releases and withholdings of an order, oldest first."""
    return list(
        session.exec(
            select(Publication)
            .where(Publication.order_id == order_id)
            .order_by(col(Publication.released_at))
        )
    )


def published(session: Session, order_id: UUID) -> Publication | None:
    """The release in force of an order."""
    return session.exec(
        select(Publication).where(
            Publication.order_id == order_id,
            col(Publication.released).is_(True),
            col(Publication.withdrawn_at).is_(None),
        )
    ).first()


def last_decisions(session: Session, ids: Sequence[UUID]) -> dict[UUID, Publication]:
    """The newest release or withholding of each of these orders."""
    found = session.exec(
        select(Publication)
        .where(col(Publication.order_id).in_(ids))
        .order_by(col(Publication.released_at))
    )
    return {publication.order_id: publication for publication in found}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which published answers: of a first-level topic, among these orders; None = any."""

    topic: str = ""
    order_ids: Sequence[UUID] | None = None


def _in_public(wanted: Wanted) -> list[ColumnElement[bool]]:
    # The consent is asked anew at every reading: a letter taken back is nowhere at once.
    conditions: list[ColumnElement[bool]] = [
        col(Publication.released).is_(True),
        col(Publication.withdrawn_at).is_(None),
        col(Order.consent).is_(True),
    ]
    if wanted.topic:
        topic = col(Publication.topic)
        conditions.append(
            or_(topic == wanted.topic, topic.startswith(f"{wanted.topic}.", autoescape=True))
        )
    if wanted.order_ids is not None:
        conditions.append(col(Publication.order_id).in_(wanted.order_ids))
    return conditions


def _of_order() -> ColumnElement[bool]:
    return col(Order.id) == col(Publication.order_id)


def released(
    session: Session, wanted: Wanted, *, first: int = 0, most: int | None = None
) -> list[Publication]:
    """Published answers in force, newest first."""
    return list(
        session.exec(
            select(Publication)
            .join(Order, _of_order())
            .where(*_in_public(wanted))
            .order_by(col(Publication.released_at).desc(), col(Publication.number).desc())
            .offset(first)
            .limit(most)
        )
    )


def released_by_topic(session: Session, wanted: Wanted) -> Counter[str]:
    """How many published answers there are of each first-level topic."""
    counted: Counter[str] = Counter()
    for topic, number in session.exec(
        select(Publication.topic, func.count())
        .join(Order, _of_order())
        .where(*_in_public(wanted))
        .group_by(col(Publication.topic))
    ):
        counted[first_level(topic)] += number
    return counted


def released_one(session: Session, number: str) -> Publication | None:
    """The published answer of this order number, if it is in force."""
    return session.exec(
        select(Publication)
        .join(Order, _of_order())
        .where(Publication.number == number, *_in_public(Wanted()))
    ).first()


def told(session: Session, order_id: UUID) -> tuple[AnswerAct, Answer] | None:
    """The last act of answering and the very version that was answered with."""
    return session.exec(
        select(AnswerAct, Answer)
        .join(Answer, col(Answer.id) == col(AnswerAct.answer_id))
        .where(AnswerAct.order_id == order_id)
        .order_by(col(AnswerAct.at).desc())
    ).first()
