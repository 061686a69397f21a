"""A letter ready to be held against many: how alike they are, whether another place is meant."""

from functools import cached_property

from classifiers.similar.places import Named, opposed
from classifiers.similar.wording import common, runs


class Letter:
    """A letter's text, and all its words with title and place; each part is read once."""

    def __init__(self, text: str, *, title: str = "", place: str = "") -> None:
        self.text = text
        self._whole = f"{place}\n{title}\n{text}"

    @cached_property
    def _runs(self) -> frozenset[str]:
        return runs(self.text)

    @cached_property
    def _named(self) -> Named:
        return Named(self._whole)

    def resemblance(self, other: "Letter") -> float:
        """How much of their wording the two texts share, 0 to 1."""
        return common(self._runs, other._runs)

    def elsewhere(self, other: "Letter") -> tuple[str, str] | None:
        """Two places that stand against each other, this letter's first; None where none do."""
        return opposed(self._named, other._named)
