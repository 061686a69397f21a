"""ModelVersion: a model proposed, in force or past, with its scores; LearnRun: one lesson."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column
from sqlmodel import Field, Session, SQLModel, UTCDateTime, col, func, select

from monitor.domain.vocabulary import State
from monitor.storage.orders import Order

PROPOSED, LIVE, FORMER, DROPPED = "proposed", "live", "former", "dropped"


class ModelVersion(SQLModel, table=True):
    """One model of one reader. `learnt_until`: decisions made later are new to it.

    `compared` holds how it and the model in force did on the same decisions, or why not.
    """

    version: str = Field(primary_key=True)
    reader: str = Field(index=True)
    status: str
    n: int
    own: int
    engine: str
    data_hash: str
    scores: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    compared: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    learnt_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    trained_at: datetime = Field(sa_type=UTCDateTime)
    decided_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    decided_by: str = ""
    reason: str = ""


class LearnRun(SQLModel, table=True):
    """One lesson: how many decisions there were, and what the newest would have met alone.

    `tried` holds [order id, confidence, what would have differed] of each order held back.
    """

    id: UUID = Field(primary_key=True)
    at: datetime = Field(sa_type=UTCDateTime, index=True)
    own: int
    tried: list[list[Any]] = Field(sa_column=Column(JSON, nullable=False))


def of_reader(session: Session, reader: str, most: int = 20) -> list[ModelVersion]:
    """The versions of a reader, the newest first."""
    query = select(ModelVersion).where(ModelVersion.reader == reader)
    return list(session.exec(query.order_by(col(ModelVersion.trained_at).desc()).limit(most)))


def standing(session: Session, reader: str, status: str) -> ModelVersion | None:
    """The newest version of a reader in a state, held until the transaction ends."""
    query = (
        select(ModelVersion)
        .where(ModelVersion.reader == reader, ModelVersion.status == status)
        .order_by(col(ModelVersion.decided_at).desc(), col(ModelVersion.trained_at).desc())
    )
    return session.exec(query.limit(1).with_for_update()).first()


def waiting(session: Session) -> int:
    """How many models wait for somebody to look at them."""
    query = select(func.count()).select_from(ModelVersion)
    return session.exec(query.where(ModelVersion.status == PROPOSED)).one()


def latest_run(session: Session) -> LearnRun | None:
    """The last lesson."""
    return session.exec(select(LearnRun).order_by(col(LearnRun.at).desc()).limit(1)).first()


def examples(session: Session, before: datetime, most: int, *, but: str) -> list[Order]:
    """The newest orders that people decided before a moment, oldest first.

    What `but` decided is left out: a machine must not learn from itself.
    """
    query = (
        select(Order)
        .where(
            col(Order.topic).is_not(None), col(Order.decided_at) < before, Order.decided_by != but
        )
        .order_by(col(Order.decided_at).desc(), col(Order.number).desc())
    )
    return list(reversed(session.exec(query.limit(most)).all()))


def in_triage(session: Session, threshold: float, most: int) -> Sequence[UUID]:
    """Orders in triage that nobody has touched, with a suggestion sure enough, newest first."""
    query = (
        select(Order.id)
        .where(
            Order.state == State.TRIAGE,
            Order.version == 1,
            col(Order.historical).is_(False),
            col(Order.suggested_section).is_not(None),
            col(Order.confidence) >= threshold,
        )
        .order_by(col(Order.received_at).desc(), col(Order.number).desc())
    )
    return session.exec(query.limit(most)).all()
