"""Which of some texts is nearest in matter to a letter: rare pairs of characters weigh most."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from classifiers.similar.wording import bare


def closeness(text: str, others: Sequence[str]) -> list[float]:
    """For each of the other texts how near it is, 0 to 1.

    The weights come from these texts themselves: what all of them say tells none from another.
    """
    counted = [_pairs(text), *map(_pairs, others)]
    held = Counter(pair for found in counted for pair in found)
    weights = {pair: math.log((len(counted) + 1) / times) for pair, times in held.items()}
    mine, *theirs = (_weighed(found, weights) for found in counted)
    return [
        min(sum(weight * other.get(pair, 0.0) for pair, weight in mine.items()), 1.0)
        for other in theirs
    ]


def _pairs(text: str) -> Counter[tuple[str, str]]:
    return Counter(pairwise(bare(text)))


def _weighed(
    found: Counter[tuple[str, str]], weights: Mapping[tuple[str, str], float]
) -> dict[tuple[str, str], float]:
    row = {pair: (1 + math.log(times)) * weights[pair] for pair, times in found.items()}
    length = math.sqrt(sum(weight * weight for weight in row.values())) or 1.0
    return {pair: weight / length for pair, weight in row.items()}
