"""Clocks under another rule, on the page of an order: what the forms send, and how it is told."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from monitor.domain.remaining import moment_words
from monitor.domain.vocabulary import Promise
from monitor.storage.deadlines import Clock
from monitor.web.orders.given import Reasoned, Word

Sentence = tuple[str, str, str]


class Chosen(Reasoned):
    """Which rule, and why."""

    rule: Word = ""


class Rereckoned(Reasoned):
    """Which clock, and why."""

    clock: Word = ""


def _chose(_: Any, details: dict[str, Any], __: object) -> Sentence:
    return "改用时限规则", f"：{details.get('reason', '')}", str(details.get("rule", ""))


def _again(_: Any, details: dict[str, Any], __: object) -> Sentence:
    promise = str(details.get("clock", ""))
    label = Promise(promise).label if promise in set(Promise) else ""
    return "按现行规则重算", f"{label}时限：{details.get('reason', '')}", ""


def set_aside(clocks: Sequence[Clock], opened: str) -> list[Mapping[str, Any]]:
    """Earlier reckonings that stand beside the one in force, newest first."""
    return [
        {
            "label": Promise(clock.promise).label,
            "rule": f"{clock.rule.removesuffix('.answer')} 第 {clock.rule_version} 版",
            "due": moment_words(clock.due_at),
            "why": clock.aside,
            "when": moment_words(clock.cancelled_at) if clock.cancelled_at else "",
            "key": clock.id.hex,
            "open": clock.id.hex == opened,
        }
        for clock in reversed(clocks)
        if clock.aside
    ]


# The history in sentences; see story.tell.
SENTENCES: dict[str, Callable[[Any, dict[str, Any], object], Sentence]] = {
    "choose_rule": _chose,
    "change_rule": _chose,
    "rereckon": _again,
}
# What the page says after a move.
DONE = {
    "choose_rule": "已改用规则，原来的推算留在时限条下面",
    "rereckon": "已按现行规则重算，原来的推算留在时限条下面",
}
