"""The answer being written: whose draft, what may be taken over into it."""

from dataclasses import dataclass, field
from datetime import datetime

from monitor.domain.access import SECTION_ROLES
from monitor.domain.errors import Incomplete
from monitor.domain.vocabulary import Role, State
from monitor.services import reading, rulebook
from monitor.services.context import Context
from monitor.services.drafting import asking
from monitor.services.likeness import answered
from monitor.services.rulebook import Rules
from monitor.steps import casework
from monitor.storage import answers, deadlines, drafts, orders, people
from monitor.storage.handling import drafting
from monitor.storage.handling.drafting import MachineDraft
from monitor.storage.orders import Order
from monitor.web.answering import checking, texts
from monitor.web.answering.checking import Checked
from monitor.web.answering.texts import Offered
from monitor.web.orders import cowork
from monitor.web.orders.given import Drafted


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
    dismissed: str = ""
    asked: tuple[tuple[int, int], ...] = ()
    checked: Checked = field(default_factory=Checked)
    redacted: str = ""
    helper: bool = False
    machine: MachineDraft | None = None
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def musts(self) -> int:
        """How many checks must be mended."""
        return sum(item["level"] == "must" for item in self.checked.items)

    @property
    def personal(self) -> bool:
        """Whether something was found that can be covered up at once."""
        return any(item.get("personal") for item in self.checked.items)


def may_write(ctx: Context, order: Order) -> bool:
    """Whether this person writes the answer of this order in its present state."""
    if order.state == State.TRIAGE:
        return ctx.person.has(Role.DUTY)
    own = order.section is not None and ctx.person.section == order.section
    return order.state == State.IN_HAND and own and ctx.person.has(*SECTION_ROLES)


def editor(ctx: Context, order: Order) -> Editor | None:
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
        shown.dismissed = fields.get("dismissed", "")
    shown.texts = offered(ctx, order)
    shown.similar = similar(ctx, order)
    shown.helper = asking.Settings().ready
    shown.machine = drafting.latest(ctx.session, order.id)
    return shown


def judge(ctx: Context, order: Order, shown: Editor) -> None:
    """Fill in what is said about the words that stand in the editor now."""
    rules = rulebook.current(ctx)
    shown.asked = rules.checker.points(order.text)
    shown.checked = checking.check(rules, order, shown.answer, shown.dismissed, shown.texts)
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
    near = answered.like_order(ctx, order)
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
    elif form.machine:
        proposed = drafting.latest(ctx.session, order.id)
        if proposed is None or proposed.id.hex != form.machine:
            raise Incomplete("这一稿已经不在。", remedy="请刷新页面后再采用。")
        fields["answer"] = _joined(form.answer, proposed.text)
    elif form.adopt:
        fields["answer"] = _joined(form.answer, cowork.joined(ctx, order, form.adopt))
    elif form.mend:
        fields["answer"] = reading.redact(rulebook.current(ctx), form.answer)
    elif form.point:
        added = checking.point_text(order, rulebook.current(ctx), form.point, offered(ctx, order))
        fields["answer"] = _joined(form.answer, added) if added else form.answer
    aside = {*form.dismissed.split(), *form.dismiss.split()} - set(form.recall.split())
    fields["dismissed"] = " ".join(sorted(aside))
    return fields


def offered(ctx: Context, order: Order) -> list[Offered]:
    """The standard texts that fit an order, filled in with what is known of it."""
    return texts.offered(rulebook.current(ctx), order, _known(ctx, order))


def _standard(ctx: Context, order: Order, code: str) -> str:
    rules: Rules = rulebook.current(ctx)
    found = next((text for text in rules.texts.values() if text.code == code), None)
    if found is None:
        raise Incomplete("没有这个标准文本。", remedy="请刷新页面后从列表中选择。")
    return texts.fill(found.text, _known(ctx, order))


def _known(ctx: Context, order: Order) -> dict[str, str]:
    section = people.sections(ctx.session).get(order.section or "")
    clocks = deadlines.of_order(ctx.session, order.id)
    return texts.known_of(rulebook.current(ctx), order, clocks, section.label if section else "")


def _joined(before: str, added: str) -> str:
    return f"{before.rstrip()}\n\n{added}" if before.strip() else added
