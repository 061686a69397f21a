"""The history of an order in sentences: what happened, who did it, when."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from monitor.domain.lifecycle import MOVES, label
from monitor.domain.vocabulary import AnswerWay, Channel, Promise, Role, Solved, Via
from monitor.domain.workdays import local
from monitor.services.rulebook import Rules
from monitor.steps.triage import DECLINE_CODES
from monitor.storage.history import Event
from monitor.web.offering import told

# What happens to the papers rather than to the matter; shown under 全部.
_ASIDE = frozenset(
    {"revealed", "due_moved", "upstream_changed", "copy_edited", "child_joined", "child_left"}
)
_NOTE_SHOWN = 60
PERSONAL = {
    "name": "姓名",
    "phone": "电话",
    "id_number": "证件号",
    "address": "住址",
    "email": "邮箱",
}
_CHANGED = {
    "title": "标题",
    "text": "内容",
    "place": "问题发生地",
    "received_at": "受理时间",
    "consent": "是否公开",
    "request_type": "工单类型",
    "urgency": "紧急程度",
    "upstream_due": "办理时限",
    "answer": "上级平台的答复",
    "answered_at": "上级平台的答复时间",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the story."""

    id: int
    verb: str
    text: str
    when: datetime
    who: str
    note: str = ""
    major: bool = False
    aside: bool = False
    href: str = ""


@dataclass
class Names:
    """What the sentences look words up in, and what earlier events have said."""

    rules: Rules
    sections: Mapping[str, str]
    people: Mapping[str, str]
    notes: Mapping[datetime, str]
    section: str = ""
    answers: int = 0

    def of_section(self, code: object) -> str:
        """The words of a section."""
        return self.sections.get(str(code or ""), str(code or ""))


def tell(events: Sequence[Event], names: Names) -> list[Told]:
    """The story, newest first."""
    lines = []
    for event in events:
        details: dict[str, Any] = orjson.loads(event.details)
        say = _SENTENCES.get(event.what)
        verb, text, note = say(names, details, event) if say else _plain(event)
        changed = "to" in details and details.get("from") != details["to"]
        lines.append(
            Told(
                id=event.sequence,
                verb=verb,
                text=text,
                when=event.at,
                who=_person(event.actor),
                note=note,
                major=changed,
                aside=event.what in _ASIDE,
            )
        )
    return lines[::-1]


def acts(lines: Sequence[Told]) -> list[Told]:
    """The lines about the handling only."""
    return [line for line in lines if not line.aside]


Sentence = tuple[str, str, str]


def _person(actor: str) -> str:
    # The login name stands in the record; people read the name.
    return actor.partition("（")[0]


def _plain(event: Event) -> Sentence:
    return label(event.what), "", ""


def _after(words: object) -> str:
    return f"：{words}" if words else ""


def _register(_: Names, details: dict[str, Any], __: Event) -> Sentence:
    channel, via = str(details.get("channel", "")), str(details.get("via", ""))
    label = Channel(channel).label if channel in set(Channel) else channel
    return "来信登记", f"：{label}", Via(via).label if via in set(Via) else ""


def _imported(names: Names, details: dict[str, Any], event: Event) -> Sentence:
    names.answers += 1
    return (
        "导入已答复的来件",
        _register(names, details, event)[1],
        _moment(details.get("at"), "答复于"),
    )


def _dispatch(names: Names, details: dict[str, Any], _: Event) -> Sentence:
    names.section = names.of_section(details.get("section"))
    others = "、".join(map(names.of_section, details.get("co_sections", ())))
    row = details.get("catalogue")
    note = f"派单目录 {row}" if row else ("与建议一致" if details.get("as_suggested") else "")
    return "分办", f"：主办{names.section}" + (f"，协办{others}" if others else ""), note


def _sign(names: Names, _: dict[str, Any], __: Event) -> Sentence:
    return "签收", f"：{names.section}" if names.section else "", ""


def _redirect(names: Names, details: dict[str, Any], _: Event) -> Sentence:
    names.section = names.of_section(details.get("section"))
    return "同意改派", f"，转{names.section}{_after(details.get('reason'))}", ""


def _reason(name: str) -> Callable[[Names, dict[str, Any], Event], Sentence]:
    def say(_: Names, details: dict[str, Any], __: Event) -> Sentence:
        return MOVES[name].label, _after(details.get("reason")), ""

    return say


def _ask_decline(_: Names, details: dict[str, Any], __: Event) -> Sentence:
    why = DECLINE_CODES.get(str(details.get("code")), str(details.get("code", "")))
    told = details.get("told")
    return (
        "提请不予受理",
        f"：{why}。{details.get('reason', '')}",
        f"告知渠道：{told}" if told else "",
    )


def _assign(names: Names, details: dict[str, Any], _: Event) -> Sentence:
    username = str(details.get("handler", ""))
    return "交给承办人", f"：{names.people.get(username, username)}", ""


def _contact(_: Names, details: dict[str, Any], event: Event) -> Sentence:
    at = _moment(details.get("at"), "联系于")
    same = at == _moment(event.at.isoformat(), "联系于")
    return "联系诉求人", _after(details.get("way")), "" if same else at


def _note(names: Names, _: dict[str, Any], event: Event) -> Sentence:
    words = names.notes.get(event.at, "")
    shown = words if len(words) <= _NOTE_SHOWN else words[: _NOTE_SHOWN - 1] + "…"
    return "内部说明", _after(shown), "不公开"


def _submit(names: Names, details: dict[str, Any], _: Event) -> Sentence:
    names.answers += 1
    solved = str(details.get("solved", ""))
    label = Solved(solved).label if solved in set(Solved) else ""
    return "提交答复", f"第 {names.answers} 稿，送办公室审核", label


def _answer_at_once(names: Names, details: dict[str, Any], _: Event) -> Sentence:
    names.answers += 1
    return "直接答复", "，送办公室审核", str(details.get("basis", ""))[:60]


def _sign_off(_: Names, details: dict[str, Any], __: Event) -> Sentence:
    role = str(details.get("role", ""))
    label = Role(role).label if role in set(Role) else role
    return "审核通过", f"（{label}）{_after(details.get('opinion'))}", ""


def _answered(_: Names, details: dict[str, Any], __: Event) -> Sentence:
    way = str(details.get("way", ""))
    label = AnswerWay(way).label if way in set(AnswerWay) else way
    return "登记答复", f"：{label}", _moment(details.get("at"), "答复于")


def _call_back(_: Names, details: dict[str, Any], __: Event) -> Sentence:
    solved = str(details.get("solved", ""))
    words = [
        "已联系上" if details.get("contacted") else "未联系上",
        str(details.get("satisfied", "")),
        Solved(solved).label if solved in set(Solved) else "",
    ]
    return "回访", "：" + "，".join(word for word in words if word), ""


def _due_moved(_: Names, details: dict[str, Any], __: Event) -> Sentence:
    due, promise = _moment(details.get("due"), ""), str(details.get("promise", ""))
    label = Promise(promise).label if promise in set(Promise) else "答复"
    return f"{label}时限调整", f"为 {due}{_after(details.get('why'))}", str(details.get("rule", ""))


def _revealed(_: Names, details: dict[str, Any], __: Event) -> Sentence:
    shown = "、".join(PERSONAL.get(name, name) for name in details.get("fields", ()))
    return "查看个人信息", f"：{shown}", f"理由：{details.get('reason', '')}"


def _upstream(_: Names, details: dict[str, Any], __: Event) -> Sentence:
    words = []
    for name in details.get("fields", ()):
        own = name.removeprefix("requester.")
        words.append(PERSONAL.get(own) or _CHANGED.get(name, "其他栏目"))
    return "上级平台更新", _after("、".join(dict.fromkeys(words))), ""


def _ground(_: Names, details: dict[str, Any], __: Event) -> Sentence:
    return "退单", _after(details.get("ground")), ""


def _findings(_: Names, details: dict[str, Any], __: Event) -> Sentence:
    return "退回修改", _after(details.get("findings")), ""


def _joined(verb: str) -> Callable[[Names, dict[str, Any], Event], Sentence]:
    def say(_: Names, details: dict[str, Any], __: Event) -> Sentence:
        return verb, f" {details.get('child') or details.get('master') or ''}", ""

    return say


def _archive(_: Names, details: dict[str, Any], __: Event) -> Sentence:
    return "归档", "", f"保管 {details.get('retention', '')}"


def _copy(_: Names, details: dict[str, Any], __: Event) -> Sentence:
    return "修改公开稿", f"，第 {details.get('version', '')} 版", ""


def _moment(stored: object, before: str) -> str:
    if not isinstance(stored, str) or not stored:
        return ""
    at = local(datetime.fromisoformat(stored))
    return f"{before} {at.month}月{at.day}日 {at:%H:%M}".strip()


_REASONED = {name for name, move in MOVES.items() if "reason" in move.given}
_SENTENCES: Mapping[str, Callable[[Names, dict[str, Any], Event], Sentence]] = {
    **{name: _reason(name) for name in _REASONED},
    "register": _register,
    "import_answered": _imported,
    "dispatch": _dispatch,
    "answer_at_once": _answer_at_once,
    "merge": _joined("并入"),
    "child_joined": _joined("并入了"),
    "child_left": _joined("不再并入"),
    "ask_decline": _ask_decline,
    "sign": _sign,
    "ask_return": _ground,
    "redirect": _redirect,
    "assign": _assign,
    "handed_on": lambda _, d, __: ("移交承办人", f"：{d['before']} → {d['after']}", ""),
    "contact": _contact,
    "note": _note,
    "submit": _submit,
    "sign_off": _sign_off,
    "hand_back": _findings,
    "hand_back_to_duty": _findings,
    "record_answer": _answered,
    "call_back": _call_back,
    "archive": _archive,
    "due_moved": _due_moved,
    "revealed": _revealed,
    "upstream_changed": _upstream,
    "copy_edited": _copy,
    **told.SENTENCES,
}
