"""ApiKey, ApiCall, Attempt: machine callers, their used idempotency keys, failed tries."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, Column, UniqueConstraint, bindparam
from sqlalchemy import select as sa_select
from sqlmodel import Field, Session, SQLModel, UTCDateTime, col, delete, func, select

from monitor.storage.db import Database, ask


class ApiKey(SQLModel, table=True):
    """A machine caller; only the HMAC of its key is stored.

    `channels` are those whose records it may bring; none named means all.
    """

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    name: str = Field(unique=True)
    mac: str = Field(unique=True)
    created_at: datetime = Field(sa_type=UTCDateTime)
    created_by: str = ""
    channels: list[str] = Field(sa_column=Column(JSON, nullable=False), default_factory=list)
    expires_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class ApiCall(SQLModel, table=True):
    """A used idempotency key: unique in the database, so that a repeat gets the same answer."""

    __table_args__ = (UniqueConstraint("key_id", "idempotency_key"),)

    id: int | None = Field(default=None, primary_key=True)
    key_id: UUID = Field(foreign_key="apikey.id")
    idempotency_key: str
    body_hash: str
    order_id: UUID = Field(foreign_key="order.id")
    answer: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    at: datetime = Field(sa_type=UTCDateTime)


class Attempt(SQLModel, table=True):
    """A failed try at a door (login, look-up), by blinded subject."""

    id: int | None = Field(default=None, primary_key=True)
    door: str
    subject: str = Field(index=True)
    at: datetime = Field(sa_type=UTCDateTime)


@dataclass(frozen=True, slots=True)
class KeyInForce:
    """An API key that was shown and is not revoked; whether it has expired, the caller asks."""

    id: UUID
    name: str
    channels: list[str]
    expires_at: datetime | None
    used_at: datetime | None

    def holds(self, now: datetime) -> bool:
        """Whether the key has not run out."""
        return self.expires_at is None or now < self.expires_at

    def may_bring(self, channel: str) -> bool:
        """Whether records of this channel may come by this key."""
        return not self.channels or channel in self.channels


# Asked with every call of a machine: built once, for building costs more than running.
_KEY = sa_select(
    *map(col, (ApiKey.id, ApiKey.name, ApiKey.channels, ApiKey.expires_at, ApiKey.used_at))
).where(col(ApiKey.mac) == bindparam("of"), col(ApiKey.revoked_at).is_(None))
_CALL = select(ApiCall.body_hash, ApiCall.answer).where(
    ApiCall.key_id == bindparam("of"), ApiCall.idempotency_key == bindparam("key")
)


def key_by_mac(database: Database, mac: str) -> KeyInForce | None:
    """The API key in force with this HMAC."""
    found = database.glance(_KEY, of=mac)
    return KeyInForce(*found[0]) if found else None


def keys(session: Session) -> list[ApiKey]:
    """All API keys, newest first."""
    return list(session.exec(select(ApiKey).order_by(col(ApiKey.created_at).desc())))


def key_named(session: Session, name: str) -> ApiKey | None:
    """The API key of this name, revoked or not."""
    return session.exec(select(ApiKey).where(ApiKey.name == name)).first()


def tries_by_door(session: Session, since: datetime) -> list[tuple[str, int, int]]:
    """Failed tries since a moment: door, how many, by how many subjects."""
    found = session.exec(
        select(Attempt.door, func.count(), func.count(func.distinct(Attempt.subject)))
        .where(Attempt.at > since)
        .group_by(Attempt.door)
        .order_by(Attempt.door)
    )
    return list(found)


def call(session: Session, key_id: UUID, idempotency_key: str) -> tuple[str, dict[str, Any]] | None:
    """The hash of the body that came under this idempotency key, and what was answered."""
    found = ask(session, _CALL, of=key_id, key=idempotency_key)
    return found[0] if found else None


def attempts(session: Session, subject: str, since: datetime) -> int:
    """How many failed tries a subject has since a moment."""
    return session.exec(
        select(func.count())
        .select_from(Attempt)
        .where(Attempt.subject == subject, Attempt.at > since)
    ).one()


def forget_attempts(session: Session, subject: str) -> None:
    """Begin anew after a success."""
    session.exec(delete(Attempt).where(col(Attempt.subject) == subject))


def drop_old_attempts(session: Session, before: datetime) -> None:
    """Remove tries that no rule looks at any more."""
    session.exec(delete(Attempt).where(col(Attempt.at) < before))
