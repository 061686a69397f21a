"""Ordered rules to a section, and which rule hit."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """One row of the dispatch catalogue (派单目录): a topic, words that narrow it, a section."""

    number: str
    topic: str
    section: str
    duty: str
    words: tuple[str, ...] = ()
    co_sections: tuple[str, ...] = ()
    version: int = 1


@dataclass(frozen=True, slots=True)
class Route:
    """The section that a catalogue row names, and the words that made the row hit."""

    row: CatalogueRow
    hits: tuple[str, ...]


def route(rows: Sequence[CatalogueRow], topic: str, text: str) -> Route | None:
    """The first row of the topic whose words stand in the text; a row without words always hits.

    A second-level topic ("funds.arrears") falls back to the rows of its first level.
    """
    for wanted in dict.fromkeys((topic, topic.split(".", 1)[0])):
        default: Route | None = None
        for row in rows:
            if row.topic != wanted and row.topic.split(".", 1)[0] != wanted:
                continue
            if not row.words:
                if row.topic == wanted and default is None:
                    default = Route(row, ())
                continue
            hits = tuple(word for word in row.words if word in text)
            if hits:
                return Route(row, hits)
        if default:
            return default
    return None
