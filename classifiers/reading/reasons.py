"""Which words of a text a suggestion rests on: those without which it would be less sure."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from classifiers.features import BLOCKS, KINDS, PART_WEIGHTS, PARTS, Features, parted
from classifiers.prepared import Floats, Ints, runs
from classifiers.reading.rows import Rows

Costs = npt.NDArray[np.floating[Any]]

MOST_EVIDENCE = 4
# The words that a first look finds likeliest are looked at again with their characters.
_LIKELY = 6
# What costs the lead less than this is no reason: taking a word away moves its neighbours too.
LEAST = 0.05
_NOTHING = 1e-6  # so little left of a block that nothing is there to be strengthened


class Reasons(NamedTuple):
    """For each reading its words, best first, and what its lead loses when all of them go.

    `together` wherever they stand, `once` only one place of each. What their neighbours make of
    the gap is not reckoned: they form new pairs, even new words.
    """

    words: list[list[str]]
    together: Costs
    once: Costs


def reasons(
    features: Features, weights: Floats, rows: Rows, winners: Ints, rivals: Ints, least: float,
    lines: Ints | None = None,
) -> Reasons:  # fmt: skip
    """The words whose absence would cost the winner's lead over its rival most.

    `winners` and `rivals` are columns of `weights`, of shape (models, texts); readings are
    numbered model by model. `lines` says in which line of the weights each feature of the rows has
    its own, where they are not one a feature.

    A text's features are scaled to one length, so taking one away strengthens the others: what
    counts is the score with it less the score without it.
    """
    sight = _sight(features, rows)
    models, texts = winners.shape
    lines = rows.features if lines is None else lines
    product, text = rows.product(weights, lines), np.arange(texts)
    whole = product[text, :, winners].astype(np.float64) - product[text, :, rivals]
    leads = _Leads(weights.reshape(-1), weights.shape[1], lines, winners, rivals)
    first = whole.reshape(models, -1)[:, sight.telling_block]
    gain = leads.of(np.arange(models)[:, np.newaxis], rows, sight.telling)
    first -= (first - gain) / sight.rest
    seen = len(sight.texts)
    places = sight.place + seen * np.arange(models)[:, np.newaxis]
    cost: Any = np.bincount(places.ravel(), first.ravel(), models * seen)
    likely = np.flatnonzero(cost > 0)
    model, seen_as = parted(likely, max(seen, 1))
    near = _first(sight.texts[seen_as] + texts * model, cost[likely], _LIKELY)
    model, seen_as = model[near], seen_as[near]
    readings = sight.texts[seen_as] + texts * model
    whole = whole.reshape(-1, BLOCKS)
    taken = _taken(features, rows, sight, leads, model, seen_as)
    cost = _cost(whole[readings], taken.lost, taken.share).sum(axis=1)
    best = _first(readings, cost, MOST_EVIDENCE)
    best = best[cost[best] > least]
    found: list[list[str]] = [[] for _ in range(models * texts)]
    named = sight.words[seen_as[best]].tolist()
    for reading, word in zip(readings[best].tolist(), named, strict=True):
        found[reading].append(features.words[word])
    kept = readings[best]
    return Reasons(
        found,
        _together(whole, kept, taken.lost[best], taken.share[best]),
        _together(whole, kept, taken.lost_once[best], taken.share_once[best]),
    )


class _Sight(NamedTuple):
    """What every model of a vocabulary sees alike in the same rows."""

    # Where the words are that may be shown, their blocks, and what is left of a block without.
    telling: Ints
    telling_block: Ints
    rest: Costs
    # Each of these words once a text, though it may stand in several parts: all go together.
    place: Ints
    texts: Ints
    words: Ints
    inside: Ints  # in which parts it stands, a bit each
    block: Ints  # of each feature, numbered within its text
    share: Costs  # of its block's length, what is each feature's
    held: Ints


def _sight(features: Features, rows: Rows) -> _Sight:
    if "sight" not in rows.kept:
        width = max(features.width, 1)
        telling = np.flatnonzero(features.telling[rows.features])
        block = np.repeat(np.tile(np.arange(BLOCKS), len(rows.starts) - 1), np.diff(rows.blocks))
        part = block // KINDS
        texts = rows.texts[telling]
        words = rows.features[telling] - part[telling] * width
        # What stands in a part stands in the whole text, which comes first and in order.
        keys, whole = texts * width + words, part[telling] == 0
        place = np.searchsorted(keys[whole], keys)
        inside = np.bincount(place, 1 << part[telling], int(whole.sum())).astype(np.int64)
        share = (rows.weights / PART_WEIGHTS.astype(np.float32)[part]) ** 2
        rest = np.sqrt(np.maximum(1 - share[telling], _NOTHING))
        rows.kept["sight"] = _Sight(
            telling, texts * BLOCKS + block[telling], rest, place, texts[whole], words[whole],
            inside, block, share, rows.texts * features.size + rows.features,
        )  # fmt: skip
    found: _Sight = rows.kept["sight"]
    return found


class _Leads(NamedTuple):
    """What features give to each model's winner over its rival."""

    weights: Floats
    width: int
    lines: Ints
    winners: Ints
    rivals: Ints

    def of(self, model: Ints, rows: Rows, place: Ints) -> Costs:
        """Of the features at these places of the rows, for these models."""
        # One number a weight: numpy takes by one place three times as fast as by two.
        first, text = self.lines[place] * self.width, rows.texts[place]
        gain: Costs = self.weights.take(first + self.winners[model, text])
        gain -= self.weights.take(first + self.rivals[model, text])
        gain *= rows.weights[place]
        return gain


class _Taken(NamedTuple):
    """What goes with each word, by block: of the lead, of the block's length; from one place."""

    lost: Costs
    share: Costs
    lost_once: Costs
    share_once: Costs


def _taken(
    features: Features, rows: Rows, sight: _Sight, leads: _Leads, model: Ints, seen_as: Ints
) -> _Taken:
    """With a word go its own characters and pairs, as often as they stand in it."""
    starts, parts, often = features.parts
    line, part = ((sight.inside[seen_as, np.newaxis] >> np.arange(PARTS)) & 1).nonzero()
    here = seen_as[line]
    words = sight.words[here]
    counts = starts[words + 1] - starts[words]
    step = runs(starts[words], counts)
    keys = parts[step]
    keys += np.repeat(sight.texts[here] * features.size + part * features.width, counts)
    place = np.minimum(np.searchsorted(sight.held, keys), len(sight.held) - 1)
    there = sight.held[place] == keys
    lost = leads.of(np.repeat(model[line], counts), rows, place) * there
    share = sight.share[place] * there
    block = np.repeat(line * BLOCKS, counts) + sight.block[place]
    times, gone = rows.times[place], often[step]
    size = len(seen_as) * BLOCKS
    sums: list[Any] = []
    # The word itself is the first of its own features.
    for so_often in (gone * np.repeat(times[np.cumsum(counts) - counts], counts), gone):
        kept = _damped(np.maximum(times - so_often, 0)) / _damped(times)
        sums += [lost * (1 - kept), share * (1 - kept**2)]
    by_block: list[Any] = [np.bincount(block, one, size).reshape(-1, BLOCKS) for one in sums]
    return _Taken(*by_block)


def _damped(times: Ints) -> Costs:
    damped: Costs = np.where(times > 0, 1 + np.log(np.maximum(times, 1)), 0)
    return damped


def _cost(whole: Costs, lost: Costs, share: Costs) -> Costs:
    """What the lead loses when blocks lose so much of it and of their length; by row and block."""
    left = np.maximum(1 - share, _NOTHING)
    cost: Costs = whole - np.where(left > _NOTHING, (whole - lost) / np.sqrt(left), 0)
    return cost


def _together(whole: Costs, readings: Ints, lost: Costs, share: Costs) -> Costs:
    """What each reading's lead loses at least when all its words go.

    The ending may lose nothing: what stood before them slides into it.
    """
    gone, shares = np.zeros((2, *whole.shape))
    fresh = np.flatnonzero(np.diff(readings, prepend=-1))
    if len(fresh):
        gone[readings[fresh]] = np.add.reduceat(lost, fresh)
        shares[readings[fresh]] = np.add.reduceat(share, fresh)
    cost = _cost(whole, gone, shares)
    least: Costs = cost.sum(axis=1) - np.maximum(cost[:, -KINDS:].sum(axis=1), 0)
    return least


def _first(readings: Ints, cost: Costs, most: int) -> Ints:
    """Of each reading the places of the largest costs, in their order; readings come in theirs."""
    # One sort instead of two: within a reading, the larger the cost, the smaller the number.
    span = 4 * np.abs(cost).max(initial=1e-12)
    order = np.argsort(readings - cost / span, kind="stable")
    return order[np.arange(len(order)) - np.searchsorted(readings, readings) < most]
