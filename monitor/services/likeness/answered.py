"""Answered orders about the same matter, for quoting their answers."""

from uuid import UUID

from classifiers import similar
from monitor.services.context import Context
from monitor.services.likeness.nearness import Near
from monitor.storage import orders, search


def like(ctx: Context, text: str, *, excluding: UUID | None = None, most: int = 3) -> list[Near]:
    """Answered orders about the same matter, best first, for quoting their answers."""
    words = similar.keywords(text)
    if not words:
        return []
    ids = search.any_of(ctx.session, words, limit=200)
    found = []
    for order in orders.answered_among(ctx.session, ctx.person, ids):
        if order.id == excluding:
            continue
        hits = tuple(word for word in words if word in order.title or word in order.text)
        if len(hits) >= 2:
            found.append(Near(order, len(hits) / len(words), hits))
    return sorted(found, key=lambda item: (-item.score, item.order.number))[:most]
