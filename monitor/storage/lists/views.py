"""SavedView: an address of the list under a name; ListChoice: how somebody wants lists to open."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, Text, UTCDateTime, and_, col, delete, or_, select

from monitor.domain.access import Acting

ALL, SECTION = "all", "section"


class SavedView(SQLModel, table=True):
    """A name for an address: `query` holds filters and columns, never what one may see."""

    __table_args__ = (UniqueConstraint("person_id", "name"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    name: str
    query: str = Field(sa_type=Text)
    shared: str = ""
    section: str | None = None
    by: str = ""
    at: datetime = Field(sa_type=UTCDateTime)


class ListChoice(SQLModel, table=True):
    """One person's columns of the list, and the view that it opens with."""

    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    columns: list[str] = Field(sa_column=Column(JSON, nullable=False), default_factory=list)
    view_id: UUID | None = None


def offered(session: Session, who: Acting) -> list[SavedView]:
    """One's own views, then those that others share with one, by name."""
    mine = col(SavedView.person_id) == who.id
    seen = or_(mine, col(SavedView.shared) == ALL)
    if who.section:
        with_us = and_(col(SavedView.shared) == SECTION, col(SavedView.section) == who.section)
        seen = or_(seen, with_us)
    found = session.exec(select(SavedView).where(seen).order_by(col(SavedView.name)))
    return sorted(found, key=lambda view: view.person_id != who.id)


def choice(session: Session, who: Acting) -> ListChoice | None:
    """How this person wants the list to open, if he ever said."""
    return session.get(ListChoice, who.id) if who.id else None


def choose(session: Session, person_id: UUID) -> ListChoice:
    """The person's choice, to be changed; a new one where there is none."""
    found = session.get(ListChoice, person_id) or ListChoice(person_id=person_id)
    session.add(found)
    return found


def remove(session: Session, view: SavedView) -> None:
    """Forget a view; whoever opened lists with it opens them plain again."""
    for one in session.exec(select(ListChoice).where(col(ListChoice.view_id) == view.id)):
        one.view_id = None
        session.add(one)
    session.exec(delete(SavedView).where(col(SavedView.id) == view.id))
