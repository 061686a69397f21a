"""A text's fingerprint: a few numbers by which a text is found that shares wording with it."""

from collections.abc import Sequence
from itertools import accumulate, islice

import numpy as np
import numpy.typing as npt

from classifiers.similar.wording import bare

BANDS = 16
_GRAM = 5
_BITS = np.uint64(40)


def fingerprint(text: str) -> tuple[int, ...]:
    """At most sixteen numbers of 40 bits; texts that share one are worth comparing.

    The smallest numbers of all runs of five characters: of a part cut from a text, those that
    lie in the part are among its own smallest. The same text gives the same numbers in every
    process and on every machine.
    """
    return fingerprints([text])[0]


def fingerprints(texts: Sequence[str]) -> list[tuple[int, ...]]:
    """The fingerprint of each text; many at once cost less each."""
    if not texts:
        return []
    said = [bare(text).ljust(_GRAM, "\0") for text in texts]
    codes = np.frombuffer("".join(said).encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    last = len(codes) - _GRAM + 1
    runs = codes[:last].copy()
    for step in range(1, _GRAM):
        runs *= _BASE
        runs += codes[step : last + step]
    mixed = runs ^ (runs >> np.uint64(32))
    mixed *= _GOLDEN
    mixed ^= mixed >> np.uint64(29)
    mixed *= _SECOND
    mixed >>= np.uint64(64) - _BITS
    starts = accumulate(map(len, said[:-1]), initial=0)
    # A run that reaches into the next text is nobody's.
    return [
        _smallest(mixed[at : at + len(text) - _GRAM + 1])
        for at, text in zip(starts, said, strict=True)
    ]


def _smallest(runs: npt.NDArray[np.uint64]) -> tuple[int, ...]:
    hashed = np.sort(runs)
    # A run may stand in a text more than once; sorting all and taking each once would cost more.
    smallest = dict.fromkeys(hashed[: 4 * BANDS].tolist())
    if len(smallest) < BANDS and len(hashed) > 4 * BANDS:
        smallest = dict.fromkeys(hashed.tolist())
    return tuple(islice(smallest, BANDS))


# Odd numbers with their bits well spread, fixed for ever (splitmix64).
_BASE = np.uint64(0xD1342543DE82EF95)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_SECOND = np.uint64(0xBF58476D1CE4E5B9)
