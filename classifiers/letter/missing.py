"""Which facts a letter does not tell: who, where, what, since when, how to reach the writer."""

import re
from dataclasses import dataclass
from functools import cache

from classifiers.letter import marks


@dataclass(frozen=True, slots=True)
class Lack:
    """A fact that is not there, and the question that would bring it."""

    code: str
    label: str
    ask: str
    idle: frozenset[str]


def lacking(text: str, request_type: str = "") -> tuple[Lack, ...]:
    """The facts that no word of the text tells, in the order of the rules; all of an empty one.

    Where the request type is known, facts that its answer can do without are not missed.
    """
    return tuple(
        lack for lack, told in _facts() if request_type not in lack.idle and not told.search(text)
    )


@cache
def _facts() -> tuple[tuple[Lack, re.Pattern[str]], ...]:
    return tuple(
        (
            Lack(fact["code"], fact["label"], fact["ask"], frozenset(fact.get("idle", ()))),
            marks.pattern(fact["words"], fact.get("pattern", "")),
        )
        for fact in marks.book()["fact"]
    )
