"""Names of places by their shape alone, and whether two letters name different ones."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from classifiers import words
from classifiers.similar.wording import numbered, rules

_LONGEST = 6
# So many characters before its end tell a name from another: what stands further off is context.
_TELLING = 2
# A name this long is known where it stands without its end (云杉花园 of 云杉花园小区).
_WHOLE = 4
# Kinds of `data/likeness.toml` whose names are written with ever other ends.
_PARK = "park"
_LOOSE = (_PARK, "garden")


@dataclass(frozen=True, slots=True)
class Place:
    """A name as it stands in a text: its kind, what it is told by, and its end."""

    kind: str
    body: str
    end: str

    @property
    def name(self) -> str:
        """The name as people read it; what stood before it may hang on."""
        return self.body.upper() + self.end

    def same(self, other: "Place") -> bool:
        """Whether both may be one place: their names agree in what tells them apart."""
        if self.kind == _CODE:
            return self.body == other.body
        if self.body[-_TELLING:] == other.body[-_TELLING:]:
            return True
        return self.body in other.body or other.body in self.body


_CODE = "code"
_CODES = re.compile(r"(?<![a-z0-9])([a-z]\d{0,3})([市区县镇乡村])")
_CHINESE = re.compile("[㐀-鿿]")


def places(text: str) -> tuple[Place, ...]:
    """All names in a text that have the shape of a place, each once, in their order."""
    return Named(text).places


def differing(one: str, other: str) -> tuple[str, str] | None:
    """A place of the first text and one of the second that stand against each other, if any.

    Each must be unknown to the other text: a letter that only says more names no other place.
    """
    return opposed(Named(one), Named(other))


class Named:
    """A text with the places it names, looked for once however often it is compared."""

    def __init__(self, text: str) -> None:
        self.plain = words.normalise(text)

    @cached_property
    def numbered(self) -> str:
        """The text with its numerals as figures."""
        return numbered(self.plain)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """All names that have the shape of a place, each once, in their order."""
        return tuple(dict.fromkeys(_found(self.plain)))


def opposed(one: Named, other: Named) -> tuple[str, str] | None:
    """The same for texts whose places are known."""
    alone = [place for place in one.places if not _known(place, other)]
    foreign = [place for place in other.places if not _known(place, one)]
    for place in alone:
        for against in foreign:
            if _against(place, against):
                return _shown(place, one), _shown(against, other)
    return None


def _shown(place: Place, text: Named) -> str:
    """The name as it stands with least before it: what comes before a name hangs on."""
    same = [one for one in text.places if one.end == place.end and place.same(one)]
    return min(same, key=lambda one: len(one.body)).name


def _known(place: Place, other: Named) -> bool:
    if place.kind != _CODE:
        told = place.body[-_TELLING:]
        # Of a park what it is called is enough, whatever follows.
        if (told if place.kind in _LOOSE else told + place.end) in other.plain:
            return True
        if len(place.body) >= _WHOLE and place.body in other.plain:
            return True
        if numbered(place.name) in other.numbered:
            return True
    return any(_comparable(place.kind, one.kind) and place.same(one) for one in other.places)


def _against(one: Place, other: Place) -> bool:
    # A code of a city and one of its districts may be one place.
    whole = "市"
    return _comparable(one.kind, other.kind) and (
        one.kind != _CODE or (one.end == whole) == (other.end == whole)
    )


def _comparable(one: str, other: str) -> bool:
    either = rules()["either"]
    return one == other or one in either.get(other, ()) or other in either.get(one, ())


def _found(text: str) -> Iterator[Place]:
    for match in _CODES.finditer(text):
        yield Place(_CODE, match[1], match[2])
    kinds, ends = _ends()
    purposes, purposed = rules()["purposes"]["words"], rules()["purposes"]["ends"]
    ordinary = tuple(rules()["reading"]["ordinary"])
    last = 0
    for match in ends.finditer(text):
        # A shorter end at the same spot is a part of this one (园 of 花园).
        if match.end(1) == last:
            continue
        last = match.end(1)
        kind, start = kinds.get(match[1], ""), match.start()
        if kind == _PARK or match[1] in purposed:
            while found := next((one for one in purposes if text.endswith(one, 0, start)), ""):
                kind, start = _PARK, start - len(found)
        body = _body(text[max(start - _LONGEST, 0) : start])
        if kind and len(body) >= _TELLING and not body.endswith(ordinary):
            yield Place(kind, body, text[start:last])


def _body(before: str) -> str:
    """As much of what stands before an end as may be a name."""
    nameless = rules()["reading"]["nameless"]
    body = ""
    for char in reversed(before):
        if char in nameless or not _CHINESE.match(char):
            break
        body = char + body
    return body


@cache
def _ends() -> tuple[Mapping[str, str], re.Pattern[str]]:
    kinds = {end: kind for kind, ends in rules()["places"].items() for end in ends}
    every = {*kinds, *rules()["purposes"]["ends"]}
    ends = "|".join(sorted(every, key=lambda end: (-len(end), end)))
    # Looked for at every character: a name may hold what others end with (高桥镇).
    return kinds, re.compile(rf"(?=({ends})(?![{rules()['reading']['unending']}]))")
