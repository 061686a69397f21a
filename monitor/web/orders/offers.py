"""可办的事: every move of the state with its form, or the reason why it cannot be made now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monitor.domain import lifecycle
from monitor.domain.lifecycle import Move
from monitor.domain.review import wrote
from monitor.domain.vocabulary import Ask, State
from monitor.services import lifecycle as gate
from monitor.services.context import Context
from monitor.services.handling import extending, pausing, pledging, receiving, rechoosing
from monitor.steps import publishing, review
from monitor.steps.supervision import chasing
from monitor.storage import answers, casework
from monitor.storage.answers import Publication
from monitor.storage.casework import Request
from monitor.storage.handling import closings
from monitor.storage.orders import Order, Reading
from monitor.storage.supervision import cards
from monitor.web.orders import forms
from monitor.web.orders.forms import Facts

# Made by the gate itself when another move completes, or the same act under another name.
_INNER = frozenset({"approve", "try_call_back"})
# Made in the card of the co-sections, beside the part that they are about.
_ON_PARTS = frozenset({"return_part", "urge_part", "excuse_part"})
# Moves that one form serves: the step picks by where the order stands.
_SAME_FORM = {
    "release_later": "release",
    "hand_back_to_duty": "hand_back",
    "rework_by_duty": "rework",
    "change_rule": "choose_rule",
}
# Moves that mean something only where a section has the order.
_OF_SECTION = frozenset({"hand_back", "rework", "ask_part"})
_WAITS = "正在等办公室负责人决定是否不予受理"
# What a person comes to this page for, by state; the first that is his is the blue button.
_MAIN: Mapping[State, tuple[str, ...]] = {
    State.TRIAGE: ("decline", "dispatch"),
    State.AWAITING_SIGN: ("sign", "give_part"),
    State.RETURN_PENDING: ("redirect", "give_part"),
    State.IN_HAND: ("submit", "give_part"),
    State.DEFERRED: ("resume", "give_part"),
    State.IN_REVIEW: ("sign_off", "give_part"),
    State.TO_RELEASE: ("release", "record_answer"),
    State.ANSWERED: ("call_back",),
    State.TO_ARCHIVE: ("archive",),
}
_MAIN_LABELS = {
    "sign": "签收，由本科室办理",
    "submit": "提交答复，送办公室审核",
    "dispatch": "填写分办",
    "redirect": "裁定退单",
    "decline": "决定是否不予受理",
    "sign_off": "对照公开稿，去审核",
    "release": "去发布",
    "record_answer": "登记答复",
    "call_back": "填写回访",
}
_ICONS = {"submit": "paper-plane", "sign": "check", "dispatch": "share"}
# What the work consists of stands above what interrupts it.
_FIRST = (
    *("decline", "refuse_decline", "dispatch", "sign", "redirect", "force", "submit", "sign_off"),
    *("extend", "refuse_extension"),
    *("receive_correction", "resume_clock", "abandon"),
    *(
        "release",
        "record_answer",
        "call_back",
        "archive",
        "rework",
        "keep_closed",
        "contact",
        "assign",
        "note",
    ),
)
_KINDS = {"submit": "editor", "answer_at_once": "editor", "give_part": "part"}
# Moves that mean something while a request of a kind waits, or only while none does.
_ASKED: Mapping[str, tuple[Ask, bool]] = {
    "ask_decline": (Ask.DECLINE, False),
    "decline": (Ask.DECLINE, True),
    "refuse_decline": (Ask.DECLINE, True),
    "ask_extension": (Ask.EXTEND, False),
    "extend": (Ask.EXTEND, True),
    "refuse_extension": (Ask.EXTEND, True),
    "keep_closed": (Ask.REWORK, True),
}
# Of no use to those whose act it is not, even as a reason.
_ONLY_TO_HIS = frozenset({"give_part", *rechoosing.MOVES, *chasing.MOVES})
_OBSTACLES = {
    **dict.fromkeys(("ask_extension", "extend", "refuse_extension"), extending.obstacle),
    **dict.fromkeys(pausing.MOVES, pausing.obstacle),
    **dict.fromkeys(rechoosing.MOVES, rechoosing.obstacle),
    **dict.fromkeys(pledging.MOVES, pledging.obstacle),
    **dict.fromkeys(chasing.MOVES, chasing.obstacle),
}
_ON_REVIEW_PAGE = frozenset({"sign_off", "release"})


@dataclass(frozen=True, slots=True)
class Offer:
    """One move: what happens, by which rule, its fields; or why not."""

    name: str
    label: str
    effect: str
    basis: str
    why: str
    fields: tuple[dict[str, Any], ...]
    kind: str
    open: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """The blue button at the foot: a form of its own, the editor's, or a link to a form."""

    kind: str
    label: str
    sentence: str
    icon: str
    name: str = ""
    href: str = ""
    hidden: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Standing:
    """What besides the state decides about moves."""

    requests: Sequence[Request]
    publications: Sequence[Publication]
    called_back: bool = False
    pauses: frozenset[str] = frozenset()
    carded: bool = False

    def open(self, kind: Ask) -> Request | None:
        """The undecided request of a kind."""
        found = [one for one in self.requests if one.kind == kind and one.decided_at is None]
        return found[-1] if found else None

    @property
    def published(self) -> bool:
        """Whether the answer is public now."""
        return any(one.released and one.withdrawn_at is None for one in self.publications)

    @property
    def withheld(self) -> bool:
        """Whether the last word was not to publish."""
        return bool(self.publications) and not self.publications[-1].released


def standing(ctx: Context, order: Order) -> Standing:
    """What besides the state decides about the moves of an order."""
    session = ctx.session
    called = any(one.contacted for one in closings.callbacks(session, order.id))
    asked = casework.requests(session, [order.id]).get(order.id, [])
    published = answers.publications(session, order.id)
    carded = bool(cards.standing(session, order.id))
    return Standing(asked, published, called, _meant(ctx, order), carded)


def _meant(ctx: Context, order: Order) -> frozenset[str]:
    waits = {receiving.MOVE} if receiving.waits(ctx, order) else set()
    return pausing.meant(ctx, order) | pledging.meant(ctx, order) | waits


def offers(facts: Facts, standing: Standing, opened: str) -> list[Offer]:
    """Every move of this state, those this person may make first."""
    ctx, order = facts.ctx, facts.order
    found = []
    offered = lifecycle.offered(State(order.state), ctx.person, order.section, order.co_sections)
    for move, reason in offered:
        if not _shown(order, move, standing) or (move.name in _ONLY_TO_HIS and reason):
            continue
        why = reason or _obstacle(ctx, order, move, standing)
        name = _SAME_FORM.get(move.name, move.name)
        found.append(
            Offer(
                name=name,
                label=move.label,
                effect=move.effect,
                basis=move.basis,
                why=why,
                fields=() if why else tuple(forms.fields(facts, name)),
                kind=_KINDS.get(name, "form"),
                open=name == opened,
            )
        )
    return sorted(found, key=lambda offer: (bool(offer.why), _rank(offer.name)))


def _rank(name: str) -> int:
    return _FIRST.index(name) if name in _FIRST else len(_FIRST)


def _shown(order: Order, move: Move, standing: Standing) -> bool:
    """Whether the move means anything here; one that is never possible is not offered."""
    if move.name in _ASKED:
        kind, waits = _ASKED[move.name]
        return (standing.open(kind) is not None) == waits
    if move.name in {*_OF_SECTION, "hand_back_to_duty", "rework_by_duty"}:
        return (move.name in _OF_SECTION) == bool(order.section)
    if move.name == "withdraw":
        return standing.published
    if move.name in {"release", "release_later"}:
        return not standing.published and order.consent is True
    if move.name == "withhold":
        return not standing.published and not standing.withheld
    if move.name == "correct_call_back":
        return standing.called_back
    if move.name in {receiving.MOVE, *pausing.MOVES, *pledging.MOVES}:
        return move.name in standing.pauses
    if move.name == "lift_cards":
        return standing.carded
    return move.name not in _INNER | _ON_PARTS


def _obstacle(ctx: Context, order: Order, move: Move, standing: Standing) -> str:
    asked = standing.open(Ask.DECLINE)
    if move.name in {"dispatch", "answer_at_once", "merge", "split"} and asked:
        return _WAITS
    own = asked is not None and ctx.person.took_part(asked.asked_by)
    if move.name in {"decline", "refuse_decline"} and own:
        return "不能决定自己提出的申请"
    if move.settled and gate.unsettled(ctx, order):
        return gate.UNSETTLED
    if move.name == "archive" and standing.open(Ask.REWORK):
        return "回访结果不好，先决定是否发回重办"
    if move.name in {"redirect", "force"}:
        return lifecycle.not_adjudicator(ctx.person, order.returns) or ""
    if move.name in _OBSTACLES:
        return _OBSTACLES[move.name](ctx, order, move.name)
    if move.name == "ask_return" and order.forced:
        return "已经办公室裁定强制派发，不能再退（派单异议制度）"
    if move.name in {"release", "release_later"}:
        return "".join(publishing.obstacles(ctx, order))
    if move.name in {"sign_off", "hand_back", "hand_back_to_duty"}:
        return _turn(ctx, order, move.name)
    return ""


def _turn(ctx: Context, order: Order, name: str) -> str:
    now = review.standing(ctx, order)
    if name != "sign_off":
        roles = {need.role for need in now.needs}
        return "" if ctx.person.roles & roles else "您不在这件的审核人之列"
    if now.turn is None:
        return "各道审核已经签完"
    if wrote(ctx.person, now.answer.author_id, now.answer.author):
        return "撰稿人不得审核本稿"
    return "" if ctx.person.has(now.turn.role) else f"现在轮到{now.turn.role.label}签"


def bar(facts: Facts, found: Sequence[Offer], reading: Reading | None) -> Bar | None:
    """The main act of this person on this order; None when it waits for somebody else."""
    order = facts.order
    allowed = {offer.name: offer for offer in found if not offer.why}
    name = next((name for name in _MAIN.get(State(order.state), ()) if name in allowed), "")
    if not name:
        return None
    offer = allowed[name]
    if offer.open and offer.fields:
        # Its form stands open: a second button must not send the suggestion over what is typed.
        return None
    sentence = offer.effect + (f"（{offer.basis}）" if offer.basis else "") + "。"
    label, icon = _MAIN_LABELS.get(name, offer.label), _ICONS.get(name, "arrow-right")
    if name == "give_part":
        return Bar("part", label, sentence, "paper-plane", name)
    if name == "submit":
        return Bar("editor", label, sentence, icon, name)
    if name == "sign":
        return Bar("form", label, sentence, icon, name)
    if name in _ON_REVIEW_PAGE:
        return Bar("link", label, sentence, icon, name, href=f"/desk/review/{order.number}")
    if name == "dispatch" and (hidden := _suggested(facts, reading)):
        section = facts.sections[order.suggested_section or ""].label
        return Bar("form", f"采纳并分办，转{section}", sentence, icon, name, hidden=hidden)
    return Bar("link", label, sentence, icon, name, href=f"?do={name}#do-{name}")


def _suggested(facts: Facts, reading: Reading | None) -> tuple[tuple[str, str], ...]:
    """The suggestion as a decision, where it is whole and sure enough to be taken as it is."""
    order = facts.order
    parts = {
        "topic": facts.rules.in_tree(order.suggested_topic or ""),
        "request_type": order.suggested_type,
        "urgency": order.suggested_urgency,
        "section": order.suggested_section,
    }
    sure = order.confidence is not None and order.confidence >= forms.SURE
    if not sure or not all(parts.values()) or parts["section"] not in facts.sections:
        return ()
    finding = (reading.findings if reading else {}).get("section", {})
    hidden = [(name, str(value)) for name, value in parts.items()]
    hidden += [("co_sections", code) for code in finding.get("co_sections", ())]
    return (*hidden, ("catalogue_row", str(finding.get("rule", ""))))
