"""Random moves by random people on a real desk; what must hold after each, whoever did what."""

from collections import Counter
from datetime import datetime, timedelta
from random import Random

from sqlmodel import col, select

from monitor.domain.errors import DeskError
from monitor.domain.lifecycle import MOVES
from monitor.domain.vocabulary import Channel, Promise, State
from monitor.services import upkeep
from monitor.steps import (
    intake,
)
from monitor.storage import deadlines, history, orders
from monitor.storage.handling import branches
from monitor.storage.orders import Order
from tests.steps.deeds import DEEDS
from tests.steps.letters import letter

PEOPLE = ("lin", "li", "zhou", "zhao", "qian", "sun", "wu", "zheng", "xiang", "an", "shen")
_WORK = (State.AWAITING_SIGN, State.RETURN_PENDING, State.IN_HAND, State.DEFERRED)


class Walker:
    """An office under a hail of moves; counts what was moved, refused and why."""

    def __init__(self, office, now: datetime) -> None:
        self.office, self.now = office, now
        self.numbers: list[str] = []
        self.at_hand = ""
        self.moved: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()

    def receive(self, *, consent: bool | None) -> str:
        """Another letter."""
        self.now += timedelta(minutes=7)
        # Every third is a request for disclosure: only its clock may stand.
        channel = Channel.DISCLOSURE if len(self.numbers) % 3 == 2 else Channel.MAILBOX
        came = letter(self.now, consent=consent, channel=channel)
        number = self.office.at(
            self.now, "system", lambda ctx: intake.receive_one(ctx, came)
        ).number
        self.numbers.append(number)
        return number

    def attempt(
        self, number: str, who: str, move: str, dice: Random, *, stale: bool = False,
        said: dict[str, object] | None = None,
    ) -> bool:  # fmt: skip
        """One move by one person: it is made, or a DeskError says in Chinese why not.

        What is `said` stands for what the dice would have him give.
        """
        self.now += timedelta(minutes=dice.choice((1, 30, 600)))
        before = self.office.order(number)
        step, give = DEEDS[move]
        self.at_hand = number
        given = give(dice, self) | (said or {})

        def do(ctx):
            order = orders.get(ctx.session, ctx.person, number)
            step(ctx, order, seen=order.version - (1 if stale else 0), **given)

        try:
            self.office.at(self.now, who, do)
        except DeskError as why:
            refusal = why
        else:
            refusal = None
        if refusal is not None:
            assert refusal.message, move
            self.refused[type(refusal).__name__] += 1
            after = self.office.order(number)
            # What is refused leaves nothing behind.
            assert after.model_dump() == before.model_dump(), (move, who)
            return False
        assert not stale, f"{move} took an outdated page"
        self.moved[move] += 1
        self._grown(before, self.office.order(number), move)
        return True

    def _grown(self, before: Order, after: Order, move: str) -> None:
        assert after.event_count > before.event_count, move
        # What makes nobody's work out of date leaves the version as it was.
        grown = before.version if MOVES[move].beside else before.version + 1
        assert after.version >= grown, move
        legal = {made.target for made in MOVES.values()} | {before.state}
        assert after.state in legal, move
        assert after.round >= before.round
        assert after.received_at == before.received_at
        if move not in {"dispatch"}:
            assert after.returns >= before.returns

    def look_again(self) -> None:
        """Every order, with those that a letter was split into meanwhile."""
        with self.office.desk.database.transaction() as session:
            found = session.exec(select(Order).order_by(col(Order.number))).all()
            self.numbers = [one.number for one in found]
        for number in self.numbers:
            self.inspect(number)

    def inspect(self, number: str) -> None:
        """What must hold of every order at every moment."""
        with self.office.desk.database.transaction() as session:
            order = session.get(Order, self.office.order(number).id)
            state = State(order.state)
            clocks = deadlines.of_order(session, order.id)
            running = [one for one in clocks if one.ended_at is None and one.cancelled_at is None]
            promises = Counter((one.promise, one.section) for one in running)
            events = history.of_order(session, order.id)
            children = branches.children(session, order.id)
        told = (number, state, sorted(promises), [event.what for event in events][-4:])
        assert len(events) == order.event_count, told
        # An answer may promise several days; of all else there is one at a time.
        single = [count for (kind, _), count in promises.items() if kind != Promise.PLEDGE]
        assert all(count == 1 for count in single), told
        names = {promise for promise, _ in promises}
        if state in {State.NOTIFIED, State.MERGED, State.ARCHIVED}:
            assert not names - {Promise.PUBLISH} if state is State.ARCHIVED else not names, told
            assert Promise.PLEDGE not in names, told
        if not state.closed:
            assert Promise.ANSWER in names, told
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
            assert state is not State.IN_HAND, told

    def verify(self) -> None:
        """The chains of all orders hold, and each person sees what the law of lists says."""
        with self.office.desk.database.transaction() as session:
            verdict = upkeep.verify(session, self.office.desk.keys)
        assert verdict.holds, verdict.broken
        assert verdict.chains >= len(self.numbers)
