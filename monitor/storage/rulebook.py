"""Versioned rules as data: deadlines, holidays, topics, catalogue, texts, sign-offs, words."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, insert, or_
from sqlmodel import Field, Session, SQLModel, UTCDateTime, col, func, select

from monitor.domain.vocabulary import CLOSED, State
from monitor.storage.db import ask
from monitor.storage.orders import Order


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
    reason: str = ""

    @property
    def retired(self) -> bool:
        """Whether this version only says that the rule holds no longer, from its first day on."""
        return self.valid_to is not None and self.valid_to < self.valid_from


def in_force(session: Session, kind: str, day: date) -> list[RuleVersion]:
    """The version in force on a day of every rule of a kind, in their order."""
    return holding(versions(session, kind, day), day)


def holding(found: Iterable[RuleVersion], day: date) -> list[RuleVersion]:
    """Of these versions those in force on a day: of each rule the one that began last."""
    begun: dict[tuple[str, str], RuleVersion] = {}
    for rule in found:
        known = begun.get((rule.kind, rule.code))
        if rule.valid_from > day:
            continue
        if known is None or (known.valid_from, known.version) < (rule.valid_from, rule.version):
            begun[rule.kind, rule.code] = rule
    kept = [rule for rule in begun.values() if rule.valid_to is None or rule.valid_to >= day]
    return sorted(kept, key=lambda rule: (rule.position, rule.code))


def versions(session: Session, kind: str, day: date) -> list[RuleVersion]:
    """Every version of a kind that has come into force by a day, those before it included."""
    return list(
        session.exec(
            select(RuleVersion)
            .where(RuleVersion.kind == kind, RuleVersion.valid_from <= day)
            .order_by(col(RuleVersion.position), col(RuleVersion.code), col(RuleVersion.version))
        )
    )


def history(session: Session, kind: str, code: str) -> list[RuleVersion]:
    """Every version of one rule, the newest first."""
    found = select(RuleVersion).where(RuleVersion.kind == kind, RuleVersion.code == code)
    return list(session.exec(found.order_by(col(RuleVersion.version).desc())))


def all_versions(session: Session) -> list[RuleVersion]:
    """The whole book, those to come included."""
    order = (RuleVersion.kind, RuleVersion.position, RuleVersion.code, RuleVersion.version)
    return list(session.exec(select(RuleVersion).order_by(*map(col, order))))


def write(session: Session, rows: Iterable[RuleVersion]) -> None:
    """Add versions to the book; IntegrityError where one stands there already."""
    fields = RuleVersion.model_fields
    # Without a row the insert would make one of nothing.
    if values := [{name: getattr(row, name) for name in fields} for row in rows]:
        session.execute(insert(RuleVersion), values)


def lately(session: Session, since: date, most: int) -> list[Order]:
    """The newest orders received since a day, on which a change of rules is tried."""
    query = select(Order).where(Order.received_on >= since, col(Order.suggested_topic).is_not(None))
    newest = query.order_by(col(Order.received_at).desc(), col(Order.number).desc())
    return list(session.exec(newest.limit(most)))


def in_review(session: Session, most: int) -> list[Order]:
    """Orders whose answer waits for sign-offs."""
    waiting = select(Order).where(Order.state == State.IN_REVIEW)
    return list(session.exec(waiting.order_by(col(Order.number)).limit(most)))


def open_of_topic(session: Session, code: str) -> int:
    """How many open orders carry a topic, or one below it, decided or suggested."""
    topic = func.coalesce(col(Order.topic), col(Order.suggested_topic))
    of_it = or_(topic == code, topic.like(f"{code}.%"))
    count = select(func.count()).select_from(Order)
    return session.exec(count.where(of_it, col(Order.state).not_in(CLOSED))).one()


_REVISION = select(func.count(), func.max(RuleVersion.published_at)).select_from(RuleVersion)


def revision(session: Session) -> tuple[int, datetime | None]:
    """A value that changes whenever a rule version is published."""
    [(count, last)] = ask(session, _REVISION)
    return count, last
