"""A group of letters: what its members share, how well it holds together, whom it takes in."""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from math import sqrt
from typing import Any

from classifiers.hot.views import MATTER, PLACE, TITLE, WHOLE, Reader, Views, dot

_VIEWS = (PLACE, MATTER, TITLE, WHOLE)


class Group:
    """Letters that grow only, with the sums of their views and how many hold each word."""

    def __init__(self, reader: Reader, rules: Mapping[str, Any]) -> None:
        """Begin empty; the reader tells how common words are."""
        self.members: list[int] = []
        self._reader, self._rules, self._gate = reader, rules["likeness"], rules["gate"]
        self._misfits = 0
        self._sums: list[dict[str, float]] = [{} for _ in _VIEWS]
        self._held: list[Counter[str]] = [Counter() for _ in _VIEWS]
        self._cores: dict[tuple[int, float], dict[str, float]] = {}
        self._sizes: dict[int, float] = {}
        self._named: set[str] = set()

    def add(self, member: int, views: Views, named: frozenset[str]) -> None:
        """Take a letter in."""
        self._misfits += not self._suits(views)
        self.members.append(member)
        self._named |= named
        for total, held, view in zip(self._sums, self._held, views, strict=True):
            held.update(view.keys())
            for word, weight in view.items():
                total[word] = total.get(word, 0.0) + weight
        self._cores, self._sizes = {}, {}

    def welcomes(self, views: Views) -> bool:
        """Whether one more letter leaves the group as much of one place as the gate asks.

        It may grow by letters that the gate itself would not have let through, but not more of
        them than the gate allows.
        """
        strangers = (self._misfits + 1) / (len(self.members) + 1)
        return self._suits(views) or strangers <= 1 - self._gate["most"]

    def _suits(self, views: Views) -> bool:
        if not self.members or self.anchor() != PLACE:
            return True
        return all(
            dot(views[view], self._sums[view]) >= self._gate[least] * len(self.members)
            for view, least in ((PLACE, "place"), (MATTER, "matter"))
        )

    def fit(self, view: int, views: Views) -> float:
        """How well a letter fits the middle of the group in one view, 0 to 1."""
        if view not in self._sizes:
            self._sizes[view] = sqrt(sum(w * w for w in self._sums[view].values())) or 1.0
        return dot(views[view], self._sums[view]) / self._sizes[view]

    def core(self, view: int, share: float) -> Mapping[str, float]:
        """The words that at least this share of the members hold, with their mean weight."""
        if (view, share) not in self._cores:
            count = len(self.members)
            total = self._sums[view]
            self._cores[view, share] = {
                word: total[word] / count
                for word, met in self._held[view].items()
                if met >= share * count
            }
        return self._cores[view, share]

    def holds(self, view: int, views: Views, share: float) -> float:
        """How much of what the members share a letter holds as well, 0 to 1."""
        core = self.core(view, share)
        said = views[view]
        whole = sum(core.values())
        return sum(w for word, w in core.items() if word in said) / whole if whole else 0.0

    def takes(self, views: Views, named: frozenset[str]) -> float:
        """How strongly the group takes a letter in; 0 when place or matter are another.

        The more is written about its name otherwise, the more alike the matter must be. `named`
        are the places in the letter's title.
        """
        whole = self.holds(WHOLE, views, self._rules["shared"])
        what = self.fit(MATTER, views)
        anchor = self.anchor()
        limit = self._rules["placed" if anchor == PLACE else "named"]
        where = self.about(views)
        elsewhere = anchor != PLACE and named and not (named & self._named)
        if where < limit["name"] or (elsewhere and whole < limit["elsewhere"]):
            return 0.0
        need = limit["matter"] + self._rules["busier"] * min(
            self.others() / self._rules["busy"], 1.0
        )
        fits = what >= need and whole >= limit["whole"]
        sure = whole >= limit["sure"] and what >= limit["least"]
        return where * (what + whole) if fits or sure else 0.0

    def names(self, views: Views) -> bool:
        """Whether a letter is about the name of the group."""
        limit = self._rules["placed" if self.anchor() == PLACE else "named"]
        return self.about(views) >= float(limit["name"])

    def about(self, views: Views) -> float:
        """How much of the name of the group a letter holds, 0 to 1."""
        name = self.name()
        said = views[self.anchor()]
        whole = sum(name.values())
        return sum(w for word, w in name.items() if word in said) / whole if whole else 0.0

    def anchor(self) -> int:
        """The view that holds the group's name: places, or the wording of the titles."""
        return PLACE if sum(self._own(PLACE).values()) >= self._rules["least_place"] else TITLE

    def name(self) -> Mapping[str, float]:
        """The words that nearly all members share and few others use, with their mean weight."""
        return self._own(self.anchor())

    def _own(self, view: int) -> Mapping[str, float]:
        met, held = self._reader.met[view], self._held[view]
        most = self._reader.letters * self._rules["widespread"] + self._rules["few"]
        core = self.core(view, self._rules["anchored"])
        return {word: weight for word, weight in core.items() if met[word] - held[word] <= most}

    @property
    def known(self) -> int:
        """How many letters were read so far."""
        return self._reader.letters

    def others(self) -> int:
        """How many other letters hold its name: where much happens, matters differ."""
        name = self.name()
        heaviest = max(sorted(name), key=lambda word: name[word], default="")
        return max(self._reader.met[self.anchor()][heaviest] - len(self.members), 0)

    def near(self, other: "Group") -> float:
        """How much two groups are about the same matter: the cosine of their sums."""
        one, two = self._sums[MATTER], other._sums[MATTER]
        sizes = sqrt(sum(w * w for w in one.values()) * sum(w * w for w in two.values()))
        return dot(one, two) / (sizes or 1.0)

    def even(self, view: int, views: Views) -> float:
        """The mean cosine of a member with the other members in one view."""
        return (dot(views[view], self._sums[view]) - dot(views[view], views[view])) / (
            len(self.members) - 1
        )

    def said_elsewhere(self, rare: int, names: Set[str]) -> tuple[float, int]:
        """How much the members share of what others say too, and how many others say the most.

        What only these letters say is the name of a place, however it is written: letters that
        share nothing else are about several matters there.
        """
        met, held = self._reader.met[MATTER], self._held[MATTER]
        core = self.core(MATTER, self._rules["shared"])
        others = {word: met[word] - held[word] for word in core if word not in names}
        heaviest = max(sorted(others), key=lambda word: core[word], default="")
        shared = sum(core[word] for word, count in others.items() if count >= rare)
        return shared, others.get(heaviest, 0)


def pure(
    group: Group, views: Sequence[Views], strays: float, names: Set[str], gate: Mapping[str, Any]
) -> bool:
    """The gate before a group is shown: one place, or no place at all, and one matter.

    `strays` is the share of members whose titles name another place; `names` are words that stand
    by the names of places: they are no matter.
    """
    shared, elsewhere = group.said_elsewhere(gate["rare"], names)
    if not group.name() or (shared < gate["shared"] and group.known >= gate["enough"]):
        return False
    limits = {PLACE: gate["place"], MATTER: gate["matter"], WHOLE: gate["placed_whole"]}
    if group.anchor() != PLACE:
        limits = {WHOLE: gate["whole"], TITLE: gate["title"]}
        talk = gate["others"] * len(views), gate["topic"] * len(views)
        if strays > gate["stray"] or group.others() > talk[0] or elsewhere > talk[1]:
            return False
    return all(
        sum(group.even(view, one) >= least for one in views) >= gate["most"] * len(views)
        for view, least in limits.items()
    )
