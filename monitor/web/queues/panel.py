"""The panel beside the triage queue: one order as it must be decided, with what may be done."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monitor.domain import lifecycle
from monitor.domain.access import may_reveal
from monitor.domain.errors import NotFound
from monitor.domain.vocabulary import (
    Ask,
    Channel,
    RequestType,
    Role,
    Solved,
    State,
    Urgency,
)
from monitor.services import reading, rulebook
from monitor.services.context import Context
from monitor.services.handling import closing
from monitor.services.likeness import answered, nearness
from monitor.services.likeness.nearness import Near
from monitor.services.reading import explaining
from monitor.steps import casework
from monitor.steps.callback import SATISFIED
from monitor.steps.triage import DECLINE_CODES
from monitor.storage import answers, deadlines, drafts, orders, people, requesters
from monitor.storage import casework as asked
from monitor.storage.handling import closings
from monitor.storage.orders import Order
from monitor.storage.people import Section
from monitor.web import views
from monitor.web.orders import parties
from monitor.web.orders.letter import Marked
from monitor.web.queues import suggestions
from monitor.web.queues.suggestions import Choice
from monitor.web.supervising import hot
from monitor.web.views import Piece

FORMS = frozenset({"dispatch", "answer_at_once", "merge", "ask_decline"})
_CONSENT = {True: "诉求人同意公开", False: "诉求人不同意公开", None: "未表示是否公开"}
# With fewer of its telling words an answered order is about something else.
_LIKE = 0.3
_CANNOT_LEAD = frozenset({State.MERGED, State.ARCHIVED, State.NOTIFIED})
_SAID = 10
_RUN = re.compile(r"\w{4,}")
Address = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Look:
    """How the panel is looked at: replaced values, the open form, what is quoted or compared."""

    choice: Choice
    do: str = ""
    quote: str = ""
    beside: str = ""


def gather(ctx: Context, number: str, look: Look, here: Address) -> dict[str, Any] | None:
    """What the panel draws; None when there is no such order for this person."""
    try:
        order = orders.get(ctx.session, ctx.person, number)
    except NotFound:
        return None
    state = State(order.state)
    sections = people.sections(ctx.session)
    waits = _pending(ctx, order)
    shown: dict[str, Any] = {
        "order": order,
        "state": state,
        "urgency": Urgency(order.urgency or order.suggested_urgency or Urgency.NORMAL),
        "party": parties.party(ctx, order),
        "may_reveal": may_reveal(ctx.person),
        "consent": _CONSENT[order.consent],
        "letter": Marked([Piece(order.title)], [Piece(order.text)]),
        "near": [],
        "elsewhere": [],
        "pending": waits,
        "triage": state is State.TRIAGE,
        "may": state is State.TRIAGE
        and waits is None
        and lifecycle.whose(lifecycle.MOVES["dispatch"], ctx.person, None) is None,
    }
    shown["hot"] = hot.beside(ctx, order)
    if state is State.TRIAGE:
        shown.update(_to_decide(ctx, order, look, here, sections))
    else:
        shown.update(_decided(ctx, order, sections))
    if state is State.ANSWERED and ctx.person.has(Role.DUTY):
        shown["ring"] = _to_ring(ctx, order)
    return shown


def _to_ring(ctx: Context, order: Order) -> dict[str, Any]:
    """What the call-back form offers, and why this one is called back at all."""
    tried = sum(not one.contacted for one in closings.callbacks(ctx.session, order.id))
    words = closing.drawn(ctx, order).words
    return {
        "solved": [(one.value, one.label) for one in Solved],
        "satisfied": [(one, one) for one in SATISFIED],
        "words": words + (f"；已打 {tried} 次未联系上" if tried else ""),
    }


def _pending(ctx: Context, order: Order) -> dict[str, Any] | None:
    """The request that waits for another person's decision, if there is one."""
    found = asked.requests(ctx.session, [order.id]).get(order.id, [])
    waiting = [one for one in found if one.decided_at is None]
    if not waiting:
        return None
    last = waiting[-1]
    words = DECLINE_CODES.get(str(last.details.get("code", "")), "")
    return {
        "what": "提请不予受理" if last.kind == Ask.DECLINE else f"申请{Ask(last.kind).label}",
        "by": last.asked_by.partition("（")[0],
        "at": last.asked_at,
        "grounds": "：".join(part for part in (words, last.grounds) if part),
        "mine": ctx.person.office_head
        or (last.kind != Ask.DECLINE and ctx.person.has(Role.REVIEWER)),
        "move": "decline" if last.kind == Ask.DECLINE else "redirect",
    }


def _to_decide(
    ctx: Context, order: Order, look: Look, here: Address, sections: Mapping[str, Section]
) -> dict[str, Any]:
    seen = orders.last_reading(ctx.session, order.id)
    findings = explaining.of_order(ctx, order, seen)
    found = suggestions.suggested(ctx, order, findings, look.choice, sections)
    near = [one for one in nearness.of_order(ctx, order) if one.order.master_id != order.id]
    like = answered.like_order(ctx, order)
    last = answers.latest_of(ctx.session, [one.order.id for one in like])
    own = deadlines.of_order(ctx.session, order.id)
    plan, rule = suggestions.plan(ctx, order, found, own)
    rules = rulebook.current(ctx)
    active = {code: one for code, one in sections.items() if one.active}
    return {
        "letter": suggestions.marked(order, seen, findings),
        "seen": _seen(ctx, order),
        "cards": suggestions.cards(ctx, order, found, sections, here),
        "near": [_near_item(one, here) for one in near if one.elsewhere is None],
        "elsewhere": [_near_item(one, here) for one in near if one.elsewhere],
        "beside": _beside(ctx, order, look.beside, near),
        "masters": [
            one.order
            for one in near
            if one.elsewhere is None and State(one.order.state) not in _CANNOT_LEAD
        ],
        "answered": [
            {
                "number": one.order.number,
                "title": one.order.title,
                "score": one.score,
                "at": last[one.order.id].at,
                "excerpt": reading.redact(rules, last[one.order.id].text),
                "quote": here(do="answer_at_once", quote=one.order.number) + "#acts",
            }
            for one in like
            if one.order.id in last and one.score >= _LIKE
        ],
        "plan": plan,
        "found": found,
        "sentence": _sentence(found, sections, rule),
        "sections": [(code, one.label) for code, one in active.items()],
        "topics": [(code, rules.topic_label(code)) for code in rules.topics],
        "types": list(RequestType),
        "urgencies": list(Urgency),
        "codes": list(DECLINE_CODES.items()),
        "typed": _typed(ctx, order, look.quote) if look.do == "answer_at_once" else {},
    }


def _seen(ctx: Context, order: Order) -> dict[str, Any] | None:
    """What the letter itself shows: facts that lack, several requests, the level of an opinion."""
    seen = reading.look(order.title, order.text, order.request_type or order.suggested_type or "")
    public = order.channel == Channel.OPINION
    known = requesters.of_order(ctx.session, order.id) is not None
    lacks = [one for one in seen.lacks if one.code != "contact" or not (known or public)]
    told = {
        "lacks": "、".join(one.label for one in lacks),
        "asks": " ".join(one.ask for one in lacks),
        "requests": [one.text for one in seen.requests],
        "opinion": seen.opinion if public else None,
        "why": "".join(f"“{one.text}”" for one in seen.opinion.level_marks[:4]),
        "heat": "，".join(f"{name} {number}" for name, number in seen.opinion.heat.items()),
    }
    return told if lacks or seen.requests or public else None


def _near_item(one: Near, here: Address) -> dict[str, Any]:
    order = one.order
    state = State(order.state)
    runs = [run for phrase in one.shared for run in _RUN.findall(phrase)]
    why = "".join(f"“{run[:_SAID]}”" for run in sorted(runs, key=len, reverse=True)[:2])
    facts = [order.number, Channel(order.channel).label, state.label]
    return {
        "number": order.number,
        "score": f"{one.score:.2f}",
        "title": order.title,
        "href": f"/desk/orders/{order.number}",
        "facts": [*facts, *["同一电话"] * one.caller, *([f"都说{why}"] if why else [])],
        "places": one.elsewhere,
        "may_lead": state not in _CANNOT_LEAD,
        "compare": here(beside=order.number),
    }


def _beside(ctx: Context, order: Order, number: str, near: Sequence[Near]) -> dict[str, Any] | None:
    """The order laid beside this one, the shared phrases marked in both."""
    if not number:
        return None
    known = {one.order.number: one for one in near}
    if number in known:
        other, phrases = known[number].order, known[number].shared
    else:
        try:
            other, phrases = orders.get(ctx.session, ctx.person, number), ()
        except NotFound:
            return None
    return {
        "order": other,
        "state": State(other.state),
        "mine": shared_pieces(order.text, phrases),
        "theirs": shared_pieces(other.text, phrases),
        "may_lead": State(other.state) not in _CANNOT_LEAD,
    }


def shared_pieces(text: str, phrases: Sequence[str]) -> list[Piece]:
    """A text with the phrases marked that another one has as well."""
    # The phrases come with their punctuation made plain: only the runs between stand as written.
    runs = dict.fromkeys(run for phrase in phrases for run in _RUN.findall(phrase))
    pieces = [Piece(text)]
    for phrase in runs:
        cut: list[Piece] = []
        for piece in pieces:
            before, found, after = piece.text.partition(phrase)
            if piece.kind or not found:
                cut.append(piece)
            else:
                cut += [Piece(before), Piece(found, "evidence"), Piece(after)]
        pieces = cut
    return pieces


def _sentence(
    found: suggestions.Suggested, sections: Mapping[str, Section], rule: str
) -> dict[str, str]:
    """What accepting will do, in the parts of one sentence."""
    lead = sections[found.section].label if found.section else ""
    others = "、".join(sections[code].label for code in found.co_sections)
    row = f"依据派单目录 {found.catalogue_row}" if found.catalogue_row else ""
    tail = "，".join(part for part in (f"{others}协办" if others else "", row, rule) if part)
    return {"lead": lead, "tail": tail}


def _typed(ctx: Context, order: Order, quote: str) -> dict[str, str]:
    """The draft of a direct answer, or the one handed back; a quoted answer stands behind it."""
    kept = None
    if ctx.person.id is not None:
        kept = drafts.load(ctx.session, ctx.keys, ctx.person.id, casework.form_name(order))
    back = answers.latest(ctx.session, order.id)
    fields = {"answer": back.text, "basis": back.basis} if back else {}
    if kept:
        fields = dict(kept[0])
    if not quote:
        return fields
    try:
        other = orders.get(ctx.session, ctx.person, quote)
    except NotFound:
        return fields
    last = answers.latest(ctx.session, other.id)
    if last is not None:
        text = reading.redact(rulebook.current(ctx), last.text)
        fields["answer"] = "\n\n".join(part for part in (fields.get("answer", ""), text) if part)
        fields["basis"] = fields.get("basis") or last.basis or f"参照 {other.number} 的答复"
    return fields


def _decided(ctx: Context, order: Order, sections: Mapping[str, Section]) -> dict[str, Any]:
    """An order that has left triage: where it went, and its clocks."""
    rules = rulebook.current(ctx)
    kind = order.request_type or order.suggested_type
    co_sections = "、".join(sections[c].label for c in order.co_sections if c in sections)
    section = sections[order.section].label if order.section else ""
    facts = [
        ("主办科室", section or "无，由值班直接办理"),
        ("协办科室", co_sections),
        ("主题", rules.topic_label(order.topic or order.suggested_topic)),
        ("诉求类型", RequestType(kind).label if kind else ""),
        ("分办", order.decided_by.partition("（")[0]),
    ]
    stored = deadlines.of_order(ctx.session, order.id)
    return {
        "facts": [(label, value) for label, value in facts if value],
        "clocks": [view for view in views.clocks_of(ctx, order, stored) if view.id],
    }
