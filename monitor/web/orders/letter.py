"""The original as people read it: evidence, earlier wordings, the upstream's part."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any, NamedTuple

from monitor.domain.vocabulary import RequestType, Urgency
from monitor.domain.workdays import local
from monitor.services import rulebook
from monitor.services.context import Context
from monitor.services.reading.explaining import figure, why
from monitor.services.rulebook import Rules
from monitor.storage.orders import Order, Original, Reading
from monitor.web.answering.checking import letters
from monitor.web.views import Piece

# The numbers that the suggestion cards of the triage desk carry.
MARKS = {"topic": ("1", "主题"), "request_type": ("2", "诉求类型"), "urgency": ("3", "紧急程度")}
_CLAUSE = re.compile(r"[^，。；！？、,;!?\n]*[，。；！？、,;!?\n]?")
_MOST_WORDINGS = 5
# Stored words of our own vocabulary that the upstream's copy may hold.
_WORDS: Mapping[str, Any] = {"request_type": RequestType, "urgency": Urgency}
_MORE_LABELS = {"due": "上级平台的时限"}


# Where a marked word begins and ends, and its mark.
_Span = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Wording:
    """One earlier wording against the one that followed it."""

    version: int
    at: Any
    by: str
    title: tuple[Piece, ...]
    text: tuple[Piece, ...]


class Marked(NamedTuple):
    """Title and text with the words that caused the suggestions."""

    title: list[Piece]
    text: list[Piece]


def marked(order: Order, reading: Reading | None, findings: Mapping[str, Any]) -> Marked:
    """The letter with the words that caused the suggestions, as its reading is explained."""
    if reading is None or reading.original_version != order.original_version:
        return Marked([Piece(order.title)], [Piece(order.text)])
    titled: list[_Span] = []
    spans: list[_Span] = []
    for code, (mark, _) in MARKS.items():
        for evidence in findings.get(code, {}).get("evidence", ()):
            word, start = str(evidence["text"]), _place(order, evidence)
            if start is not None:
                spans.append((start, start + len(word), mark))
            elif word and order.title.startswith(word, at := int(evidence["start"])):
                titled.append((at, at + len(word), mark))
                # It is marked where it stands again as well.
                if (again := order.text.find(word)) >= 0:
                    spans.append((again, again + len(word), mark))
    return Marked(_pieces(order.title, titled), _pieces(order.text, spans))


def _pieces(text: str, spans: Sequence[_Span]) -> list[Piece]:
    """A text cut at its marked words; words that overlap are one piece with the marks of all."""
    whole: list[tuple[int, int, set[str]]] = []
    for start, end, mark in sorted(spans):
        if whole and start < whole[-1][1]:
            first, last, marks = whole[-1]
            whole[-1] = first, max(last, end), marks | {mark}
        else:
            whole.append((start, end, {mark}))
    pieces: list[Piece] = []
    done = 0
    for start, end, marks in whole:
        if start > done:
            pieces.append(Piece(text[done:start]))
        pieces.append(Piece(text[start:end], "evidence", "·".join(sorted(marks))))
        done = end
    return [*pieces, Piece(text[done:])]


def lettered(pieces: Sequence[Piece], points: Sequence[tuple[int, int]]) -> list[Piece]:
    """The marked text with its points as well: a letter ends each, and cuts no other mark."""
    ends = {end: name for (_, end), name in zip(points, letters(len(points)), strict=True)}
    edges = {edge for point in points for edge in point}
    found: list[Piece] = []
    at = 0
    for piece in pieces:
        done, at = at, at + len(piece.text)
        if piece.kind:
            found.append(piece)
            passed = (name for end, name in ends.items() if done < end <= at)
            found += (Piece("", "point", name) for name in passed)
            continue
        cuts = sorted({done, at, *(edge for edge in edges if done < edge < at)})
        for start, end in pairwise(cuts):
            said = piece.text[start - done : end - done]
            inside = any(first <= start and end <= last for first, last in points)
            found.append(Piece(said, "point", ends.get(end, "")) if inside else Piece(said))
    return found


def _place(order: Order, evidence: Mapping[str, Any]) -> int | None:
    """Where a word that was read in `title + line break + text` stands in the text."""
    word = str(evidence["text"])
    # A letter without a title was read with an empty one.
    for before in (len(order.title) + 1, 1):
        start = int(evidence["start"]) - before
        if word and start >= 0 and order.text.startswith(word, start):
            return start
    return None


def legend(ctx: Context, findings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the marks stand for: number, reader, what it said, how sure, by which rule."""
    rules, told = rulebook.current(ctx), []
    for code, (mark, label) in MARKS.items():
        finding = findings.get(code)
        if finding:
            told.append(
                {
                    "mark": mark,
                    "label": label,
                    "value": _said(rules, code, str(finding["label"])),
                    "share": figure(ctx, finding),
                    "rule": finding["rule"],
                    "why": why(ctx, finding) if code == "urgency" else "",
                }
            )
    return told


def _said(rules: Rules, code: str, label: str) -> str:
    if code == "topic":
        return rules.topic_label(label)
    words = {"request_type": RequestType, "urgency": Urgency}[code]
    return words(label).label if label in set(words) else label


def wordings(found: Sequence[Original]) -> list[Wording]:
    """Each change of the original, newest first; at most the last five."""
    changes = list(pairwise(found))[-_MOST_WORDINGS:]
    return [
        Wording(
            after.version, after.at, after.by,
            compare(before.title, after.title), compare(before.text, after.text),
        )
        for before, after in reversed(changes)
    ]  # fmt: skip


def compare(before: str, after: str) -> tuple[Piece, ...]:
    """What a text lost (struck) and gained (framed), clause by clause."""
    old, new = _clauses(before), _clauses(after)
    pieces: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("".join(old[a:b])))
            continue
        if a < b:
            pieces.append(Piece("".join(old[a:b]), "struck"))
        if c < d:
            pieces.append(Piece("".join(new[c:d]), "open"))
    return tuple(pieces)


def _clauses(text: str) -> list[str]:
    return [clause for clause in _CLAUSE.findall(text) if clause]


def upstream(order: Order, rules: Rules) -> list[tuple[str, str]]:
    """The upstream's own fields in words; empty for a record that came to us first."""
    fields = {body["code"]: body["label"] for body in rules.bodies["column"]}
    labels = {**fields, **_MORE_LABELS}
    rows = [
        (labels.get(code, code), _word(code, str(value)))
        for code, value in order.upstream.items()
        if str(value).strip()
    ]
    if order.upstream_due is not None:
        rows.insert(0, (labels["due"], f"{local(order.upstream_due):%Y-%m-%d %H:%M}"))
    return rows


def _word(code: str, value: str) -> str:
    words = _WORDS.get(code)
    return words(value).label if words is not None and value in set(words) else value
