"""Words and patterns of the rules about letters, found where nothing denies them."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from classifiers import words

_CLAUSE_ENDS = re.compile(r"[，。！？；,!?;\n\r]")


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a text that a rule points at; positions in the text as given."""

    kind: str
    start: int
    end: int
    text: str

    def as_json(self) -> dict[str, Any]:
        """The mark as plain JSON values."""
        return {"kind": self.kind, "start": self.start, "end": self.end, "text": self.text}


@cache
def book() -> Mapping[str, Any]:
    """The shipped rules about letters."""
    path = words.shipped_data() / "rulebook" / "letters.toml"
    return tomllib.loads(path.read_text("utf-8"))


def pattern(listed: Iterable[str], shaped: str = "") -> re.Pattern[str]:
    """One pattern for words and a shape, the longest word first."""
    parts = [re.escape(word) for word in sorted(listed, key=len, reverse=True)]
    return re.compile("|".join([*([shaped] if shaped else []), *parts]) or "(?!)")


def met(found: re.Pattern[str], text: str, kind: str) -> Iterator[Mark]:
    """Every hit that no negation of its own clause reaches."""
    for hit in found.finditer(text):
        if not denied(text, hit.start()):
            yield Mark(kind, hit.start(), hit.end(), hit.group())


def denied(text: str, start: int) -> bool:
    """Whether a negation stands close before this place, in the same clause."""
    reach = int(book()["reach"])
    before = _CLAUSE_ENDS.split(text[max(0, start - reach) : start])[-1]
    return bool(_negated().search(_affirmed().sub("", before)))


@cache
def _negated() -> re.Pattern[str]:
    return pattern(book()["negations"])


@cache
def _affirmed() -> re.Pattern[str]:
    return pattern(book()["not_negations"])
