"""A text's fingerprint: a few numbers by which a text is found that shares wording with it."""

from itertools import islice

import numpy as np

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
    codes = np.frombuffer(bare(text).encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    if len(codes) < _GRAM:
        codes = np.concatenate([codes, np.zeros(_GRAM - len(codes), dtype=np.uint64)])
    last = len(codes) - _GRAM + 1
    runs = codes[:last].copy()
    for step in range(1, _GRAM):
        runs *= _BASE
        runs += codes[step : last + step]
    mixed = runs ^ (runs >> np.uint64(32))
    mixed *= _GOLDEN
    mixed ^= mixed >> np.uint64(29)
    mixed *= _SECOND
    hashed = np.sort(mixed >> (np.uint64(64) - _BITS))
    # A run may stand in a text more than once; sorting all and taking each once would cost more.
    smallest = dict.fromkeys(hashed[: 4 * BANDS].tolist())
    if len(smallest) < BANDS and len(hashed) > 4 * BANDS:
        smallest = dict.fromkeys(hashed.tolist())
    return tuple(islice(smallest, BANDS))


# Odd numbers with their bits well spread, fixed for ever (splitmix64).
_BASE = np.uint64(0xD1342543DE82EF95)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_SECOND = np.uint64(0xBF58476D1CE4E5B9)
