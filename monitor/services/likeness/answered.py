"""Answered orders about the same matter, for quoting their answers."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

from classifiers import similar
from monitor.domain.vocabulary import first_level
from monitor.services.context import Context
from monitor.services.likeness.nearness import Near
from monitor.storage import orders
from monitor.storage.index import sharing
from monitor.storage.orders import Order

# Of the orders that hold telling words so many are looked up, and so many read whole.
_LOOKED_UP, _READ = 200, 40
_WORDS_HELD = 2
_YEAR = 365


def like_order(ctx: Context, order: Order, *, most: int = 3) -> list[Near]:
    """Answered orders about the matter of an order in hand, best first."""
    return like(
        ctx, order.title, order.text,
        topic=order.topic or order.suggested_topic or "",
        section=order.section or order.suggested_section or "",
        excluding=order.id, most=most,
    )  # fmt: skip


def like(
    ctx: Context,
    title: str,
    text: str,
    *,
    topic: str = "",
    section: str = "",
    excluding: UUID | None = None,
    most: int = 3,
) -> list[Near]:
    """Answered orders about the same matter, best first, among those the person may see."""
    rules = similar.rules()["answered"]
    message = f"{title}\n{text}"
    weights = _weights(ctx, message, title)
    shared: Counter[int] = Counter()
    for weight, entries in weights.values():
        shared.update(dict.fromkeys(entries, weight))
    best = sorted(shared, key=lambda entry: (-shared[entry], -entry))[:_LOOKED_UP]
    owners = sharing.owners_of(ctx.session, best)
    ids = dict.fromkeys(owners[entry] for entry in best if entry in owners)
    answered = {one.id: one for one in orders.answered_among(ctx.session, ctx.person, list(ids))}
    read = [answered[id_] for id_ in ids if id_ in answered and id_ != excluding][:_READ]
    told = {one.id: _held(weights, one) for one in read}
    read = [one for one in read if len(told[one.id]) >= _WORDS_HELD]
    close = similar.closeness(message, [f"{one.title}\n{one.text}" for one in read])

    def worth(one: Order, near: float) -> float:
        age = min(max((ctx.now - one.received_at).days, 0) / _YEAR, 1.0)
        more = rules["fresh"] * (1 - age)
        its = (one.topic or "", one.suggested_topic or "")
        if topic and first_level(topic) in map(first_level, its):
            more += rules["topic"]
        if section and section == one.section:
            more += rules["section"]
        # The root spreads what is near over the whole scale; it changes no order.
        return min(math.sqrt(near * (1 + more)), 1.0)

    found = [
        Near(one, round(worth(one, near), 4), told[one.id])
        for one, near in zip(read, close, strict=True)
    ]
    return sorted(found, key=lambda item: (-item.score, item.order.number))[:most]


def _weights(ctx: Context, message: str, title: str) -> dict[str, tuple[float, list[int]]]:
    """The telling words with their weight and the newest entries that hold them, rarest first.

    How rare a word is, its newest entries tell by how far back they reach.
    """
    rules = similar.rules()["answered"]
    words = similar.keywords(message, k=int(rules["words"]))
    held = sharing.holding(ctx.session, words)
    newest = max((entries[0] for entries in held.values() if entries), default=0)
    found: dict[str, tuple[float, list[int]]] = {}
    for word, entries in held.items():
        if not entries:
            continue
        full = len(entries) == sharing.NEWEST
        spread = newest / (newest - entries[-1] + 1) if full else 1.0
        rare = math.log(1 + newest / (len(entries) * spread))
        found[word] = (rare * (rules["title"] if word in title else 1.0), entries)
    return dict(sorted(found.items(), key=lambda item: -item[1][0]))


def _held(weights: Mapping[str, tuple[float, Sequence[int]]], order: Order) -> tuple[str, ...]:
    return tuple(word for word in weights if word in order.title or word in order.text)
