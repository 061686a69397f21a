"""Order, its earlier originals, readings and merges; the scoped way to list."""

from collections.abc import Collection, Generator, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Column,
    Index,
    UniqueConstraint,
    bindparam,
    cast,
    or_,
)
from sqlalchemy import select as sa_select
from sqlalchemy import text as sql
from sqlmodel import Field, Session, SQLModel, Text, UTCDateTime, col, false, func, select
from sqlmodel.sql.expression import SelectOfScalar

from monitor.domain.access import SECTION_ROLES, Acting, may_see
from monitor.domain.errors import NotFound
from monitor.domain.vocabulary import State
from monitor.storage.db import ask, upsert_of

_INTAKE = 12345


class Order(SQLModel, table=True):
    """A work order (工单): the original, the suggestion, the decision, and where it stands."""

    __table_args__ = (
        UniqueConstraint("channel", "upstream_no"),
        # Few orders are merged into others: the rest need no place in this index.
        Index(
            "ix_order_master_id",
            "master_id",
            sqlite_where=sql("master_id IS NOT NULL"),
            postgresql_where=sql("master_id IS NOT NULL"),
        ),
        Index("ix_order_state", "state", "received_at"),
        Index("ix_order_section", "section", "state"),
        Index("ix_order_standing", "state", "historical", "section", "channel", "received_on"),
        Index("ix_order_received", "received_on", "historical", "channel", "section"),
    )

    id: UUID = Field(primary_key=True)
    number: str = Field(unique=True)
    channel: str
    via: str
    upstream_no: str | None = None
    state: str
    version: int = 1
    round: int = 1
    title: str
    text: str = Field(sa_type=Text)
    original_version: int = 1
    place: str = ""
    consent: bool | None = None
    received_at: datetime = Field(sa_type=UTCDateTime)
    received_on: date
    date_only: bool = False
    arrival: str | None = None
    registered_at: datetime = Field(sa_type=UTCDateTime)
    registered_by: str = ""
    historical: bool = False
    stated_type: str | None = None
    stated_urgency: str | None = None
    suggested_topic: str | None = None
    suggested_type: str | None = None
    suggested_urgency: str | None = None
    suggested_section: str | None = None
    confidence: float | None = None
    topic: str | None = None
    request_type: str | None = None
    urgency: str | None = None
    section: str | None = Field(default=None, foreign_key="section.code")
    co_sections: list[str] = Field(sa_column=Column(JSON, nullable=False), default_factory=list)
    catalogue_row: str = ""
    decided_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    decided_by: str = ""
    handler_id: UUID | None = Field(default=None, foreign_key="person.id")
    master_id: UUID | None = Field(default=None, foreign_key="order.id")
    returns: int = 0
    forced: bool = False
    legal_asked: bool = False
    upstream: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False), default_factory=dict)
    upstream_due: datetime | None = Field(default=None, sa_type=UTCDateTime)
    lookup_mac: str | None = Field(default=None, unique=True)
    event_count: int = 0
    event_head: str = ""
    event_mac: str = ""


class Original(SQLModel, table=True):
    """An earlier or later wording of the original; the first stays for ever."""

    order_id: UUID = Field(foreign_key="order.id", primary_key=True)
    version: int = Field(primary_key=True)
    title: str
    text: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=UTCDateTime)
    by: str = ""


class Reading(SQLModel, table=True):
    """Everything the readers said about one wording of an order, in one row."""

    order_id: UUID = Field(foreign_key="order.id", primary_key=True)
    sequence: int = Field(primary_key=True)
    original_version: int = 1
    at: datetime = Field(sa_type=UTCDateTime)
    engine: str = ""
    findings: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class Merge(SQLModel, table=True):
    """A repeat joined to its master order; undone rows stay as history."""

    id: int | None = Field(default=None, primary_key=True)
    order_id: UUID = Field(foreign_key="order.id", index=True)
    master_id: UUID = Field(foreign_key="order.id", index=True)
    at: datetime = Field(sa_type=UTCDateTime)
    by: str
    undone_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class Counter(SQLModel, table=True):
    """The last order number given on a day in Shanghai."""

    day: date = Field(primary_key=True)
    last: int


def alone(session: Session) -> None:
    """Nobody else takes records in until this transaction ends; SQLite's writers queue anyway.

    Else two callers who both found a number unknown would both write it.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_INTAKE)))


def take_numbers(session: Session, day: date, count: int) -> int:
    """Reserve `count` order numbers of a day; the first of the block. Gaps may remain."""
    last: int
    [(last,)] = ask(session, _taking(session.get_bind().dialect.name), of=day, count=count)
    return last - count + 1


@cache
def _taking(dialect: str) -> Any:
    return (
        upsert_of(dialect, Counter)
        .values(day=bindparam("of"), last=bindparam("count"))
        .on_conflict_do_update(
            index_elements=["day"], set_={"last": col(Counter.last) + bindparam("count")}
        )
        .returning(col(Counter.last))
    )


def visible_to(who: Acting) -> SelectOfScalar[Order]:
    """The orders this person may see; every list begins here."""
    query = select(Order)
    if who.sees_all:
        return query
    if who.section and who.has(*SECTION_ROLES):
        return query.where(_own(who.section))
    return query.where(false())


def _own(section: str) -> Any:
    return or_(col(Order.section) == section, co_handled(section))


def co_handled(section: str) -> Any:
    """The section is one of the co-sections."""
    # The list of co-sections is JSON text on both databases; codes are plain identifiers.
    return cast(col(Order.co_sections), Text).like(f'%"{section}"%')


def visible(who: Acting, order: Order) -> bool:
    """Whether this person may see this order: the same law as `visible_to`, for one in hand."""
    return may_see(who, section=order.section, co_sections=tuple(order.co_sections))


def answered_among(session: Session, who: Acting, ids: Sequence[UUID]) -> list[Order]:
    """Those of these orders that were answered and that the person may see."""
    states = (State.ANSWERED, State.TO_ARCHIVE, State.ARCHIVED)
    query = visible_to(who).where(col(Order.id).in_(ids), col(Order.state).in_(states))
    return list(session.exec(query))


def get(session: Session, who: Acting, number: str) -> Order:
    """The order with this number; NotFound when it is absent or another section's."""
    order = session.exec(visible_to(who).where(Order.number == number)).first()
    if order is None:
        message = f"没有找到工单 {number[:24]}，或不属于您的科室。"
        raise NotFound(message, remedy="请核对编号，或用搜索查找。")
    return order


def worded(
    session: Session, who: Acting, ids: Collection[UUID | None]
) -> dict[UUID, tuple[str, str, str]]:
    """Text, title and place of those of these orders that the person may see."""
    parts = (col(Order.id), col(Order.text), col(Order.title), col(Order.place))
    query = visible_to(who).with_only_columns(*parts).where(col(Order.id).in_(ids))
    return {id_: tuple(said) for id_, *said in session.execute(query)}


def by_ids(session: Session, ids: Sequence[UUID]) -> dict[UUID, Order]:
    """Orders by id, unscoped: for beams that already hold them."""
    found = session.exec(select(Order).where(col(Order.id).in_(ids)))
    return {order.id: order for order in found}


def by_upstream(session: Session, channel: str, numbers: Sequence[str]) -> dict[str, Order]:
    """Orders already taken from this channel under these upstream numbers."""
    found = session.exec(
        select(Order).where(Order.channel == channel, col(Order.upstream_no).in_(numbers))
    )
    return {order.upstream_no or "": order for order in found}


def by_any_number(session: Session, who: Acting, number: str) -> list[Order]:
    """Orders with this own or upstream number that the person may see."""
    query = visible_to(who).where(
        or_(col(Order.number) == number, col(Order.upstream_no) == number)
    )
    return list(session.exec(query.limit(10)))


def by_lookup(session: Session, mac: str) -> Order | None:
    """The order whose 查询码 has this HMAC."""
    return session.exec(select(Order).where(Order.lookup_mac == mac)).first()


def last_reading(session: Session, order_id: UUID) -> Reading | None:
    """What the readers said last about an order."""
    return session.exec(
        select(Reading).where(Reading.order_id == order_id).order_by(col(Reading.sequence).desc())
    ).first()


def originals(session: Session, order_id: UUID) -> list[Original]:
    """The wordings of an order that was changed upstream, oldest first; empty if never."""
    return list(
        session.exec(
            select(Original).where(Original.order_id == order_id).order_by(col(Original.version))
        )
    )


def by_state(session: Session) -> dict[str, int]:
    """How many orders stand in each state, over the whole office."""
    return dict(session.exec(select(Order.state, func.count()).group_by(Order.state)).all())


def heads(session: Session) -> Generator[tuple[UUID, str, int, str, str, str], None, None]:
    """Number, event count, head, its HMAC and the state of every order, by id; streamed."""
    told = (
        Order.id,
        Order.number,
        Order.event_count,
        Order.event_head,
        Order.event_mac,
        Order.state,
    )
    query = sa_select(*map(col, told)).order_by(col(Order.id))
    with session.execute(query.execution_options(yield_per=5000)) as found:
        yield from found


def children(session: Session, master_id: UUID) -> list[Order]:
    """The repeats merged into an order, oldest first."""
    return list(
        session.exec(
            select(Order)
            .where(Order.master_id == master_id)
            .order_by(col(Order.received_at), col(Order.number))
        )
    )


def running_merge(session: Session, order_id: UUID) -> Merge | None:
    """The merge in force of a merged order."""
    return session.exec(
        select(Merge).where(Merge.order_id == order_id, col(Merge.undone_at).is_(None))
    ).first()
