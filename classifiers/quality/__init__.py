"""What an answer still lacks before review: points, basis, promises, facts, form; the way in."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from classifiers.quality import basis, days, evasion, facts, manners, points
from classifiers.quality.fault import ANSWER, LETTER, Fault, Kind, Part, Quality, scored
from classifiers.quality.wording import Wordings, plain
from classifiers.words import shipped_data

__all__ = [
    "ANSWER",
    "LETTER",
    "Checker",
    "Fault",
    "Kind",
    "Part",
    "Quality",
    "of",
    "plain",
    "shipped",
]

Rows = Sequence[Mapping[str, Any]]


class Checker:
    """The checks of one office: its kinds with their weights, its wordings, its list of rules."""

    def __init__(self, book: Mapping[str, Any], citations: Rows) -> None:
        """Take over the rulebook; a missing table is a KeyError that names it."""
        self.book = book
        self.version = f"quality-{book['version']}"
        self.kinds = {
            row["code"]: Kind(
                row["code"], row["label"], row["level"], int(row["weight"]), int(row["most"]),
                row["says"], row.get("group", ""),
            )
            for row in book["kind"]
        }  # fmt: skip
        self._says = Wordings(book, _book())
        self._known = basis.listed(citations)

    def check(self, title: str, text: str, answer: str) -> Quality:
        """What is to be looked at in an answer to a letter; nothing where there is no answer."""
        if not answer.strip():
            return Quality((), {}, self.points(text), 0, (), self.version)
        letter, reply = plain(f"{title}\n{text}"), plain(answer)
        offset = len(title) + 1
        asked = points.points(letter[offset:], self._says)
        missed = points.untouched(asked, plain(title), letter, reply, self._says)
        faults = [Fault("point", LETTER, one.start, one.end, one.text) for one in missed]
        wrong, cited = basis.judge(reply, self._known, self._says)
        careless, promised = manners.judge(reply, self._says)
        faults += wrong + facts.contradictions(plain(title), letter, reply, self._says)
        hollow = self._hollow(reply, letter)
        faults += hollow or careless
        faults += days.impossible(reply) + manners.rude(reply, self._says)
        faults += manners.form(reply, self._says)
        known = tuple(fault for fault in faults if fault.kind in self.kinds)
        score, parts = scored(known, self.kinds)
        fine = {"basis": cited, "promise": promised}
        spans = tuple((one.start, one.end) for one in asked)
        return Quality(known, fine, spans, score, parts, self.version)

    def points(self, text: str) -> tuple[tuple[int, int], ...]:
        """Where a letter asks for something."""
        return tuple((one.start, one.end) for one in points.points(plain(text), self._says))

    def evasive(self, title: str, text: str, answer: str) -> bool:
        """Whether the answer as a whole says nothing on the matter."""
        return bool(self._hollow(plain(answer), plain(f"{title}\n{text}")))

    def _hollow(self, reply: str, letter: str) -> list[Fault]:
        found = evasion.substance(reply, letter, self._says)
        if not evasion.evasive(found, self._says.limits):
            return []
        first = found.hollow[0] if found.hollow else None
        place = (first.start, first.end, first.text) if first else (0, 0, "")
        return [Fault("evasion", ANSWER, *place)]


@cache
def shipped() -> Checker:
    """The checks by the rules that we ship."""
    cited = tomllib.loads((shipped_data() / "rulebook" / "citations.toml").read_text("utf-8"))
    return Checker(_book(), cited["citation"])


@cache
def _book() -> Mapping[str, Any]:
    text = (shipped_data() / "rulebook" / "quality.toml").read_text("utf-8")
    return tomllib.loads(text)


def of(book: Mapping[str, Any], citations: Rows) -> Checker:
    """The checks by the rules of an office; made once for each wording of them."""
    return _made(json.dumps([book, list(citations)], sort_keys=True, ensure_ascii=False))


@lru_cache(maxsize=8)
def _made(both: str) -> Checker:
    book, citations = json.loads(both)
    return Checker(book, citations)
