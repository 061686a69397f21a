"""Messages with their vocabulary, reckoned once for all labels and all folds."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from classifiers.features import Features
from classifiers.prepared import Prepared
from classifiers.reading.rows import Counted, Rows
from classifiers.teaching.knowledge import NOTHING, Knowledge


@dataclass(frozen=True)
class Study:
    """Decided messages, whatever their labels, with all that is known beside them."""

    prepared: Prepared
    beside: Knowledge = NOTHING

    def __len__(self) -> int:
        return len(self.prepared)

    @cached_property
    def features(self) -> Features:
        """The vocabulary of all messages."""
        return self.known_from(range(len(self)))

    def known_from(self, rows: Sequence[int]) -> Features:
        """The vocabulary as if only some of the messages were known: the others tell nothing."""
        seen = self.counted.pick(rows).seen(self._named.size)
        beside = self.beside
        return self._named.rated(seen, len(rows), beside.taught, beside.background)

    def rows(self, features: Features, rows: Sequence[int]) -> Rows:
        """The sparse rows of some of the messages."""
        return features.weighed(self.counted.pick(rows))

    @cached_property
    def counted(self) -> Counted:
        """What stands in each message, and how often."""
        parts = [self._named.count(batch) for batch in self.prepared.batches()]
        lengths = np.concatenate([np.diff(part.starts) for part in parts])
        return Counted(
            np.concatenate([part.times for part in parts]),
            np.concatenate([part.features for part in parts]),
            np.repeat(np.arange(len(lengths)), lengths),
            np.concatenate([[0], np.cumsum(lengths)]),
        )

    @cached_property
    def _named(self) -> Features:
        return Features.named(self.prepared, self.beside.taught)
