"""One change of a rule as a page sends it: read, judged, tried out, published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from monitor.domain.errors import Incomplete, NotFound, Stale
from monitor.domain.workdays import local
from monitor.services import rulebook, trials
from monitor.services.context import Context
from monitor.services.rulebook import changes, fields
from monitor.services.rulebook.changes import Change
from monitor.services.rulebook.fields import Options, Shape
from monitor.services.rulebook.shapes import SHAPES
from monitor.storage import people
from monitor.storage import rulebook as storage
from monitor.storage.rulebook import RuleVersion
from monitor.web.administering.differences import Difference, between

_MOST_REASON = 200
Given = Mapping[str, Sequence[str]]
_NEW_BODIES: dict[str, dict[str, object]] = {
    "column": {"part": "upstream"},
    "urgency": {"patterns": []},
}


@dataclass
class Asked:
    """What a form asks for; `faults` by field when it cannot be."""

    shape: Shape
    code: str
    act: str
    given: Given
    rows: list[RuleVersion] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Effect:
    """What publishing would do, as far as it can be told before."""

    differences: list[Difference]
    tried: trials.Trial | None
    notes: list[str]


def shape_of(kind: str) -> Shape:
    """The form of a kind; NotFound where there is none."""
    shape = SHAPES.get(kind)
    if shape is None:
        raise NotFound("没有这一类规则。")
    return shape


def choices(ctx: Context) -> dict[str, Options]:
    """What fields may choose from."""
    rules = rulebook.current(ctx)
    return {
        "sections": [(s.code, s.label) for s in people.sections(ctx.session).values()],
        "topics": [(code, rules.topic_label(code)) for code in rules.topics],
        "parents": [(t.code, t.label) for t in rules.topics.values() if not t.parent],
        "rows": [(row.number, f"{row.number} {row.duty[:30]}") for row in rules.catalogue],
    }


def ask(ctx: Context, shape: Shape, given: Given) -> Asked:
    """Read a form; nothing is written."""
    code = first(given, "code")
    asked = Asked(shape, code, first(given, "act") or "change", given)
    past = storage.history(ctx.session, shape.kind, code)
    if past and first(given, "seen") != str(past[0].version):
        raise Stale("这一条刚才有了新的版本。", remedy="请重新打开，看过新版本再改。")
    if fault := _code_fault(shape, code, given, known=bool(past)):
        asked.faults["code"] = fault
    day = _day(ctx, asked)
    if not first(given, "reason"):
        asked.faults["reason"] = "请写明为什么改"
    elif len(first(given, "reason")) > _MOST_REASON:
        asked.faults["reason"] = f"最多 {_MOST_REASON} 字"
    held = _body(ctx, asked, past)
    if asked.faults:
        return asked
    change = Change(
        shape.kind, code, held, day, retire=asked.act == "retire", before=first(given, "before")
    )
    asked.rows = changes.drawn(ctx, [change], ctx.person.label, first(given, "reason"))
    for found in changes.judge(ctx, asked.rows, people.sections(ctx.session)):
        mine = found.kind == shape.kind and found.code == code
        asked.faults.setdefault(found.field if mine else "valid_from", found.message)
    return asked


def effect(ctx: Context, asked: Asked) -> Effect:
    """What would change: the wording, and last month's orders."""
    row, shape = asked.rows[0], asked.shape
    before = rulebook.current(ctx)
    after = changes.preview(ctx, asked.rows, row.valid_from)
    past = storage.history(ctx.session, shape.kind, asked.code)
    wording = [] if row.retired else between(shape, past[0].body if past else {}, row.body)
    tried: trials.Trial | None = None
    notes: list[str] = []
    if shape.kind in {"catalogue", "topic"}:
        tried = trials.sections(ctx, before, after)
    elif shape.kind == "urgency" or asked.code.startswith("urgency."):
        tried = trials.urgencies(ctx, before, after)
    elif shape.kind == "chain":
        tried = trials.sign_offs(ctx, before, after)
    elif shape.kind == "card":
        tried = trials.cards(ctx, before, after)
    if shape.kind in {"notice", "announce"}:
        notes.append("只管以后的提醒；已经写下、正在等着发出的，照写下时的规则。")
    if shape.kind == "topic":
        count = storage.open_of_topic(ctx.session, asked.code)
        notes.append(f"未办结的工单有 {count} 件属于这个主题，它们的主题不变。")
    if asked.code.startswith("lexicon."):
        notes.append("发布后请运行 monitor train；在那以前，模型仍按训练时的词库切词。")
    return Effect(wording, tried, notes)


def publish(ctx: Context, asked: Asked) -> None:
    """Write the new version, with its event."""
    row = asked.rows[0]
    changes.apply(
        ctx, asked.rows, people.sections(ctx.session), "rule_changed", kind=row.kind, code=row.code,
        version=row.version, valid_from=row.valid_from.isoformat(), act=asked.act,
    )  # fmt: skip


def first(given: Given, name: str) -> str:
    """The first value of a field, without the blanks around it."""
    return next(iter(given.get(name, ())), "").strip()


def _code_fault(shape: Shape, code: str, given: Given, *, known: bool) -> str:
    if known:
        return "这个编号已经用过，请换一个" if first(given, "new") else ""
    if shape.code is None:
        raise NotFound("没有这一条规则。")
    if not shape.pattern.fullmatch(code):
        return "只用字母、数字、点和短横，最多 40 个"
    if shape.kind == "topic" and code.rpartition(".")[0] != first(given, "parent"):
        return "二级主题的代码应以上级主题的代码加一点开头，一级主题不带点"
    return ""


def _body(ctx: Context, asked: Asked, past: Sequence[RuleVersion]) -> dict[str, Any]:
    """What the new version will hold."""
    shape = asked.shape
    if asked.act == "restore":
        return dict(_version(past, first(asked.given, "again")).body)
    held: dict[str, Any] = dict(past[0].body if past else _NEW_BODIES.get(shape.kind, {}))
    if asked.act == "retire":
        if not shape.retires or not past:
            raise Incomplete("这一条不能停用。")
        return held
    held, faults = fields.read(shape, asked.given, choices(ctx), held)
    asked.faults.update(faults)
    held[shape.code.name if shape.code else "code"] = asked.code
    return held


def _day(ctx: Context, asked: Asked) -> date:
    today = local(ctx.now).date()
    try:
        day = date.fromisoformat(first(asked.given, "valid_from") or today.isoformat())
    except ValueError:
        day = date.min
    if not today <= day <= today.replace(year=today.year + 3, day=1):
        asked.faults["valid_from"] = "请填今天或以后三年内的日期"
        return today
    return day


def _version(past: Sequence[RuleVersion], number: str) -> RuleVersion:
    found = next((one for one in past if str(one.version) == number), None)
    if found is None:
        raise NotFound("没有这个版本。")
    return found
