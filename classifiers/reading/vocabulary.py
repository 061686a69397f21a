"""The numbers of words, found for all words of many texts at once."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from classifiers.prepared import Ints

Hashes = npt.NDArray[np.uint64]

# Odd numbers with their bits well spread (splitmix64): the base of a word's hash, and its slots'.
_BASE = 0xD1342543DE82EF95
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_ROOM = 4  # slots for each word: most are found at the first look


class Vocabulary:
    """Words and their numbers. A word is known by a hash of its characters, 64 bits long.

    To ask a dictionary for each word of a text takes twice as long as all of this.
    """

    def __init__(self, words: Sequence[str]) -> None:
        """The words are numbered as they come; each is there once."""
        lengths = np.fromiter(map(len, words), np.int64, len(words))
        ends = np.cumsum(lengths)
        codes = np.frombuffer("".join(words).encode("utf-32-le"), dtype=np.uint32)
        hashes = hashed(codes, ends - lengths, ends, np.repeat(ends - lengths, lengths))
        slots = 1 << max(_ROOM * len(words), 2).bit_length()
        self._shift, self._last = np.uint64(65 - slots.bit_length()), slots - 1
        self._hashes = np.zeros(slots, dtype=np.uint64)
        self._numbers = np.full(slots, -1, dtype=np.int32)
        self._fill(hashes)

    def _fill(self, hashes: Hashes) -> None:
        left, slot = np.arange(len(hashes)), self._slots(hashes)
        while len(left):
            free = np.flatnonzero(self._numbers[slot] < 0)
            taken, first = np.unique(slot[free], return_index=True)
            placed = free[first]
            self._hashes[taken], self._numbers[taken] = hashes[left[placed]], left[placed]
            left = np.delete(left, placed)
            slot = np.delete(slot, placed) + 1 & self._last

    def _slots(self, hashes: Hashes) -> Ints:
        return ((hashes * _SPREAD) >> self._shift).astype(np.int64)

    def numbers(self, hashes: Hashes) -> Ints:
        """The number of the word with each of these hashes; -1 where there is none."""
        slot = self._slots(hashes)
        found = self._numbers[slot].astype(np.int64)
        left = np.flatnonzero((self._hashes[slot] != hashes) & (found >= 0))
        slot = slot[left]
        while len(left):
            slot = slot + 1 & self._last
            number = self._numbers[slot]
            found[left] = number
            more = np.flatnonzero((self._hashes[slot] != hashes[left]) & (number >= 0))
            left, slot = left[more], slot[more]
        return found


def hashed(codes: npt.NDArray[np.uint32], starts: Ints, ends: Ints, origin: Ints) -> Hashes:
    """A hash of each run of characters from its start to its end.

    `origin` says for each character where its text begins: places count from there, so that they
    stay small.
    """
    places = np.arange(len(codes)) - origin
    powers, inverses = _powers(int(places.max(initial=0)) + 1)
    sums = np.zeros(len(codes) + 1, dtype=np.uint64)
    np.cumsum(codes * powers[places], out=sums[1:])
    # What went before falls away, and so does where in the text the run stands.
    runs: Hashes = (sums[ends] - sums[starts]) * inverses[places[starts]]
    return runs


_known: tuple[Hashes, Hashes] = (np.ones(1, dtype=np.uint64), np.ones(1, dtype=np.uint64))


def _powers(many: int) -> tuple[Hashes, Hashes]:
    """The powers of the base, and what takes each of them back, modulo 2 ** 64."""
    global _known
    known = _known  # another thread may put longer or shorter ones there
    if len(known[0]) < many:
        bases = _BASE, pow(_BASE, -1, 1 << 64)
        room = 1 << many.bit_length()
        power, inverse = (np.full(room, base, dtype=np.uint64) for base in bases)
        power[0] = inverse[0] = 1
        _known = known = np.multiply.accumulate(power), np.multiply.accumulate(inverse)
    return known
