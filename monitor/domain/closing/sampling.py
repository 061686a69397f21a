"""Who is called back: ordered rules with a share, drawn by the number alone."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from monitor.domain.errors import Incomplete
from monitor.domain.vocabulary import Word


class When(Word):
    """What besides channel, type and urgency a rule asks of an order."""

    ANY = "any", "不限"
    ASKED_NOT = "asked_not", "诉求人表示不必回访"
    NO_PHONE = "no_phone", "没有留电话"
    AGAIN = "again", "重复反映或发回重办"
    LATE = "late", "答复超期"


@dataclass(frozen=True, slots=True)
class Facts:
    """What of an order decides about its call-back."""

    number: str
    channel: str
    request_type: str = ""
    urgency: str = "normal"
    holds: frozenset[When] = frozenset()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: of what it takes in, so many percent are called back, in so many tries."""

    code: str
    name: str
    share: int
    when: When = When.ANY
    channels: frozenset[str] = field(default_factory=frozenset)
    request_types: frozenset[str] = field(default_factory=frozenset)
    urgencies: frozenset[str] = field(default_factory=frozenset)
    tries: int = 3
    basis: str = ""

    def fits(self, facts: Facts) -> bool:
        """Whether the rule takes the order in; an empty selector takes all."""
        return (
            (self.when is When.ANY or self.when in facts.holds)
            and (not self.channels or facts.channel in self.channels)
            and (not self.request_types or facts.request_type in self.request_types)
            and (not self.urgencies or facts.urgency in self.urgencies)
        )


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
            code=body["code"],
            name=body["name"],
            share=int(body["share"]),
            when=When(body.get("when", "any")),
            channels=frozenset(body.get("channels", ())),
            request_types=frozenset(body.get("request_types", ())),
            urgencies=frozenset(body.get("urgencies", ())),
            tries=int(body.get("tries", 3)),
            basis=body.get("basis", ""),
        )
    except (KeyError, ValueError) as error:
        raise Incomplete(f"回访抽样规则 {body.get('code', '（无编号）')} 有误：{error}") from error
    if not 0 <= rule.share <= 100 or rule.tries < 1:
        raise Incomplete(f"回访抽样规则 {rule.code} 有误：比例须在 0 到 100 之间，次数至少一次")
    return rule
