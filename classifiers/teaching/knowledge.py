"""What is known beside decided messages: what the labels mean, and how often words occur at all."""

import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property

from classifiers import words
from classifiers.prepared import BATCH, Prepared, prepare
from classifiers.teaching.background import Background


@dataclass(frozen=True)
class Knowledge:
    """Words that belong to labels, and messages that nobody decided.

    `hints` are pairs of a label and a few of its words: each teaches like a very short message.
    Of `undecided` messages only counts are kept: which words stand in every letter.
    """

    hints: tuple[tuple[str, str], ...] = ()
    undecided: Sequence[str] = field(default=(), repr=False)

    @cached_property
    def taught(self) -> Prepared:
        """The hints as messages that say the same in their title and in their text."""
        return prepare([f"{said}\n{said}" for _, said in self.hints])

    @cached_property
    def background(self) -> Background:
        """In how many of the undecided messages words, characters and pairs stand."""
        found = Background()
        for first in range(0, len(self.undecided), BATCH):
            found.count(prepare(self.undecided[first : first + BATCH]))
        return found

    @cached_property
    def digest(self) -> str:
        """Equal for equal knowledge."""
        whole = hashlib.sha256()
        for part in (*(part for hint in self.hints for part in hint), *self.undecided):
            whole.update(part.encode("utf-8", "surrogatepass") + b"\0")
        return whole.hexdigest()


NOTHING = Knowledge()


def of_labels(
    labels: Iterable[str], tree: Mapping[str, Sequence[str]] | None = None
) -> tuple[tuple[str, str], ...]:
    """Hints for these labels: their own names, the shipped themes that they name, and a tree.

    `tree` has for a label what belongs below it.
    """
    hints: dict[tuple[str, str], None] = {}
    for label in sorted(set(labels)):
        lines = [label, *_of_themes(label), *(tree or {}).get(label, ())]
        hints |= {(label, word): None for line in lines for word in _parts(line)}
    return tuple(hints)


def of_branches(branches: Mapping[str, Sequence[str]]) -> tuple[tuple[str, str], ...]:
    """Hints for the branches of topics: what each is called and described by, nothing else."""
    hints = {(code, word): None for code, said in branches.items() for line in said
             for word in _parts(line)}  # fmt: skip
    return tuple(hints)


def _of_themes(label: str) -> Iterator[str]:
    for names, lines in _themes():
        if any(name in label for name in names):
            yield from lines


def _parts(line: str) -> list[str]:
    return [part for part in words.phrases(line) if len(part) > 1]


@cache
def _themes() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    path = words.shipped_data() / "themes.toml"
    if not path.is_file():
        return ()
    told = tomllib.loads(path.read_text("utf-8"))["theme"]
    return tuple((tuple(one["names"]), tuple(one["lines"])) for one in told)
