"""Contact, Note, Request: what a section did and asked while handling an order."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, Column
from sqlmodel import Field, Session, SQLModel, Text, UTCDateTime, col, select


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
    contacted: bool
    satisfied: str = ""
    solved: str = ""
    reason: str = ""
    by: str


def contacts(session: Session, order_id: UUID) -> list[Contact]:
    """The contact log, oldest first."""
    return list(
        session.exec(select(Contact).where(Contact.order_id == order_id).order_by(col(Contact.at)))
    )


def notes(session: Session, order_id: UUID) -> list[Note]:
    """The internal notes, oldest first."""
    return list(session.exec(select(Note).where(Note.order_id == order_id).order_by(col(Note.at))))


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


def open_orders(session: Session, kind: str, *, limit: int) -> list[UUID]:
    """Orders with an undecided request of a kind, longest waiting first."""
    found = session.exec(
        select(Request.order_id)
        .where(Request.kind == kind, col(Request.decided_at).is_(None))
        .order_by(col(Request.asked_at), col(Request.order_id))
        .limit(limit)
    )
    return list(found)


def requests(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[Request]]:
    """All requests of these orders, oldest first."""
    found = session.exec(
        select(Request).where(col(Request.order_id).in_(ids)).order_by(col(Request.asked_at))
    )
    rows: dict[UUID, list[Request]] = {}
    for request in found:
        rows.setdefault(request.order_id, []).append(request)
    return rows
