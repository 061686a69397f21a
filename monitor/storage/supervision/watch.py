"""Which clocks must be looked at, and when each must be looked at again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, or_, update
from sqlmodel import Session, col, select

from monitor.storage.db import upsert
from monitor.storage.deadlines import LOOK_NOW, Clock
from monitor.storage.orders import Order
from monitor.storage.supervision.cards import WatchMark

Place = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class Looked:
    """A clock that was looked at as it stood then, and when to look again."""

    clock_id: UUID
    watch_at: datetime
    due_at: datetime
    again: datetime | None


def due(
    session: Session, now: datetime, *, limit: int, after: Place | None = None
) -> list[tuple[Clock, Order]]:
    """Clocks whose moment has come, the earliest first, with their orders."""
    at = col(Clock.watch_at)
    query = (
        select(Clock, Order)
        .join(Order, col(Order.id) == col(Clock.order_id))
        .where(at.is_not(None), at <= now)
        .order_by(at, col(Clock.id))
        .limit(limit)
    )
    if after is not None:
        moment, last = after
        query = query.where(at >= moment, or_(at > moment, col(Clock.id) > last))
    return list(session.exec(query))


def running(session: Session, limit: int) -> list[tuple[Clock, Order]]:
    """Clocks that run, the earliest due first, with their orders."""
    query = (
        select(Clock, Order)
        .join(Order, col(Order.id) == col(Clock.order_id))
        .where(
            col(Clock.ended_at).is_(None), col(Clock.cancelled_at).is_(None),
            col(Clock.historical).is_(False), col(Order.historical).is_(False),
        )
        .order_by(col(Clock.due_at), col(Clock.id))
        .limit(limit)
    )  # fmt: skip
    return list(session.exec(query))


def of_order(session: Session, order_id: UUID, now: datetime) -> list[Clock]:
    """The clocks of one order whose moment has come."""
    query = select(Clock).where(
        Clock.order_id == order_id, col(Clock.watch_at).is_not(None), col(Clock.watch_at) <= now
    )
    return list(session.exec(query))


def put_off(session: Session, looked: Sequence[Looked]) -> None:
    """Look at these again when it is time; one that has changed meanwhile keeps its own time."""
    if not looked:
        return
    table = Clock.__table__  # type: ignore[attr-defined]
    statement = (
        update(table)
        .where(
            table.c.id == bindparam("of"),
            table.c.watch_at == bindparam("seen"),
            table.c.due_at == bindparam("due"),
        )
        .values(watch_at=bindparam("again"))
    )
    session.connection().execute(
        statement,
        [
            {"of": one.clock_id, "seen": one.watch_at, "due": one.due_at, "again": one.again}
            for one in looked
        ],
    )


def look_again(session: Session, order_id: UUID) -> None:
    """Something beside the clocks has changed: look at those of this order at the next round."""
    session.flush()
    session.execute(
        update(Clock)
        .where(col(Clock.order_id) == order_id, col(Clock.ended_at).is_(None))
        .values(watch_at=LOOK_NOW)
    )


def renew(session: Session, edition: str) -> bool:
    """Look at every running clock again if the rules are others than last time; whether so."""
    session.execute(upsert(session, WatchMark).values(id=1, edition="").on_conflict_do_nothing())
    mark = session.exec(select(WatchMark).with_for_update()).one()
    if mark.edition == edition:
        return False
    session.execute(
        update(Clock)
        .where(
            col(Clock.ended_at).is_(None),
            col(Clock.cancelled_at).is_(None),
            col(Clock.historical).is_(False),
        )
        .values(watch_at=LOOK_NOW)
    )
    mark.edition = edition
    session.add(mark)
    return True
