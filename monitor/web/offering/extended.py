"""Extensions on the page of an order: what their forms send, and how they are told."""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from monitor.web.orders.given import Act, Reasoned, Text, Word

Sentence = tuple[str, str, str]


def _whole(value: object) -> object:
    """A number as people write it; None for what is none, so that the step can say so."""
    text = str(value or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None


class ExtensionAsked(Reasoned):
    """How many days more, and why."""

    days: Annotated[int | None, BeforeValidator(_whole), Field()] = None


class Extended(Act):
    """How the requester was told."""

    way: Word = ""
    outcome: Text = ""


def _asked(_: Any, details: dict[str, Any], __: object) -> Sentence:
    reason = details.get("reason")
    return "申请延期", f" {details.get('days', '')} 天" + (f"：{reason}" if reason else ""), ""


def _granted(_: Any, details: dict[str, Any], __: object) -> Sentence:
    return "同意延期", f" {details.get('days', '')} 天", f"已{details.get('way', '')}告知诉求人"


# The history in sentences; see story.tell.
SENTENCES: dict[str, Callable[[Any, dict[str, Any], object], Sentence]] = {
    "ask_extension": _asked,
    "extend": _granted,
}
# What the page says after a move.
DONE = {
    "ask_extension": "已申请延期，等批准人决定",
    "extend": "已同意延期，时限已顺延",
    "refuse_extension": "已不同意延期，时限不变",
}
