"""Messages cut once for all models: their words, and where title, text and ending stand."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
import numpy.typing as npt

from classifiers import words

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
# To which text each thing belongs; the places of those in a title, of those in an ending.
Places = tuple[Ints, Ints, Ints]

BATCH = 500
_BREAK = "\n"  # ends each text, so that no pair reaches from one into the next
# What a letter wants, it says in its last two clauses; longer ones are no ending.
_CLAUSE_ENDS = re.compile(r"[。!?;,、 ]+")
_ENDING_CLAUSES, _LONGEST_ENDING = 2, 100


@dataclass(frozen=True)
class Prepared:
    """Messages normalised and cut once, so that several models can read them.

    A text begins with its title, `titles` characters long (0 where there is none), and closes
    with its last clauses, `endings` characters long.
    """

    texts: list[str]
    titles: list[int]
    endings: list[int]
    tokens: list[list[str]]

    def __len__(self) -> int:
        return len(self.texts)

    def batches(self) -> Iterator["Prepared"]:
        """All messages, some hundreds at a time: memory does not grow with their number."""
        for first in range(0, len(self), BATCH):
            yield self.pick(range(first, min(first + BATCH, len(self))))

    def pick(self, rows: Iterable[int]) -> "Prepared":
        """Some of the messages, in the order asked for."""
        chosen = list(rows)
        return Prepared(
            [self.texts[row] for row in chosen],
            [self.titles[row] for row in chosen],
            [self.endings[row] for row in chosen],
            [self.tokens[row] for row in chosen],
        )

    @cached_property
    def codes(self) -> npt.NDArray[np.uint32]:
        """All characters of all texts, each text followed by a break."""
        joined = "".join([text + _BREAK for text in self.texts])
        return np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32)

    @cached_property
    def bounds(self) -> tuple[Ints, Ints]:
        """Where each text begins among the codes, and where its break stands."""
        lengths = np.fromiter(map(len, self.texts), np.int64, len(self))
        ends = np.cumsum(lengths + 1) - 1
        return ends - lengths, ends

    @cached_property
    def places_of_codes(self) -> Places:
        """Where each character stands; the break after a text belongs to its ending."""
        begins, breaks = self.bounds
        titles, endings = np.array(self.titles, np.int64), np.array(self.endings, np.int64)
        rows = np.repeat(np.arange(len(self)), breaks + 1 - begins)
        return rows, runs(begins, titles), runs(breaks - endings, endings + 1)

    @cached_property
    def spans_of_tokens(self) -> tuple[Ints, Ints, Ints]:
        """To which text each word belongs, where among the codes it begins and where it ends."""
        lengths = np.fromiter(map(len, chain.from_iterable(self.tokens)), np.int64)
        counts = np.fromiter(map(len, self.tokens), np.int64, len(self))
        rows = np.repeat(np.arange(len(self)), counts)
        # Words together are their text; after each text comes its break.
        ends = np.cumsum(lengths) + rows
        return rows, ends - lengths, ends

    @cached_property
    def places_of_tokens(self) -> Places:
        """Where each word stands; one that only reaches into a title or an ending is in none."""
        rows, starts, ends = self.spans_of_tokens
        begins, breaks = self.bounds
        titles, endings = begins + self.titles, breaks - self.endings
        return rows, np.flatnonzero(ends <= titles[rows]), np.flatnonzero(starts >= endings[rows])


def runs(first: Ints, counts: Ints) -> Ints:
    """The numbers from each first one on, so many of them, one run after the other."""
    ends = np.cumsum(counts)
    return np.arange(ends[-1] if len(ends) else 0) + np.repeat(first - ends + counts, counts)


def prepare(messages: Sequence[str], cut: Callable[[str], list[str]] | None = None) -> Prepared:
    """Normalise and cut each message (title and text joined by a line break) once."""
    cut = cut or words.cutter().cut
    texts: list[str] = []
    titles: list[int] = []
    endings: list[int] = []
    for message in messages:
        head, _, rest = message.partition("\n")
        title, body = words.normalise(head), words.normalise(rest)
        texts.append(f"{title} {body}" if title and body else title or body)
        titles.append(len(title) if body else 0)
        endings.append(_ending(body or title))
    return Prepared(texts, titles, endings, [cut(text) for text in texts])


def _ending(text: str) -> int:
    """How many characters the last clauses of a normalised text have."""
    tail = text[-_LONGEST_ENDING:]
    said = len(tail.rstrip("。!?;,、 "))
    ends = [found.end() for found in _CLAUSE_ENDS.finditer(tail, 0, said)]
    return len(tail) - (ends[-_ENDING_CLAUSES] if len(ends) >= _ENDING_CLAUSES else 0)
