"""The second level of the topic: which branch a message belongs to, once its topic is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from classifiers.features import BLOCKS, KINDS
from classifiers.finding import Finding, Spans
from classifiers.prepared import Floats, Ints, runs
from classifiers.reading import proofs
from classifiers.reading.findings import MOST_ALTERNATIVES
from classifiers.reading.reasons import LEAST, reasons
from classifiers.reading.rows import Rows
from classifiers.teaching.examining import Honesty

if TYPE_CHECKING:
    from classifiers.trained import Model

# Where the branches are in a code: "funds.arrears" lies below "funds".
_BETWEEN = "."
_SOME = 2
_TAKEN = (proofs.without, proofs.without_places)


class Branch(NamedTuple):
    """What lies below one topic; the topic itself among the labels means: none of its branches.

    `weights` has the shape (lines, labels); the last line is of zeros.
    """

    labels: tuple[str, ...]
    weights: Floats
    intercept: Floats


@dataclass(frozen=True)
class Below:
    """The branches of each topic that was taught some; they share their honesty.

    Only the whole text counts, title and ending within it. `lines` has the shape (width of the
    vocabulary + 1) and says in which line of the weights each feature stands; what few messages
    hold shares the last.
    """

    branches: Mapping[str, Branch]
    honesty: Honesty
    lines: Ints

    def read(
        self, model: "Model", name: str, rows: Rows, topics: Sequence[Finding]
    ) -> list[Finding | None]:
        """The branch of each message within its topic, as sure as both are; without words.

        None where nothing is taught below the topic.
        """
        found: list[Finding | None] = [None] * len(topics)
        places: dict[str, list[int]] = {}
        for number, topic in enumerate(topics):
            places.setdefault(topic.label, []).append(number)
        for label, mine in places.items():
            if branch := self.branches.get(label):
                sure = np.array([topics[number].confidence or 0.0 for number in mine])
                shares = self._shares(branch, rows, mine) * sure[:, np.newaxis]
                said = _findings(model, name, branch, shares)
                for number, one in zip(mine, said, strict=True):
                    found[number] = one
        return found

    def words_for(self, model: "Model", message: str, label: str, first: Spans) -> Spans:
        """The words of a message that speak for a label; those that speak for its topic are known.

        They are tried: without them it would be less sure. Where it would not be without both,
        those of one level alone are named, or none.
        """
        branch = self.branches[topic_of(label)]
        rows = model.rows([message])
        margins = self._margins(branch, rows, [0])[0]
        winner = branch.labels.index(label)
        margins[winner] = -np.inf
        telling = reasons(
            model.features, branch.weights, rows,
            np.array([[winner]]), np.array([[margins.argmax()]]), LEAST,
            self.lines[np.minimum(rows.features, model.features.width)],
        )  # fmt: skip
        own, _ = proofs.placed(
            message, telling.words[0], everywhere=telling.once[0] < proofs.SCARCE, by_ending=False
        )
        # A page has room for few words: some of both levels come first.
        both = tuple(dict.fromkeys([*own[:_SOME], *first, *own[_SOME:]]))
        named = [spans for spans in (both, own, first) if spans]
        left = [take(message, spans) for spans in named for take in _TAKEN]
        before, *after = self._sure(model, branch, label, [message, *left])
        for spans, *less in zip(named, after[::2], after[1::2], strict=True):
            if max(less) < before:
                return spans
        return ()

    def _sure(
        self, model: "Model", branch: Branch, label: str, messages: Sequence[str]
    ) -> list[float]:
        """How sure it is of each message that it lies under this label."""
        rows = model.rows(messages)
        topic = model.labels.index(topic_of(label))
        first = model.honesty.shares(model.margins(rows))[:, topic]
        shares = self._shares(branch, rows, range(len(messages)))
        sure: list[float] = (shares[:, branch.labels.index(label)] * first).tolist()
        return sure

    def _shares(self, branch: Branch, rows: Rows, mine: Sequence[int]) -> Any:
        return self.honesty.shares(self._margins(branch, rows, mine))

    def _margins(self, branch: Branch, rows: Rows, mine: Sequence[int]) -> Any:
        """How far each label of a branch speaks for itself in some of the texts."""
        return whole(rows, mine, self.lines) @ branch.weights + branch.intercept


def described(below: Below | None) -> dict[str, Any] | None:
    """What a model file says of its branches beside their arrays."""
    if below is None:
        return None
    labels = {topic: branch.labels for topic, branch in below.branches.items()}
    return {"labels": labels, "honesty": below.honesty}


def arrays(below: Below | None) -> dict[str, Any]:
    """The weights and intercepts of all branches side by side, for a model file."""
    if below is None:
        return {}
    branches = list(below.branches.values())
    return {
        "below_weights": np.hstack([one.weights for one in branches]),
        "below_lines": below.lines,
        "below_intercept": np.concatenate([one.intercept for one in branches]),
    }


def restored(said: Mapping[str, Any] | None, stored: Mapping[str, Any]) -> Below | None:
    """The branches of a model file; None where it has none."""
    if said is None:
        return None
    branches, done = {}, 0
    for topic, labels in said["labels"].items():
        mine = slice(done, done := done + len(labels))
        branches[topic] = Branch(
            tuple(labels),
            np.ascontiguousarray(stored["below_weights"][:, mine]),
            stored["below_intercept"][mine],
        )
    return Below(branches, Honesty(*said["honesty"]), stored["below_lines"])


def topic_of(code: str) -> str:
    """The first-level topic of a code."""
    return code.split(_BETWEEN, 1)[0]


def whole(rows: Rows, mine: Sequence[int], lines: Ints) -> Any:
    """Of some texts what stands in them anywhere, as a scipy matrix: the first part of each row.

    Its columns are the lines of the features.
    """
    from scipy.sparse import csr_matrix

    first = np.asarray(mine, np.int64) * BLOCKS
    begins = rows.blocks[first]
    lengths = rows.blocks[first + KINDS] - begins
    at = runs(begins, lengths)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    shape = len(first), int(lines[-1]) + 1
    return csr_matrix((rows.weights[at], lines[rows.features[at]], starts), shape=shape)


def _findings(model: "Model", name: str, branch: Branch, shares: Any) -> list[Finding]:
    ranked = np.argsort(-shares, axis=1, kind="stable")[:, : MOST_ALTERNATIVES + 1]
    sure = np.take_along_axis(shares, ranked, axis=1).round(12)
    about = "", model.engine, model.version
    return [
        Finding(
            name, branch.labels[order[0]], share[0], (),
            tuple((branch.labels[at], one) for at, one in zip(order[1:], share[1:], strict=True)),
            *about,
        )
        for order, share in zip(ranked.tolist(), sure.tolist(), strict=True)
    ]  # fmt: skip
