"""What a model sees of texts, as sparse rows: how often each feature stands there, its weight."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from classifiers.prepared import Floats, Ints, runs


@dataclass(frozen=True)
class Counted:
    """How often features stand in texts; each feature once a text.

    A text's features begin at its place in `starts`.
    """

    times: Ints
    features: Ints
    texts: Ints
    starts: Ints

    def pick(self, rows: Sequence[int]) -> "Counted":
        """Some of the texts, in the order asked for."""
        at, texts, starts = _picked(self.starts, rows)
        return Counted(self.times[at], self.features[at], texts, starts)

    def seen(self, size: int) -> Ints:
        """In how many of the texts each of so many features stands."""
        return np.bincount(self.features, minlength=size)


@dataclass(frozen=True)
class Rows(Counted):
    """The same with the weight of each; a text's features come block by block.

    A block is one kind of features of one part; `blocks` says where each begins, of shape
    (texts * blocks + 1). `kept` is what one model has reckoned from them and the next of the same
    vocabulary needs.
    """

    weights: Floats
    blocks: Ints
    kept: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def pick(self, rows: Sequence[int]) -> "Rows":
        """Some of the texts, in the order asked for."""
        at, texts, starts = _picked(self.starts, rows)
        many = self._blocks_a_text
        chosen = (np.asarray(rows, np.int64)[:, np.newaxis] * many + np.arange(many)).ravel()
        blocks = np.concatenate([[0], np.cumsum(np.diff(self.blocks)[chosen])])
        kept = {}
        if "product" in self.kept:
            weights, product = self.kept["product"]
            kept["product"] = weights, product[np.asarray(rows)]
        return Rows(
            self.times[at], self.features[at], texts, starts,
            weights=self.weights[at], blocks=blocks, kept=kept,
        )  # fmt: skip

    @property
    def _blocks_a_text(self) -> int:
        return (len(self.blocks) - 1) // max(len(self.starts) - 1, 1)

    def product(self, weights: Floats, lines: Ints | None = None) -> Any:
        """The product with weights of shape (features, labels): shape (texts, blocks, labels).

        `lines` says in which line of the weights each feature has its own, where not in its own.

        Models that hold their weights in one array ask for it one after the other: the last
        product is kept.
        """
        asked, product = self.kept.get("product", (None, None))
        if asked is not weights:
            texts = len(self.starts) - 1
            lines = self.features if lines is None else lines
            product = (
                self._alone(weights, lines)
                if texts == 1
                else self._matrix(self.blocks, len(weights), lines) @ weights
            ).reshape(texts, self._blocks_a_text, weights.shape[1])
            self.kept["product"] = weights, product
        return product

    def _alone(self, weights: Floats, lines: Ints) -> Any:
        # One text alone: a sparse matrix would cost more to build than to use.
        every = weights[lines]
        every *= self.weights[:, np.newaxis]
        filled = np.flatnonzero(np.diff(self.blocks))
        product = np.zeros((len(self.blocks) - 1, weights.shape[1]), dtype=weights.dtype)
        if len(filled):
            product[filled] = np.add.reduceat(every, self.blocks[filled])
        return product

    def matrix(self, width: int) -> Any:
        """The rows as a scipy matrix, one line a text."""
        return self._matrix(self.starts, width, self.features)

    def _matrix(self, starts: Ints, width: int, lines: Ints) -> Any:
        from scipy.sparse import csr_matrix

        shape = (len(starts) - 1, width)
        return csr_matrix((self.weights, lines, starts), shape=shape)


def _picked(starts: Ints, rows: Sequence[int]) -> tuple[Ints, Ints, Ints]:
    """The places of what some texts hold, to which of them each belongs, where each begins."""
    chosen = np.asarray(rows, dtype=np.int64)
    lengths = np.diff(starts)[chosen]
    texts = np.repeat(np.arange(len(chosen)), lengths)
    return runs(starts[chosen], lengths), texts, np.concatenate([[0], np.cumsum(lengths)])
