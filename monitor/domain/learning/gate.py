"""Whether a new model is better, and from which confidence on an office lets a reading decide."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monitor.domain.errors import Incomplete
from monitor.domain.vocabulary import RequestType

LOWEST_PRECISION = 98
# One-sided 95 %: nobody looks at what goes alone, so luck must not open the door.
_DOUBT = 1.6449
_WHOLE = 100


@dataclass(frozen=True, slots=True)
class LearningRules:
    """How models are judged and changed; shares and precisions in percent."""

    held_out_share: int = 20
    fewest_held_out: int = 30
    most_examples: int = 10_000
    gate: bool = False
    gate_margin: int = 1
    auto: bool = False
    auto_precision: int = LOWEST_PRECISION
    auto_not_types: frozenset[RequestType] = frozenset()

    def held_out(self, decided: int) -> int:
        """How many of the newest decisions are kept from learning; 0 where too few are left."""
        share = decided * self.held_out_share // _WHOLE
        newest = max(share, self.fewest_held_out)
        return newest if decided >= 2 * newest else 0


def parse(bodies: Sequence[Mapping[str, Any]]) -> LearningRules:
    """The rules of `data/rulebook/learning.toml`; Incomplete names what is out of bounds."""
    if not bodies:
        return LearningRules()
    body = bodies[-1]
    rules = LearningRules(
        held_out_share=int(body["held_out_share"]),
        fewest_held_out=int(body["fewest_held_out"]),
        most_examples=int(body["most_examples"]),
        gate=bool(body["gate"]),
        gate_margin=int(body["gate_margin"]),
        auto=bool(body["auto"]),
        auto_precision=int(body["auto_precision"]),
        auto_not_types=frozenset(map(RequestType, body["auto_not_types"])),
    )
    wrong = {}
    if not 1 <= rules.held_out_share <= _WHOLE // 2:
        wrong["held_out_share"] = "应在 1 到 50 之间"
    if rules.fewest_held_out < 1:
        wrong["fewest_held_out"] = "至少 1 件"
    if rules.most_examples < 2 * rules.fewest_held_out:
        wrong["most_examples"] = "至少是“最少留出”的两倍"
    if not LOWEST_PRECISION <= rules.auto_precision <= _WHOLE:
        wrong["auto_precision"] = f"应在 {LOWEST_PRECISION} 到 100 之间"
    if wrong:
        raise Incomplete("学习规则有误。", fields=wrong)
    return rules


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two models on the same newest decisions, which neither had seen; macro F1, 0 to 1."""

    n: int
    new: float
    old: float

    def passes(self, rules: LearningRules) -> bool:
        """Whether the office's gate lets the new model through without a click."""
        return rules.gate and round((self.new - self.old) * _WHOLE, 6) >= rules.gate_margin


@dataclass(frozen=True, slots=True)
class Tried:
    """One decided order as a machine alone would have sent it: how sure, and whether rightly."""

    confidence: float
    right: bool


@dataclass(frozen=True, slots=True)
class Alone:
    """From which confidence on orders may go alone; what share would have gone, how many wrongly.

    Without a threshold nothing goes alone.
    """

    n: int
    threshold: float | None = None
    gone: int = 0
    wrong: int = 0

    @property
    def share(self) -> float:
        """The share of all orders that would have gone alone."""
        return self.gone / self.n if self.n else 0.0

    @property
    def precision(self) -> float | None:
        """The share of those gone that a person had decided just so."""
        return 1 - self.wrong / self.gone if self.gone else None


def alone(history: Sequence[Tried], precision: int) -> Alone:
    """The lowest threshold that surely keeps a precision (percent) on an office's own history.

    Surely: the lower bound of the precision reaches it, not the precision that luck gave.
    """
    ranked = sorted(history, key=lambda one: -one.confidence)
    best, right = Alone(len(ranked)), 0
    for gone, one in enumerate(ranked, start=1):
        right += one.right
        ties = gone < len(ranked) and ranked[gone].confidence == one.confidence
        if not ties and _at_least(right, gone) * _WHOLE >= precision:
            best = Alone(len(ranked), one.confidence, gone, gone - right)
    return best


def _at_least(right: int, seen: int) -> float:
    """The lower end of the one-sided Wilson interval of a share."""
    share, square = right / seen, _DOUBT * _DOUBT
    middle = share + square / (2 * seen)
    spread = _DOUBT * math.sqrt(share * (1 - share) / seen + square / (4 * seen * seen))
    return (middle - spread) / (1 + square / seen)
