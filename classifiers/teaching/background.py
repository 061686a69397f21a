"""How often words stand in messages at all: what stands in every letter tells nothing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

import numpy as np

from classifiers.prepared import Ints, Prepared


@dataclass
class Background:
    """In how many messages words, characters and pairs stand: in the whole, title, ending."""

    messages: int = 0
    kinds: tuple[tuple[Counter[str], ...], ...] = field(
        default_factory=lambda: tuple(tuple(Counter() for _ in range(3)) for _ in range(3))
    )

    def count(self, prepared: Prepared) -> None:
        """Count these messages in."""
        self.messages += len(prepared)
        for text, title, ending, tokens in zip(
            prepared.texts, prepared.titles, prepared.endings, prepared.tokens, strict=True
        ):
            ends = list(accumulate(map(len, tokens)))
            close = len(text) - ending
            head = {token for token, end in zip(tokens, ends, strict=True) if end <= title}
            tail = {
                token for token, end in zip(tokens, ends, strict=True) if end - len(token) >= close
            }
            pieces = text, text[:title], text[close:]
            parts = (
                ({*tokens}, head, tail),
                tuple(map(set, pieces)),
                tuple({"".join(pair) for pair in pairwise(piece)} for piece in pieces),
            )
            for kind, found in zip(self.kinds, parts, strict=True):
                for counter, once in zip(kind, found, strict=True):
                    counter.update(once)

    def counts(self, names: Sequence[Sequence[str]]) -> Ints:
        """The counts of these words, characters and pairs: of the whole, the title, the ending."""
        return np.array(
            [
                kind[part][name]
                for part in range(3)
                for kind, known in zip(self.kinds, names, strict=True)
                for name in known
            ],
            dtype=np.int64,
        )
