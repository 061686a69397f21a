"""The original beside its public copy: paragraphs paired, replaced words and findings marked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from classifiers.finding import Hit

# Above this a paragraph is shown as replaced whole: comparing letter by letter costs too much.
_LONG = 1500


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text and how it is marked."""

    text: str
    kind: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A numbered span in one part of the copy that is still open."""

    start: int
    end: int
    number: str


def rows(
    parts: Sequence[tuple[tuple[str, str], str, str, Sequence[Mark]]],
) -> list[dict[str, Any]]:
    """Table rows for parts given as (headings, original, copy, open marks of the copy)."""
    found: list[dict[str, Any]] = []
    number = 0
    for headings, original, copy, marks in parts:
        found.append({"heading": list(headings)})
        for left, right, offset in _paired(original, copy):
            number += 1
            inside = [
                Mark(mark.start - offset, mark.end - offset, mark.number)
                for mark in marks
                if offset <= mark.start < offset + len(right) + 1
            ]
            first, second = _compared(left, right, inside)
            found.append({"heading": None, "number": number, "left": first, "right": second})
    return found


def marks_of(hits: Sequence[tuple[str, Hit, int]], part: str) -> list[Mark]:
    """The open findings of one part as numbered marks."""
    return [Mark(hit.start, hit.end, str(number)) for where, hit, number in hits if where == part]


def _paired(original: str, copy: str) -> Iterator[tuple[str, str, int]]:
    left, right = original.split("\n"), copy.split("\n")
    offsets, at = [], 0
    for line in right:
        offsets.append(at)
        at += len(line) + 1
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    for _, a, b, c, d in matcher.get_opcodes():
        for step in range(max(b - a, d - c)):
            one = left[a + step] if a + step < b else ""
            two = right[c + step] if c + step < d else ""
            if one.strip() or two.strip():
                offset = offsets[c + step] if c + step < d else len(copy)
                yield one, two, offset


def _compared(left: str, right: str, marks: Sequence[Mark]) -> tuple[list[Piece], list[Piece]]:
    if len(left) + len(right) > _LONG and left != right:
        return [Piece(left, "struck")], _overlaid(right, ["replaced"] * len(right), marks)
    kinds_left, kinds_right = [""] * len(left), [""] * len(right)
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "equal":
            kinds_left[a:b] = ["struck"] * (b - a)
            kinds_right[c:d] = ["replaced"] * (d - c)
    return _overlaid(left, kinds_left, ()), _overlaid(right, kinds_right, marks)


def _overlaid(text: str, kinds: list[str], marks: Sequence[Mark]) -> list[Piece]:
    numbers = [""] * len(text)
    for mark in marks:
        for place in range(max(0, mark.start), min(len(text), mark.end)):
            kinds[place], numbers[place] = "open", mark.number
    pieces: list[Piece] = []
    start = 0
    for place in range(1, len(text) + 1):
        same = place < len(text) and (kinds[place], numbers[place]) == (
            kinds[start],
            numbers[start],
        )
        if not same:
            pieces.append(Piece(text[start:place], kinds[start], numbers[start]))
            start = place
    return pieces
