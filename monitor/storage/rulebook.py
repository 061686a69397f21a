"""Versioned rules as data: deadlines, holidays, topics, catalogue, texts, sign-offs, words."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, Session, SQLModel, UTCDateTime, col, func, select

from monitor.storage.db import ask


class RuleVersion(SQLModel, table=True):
    """One version of one rule; in force from `valid_from` until a later version is."""

    kind: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    valid_from: date
    valid_to: date | None = None
    position: int = 0
    body: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    # With every record it is asked whether a rule is new: the index answers, the bodies rest.
    published_at: datetime = Field(sa_type=UTCDateTime, index=True)
    published_by: str


def in_force(session: Session, kind: str, day: date) -> list[RuleVersion]:
    """The newest version in force on a day of every rule of a kind, in their order."""
    newest = {rule.code: rule for rule in versions(session, kind, day)}
    return [rule for rule in newest.values() if rule.valid_to is None or rule.valid_to >= day]


def versions(session: Session, kind: str, day: date) -> list[RuleVersion]:
    """Every version of a kind that has come into force by a day, those before it included."""
    return list(
        session.exec(
            select(RuleVersion)
            .where(RuleVersion.kind == kind, RuleVersion.valid_from <= day)
            .order_by(col(RuleVersion.position), col(RuleVersion.code), col(RuleVersion.version))
        )
    )


_REVISION = select(func.count(), func.max(RuleVersion.published_at)).select_from(RuleVersion)


def revision(session: Session) -> tuple[int, datetime | None]:
    """A value that changes whenever a rule version is published."""
    [(count, last)] = ask(session, _REVISION)
    return count, last
