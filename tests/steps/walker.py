"""Random moves by random people on a real desk: each is made, or refused with its reason."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from monitor.domain.access import may_see
from monitor.domain.errors import DeskError, NotFound
from monitor.domain.lifecycle import MOVES
from monitor.domain.vocabulary import Channel
from monitor.services import upkeep
from monitor.services.context import Context
from monitor.steps import intake
from monitor.storage import orders, people
from monitor.storage.orders import Order
from tests.steps.deeds import DEEDS
from tests.steps.invariants import Invariants
from tests.steps.letters import letter

PEOPLE = ("lin", "li", "zhou", "zhao", "qian", "sun", "wu", "zheng", "xiang", "an", "shen")
# Mostly soon after, so that an office lives through more than it waits.
SPANS = (1, 5, 5, 30, 30, 600)


class Walker:
    """An office under a hail of moves; counts what was moved, refused and why."""

    def __init__(self, office, now: datetime) -> None:
        self.office, self.now = office, now
        self.numbers: list[str] = []
        self.moved: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.at_hand = ""
        self.watch = Invariants(office.desk)
        with office.desk.database.reading() as session:
            known = people.sections(session)
            found = people.everyone(session)
            self.acting = {one.username: people.acting(one, known) for one in found}

    def receive(self, *, consent: bool | None) -> str:
        """Another letter."""
        self.now += timedelta(minutes=7)
        # Every third is a request for disclosure: only its clock may stand.
        channel = Channel.DISCLOSURE if len(self.numbers) % 3 == 2 else Channel.MAILBOX
        # Of the requests every other came online: its receipt is to be confirmed first.
        online = {"arrival": "online"} if len(self.numbers) % 2 else {}
        came = letter(self.now, consent=consent, channel=channel, **online)
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
        self.now += timedelta(minutes=dice.choice(SPANS))
        desk, acting = self.office.desk, self.acting[who]
        before = self.watch.order(number)
        self.at_hand = number
        step, give = DEEDS[move]
        given = give(dice, self) | (said or {})
        refusal = None
        try:
            with replace(desk, clock=lambda: self.now).writing(acting) as ctx:
                order = self._seen(ctx, number, before)
                step(ctx, order, seen=order.version - (1 if stale else 0), **given)
        except DeskError as why:
            refusal = why
        after = self.watch.order(number)
        if refusal is not None:
            assert refusal.message, move
            self.refused[type(refusal).__name__] += 1
            # What is refused leaves nothing behind.
            assert after == before, (move, who)
            return False
        assert not stale, f"{move} took an outdated page"
        self.moved[move] += 1
        self._grown(before, after, move)
        return True

    def _seen(self, ctx: Context, number: str, row: Any) -> Order:
        """The order, which is found if and only if the law lets this person see it."""
        seen = may_see(ctx.person, section=row.section, co_sections=tuple(row.co_sections))
        try:
            order = orders.get(ctx.session, ctx.person, number)
        except NotFound:
            assert not seen, (number, ctx.person.username)
            raise
        assert seen, (number, ctx.person.username)
        return order

    def _grown(self, before: Any, after: Any, move: str) -> None:
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
        """Every order that has a new event, with those that a letter was split into meanwhile."""
        self.numbers = self.watch.look()

    def verify(self) -> None:
        """The chains of all orders hold, and each person sees what the law of lists says."""
        self.watch.look(every=True)
        with self.office.desk.database.reading() as session:
            verdict = upkeep.verify(session, self.office.desk.keys)
        assert verdict.holds, verdict.broken
        assert verdict.chains >= len(self.numbers)
        self.watch.lists(self.acting.values())
