"""Near-duplicates and similar closed orders, by runs of characters: no model, no state."""

import math
from collections import Counter
from collections.abc import Mapping
from functools import cache

import numpy as np
import numpy.typing as npt

from classifiers import words

BANDS = 8
_ROWS = 2  # hashes a band: both must agree
_GRAM = 3
# A scrap of text is contained in many; below this many grams containment counts for less.
_FEW = 40
_SHORTEST_SHARED = 4
_LONGEST_SHARED = 60

_Codes = npt.NDArray[np.uint64]


def fingerprint(text: str) -> tuple[int, ...]:
    """Eight signed 64-bit numbers; texts that share one are worth comparing.

    The same text gives the same numbers in every process and on every machine. Each number
    carries its band, so that one index over all of them does.
    """
    codes = np.frombuffer(words.normalise(text).encode("utf-32-le"), dtype=np.uint32)
    codes = codes[_letters()[codes]].astype(np.uint64)
    if len(codes) < _GRAM:
        codes = np.concatenate([codes, np.zeros(_GRAM - len(codes), dtype=np.uint64)])
    # 21 bits hold any character: three of them are one exact 63-bit number.
    shift = np.uint64(21)
    grams = (((codes[:-2] << shift) | codes[1:-1]) << shift) | codes[2:]
    mixed = grams * _GOLDEN
    mixed ^= mixed >> np.uint64(29)
    hashed = np.multiply.outer(_MULTIPLIERS, mixed)
    hashed += _ADDENDS
    least = (hashed >> np.uint64(32)).min(axis=1)
    bands = (least[0::_ROWS] << np.uint64(32)) | least[1::_ROWS]
    bands = (bands ^ _BAND_MARKS) * _GOLDEN
    return tuple(bands.view(np.int64).tolist())


def resemblance(one: str, other: str) -> float:
    """How much of the wording two texts share, 0 to 1.

    Runs of three characters over all (Jaccard), blended with the share of the shorter text's
    pairs of characters that stand in the other: a retold letter and a quoted one are found.
    """
    first, second = _plain(one), _plain(other)
    if not first or not second:
        return 0.0
    jaccard = _over(_grams(first, _GRAM), _grams(second, _GRAM))
    pairs, others = _grams(first, 2), _grams(second, 2)
    contained = len(pairs & others) / max(min(len(pairs), len(others)), _FEW)
    return round(max(jaccard, 0.3 * jaccard + 0.7 * contained), 4)


def shared(one: str, other: str, most: int = 3) -> tuple[str, ...]:
    """The longest phrases that stand in both texts, longest first: the reason of a likeness."""
    where, text = words.normalise(one), words.normalise(other)
    met = _grams(where, _GRAM)
    found: list[str] = []
    start = 0
    while start < len(text) - _SHORTEST_SHARED:
        end = start + _SHORTEST_SHARED
        if text[start : start + _GRAM] in met and text[start:end] in where:
            while (
                end < len(text) and end - start < _LONGEST_SHARED and text[start : end + 1] in where
            ):
                end += 1
            found.append(text[start:end].strip(" ,.。、;:!?"))
            start = end
        else:
            start += 1
    phrases = dict.fromkeys(phrase for phrase in found if len(phrase) >= _SHORTEST_SHARED)
    return tuple(sorted(phrases, key=len, reverse=True)[:most])


def keywords(text: str, idf: Mapping[str, float] | None = None, k: int = 8) -> tuple[str, ...]:
    """The words that tell most about a text: what to search answered orders by.

    Without `idf` (a weight for each word) longer words are taken for the rarer ones.
    """
    common = words.cutter().common
    counted = Counter(
        word for word in words.cut(text) if len(word) > 1 and word not in common and word.isalpha()
    )
    rare = max(idf.values(), default=1.0) if idf else 1.0

    def telling(word: str) -> float:
        weight = idf.get(word, rare) if idf else min(len(word), 6) / 2
        return (1 + math.log(counted[word])) * weight

    return tuple(sorted(counted, key=lambda word: (-telling(word), text.find(word), word))[:k])


def _plain(text: str) -> str:
    return "".join(filter(str.isalnum, words.normalise(text)))


def _grams(plain: str, length: int) -> frozenset[str]:
    return frozenset(plain[i : i + length] for i in range(max(len(plain) - length + 1, 1)))


def _over(first: frozenset[str], second: frozenset[str]) -> float:
    return len(first & second) / len(first | second)


@cache
def _letters() -> npt.NDArray[np.bool_]:
    """Which characters count: letters and figures; punctuation is not wording."""
    return np.array([chr(code).isalnum() for code in range(0x110000)])


def _spread(seed: int, count: int) -> _Codes:
    """Fixed well-mixed numbers (splitmix64), so that no library's generator can change them."""
    numbers = []
    state = seed
    for _ in range(count):
        state = (state + 0x9E3779B97F4A7C15) % 2**64
        mixed = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) % 2**64
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) % 2**64
        numbers.append(mixed ^ (mixed >> 31))
    return np.array(numbers, dtype=np.uint64)


_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MULTIPLIERS = _spread(1, BANDS * _ROWS) | np.uint64(1)
_ADDENDS = _spread(2, BANDS * _ROWS)[:, None]
_BAND_MARKS = _spread(3, BANDS)
