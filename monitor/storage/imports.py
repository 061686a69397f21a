"""ImportRun, the mapping remembered by header fingerprint, the encrypted source row."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, Column
from sqlmodel import Field, Session, SQLModel, UTCDateTime, col, select


class ImportRun(SQLModel, table=True):
    """One import: its counts tie (read = created + updated + unchanged + rejected)."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    state: str
    channel: str
    name: str = ""
    chunks: int = 0
    chunks_done: int = 0
    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    errors: list[dict[str, Any]] = Field(
        sa_column=Column(JSON, nullable=False), default_factory=list
    )
    columns: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False), default_factory=dict)
    rehearsal: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False), default_factory=dict)
    failure: str = ""
    by: str
    person_id: UUID | None = None
    started_at: datetime = Field(sa_type=UTCDateTime, index=True)
    touched_at: datetime = Field(sa_type=UTCDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class HeaderMapping(SQLModel, table=True):
    """Which header stands for which field, as somebody decided once for this header row."""

    fingerprint: str = Field(primary_key=True)
    mapping: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    by: str
    at: datetime = Field(sa_type=UTCDateTime)


class SourceRow(SQLModel, table=True):
    """All cells of the row an order came from, encrypted; `digest` tells an unchanged row."""

    order_id: UUID = Field(foreign_key="order.id", primary_key=True)
    body: bytes
    digest: str


def sources(session: Session, ids: Sequence[UUID]) -> dict[UUID, SourceRow]:
    """The stored source rows of these orders."""
    found = session.exec(select(SourceRow).where(col(SourceRow.order_id).in_(ids)))
    return {row.order_id: row for row in found}


def mapping(session: Session, fingerprint: str) -> dict[str, str]:
    """The remembered mapping of a header row, or none."""
    remembered = session.get(HeaderMapping, fingerprint)
    return dict(remembered.mapping) if remembered else {}


def recent(session: Session, *, limit: int = 20) -> list[ImportRun]:
    """The newest imports."""
    return list(
        session.exec(select(ImportRun).order_by(col(ImportRun.started_at).desc()).limit(limit))
    )


def unfinished(session: Session) -> list[ImportRun]:
    """Imports that were confirmed and have not ended."""
    return list(
        session.exec(select(ImportRun).where(col(ImportRun.state).in_(("queued", "running"))))
    )
