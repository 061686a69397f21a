"""Who is called back: ordered rules with a share, drawn by the number alone."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monitor.domain.closing.selecting import Facts, Selector, selected
from monitor.domain.errors import Incomplete
from monitor.domain.vocabulary import Word


class When(Word):
    """What besides channel, type and urgency a rule asks of an order."""

    ASKED_NOT = "asked_not", "诉求人表示不必回访"
    NO_PHONE = "no_phone", "没有留电话"
    AGAIN = "again", "重复反映或发回重办"
    LATE = "late", "答复超期"


@dataclass(frozen=True, slots=True)
class Rule(Selector):
    """One rule: of what it takes in, so many percent are called back, in so many tries."""

    share: int
    tries: int = 3
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Draw:
    """Whether an order is called back, by which rule, in words that anybody can check."""

    drawn: bool
    tries: int
    words: str


def place(number: str) -> int:
    """Where a number falls among 0 to 99; the same on every machine and every day."""
    return int.from_bytes(hashlib.sha256(number.encode()).digest()[:8], "big") % 100


def draw(rules: Sequence[Rule], facts: Facts) -> Draw:
    """The first rule that fits decides; without one everybody is called back."""
    for position, rule in enumerate(rules, start=1):
        if rule.fits(facts):
            drawn = place(facts.number) < rule.share
            outcome = "抽中" if drawn else "未抽中"
            words = f"抽样规则第 {position} 条（{rule.name}），{rule.share}%，本件{outcome}"
            return Draw(drawn=drawn, tries=rule.tries, words=words)
    return Draw(drawn=True, tries=1, words="没有相符的抽样规则，逐件回访")


def parse(bodies: Collection[Mapping[str, Any]]) -> tuple[Rule, ...]:
    """The rules of `data/rulebook/callbacks.toml`, in their order."""
    return tuple(map(_rule, bodies))


def _rule(body: Mapping[str, Any]) -> Rule:
    try:
        rule = Rule(
            share=int(body["share"]),
            **selected(body, When),
            tries=int(body.get("tries", 3)),
            basis=body.get("basis", ""),
        )
    except (KeyError, ValueError) as error:
        raise Incomplete(f"回访抽样规则 {body.get('code', '（无编号）')} 有误：{error}") from error
    if not 0 <= rule.share <= 100 or rule.tries < 1:
        raise Incomplete(f"回访抽样规则 {rule.code} 有误：比例须在 0 到 100 之间，次数至少一次")
    return rule
