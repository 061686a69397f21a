"""Opened: which orders somebody looked at last; his own rows, never more than a few."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, Session, SQLModel, UTCDateTime, col, delete, select

from monitor.domain.access import Acting
from monitor.storage.db import upsert
from monitor.storage.orders import Order, visible_to

MOST = 20


class Opened(SQLModel, table=True):
    """One order that one person opened, and when last."""

    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    order_id: UUID = Field(foreign_key="order.id", primary_key=True)
    at: datetime = Field(sa_type=UTCDateTime)


def note(session: Session, person_id: UUID, order_id: UUID, now: datetime) -> None:
    """Remember that the order was opened now; the oldest beyond twenty are forgotten."""
    session.execute(
        upsert(session, Opened)
        .values(person_id=person_id, order_id=order_id, at=now)
        .on_conflict_do_update(index_elements=["person_id", "order_id"], set_={"at": now})
    )
    kept = (
        select(Opened.order_id)
        .where(Opened.person_id == person_id)
        .order_by(col(Opened.at).desc(), col(Opened.order_id).desc())
        .limit(MOST)
    )
    session.exec(
        delete(Opened).where(col(Opened.person_id) == person_id, col(Opened.order_id).not_in(kept))
    )


def last(session: Session, who: Acting, most: int = MOST) -> list[Order]:
    """What the person opened last, newest first, as far as he may still see it."""
    found = (
        visible_to(who)
        .join(Opened, col(Opened.order_id) == col(Order.id))
        .where(col(Opened.person_id) == who.id)
        .order_by(col(Opened.at).desc(), col(Order.id).desc())
        .limit(most)
    )
    return list(session.exec(found))
