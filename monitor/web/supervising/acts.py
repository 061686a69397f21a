"""Chasing and supervising on the page of an order: what the forms send, and how it is told."""

from collections.abc import Callable
from typing import Any

from monitor.domain.supervision.cards import Level, Receiver
from monitor.web.orders.given import Act, Text

Sentence = tuple[str, str, str]


class Chased(Act):
    """What is said with a chase, if anything."""

    text: Text = ""


def _told(details: dict[str, Any]) -> str:
    names = "、".join(details.get("told") or ())
    return f"已告知{names}" if names else ""


def _chase(_: Any, details: dict[str, Any], __: object) -> Sentence:
    note = details.get("note")
    return "催办", f"：{note}" if note else "", _told(details)


def _reasoned(label: str) -> Callable[[Any, dict[str, Any], object], Sentence]:
    return lambda _, d, __: (label, f"：{d.get('reason', '')}", _told(d))


def _given(_: Any, details: dict[str, Any], __: object) -> Sentence:
    level = Level(details["level"]).label
    return level, f"：{details.get('why', '')}", _told(details)


def _unseen(_: Any, details: dict[str, Any], __: object) -> Sentence:
    place, hours = Receiver(details["step"]).label, details.get("hours", 0)
    what = f"：{place} {hours} 个工作小时没有看{Level(details['level']).label}"
    return "报上一级", what, _told(details)


def _lifted(_: Any, details: dict[str, Any], __: object) -> Sentence:
    levels = "、".join(Level(one).label for one in details.get("levels", ()))
    return f"{levels}解除", f"：{details.get('why') or details.get('reason') or ''}", ""


# The history in sentences; see story.tell.
SENTENCES: dict[str, Callable[[Any, dict[str, Any], object], Sentence]] = {
    "chase": _chase,
    "supervise": _reasoned("挂牌督办"),
    "raise_up": _reasoned("提级督办"),
    "lift_cards": _lifted,
    "card_given": _given,
    "card_lifted": _lifted,
    "card_unseen": _unseen,
}
# What the page says after a move.
DONE = {
    "chase": "已催办",
    "supervise": "已挂牌督办",
    "raise_up": "已提级督办",
    "lift_cards": "已解除督办",
}
