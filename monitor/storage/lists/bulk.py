"""BulkRun and its items: one deed for many orders, each done or not, and why not."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column
from sqlmodel import Field, Session, SQLModel, UTCDateTime, col, func, select

_BULK = 12346

DONE, REFUSED, WAITING = "done", "refused", ""


class BulkRun(SQLModel, table=True):
    """What was to be done to which orders, by whom; ends when no item waits any more."""

    id: UUID = Field(primary_key=True)
    deed: str
    given: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False), default_factory=dict)
    total: int
    back: str = ""
    by: str
    person_id: UUID = Field(foreign_key="person.id", index=True)
    started_at: datetime = Field(sa_type=UTCDateTime)
    touched_at: datetime = Field(sa_type=UTCDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UTCDateTime, index=True)


class BulkItem(SQLModel, table=True):
    """One order of a run: the version that was looked at, and what became of it."""

    run_id: UUID = Field(foreign_key="bulkrun.id", primary_key=True)
    position: int = Field(primary_key=True)
    number: str
    seen: int
    outcome: str = WAITING
    reason: str = ""
    remedy: str = ""


def alone(session: Session) -> None:
    """Nobody else begins a run until this transaction ends; SQLite's writers queue anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_BULK)))


def run(session: Session, run_id: UUID, *, hold: bool = False) -> BulkRun | None:
    """A run by its id, held until the transaction ends if it is to be finished."""
    return session.get(BulkRun, run_id, with_for_update=hold or None)


def item(session: Session, run_id: UUID, position: int) -> BulkItem | None:
    """One order of a run, held until the transaction ends."""
    return session.get(BulkItem, (run_id, position), with_for_update=True)


def items(session: Session, run_id: UUID) -> list[BulkItem]:
    """Every order of a run, in the order of the list."""
    found = select(BulkItem).where(BulkItem.run_id == run_id).order_by(col(BulkItem.position))
    return list(session.exec(found))


def next_waiting(session: Session, run_id: UUID) -> BulkItem | None:
    """The first order that nothing became of yet, held until the transaction ends."""
    return session.exec(
        select(BulkItem)
        .where(BulkItem.run_id == run_id, BulkItem.outcome == WAITING)
        .order_by(col(BulkItem.position))
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def counts(session: Session, run_id: UUID) -> dict[str, int]:
    """How many are done, refused, waiting."""
    found = session.exec(
        select(BulkItem.outcome, func.count())
        .where(BulkItem.run_id == run_id)
        .group_by(BulkItem.outcome)
    )
    return dict(found.all())


def unfinished(session: Session) -> list[BulkRun]:
    """Runs in which something may still wait, oldest first."""
    found = select(BulkRun).where(col(BulkRun.finished_at).is_(None))
    return list(session.exec(found.order_by(col(BulkRun.started_at))))
