"""DutyDay, Absence and RosterChange: who is on duty on which day, who is away, what was changed."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, delete
from sqlmodel import Field, Session, SQLModel, UTCDateTime, col, func, select

from monitor.storage.db import upsert

Turn = tuple[date, UUID]


class DutyDay(SQLModel, table=True):
    """One person is on duty on one day (值班)."""

    day: date = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", primary_key=True)


class RosterChange(SQLModel, table=True):
    """One change of the duty roster: who was put on and taken off which days; whether undone."""

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UTCDateTime)
    by: str
    put: list[list[str]] = Field(sa_column=Column(JSON, nullable=False))
    taken: list[list[str]] = Field(sa_column=Column(JSON, nullable=False))
    undone_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class Absence(SQLModel, table=True):
    """Somebody is away from one day to another, both included: the span and no reason.

    `deputy_id` points to the deputyship that covers it; `named` says that it was made with it.
    """

    id: int | None = Field(default=None, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    kind: str
    first_day: date
    last_day: date
    deputy_id: int | None = Field(default=None, foreign_key="deputy.id")
    named: bool = False
    made_at: datetime = Field(sa_type=UTCDateTime)
    made_by: str
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    ended_by: str = ""


def on_duty(session: Session, first: date, last: date) -> list[DutyDay]:
    """Who is on duty from one day to another, both included, by day."""
    query = select(DutyDay).where(DutyDay.day >= first, DutyDay.day <= last)
    return list(session.exec(query.order_by(col(DutyDay.day))))


def put_on(session: Session, turns: Iterable[Turn]) -> None:
    """Put people on days; who is on already stays so."""
    for day, person in turns:
        session.execute(
            upsert(session, DutyDay).values(day=day, person_id=person).on_conflict_do_nothing()
        )


def take_off(session: Session, turns: Iterable[Turn]) -> None:
    """Take people off days."""
    for day, person in turns:
        session.execute(
            delete(DutyDay).where(col(DutyDay.day) == day, col(DutyDay.person_id) == person)
        )


def last_change(session: Session) -> RosterChange | None:
    """The newest change of the duty roster that was not undone."""
    query = select(RosterChange).where(col(RosterChange.undone_at).is_(None))
    return session.exec(query.order_by(col(RosterChange.id).desc()).limit(1)).first()


def edition(session: Session) -> int:
    """A number that grows with every change and with every change taken back."""
    made, undone = session.exec(
        select(func.count(), func.count(col(RosterChange.undone_at))).select_from(RosterChange)
    ).one()
    return int(made) + int(undone)


def as_turns(rows: Sequence[Sequence[str]]) -> list[Turn]:
    """The stored words of a change as days and people."""
    return [(date.fromisoformat(day), UUID(person)) for day, person in rows]


def as_rows(turns: Iterable[Turn]) -> list[list[str]]:
    """Days and people as a change stores them, in their order."""
    return sorted([day.isoformat(), person.hex] for day, person in turns)


def away(session: Session, day: date) -> list[Absence]:
    """Who is away on a day."""
    return absences(session, day, day)


def absences(
    session: Session, first: date, last: date | None = None, *, person: UUID | None = None
) -> list[Absence]:
    """Who is away between two days, or from a day on, by the first day."""
    given: list[Any] = [col(Absence.ended_at).is_(None), col(Absence.last_day) >= first]
    if last is not None:
        given.append(col(Absence.first_day) <= last)
    if person is not None:
        given.append(col(Absence.person_id) == person)
    query = select(Absence).where(*given)
    return list(session.exec(query.order_by(col(Absence.first_day), col(Absence.id))))
