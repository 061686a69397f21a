"""Wordings kept as data: plain words, "…" for a gap, （甲/乙） for either; compiled."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

_GROUP = re.compile(r"（([^（）]*)）|…")
_ALIKE = str.maketrans("，：；！？（）。", ",:;!?()。")


def plain(text: str) -> str:
    """The text with one form of punctuation; every character stays where it was."""
    return text.translate(_ALIKE)


def compiled(wordings: Sequence[str], gap: int) -> re.Pattern[str]:
    """One pattern that finds any of these wordings in a text made plain; none finds nothing."""
    found = [_one(wording.strip(), gap) for wording in wordings if wording.strip()]
    return re.compile("|".join(found) or r"(?!)")


def _one(wording: str, gap: int) -> str:
    pieces, done = [], 0
    for match in _GROUP.finditer(wording):
        pieces.append(re.escape(plain(wording[done : match.start()])))
        if match[0] == "…":
            pieces.append(f"[^。!?;\\n]{{0,{gap}}}?")
        else:
            words = sorted(match[1].split("/"), key=len, reverse=True)
            pieces.append(f"(?:{'|'.join(re.escape(plain(word)) for word in words)})")
        done = match.end()
    return "".join(pieces) + re.escape(plain(wording[done:]))


class Wordings:
    """All wordings of a rulebook, compiled once, by the name of their list."""

    def __init__(self, book: Mapping[str, Any], first: Mapping[str, Any]) -> None:
        """Take over the lists and limits of the book; those it has not are as in the `first`."""
        self.limits: Mapping[str, Any] = {**first["limits"], **book["limits"]}
        self.lists: Mapping[str, Sequence[str]] = {**first["patterns"], **book["patterns"]}
        gap = int(self.limits["gap"])
        self._made = {name: compiled(words, gap) for name, words in self.lists.items()}

    def __getitem__(self, name: str) -> re.Pattern[str]:
        """The pattern of one list."""
        return self._made[name]
