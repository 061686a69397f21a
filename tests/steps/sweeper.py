"""Makes deeds on a desk whose writes fail one after the other, and looks at what each left."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy.exc import OperationalError
from sqlmodel import col, select

from monitor.domain.letters import Notifier, Outgoing
from monitor.domain.supervision.escalation import Told
from monitor.domain.workdays import local
from monitor.services import upkeep
from monitor.services.desk import Desk
from monitor.services.notices import delivering, outbox
from monitor.services.supervision import sweeping
from monitor.steps import intake
from monitor.storage import people
from monitor.storage.history import Event
from monitor.storage.orders import Order
from monitor.storage.supervision.cards import Card
from monitor.storage.supervision.notices import Delivery, Notice
from monitor.web.errors import trouble_of
from tests.steps.conftest import MORNING, Office
from tests.steps.failing import COMMIT, KINDS, Trap, digest
from tests.steps.letters import letter
from tests.steps.lives import DISPATCH, NEW_RULE, TAKEN_BACK, Act, Life
from tests.steps.test_clocks import new_version
from tests.steps.walker import SPANS, Walker

# With this the dice of the walker let a minute pass.
_SOON = next(seed for seed in range(100) if Random(seed).choice(SPANS) == SPANS[0])
_DAYS = {"noticed_on", "received_on", "until", "review_on", "due_on"}
_LATER = timedelta(days=3)
MOST = 60


@dataclass
class Wire:
    """A way out that takes everything."""

    taken: list[Outgoing] = field(default_factory=list)

    @property
    def notifier(self) -> Notifier:
        return Notifier("mail", "邮件", lambda: True, self.taken.append, to_address=True)


class Sweeper:
    """Lets the writes of deeds fail; `thorough` also those that failed the same way before."""

    def __init__(self, office: Office, trap: Trap, *, thorough: bool = False) -> None:
        self.office, self.trap, self.thorough = office, trap, thorough
        self.database = office.desk.database
        self.kinds = KINDS["sqlite" if self.database.embedded else "postgresql"]
        self.walker = Walker(office, MORNING + timedelta(hours=1))
        self.tried: set[tuple[str, str]] = set()
        self.swept: set[str] = set()
        self.faults = 0

    def live(self, life: Life) -> None:
        """A letter comes, and each act of its life is made after its writes have failed."""
        known = len(self.walker.numbers)
        self.receive(life.letter)
        for act in life.acts:
            self.walker.now += timedelta(days=act.days)
            self.act(self.walker.numbers[known + act.on], act)
            with self.database.transaction() as session:
                found = session.exec(select(Order.number).order_by(Order.number))
                self.walker.numbers = list(found)

    def receive(self, given: dict[str, Any]) -> str:
        """Another letter."""
        self.walker.now += timedelta(minutes=7)
        now, made = self.walker.now, []
        came = letter(now, **given)

        def deed() -> bool:
            receipt = self.office.at(now, "system", lambda ctx: intake.receive_one(ctx, came))
            made.append(receipt.number)
            return True

        self._sweep(f"receive {came.via}", deed)
        self.walker.numbers.append(made[-1])
        return made[-1]

    def act(self, number: str, act: Act) -> None:
        """One act of a life."""
        if act is NEW_RULE:
            new_version(self.office, 9)
            return
        now, said = self.walker.now, dict(act.said)
        if "master" in said:
            # An order of its own: whatever became of others here, this one is open.
            said = {"master_number": self._in_a_section()}
        for name in _DAYS & set(said):
            said[name] = local(now).date() + timedelta(days=said[name])

        def deed() -> bool:
            self.walker.now = now
            return self.walker.attempt(number, act.who, act.move, Random(_SOON), said=said)

        state = self.walker.watch.order(number).state
        assert self._sweep(f"{act.move} {state}", deed), (number, act, self.walker.refused)

    def _sweep(self, name: str, deed: Callable[[], bool]) -> bool:
        """Let the commit fail, then each write before it, then none; whether the deed was done."""
        if name in self.swept and not self.thorough:
            return deed()
        self.swept.add(name)
        before = digest(self.database)
        if not self._fails(deed, -1, self.kinds[-1], before):
            return False
        seen = self.trap.seen
        for at, pair in enumerate(zip(["", *seen], seen, strict=False), start=1):
            if pair[1] == COMMIT or (pair in self.tried and not self.thorough):
                continue
            self.tried.add(pair)
            kinds = self.kinds if self.thorough else (self.kinds[self.faults % len(self.kinds)],)
            for kind in kinds:
                assert self._fails(deed, at, kind, before), (name, at, kind, seen)
        done = deed()
        assert not done or digest(self.database) != before, name
        return done

    def _fails(self, deed: Callable[[], bool], at: int, kind: str, before: str) -> bool:
        """Try a deed of which one write fails: True when it did, and left nothing behind."""
        try:
            with self.trap.set(at, kind):
                assert not deed(), (at, kind, self.trap.seen)
            return False
        except OperationalError as failure:
            trouble = trouble_of(failure)
        assert self.trap.sprung, trouble
        assert (trouble.status, trouble.message) == (503, "数据库暂时没有响应，未保存任何改动。")
        assert digest(self.database) == before, (at, kind)
        self.faults += 1
        return True

    def watch_rounds(self) -> int:
        """Let each write of a round of the watch fail in turn; how many there were."""
        for at in range(1, MOST):
            number = self._in_a_section()
            self.walker.now += _LATER
            before = self._standing()
            desk = self._desk()
            with self.trap.set(at, self.kinds[at % len(self.kinds)]):
                try:
                    failed = bool(sweeping.sweep(desk).failed)
                except OperationalError:
                    failed = True
            middle = self._standing()
            assert sweeping.sweep(desk).failed == []
            after = self._standing()
            assert failed == self.trap.sprung, self.trap.seen
            assert after[number] > before[number], "nothing was due"
            for one, told in middle.items():
                assert told in {before[one], after[one]}, (at, self.trap.seen)
            self.faults += failed
            self.act(number, TAKEN_BACK)
            if not failed:
                return at - 1
        raise AssertionError

    def deliveries(self) -> int:
        """Let each write of a delivery fail in turn; how many there were."""
        for at in range(1, MOST):
            self.walker.now += timedelta(minutes=20)
            wire, desk = Wire(), self._desk()
            with desk.writing() as ctx:
                self._tell(ctx, f"sweep:{at}")
            with self.trap.set(at, self.kinds[at % len(self.kinds)]):
                try:
                    delivering.deliver(desk, (wire.notifier,))
                except OperationalError:
                    self.faults += 1
            delivering.deliver(desk, (wire.notifier,))
            self.walker.now += timedelta(minutes=6)
            delivering.deliver(desk, (wire.notifier,))
            # Sent and not marked so: once more, and known by its Message-ID.
            assert 1 <= len(wire.taken) <= 1 + self.trap.sprung, self.trap.seen
            assert len({message.message_id for message in wire.taken}) == 1
            with self.database.transaction() as session:
                states = set(session.exec(select(Delivery.state)))
            assert states == {"sent"}
            if not self.trap.sprung:
                return at - 1
        raise AssertionError

    def made(self) -> set[str]:
        """Everything that the history tells of."""
        with self.database.transaction() as session:
            assert upkeep.verify(session, self.office.desk.keys).holds
            return set(session.exec(select(Event.what).distinct()))

    def _desk(self) -> Desk:
        return replace(self.office.desk, clock=lambda: self.walker.now)

    def _in_a_section(self) -> str:
        number = self.receive({})
        self.act(number, DISPATCH)
        return number

    def _tell(self, ctx: Any, key: str) -> None:
        one = people.by_username(ctx.session, "zhou")
        assert one is not None
        one.settings = {"mail": "zhou@bureau.example"}
        ctx.session.add(one)
        assert outbox.tell(ctx, [Told(one.id)], kind="chase", key=key, about="催办") == 1

    def _standing(self) -> dict[str, tuple[int, ...]]:
        """Of each order: its cards, their events, whom they name, who was told, and its events."""
        with self.database.transaction() as session:
            orders = {one.id: one for one in session.exec(select(Order))}
            cards = list(session.exec(select(Card).where(Card.by == "系统")))
            events = Counter(
                session.exec(select(Event.chain).where(col(Event.what) == "card_given"))
            )
            told = Counter(
                session.exec(select(Notice.order_id).where(col(Notice.key).startswith("card:")))
            )
        given = Counter(card.order_id for card in cards)
        named = Counter(card.order_id for card in cards for _ in card.told)
        return {
            one.number: (given[key], events[key.hex], named[key], told[key], one.event_count)
            for key, one in orders.items()
        }
