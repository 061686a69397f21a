"""Change a rule: judged against the whole book, then published as a new version, with its event."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.exc import IntegrityError

from classifiers.sensitive import secrecy_mark
from monitor.domain.errors import Incomplete, Stale
from monitor.domain.learning import gate
from monitor.domain.lifecycle import MOVES
from monitor.domain.supervision import cards
from monitor.domain.workdays import local
from monitor.services.context import Context
from monitor.services.rulebook.assemble import SENSITIVE_LISTS, Body, Rules, assemble
from monitor.services.rulebook.kinds import KINDS, MASKS, STEP
from monitor.storage import rulebook as storage
from monitor.storage.rulebook import RuleVersion

_NEEDED_COLUMNS = frozenset({"number", "received_at", "text"})
_PLAIN_WORD = re.compile(r"\w{1,30}")
_LAWFUL = {"secrecy": "保守国家秘密法第35条", "trade_secret": "政府信息公开条例第15条"}


@dataclass(frozen=True, slots=True)
class Change:
    """A new version of one rule from a day on; `retire` takes the rule out of force instead."""

    kind: str
    code: str
    body: Body
    valid_from: date
    retire: bool = False
    before: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a book cannot be: which rule, which of its fields, in a sentence."""

    kind: str
    code: str
    field: str
    message: str


def drawn(ctx: Context, changes: Sequence[Change], by: str, reason: str = "") -> list[RuleVersion]:
    """The changes as versions, not written yet."""
    book = storage.all_versions(ctx.session)
    today = local(ctx.now).date()
    rows: list[RuleVersion] = []
    for change in changes:
        past = [one for one in [*book, *rows] if (one.kind, one.code) == (change.kind, change.code)]
        version = max((one.version for one in past), default=0) + 1
        rows.append(
            RuleVersion(
                kind=change.kind,
                code=change.code,
                version=version,
                valid_from=change.valid_from,
                valid_to=change.valid_from - date.resolution if change.retire else None,
                position=_position(storage.holding([*book, *rows], today), past, change),
                body={
                    **change.body,
                    "version": version,
                    "valid_from": change.valid_from.isoformat(),
                },
                published_at=ctx.now,
                published_by=by,
                reason=reason,
            )
        )
    return rows


def preview(ctx: Context, rows: Iterable[RuleVersion], day: date) -> Rules:
    """The rules as they would be on a day with these versions added."""
    return assemble(bodies(_with(ctx, rows), day))


def judge(ctx: Context, rows: Sequence[RuleVersion], sections: Collection[str]) -> list[Fault]:
    """What would become wrong on any day from now on, were these versions added.

    What is wrong already does not stand in the way of another change.
    """
    old, book = storage.all_versions(ctx.session), _with(ctx, rows)
    today = local(ctx.now).date()
    days = {today, *(one.valid_from for one in book if one.valid_from > today)}
    for day in sorted(days):
        known = set(_faults(bodies(old, day), sections))
        faults = [fault for fault in _faults(bodies(book, day), sections) if fault not in known]
        if faults:
            return faults
    return []


def apply(
    ctx: Context, rows: Sequence[RuleVersion], sections: Collection[str], event: str, **told: object
) -> None:
    """Publish these versions, all or none, told in one event."""
    if faults := judge(ctx, rows, sections):
        first = faults[0]
        raise Incomplete(first.message, fields={one.field: one.message for one in faults})
    try:
        storage.write(ctx.session, rows)
    except IntegrityError as error:
        message = "刚才有人改了同一条规则。"
        raise Stale(message, remedy="请回到这一条，看过新的版本再改。") from error
    ctx.session.info.pop("rules", None)
    ctx.record_system(event, **told)


def bodies(book: Iterable[RuleVersion], day: date) -> dict[str, Sequence[Body]]:
    """The bodies in force on a day, by kind."""
    found: dict[str, list[RuleVersion]] = {kind.code: [] for kind in KINDS}
    for one in book:
        found.setdefault(one.kind, []).append(one)
    kept: dict[str, Sequence[Body]] = {
        kind: [row.body for row in storage.holding(rows, day)] for kind, rows in found.items()
    }
    kept["deadline"] = [row.body for row in found["deadline"] if row.valid_from <= day]
    return kept


def _with(ctx: Context, rows: Iterable[RuleVersion]) -> list[RuleVersion]:
    return [*storage.all_versions(ctx.session), *rows]


def _position(holding: Sequence[RuleVersion], past: Sequence[RuleVersion], change: Change) -> int:
    """Where a rule stands among its kind: before another, where it stood, or last."""
    others = [one for one in holding if one.kind == change.kind and one.code != change.code]
    places = sorted(one.position for one in others)
    for one in others:
        if change.before and one.code == change.before:
            left = max((place for place in places if place < one.position), default=-STEP)
            return (left + one.position) // 2
    if past:
        return max(past, key=lambda one: one.version).position
    return (places[-1] if places else -STEP) + STEP


def _faults(found: dict[str, Sequence[Body]], sections: Collection[str]) -> list[Fault]:
    topics = {body["code"] for body in found["topic"]}
    faults = [
        Fault("topic", body["code"], "parent", f"主题“{body['label']}”的上级主题已停用或不存在。")
        for body in found["topic"]
        if body.get("parent") and body["parent"] not in topics
    ]
    for row in found["catalogue"]:
        number = row["number"]
        if row["topic"] not in topics:
            faults.append(Fault("catalogue", number, "topic",
                f"派单目录 {number} 指向主题 {row['topic']}，请先改这一条。"))  # fmt: skip
        asked = [row["section"], *row.get("co_sections", [])]
        if missing := [code for code in asked if code not in sections]:
            faults.append(Fault("catalogue", number, "section",
                f"派单目录 {number} 指向科室 {missing[0]}，本单位没有这个科室。"))  # fmt: skip
        elif len(asked) != len(set(asked)):
            faults.append(Fault("catalogue", number, "co_sections",
                f"派单目录 {number} 的协办科室与主办科室相同。"))  # fmt: skip
    faults += [
        Fault(
            "text", body["code"], "topic", f"标准文本 {body['code']} 指向已停用的主题，请先改它。"
        )
        for body in found["text"]
        if body.get("topic") and body["topic"] not in topics
    ]
    for body in found["urgency"]:
        if any(len(word) < 2 for word in body["words"]):
            faults.append(Fault("urgency", body["code"], "words", "每个词至少两个字。"))
    faults += _list_faults(found)
    faults += _supervision_faults(found)
    faults += _learning_faults(found)
    faults += _mask_faults(found)
    lacking = _NEEDED_COLUMNS - {body["code"] for body in found["column"]}
    if lacking:
        faults.append(Fault("column", min(lacking), "label",
            "编号、时间和内容三列导入时必须有，不能停用。"))  # fmt: skip
    names: dict[str, str] = {}
    for body in found["column"]:
        for name in dict.fromkeys([body["label"], *body["aliases"]]):
            if names.setdefault(name, body["code"]) != body["code"]:
                faults.append(Fault("column", body["code"], "aliases",
                    f"表头“{name}”已经属于另一列，同一个表头不能归两列。"))  # fmt: skip
    return faults


def _mask_faults(found: dict[str, Sequence[Body]]) -> list[Fault]:
    """Nothing that the law has us cover may be left without a mask, or show itself in one."""
    texts = {body["code"]: body["text"] for body in found["mask"]}
    faults = []
    for code, label in MASKS.items():
        text = texts.get(code, "")
        if not text.strip():
            law = _LAWFUL.get(code, "个人信息保护法第28条")
            message = f"{label}必须遮盖，遮盖词不能去掉（{law}）。"
            faults.append(Fault("mask", code, "text", message))
        elif any(char.isdecimal() for char in text) or secrecy_mark(text):
            faults.append(Fault("mask", code, "text", "遮盖词里不能有数字或密级标志。"))
    if not found["sensitive"]:
        message = "扫描个人信息的参数不能去掉。"
        faults.append(Fault("sensitive", "sensitive", "text", message))
    lists = {body["code"]: body["words"] for body in found["words"]}
    for code in SENSITIVE_LISTS:
        words = lists.get(code, ())
        if not words:
            faults.append(Fault("words", code, "words", "至少留一个词，否则这一类无从识别。"))
        elif odd := next((word for word in words if not _PLAIN_WORD.fullmatch(word)), ""):
            message = f"只能是汉字、字母和数字：{odd[:20]}"
            faults.append(Fault("words", code, "words", message))
    return faults


def _supervision_faults(found: dict[str, Sequence[Body]]) -> list[Fault]:
    faults = [
        Fault("card", body["code"], *fault)
        for body in found["card"]
        for fault in cards.faults_of(body)
    ]
    faults += [
        Fault("announce", body["code"], "code", f"没有“{body['code']}”这一步，请从列表中选择。")
        for body in found["announce"]
        if body["code"] not in MOVES
    ]
    if not found["notice"]:
        faults.append(Fault("notice", "notices", "quiet_from", "提醒规则不能去掉。"))
    return faults


def _learning_faults(found: dict[str, Sequence[Body]]) -> list[Fault]:
    try:
        gate.parse(found["learning"])
    except Incomplete as wrong:
        fields = wrong.fields.items()
        return [Fault("learning", "learning", name, f"{words}。") for name, words in fields]
    return []


def _list_faults(found: dict[str, Sequence[Body]]) -> list[Fault]:
    faults = []
    for body in found["words"]:
        for word in body["words"] if body["code"] == "urgency.idioms" else ():
            try:
                re.compile(word)
            except re.error:
                faults.append(Fault("words", body["code"], "words", f"句式写法有误：{word}"))
    return faults
