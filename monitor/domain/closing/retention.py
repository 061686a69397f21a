"""How long a file is kept: ordered rules by type, urgency and outcome; until which day."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from monitor.domain.closing.selecting import Facts, Selector, selected
from monitor.domain.errors import Incomplete
from monitor.domain.vocabulary import Word

FOREVER = "永久"


class Outcome(Word):
    """What became of an order, as far as it decides how long its file is kept."""

    AGAIN = "again", "发回重办过"
    UNSOLVED = "unsolved", "未解决"
    LATE = "late", "答复超期"


@dataclass(frozen=True, slots=True)
class Rule(Selector):
    """One rule: a class for what it takes in."""

    retention: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A class with the rule that proposes it."""

    retention: str
    code: str
    words: str


def propose(rules: Sequence[Rule], facts: Facts) -> Proposal:
    """What the first rule that fits says; without one for ever, because nothing may be lost."""
    for position, rule in enumerate(rules, start=1):
        if rule.fits(facts):
            words = f"保管规则第 {position} 条（{rule.name}）：{rule.retention}"
            return Proposal(rule.retention, rule.code, words)
    return Proposal(FOREVER, "", "没有相符的保管规则，按永久保管")


def until(filed_on: date, retention: str) -> date | None:
    """The last day; counted from the year after it was filed, None for ever."""
    if retention == FOREVER:
        return None
    return date(filed_on.year + int(retention.removesuffix("年")), 12, 31)


def parse(bodies: Collection[Mapping[str, Any]]) -> tuple[Rule, ...]:
    """The rules of `data/rulebook/retention.toml`, in their order."""
    return tuple(map(_rule, bodies))


def _rule(body: Mapping[str, Any]) -> Rule:
    try:
        rule = Rule(
            retention=body["retention"],
            **selected(body, Outcome),
        )
        until(date.min, rule.retention)
    except (KeyError, ValueError) as error:
        raise Incomplete(f"保管规则 {body.get('code', '（无编号）')} 有误：{error}") from error
    return rule
