"""Parts of co-sections: ask with a clock of its own, give, return, close; what is missing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monitor.domain import numbers
from monitor.domain.deadlines import in_round
from monitor.domain.errors import Incomplete
from monitor.domain.vocabulary import Promise
from monitor.domain.workdays import local
from monitor.services import reckoning, rulebook
from monitor.services.context import Context
from monitor.storage import deadlines as clocks
from monitor.storage import people
from monitor.storage.deadlines import LOOK_NOW, Clock
from monitor.storage.handling import parts as storage
from monitor.storage.handling.parts import Part, PartText
from monitor.storage.orders import Order

# What is asked of a section that was only named.
AS_ITS_DUTIES = "就来件中属于本科室职责的内容提出意见。"


@dataclass(frozen=True, slots=True)
class Standing:
    """One part with its opinions and the clock that runs, or ran, on it."""

    part: Part
    texts: Sequence[PartText]
    clock: Clock | None

    @property
    def given(self) -> PartText | None:
        """The opinion in force; None while it is owed, or was returned."""
        last = self.texts[-1] if self.texts else None
        return last if last is not None and last.returned_at is None else None

    @property
    def returned(self) -> PartText | None:
        """The opinion that must be mended."""
        last = self.texts[-1] if self.texts else None
        return last if last is not None and last.returned_at is not None else None

    @property
    def closed(self) -> bool:
        """Whether it is owed no more: excused, or of an earlier round."""
        return self.part.closed_at is not None

    @property
    def missing(self) -> bool:
        """Whether the lead section still waits for it."""
        return not self.closed and self.given is None


def standing(ctx: Context, order: Order) -> list[Standing]:
    """All parts of an order, the first round first."""
    found = storage.of_order(ctx.session, order.id)
    if not found:
        return []
    texts = storage.texts(ctx.session, [part.id for part in found])
    by_id = {clock.id: clock for clock in clocks.of_order(ctx.session, order.id)}
    return [
        Standing(part, texts.get(part.id, ()), by_id.get(part.clock_id) if part.clock_id else None)
        for part in found
    ]


def missing(ctx: Context, order: Order) -> list[str]:
    """The labels of the co-sections that have not contributed yet."""
    labels = people.sections(ctx.session)
    return [
        labels[one.part.section].label if one.part.section in labels else one.part.section
        for one in standing(ctx, order)
        if one.missing
    ]


def ask(ctx: Context, order: Order, wanted: Mapping[str, str]) -> None:
    """Ask sections for their part, each with its clock; one that is asked already keeps its own."""
    ctx.session.flush()
    live = storage.live(ctx.session, order.id)
    for section, words in wanted.items():
        if section in live:
            continue
        clock = _clock(ctx, order, section)
        ctx.session.add(clock)
        # The part names the clock: its row must stand first.
        ctx.session.flush()
        ctx.session.add(
            Part(
                order_id=order.id,
                round=order.round,
                section=section,
                wanted=words.strip() or AS_ITS_DUTIES,
                asked_by=ctx.person.label,
                asked_at=ctx.now,
                clock_id=clock.id,
            )
        )
    named = [code for code in wanted if code not in order.co_sections]
    order.co_sections = [*order.co_sections, *named]
    ctx.session.add(order)
    ctx.session.flush()


def owed(ctx: Context, order: Order, section: str) -> Part:
    """The live part of a co-section; Incomplete where it was not asked."""
    part = storage.live(ctx.session, order.id).get(section)
    if part is None:
        raise Incomplete("这个科室没有协办这件。", fields={"co_section": "请从协办科室中选择"})
    return part


def give(ctx: Context, order: Order, part: Part, text: str) -> PartText:
    """Another version of the opinion; the first after an asking ends the clock."""
    earlier = storage.texts(ctx.session, [part.id]).get(part.id, [])
    made = PartText(
        part_id=part.id,
        version=len(earlier) + 1,
        text=text,
        author=ctx.person.label,
        at=ctx.now,
    )
    ctx.session.add(made)
    rules = rulebook.current(ctx)
    for clock in _running(ctx, order, part.section):
        _set(clock, reckoning.end_values(rules, clock.model_dump(), ctx.now))
        ctx.session.add(clock)
    return made


def hand_back(ctx: Context, order: Order, part: Part, text: PartText, reason: str) -> None:
    """The opinion must be mended: it stays on file, and a clock runs from now."""
    text.returned_at, text.returned_by, text.reason = ctx.now, ctx.person.label, reason.strip()
    clock = _clock(ctx, order, part.section)
    ctx.session.add_all([text, clock])
    ctx.session.flush()
    part.clock_id = clock.id
    ctx.session.add(part)


def close(
    ctx: Context, order: Order, why: str, sections: Collection[str] | None = None
) -> list[Part]:
    """Nothing more is owed by these co-sections, or by any: their clocks stop, their words stay."""
    ctx.session.flush()
    closed = []
    for section, part in storage.live(ctx.session, order.id).items():
        if sections is not None and section not in sections:
            continue
        part.closed_at, part.closed_by, part.closed_why = ctx.now, ctx.person.label, why
        for clock in _running(ctx, order, section):
            clock.cancelled_at, clock.watch_at = ctx.now, LOOK_NOW
            ctx.session.add(clock)
        ctx.session.add(part)
        closed.append(part)
    ctx.session.flush()
    return closed


def new_round(ctx: Context, order: Order) -> None:
    """Whoever contributed to the last round is asked the same for the next; the old part stays."""
    closed = close(ctx, order, f"发回重办，进入第 {order.round} 轮")
    ask(ctx, order, {part.section: part.wanted for part in closed})


def _running(ctx: Context, order: Order, section: str) -> list[Clock]:
    found = clocks.running(ctx.session, [order.id], [Promise.CO])
    return [clock for clock in found if clock.section == section]


def _clock(ctx: Context, order: Order, section: str) -> Clock:
    rules = rulebook.current(ctx)
    rule = rules.deadlines.inner(Promise.CO, local(order.received_at).date())
    clock = Clock(
        id=numbers.new_id(ctx.now),
        order_id=order.id,
        promise=str(Promise.CO),
        round=order.round,
        rule=rule.code,
        rule_version=rule.version,
        rule_pack=rule.pack,
        urgency=order.urgency or order.suggested_urgency,
        started_at=ctx.now,
        due_at=ctx.now,
        due_on=local(ctx.now).date(),
        channel=order.channel,
        section=section,
        historical=order.historical,
    )
    rule = in_round(rule, order.round)
    _set(clock, reckoning.due_values(rules, rule, clock.model_dump()))
    return clock


def _set(clock: Clock, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(clock, name, value)
