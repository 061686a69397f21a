"""What an office goes by when it reads a text: its words, its dispatch catalogue, its topics."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from classifiers import Words
from classifiers.reading.triggers import Triggers
from monitor.domain.dispatch import CatalogueRow
from monitor.domain.vocabulary import first_level


@dataclass(frozen=True)
class Guide:
    """What an office goes by when it reads a text; little enough to go to another process."""

    words: Words
    catalogue: tuple[CatalogueRow, ...]
    # The codes of the topic tree.
    topics: frozenset[str] = frozenset()

    @cached_property
    def sections(self) -> frozenset[str]:
        """The sections that the dispatch catalogue names first in a row."""
        return frozenset(row.section for row in self.catalogue)

    @cached_property
    def _words_sought(self) -> tuple[Triggers, set[str]]:
        words = {word for row in self.catalogue for word in row.words}
        short = {word for word in words if len(word) < 2}
        return Triggers(words - short), short

    def present(self, texts: Sequence[str]) -> list[set[str]]:
        """The words of the dispatch catalogue that stand in each text."""
        triggers, short = self._words_sought
        found = triggers.present(texts)
        return [
            found.get(place, set()) | {word for word in short if word in text}
            for place, text in enumerate(texts)
        ]

    def rows_of(self, topic: str) -> tuple[CatalogueRow, ...]:
        """The rows of the dispatch catalogue below a topic's first level, in their order."""
        return self._rows_by_topic.get(first_level(topic), ())

    @cached_property
    def _rows_by_topic(self) -> Mapping[str, tuple[CatalogueRow, ...]]:
        grouped: dict[str, list[CatalogueRow]] = {}
        for row in self.catalogue:
            grouped.setdefault(first_level(row.topic), []).append(row)
        return {topic: tuple(rows) for topic, rows in grouped.items()}
