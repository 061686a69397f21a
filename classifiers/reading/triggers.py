"""Which of some words stand in texts, looked for in many texts and for all words at once."""

from collections.abc import Iterable, Sequence

import numpy as np

_SPREAD = np.uint32(0x9E3779B1)
_BITS = 16  # so few of all pairs of characters begin a word that a small table tells them apart


class Triggers:
    """Words of at least two characters; where one may begin, its first two tell."""

    def __init__(self, words: Iterable[str]) -> None:
        """ValueError for a word of a single character: nearly every text would hold it."""
        self._starting: dict[str, set[str]] = {}
        for word in words:
            if len(word) < 2:
                raise ValueError(f"A trigger has at least two characters: {word!r}")
            self._starting.setdefault(word[:2], set()).add(word)
        self._begin = np.zeros(1 << _BITS, dtype=bool)
        if self._starting:
            self._begin[_places("".join(self._starting))[::2]] = True

    def present(self, texts: Sequence[str]) -> dict[int, set[str]]:
        """The words that stand in texts, by the text's place; one that holds none is left out."""
        joined = "\n".join(texts)
        likely = np.flatnonzero(self._begin[_places(joined)])
        ends = np.cumsum([len(text) + 1 for text in texts])
        found: dict[int, set[str]] = {}
        for at, place in zip(
            likely.tolist(), np.searchsorted(ends, likely, "right").tolist(), strict=True
        ):
            for word in self._starting.get(joined[at : at + 2], ()):
                if joined.startswith(word, at):
                    found.setdefault(place, set()).add(word)
        return found


def _places(text: str) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
    """For each pair of neighbours in a text its place in the table."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    pairs = codes[:-1] * np.uint32(31)
    pairs ^= codes[1:]
    pairs *= _SPREAD
    pairs >>= np.uint32(32 - _BITS)
    return pairs
