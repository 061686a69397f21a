"""Link letters day by day: join known issues, or found new ones; what was said is never unsaid."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from heapq import nlargest, nsmallest
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from classifiers.hot.groups import Group, pure
from classifiers.hot.views import PLACE, TITLE, WHOLE, Reader, Views, alike, dot

_VIEWS = (PLACE, TITLE, WHOLE)


class Linker:
    """All letters so far, which of them belong together, and which stand alone."""

    def __init__(self, rules: Mapping[str, Any]) -> None:
        """Begin with no letter."""
        self.rules = rules
        self.reader = Reader(rules)
        self.groups: list[Group] = []
        self.group_of: dict[int, int] = {}
        self.views: list[Views] = []
        self.days: list[int] = []
        self.named: list[frozenset[str]] = []
        self.regions: list[frozenset[str]] = []
        self.beside: list[frozenset[str]] = []
        self._near: list[dict[int, float]] = []
        most = rules["bounds"]["letters"]
        # For each view the newest letters that hold a word, and how heavy it is in each.
        self._holders: tuple[dict[str, deque[tuple[int, float]]], ...] = tuple(
            defaultdict(lambda: deque(maxlen=most)) for _ in range(len(_VIEWS))
        )

    def day(
        self,
        day: int,
        letters: Sequence[tuple[str, str]],
        owners: Sequence[int | None] = (),
        settled: Sequence[bool] = (),
        begun: dict[int, int] | None = None,
    ) -> None:
        """Take in the letters of one day (title, body).

        A letter with an owner goes to the group that `begun` keeps for it; a settled one founds
        nothing by itself.
        """
        first = len(self.views)
        for views, (title, _) in zip(self.reader.read(letters), letters, strict=True):
            self.views.append(views)
            self.days.append(day)
            self.named.append(self.reader.named(title))
            self.beside.append(self.reader.beside(title, self.named[-1]))
            self.regions.append(self.reader.regions(title))
            self._near.append({})
        for place, number in enumerate(range(first, len(self.views))):
            owner = owners[place] if owners else None
            if owner is None or begun is None:
                self._take(number, founding=not (settled and settled[place]))
                continue
            if owner not in begun:
                begun[owner] = len(self.groups)
                self.groups.append(Group(self.reader, self.rules))
            self._add(begun[owner], number)
            self._hold(number)

    def _hold(self, number: int) -> None:
        views = self.views[number]
        for view, holders in zip(_VIEWS, self._holders, strict=True):
            for word, weight in views[view].items():
                holders[word].append((number, weight))

    def _take(self, number: int, *, founding: bool) -> None:
        if not founding:
            self._hold(number)
            return
        near = self._neighbours(number)
        self._hold(number)
        if self._join(number, near):
            return
        edge = self.rules["likeness"]["edge"]
        loose = {
            other: how for other, how in near.items() if how >= edge and other not in self.group_of
        }
        self._near[number] = loose
        for other, how in loose.items():
            self._near[other][number] = how
        self._found(number)

    def _neighbours(self, number: int) -> dict[int, float]:
        bounds = self.rules["bounds"]
        oldest = self.days[number] - self.rules["memory_days"]
        views = self.views[number]
        telling = nlargest(
            bounds["words"],
            ((w, place, word) for place, v in enumerate(_VIEWS) for word, w in views[v].items()),
        )
        met: dict[int, float] = defaultdict(float)
        for weight, place, word in telling:
            holders: Iterable[tuple[int, float]] = self._holders[place].get(word, ())
            if any(self.days[other] < oldest for other, _ in islice(holders, 1)):
                holders = [one for one in holders if self.days[one[0]] >= oldest]
            for other, how in holders:
                met[other] += weight * how
        best = nsmallest(bounds["compared"], ((-how, other) for other, how in met.items()))
        return {other: alike(views, self.views[other]) for _, other in best}

    def _join(self, number: int, near: Mapping[int, float]) -> bool:
        known = {self.group_of[other] for other in near if other in self.group_of}
        views, named = self.views[number], self.named[number]
        fits = {
            which: self.groups[which].takes(views, named)
            for which in known
            if self.groups[which].welcomes(views)
        }
        best = max(sorted(fits), key=lambda which: fits[which], default=-1)
        if best < 0 or not fits[best]:
            return False
        self._add(best, number)
        self._sweep(best, near)
        return True

    def _sweep(self, which: int, others: Iterable[int]) -> None:
        """Loose letters that an issue takes in now that it has grown."""
        for other in sorted(others):
            if other in self.group_of:
                continue
            group, views = self.groups[which], self.views[other]
            if group.takes(views, self.named[other]) and group.welcomes(views):
                self._add(which, other)

    def _add(self, which: int, number: int) -> None:
        self.groups[which].add(number, self.views[number], self.named[number])
        self.group_of[number] = which
        self._near[number] = {}

    def _found(self, number: int) -> None:
        """Average linkage among the loose letters around a new one; found an issue if it holds."""
        least = self.rules["least"]
        around = self._around(number)
        if len(around) < least:
            return
        linked = set(self._linked(around, number))
        for strays in (set[int](), self._astray(linked), self._elsewhere(linked, number)):
            together = sorted(linked - strays)
            if number in together and self._voices(together) >= least and self._opens(together):
                break
        else:
            return
        group = self._grouped(together)
        beside = {other for member in together for other in self._near[member]}
        which = self._known(group, together)
        if which < 0:
            which = len(self.groups)
            self.groups.append(group)
            for other in together:
                self.group_of[other] = which
                self._near[other] = {}
        else:
            for other in together:
                self._add(which, other)
        self._sweep(which, beside)

    def _known(self, group: Group, members: Sequence[int]) -> int:
        """The issue shown already that a new group is a part of, or -1."""
        rules = self.rules["likeness"]
        votes: Counter[int] = Counter()
        for member in members:
            near = self._neighbours(member)
            for which in {self.group_of[other] for other in near if other in self.group_of}:
                votes[which] += self.groups[which].names(self.views[member])
        for which, count in sorted(votes.items(), key=lambda one: (-one[1], one[0])):
            most = count >= rules["shared"] * len(members)
            if most and group.near(self.groups[which]) >= rules["same_group"]:
                return which
        return -1

    def _around(self, number: int) -> list[int]:
        """The loose letters that may be linked with a letter: directly, or over one between.

        Parts whose mean likeness is enough hold two letters alike enough: weaker ties link nothing.
        """
        oldest = self.days[number] - self.rules["memory_days"]
        least = self.rules["likeness"]["join"]
        reached = {number: 2.0}
        for other, how in sorted(self._near[number].items(), key=lambda one: (-one[1], one[0])):
            if how >= least and self._free(other, oldest):
                reached[other] = max(reached.get(other, 0.0), 1 + how)
                for third, far in self._near[other].items():
                    if far >= least and third != number and self._free(third, oldest):
                        reached[third] = max(reached.get(third, 0.0), far)
        ranked = sorted(reached, key=lambda other: (-reached[other], other))
        return ranked[: self.rules["bounds"]["linked"]]

    def _free(self, number: int, oldest: int) -> bool:
        return number not in self.group_of and self.days[number] >= oldest

    def _linked(self, around: Sequence[int], number: int) -> list[int]:
        size = len(around)
        table: npt.NDArray[np.float64] = np.zeros((size, size))
        for i in range(size):
            for j in range(i):
                known = self._near[around[i]].get(around[j])
                how = (
                    alike(self.views[around[i]], self.views[around[j]]) if known is None else known
                )
                table[i, j] = table[j, i] = how
        chosen = average_linkage(table, self.rules["likeness"]["join"])
        mine = next(group for group in chosen if around.index(number) in group)
        return [around[i] for i in mine]

    def _voices(self, members: Sequence[int]) -> float:
        """How many letters there are when copies of one text count for less."""
        rules = self.rules["likeness"]
        texts: list[Views] = []
        for member in members:
            views = self.views[member]
            if all(dot(views[WHOLE], text[WHOLE]) < rules["copy"] for text in texts):
                texts.append(views)
        return len(texts) + float(rules["copy_counts"]) * (len(members) - len(texts))

    def _grouped(self, members: Sequence[int]) -> Group:
        group = Group(self.reader, self.rules)
        for member in members:
            group.add(member, self.views[member], self.named[member])
        return group

    def _opens(self, members: Sequence[int]) -> bool:
        views = [self.views[member] for member in members]
        strays = len(self._astray(members)) / len(members)
        beside = Counter(word for member in members for word in self.beside[member])
        names = {word for word, count in beside.items() if count * 2 >= len(members)}
        return pure(self._grouped(members), views, strays, names, self.rules["gate"])

    def _elsewhere(self, members: Iterable[int], number: int) -> set[int]:
        """The members whose titles name places, and none of those that this letter names."""
        own = self.named[number]
        return {one for one in members if own and self.named[one] and not own & self.named[one]}

    def _astray(self, members: Iterable[int]) -> set[int]:
        """The members whose titles name another place than most that name one."""
        astray: set[int] = set()
        for places in (self.named, self.regions):
            naming = [member for member in members if places[member]]
            for member in naming:
                weights = self.views[member][PLACE]
                most = max(weights.get(word, 0.0) for word in places[member])
                telling = [w for w in places[member] if weights.get(w, 0.0) * 2 >= most]
                held = max(sum(word in places[other] for other in naming) for word in telling)
                if held < self.rules["likeness"]["shared"] * len(naming):
                    astray.add(member)
        return astray


def average_linkage(table: npt.NDArray[np.float64], least: float) -> list[list[int]]:
    """Groups in which the mean likeness of two joined parts is at least so much; deterministic."""
    groups = [[i] for i in range(len(table))]
    means = table.copy()
    np.fill_diagonal(means, -1.0)
    while len(groups) > 1:
        at = int(np.argmax(means))
        one, other = sorted(divmod(at, len(groups)))
        if means[one, other] < least:
            break
        a, b = len(groups[one]), len(groups[other])
        means[one] = (a * means[one] + b * means[other]) / (a + b)
        means[:, one] = means[one]
        means[one, one] = -1.0
        groups[one] += groups.pop(other)
        means = np.delete(np.delete(means, other, 0), other, 1)
    return groups
