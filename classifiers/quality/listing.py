"""Where a letter goes on to its next matter: numbered items and turns; its sentences cut there."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise

from classifiers.quality.clauses import Span, sentences

_SIGNS = "一二三四五六七八九十"
_RINGED = "①②③④⑤⑥⑦⑧⑨⑩"
_MARK = re.compile(
    r"(?:^|(?<=[。;:,!?\n\s)]))(?:"
    rf"第(?P<a>[{_SIGNS}])(?:[,、:]|个|件|点)|其(?P<b>[{_SIGNS}])[,、:]?|(?P<c>[{_SIGNS}])是"
    rf"|(?P<d>[{_SIGNS}])[、.,](?!\d)|\((?P<e>[{_SIGNS}]|\d{{1,2}})\)[、.,]?"
    rf"|(?P<f>\d{{1,2}})[.、)](?!\d)|(?P<g>[{_RINGED}]))"
)
_TURN = re.compile(r"(?<=[,\s])(?:另外|此外|还有一件事|还有个事|再就是|顺便)")


@dataclass(frozen=True, slots=True)
class Item:
    """One numbered item: where it starts and ends, and what its mark takes of it."""

    start: int
    end: int
    mark: int


def lists(text: str) -> list[list[Item]]:
    """The runs of at least two items that are counted from one on, each in one way."""
    runs: dict[str, list[list[re.Match[str]]]] = {}
    for hit in _MARK.finditer(text):
        way, number = str(hit.lastgroup), _number(hit[str(hit.lastgroup)])
        mine = runs.setdefault(way, [])
        if number == 1:
            mine.append([hit])
        elif mine and number == len(mine[-1]) + 1:
            mine[-1].append(hit)
    ended = [one.end for one in sentences(text)]
    return [_items(text, run, ended) for found in runs.values() for run in found if len(run) > 1]


def pieces(text: str, runs: list[list[Item]]) -> list[Span]:
    """The sentences, cut also before each numbered item and where the letter turns."""
    cuts = sorted(
        {item.start for run in runs for item in run} | {hit.start() for hit in _TURN.finditer(text)}
    )
    found = []
    for one in sentences(text):
        inner = cuts[bisect_left(cuts, one.start + 1) : bisect_left(cuts, one.end)]
        bounds = [one.start, *inner, one.end]
        for start, end in pairwise(bounds):
            said = text[start:end].rstrip()
            found.append(Span(start, start + len(said), said))
    return found


def turns(piece: Span) -> bool:
    """Whether a piece begins another matter."""
    return bool(re.match(r"另外|此外|还有|再就是|顺便|同时", piece.text))


def _items(text: str, run: list[re.Match[str]], ended: list[int]) -> list[Item]:
    starts = [hit.start() for hit in run]
    # The last one ends with its first sentence: what follows may be anything.
    last = ended[bisect_left(ended, run[-1].end())] if ended[-1] >= run[-1].end() else len(text)
    found = []
    for hit, end in zip(run, [*starts[1:], last], strict=True):
        said = text[hit.start() : end].rstrip()
        found.append(Item(hit.start(), hit.start() + len(said), len(hit[0])))
    return found


def _number(sign: str) -> int:
    if sign in _RINGED:
        return _RINGED.index(sign) + 1
    return int(sign) if sign.isascii() else _SIGNS.index(sign) + 1
