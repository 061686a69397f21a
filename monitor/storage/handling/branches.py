"""Branch: one of the orders that a letter with several requests was split into."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, Session, SQLModel, UTCDateTime, col, select

from monitor.storage.orders import Order


class Branch(SQLModel, table=True):
    """An order with the one it was split from; never undone, for both have their history."""

    order_id: UUID = Field(foreign_key="order.id", primary_key=True)
    parent_id: UUID = Field(foreign_key="order.id", index=True)
    position: int
    at: datetime = Field(sa_type=UTCDateTime)
    by: str


def of(session: Session, order_id: UUID) -> Branch | None:
    """What an order was split from, if it was."""
    return session.get(Branch, order_id)


def parent(session: Session, order_id: UUID) -> Order | None:
    """The order that this one was split from, unscoped."""
    return session.exec(
        select(Order)
        .join(Branch, col(Branch.parent_id) == col(Order.id))
        .where(Branch.order_id == order_id)
    ).first()


def children(session: Session, parent_id: UUID) -> list[Order]:
    """The orders that this one was split into, as the letter has them, unscoped."""
    return list(
        session.exec(
            select(Order)
            .join(Branch, col(Branch.order_id) == col(Order.id))
            .where(Branch.parent_id == parent_id)
            .order_by(col(Branch.position))
        )
    )
