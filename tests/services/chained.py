"""What an intruder with the database would do to the chains, and what is found."""

from uuid import UUID

from sqlalchemy import delete
from sqlmodel import select

from monitor.services import upkeep
from monitor.storage.history import Event
from monitor.storage.orders import Order


def verdict(desk):
    with desk.reading() as ctx:
        return upkeep.verify(ctx.session, ctx.keys)


def first(desk):
    """The chain of the first order."""
    with desk.reading() as ctx:
        return ctx.session.exec(select(Order).order_by(Order.number)).first().id.hex


def name(desk, chain):
    """How a break names the chain of an order."""
    with desk.reading() as ctx:
        return f"工单 {ctx.session.get(Order, UUID(chain)).number}"


def tamper(desk, *statements):
    with desk.database.transaction() as session:
        for statement in statements:
            session.execute(statement)


def of(chain, sequence):
    return (Event.chain == chain) & (Event.sequence == sequence)


def broken(desk):
    found = verdict(desk)
    assert not found.holds
    return found.broken


def erase(desk, chain, *, events):
    """Take an order out with all that leans on it, as an intruder with the database would."""
    with desk.database.transaction() as session:
        order = session.exec(select(Order).order_by(Order.number)).first()
        assert order.id.hex == chain
        for table in reversed(Order.metadata.sorted_tables):
            column = table.columns.get("order_id")
            if column is not None:
                session.execute(delete(table).where(column == order.id))
        if events:
            session.execute(delete(Event).where(Event.chain == chain))
        session.delete(order)


def seal(desk):
    with desk.writing() as ctx:
        return upkeep.seal_days(ctx)
