"""Section, Person, Login: who works here and who is signed in."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, Column
from sqlmodel import Field, Session, SQLModel, UTCDateTime, col, select, update

from monitor.domain.access import Acting
from monitor.domain.vocabulary import Role


class Section(SQLModel, table=True):
    """A section (科室); its code stands in rules and orders."""

    code: str = Field(primary_key=True)
    label: str
    duties: str = ""
    office: bool = False
    position: int = 0
    active: bool = True


class Person(SQLModel, table=True):
    """Someone who signs in; roles are stored words of the vocabulary."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    username: str = Field(unique=True)
    name: str
    title: str = ""
    section: str | None = Field(default=None, foreign_key="section.code")
    roles: list[str] = Field(sa_column=Column(JSON, nullable=False))
    password_hash: str = ""
    active: bool = True
    settings: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False), default_factory=dict)


class Login(SQLModel, table=True):
    """A session on the server; the cookie's secret is stored only as a hash."""

    secret_hash: str = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    started_at: datetime = Field(sa_type=UTCDateTime)
    seen_at: datetime = Field(sa_type=UTCDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class Invite(SQLModel, table=True):
    """A one-time address by which the first administrator sets a password."""

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
