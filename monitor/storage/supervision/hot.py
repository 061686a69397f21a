"""HotIssue and its members: what many write about now, kept from day to day under one name."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, Row, bindparam, update
from sqlalchemy import select as sa_select
from sqlmodel import Field, Session, SQLModel, Text, UTCDateTime, col, func, select

from monitor.domain.access import Acting
from monitor.storage.db import upsert, write_rows
from monitor.storage.orders import Order, visible_to


class HotIssue(SQLModel, table=True):
    """One place and one matter; `judged` is what the office made of the sign, if anything."""

    id: UUID = Field(primary_key=True)
    name: str = Field(unique=True)
    places: list[str] = Field(sa_column=Column(JSON, nullable=False), default_factory=list)
    heat: float = 0.0
    first_on: date
    last_on: date = Field(index=True)
    found_at: datetime = Field(sa_type=UTCDateTime)
    judged: str = ""
    reason: str = Field(default="", sa_type=Text)
    opened_number: str = ""
    judged_by: str = ""
    judged_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class HotMember(SQLModel, table=True):
    """An order that belongs to an issue; it belongs to one, and stays there."""

    order_id: UUID = Field(foreign_key="order.id", primary_key=True)
    issue_id: UUID = Field(foreign_key="hotissue.id", index=True)
    received_on: date


class HotRun(SQLModel, table=True):
    """Its one row says up to which moment of registration orders were looked at."""

    id: int = Field(default=1, primary_key=True)
    until: datetime = Field(sa_type=UTCDateTime)


def letters(
    session: Session, since: date | None = None, most: int | None = None
) -> Sequence[Row[Any]]:
    """What is read of all orders of the office; the newest where there is a most."""
    names = (
        "id",
        "number",
        "upstream_no",
        "received_at",
        "received_on",
        "registered_at",
        "title",
        "text",
        "upstream",
    )
    query = sa_select(*(col(getattr(Order, name)) for name in names))
    if since is not None:
        query = query.where(col(Order.received_on) >= since, col(Order.historical).is_(False))
    query = query.order_by(col(Order.received_at).desc(), col(Order.id).desc())
    return session.execute(query.limit(most) if most else query).all()


def newest(session: Session) -> datetime | None:
    """When the last order was registered."""
    return session.exec(select(func.max(Order.registered_at))).one()


def until(session: Session) -> datetime | None:
    """Up to which moment of registration orders were looked at."""
    found = session.get(HotRun, 1)
    return found.until if found else None


def looked(session: Session, moment: datetime) -> None:
    """Remember up to which moment of registration orders were looked at."""
    session.merge(HotRun(id=1, until=moment))


def known(session: Session, since: date) -> list[tuple[HotIssue, dict[UUID, date]]]:
    """The issues that had a member since a day, with all their members."""
    issues = session.exec(select(HotIssue).where(HotIssue.last_on >= since)).all()
    members: dict[UUID, dict[UUID, date]] = {issue.id: {} for issue in issues}
    found = session.exec(select(HotMember).where(col(HotMember.issue_id).in_(members)))
    for member in found:
        members[member.issue_id][member.order_id] = member.received_on
    return [(issue, members[issue.id]) for issue in sorted(issues, key=lambda one: one.id)]


def names(session: Session) -> set[str]:
    """All names that issues bear."""
    return set(session.exec(select(HotIssue.name)))


def join(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put orders into issues; one that belongs to an issue already stays where it is."""
    for row in rows:
        session.execute(
            upsert(session, HotMember)
            .values(**row)
            .on_conflict_do_nothing(index_elements=["order_id"])
        )


def found(session: Session, rows: list[dict[str, Any]]) -> None:
    """Write new issues."""
    write_rows(session, HotIssue, rows)


def warm(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Heat and last day of issues (of, new_heat, new_last)."""
    table = HotIssue.__table__  # type: ignore[attr-defined]
    if rows:
        session.connection().execute(
            update(table)
            .where(table.c.id == bindparam("of"))
            .values(heat=bindparam("new_heat"), last_on=bindparam("new_last")),
            [dict(row) for row in rows],
        )


def get(session: Session, issue_id: UUID, *, hold: bool = False) -> HotIssue | None:
    """One issue by its id; held until the end of the deed where one is to be done."""
    query = select(HotIssue).where(HotIssue.id == issue_id)
    return session.exec(query.with_for_update() if hold else query).first()


def counted(session: Session, who: Acting, ids: Collection[UUID]) -> Sequence[Row[Any]]:
    """Issue, day and section of each order of these issues that the person may see."""
    own = visible_to(who).with_only_columns(col(Order.id), col(Order.section)).subquery()
    query = (
        sa_select(col(HotMember.issue_id), col(HotMember.received_on), own.c.section)
        .join(own, own.c.id == col(HotMember.order_id))
        .where(col(HotMember.issue_id).in_(ids))
    )
    return session.execute(query).all()


def alive(session: Session, since: date) -> list[HotIssue]:
    """The issues with a member since a day, the hottest first."""
    query = select(HotIssue).where(HotIssue.last_on >= since)
    return list(session.exec(query.order_by(col(HotIssue.heat).desc(), col(HotIssue.name))))


def stirring(session: Session, who: Acting, since: date, least: int) -> list[HotIssue]:
    """Issues not judged yet with so many visible members since a day, the hottest first."""
    own = visible_to(who).with_only_columns(col(Order.id)).subquery()
    busy = (
        sa_select(col(HotMember.issue_id))
        .join(HotIssue, col(HotIssue.id) == col(HotMember.issue_id))
        .join(own, own.c.id == col(HotMember.order_id))
        .where(
            col(HotIssue.last_on) >= since,
            col(HotIssue.judged) == "",
            col(HotMember.received_on) >= since,
        )
        .group_by(col(HotMember.issue_id))
        .having(func.count() >= least)
    )
    query = select(HotIssue).where(col(HotIssue.id).in_(busy))
    return list(session.exec(query.order_by(col(HotIssue.heat).desc(), col(HotIssue.name))))


def of_order(session: Session, order_id: UUID) -> HotIssue | None:
    """The issue that an order belongs to."""
    query = select(HotIssue).join(HotMember, col(HotMember.issue_id) == col(HotIssue.id))
    return session.exec(query.where(HotMember.order_id == order_id)).first()


def members(session: Session, who: Acting, issue_id: UUID, most: int) -> list[Order]:
    """The orders of an issue that the person may see, newest first."""
    query = visible_to(who).join(HotMember, col(HotMember.order_id) == col(Order.id))
    query = query.where(HotMember.issue_id == issue_id)
    newest = query.order_by(col(Order.received_at).desc(), col(Order.id)).limit(most)
    return list(session.exec(newest))


def behind(issue_id: UUID) -> Any:
    """The ids of the orders of an issue, as a condition's inner query."""
    return sa_select(col(HotMember.order_id)).where(col(HotMember.issue_id) == issue_id)
