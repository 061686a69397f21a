"""Each move that a person makes, with what he gives; blank and wrong words come up as well."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Any

from monitor.domain.dispatch import Decision
from monitor.domain.workdays import local
from monitor.services.handling import pledging as promised
from monitor.steps import (
    branching,
    callback,
    casework,
    dispatch,
    merging,
    parts,
    publishing,
    review,
    triage,
)
from monitor.steps.supervision import chasing
from monitor.steps.timing import choosing, extending, pausing, pledging, receiving

_TWO = "补贴什么时候拨付？\n\n厂房什么时候交付？"
Given = Callable[[Random, Any], dict[str, object]]


def _decision(dice: Random, sections: tuple[str, ...] = ("funds", "factor")) -> Decision:
    kind = dice.choice(("help", "complaint", "consult"))
    lead = dice.choice(sections)
    co = dice.choice(((), ("policy",), tuple(code for code in ("funds", "factor") if code != lead)))
    return Decision("funds", kind, dice.choice(("normal", "urgent")), lead, co)


def _fixed(**given: object) -> Given:
    return lambda _dice, _walker: given


def _day(walker: Any, days: int) -> date:
    return local(walker.now).date() + timedelta(days=days)


def _pledge(walker: Any, move: str) -> dict[str, object]:
    """Some promise of the order at hand, or none; its day as the words have it."""
    with walker.office.desk.reading() as ctx:
        order = walker.office.order(walker.at_hand)
        found = promised.options(ctx, order, move)
    given: dict[str, object] = {"pledge": found[0][0] if found else "没有"}
    return given | ({"due_on": None} if move == "confirm_pledge" else {})


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
    "confirm_receipt": (
        receiving.confirm,
        lambda dice, walker: {"way": "电话", "received_on": _day(walker, dice.choice((0, -1, 1)))},
    ),
    "choose_rule": (
        choosing.choose,
        lambda dice, _: {
            "rule": dice.choice(("LX-1.complex", "XF-2", "XF-1", "LX-1.answer")),
            "reason": "案情复杂",
        },
    ),
    "rereckon": (choosing.rereckon, _fixed(clock="answer", reason="规则已更正")),
    "confirm_pledge": (pledging.confirm, lambda dice, walker: _pledge(walker, "confirm_pledge")),
    "drop_pledge": (
        pledging.drop,
        lambda dice, walker: _pledge(walker, "drop_pledge") | {"reason": "引用规定"},
    ),
    "keep_pledge": (
        pledging.keep,
        lambda dice, walker: _pledge(walker, "keep_pledge") | {"proof": "拨付回单"},
    ),
    "renew_pledge": (
        pledging.renew,
        lambda dice, walker: (
            _pledge(walker, "renew_pledge")
            | {"due_on": _day(walker, dice.choice((0, 20, 900))), "reason": "等资金"}
        ),
    ),
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
