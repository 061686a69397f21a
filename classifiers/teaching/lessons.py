"""Weights of a linear model from decided messages; folds that spread every label evenly."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from classifiers.features import PARTS, Features
from classifiers.prepared import Floats
from classifiers.teaching.studying import Study

HINT = 0.1  # what a hint weighs against a decided message
_NEVER = -4.0  # margin of a label that a fold has not met


@dataclass(frozen=True)
class Lesson:
    """Decided messages with their labels."""

    study: Study
    labels: Sequence[str]
    known: tuple[str, ...]
    # Whether a text's last clauses tell more than the rest: what is wanted stands there, what it
    # is about stands anywhere.
    by_ending: bool = False

    def learn(self, rows: Sequence[int] | None = None) -> tuple[Features, Floats, Floats]:
        """The vocabulary, weights (feature by label) and intercepts, of some or all messages.

        A label that is not met keeps a low constant.
        """
        from scipy.sparse import vstack
        from sklearn.svm import LinearSVC

        study, beside = self.study, self.study.beside
        features = study.features if rows is None else study.known_from(rows)
        rows = range(len(study)) if rows is None else rows
        told = [row for row, (label, _) in enumerate(beside.hints) if label in self.known]
        taught, trust = study.rows(features, rows).matrix(features.size), None
        labels = [self.labels[row] for row in rows]
        if told:
            hints = features.rows(beside.taught.pick(told)).matrix(features.size)
            taught = vstack([taught, hints], format="csr")
            labels += [beside.hints[row][0] for row in told]
            trust = np.repeat([1.0, HINT], [len(rows), len(told)])
        heard = features.size if self.by_ending else (PARTS - 1) * features.width
        learner = LinearSVC(C=0.5, class_weight="balanced", random_state=0, max_iter=5000)
        learner.fit(taught[:, :heard], np.array(labels), trust)
        met = list(learner.classes_)
        weights, intercept = learner.coef_, learner.intercept_
        if len(met) == 2:
            weights = np.vstack([-weights, weights])
            intercept = np.concatenate([-intercept, intercept])
        every = np.zeros((features.size, len(self.known)), dtype=np.float32)
        constant = np.full(len(self.known), _NEVER, dtype=np.float32)
        columns = [self.known.index(label) for label in met]
        every[:heard, columns], constant[columns] = weights.T, intercept
        return features, every, constant

    def out_of_fold(self, folds: int) -> tuple[Floats, list[int]]:
        """The margins of each message by a model that had not seen it, and the fold of each."""
        fold = deal(self.labels, max(2, min(folds, len(self.labels))))
        margins = np.empty((len(self.labels), len(self.known)), dtype=np.float32)
        for number in range(max(fold) + 1):
            features, weights, intercept = self.learn(
                [row for row, dealt in enumerate(fold) if dealt != number]
            )
            held = [row for row, dealt in enumerate(fold) if dealt == number]
            shown = self.study.rows(features, held).matrix(features.size)
            margins[held] = shown @ weights + intercept
        return margins, fold


def deal(labels: Sequence[str], folds: int) -> list[int]:
    """A fold for each message, every label spread evenly; the same every time."""
    mixed = np.random.default_rng(0).permutation(len(labels)).tolist()
    fold = [0] * len(labels)
    for turn, row in enumerate(sorted(mixed, key=lambda row: labels[row])):
        fold[row] = turn % folds
    return fold
