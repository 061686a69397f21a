"""Evasive answers: nothing but received, passed on, being looked into, will be considered."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from classifiers.quality.clauses import Span, clauses, sentences
from classifiers.quality.wording import Wordings

_FIGURE = re.compile(r"\d|[%《]|[一二三四五六七八九十百千万]+[年月日元米个条项]")
_DATE = re.compile(
    r"(?:20\d\d|〔?\d{2})[年.\-/]\s*\d{1,2}[月.\-/]\s*\d{1,2}[日号]?|\d{1,2}月\d{1,2}[日号]"
)
_CONTACT = re.compile(
    r"\(?(?:\d{3,4}\s*[-—-－一]+\s*)+\d{6,8}\)?|(?<!\d)(?:\d{7,8}|\d{11}|1\d{4})(?!\d)"
    r"|(?<!\d)1\d\d \d{4} \d{4}(?!\d)"
    r"|https?://\S+|[A-Za-z]*\d{6,}"
)
_QUOTED = re.compile(r"[“\"'‘][^”\"'’]{0,240}[”\"'’]|\([^()]{0,40}\)")
_SHORT = 4
_LEAD = 4
_LONGEST_NAME = 22


@dataclass(frozen=True, slots=True)
class Substance:
    """What an answer holds: characters that say something, whether a deed or figure is among
    them, and the clauses that only pass on or put off."""

    worth: int
    proven: bool
    hollow: tuple[Span, ...]


def substance(answer: str, letter: str, says: Wordings) -> Substance:
    """What an answer holds; both texts are given made plain."""
    bare = _blank(_CONTACT, _blank(_QUOTED, answer))
    bare = _blank(_DATE, bare, only_alone=True)
    worth, proven, hollow = 0, False, list[Span]()
    for sentence in sentences(bare):
        parts = clauses(sentence)
        for clause in parts:
            kind = _kind(clause, letter, says, alone=len(parts) == 1)
            if kind == "hollow":
                hollow.append(Span(clause.start, clause.end, answer[clause.start : clause.end]))
            elif kind != "formal":
                worth += clause.weight
                proven = proven or kind == "proven"
    return Substance(worth, proven, tuple(hollow))


def evasive(found: Substance, limits: Mapping[str, Any]) -> bool:
    """Whether an answer says nothing on the matter."""
    if found.worth < limits["substance_proven" if found.proven else "substance"]:
        return True
    idle = sum(clause.weight for clause in found.hollow)
    return (
        not found.proven
        and found.worth < limits["substance_unproven"]
        and idle >= limits["hollow_share"] * (idle + found.worth)
    )


def _kind(clause: Span, letter: str, says: Wordings, *, alone: bool) -> str:
    text = clause.text
    if says["deeds"].search(text):
        # 经查 alone announces a fact; what follows it must bring one.
        return "proven" if clause.weight > _LEAD else "formal"
    if says["passing"].search(text) or says["pending"].search(text) or says["unsure"].search(text):
        return "hollow"
    if says["formal"].search(text):
        return "formal"
    if not _FIGURE.search(text) and says["attitude"].search(text) and says["soft"].search(text):
        return "hollow"
    name = clause.weight <= _LONGEST_NAME and text.endswith(tuple(says.lists["signed"]))
    if clause.weight < _SHORT or text in letter or (alone and name):
        return "formal"
    return "proven" if _FIGURE.search(text) else "said"


def _blank(pattern: re.Pattern[str], text: str, *, only_alone: bool = False) -> str:
    """The text with every match turned into spaces; alone: only where nothing follows it."""

    def spaces(match: re.Match[str]) -> str:
        follows = text[match.end() : match.end() + 1]
        if only_alone and follows and follows not in " \n\u3000。,":
            return match[0]
        return " " * len(match[0])

    return pattern.sub(spaces, text)
