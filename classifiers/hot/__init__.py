"""Hot issues: what many write about, found without being told any name of a place or a matter."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from math import exp, log
from typing import Any

from classifiers.hot.linking import Linker
from classifiers.hot.naming import name


@dataclass(frozen=True, slots=True)
class Letter:
    """What is known of one letter: its number, when it came, what it says, how many agree."""

    number: str
    at: datetime
    title: str
    text: str
    votes: int = 0


@dataclass(frozen=True, slots=True)
class Issue:
    """One place and one matter that several letters are about; heat as of the last letter known."""

    name: str
    members: tuple[str, ...]
    first: datetime
    last: datetime
    places: tuple[str, ...]
    heat: float

    def as_json(self) -> dict[str, Any]:
        """The issue as plain JSON values."""
        return {
            "name": self.name,
            "members": list(self.members),
            "from": self.first.date().isoformat(),
            "to": self.last.date().isoformat(),
            "places": list(self.places),
            "heat": self.heat,
        }


@dataclass(frozen=True, slots=True)
class Known:
    """An issue that was found before: its name stays, its members stay in it."""

    name: str
    members: frozenset[str]
    places: tuple[str, ...] = ()


def find(
    letters: Iterable[Letter],
    rules: Mapping[str, Any],
    known: Sequence[Known] = (),
    settled: frozenset[str] = frozenset(),
) -> list[Issue]:
    """The issues in these letters, the hottest first.

    Days are taken one after another and nothing is taken back: later days give an issue more
    members, never another name. `known` issues keep their name; `settled` letters, which an
    earlier run has seen, found no issue by themselves.
    """
    ordered = sorted(letters, key=lambda letter: (letter.at, letter.number))
    linker = Linker(rules)
    owners = {number: which for which, one in enumerate(known) for number in one.members}
    begun: dict[int, int] = {}
    titles: dict[int, tuple[str, tuple[str, ...]]] = {}
    used = {one.name for one in known}
    for day, group in groupby(ordered, key=lambda letter: letter.at.date()):
        today = list(group)
        linker.day(
            day.toordinal(),
            [(letter.title, letter.text) for letter in today],
            [owners.get(letter.number) for letter in today],
            [letter.number in settled for letter in today],
            begun,
        )
        for which in range(len(titles), len(linker.groups)):
            owner = next((old for old, new in begun.items() if new == which), None)
            if owner is None:
                titles[which] = _title(linker, which, ordered, used)
            else:
                titles[which] = known[owner].name, known[owner].places
    issues = [
        _issue(titles[which], [ordered[i] for i in sorted(group.members)], ordered, rules)
        for which, group in enumerate(linker.groups)
    ]
    return sorted(issues, key=lambda issue: (-issue.heat, issue.first, issue.name))


def unique(name: str, used: Set[str]) -> str:
    """A name that nothing bears yet: a number behind it where it is taken."""
    count, called = 1, name
    while called in used:
        count += 1
        called = f"{name}（{count}）"
    return called


def _title(
    linker: Linker, which: int, ordered: Sequence[Letter], used: set[str]
) -> tuple[str, tuple[str, ...]]:
    group = linker.groups[which]
    members = [(ordered[i].title, ordered[i].text) for i in sorted(group.members)]
    said, place = name(group, members, linker.reader)
    regions = linker.reader.shared_regions([title for title, _ in members])
    called = unique(said, used)
    used.add(called)
    return called, tuple(dict.fromkeys(filter(None, (*regions, place))))


def _issue(
    title: tuple[str, tuple[str, ...]],
    members: Sequence[Letter],
    ordered: Sequence[Letter],
    rules: Mapping[str, Any],
) -> Issue:
    heat = rules["heat"]
    now = ordered[-1].at
    warm = sum(
        (1 + letter.votes / heat["votes"])
        * exp(-log(2) * (now - letter.at).total_seconds() / 86400 / heat["half_life"])
        for letter in members
    )
    numbers = tuple(letter.number for letter in members)
    return Issue(title[0], numbers, members[0].at, members[-1].at, title[1], round(warm, 3))
