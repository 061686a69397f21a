"""How often words stand in messages at all: what stands in every letter tells nothing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

import numpy as np

from classifiers.features import Ints, Prepared


@dataclass
class Background:
    """In how many messages words, characters and pairs stand: in the whole text, in the title."""

    messages: int = 0
    kinds: tuple[tuple[Counter[str], Counter[str]], ...] = field(
        default_factory=lambda: tuple((Counter(), Counter()) for _ in range(3))
    )

    def count(self, prepared: Prepared) -> None:
        """Count these messages in."""
        self.messages += len(prepared)
        for text, title, tokens in zip(
            prepared.texts, prepared.titles, prepared.tokens, strict=True
        ):
            ends = accumulate(map(len, tokens))
            head = {token for token, end in zip(tokens, ends, strict=True) if end <= title}
            pairs = map("".join, pairwise(text)), map("".join, pairwise(text[:title]))
            parts = (set(tokens), head), (set(text), set(text[:title])), tuple(map(set, pairs))
            for (whole, first), (here, above) in zip(self.kinds, parts, strict=True):
                whole.update(here)
                first.update(above)

    def counts(self, names: Sequence[Sequence[str]]) -> Ints:
        """The counts of these words, characters and pairs: the whole text's, then the title's."""
        return np.array(
            [
                kind[part][name]
                for part in range(2)
                for kind, known in zip(self.kinds, names, strict=True)
                for name in known
            ],
            dtype=np.int64,
        )
