"""The redacted copy beside the original: proposed by the scan, judged before it may leave."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from classifiers.sensitive import Hit
from monitor.domain.letters import tidy
from monitor.domain.vocabulary import Promise, State
from monitor.services import reading, rulebook
from monitor.services.context import Context
from monitor.services.rulebook import Rules
from monitor.storage import answers, deadlines, requesters, search
from monitor.storage.answers import Answer, Publication, PublicCopy
from monitor.storage.orders import Order

# What no stated reason can keep in a public text (保守国家秘密法第35条, 个人信息保护法第28条).
NEVER_KEPT = frozenset({"secrecy", "id_card", "bank_card", "passport"})
_KINDS = {
    "name": "name",
    "phone": "phone",
    "id_number": "id_card",
    "address": "address",
    "email": "email",
}
PARTS = ("title", "letter", "answer")


@dataclass(frozen=True, slots=True)
class Open:
    """A hit in the public copy that still blocks its release."""

    part: str
    hit: Hit
    keepable: bool


def text_hash(title: str, letter: str, answer: str) -> str:
    """The hash by which sign-offs and publications name the exact words."""
    return hashlib.sha256("\x1f".join((title, letter, answer)).encode()).hexdigest()


def propose(ctx: Context, order: Order, answer: Answer) -> PublicCopy | None:
    """The first public copy of an answer version, redacted by the scan; only with consent."""
    if order.consent is not True:
        return None
    known, rules = _details(ctx, order.id), rulebook.current(ctx)
    return write(
        ctx,
        answer,
        title=_redacted(rules, order.title, known),
        letter=_redacted(rules, order.text, known),
        answer_text=_redacted(rules, answer.text, known),
    )


def write(
    ctx: Context,
    answer: Answer,
    *,
    title: str,
    letter: str,
    answer_text: str,
    kept: list[dict[str, str]] | None = None,
) -> PublicCopy:
    """Store a new wording of the public copy; earlier wordings stay."""
    last = answers.copy_of(ctx.session, answer.id)
    title, letter, answer_text = tidy(title), tidy(letter), tidy(answer_text)
    copy = PublicCopy(
        answer_id=answer.id,
        version=last.version + 1 if last else 1,
        title=title,
        letter=letter,
        answer=answer_text,
        kept=list(kept if kept is not None else (last.kept if last else [])),
        text_hash=text_hash(title, letter, answer_text),
        at=ctx.now,
        by=ctx.person.label,
    )
    ctx.session.add(copy)
    ctx.session.flush()
    return copy


def open_findings(ctx: Context, order: Order, copy: PublicCopy) -> list[Open]:
    """Hits in the copy that nobody removed or kept with a reason; empty when it may leave."""
    kept = {(row["part"], row["kind"], row["text"]) for row in copy.kept}
    found = []
    known, rules = _details(ctx, order.id), rulebook.current(ctx)
    for part in PARTS:
        for hit in _hits(rules, getattr(copy, part), known):
            keepable = hit.kind not in NEVER_KEPT
            if keepable and (part, hit.kind, hit.text) in kept:
                continue
            found.append(Open(part, hit, keepable))
    return found


def _details(ctx: Context, order_id: UUID) -> list[tuple[str, str]]:
    """What the requester told of himself, by kind: no rule need guess that it is personal."""
    stored = requesters.of_order(ctx.session, order_id)
    if stored is None:
        return []
    told = requesters.reveal(ctx.keys, stored)
    own = [(kind, getattr(told, name).strip()) for name, kind in _KINDS.items()]
    return [(kind, words) for kind, words in own if len(words) > 1 and "*" not in words]


def _hits(rules: Rules, text: str, known: Sequence[tuple[str, str]]) -> list[Hit]:
    hits = list(reading.scan(rules, text))
    for kind, words in known:
        for span in re.finditer(re.escape(words), text):
            low, high = span.span()
            if not any(hit.start <= low and high <= hit.end for hit in hits):
                hits.append(Hit(kind, low, high, words))
    return sorted(hits, key=lambda hit: hit.start)


def personal(ctx: Context, order: Order, text: str) -> list[Hit]:
    """What in a text must not leave the house, the requester's own details among it."""
    return _hits(rulebook.current(ctx), text, _details(ctx, order.id))


def redacted(ctx: Context, order: Order, text: str) -> str:
    """A text as it may leave the house, every hit replaced."""
    return _redacted(rulebook.current(ctx), text, _details(ctx, order.id))


def _redacted(rules: Rules, text: str, known: Sequence[tuple[str, str]]) -> str:
    return rules.scanner.redact(text, _hits(rules, text, known))


def take_back_consent(ctx: Context, order: Order, why: str) -> None:
    """Nothing of the letter is published any more; what was published is public no longer."""
    if order.consent is not True:
        order.consent = False
        return
    order.consent = False
    ctx.session.add(order)
    ctx.record("consent_taken_back", order, why=why)
    for clock in deadlines.running(ctx.session, [order.id], [Promise.PUBLISH]):
        clock.cancelled_at, clock.watch_at = ctx.now, deadlines.LOOK_NOW
        ctx.session.add(clock)
    answer = answers.latest(ctx.session, order.id)
    if answer is None:
        return
    if order.state == State.IN_REVIEW:
        # The reviewers signed words for everybody; an answer for one is another chain.
        for sign_off in answers.sign_offs(ctx.session, answer.id):
            sign_off.void = True
            ctx.session.add(sign_off)
    released = answers.published(ctx.session, order.id)
    if released is not None:
        withdraw(ctx, released, why)
    answered = answers.acts(ctx.session, order.id)
    if answered and not answers.publications(ctx.session, order.id):
        withhold(ctx, order, answered[-1].answer_id, why)


def withdraw(ctx: Context, publication: Publication, why: str) -> None:
    """Take what is public down at once: page, feed and search; the record stays."""
    publication.withdrawn_at, publication.withdrawn_by = ctx.now, ctx.person.label
    publication.withdraw_reason = why
    ctx.session.add(publication)
    search.retire(ctx.session, publication.order_id, public=True)


def withhold(ctx: Context, order: Order, answer_id: UUID, why: str) -> Publication:
    """Keep on file that an answer is not for the public, and why."""
    decision = Publication(
        order_id=order.id,
        answer_id=answer_id,
        number=order.number,
        released=False,
        received_at=order.received_at,
        released_at=ctx.now,
        by=ctx.person.label,
        reason=why,
    )
    ctx.session.add(decision)
    return decision
