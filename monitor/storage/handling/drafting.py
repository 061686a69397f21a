"""MachineDraft: what a drafting program proposed for an answer; never an answer by itself."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, Session, SQLModel, Text, UTCDateTime, col, select


class MachineDraft(SQLModel, table=True):
    """One proposal. `model` names the program that wrote it, `by` who asked for it."""

    id: UUID = Field(primary_key=True)
    order_id: UUID = Field(foreign_key="order.id", index=True)
    at: datetime = Field(sa_type=UTCDateTime)
    by: str
    model: str
    text: str = Field(sa_type=Text)


def latest(session: Session, order_id: UUID) -> MachineDraft | None:
    """The newest proposal for an order."""
    query = select(MachineDraft).where(MachineDraft.order_id == order_id)
    return session.exec(query.order_by(col(MachineDraft.at).desc()).limit(1)).first()


def of_order(session: Session, order_id: UUID) -> list[MachineDraft]:
    """Every proposal for an order, oldest first."""
    query = select(MachineDraft).where(MachineDraft.order_id == order_id)
    return list(session.exec(query.order_by(col(MachineDraft.at))))
