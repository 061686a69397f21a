"""What must hold of every order at every moment, whoever did what to it."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select as rows
from sqlmodel import Session, col, func, select

from monitor.domain.access import Acting, may_see
from monitor.domain.vocabulary import Promise, State
from monitor.services.desk import Desk
from monitor.storage import deadlines, history, orders
from monitor.storage.handling import branches
from monitor.storage.history import Event, Link
from monitor.storage.orders import Order

_WORK = (State.AWAITING_SIGN, State.RETURN_PENDING, State.IN_HAND, State.DEFERRED)
_ORDER: Any = Order.__table__  # type: ignore[attr-defined]
_ALL = rows(_ORDER).order_by(_ORDER.c.number)
# So often also what nobody has touched is looked at.
_EVERY = 20


class Invariants:
    """Looks at the orders that have changed since it looked last."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.known: dict[str, int] = {}
        self.looks = 0

    def order(self, number: str) -> Any:
        """The row of an order."""
        with self.desk.database.reading() as session:
            return session.connection().execute(_ALL.where(_ORDER.c.number == number)).one()

    def look(self, *, every: bool = False) -> list[str]:
        """What must hold of each order with a new event; the numbers of all."""
        self.looks += 1
        every = every or self.looks % _EVERY == 0
        with self.desk.database.reading() as session:
            found = session.connection().execute(_ALL).all()
            assert set(self.known) <= {one.number for one in found}, "an order is gone"
            for one in found:
                if every or self.known.get(one.number) != one.event_count:
                    self._inspect(session, one)
        self.known = {one.number: one.event_count for one in found}
        return [one.number for one in found]

    def lists(self, persons: Iterable[Acting]) -> None:
        """Lists and counts hold what the law lets each person see, and nothing else."""
        with self.desk.database.reading() as session:
            found = session.connection().execute(_ALL).all()
            for who in persons:
                query = orders.visible_to(who)
                numbers = set(session.exec(query.with_only_columns(col(Order.number))))
                count = select(func.count()).select_from(query.subquery())
                assert numbers == {
                    one.number
                    for one in found
                    if may_see(who, section=one.section, co_sections=tuple(one.co_sections))
                }
                assert session.exec(count).one() == len(numbers)

    def _inspect(self, session: Session, order: Any) -> None:
        state = State(order.state)
        clocks = deadlines.of_order(session, order.id)
        running = [one for one in clocks if one.ended_at is None and one.cancelled_at is None]
        promises = Counter((one.promise, one.section) for one in running)
        children = branches.children(session, order.id)
        told = (order.number, state, sorted(promises), self._chain(session, order)[-4:])
        # An answer may promise several days; of all else there is one at a time.
        single = [count for (kind, _), count in promises.items() if kind != Promise.PLEDGE]
        assert all(count == 1 for count in single), told
        names = {promise for promise, _ in promises}
        if state in {State.NOTIFIED, State.MERGED, State.ARCHIVED}:
            assert not names - {Promise.PUBLISH} if state is State.ARCHIVED else not names, told
        if not state.closed:
            assert {Promise.ANSWER, Promise.RECEIVE} & names, told
        if state in {State.ANSWERED, State.TO_ARCHIVE}:
            assert Promise.ANSWER not in names, told
        if state is State.AWAITING_SIGN:
            assert Promise.SIGN in names, told
        else:
            assert Promise.SIGN not in names or state is State.RETURN_PENDING, told
        if state in _WORK and not children:
            assert order.section is not None, told
        if state is State.MERGED:
            assert order.master_id is not None, told
        for clock in clocks:
            # A hand-in is counted back from the answer: dispatched too late, it is late at birth.
            late_born = clock.promise == Promise.SUBMIT or clock.given_due
            assert late_born or clock.due_at >= clock.started_at, (clock.promise, told)
            assert clock.ended_at is None or clock.late is not None, told
        if children and all(State(child.state).closed for child in children):
            assert state is not State.IN_HAND or order.section is not None, told

    def _chain(self, session: Session, order: Any) -> list[str]:
        """Each event follows from the one before, and the last is the one that the order names."""
        columns = [col(getattr(Event, name)) for name in Link._fields]
        query = rows(*columns).where(col(Event.chain) == order.id.hex).order_by(columns[1])
        last, count, names = "", 0, []
        for one in session.connection().execute(query):
            made = history.link(
                one.chain, count + 1, one.what, one.actor, one.at, one.details, last
            )
            assert (one.sequence, one.hash) == (count + 1, made["hash"]), order.number
            last, count = one.hash, count + 1
            names.append(one.what)
        assert (count, last) == (order.event_count, order.event_head), order.number
        return names
