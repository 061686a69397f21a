"""Texts as sparse rows of weighted words and characters; what a trained model reads."""

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from classifiers import words
from classifiers.prepared import Floats, Ints, Prepared
from classifiers.reading.rows import Counted, Rows
from classifiers.reading.vocabulary import Vocabulary, hashed

if TYPE_CHECKING:
    from classifiers.teaching.background import Background

MOST_CHARACTERS = 3000
MOST_PAIRS = 30_000
KINDS = 3  # words, characters, pairs
# Of the whole text, its title, its ending. A title says in ten words what the text says in a
# hundred, and at its end a letter says what it wants: their words count once more.
PART_WEIGHTS = np.array([1.0, 0.5, 0.5])
PARTS = len(PART_WEIGHTS)
BLOCKS = PARTS * KINDS


@dataclass(frozen=True)
class Features:
    """The vocabulary of a training set: words, single characters, pairs of characters.

    Features number all of these for the whole text, then all once more for the title, and again
    for the ending. `idf` is 0 where no training text (no title, no ending) held the feature.
    """

    words: list[str]
    characters: npt.NDArray[np.uint32]
    pairs: Ints
    idf: Floats

    @classmethod
    def named(cls, prepared: Prepared, hints: Prepared | None = None) -> "Features":
        """What there is to be seen in these messages, not yet how rare it is.

        Hints bring their words along; the same texts give the same vocabulary in every process.
        """
        taught = hints or Prepared([], [], [], [])
        every = [*prepared.tokens, *taught.tokens]
        of_words = {word for found in every for word in found if _tells(word)}
        of_chars = Counter(char for text in [*prepared.texts, *taught.texts] for char in set(text))
        alphabet = sorted(_most({c: n for c, n in of_chars.items() if _tells(c)}, MOST_CHARACTERS))
        place = {char: number for number, char in enumerate(alphabet, start=1)}
        of_pairs: Counter[str] = Counter()
        for text in prepared.texts:
            met = set(pairwise(text))
            of_pairs.update({a + b for a, b in met if a in place and b in place})
        for text in taught.texts:
            told = {a + b for a, b in pairwise(text) if a in place and b in place}
            of_pairs.update(dict.fromkeys(told, 2))  # told on purpose: once is enough
        kept = sorted(_most({pair: n for pair, n in of_pairs.items() if n > 1}, MOST_PAIRS))
        width = len(alphabet) + 1
        return cls(
            sorted(of_words),
            np.array([ord(char) for char in alphabet], dtype=np.uint32),
            np.array([place[pair[0]] * width + place[pair[1]] for pair in kept], dtype=np.int64),
            np.ones(PARTS * (len(of_words) + len(alphabet) + len(kept)), dtype=np.float32),
        )

    def rated(
        self,
        seen: Ints,
        total: int,
        hints: Prepared | None = None,
        background: "Background | None" = None,
    ) -> "Features":
        """The same vocabulary with the rarity that `total` messages tell, each feature in `seen`.

        What neither a message nor a hint holds counts for nothing.
        """
        known = seen > 0
        if hints is not None and len(hints):
            known[self.count(hints).features] = True
        if background:
            seen = seen + background.counts([self.words, *self._names])
            total += background.messages
        idf = np.where(known, np.log((1 + total) / (1 + seen)) + 1, 0)
        return replace(self, idf=idf.astype(np.float32))

    @property
    def size(self) -> int:
        """How many features there are, of all parts together."""
        return len(self.idf)

    @property
    def width(self) -> int:
        """How many features each part has."""
        return len(self.idf) // PARTS

    @cached_property
    def digest(self) -> str:
        """Two vocabularies with the same digest read a text alike."""
        digest = hashlib.sha256("\n".join(self.words).encode())
        for part in (self.characters, self.pairs, self.idf):
            digest.update(part.tobytes())
        return digest.hexdigest()

    def kind_of(self, features: Ints) -> Ints:
        """0 for words, 1 for characters, 2 for pairs (of features numbered within their part)."""
        first = len(self.words), len(self.words) + len(self.characters)
        return np.add(features >= first[0], features >= first[1], dtype=np.int64)

    @property
    def _names(self) -> tuple[str, list[str]]:
        """The characters and the pairs, as they are written."""
        alphabet = "".join(map(chr, self.characters.tolist()))
        width = len(alphabet) + 1
        codes = self.pairs.tolist()
        return alphabet, [alphabet[one // width - 1] + alphabet[one % width - 1] for one in codes]

    @cached_property
    def parts(self) -> tuple[Ints, Ints, Ints]:
        """Of each word where its own features begin, these features, and how often it holds each.

        The first is the word itself; its characters and pairs follow.
        """
        first = len(self.words), len(self.words) + len(self.characters)
        characters, pairs = ({name: at for at, name in enumerate(kind)} for kind in self._names)
        starts = [0]
        found: list[int] = []
        often: list[int] = []
        for number, word in enumerate(self.words):
            met = {number: 1}
            for char in word:
                if char in characters:
                    at = first[0] + characters[char]
                    met[at] = met.get(at, 0) + 1
            for pair in map("".join, pairwise(word)):
                if pair in pairs:
                    at = first[1] + pairs[pair]
                    met[at] = met.get(at, 0) + 1
            found += met.keys()
            often += met.values()
            starts.append(len(found))
        return np.array(starts), np.array(found, dtype=np.int64), np.array(often, dtype=np.int64)

    @cached_property
    def telling(self) -> npt.NDArray[np.bool_]:
        """Which features may be shown to a person as a reason: real words, no filler."""
        common = words.cutter().common
        shown = [len(word) > 1 and word not in common for word in self.words]
        part = np.zeros(self.width, dtype=bool)
        part[: len(shown)] = shown
        return np.tile(part, PARTS)

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary(self.words)

    @cached_property
    def _character_of_code(self) -> npt.NDArray[np.int16]:
        table = np.zeros(0x110000, dtype=np.int16)
        table[self.characters] = np.arange(1, len(self.characters) + 1)
        return table

    @cached_property
    def _pair_of_characters(self) -> npt.NDArray[np.int16]:
        # A dense square is the fastest look-up by far: one read a pair, at most 18 MB.
        width = len(self.characters) + 1
        table = np.full(width * width, -1, dtype=np.int16)
        table[self.pairs] = np.arange(len(self.pairs))
        return table

    def _keys(self, prepared: Prepared) -> Ints:
        """One sorted number for each thing found: text * size + feature."""
        rows, starts, ends = prepared.spans_of_tokens
        origin = prepared.bounds[0][prepared.places_of_codes[0]]
        found = self._vocabulary.numbers(hashed(prepared.codes, starts, ends, origin))
        characters = self._character_of_code[prepared.codes].astype(np.int64)
        width, first = len(self.characters) + 1, len(self.words)
        pairs = self._pair_of_characters[characters[:-1] * width + characters[1:]]
        texts, titles, endings = prepared.places_of_codes
        # A pair is in the title if its second character is; the break at its end makes none.
        of_pairs = texts[:-1], titles - 1, endings[endings < len(pairs)]
        keys = []
        for features, base, (rows, heads, tails) in (
            (found, 0, prepared.places_of_tokens),
            (characters - 1, first, prepared.places_of_codes),
            (pairs, first + width - 1, of_pairs),
        ):
            numbers = rows * self.size
            numbers += features
            numbers += base
            known = features >= 0
            keys += [
                numbers[known],
                numbers[heads[known[heads]]] + self.width,
                numbers[tails[known[tails]]] + 2 * self.width,
            ]
        whole = np.concatenate(keys)
        if len(prepared) * self.size < 2**31:
            whole = whole.astype(np.int32)  # sorts in half the time
        whole.sort()
        return whole.astype(np.int64)

    def count(self, prepared: Prepared) -> Counted:
        """What of this vocabulary stands in messages, and how often."""
        keys = self._keys(prepared)
        fresh = np.flatnonzero(np.diff(keys, prepend=-1))
        times = np.diff(fresh, append=len(keys))
        texts, features = parted(keys[fresh], max(self.size, 1))
        starts = np.searchsorted(texts, np.arange(len(prepared) + 1))
        return Counted(times, features, texts, starts)

    def rows(self, prepared: Prepared) -> Rows:
        """TF-IDF (1 + log tf); words, characters, pairs of each part are each of one length."""
        return self.weighed(self.count(prepared))

    def weighed(self, counted: Counted) -> Rows:
        """The rows of messages counted already."""
        weights = (1 + np.log(counted.times)) * self.idf[counted.features]
        part, within = parted(counted.features, max(self.width, 1))
        block = counted.texts * BLOCKS + part * KINDS + self.kind_of(within)
        starts = np.searchsorted(block, np.arange((len(counted.starts) - 1) * BLOCKS + 1))
        length = np.sqrt(np.bincount(block, weights * weights))
        scale = PART_WEIGHTS[part] / np.maximum(length, 1e-12)[block]
        weighed = (weights * scale).astype(np.float32)
        return Rows(
            counted.times, counted.features, counted.texts, counted.starts,
            weights=weighed, blocks=starts,
        )  # fmt: skip


def parted(numbers: Ints, by: int) -> tuple[Ints, Ints]:
    """What `np.divmod` gives for numbers from zero on, in a third of its time."""
    whole = numbers // by
    return whole, numbers - whole * by


def _tells(word: str) -> bool:
    # Figures are a case's own; of all punctuation only asking and crying out say something.
    return (word.isalnum() and not word.isdigit()) or word in ("?", "!")


def _most(counted: dict[str, int], limit: int) -> list[str]:
    # Equal counts are ordered by the text itself, so that a run can be repeated.
    return sorted(counted, key=lambda item: (-counted[item], item))[:limit]
