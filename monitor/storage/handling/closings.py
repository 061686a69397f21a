"""CallbackWaiver, Filing: who asked not to be called, and how long a file is kept."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlmodel import Field, Session, SQLModel, UTCDateTime, col, select

from monitor.storage.casework import Callback


class CallbackWaiver(SQLModel, table=True):
    """The requester said that he need not be called back."""

    order_id: UUID = Field(foreign_key="order.id", primary_key=True)
    at: datetime = Field(sa_type=UTCDateTime)
    by: str


class Filing(SQLModel, table=True):
    """One filing of an order; reopened ones stay as history."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    order_id: UUID = Field(foreign_key="order.id", index=True)
    round: int
    retention: str
    proposed: str
    why: str
    until: date | None = None
    at: datetime = Field(sa_type=UTCDateTime)
    by: str
    reopened_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    reopened_by: str = ""
    reopened_why: str = ""


def waiver(session: Session, order_id: UUID) -> CallbackWaiver | None:
    """Whether the requester asked not to be called back."""
    return session.get(CallbackWaiver, order_id)


def filing(session: Session, order_id: UUID) -> Filing | None:
    """The filing in force of an order."""
    return session.exec(
        select(Filing).where(Filing.order_id == order_id, col(Filing.reopened_at).is_(None))
    ).first()


def callbacks(session: Session, order_id: UUID) -> list[Callback]:
    """Every try to call back, oldest first; a correction stands after what it corrects."""
    return list(
        session.exec(
            select(Callback).where(Callback.order_id == order_id).order_by(col(Callback.at))
        )
    )
