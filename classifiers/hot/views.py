"""A letter as four views of weighted words: its place, its matter, its title, all of it."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from math import fsum, log, sqrt
from sys import intern
from typing import Any

from classifiers import words

PLACE, MATTER, TITLE, WHOLE = range(4)
View = dict[str, float]
Views = tuple[View, View, View, View]
_MOST = 60  # words a view keeps, the heaviest
_NOT_WORD = re.compile(r"\W+")
_BEFORE_END = 5  # characters of a name that count before its ending


class Reader:
    """Cuts letters into views; a word weighs by how rare it was up to then, and keeps its weight.

    Weights never look ahead: what is learnt of later letters changes nothing that was said.
    """

    def __init__(self, rules: Mapping[str, Any]) -> None:
        """Take the shapes of places and the weights from the rules."""
        shapes = rules["words"]
        self._regions = re.compile("|".join(shapes["regions"]))
        ends = sorted(shapes["place_ends"], key=lambda end: (-len(end), end))
        self._ends = re.compile("|".join(map(re.escape, ends)))
        ranked = sorted(shapes["breaks"], key=lambda b: (-len(b), b))
        breaks = "|".join(map(re.escape, ranked))
        self._form = re.compile("|".join(map(re.escape, (b for b in ranked if len(b) > 1))))
        self._breaks = re.compile(rf"[^\w]|{breaks}|{self._regions.pattern}")
        self._reach = int(rules["reach"])
        self._title = float(rules["likeness"]["title"])
        self._title_place = float(rules["likeness"]["title_place"])
        self._sharp = float(rules["likeness"]["sharpness"])
        self._sharp_matter = float(rules["likeness"]["sharpness_matter"])
        self._prior = int(rules["likeness"]["prior"])
        self._common = words.cutter().common
        self.met: tuple[Counter[str], ...] = tuple(Counter() for _ in range(4))
        self._in_names: Counter[str] = Counter()
        self._in_letters: Counter[str] = Counter()
        self._least_named = int(rules["likeness"]["least_named"])
        self._share_named = float(rules["likeness"]["share_named"])
        self._in_regions: Counter[str] = Counter()
        self._everywhere = float(rules["likeness"]["everywhere"])
        self.letters = 0

    def places(self, text: str) -> list[tuple[str, str]]:
        """Names that have the shape of a place, without what stands before them; and their ends."""
        found = []
        for piece in self._breaks.split(text):
            last = 0
            for end in self._ends.finditer(piece):
                if end.start() - last >= 3 - len(end.group()):
                    name = piece[max(last, end.start() - _BEFORE_END) : end.start()]
                    # A bare number is a bus line or a house, not a name.
                    if not name.isdigit():
                        found.append((name, end.group()))
                    last = end.end()
        return found

    def regions(self, text: str) -> frozenset[str]:
        """Districts and cities that are named, but for those that most letters name."""
        found = set(self._regions.findall(words.normalise(text)))
        self._in_regions.update(found)
        most = self.letters * self._everywhere
        return frozenset(region for region in found if self._in_regions[region] <= most)

    def shared_regions(self, titles: Sequence[str]) -> tuple[str, ...]:
        """The districts and cities that most of some titles name, the most named first."""
        counted = Counter(
            region
            for title in titles
            for region in set(self._regions.findall(words.normalise(title)))
        )
        most = sorted(counted, key=lambda region: (-counted[region], region))
        return tuple(region for region in most if counted[region] * 2 >= len(titles))

    def without_form(self, text: str) -> str:
        """A normalised text with gaps where regions and the set phrases of letters stood."""
        return self._form.sub(" ", self._regions.sub(" ", text))

    def read(self, batch: Sequence[tuple[str, str]]) -> list[Views]:
        """The views of the letters of one day, weighted by all letters up to its end."""
        day = [self._seen(title, body) for title, body in batch]
        self.letters += len(day)
        counted = [self._count(*one) for one in day]
        for raw in counted:
            for met, words_of in zip(self.met, raw, strict=True):
                met.update(words_of.keys())
        powers = (self._sharp, self._sharp_matter, self._sharp, 1.0)
        return [
            tuple(map(self._weigh, self.met, raw, powers))  # type: ignore[misc]
            for raw in counted
        ]

    def named(self, title: str) -> frozenset[str]:
        """The pairs of characters of a title that belong to names of places."""
        title = words.normalise(title)
        pairs = {pair for name, end in self.places(title) for pair in _pairs(name, end)}
        plain = self._regions.sub(" ", title)
        return frozenset(
            {pair for pair in pairs if self._nameable(pair)}
            | {pair for pair in _grams(plain, 2) if self._placelike(pair)}
        )

    def beside(self, title: str, named: Set[str]) -> frozenset[str]:
        """The words of a title that are, or stand next to, a name of a place: names run on."""
        found: set[str] = set()
        for piece in _NOT_WORD.split(self.without_form(words.normalise(title))):
            cut = words.cutter().cut(piece)
            for place, word in enumerate(cut):
                if any(
                    pair in named
                    for pair in _grams(word + "".join(cut[place + 1 : place + 2])[:1], 2)
                ):
                    found.update(cut[max(place - 1, 0) : place + 2])
        return frozenset(found)

    def _seen(self, title: str, body: str) -> tuple[str, str, dict[str, float]]:
        """A letter with its names of places; which pairs stand in names is learnt on the way."""
        title, body = words.normalise(title), words.normalise(body)[: self._reach]
        place: dict[str, float] = {}
        for text, weight in ((title, self._title_place), (body, 1.0)):
            for name, end in self.places(text):
                for pair in _pairs(name, end):
                    place[pair] = max(place.get(pair, 0.0), weight)
        self._in_names.update(place.keys())
        self._in_letters.update(set(_grams(title, 2)) | set(_grams(body, 2)))
        return title, body, place

    def _placelike(self, pair: str) -> bool:
        return self._in_names[pair] >= self._least_named and self._nameable(pair)

    def _nameable(self, pair: str) -> bool:
        return self._in_names[pair] >= self._share_named * self._in_letters[pair]

    def _count(self, title: str, body: str, place: dict[str, float]) -> tuple[View, ...]:
        place = {pair: weight for pair, weight in place.items() if self._nameable(pair)}
        bare = []
        for text in (title, body):
            names = {name + end for name, end in self.places(text)}
            for name in sorted(names, key=lambda name: (-len(name), name)):
                text = text.replace(name, " ")
            bare.append(self._regions.sub(" ", text))
        for pair in _grams(bare[0], 2):
            if self._placelike(pair):
                place[pair] = self._title_place
                bare[0] = bare[0].replace(pair, " ")
        pieces = _NOT_WORD.split(self.without_form(title))
        letters = {gram: 1.0 for piece in pieces for n in (2, 3) for gram in _grams(piece, n)}
        return place, self._words(*bare), letters, self._words(title, body)

    def _weigh(self, met: Counter[str], counted: View, power: float) -> View:
        most = self.letters + self._prior
        view = {w: times * log(most / (met[w])) ** power for w, times in counted.items()}
        if len(view) > _MOST:
            kept = sorted(view, key=lambda word: (-view[word], word))[:_MOST]
            view = {word: view[word] for word in kept}
        size = sqrt(sum(weight * weight for weight in view.values())) or 1.0
        return {intern(word): weight / size for word, weight in view.items()}

    def _words(self, title: str, body: str) -> View:
        cut = words.cutter().cut
        found = {w: 1 + log(times) for w, times in Counter(cut(body)).items() if self._tells(w)}
        for word in cut(title):
            if self._tells(word):
                found[word] = found.get(word, 0.0) + self._title
        return found

    def _tells(self, word: str) -> bool:
        return len(word) > 1 and word not in self._common and not word.isdigit()


def dot(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """The product of two views; of normalised ones, their cosine."""
    # Exact, so that the order of a set, another in each process, changes nothing.
    return fsum([one[word] * other[word] for word in one.keys() & other.keys()])


def alike(one: Views, other: Views) -> float:
    """How much two letters are about one place and one matter, 0 to 1."""
    where = (dot(one[PLACE], other[PLACE]) + dot(one[TITLE], other[TITLE])) / 2
    both = sqrt(where * dot(one[MATTER], other[MATTER])) if where else 0.0
    return (both + dot(one[WHOLE], other[WHOLE])) / 2


def _pairs(name: str, end: str) -> list[str]:
    """The pairs of characters of a name; of its end only the first character counts."""
    return [pair for pair in _grams(name + end[0], 2) if not pair.isdigit()]


def _grams(text: str, length: int) -> list[str]:
    return [text[i : i + length] for i in range(len(text) - length + 1)]
