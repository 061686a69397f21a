"""Cards as pages draw them: the gravest as a badge, all of them as a list."""

from collections.abc import Sequence
from typing import Any

from monitor.domain.supervision.cards import Level
from monitor.services.context import Context
from monitor.storage.orders import Order
from monitor.storage.supervision import cards
from monitor.storage.supervision.cards import Card

_LOOKS = {Level.YELLOW: "yellow", Level.RED: "red", Level.CRITICISM: "red"}


def badges(given: Sequence[Card]) -> list[dict[str, Any]]:
    """The open cards of an order as badges, the gravest first; a warning is told by the clock."""
    levels = {Level(card.level) for card in given if card.lifted_at is None} - {Level.WARN}
    if Level.RED in levels:
        levels -= {Level.YELLOW}
    chases = sum(1 for card in given if card.level == Level.CHASE)
    found = []
    for level in sorted(levels, key=lambda one: -one.rank):
        label = f"催办 {chases} 次" if level is Level.CHASE and chases > 1 else level.label
        found.append({"label": label, "look": _LOOKS.get(level, ""), "level": level.value})
    return found


def supervision(ctx: Context, order: Order) -> dict[str, Any]:
    """What an order stands under and stood under, for its page."""
    given = cards.of_order(ctx.session, order.id)
    return {
        "badges": badges(given),
        "cards": [
            {
                "level": Level(card.level),
                "look": _LOOKS.get(Level(card.level), ""),
                "name": card.name,
                "rule": card.rule,
                "why": card.why,
                "at": card.at,
                "by": card.by.partition("（")[0],
                "told": "、".join(card.told),
                "lifted_at": card.lifted_at,
                "lifted_by": card.lifted_by.partition("（")[0],
                "lifted_why": card.lifted_why,
            }
            for card in reversed(given)
        ],
    }
