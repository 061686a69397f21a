"""Co-sections on the page of an order: what each is asked, by when, what it gave, what may be."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monitor.domain import lifecycle
from monitor.domain.lifecycle import MOVES
from monitor.domain.vocabulary import Promise, State
from monitor.services.context import Context
from monitor.services.handling import parts
from monitor.services.handling.parts import Standing
from monitor.storage import people
from monitor.storage.deadlines import Clock
from monitor.storage.orders import Order
from monitor.web import views
from monitor.web.orders.given import Act, Answer, Reasoned, Text, Word
from monitor.web.views import ClockView

_DEEDS = ("return_part", "urge_part", "excuse_part")


class PartNamed(Act):
    """A co-section."""

    co_section: Word = ""


class PartAsked(PartNamed):
    """A co-section, with what is asked of it."""

    text: Text = ""


class PartJudged(Reasoned):
    """A co-section, with why its part is returned or it is let off."""

    co_section: Word = ""


class PartGiven(Act):
    """The opinion of a co-section."""

    text: Answer = ""


@dataclass(frozen=True, slots=True)
class PartView:
    """One co-section's part as drawn."""

    standing: Standing
    label: str
    word: str
    clock: ClockView | None
    mine: bool
    adoptable: bool

    @property
    def section(self) -> str:
        """The code of the section."""
        return self.standing.part.section


@dataclass(frozen=True, slots=True)
class Cowork:
    """This round's parts, those of earlier rounds, what is missing, what may be done."""

    now: tuple[PartView, ...]
    before: tuple[PartView, ...]
    may: frozenset[str]
    gives: bool

    @property
    def mine(self) -> PartView | None:
        """The part that this person's own section owes or gave."""
        return next((part for part in self.now if part.mine), None)

    @property
    def waits(self) -> str:
        """Which sections the lead section still waits for."""
        return "、".join(part.label for part in self.now if part.standing.missing)


def cowork(ctx: Context, order: Order) -> Cowork | None:
    """The parts of an order as this person sees them; None where nobody was asked."""
    found = parts.standing(ctx, order)
    if not found:
        return None
    sections = people.sections(ctx.session)
    shown = [_view(ctx, order, one, sections) for one in found]
    state = State(order.state)
    offered = {
        move.name
        for move, why in lifecycle.offered(state, ctx.person, order.section, order.co_sections)
        if why is None
    }
    now = tuple(one for one in shown if not one.standing.closed)
    return Cowork(
        now=now,
        before=tuple(one for one in shown if one.standing.closed),
        may=frozenset(offered & {*_DEEDS}),
        gives="give_part" in offered and any(one.mine for one in now),
    )


def _view(ctx: Context, order: Order, one: Standing, sections: Mapping[str, Any]) -> PartView:
    section = one.part.section
    known = sections.get(section)
    lead = order.state == State.IN_HAND and ctx.person.section == order.section
    return PartView(
        standing=one,
        label=known.label if known else section,
        word=_word(order, one),
        clock=views.clock_view(ctx, one.clock) if one.clock else None,
        mine=ctx.person.section == section,
        adoptable=lead and one.given is not None,
    )


def _word(order: Order, one: Standing) -> str:
    if one.closed:
        return one.part.closed_why
    if one.given is not None:
        return "已提交"
    if State(order.state).closed:
        return "未提交，答复已出"
    return "已退回，待重新提交" if one.returned else "待提交"


def tiles(
    ctx: Context, order: Order, stored: Sequence[Clock], opened: str
) -> tuple[list[dict[str, Any]], Clock | None]:
    """The clocks that co-sections run on in this round, and the one whose story is open."""
    base = f"/desk/orders/{order.number}"
    sections = people.sections(ctx.session)
    newest = {
        clock.section: clock
        for clock in stored
        if clock.promise == Promise.CO and clock.round == order.round and clock.section
    }
    shown: list[dict[str, Any]] = []
    trace = None
    for section, clock in newest.items():
        if clock.cancelled_at is not None:
            continue
        view = views.clock_view(ctx, clock)
        key = f"co.{section}"
        is_open = key == opened
        trace = clock if is_open else trace
        label = sections[section].label if section in sections else section
        shown.append(
            {
                "label": f"协办 {label.partition('（')[0]}",
                "text": view.text,
                "tone": view.tone,
                "detail": view.detail,
                "href": f"{base}#clocks" if is_open else f"{base}?trace={key}#trace",
                "open": is_open,
                "inner": True,
            }
        )
    return shown, trace


def joined(ctx: Context, order: Order, section: str) -> str:
    """A co-section's opinion under its heading, as it is taken over into the answer."""
    found = cowork(ctx, order)
    part = next((one for one in found.now if one.section == section), None) if found else None
    given = part.standing.given if part else None
    return f"{part.label}意见：\n{given.text}" if part and given else ""


Sentence = tuple[str, str, str]


def _of(name: str) -> Callable[[Any, dict[str, Any], object], Sentence]:
    def say(names: Any, details: dict[str, Any], _: object) -> Sentence:
        reason = details.get("reason")
        label = names.of_section(details.get("co_section"))
        return MOVES[name].label, f"：{label}" + (f"，{reason}" if reason else ""), ""

    return say


# The history in sentences; see story.tell.
SENTENCES = {name: _of(name) for name in ("ask_part", "give_part", *_DEEDS)}
# What the page says after a move.
DONE = {
    "ask_part": "已请科室协办",
    "give_part": "已提交协办意见，交主办科室采用",
    "return_part": "已退回协办意见",
    "urge_part": "已催请协办科室",
    "excuse_part": "已免去协办",
    "part_draft": "草稿已保存",
}
