"""Event: append-only, a hash chain an order, a system chain a day, the daily seal; job runs."""

import hashlib
from collections.abc import Collection, Generator, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, cast, collate, type_coerce
from sqlalchemy import select as sa_select
from sqlmodel import Field, Session, SQLModel, Text, UTCDateTime, col, func, select

from monitor.storage.db import upsert, write_rows

_BLOB = LargeBinary()
_NO_TIME = datetime.max.replace(tzinfo=UTC)


class Event(SQLModel, table=True):
    """One thing that happened; `chain` is an order's id or the system's day."""

    __table_args__ = (Index("ix_event_chain", "chain", "sequence", unique=True),)

    id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    )
    chain: str
    sequence: int
    what: str
    actor: str
    at: datetime = Field(sa_type=UTCDateTime, index=True)
    details: str = Field(sa_type=Text)
    previous: str
    hash: str


class Link(NamedTuple):
    """An event as a walk reads it."""

    chain: str
    sequence: int
    what: str
    actor: str
    at: datetime
    details: str
    previous: str
    hash: str


class SystemHead(SQLModel, table=True):
    """Count and head of a day's system chain, with an HMAC outside the database's reach."""

    chain: str = Field(primary_key=True)
    count: int
    head: str
    mac: str


class Seal(SQLModel, table=True):
    """The daily seal over the heads and counts of all chains up to the end of a day."""

    day: date = Field(primary_key=True)
    until: datetime = Field(sa_type=UTCDateTime)
    chains: int
    events: int
    digest: str
    mac: str
    made_at: datetime = Field(sa_type=UTCDateTime)


class JobRun(SQLModel, table=True):
    """A job of the timetable: its last run, its last failure, and whether a run is asked for.

    `took` is in seconds.
    """

    name: str = Field(primary_key=True)
    label: str
    position: int = 0
    plan: str = ""
    started_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    took: float | None = None
    next_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    error: str = ""
    failed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    failure: str = ""
    asked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    asked_by: str = ""


def canonical(details: Mapping[str, object]) -> str:
    """The one JSON text of a mapping: sorted keys, no blanks, UTC times."""
    return orjson.dumps(
        details, option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z, default=str
    ).decode()


def link(
    chain: str, sequence: int, what: str, actor: str, at: datetime, details: str, previous: str
) -> dict[str, Any]:
    """The row of the next event of a chain, its hash included."""
    # Read back, a moment is in UTC, whatever offset it was given with.
    moment = at.astimezone(UTC).isoformat()
    body = "\n".join((chain, str(sequence), what, actor, moment, details, previous))
    return {
        "chain": chain,
        "sequence": sequence,
        "what": what,
        "actor": actor,
        "at": at,
        "details": details,
        "previous": previous,
        "hash": hashlib.sha256(body.encode(errors="surrogateescape")).hexdigest(),
    }


def append(session: Session, rows: list[dict[str, Any]]) -> None:
    """Write linked events."""
    write_rows(session, Event, rows)


def of_order(session: Session, order_id: UUID) -> list[Event]:
    """The whole story of an order, oldest first."""
    return list(
        session.exec(select(Event).where(Event.chain == order_id.hex).order_by(col(Event.sequence)))
    )


def walk(
    session: Session, *, since: datetime | None = None, until: datetime | None = None
) -> Generator[Link, None, None]:
    """All events chain by chain, each in its order; streamed.

    What somebody wrote into a file past this program is read too, as far as it can be.
    """
    embedded = session.get_bind().dialect.name == "sqlite"
    query = sa_select(*(_raw(name, embedded=embedded) for name in Link._fields))
    chain = col(Event.chain) if embedded else collate(col(Event.chain), "C")
    query = query.order_by(chain, col(Event.sequence))
    if since is not None:
        query = query.where(col(Event.at) >= since)
    if until is not None:
        query = query.where(col(Event.at) < until)
    with session.execute(query.execution_options(yield_per=2000)) as found:
        yield from map(_link if embedded else Link._make, found)


def _raw(name: str, *, embedded: bool) -> Any:
    column = getattr(Event, name)
    return type_coerce(cast(column, _BLOB), _BLOB) if embedded and name != "sequence" else column


def _link(row: Any) -> Link:
    """A row of SQLite, whose texts may hold any bytes; a time that is none is no time of ours."""
    told: dict[str, Any] = {
        name: value.decode(errors="surrogateescape") if isinstance(value, bytes) else value
        for name, value in zip(Link._fields, row, strict=True)
    }
    told["at"] = _moment(told["at"])
    if not isinstance(told["sequence"], int):
        told["sequence"] = 0
    return Link(**told)


def _moment(written: object) -> datetime:
    """A time exactly as this program writes it; anything else is none of ours."""
    try:
        moment = datetime.fromisoformat(str(written))
    except ValueError:
        return _NO_TIME
    ours = moment.isoformat(" ", "microseconds") == written
    return moment.replace(tzinfo=UTC) if ours else _NO_TIME


def system_head(session: Session, chain: str) -> SystemHead:
    """The head of a day's system chain, made if absent, locked for the one who appends."""
    session.execute(
        upsert(session, SystemHead)
        .values(chain=chain, count=0, head="", mac="")
        .on_conflict_do_nothing(index_elements=["chain"])
    )
    return session.exec(
        select(SystemHead)
        .where(SystemHead.chain == chain)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def system_heads(session: Session) -> Iterable[SystemHead]:
    """The heads of all system chains."""
    return session.exec(select(SystemHead).order_by(col(SystemHead.chain)))


def seals(session: Session) -> list[Seal]:
    """All daily seals, oldest first."""
    return list(session.exec(select(Seal).order_by(col(Seal.day))))


def latest(session: Session, *, limit: int = 200, before: int | None = None) -> list[Event]:
    """The newest events of every chain, for the auditor."""
    query = select(Event).order_by(col(Event.id).desc()).limit(limit)
    if before is not None:
        query = query.where(col(Event.id) < before)
    return list(session.exec(query))


def latest_of_system(session: Session, kinds: Collection[str], *, limit: int = 20) -> list[Event]:
    """The newest events of these kinds that belong to no order."""
    query = select(Event).where(
        col(Event.chain).between("sys:", "sys;"), col(Event.what).in_(kinds)
    )
    return list(session.exec(query.order_by(col(Event.id).desc()).limit(limit)))


def first_at(session: Session) -> datetime | None:
    """When the oldest event was written."""
    return session.exec(select(Event.at).order_by(col(Event.at)).limit(1)).first()


def count(session: Session) -> int:
    """How many events there are."""
    return session.exec(select(func.count()).select_from(Event)).one()


def job_runs(session: Session) -> dict[str, JobRun]:
    """Every job of the timetable, in its order, by name."""
    found = session.exec(select(JobRun).order_by(col(JobRun.position), col(JobRun.name)))
    return {run.name: run for run in found}


def job_run(session: Session, name: str, *, hold: bool = False) -> JobRun | None:
    """One job of the timetable; `hold` locks its row until the transaction ends."""
    return session.get(JobRun, name, with_for_update=hold, populate_existing=hold)


def put_down(session: Session, row: dict[str, Any]) -> None:
    """Write down that there is such a job; its runs stay as they are."""
    told = {name: row[name] for name in ("label", "position", "plan")}
    session.execute(
        upsert(session, JobRun)
        .values(**{"error": "", "failure": "", "asked_by": "", **row})
        .on_conflict_do_update(index_elements=["name"], set_=told)
    )


def asked_jobs(session: Session) -> list[str]:
    """The jobs of which somebody wants a run now."""
    return list(session.exec(select(JobRun.name).where(col(JobRun.asked_at).is_not(None))))
