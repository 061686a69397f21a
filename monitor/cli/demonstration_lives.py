"""The demonstration's lives: who does what with a matter, and when, until its fate is reached."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from monitor.cli import demonstration_deeds as deeds
from monitor.cli.demonstration_cases import Case, Fate
from monitor.cli.demonstration_deeds import Deed
from monitor.cli.demonstration_times import DAY, Days
from monitor.domain.vocabulary import Channel
from monitor.services.context import Context
from monitor.services.handling import pledging as promised
from monitor.steps.timing import pledging
from monitor.storage.orders import Order

_WITHDRAWN = "a-032"
_LATE_SIGNED = frozenset({"b-050", "a-017"})
_WITHHELD = {
    "a-067": "答复引用了具体项目的验收记录，遮蔽后难以读懂，只答复本人。",
    "a-043": "答复依据具体地块的出让合同，不具普遍意义。",
    "b-023": "涉及个人，引荐事实正在核对。",
}
_ASKED_LEGAL = frozenset({"a-055", "a-005", "a-016", "b-052", "b-058"})
_SIGNED_SO_FAR = {"a-072": 1, "a-055": 2, "b-008": 2}
_LETTERS = frozenset({Channel.MAILBOX, Channel.WEB})


@dataclass(frozen=True, slots=True)
class Office:
    """Who heads and who handles each section by login name; how sections call one another."""

    staff: Mapping[str, tuple[str, str]]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Act:
    """One deed on one matter: at a moment, by a person."""

    at: datetime
    key: str
    who: str
    do: Deed


class Life:
    """The deeds of one matter in their order; `at` is where it stands in office time."""

    def __init__(self, case: Case, days: Days, office: Office, numbers: Mapping[str, str]) -> None:
        self.case, self.days, self.office, self.numbers = case, days, office, numbers
        self.at = days.position(case.registered)
        self.duty = ("lin", "ren")[case.share("duty") > 0.7]
        self.acts: list[Act] = []

    def act(self, after: float, who: str, do: Deed) -> None:
        """The next deed, so many seconds of office time later, but never in the future."""
        self.at = min(self.at + max(60, int(after)), self.days.end)
        self.acts.append(Act(self.days.moment(self.at), self.case.key, who, do))

    def until(self, position: float, who: str, do: Deed) -> None:
        """The next deed at a position of office time."""
        self.act(position - self.at, who, do)

    def begun(self, *, sent: bool = False) -> None:
        """Dispatched, signed for, handed to a handler, the requester called: all in time."""
        case = self.case
        head, handler = self.office.staff[case.section]
        limit = self.days.position(case.received + timedelta(hours=2 if case.hot else 24))
        room = min(1.0, max(0.06, (limit - self.at) / 16_000))
        if not sent:
            self.act((900 + 2600 * case.share("triage")) * room, self.duty, deeds.send(case))
        late = 2.1 * DAY if case.key in _LATE_SIGNED else 0
        self.act((700 + 5000 * case.share("sign")) * room + late, head, deeds.sign)
        self.act(400 * room, head, deeds.assign(handler))
        soon = min(self.at + (1200 + 6000 * case.share("contact")) * room, limit - 200)
        if soon < self.days.end:
            self.until(soon, handler, deeds.contact(case))

    def returned(self) -> None:
        """Dispatched, sent back with its ground, decided by the office."""
        case = self.case
        self.act(900, self.duty, deeds.send(case))
        head = self.office.staff[case.section][0]
        self.act(1500, head, deeds.ask_return(case.return_ground))
        named = [code for name, code in self.office.names.items() if name in case.return_ground]
        other = next((code for code in named if code != case.section), "")
        self.act(900, "qian", deeds.adjudicate(other))
        self.case = replace(case, section=other or case.section)

    def submitted(self, position: float) -> None:
        """The section's note and its answer."""
        head, handler = self.office.staff[self.case.section]
        self.until((self.at + position) / 2, handler, deeds.note(self.case))
        for n, code in enumerate(self._beside()):
            # Now and then one hands its part in too late, or the lead does not wait for it.
            if self.case.share(f"part {code}") < 0.9:
                self.until(self.at + (position - self.at) * (0.3 + 0.2 * n), *self._part(code))
        self.until(position, head, deeds.submit(self.case))

    def _beside(self) -> list[str]:
        return [code for code in self.case.co_sections if code != self.case.section]

    def _part(self, code: str) -> tuple[str, Deed]:
        return self.office.staff[code][0], deeds.give_part

    def parts(self) -> None:
        """Of the co-sections of an order in hand one has contributed, another is reminded."""
        head = self.office.staff[self.case.section][0]
        for code in self._beside():
            share = self.case.share(f"part {code}")
            if share < 0.45 and self.at + 1200 < self.days.end:
                self.act(900, *self._part(code))
            elif share > 0.7 and self.at + 1200 < self.days.end:
                self.act(600, head, deeds.urge_part(code))

    def signed(self, first: float, last: float, most: int = 9) -> None:
        """The sign-offs by the rule, spread between two positions."""
        case = self.case
        legal = case.key in _ASKED_LEGAL
        # Nobody reviews his own answer: the head of the office is the reviewer elsewhere.
        reviewer = "tang" if self.office.staff[case.section][0] == "qian" else "qian"
        signers = [(reviewer, deeds.check("事实清楚，答复到点。", ask_legal=legal))]
        if case.consent:
            signers.append(("wu", deeds.sign_off("拟公开内容未见涉密和不宜公开事项。")))
        if legal:
            signers.append(("zheng", deeds.sign_off("依据引用准确，同意。")))
        if case.consent and (case.hot or case.request_type in {"complaint", "report"}):
            signers.append(("sun", deeds.sign_off("同意。")))
        for n, (who, do) in enumerate(signers[:most]):
            self.until(first + (last - first) * n / len(signers), who, do)

    def answered(self) -> None:
        """The act of answering, and what becomes of the publication."""
        case, at = self.case, self.case.answered
        withheld = _WITHHELD.get(case.key)
        if case.consent and case.channel in _LETTERS and not withheld:
            self.until(at, "qian", deeds.release)
            return
        self.until(at, "qian", deeds.record_answer(case))
        later = at + (0.3 + 0.5 * case.share("release")) * DAY
        if case.consent and later < self.days.end:
            decided = deeds.withhold(withheld) if withheld else deeds.release
            self.until(later, "qian", decided)

    def finished(self, *, pleased: bool | None = None) -> None:
        """From the door to where an answered matter of its age stands."""
        case, start = self.case, self.at
        length = case.answered - start
        if _at_once(case):
            self.act(1200, self.duty, deeds.answer_at_once(case))
        else:
            if case.return_ground:
                self.returned()
            self.begun(sent=bool(case.return_ground))
            self.submitted(start + 0.6 * length)
        self.signed(start + 0.7 * length, start + 0.95 * length)
        self.answered()
        if case.fate is Fate.ANSWERED:
            return
        if case.fate is Fate.TO_ARCHIVE and pleased is None and case.share("poor") < 0.3:
            pleased = False
        called = case.answered + (1 + 1.6 * case.share("call")) * DAY
        self.until(called, self.duty, deeds.call_back(case, pleased=pleased))
        if case.fate is Fate.ARCHIVED:
            self.act((1 + 3 * case.share("archive")) * DAY, "qian", _filed)
        if case.key == _WITHDRAWN:
            self.until(self.days.end - 2.5 * DAY, "qian", deeds.withdraw)


def _filed(ctx: Context, order: Order) -> None:
    """What the answer promised has been kept; then it is laid to rest."""
    for pledge, _ in promised.options(ctx, order, "drop_pledge"):
        pledging.drop(ctx, order, pledge=pledge, reason="已随答复办结", seen=order.version)
    deeds.archive(ctx, order)


def life(case: Case, days: Days, office: Office, numbers: Mapping[str, str]) -> list[Act]:
    """Every deed on a matter after its registration; `numbers` are known when deeds are done."""
    one = Life(case, days, office, numbers)
    if case.fate.closed:
        one.finished()
    elif case.fate in _LIVES:
        _LIVES[case.fate](one)
    return one.acts


def _at_once(case: Case) -> bool:
    return (
        case.request_type == "consult"
        and not (case.co_sections or case.return_ground)
        and case.section != "office"
        and case.share("at once") < 0.5
    )


def _at_the_door(one: Life) -> None:
    """The duty officer sits here outside office hours too."""
    case = one.case
    do = deeds.ask_decline(case) if case.fate is Fate.DECLINE_ASKED else deeds.draft(case)
    at = min(case.registered + timedelta(minutes=14), one.days.now).astimezone(UTC)
    one.acts.append(Act(at, case.key, "lin", do))


def _in_hand(one: Life) -> None:
    case = one.case
    one.begun()
    if case.share("note") < 0.4 and one.at + 4000 < one.days.end:
        one.act(3500, one.office.staff[case.section][1], deeds.note(case))
    one.parts()
    if case.section == "funds" and case.answer:
        one.act(600, "zhou", deeds.draft(case))


def _handed_back(one: Life) -> None:
    one.begun()
    one.submitted(one.days.end - 1.2 * DAY)
    findings = "第二问没有答到：欠缴社保与扣发奖励的依据请写明条款；金额请与财务核对后再报。"
    one.until(one.days.end - 0.7 * DAY, "qian", deeds.hand_back(findings))


def _return_asked(one: Life) -> None:
    one.begun()
    head = one.office.staff[one.case.section][0]
    one.act(2000, head, deeds.ask_return(one.case.return_ground))


def _twice_returned(one: Life) -> None:
    one.returned()
    ground = (
        "《示范市投资促进局职能配置规定》第七条：租约写在招商协议补充条款里的，由引进该项目的"
        "招商科室会同办理，要素保障科不宜单独主办。"
    )
    one.act(2400, one.office.staff[one.case.section][0], deeds.ask_return(ground))
    one.act(1500, "qian", deeds.adjudicate(""))
    one.begun(sent=True)


def _reworked(one: Life) -> None:
    days = one.days
    one.case = replace(one.case, answered=one.at + int(4.3 * DAY), fate=Fate.TO_ARCHIVE)
    one.finished(pleased=False)
    reason = "回访不满意：当事人称代办专员仍只给材料清单，没有陪同办理。请重新核实并当面说明。"
    one.until(days.end - 1.4 * DAY, "qian", deeds.rework(reason))
    head, handler = one.office.staff[one.case.section]
    one.act(2400, head, deeds.sign)
    one.act(300, head, deeds.assign(handler))
    one.act(5400, handler, deeds.contact(one.case))


def _in_review(one: Life) -> None:
    one.begun()
    one.submitted(one.days.end - (1.0 + 0.3 * one.case.share("submit")) * DAY)
    most = _SIGNED_SO_FAR.get(one.case.key, 0)
    one.signed(one.days.end - 0.6 * DAY, one.days.end - 0.1 * DAY, most)


def _to_release(one: Life) -> None:
    one.begun()
    one.submitted(one.days.end - 1.3 * DAY)
    one.signed(one.days.end - 0.9 * DAY, one.days.end - 0.2 * DAY)


def _declined(one: Life) -> None:
    one.act(1500, "lin", deeds.ask_decline(one.case))
    one.act(2700, "qian", deeds.decline)


def _deferred(one: Life) -> None:
    one.begun()
    one.act(3000, one.office.staff[one.case.section][1], deeds.note(one.case))
    one.until(one.days.end - (0.3 + 0.2 * one.case.share("defer")) * DAY, "sun", deeds.defer)


def _dispatched(one: Life) -> None:
    one.act(900 + 1500 * one.case.share("triage"), "lin", deeds.send(one.case))


def _merged(one: Life) -> None:
    one.act(900, "lin", deeds.merge(one.numbers, one.case))


_LIVES: Mapping[Fate, Callable[[Life], None]] = {
    Fate.DIRECT: _at_the_door,
    Fate.DECLINE_ASKED: _at_the_door,
    Fate.RETURN_ASKED: _return_asked,
    Fate.DISPATCHED: _dispatched,
    Fate.IN_HAND: _in_hand,
    Fate.OVERDUE: _in_hand,
    Fate.DUE_IN_AN_HOUR: _in_hand,
    Fate.HANDED_BACK: _handed_back,
    Fate.TWICE_RETURNED: _twice_returned,
    Fate.REWORKED: _reworked,
    Fate.DEFERRED: _deferred,
    Fate.MERGED: _merged,
    Fate.IN_REVIEW: _in_review,
    Fate.TO_RELEASE: _to_release,
    Fate.DECLINED: _declined,
}
