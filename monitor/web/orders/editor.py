"""The answer being written: whose draft, which checks, what may be taken over into it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from monitor.domain.access import SECTION_ROLES
from monitor.domain.errors import Incomplete
from monitor.domain.vocabulary import Role, State
from monitor.services import reading, rulebook
from monitor.services.context import Context
from monitor.services.likeness import answered
from monitor.services.rulebook import Rules
from monitor.steps import casework
from monitor.storage import answers, deadlines, drafts, orders, people
from monitor.storage.orders import Order
from monitor.web.orders import cowork, texts
from monitor.web.orders.given import Drafted
from monitor.web.orders.texts import Offered

KINDS = {
    "name": "姓名",
    "phone": "手机号",
    "landline": "座机号",
    "id_card": "身份证号",
    "passport": "护照号",
    "bank_card": "银行卡号",
    "plate": "车牌号",
    "address": "住址",
    "email": "邮箱",
    "wechat": "微信号",
    "qq": "QQ 号",
    "uscc": "统一社会信用代码",
    "secrecy": "密级标志",
    "trade_secret": "疑似商业秘密",
}
# A firm's code, an office line, a likely trade secret: for the office to judge, no fault as such.
_ONLY_REMIND = frozenset({"uscc", "trade_secret", "landline"})
_MOST_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Similar:
    """An answered order about the same matter, with its answer as it may be quoted."""

    number: str
    title: str
    score: float
    shared: tuple[str, ...]
    answer: str


@dataclass
class Editor:
    """What the card 公开答复 shows."""

    submits: str
    answer: str = ""
    note: str = ""
    solved: str = ""
    basis: str = ""
    without: str = ""
    saved_at: datetime | None = None
    saved_by: str = ""
    version: int = 1
    texts: list[Offered] = field(default_factory=list)
    similar: list[Similar] = field(default_factory=list)
    checks: list[dict[str, Any]] = field(default_factory=list)
    counted: str = ""
    redacted: str = ""
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def musts(self) -> int:
        """How many checks must be mended."""
        return sum(item["level"] == "must" for item in self.checks)

    @property
    def personal(self) -> bool:
        """Whether something was found that can be covered up at once."""
        return any(item.get("personal") for item in self.checks)


def may_write(ctx: Context, order: Order) -> bool:
    """Whether this person writes the answer of this order in its present state."""
    if order.state == State.TRIAGE:
        return ctx.person.has(Role.DUTY)
    own = order.section is not None and ctx.person.section == order.section
    return order.state == State.IN_HAND and own and ctx.person.has(*SECTION_ROLES)


def editor(ctx: Context, order: Order, section: str) -> Editor | None:
    """The editor with the draft to go on with, or the version that was handed back."""
    if not may_write(ctx, order):
        return None
    last = answers.latest(ctx.session, order.id)
    shown = Editor("answer_at_once" if order.state == State.TRIAGE else "submit")
    shown.version = (last.version if last else 0) + 1
    if last:
        shown.answer, shown.note, shown.solved = last.text, last.note, last.solved
        shown.basis = last.basis
    kept = _draft(ctx, order, last.at if last else None)
    if kept is not None:
        fields, shown.saved_at, shown.saved_by = kept
        shown.answer = fields.get("answer", "")
        shown.note, shown.solved = fields.get("note", ""), fields.get("solved", "")
        shown.basis, shown.without = fields.get("basis", ""), fields.get("without", "")
    rules = rulebook.current(ctx)
    known = texts.known_of(rules, order, deadlines.of_order(ctx.session, order.id), section)
    shown.texts = texts.offered(rules, order, known)
    shown.similar = similar(ctx, order)
    return shown


def judge(ctx: Context, shown: Editor) -> None:
    """Fill in what is said about the words that stand in the editor now."""
    rules = rulebook.current(ctx)
    shown.checks = checks(rules, shown.answer)
    shown.counted = counted(shown.checks)
    shown.redacted = reading.redact(rules, shown.answer)


def _draft(
    ctx: Context, order: Order, handed_in: datetime | None
) -> tuple[dict[str, str], datetime, str] | None:
    """The fields to go on with, when they were saved, and by which colleague.

    One's own draft; where there is none, or the head's is older, the newest of the section's own
    people. What was saved before the last version was handed in has had its day.
    """
    me, form = ctx.person.id, casework.form_name(order)
    if me is None:
        return None
    own = drafts.load(ctx.session, ctx.keys, me, form)
    if own is not None and handed_in is not None and own[1] <= handed_in:
        own = None
    if order.section != ctx.person.section or (own and not ctx.person.has(Role.SECTION_HEAD)):
        return (*own, "") if own else None
    staff = {one.id: one.name for one in people.handlers(ctx.session, order.section or "")}
    newest = drafts.newest(ctx.session, ctx.keys, form, staff.keys() - {me})
    after = max((at for at in (handed_in, own[1] if own else None) if at), default=None)
    if newest is not None and (after is None or newest[2] > after):
        return newest[1], newest[2], staff[newest[0]]
    return (*own, "") if own else None


def similar(ctx: Context, order: Order) -> list[Similar]:
    """Answered orders whose answer may be quoted, with personal details replaced."""
    near = answered.like(ctx, f"{order.title}\n{order.text}", excluding=order.id)
    rules = rulebook.current(ctx)
    last = answers.latest_of(ctx.session, [found.order.id for found in near])
    return [
        Similar(
            found.order.number, found.order.title, found.score, found.shared,
            reading.redact(rules, last[found.order.id].text),
        )
        for found in near
        if found.order.id in last
    ]  # fmt: skip


def checks(rules: Rules, answer: str) -> list[dict[str, Any]]:
    """What the answer must mend (must), should look at (remind), and has right (ok)."""
    if not answer.strip():
        return []
    found: list[dict[str, Any]] = []
    kinds: dict[str, list[str]] = {}
    for hit in reading.scan(rules, answer):
        if rules.office.contact and hit.text in rules.office.contact:
            continue
        kinds.setdefault(hit.kind, []).append(hit.text)
    for kind, words in kinds.items():
        level = "remind" if kind in _ONLY_REMIND else "must"
        shown = "、".join(f"“{word}”" for word in dict.fromkeys(words[:_MOST_SHOWN]))
        more = "等" if len(words) > _MOST_SHOWN else ""
        found.append(
            {
                "level": level,
                "title": f"含{KINDS.get(kind, kind)}",
                "count": f"{len(words)} 处",
                "text": shown + more,
                "personal": True,
            }
        )
    blanks = texts.BLANK.findall(answer)
    if blanks:
        found.append(
            {
                "level": "must",
                "title": "还有空没填",
                "count": f"{len(blanks)} 处",
                "text": "、".join(dict.fromkeys(blanks[:_MOST_SHOWN])),
            }
        )
    if "《" not in answer:
        text = "没有引用文件或条款；有依据的请写明名称和条款。"
        found.append({"level": "remind", "title": "依据未写明", "text": text})
    if not kinds:
        found.append({"level": "ok", "title": "没有发现个人信息和密级标志"})
    order = {"must": 0, "remind": 1, "ok": 2}
    found.sort(key=lambda item: order[item["level"]])
    for number, item in enumerate(found, start=1):
        item["mark"] = number
    return found


def counted(found: Sequence[dict[str, Any]]) -> str:
    """2 项必改，1 项提醒."""
    must = sum(item["level"] == "must" for item in found)
    remind = sum(item["level"] == "remind" for item in found)
    return f"{must} 项必改，{remind} 项提醒" if found else "写了就查"


def extend(ctx: Context, order: Order, form: Drafted) -> dict[str, str]:
    """The draft's fields, with the standard text, quoted answer or redaction asked for."""
    fields = form.fields()
    if form.insert:
        fields["answer"] = _joined(form.answer, _standard(ctx, order, form.insert))
    elif form.quote:
        quoted = orders.get(ctx.session, ctx.person, form.quote)
        last = answers.latest(ctx.session, quoted.id)
        if last is None:
            raise Incomplete(f"{quoted.number} 还没有答复，不能引用。")
        fields["answer"] = _joined(form.answer, reading.redact(rulebook.current(ctx), last.text))
    elif form.adopt:
        fields["answer"] = _joined(form.answer, cowork.joined(ctx, order, form.adopt))
    elif form.mend:
        fields["answer"] = reading.redact(rulebook.current(ctx), form.answer)
    return fields


def _standard(ctx: Context, order: Order, code: str) -> str:
    rules: Rules = rulebook.current(ctx)
    section = people.sections(ctx.session).get(order.section or "")
    clocks = deadlines.of_order(ctx.session, order.id)
    known = texts.known_of(rules, order, clocks, section.label if section else "")
    found = next((text for text in rules.texts.values() if text.code == code), None)
    if found is None:
        raise Incomplete("没有这个标准文本。", remedy="请刷新页面后从列表中选择。")
    return texts.fill(found.text, known)


def _joined(before: str, added: str) -> str:
    return f"{before.rstrip()}\n\n{added}" if before.strip() else added
