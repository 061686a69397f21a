"""The forms of the moves: which fields each wants, with choices, present values and faults."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from classifiers.letter import requests
from monitor.domain.vocabulary import FIELD_LABELS, AnswerWay, Channel, RequestType, Solved, Urgency
from monitor.domain.workdays import local
from monitor.services.context import Context
from monitor.services.handling import closing, extending, handlers, pausing, pledging, rechoosing
from monitor.services.rulebook import Rules
from monitor.steps.callback import RETENTION, SATISFIED
from monitor.steps.triage import DECLINE_CODES
from monitor.storage.orders import Order
from monitor.storage.people import Person, Section

CONTACT_WAYS = ("电话", "当面", "短信", "微信", "电子邮件", "书面")
# Below this the reading is a guess: a section is not chosen beforehand (ui, 60 %).
SURE = 0.6
# After the name: "?" may be left out.
FORMS: Mapping[str, tuple[str, ...]] = {
    "dispatch": ("topic", "request_type", "urgency", "section", "co_sections?"),
    "merge": ("master",),
    "unmerge": ("reason",),
    "ask_decline": ("code", "told", "reason"),
    "decline": ("reason",),
    "refuse_decline": ("reason",),
    "recall": ("reason",),
    "split": ("requests",),
    "retract": ("reason", "proof"),
    "sign": (),
    "ask_return": ("ground",),
    "redirect": ("section", "reason"),
    "force": ("reason",),
    "assign": ("handler",),
    "ask_part": ("co_section", "text"),
    "contact": ("way", "at", "outcome", "no_callback?"),
    "note": ("text",),
    "defer": ("reason", "plan", "review_on"),
    "defer_on": ("reason", "plan", "review_on"),
    "resume": ("reason",),
    "ask_extension": ("days", "reason"),
    "extend": ("way", "outcome"),
    "refuse_extension": ("reason",),
    "pause_clock": ("cause", "noticed_on", "text"),
    "resume_clock": ("received_on", "outcome"),
    "ask_correction": ("text", "way", "until"),
    "receive_correction": ("received_on",),
    "abandon": ("reason",),
    "confirm_receipt": ("way", "received_on"),
    "choose_rule": ("rule", "reason"),
    "rereckon": ("clock", "reason"),
    "confirm_pledge": ("pledge", "due_on?"),
    "drop_pledge": ("pledge", "reason"),
    "keep_pledge": ("pledge", "proof"),
    "renew_pledge": ("pledge", "due_on", "reason"),
    "chase": ("text?",),
    "supervise": ("reason",),
    "raise_up": ("reason",),
    "lift_cards": ("reason",),
    "sign_off": ("opinion?", "ask_legal?"),
    "hand_back": ("findings",),
    "record_answer": ("way", "at", "note?"),
    "release": (),
    "withhold": ("reason",),
    "withdraw": ("reason",),
    "rework": ("reason",),
    "call_back": ("contacted", "satisfied?", "solved?", "reason?"),
    "close_unreached": (),
    "correct_call_back": ("satisfied", "solved?", "reason?"),
    "keep_closed": ("reason",),
    "reopen": ("reason",),
    "archive": ("retention",),
}
_LABELS = {
    **FIELD_LABELS,
    "co_sections": "协办科室",
    "opinion": "审核意见",
    "ask_legal": "请法律顾问会签",
    "no_callback": "诉求人表示办结后不必回访",
    "note": "备注",
}
_OWN_LABELS = {
    ("retract", "proof"): "撤回凭据",
    ("keep_pledge", "proof"): "兑现凭据",
    ("record_answer", "way"): "答复方式",
    ("ask_part", "text"): "请协办什么",
    ("chase", "text"): "催办意见",
    ("pause_clock", "text"): "征求谁的什么意见",
    ("resume_clock", "outcome"): "对方的意见",
    ("ask_correction", "text"): "要补正什么",
}
_HINTS = {
    ("chase", "text"): "可不填；写给科室的一句话，不写电话和证件号",
    ("supervise", "reason"): "为什么督办、要办到什么程度；科室看得到",
    ("raise_up", "reason"): "为什么提级；分管领导和科室看得到",
    ("lift_cards", "reason"): "为什么解除；原来的牌留在经过里",
    ("recall", "reason"): "写进经过，科室看得到",
    (
        "split",
        "requests",
    ): "一项诉求一段，段与段之间空一行；至少两项，按原话分开；已按来信预填的请核对",
    ("retract", "reason"): "诉求人为什么撤回",
    ("retract", "proof"): "凭什么认定是本人撤回：来电时间、短信、书面材料；不写电话和证件号",
    ("ask_return", "ground"): "写明依据的职责分工或法规条款，由办公室裁定",
    ("ask_decline", "told"): "要写明法定渠道的名称，例如受理单位、电话、窗口",
    ("defer", "plan"): "分几步办、谁来办",
    ("defer_on", "reason"): "复查看到什么，为什么还不能办结",
    ("defer_on", "plan"): "接下来分几步办、谁来办",
    ("call_back", "satisfied"): "联系上的必选",
    ("call_back", "reason"): "不满意的必填；没联系上的写明情况，例如无人接听",
    ("correct_call_back", "reason"): "不满意的必填；原来的记录保留",
    ("keep_closed", "reason"): "为什么按原答复归档",
    ("hand_back", "findings"): "逐条写明要改什么，主办科室照此修改",
    ("note", "text"): "不公开，不进公开检索",
    ("ask_extension", "reason"): "为什么到期办不完，办到了哪一步；批准人据此决定",
    ("extend", "outcome"): "怎么告知诉求人延期的；不写电话和证件号",
    ("pause_clock", "noticed_on"): "征求意见函送达对方的日子，次日起停表",
    ("resume_clock", "outcome"): "同意、不同意或没有答复；不写电话和证件号",
    ("ask_correction", "text"): "一次说全；不写电话和证件号",
    ("ask_correction", "until"): "给申请人的合理期限，到期没有补正的由办公室负责人决定",
    ("confirm_receipt", "received_on"): "与申请人电话等方式确认收到的那一天，答复时限从这天起算",
    ("choose_rule", "reason"): "为什么适用这条规则，如案情复杂、已认定为重大突发；写进时限条",
    ("rereckon", "reason"): "为什么改按现行规则，如规则的错误已更正；写进时限条",
    ("confirm_pledge", "due_on"): "不填就按上面列出的日期；日期不明的必填",
    ("drop_pledge", "reason"): "为什么不算承诺，如只是引用规定",
    ("keep_pledge", "proof"): "什么时候办成的、凭什么证明，如拨付回单号；不写电话和证件号",
    ("renew_pledge", "reason"): "为什么没有按期兑现，怎么告知诉求人的",
    ("abandon", "reason"): "期满没有补正，申请人说过什么理由",
    ("ask_part", "text"): "写明要核什么、查什么、给什么口径",
    ("contact", "outcome"): "说了什么、对方要什么；不写电话和证件号",
}
_LONG = frozenset(
    {"reason", "ground", "text", "outcome", "plan", "findings", "opinion", "told", "proof"}
)
_AREA = frozenset({"ground", "text", "outcome", "plan", "findings", "requests"})
_KINDS = {
    "at": "datetime-local",
    "review_on": "date",
    "due_on": "date",
    "noticed_on": "date",
    "received_on": "date",
    "until": "date",
    "co_sections": "asks",
    "contacted": "radios",
    "solved": "radios",
    "ask_legal": "check",
    "no_callback": "check",
}
Options = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Facts:
    """What the forms choose from; read once a page."""

    ctx: Context
    order: Order
    rules: Rules
    sections: Mapping[str, Section]
    handlers: Sequence[Person]
    masters: Options = ()
    typed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)


def fields(facts: Facts, move: str) -> list[dict[str, Any]]:
    """The fields of a move's form, ready to draw."""
    return [_field(facts, move, name) for name in FORMS.get(move, ())]


def label_of(name: str) -> str:
    """What must be given, as people read it."""
    return _LABELS[name]


def _field(facts: Facts, move: str, named: str) -> dict[str, Any]:
    name, optional = named.removesuffix("?"), named.endswith("?")
    options = _options(facts, move, name)
    kind = "select" if options is not None else "area" if name in _AREA else "text"
    kind = _KINDS.get(name, kind)
    typed = facts.typed.get(name)
    return {
        "kind": kind,
        "name": name,
        "id": f"{move}-{name}",
        "label": _OWN_LABELS.get((move, name)) or _LABELS[name],
        "options": options or (),
        "value": typed[0] if typed else _value(facts, move, name),
        "values": list(typed) if typed is not None else facts.order.co_sections,
        "asks": dict(zip(facts.typed.get("ask_of", ()), facts.typed.get("ask", ()), strict=False)),
        "hint": _hint(facts, move, name),
        "error": facts.faults.get(name, ""),
        "optional": optional,
        "longest": 20_000 if name == "requests" else 5000 if name in _LONG else 200,
    }


def _hint(facts: Facts, move: str, name: str) -> str:
    if (move, name) == ("archive", "retention"):
        return closing.proposed(facts.ctx, facts.order).words
    if (move, name) == ("ask_extension", "days"):
        return extending.terms(facts.ctx, facts.order)
    if (move, name) == ("extend", "way"):
        return extending.asked(facts.ctx, facts.order)
    return _HINTS.get((move, name), "")


def _value(facts: Facts, move: str, name: str) -> str:
    order = facts.order
    if (move, name) == ("archive", "retention"):
        return closing.proposed(facts.ctx, order).retention
    if move == "dispatch" and name == "section":
        sure = order.confidence is not None and order.confidence >= SURE
        return order.section or (order.suggested_section if sure else "") or ""
    if move in {"dispatch", "answer_at_once"} and name in {"topic", "request_type", "urgency"}:
        suggested = {"request_type": order.suggested_type}.get(
            name, getattr(order, f"suggested_{name}", None)
        )
        return getattr(order, name) or suggested or ""
    if (move, name) == ("split", "requests"):
        return requests.proposed(order.text)
    if name in {"noticed_on", "received_on"}:
        return local(facts.ctx.now).date().isoformat()
    if name == "at":
        return f"{local(facts.ctx.now):%Y-%m-%dT%H:%M}"
    if (move, name) == ("record_answer", "way"):
        return AnswerWay.FED_BACK if order.channel == Channel.HOTLINE else ""
    return ""


def decided(facts: Facts) -> list[dict[str, Any]]:
    """Topic, type and urgency, as duty's own answer needs them too."""
    return [_field(facts, "answer_at_once", name) for name in ("topic", "request_type", "urgency")]


def _options(facts: Facts, move: str, name: str) -> Options | None:
    if (move, name) == ("record_answer", "way"):
        ways = [way for way in AnswerWay if way not in {AnswerWay.IMPORTED, AnswerWay.SHOWN}]
        return [(way.value, way.label) for way in ways]
    if name == "pledge":
        return pledging.options(facts.ctx, facts.order, move)
    make = _CHOICES.get(name)
    return make(facts) if make else None


def _sections(facts: Facts) -> Options:
    return [(code, section.label) for code, section in facts.sections.items() if section.active]


def _others(facts: Facts) -> Options:
    """The sections that have nothing to do with the order yet."""
    taken = {facts.order.section, *facts.order.co_sections}
    return [(code, label) for code, label in _sections(facts) if code not in taken]


def _topics(facts: Facts) -> Options:
    return [(code, facts.rules.topic_label(code)) for code in facts.rules.topics]


def _words(words: Any) -> Callable[[Facts], Options]:
    return lambda _: [(word.value, word.label) for word in words]


def _same(words: Sequence[str]) -> Callable[[Facts], Options]:
    return lambda _: [(word, word) for word in words]


def _causes(facts: Facts) -> Options:
    found = pausing.causes(facts.ctx, facts.order).items()
    return [(code, event.label) for code, event in found if code != pausing.CORRECTION]


_CHOICES: Mapping[str, Callable[[Facts], Options]] = {
    "topic": _topics,
    "request_type": _words(RequestType),
    "urgency": _words(Urgency),
    "section": _sections,
    "co_sections": _sections,
    "co_section": _others,
    "cause": _causes,
    "rule": lambda facts: [
        (one.rule.code, one.words) for one in rechoosing.choices(facts.ctx, facts.order)
    ],
    "clock": lambda facts: [
        (str(one.rule.promise), one.words)
        for one in rechoosing.rereckonable(facts.ctx, facts.order)
    ],
    "handler": lambda facts: handlers.options(facts.ctx, facts.order.section or "", facts.handlers),
    "code": lambda _: list(DECLINE_CODES.items()),
    "way": _same(CONTACT_WAYS),
    "contacted": lambda _: [("yes", "已联系上"), ("no", "未联系上")],
    "satisfied": _same(SATISFIED),
    "solved": _words(Solved),
    "retention": _same(RETENTION),
}
