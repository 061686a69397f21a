"""Open clocks by kind: those reckoned from the same values are one row with their number."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, String, cast, func
from sqlalchemy import select as sa_select
from sqlmodel import Session, col
from sqlmodel.sql.sqltypes import UTCDateTime

from monitor.domain.vocabulary import Promise
from monitor.storage.deadlines import Clock

_REASONS = (
    "promise", "round", "rule", "rule_version", "rule_pack", "urgency", "extension", "due_at",
)  # fmt: skip
_HAND_IN = ("promise", "round", "rule", "rule_version", "rule_pack", "urgency", "due_at")


def _day(session: Session, moment: Any) -> Any:
    """The day of a moment in Shanghai, which keeps no summer time."""
    if session.get_bind().dialect.name == "sqlite":
        return func.date(moment, "+8 hours", type_=Date())
    return cast(func.timezone("Asia/Shanghai", moment), Date)


def _open(table: Any) -> tuple[Any, ...]:
    return (table.ended_at.is_(None), table.cancelled_at.is_(None), table.given_due.is_(False))


def _plain(value: Any) -> Any:
    return cast(value, String)


def by_day(session: Session, first: date) -> list[dict[str, Any]]:
    """Clocks due from a day on, as many as share rule, pauses, day of start and due time."""
    table = Clock.__table__.c  # type: ignore[attr-defined]
    chosen = [table[name] for name in _REASONS]
    day, pauses = _day(session, table.started_at), _plain(table.pauses)
    query = (
        sa_select(*chosen, day.label("day"), pauses.label("pauses"), func.count().label("number"))
        .where(*_open(table), table.due_on >= first)
        .group_by(*chosen, day, pauses)
    )
    return [dict(found._mapping) for found in session.connection().execute(query)]


def by_moment(session: Session, first: date, rules: Sequence[str]) -> list[dict[str, Any]]:
    """Clocks of these rules, as many as share the very moment of their start as well."""
    table = Clock.__table__.c  # type: ignore[attr-defined]
    chosen = [table[name] for name in (*_REASONS, "started_at", "date_only")]
    pauses = _plain(table.pauses)
    query = (
        sa_select(*chosen, pauses.label("pauses"), func.count().label("number"))
        .where(*_open(table), table.due_on >= first, table.rule.in_(rules))
        .group_by(*chosen, pauses)
    )
    return [dict(found._mapping) for found in session.connection().execute(query)]


def hand_ins(
    session: Session, first: date, due: Sequence[datetime] | None = None
) -> list[dict[str, Any]]:
    """Hand-ins, as many as share their own values and those of the answer they lie before.

    `earliest` and `latest` are the bounds of their starts; with `due` times given, those alone
    and each start by itself.
    """
    answer = Clock.__table__.alias("answer").c  # type: ignore[attr-defined]
    table = Clock.__table__.c  # type: ignore[attr-defined]
    own = [table[name] for name in _HAND_IN]
    theirs = [answer[name].label(f"answer_{name}") for name in _REASONS]
    day, pauses = _day(session, answer.started_at), _plain(answer.pauses)
    grouped = [*own, *(answer[name] for name in _REASONS), day, pauses]
    query = sa_select(
        *own, *theirs, day.label("answer_day"), pauses.label("answer_pauses"),
        func.min(table.started_at, type_=UTCDateTime()).label("earliest"),
        func.max(table.started_at, type_=UTCDateTime()).label("latest"),
        func.count().label("number"),
    ).where(
        table.promise == Promise.SUBMIT, *_open(table), answer.order_id == table.order_id,
        answer.promise == Promise.ANSWER, *_open(answer), answer.due_on >= first,
    )  # fmt: skip
    if due is not None:
        query = query.where(table.due_at.in_(due))
        grouped.append(table.started_at)
    return [dict(row._mapping) for row in session.connection().execute(query.group_by(*grouped))]


def some_orders(session: Session, promise: str, rule: str, due: datetime, most: int) -> list[UUID]:
    """A few orders with an open clock of this kind, in the order in which they came."""
    query = (
        sa_select(col(Clock.order_id))
        .where(
            *_open(Clock), col(Clock.promise) == promise, col(Clock.rule) == rule,
            col(Clock.due_at) == due,
        )
        .order_by(col(Clock.order_id))
        .limit(most)
    )  # fmt: skip
    return list(session.execute(query).scalars())
