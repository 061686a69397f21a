"""Random moves by random people on a real desk; what must hold after each, whoever did what."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from random import Random

from sqlmodel import col, select

from monitor.domain.dispatch import Decision
from monitor.domain.errors import DeskError
from monitor.domain.lifecycle import MOVES
from monitor.domain.vocabulary import Channel, Promise, State
from monitor.domain.workdays import local
from monitor.services import upkeep
from monitor.steps import (
    branching,
    callback,
    casework,
    dispatch,
    intake,
    merging,
    parts,
    publishing,
    review,
    triage,
)
from monitor.steps.supervision import chasing
from monitor.steps.timing import choosing, extending, pausing
from monitor.storage import deadlines, history, orders
from monitor.storage.handling import branches
from monitor.storage.orders import Order
from tests.steps.letters import letter

PEOPLE = ("lin", "li", "zhou", "zhao", "qian", "sun", "wu", "zheng", "xiang", "an", "shen")
_TWO = "补贴什么时候拨付？\n\n厂房什么时候交付？"
_WORK = (State.AWAITING_SIGN, State.RETURN_PENDING, State.IN_HAND, State.DEFERRED)
Given = Callable[[Random, "Walker"], dict[str, object]]


def _decision(dice: Random, sections: tuple[str, ...] = ("funds", "factor")) -> Decision:
    kind = dice.choice(("help", "complaint", "consult"))
    lead = dice.choice(sections)
    co = dice.choice(((), ("policy",), tuple(code for code in ("funds", "factor") if code != lead)))
    return Decision("funds", kind, dice.choice(("normal", "urgent")), lead, co)


def _fixed(**given: object) -> Given:
    return lambda _dice, _walker: given


def _day(walker: "Walker", days: int) -> date:
    return local(walker.now).date() + timedelta(days=days)


# Each move that a person makes, with what he gives; blank and wrong words come up as well.
DEEDS: dict[str, tuple[Callable[..., object], Given]] = {
    "dispatch": (dispatch.send, lambda dice, _: {"decision": _decision(dice)}),
    "answer_at_once": (
        triage.answer_at_once,
        lambda dice, _: {"decision": _decision(dice), "answer": "月底到账。", "basis": "《办法》"},
    ),
    "merge": (merging.merge, lambda dice, walker: {"master_number": dice.choice(walker.numbers)}),
    "unmerge": (merging.unmerge, _fixed(reason="不是一件")),
    "ask_decline": (triage.ask_decline, _fixed(code="litigation", told="法院", reason="在诉讼中")),
    "decline": (partial(triage.decide_decline, granted=True), _fixed(reason="同意")),
    "refuse_decline": (partial(triage.decide_decline, granted=False), _fixed(reason="属本局")),
    "recall": (dispatch.recall, _fixed(reason="分错")),
    "sign": (dispatch.sign, _fixed()),
    "ask_return": (dispatch.ask_return, _fixed(ground="三定规定")),
    "redirect": (
        partial(dispatch.adjudicate, granted=True),
        lambda dice, _: {"reason": "改派", "section": dice.choice(("funds", "factor", ""))},
    ),
    "force": (partial(dispatch.adjudicate, granted=False), _fixed(reason="终审")),
    "assign": (casework.assign, _fixed(handler="li")),
    "ask_part": (parts.ask, _fixed(co_section="policy", text="请核政策依据")),
    "give_part": (parts.give, _fixed(text="依据是第十二条")),
    "return_part": (parts.hand_back, _fixed(co_section="policy", reason="太笼统")),
    "urge_part": (parts.urge, _fixed(co_section="policy")),
    "excuse_part": (parts.excuse, _fixed(co_section="policy", reason="不需要了")),
    "contact": (casework.contact, _fixed(way="电话", outcome="已通话", at=None)),
    "note": (casework.note, _fixed(text="等财政")),
    "defer": (
        casework.defer,
        lambda _, walker: {"reason": "等", "plan": "分步", "review_on": _day(walker, 20)},
    ),
    "defer_on": (
        casework.defer_on,
        lambda dice, walker: {
            "reason": "等",
            "plan": "再分步",
            "review_on": _day(walker, dice.choice((10, 90))),
        },
    ),
    "ask_extension": (
        extending.ask,
        lambda dice, _: {"days": dice.choice((1, 3, 30)), "reason": "等财政批复"},
    ),
    "extend": (extending.grant, _fixed(way="电话", outcome="已告知延期")),
    "refuse_extension": (extending.refuse, _fixed(reason="抓紧办理")),
    "pause_clock": (
        pausing.pause,
        lambda dice, walker: {
            "cause": dice.choice(("third_party", "co_organ", "correction")),
            "noticed_on": _day(walker, dice.choice((0, 0, -1, 1))),
            "text": "征求意见",
        },
    ),
    "resume_clock": (
        pausing.resume,
        lambda dice, walker: {"received_on": _day(walker, dice.choice((0, -1))), "outcome": "同意"},
    ),
    "ask_correction": (
        pausing.ask_correction,
        lambda dice, walker: {
            "text": "写明文号",
            "way": "电话",
            "until": _day(walker, dice.choice((0, 5, 15))),
        },
    ),
    "receive_correction": (
        pausing.receive_correction,
        lambda dice, walker: {"received_on": _day(walker, dice.choice((0, -1)))},
    ),
    "abandon": (pausing.abandon, _fixed(reason="期满没有补正")),
    "choose_rule": (
        choosing.choose,
        lambda dice, _: {
            "rule": dice.choice(("LX-1.complex", "XF-2", "XF-1", "LX-1.answer")),
            "reason": "案情复杂",
        },
    ),
    "rereckon": (choosing.rereckon, _fixed(clock="answer", reason="规则已更正")),
    "chase": (chasing.chase, _fixed(text="请抓紧")),
    "supervise": (chasing.supervise, _fixed(reason="久拖不决")),
    "raise_up": (chasing.raise_up, _fixed(reason="两个科室推来推去")),
    "lift_cards": (chasing.lift, _fixed(reason="已有进展")),
    "resume": (casework.resume, _fixed(reason="条件具备")),
    "submit": (
        casework.submit,
        lambda dice, _: {
            "answer": dice.choice(("月底到账。", "")),
            "solved": "solved",
            "without": dice.choice(("不等", "")),
        },
    ),
    "sign_off": (
        review.sign_off,
        lambda dice, _: {"opinion": "", "ask_legal": dice.random() < 0.1},
    ),
    "hand_back": (review.hand_back, _fixed(findings="写明日期")),
    "record_answer": (publishing.record_answer, _fixed(way="told", at=None)),
    "release": (publishing.release, _fixed()),
    "withhold": (publishing.withhold, _fixed(reason="涉及个人")),
    "withdraw": (publishing.withdraw, _fixed(reason="数字有误")),
    "rework": (callback.rework, _fixed(reason="没有解决")),
    "call_back": (
        callback.call_back,
        lambda dice, _: {
            "contacted": dice.random() < 0.8,
            "satisfied": dice.choice(callback.SATISFIED),
            "solved": dice.choice(("solved", "unsolved")),
            "reason": dice.choice(("说得太慢", "")),
        },
    ),
    "close_unreached": (callback.close_unreached, _fixed()),
    "correct_call_back": (callback.correct, _fixed(satisfied="满意", solved="solved")),
    "keep_closed": (callback.keep_closed, _fixed(reason="已解释")),
    "reopen": (callback.reopen, _fixed(reason="再办")),
    "archive": (callback.archive, _fixed(retention="10年")),
    "split": (branching.split, lambda dice, _: {"requests": dice.choice((_TWO, "一项"))}),
    "retract": (
        branching.retract,
        lambda dice, _: {"reason": "已解决", "proof": dice.choice(("来电", ""))},
    ),
}


class Walker:
    """An office under a hail of moves; counts what was moved, refused and why."""

    def __init__(self, office, now: datetime) -> None:
        self.office, self.now = office, now
        self.numbers: list[str] = []
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
        assert all(count == 1 for count in promises.values()), told
        names = {promise for promise, _ in promises}
        if state in {State.NOTIFIED, State.MERGED, State.ARCHIVED}:
            assert not names - {Promise.PUBLISH} if state is State.ARCHIVED else not names, told
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
