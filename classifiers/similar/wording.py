"""How much of its wording a text shares with another, the phrases shared, its telling words."""

import math
import re
import tomllib
import zlib
from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Any

from classifiers import words

_GRAM = 3
_SHORTEST_SHARED = 4
_LONGEST_SHARED = 60
_LATIN = re.compile(r"[a-z][a-z0-9:/.?&=_%#~+-]*")
_LETTERS = re.compile(r"[a-z]+")
_LETTERLESS = re.compile(r"[\W_]+")
_NUMERALS = "〇一二三四五六七八九"
_TEN = f"[{_NUMERALS[1:]}]?十[{_NUMERALS[1:]}]?"
# Up to 99, or a row of digits (二〇一).
_NUMERAL = re.compile(
    f"(?<![十百千万零{_NUMERALS}])(?:{_TEN}|[零{_NUMERALS}]+)(?=号|期|楼|栋|幢|座|单元|路)"
)
# A word in foreign letters counts as one character; these are as many as there are for it.
_FIRST_SIGN, _SIGNS = 0xAC00, 11172


@cache
def rules() -> Mapping[str, Any]:
    """What counts as likeness: `data/likeness.toml`, read once."""
    return tomllib.loads((words.shipped_data() / "likeness.toml").read_text("utf-8"))


def nearness() -> float:
    """From which resemblance on two letters are suspected to be about one matter."""
    return float(rules()["near"])


def likeness() -> float:
    """From which resemblance on two letters may be about the same thing."""
    return float(rules()["alike"])


def bare(text: str) -> str:
    """What a text says without punctuation, figures and the characters that only join words.

    A foreign word is one character, so that an address of a page weighs no more than a name.
    """
    folded = words.normalise(text)
    signed = _LATIN.sub(_sign, folded)
    return _nothing().sub("", signed) or _LETTERLESS.sub("", folded)


def numbered(text: str) -> str:
    """The text with the numerals of roads, houses and stages as figures: 十二号路 is 12号路."""
    return _NUMERAL.sub(_figure, text)


def runs(text: str) -> frozenset[str]:
    """The runs of three characters of what a text says: two texts are compared by them."""
    said = bare(numbered(text))
    return _grams(said) if said else frozenset()


def common(first: frozenset[str], second: frozenset[str]) -> float:
    """How much of the runs two texts share, 0 to 1; the same both ways.

    The share of the shorter text's runs that stand in the other, so that a cut, moved or quoted
    letter is found; equal texts have 1, a scrap counts for less.
    """
    if not first or not second:
        return 0.0
    both = len(first & second)
    contained = both / max(min(len(first), len(second)), int(rules()["few"]))
    return round(max(contained, both / len(first | second)), 4)


def resemblance(one: str, other: str) -> float:
    """How much of their wording two texts share, 0 to 1."""
    return common(runs(one), runs(other))


def shared(one: str, other: str, most: int = 3) -> tuple[str, ...]:
    """The longest phrases that stand in both texts, longest first: the reason of a likeness."""
    where, text = words.normalise(one), words.normalise(other)
    met = _grams(where)
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


def _grams(plain: str) -> frozenset[str]:
    return frozenset(plain[i : i + _GRAM] for i in range(max(len(plain) - _GRAM + 1, 1)))


def _figure(numeral: re.Match[str]) -> str:
    tens, ten, ones = numeral[0].rpartition("十")
    read = [str(max(_NUMERALS.find(char), 0)) for char in ones]
    if not ten:
        return "".join(read)
    return f"{_NUMERALS.find(tens) if tens else 1}{''.join(read) or 0}"


@cache
def _nothing() -> re.Pattern[str]:
    return re.compile(rf"[\W\d_{re.escape(rules()['glue'])}]+")


def _sign(run: re.Match[str]) -> str:
    return chr(_FIRST_SIGN + zlib.crc32("".join(_LETTERS.findall(run[0])).encode()) % _SIGNS)
