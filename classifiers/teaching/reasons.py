"""Which words of a text a suggestion rests on: those without which it would be less sure."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from classifiers.features import BLOCKS, KINDS, PART_WEIGHTS, PARTS, Features, Rows, parted
from classifiers.prepared import Floats, Ints

Costs = npt.NDArray[np.floating[Any]]

MOST_EVIDENCE = 4
# The words that a first look finds likeliest are looked at again with their characters.
_LIKELY = 10
# What costs the lead less than this is no reason: taking a word away moves its neighbours too.
LEAST = 0.05


def reasons(
    features: Features,
    weights: Floats,
    column: int,
    rows: Rows,
    sure: Floats,
    winners: Ints,
    least: float,
) -> list[list[str]]:
    """For each text the words whose absence would cost the winner most, best first.

    A text's features are scaled to one length, so taking one away strengthens the others: what
    counts is the score with it less the score without it, not its weight. The labels' weights
    begin at `column`.
    """
    sight = _sight(features, rows)
    lost = _lost(weights, column, rows, sight, sure, winners)
    cost = np.bincount(sight.place, lost[sight.telling], len(sight.texts)).astype(np.float64)
    likely = np.flatnonzero(cost > 0)
    near = likely[_first(sight.texts[likely], cost[likely], _LIKELY)]
    texts, words = sight.texts[near], sight.words[near]
    cost = cost[near] + _of_parts(features, sight, lost, near)
    found: list[list[str]] = [[] for _ in winners]
    best = _first(texts, cost, MOST_EVIDENCE)
    best = best[cost[best] > least]
    for text, word in zip(texts[best].tolist(), words[best].tolist(), strict=True):
        found[text].append(features.words[word])
    return found


class _Sight(NamedTuple):
    """What every model of a vocabulary sees alike in the same rows."""

    telling: Ints
    texts: Ints
    words: Ints
    place: Ints
    # Of each word the parts it stands in, a bit each.
    inside: Ints
    block: Ints
    alone: npt.NDArray[np.bool_]
    rest: Costs
    held: Ints
    lengths: Ints


def _sight(features: Features, rows: Rows) -> _Sight:
    if "sight" not in rows.kept:
        width = max(features.width, 1)
        telling = np.flatnonzero(features.telling[rows.features])
        # A word of the title or the ending stands in the text as well: all go together.
        part, within = parted(rows.features, width)
        keys = rows.texts[telling] * width + within[telling]
        keys, place = np.unique(keys, return_inverse=True)
        inside = np.bincount(place, 1 << part[telling], len(keys)).astype(np.int64)
        block = rows.texts * BLOCKS + part * KINDS + features.kind_of(within)
        share = (rows.weights / PART_WEIGHTS[part]) ** 2
        rest = np.sqrt(np.maximum(1 - share, 0))
        # Where nothing else stands in its block, nothing is left to be strengthened.
        alone = rest < 1e-3
        rest[alone] = 1.0
        held = rows.texts * features.size + rows.features
        texts, words = parted(keys, width)
        rows.kept["sight"] = _Sight(
            telling, texts, words, place, inside, block, alone, rest, held, np.diff(rows.starts)
        )
    found: _Sight = rows.kept["sight"]
    return found


def _lost(
    weights: Floats, column: int, rows: Rows, sight: _Sight, sure: Floats, winners: Ints
) -> Costs:
    """What each feature's absence would take from the winner's lead over the next label."""
    others = sure.copy()
    others[np.arange(len(winners)), winners] = -1
    next_ones = others.argmax(axis=1)
    # One number a weight: numpy takes by one place three times as fast as by two.
    flat, places = weights.reshape(-1), rows.features * weights.shape[1] + column
    gain = flat.take(places + np.repeat(winners, sight.lengths))
    gain -= flat.take(places + np.repeat(next_ones, sight.lengths))
    gain *= rows.weights
    whole = np.bincount(sight.block, gain, BLOCKS * len(winners))[sight.block]
    lost: Costs = whole - (whole - gain) / sight.rest
    lost[sight.alone] = gain[sight.alone]
    return lost


def _of_parts(features: Features, sight: _Sight, lost: Costs, near: Ints) -> Costs:
    """What goes with these words' own characters and pairs, in the parts where they stand."""
    starts, parts = features.parts
    found = np.zeros(len(near))
    for part in range(PARTS):
        lines = np.flatnonzero(sight.inside[near] & (1 << part))
        words = sight.words[near[lines]]
        first, counts = starts[words], starts[words + 1] - starts[words]
        line = np.repeat(lines, counts)
        step = np.arange(len(line)) - np.repeat(np.cumsum(counts) - counts - first, counts)
        keys = sight.texts[near[line]] * features.size + parts[step] + part * features.width
        place = np.minimum(np.searchsorted(sight.held, keys), len(sight.held) - 1)
        there = np.where(sight.held[place] == keys, lost[place], 0)
        found += np.bincount(line, there, len(near))
    return found


def _first(texts: Ints, cost: Costs, most: int) -> Ints:
    """Of each text the places of the largest costs, in their order; texts come in theirs."""
    # One sort instead of two: within a text, the larger the cost, the smaller the number.
    span = 4 * np.abs(cost).max(initial=1e-12)
    order = np.argsort(texts - cost / span, kind="stable")
    return order[np.arange(len(order)) - np.searchsorted(texts, texts) < most]
