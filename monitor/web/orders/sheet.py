"""The page of one order: everything it shows, gathered in a constant number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from starlette.responses import Response

from monitor.domain.access import may_reveal
from monitor.domain.errors import DeskError, Incomplete, Stale
from monitor.domain.lifecycle import HEAD_DECIDES_FROM
from monitor.domain.vocabulary import Promise, RequestType, Role, State, Urgency
from monitor.services import rulebook
from monitor.services.context import Context
from monitor.services.likeness import nearness
from monitor.services.likeness.nearness import Near
from monitor.services.reading import explaining
from monitor.steps import parts as part_steps
from monitor.storage import answers, casework, deadlines, history, orders, people
from monitor.storage.deadlines import Clock
from monitor.storage.handling import branches
from monitor.storage.orders import Order, Reading
from monitor.web import errors, views
from monitor.web.answering import checking
from monitor.web.filing import cards
from monitor.web.navigation import home_of, show
from monitor.web.offering import chosen, pledged
from monitor.web.offering import told as acts
from monitor.web.orders import (
    closing,
    cowork,
    editor,
    forms,
    letter,
    offers,
    papers,
    parties,
    story,
)
from monitor.web.orders.editor import Editor
from monitor.web.orders.forms import Facts
from monitor.web.orders.offers import Offer
from monitor.web.supervising import shown

REVIEW_ROLES = (Role.REVIEWER, Role.SECRECY, Role.LEGAL, Role.LEADER)
_CONSENT = {True: "诉求人同意公开", False: "诉求人不同意公开", None: "未表示是否公开"}
_MOST_TILES = 6
_NEVER_KEPT = frozenset({"csrf", "csrf_token", "seen", "next", "pane"})


@dataclass(frozen=True, slots=True)
class Failed:
    """A move that was refused, with all that its form held."""

    move: str
    error: DeskError
    typed: tuple[tuple[str, str], ...]

    def values(self) -> dict[str, list[str]]:
        """What was typed, by field."""
        found: dict[str, list[str]] = {}
        for name, value in self.typed:
            found.setdefault(name, []).append(value)
        return found

    @property
    def faults(self) -> dict[str, str]:
        """What is wrong, by field."""
        return self.error.fields if isinstance(self.error, Incomplete) else {}


@dataclass(frozen=True, slots=True)
class Look:
    """How somebody looks at the page: which trace, story and form are open, what was just done."""

    trace: str = ""
    story: str = ""
    do: str = ""
    done: str = ""
    shown: tuple[tuple[str, str], ...] = ()
    failed: Failed | None = None


def draw(request: Request, ctx: Context, number: str, look: Look) -> Response:
    """The page; NotFound for another section's order."""
    order = orders.get(ctx.session, ctx.person, number)
    status = look.failed.error.status if look.failed else 200
    return show(
        request, ctx, "order.html", title=number, status=status,
        back=home_of(request, ctx.person), **gather(ctx, order, look),
    )  # fmt: skip


def gather(ctx: Context, order: Order, look: Look) -> dict[str, Any]:
    """What the template of the page needs, but for its frame."""
    session, rules, failed = ctx.session, rulebook.current(ctx), look.failed
    sections = people.sections(session)
    labels = {code: section.label for code, section in sections.items()}
    staff = people.handlers(session, order.section) if order.section else []
    seen = orders.last_reading(session, order.id)
    resting = closing.of_order(ctx, order)
    standing = offers.standing(ctx, order)
    near, elsewhere = ([], []) if State(order.state).closed else _near(ctx, order)
    facts = Facts(
        ctx, order, rules, sections, staff, [(one.order.number, one.order.title) for one in near],
        failed.values() if failed else {}, failed.faults if failed else {},
    )  # fmt: skip
    found = offers.offers(facts, standing, failed.move if failed else look.do)
    versions = answers.versions(session, order.id)
    writing = _writing(ctx, order, failed)
    asked = writing.asked if writing else ()
    notes = casework.notes(session, order.id)
    told = story.tell(
        history.of_order(session, order.id),
        story.Names(
            rules, labels, {one.username: one.name for one in staff},
            {note.at: note.text for note in notes},
        ),
    )  # fmt: skip
    masters = orders.by_ids(session, [order.master_id]) if order.master_id else {}
    return {
        "order": order,
        "look": look,
        "head": _head(ctx, order, labels),
        "party": parties.party(ctx, order),
        "reasons": parties.REASONS,
        "may_reveal": may_reveal(ctx.person),
        "may_review": ctx.person.has(*REVIEW_ROLES),
        **clocks(ctx, order, look.trace),
        **_read(ctx, order, seen, asked),
        "wordings": letter.wordings(orders.originals(session, order.id)),
        "upstream": letter.upstream(order, rulebook.current(ctx)),
        "editor": writing,
        "cowork": cowork.cowork(ctx, order),
        "closing": resting,
        "part_draft": part_steps.draft(ctx, order),
        "decided": forms.decided(facts) if writing else (),
        "files": cards.card(ctx, order),
        "watch": shown.supervision(ctx, order),
        "papers": papers.papers(ctx, order, versions, standing.publications, notes),
        "pleas": papers.pleas(standing.requests, labels),
        "offers": found,
        "bar": offers.bar(facts, found, seen),
        "near": near,
        "elsewhere": elsewhere,
        "master": masters.get(order.master_id) if order.master_id else None,
        "children": orders.children(session, order.id),
        "branches": branches.children(session, order.id),
        "branch_of": branches.parent(session, order.id),
        "told": told if look.story == "all" else story.acts(told),
        "events": len(told),
        "done": _done(look, order, labels, found),
        "trouble": _trouble(failed, found, writing),
    }


def _read(
    ctx: Context, order: Order, seen: Reading | None, asked: Sequence[tuple[int, int]]
) -> dict[str, Any]:
    """The letter with its marks; one who writes sees its points, and in triage what is proposed."""
    if asked and order.state != State.TRIAGE:
        return {"titled": [], "letter": checking.pointed(order.text, asked), "legend": []}
    findings = explaining.of_order(ctx, order, seen)
    marked = letter.marked(order, seen, findings)
    text = letter.lettered(marked.text, asked) if asked else marked.text
    return {"titled": marked.title, "letter": text, "legend": letter.legend(ctx, findings)}


def clocks(ctx: Context, order: Order, opened: str) -> dict[str, Any]:
    """The promises side by side, and the story of the one that is open."""
    stored = deadlines.of_order(ctx.session, order.id)
    by_id: Mapping[Any, Clock] = {clock.id: clock for clock in stored}
    base = f"/desk/orders/{order.number}"
    tiles: list[dict[str, Any]] = []
    trace = None
    for view in views.clocks_of(ctx, order, stored):
        clock = by_id.get(view.id)
        is_open = clock is not None and view.promise == opened
        told = is_open or view.running or view.tone == "done_late" or view.promise == "answer"
        href = f"{base}#clocks" if is_open else f"{base}?trace={view.promise}#trace"
        tiles.append(
            {
                "label": f"{view.label}（第 {view.round} 轮）" if view.round > 1 else view.label,
                "text": view.text,
                "tone": view.tone,
                "detail": "" if view.tone == "pending" else view.detail,
                "href": href if clock is not None and told else "",
                "open": is_open,
                "inner": view.promise not in {Promise.TRIAGE, Promise.ACK},
            }
        )
        if is_open and clock is not None:
            trace = {"label": view.label, "story": views.trace(ctx, clock)}
    beside, told_of = cowork.tiles(ctx, order, stored, opened)
    if told_of is not None:
        trace = {"label": "协办", "story": views.trace(ctx, told_of)}
    before = next((one for one in stored if one.aside and one.id.hex == opened), None)
    if before is not None:
        label = f"原来的{Promise(before.promise).label}"
        trace = {"label": label, "story": views.trace(ctx, before)}
    aside = chosen.set_aside(stored, opened)
    return {
        "tiles": [*_fewer(tiles), *beside],
        "trace": trace,
        "aside": aside,
        "base": base,
        "pledged": pledged.shown(ctx, order),
    }


def _fewer(tiles: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """At most six side by side: first go those kept in time that no section has to do with."""
    kept = [tile for tile in tiles if tile["open"] or tile["tone"] != "done" or tile["inner"]]
    while len(kept) > _MOST_TILES and kept[-1]["tone"] == "pending":
        kept.pop()
    return kept


def _near(ctx: Context, order: Order) -> tuple[list[Near], list[Near]]:
    """What may be repeats of this order, and what says the same of another place."""
    found = [one for one in nearness.of_order(ctx, order) if one.order.master_id != order.id]
    return [one for one in found if not one.elsewhere], [one for one in found if one.elsewhere]


def _writing(ctx: Context, order: Order, failed: Failed | None) -> Editor | None:
    shown = editor.editor(ctx, order)
    if shown is None:
        return None
    if failed and failed.move in {shown.submits, "draft"}:
        given = failed.values()
        for name in ("answer", "note", "solved", "basis", "without", "dismissed"):
            setattr(shown, name, given.get(name, [getattr(shown, name)])[0])
        shown.faults = failed.faults
    editor.judge(ctx, order, shown)
    return shown


def _head(ctx: Context, order: Order, labels: Mapping[str, str]) -> dict[str, Any]:
    kind = order.request_type or order.suggested_type
    handler = people.names(ctx.session).get(order.handler_id) if order.handler_id else ""
    return {
        "state": State(order.state),
        "urgency": Urgency(order.urgency or order.suggested_urgency or "normal"),
        "decided": order.decided_at is not None,
        "section": labels.get(order.section or "", ""),
        "suggested": labels.get(order.suggested_section or "", ""),
        "co_sections": "、".join(labels.get(code, code) for code in order.co_sections),
        "handler": handler or "",
        "topic": rulebook.current(ctx).topic_label(order.topic or order.suggested_topic),
        "request_type": RequestType(kind).label if kind else "",
        "consent": _CONSENT[order.consent],
        "sees_all": ctx.person.sees_all,
        "passed_on": HEAD_DECIDES_FROM,
    }


def _done(
    look: Look, order: Order, labels: Mapping[str, str], found: Sequence[Offer]
) -> dict[str, Any] | None:
    """What was just done, in words; with the way back where there is one."""
    if not look.done or look.failed:
        return None
    section = labels.get(order.section or "", "")
    recall = any(offer.name == "recall" and not offer.why for offer in found)
    return {
        "move": look.done,
        "title": acts.DONE.get(look.done, "已办").format(section=section),
        "undo": look.done == "dispatch" and recall,
    }


def _trouble(
    failed: Failed | None, found: Sequence[Offer], writing: Editor | None
) -> dict[str, Any] | None:
    """Why it was refused, where to mend it, and what was typed when no form holds it any more."""
    if failed is None:
        return None
    open_form = next((one for one in found if one.name == failed.move and not one.why), None)
    in_editor = writing is not None and failed.move in {writing.submits, "draft"}
    held = in_editor or failed.move == "reveal" or (open_form is not None)
    kept = [
        {"label": errors.label_of(name), "text": value}
        for name, value in failed.typed
        if value.strip() and name not in _NEVER_KEPT
    ]
    error = failed.error
    return {
        "title": error.title,
        "message": error.message,
        "remedy": error.remedy,
        "rule": error.rule,
        "faults": [(f"{failed.move}-{name}", text) for name, text in failed.faults.items()],
        "stale": isinstance(error, Stale),
        "anchor": "editor" if in_editor else f"do-{failed.move}",
        "held": held,
        "kept": [] if held else kept,
    }
