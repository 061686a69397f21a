"""Lives that make every move of the table at least once: who does what, and what he says."""

from dataclasses import dataclass, field, replace
from typing import Any

from monitor.domain.dispatch import Decision
from monitor.domain.letters import Requester
from monitor.domain.vocabulary import Arrival, Channel, Via
from tests.steps.conftest import MORNING


@dataclass(frozen=True)
class Act:
    """One move of a life; `days` pass before it, `on` names another order by its place."""

    who: str
    move: str
    said: dict[str, Any] = field(default_factory=dict)
    days: int = 0
    on: int = 0


@dataclass(frozen=True)
class Life:
    """What came in, and all that happens to it."""

    acts: tuple[Act, ...]
    letter: dict[str, Any] = field(default_factory=dict)


def _sent(*co: str, kind: str = "help") -> Act:
    return Act("lin", "dispatch", {"decision": Decision("funds", kind, "normal", "funds", co)})


_AT_ONCE = Act("lin", "answer_at_once", {"decision": Decision("funds", "help", "normal")})
_SUBMIT = Act("zhou", "submit", {"answer": "补贴已经拨付。", "without": "不等"})
_SIGN_OFF = Act("qian", "sign_off", {"ask_legal": False})
_SECRECY = Act("wu", "sign_off")
_SUBMITTED = (_sent(), Act("zhou", "sign"), _SUBMIT, _SIGN_OFF)
_PLEASED = {"contacted": True, "satisfied": "满意", "solved": "solved", "reason": ""}
_POOR = {"contacted": True, "satisfied": "不满意", "solved": "unsolved", "reason": "太慢"}
_IN_VAIN = {"contacted": False, "satisfied": "", "solved": "", "reason": "无人接听"}
_POLICY = {"co_section": "policy"}
# Days without a date: whatever came before, nobody can take them for another year's.
_PROMISES = "首批补贴将在三十天内拨付，余款在十五个工作日内拨付。"
# Nobody who left no number is called back.
_NOBODY = Requester(name="陈某")

DISPATCH = _sent()
NEW_RULE = Act("system", "a new version of the rule")
TAKEN_BACK = Act("lin", "retract", {"proof": "来电"})

LIVES = (
    Life(
        (
            Act("lin", "ask_decline"), Act("qian", "refuse_decline"),
            _sent("policy"), Act("lin", "recall"), _sent("policy"),
            Act("li", "ask_return"), Act("qian", "force"), Act("zhou", "sign"),
            Act("zhou", "assign"), Act("li", "contact"), Act("li", "note"),
            Act("li", "urge_part", _POLICY), Act("feng", "give_part"),
            Act("li", "return_part", _POLICY), Act("li", "excuse_part", _POLICY),
            Act("li", "ask_part", _POLICY),
            Act("zhou", "ask_extension", {"days": 1}), Act("qian", "refuse_extension"),
            Act("zhou", "ask_extension", {"days": 1}), Act("qian", "extend"),
            Act("lin", "chase"), Act("sun", "supervise"), Act("sun", "raise_up"),
            Act("sun", "lift_cards"), Act("sun", "defer"), Act("zhou", "resume"),
            _SUBMIT, Act("qian", "hand_back"), _SUBMIT, _SIGN_OFF, _SECRECY,
            Act("qian", "release"), Act("lin", "call_back", _PLEASED),
            Act("lin", "correct_call_back"), Act("qian", "withdraw"), Act("qian", "archive"),
            Act("qian", "reopen"), Act("qian", "rework"),
        )
    ),
    Life(
        (
            _sent(kind="complaint"), Act("li", "ask_return"),
            Act("qian", "redirect", {"section": "invest1"}), Act("chen", "sign"),
            Act("chen", "submit", {"answer": "补贴已经拨付。", "without": ""}), _SIGN_OFF, _SECRECY,
            Act("sun", "sign_off"), Act("qian", "withhold"), Act("qian", "record_answer"),
            Act("lin", "call_back", _POOR), Act("qian", "keep_closed"), Act("qian", "archive"),
        )
    ),
    Life(
        (
            *_SUBMITTED, _SECRECY, Act("qian", "record_answer"), Act("qian", "release"),
            *(Act("lin", "call_back", _IN_VAIN),) * 3, Act("lin", "close_unreached"),
        )
    ),
    Life(
        (
            _AT_ONCE, Act("qian", "hand_back"), _AT_ONCE, _SIGN_OFF, Act("qian", "record_answer"),
            Act("qian", "rework"),
        ),
        {"consent": False},
    ),
    Life((*_SUBMITTED, Act("qian", "record_answer")), {"consent": False, "requester": _NOBODY}),
    Life(
        (
            Act("lin", "choose_rule", {"rule": "LX-1.complex"}), DISPATCH,
            Act("qian", "choose_rule", {"rule": "LX-1.answer"}), NEW_RULE,
            Act("qian", "rereckon"), Act("zhou", "sign"), Act("sun", "defer"),
            Act("sun", "defer_on", {"review_on": 10}),
        )
    ),
    Life(
        (
            DISPATCH, Act("zhou", "sign"),
            Act("zhou", "submit", {"answer": _PROMISES, "without": ""}), _SIGN_OFF,
            Act("qian", "record_answer"), Act("zhou", "confirm_pledge"),
            Act("zhou", "drop_pledge"), Act("qian", "renew_pledge", {"due_on": 20}),
            Act("zhou", "keep_pledge"),
        ),
        {"consent": False},
    ),
    Life((), {"upstream_no": "N1", "channel": Channel.HOTLINE, "via": Via.SHEET,
              "answer": "已拨付。", "answered_at": MORNING}),
    Life(
        (
            Act("lin", "merge", {"master": 0}), Act("lin", "unmerge"), Act("lin", "ask_decline"),
            Act("qian", "decline"),
        )
    ),
    Life(
        (
            Act("lin", "split", {"requests": "补贴何时拨付？\n\n厂房何时交付？"}),
            replace(TAKEN_BACK, on=1),
            replace(TAKEN_BACK, on=2),
        )
    ),
    Life(
        (
            Act("lin", "split", {"requests": "补贴何时拨付？\n\n厂房何时交付？"}),
            replace(TAKEN_BACK, on=1),
            Act("lin", "answer_at_once", _AT_ONCE.said, on=2),
            Act("qian", "sign_off", {"ask_legal": False}, on=2),
            Act("qian", "record_answer", on=2),
        ),
        {"consent": False},
    ),
    Life(
        (
            _sent(kind="consult"), Act("li", "sign"),
            Act("li", "pause_clock", {"cause": "third_party", "noticed_on": 0}),
            Act("li", "resume_clock", {"received_on": 0}),
            Act("li", "ask_correction", {"until": 5}),
            Act("li", "receive_correction", {"received_on": 0}),
        ),
        {"channel": Channel.DISCLOSURE},
    ),
    Life(
        (
            _sent(kind="consult"), Act("li", "sign"), Act("li", "ask_correction", {"until": 5}),
            Act("qian", "abandon", days=30),
        ),
        {"channel": Channel.DISCLOSURE},
    ),
    Life(
        (Act("lin", "confirm_receipt", {"received_on": 0}),),
        {"channel": Channel.DISCLOSURE, "arrival": Arrival.LETTER},
    ),
)  # fmt: skip
