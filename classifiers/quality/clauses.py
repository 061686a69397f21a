"""Sentences and clauses of a text with their places, and what a clause is worth."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from classifiers import words

_SENTENCE = re.compile(r"[^。!?;\n]+[。!?;\n]*")
_CLAUSE = re.compile(r"[^,:、\s]+(?:、[^,:、\s]+)*")
_WORD = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]")
_TELLING = re.compile(r"[\u4e00-\u9fff]{2,}|\d+路")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text and where it stands."""

    start: int
    end: int
    text: str

    @property
    def weight(self) -> int:
        """How many characters that say something."""
        return len(_WORD.findall(self.text))


def sentences(text: str) -> list[Span]:
    """The sentences of a text made plain, without the white space around them."""
    return list(_spans(_SENTENCE, text, 0))


def clauses(sentence: Span) -> list[Span]:
    """The clauses of a sentence, cut at commas and colons."""
    return list(_spans(_CLAUSE, sentence.text, sentence.start))


def telling(text: str, idle: frozenset[str]) -> set[str]:
    """The words of a text that tell of its matter."""
    return {word for word in words.cut(text) if _TELLING.fullmatch(word) and word not in idle}


def _spans(pattern: re.Pattern[str], text: str, offset: int) -> Iterator[Span]:
    for match in pattern.finditer(text):
        inner = match[0].strip()
        if inner:
            start = offset + match.start() + match[0].index(inner)
            yield Span(start, start + len(inner), inner)
