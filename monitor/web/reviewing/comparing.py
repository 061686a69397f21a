"""The original beside its public copy: paragraphs paired, replaced words and findings marked."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from monitor.web.views import Piece

# What is longer is compared clause by clause; clauses too long are shown as replaced whole.
_LONG = 400
# Beyond so many paragraphs they are paired by their place: finding the best pairs costs squares.
_MANY = 400
# Equal signs fewer than this between two changes are chance, not text that stayed.
_CHANCE = 2
_CLAUSE = re.compile(r"[^，。；：！？、,;!?\s]*[，。；：！？、,;!?\s]?")


@dataclass(frozen=True, slots=True)
class Mark:
    """A numbered span of a part: `open` is framed, anything else keeps the look it has."""

    start: int
    end: int
    number: str
    open: bool = True


@dataclass(frozen=True, slots=True)
class Pair:
    """One paragraph of a part and what became of it; where each begins in its part."""

    part: str
    number: int
    left: str
    right: str
    left_at: int
    right_at: int


def pairs(parts: Sequence[tuple[str, str, str]]) -> list[Pair]:
    """The paragraphs of parts given as (name, original, copy), numbered through."""
    found: list[Pair] = []
    for part, original, copy in parts:
        for left, right, left_at, right_at in _paired(original, copy):
            found.append(Pair(part, len(found) + 1, left, right, left_at, right_at))
    return found


def place(found: Sequence[Pair], part: str, start: int, end: int, *, copy: bool) -> str:
    """Where a span stands: 第 2 段 19-20; of the original, or of the copy."""
    for pair in found:
        text, at = (pair.right, pair.right_at) if copy else (pair.left, pair.left_at)
        if pair.part == part and text and at <= start < at + len(text):
            first, last = start - at + 1, min(end - at, len(text))
            return f"第 {pair.number} 段 {first}" + (f"\u2013{last}" if last > first else "")
    return ""


def drawn(
    pair: Pair, left: Mapping[str, Sequence[Mark]], right: Mapping[str, Sequence[Mark]]
) -> tuple[list[Piece], list[Piece]]:
    """Both sides of a pair in pieces: what differs, and the marks of their parts."""
    kinds_left, kinds_right = _kinds(pair.left, pair.right)
    return (
        _overlaid(pair.left, kinds_left, left.get(pair.part, ()), pair.left_at),
        _overlaid(pair.right, kinds_right, right.get(pair.part, ()), pair.right_at),
    )


def _paired(original: str, copy: str) -> Iterator[tuple[str, str, int, int]]:
    left, right = original.split("\n"), copy.split("\n")
    left_at, right_at = _offsets(left, len(original)), _offsets(right, len(copy))
    if len(left) + len(right) > _MANY:
        codes = [("replace", 0, len(left), 0, len(right))]
    else:
        codes = list(SequenceMatcher(None, left, right, autojunk=False).get_opcodes())
    for _, a, b, c, d in codes:
        for step in range(max(b - a, d - c)):
            here, there = min(a + step, b), min(c + step, d)
            one = left[here] if here < b else ""
            two = right[there] if there < d else ""
            if one.strip() or two.strip():
                yield one, two, left_at[here], right_at[there]


def _offsets(lines: Sequence[str], end: int) -> list[int]:
    found, at = [], 0
    for line in lines:
        found.append(at)
        at += len(line) + 1
    return [*found, end]


def _kinds(left: str, right: str) -> tuple[list[str], list[str]]:
    """For each sign of both texts: "" if it stayed, struck or replaced if it did not."""
    struck, replaced = [""] * len(left), [""] * len(right)
    for a, b, c, d in _changes(left, right):
        struck[a:b] = ["struck"] * (b - a)
        replaced[c:d] = ["replaced"] * (d - c)
    return struck, replaced


def _changes(left: str, right: str) -> Iterator[tuple[int, int, int, int]]:
    if len(left) + len(right) <= _LONG:
        yield from _by_sign(left, right, 0, 0)
        return
    ours, theirs = _CLAUSE.findall(left), _CLAUSE.findall(right)
    if len(ours) + len(theirs) > 2 * _MANY:
        yield from _ends_apart(left, right)
        return
    left_at, right_at = _sums(ours), _sums(theirs)
    for tag, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if tag != "equal":
            one, two = left[left_at[a] : left_at[b]], right[right_at[c] : right_at[d]]
            if len(one) + len(two) <= _LONG:
                yield from _by_sign(one, two, left_at[a], right_at[c])
            else:
                yield left_at[a], left_at[b], right_at[c], right_at[d]


def _by_sign(left: str, right: str, x: int, y: int) -> Iterator[tuple[int, int, int, int]]:
    held: tuple[int, int, int, int] | None = None
    for tag, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        if held is not None and a - held[1] < _CHANCE:
            held = (held[0], b, held[2], d)
            continue
        if held is not None:
            yield x + held[0], x + held[1], y + held[2], y + held[3]
        held = (a, b, c, d)
    if held is not None:
        yield x + held[0], x + held[1], y + held[2], y + held[3]


def _ends_apart(left: str, right: str) -> Iterator[tuple[int, int, int, int]]:
    """All between the common beginning and the common end."""
    if left == right:
        return
    most, head = min(len(left), len(right)), 0
    while head < most and left[head] == right[head]:
        head += 1
    tail = 0
    while tail < most - head and left[-1 - tail] == right[-1 - tail]:
        tail += 1
    yield head, len(left) - tail, head, len(right) - tail


def _sums(words: Sequence[str]) -> list[int]:
    found = [0]
    for word in words:
        found.append(found[-1] + len(word))
    return found


def _overlaid(text: str, kinds: list[str], marks: Sequence[Mark], at: int) -> list[Piece]:
    numbers = [""] * len(text)
    for mark in marks:
        for spot in range(max(0, mark.start - at), min(len(text), mark.end - at)):
            numbers[spot] = mark.number
            if mark.open:
                kinds[spot] = "open"
    pieces: list[Piece] = []
    start = 0
    for spot in range(1, len(text) + 1):
        looks = (kinds[start], numbers[start])
        if spot == len(text) or (kinds[spot], numbers[spot]) != looks:
            # A number stands on a mark only: what stayed as it was carries none.
            pieces.append(Piece(text[start:spot], looks[0], looks[1] if looks[0] else ""))
            start = spot
    return pieces
