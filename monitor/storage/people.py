"""Section, Person, Deputy, Login: who works here, who stands in for whom, who is signed in.

What an office configures here is all of Section and nothing else: people, deputies and sessions
belong to one home and go into no configuration that is handed to another.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, Column
from sqlmodel import Field, Session, SQLModel, UTCDateTime, col, func, select, update

from monitor.domain.access import Acting
from monitor.domain.vocabulary import Role, State
from monitor.storage.orders import Order, co_handled

_OPEN = [str(state) for state in State if not state.closed]


class Section(SQLModel, table=True):
    """A section (科室); its code stands in rules and orders, and never changes.

    Every column is configuration. `phone` is told to the public, `position` is its place in lists.
    """

    code: str = Field(primary_key=True)
    label: str
    duties: str = ""
    phone: str = ""
    office: bool = False
    position: int = 0
    active: bool = True


class Person(SQLModel, table=True):
    """Someone who signs in; roles are stored words of the vocabulary.

    `asked_roles` are those that the system administrator proposed and nobody granted yet.
    """

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    username: str = Field(unique=True)
    name: str
    title: str = ""
    section: str | None = Field(default=None, foreign_key="section.code")
    roles: list[str] = Field(sa_column=Column(JSON, nullable=False))
    asked_roles: list[str] = Field(sa_column=Column(JSON, nullable=False), default_factory=list)
    password_hash: str = ""
    active: bool = True
    settings: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False), default_factory=dict)


class Deputy(SQLModel, table=True):
    """Somebody stands in for another from one day to another, both included (代理)."""

    id: int | None = Field(default=None, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    deputy_id: UUID = Field(foreign_key="person.id", index=True)
    first_day: date
    last_day: date
    reason: str = ""
    made_at: datetime = Field(sa_type=UTCDateTime)
    made_by: str
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    ended_by: str = ""


class Demonstration(SQLModel, table=True):
    """Its one row marks a database whose people and orders are invented and may be thrown away."""

    id: int = Field(default=1, primary_key=True)
    founded_at: datetime = Field(sa_type=UTCDateTime)
    took_seconds: int = 0


class Login(SQLModel, table=True):
    """A session on the server; the cookie's secret is stored only as a hash.

    `stands_for` is whose deputy the person is acting as just now.
    """

    secret_hash: str = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    started_at: datetime = Field(sa_type=UTCDateTime)
    seen_at: datetime = Field(sa_type=UTCDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    stands_for: UUID | None = None


class Invite(SQLModel, table=True):
    """A one-time address by which somebody sets his first or next password."""

    secret_hash: str = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    expires_at: datetime = Field(sa_type=UTCDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


def acting(person: Person, sections: dict[str, Section]) -> Acting:
    """The person as the rules see it."""
    section = sections.get(person.section or "")
    return Acting(
        name=person.name,
        roles=frozenset(Role(role) for role in person.roles),
        section=person.section,
        office=bool(section and section.office),
        id=person.id,
        username=person.username,
    )


def sections(session: Session) -> dict[str, Section]:
    """All sections by code, in their order."""
    found = session.exec(select(Section).order_by(col(Section.position), col(Section.code)))
    return {section.code: section for section in found}


def by_username(session: Session, username: str) -> Person | None:
    """The person with this login name, signed out or not."""
    return session.exec(select(Person).where(Person.username == username)).first()


def by_id(session: Session, person_id: UUID) -> Person | None:
    """The person with this id, whether still here or not."""
    return session.get(Person, person_id)


def handlers(session: Session, section: str) -> list[Person]:
    """The active people of a section, by name."""
    found = session.exec(
        select(Person)
        .where(Person.section == section, col(Person.active).is_(True))
        .order_by(col(Person.username))
    )
    return list(found)


def everyone(session: Session) -> list[Person]:
    """All accounts, by section and name."""
    found = session.exec(select(Person).order_by(col(Person.section), col(Person.username)))
    return list(found)


def open_logins(session: Session, since: datetime) -> list[tuple[Login, Person]]:
    """Sessions that run and were used since a moment, newest use first."""
    found = session.exec(
        select(Login, Person)
        .join(Person, col(Person.id) == col(Login.person_id))
        .where(col(Login.ended_at).is_(None), Login.seen_at > since)
        .order_by(col(Login.seen_at).desc())
        .limit(200)
    )
    return list(found)


def names(session: Session) -> dict[UUID, str]:
    """Everyone's name by id, for lists."""
    return dict(session.exec(select(Person.id, Person.name)).all())


def login_of(session: Session, secret_hash: str) -> tuple[Login, Person] | None:
    """The running session with this secret and its person."""
    return session.exec(
        select(Login, Person)
        .join(Person, col(Person.id) == col(Login.person_id))
        .where(
            Login.secret_hash == secret_hash,
            col(Login.ended_at).is_(None),
            col(Person.active).is_(True),
        )
    ).first()


def end_logins(session: Session, person_id: UUID, now: datetime) -> None:
    """End every running session of a person."""
    session.exec(
        update(Login)
        .where(col(Login.person_id) == person_id, col(Login.ended_at).is_(None))
        .values(ended_at=now)
    )


def open_invites(session: Session, person_id: UUID) -> list[Invite]:
    """The invitations of a person that nobody has used."""
    mine = select(Invite).where(Invite.person_id == person_id, col(Invite.used_at).is_(None))
    return list(session.exec(mine))


def standing_in(
    session: Session, day: date, *, deputy: UUID | None = None, person: UUID | None = None
) -> list[Deputy]:
    """The deputies in force on a day: those of one deputy, those of one person, or all."""
    query = select(Deputy).where(
        col(Deputy.ended_at).is_(None), Deputy.first_day <= day, Deputy.last_day >= day
    )
    if deputy is not None:
        query = query.where(Deputy.deputy_id == deputy)
    if person is not None:
        query = query.where(Deputy.person_id == person)
    return list(session.exec(query.order_by(col(Deputy.id))))


def deputies(session: Session, since: date, *, person: UUID | None = None) -> list[Deputy]:
    """Deputies that hold or will hold after a day, by their first day."""
    query = select(Deputy).where(col(Deputy.ended_at).is_(None), Deputy.last_day >= since)
    if person is not None:
        query = query.where(Deputy.person_id == person)
    return list(session.exec(query.order_by(col(Deputy.first_day), col(Deputy.id))))


def locked(session: Session) -> list[Person]:
    """All accounts, nobody else changing one until this transaction ends."""
    query = select(Person).order_by(col(Person.username)).with_for_update()
    return list(session.exec(query.execution_options(populate_existing=True)))


def last_logins(session: Session) -> dict[UUID, datetime]:
    """When each person signed in last."""
    query = select(Login.person_id, func.max(Login.started_at)).group_by(col(Login.person_id))
    return {person: at for person, at in session.exec(query) if at is not None}


def open_work(session: Session, person_id: UUID) -> list[Order]:
    """The orders not closed yet whose handler is this person, oldest first."""
    return list(
        session.exec(
            select(Order)
            .where(Order.handler_id == person_id, col(Order.state).in_(_OPEN))
            .order_by(col(Order.received_at))
        )
    )


def open_work_counts(session: Session) -> dict[UUID, int]:
    """How many open orders each handler has."""
    query = (
        select(Order.handler_id, func.count())
        .where(col(Order.handler_id).is_not(None), col(Order.state).in_(_OPEN))
        .group_by(col(Order.handler_id))
    )
    return {person: count for person, count in session.exec(query) if person is not None}


def open_orders_of(session: Session, sections: Sequence[str]) -> dict[str, int]:
    """How many open orders each of these sections leads."""
    query = (
        select(Order.section, func.count())
        .where(col(Order.section).in_(sections), col(Order.state).in_(_OPEN))
        .group_by(col(Order.section))
    )
    return {code: count for code, count in session.exec(query) if code is not None}


def open_co_orders(session: Session, section: str) -> int:
    """How many open orders name this section beside the leading one."""
    query = select(func.count()).select_from(Order)
    return session.exec(query.where(co_handled(section), col(Order.state).in_(_OPEN))).one()
