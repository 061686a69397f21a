"""Several requests in one letter: where each stands, as a proposal for splitting it."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from classifiers.letter import marks

_FIGURES = {sign: number for number, sign in enumerate("一二三四五六七八九十", start=1)}
_NUMBERED = re.compile(
    r"(?:^|(?<=[。；：:;，,、？！?!\n\s）)]))\s*(?:第(?P<a>[一二三四五六七八九十])(?:[，,、]|个|件|点)"
    r"|其(?P<b>[一二三四五六七八九])[，,、]?|(?P<c>[一二三四五六七八九十])是|(?P<d>[一二三四五六七八九十])、"
    r"|[（(](?P<e>[一二三四五六七八九十\d])[）)]|(?P<f>[1-9])[.、\uff0e](?!\d))"
)


@dataclass(frozen=True, slots=True)
class Request:
    """One of several requests; positions in the text as given."""

    start: int
    end: int
    text: str


def split(text: str) -> tuple[Request, ...]:
    """The requests of a letter that has at least two; nothing where it has one."""
    return _numbered(text) or _turning(text)


def proposed(text: str) -> str:
    """The requests as the form for splitting takes them: each led in as the letter leads in."""
    found = split(text)
    lead = text[: found[0].start].strip() if found else ""
    if lead and _asks().search(lead) and not _heads().search(lead):
        lead = ""
    return "\n\n".join(f"{lead}{one.text}" for one in found)


def _numbered(text: str) -> tuple[Request, ...]:
    """Pieces that are counted from one on, by the first way of counting that holds."""
    ways: dict[str, list[tuple[int, int]]] = {}
    for hit in _NUMBERED.finditer(text):
        way = str(hit.lastgroup)
        sign = hit[way]
        number = int(sign) if sign.isdigit() else _FIGURES[sign]
        counted = ways.setdefault(way, [])
        if number == len(counted) + 1:
            start = hit.start() + len(hit.group()) - len(hit.group().lstrip())
            counted.append((start, number))
    for counted in ways.values():
        if len(counted) < 2:
            continue
        starts = [start for start, _ in counted]
        pieces = _pieces(text, [*starts, len(text)])
        if _heads().search(text[: starts[0]]) or all(_worth(one) for one in pieces):
            return pieces
    return ()


def _turning(text: str) -> tuple[Request, ...]:
    """Pieces that begin where the letter turns to another matter."""
    starts = [0]
    for hit in _turns().finditer(text):
        if hit.start() > starts[-1] and _worth(_piece(text, starts[-1], hit.start())):
            starts.append(hit.start())
    pieces = _pieces(text, [*starts, len(text)])
    return pieces if len(pieces) > 1 and all(_worth(one) for one in pieces) else ()


def _pieces(text: str, bounds: list[int]) -> tuple[Request, ...]:
    return tuple(_piece(text, start, end) for start, end in pairwise(bounds))


def _piece(text: str, start: int, end: int) -> Request:
    said = text[start:end]
    start += len(said) - len(said.lstrip())
    said = said.strip()
    return Request(start, start + len(said), said)


def _worth(piece: Request) -> bool:
    letters = sum(map(str.isalnum, piece.text))
    fewest = int(marks.book()["requests"]["fewest_letters"])
    return letters >= fewest and bool(_asks().search(piece.text))


@cache
def _asks() -> re.Pattern[str]:
    return marks.pattern(marks.book()["requests"]["asks"])


@cache
def _heads() -> re.Pattern[str]:
    return marks.pattern(marks.book()["requests"]["heads"])


@cache
def _turns() -> re.Pattern[str]:
    book = marks.book()["requests"]
    strong = book["strong_turns"]
    ended, paused = (marks.pattern(turns).pattern for turns in ([*book["turns"], *strong], strong))
    return re.compile(rf"(?<=[。！？；!?;\n])\s*(?:{ended})|(?<=[，,])\s*(?:{paused})")
