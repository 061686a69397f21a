"""Weights of a linear model from decided messages; folds that spread every label evenly."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from classifiers.features import Features, Floats, Prepared

_NEVER = -4.0  # margin of a label that a fold has not met


def learn(
    features: Features, prepared: Prepared, labels: Sequence[str], known: tuple[str, ...]
) -> tuple[Floats, Floats]:
    """Weights (feature by label) and intercepts; a label that is not met keeps a low constant."""
    from sklearn.svm import LinearSVC

    learner = LinearSVC(C=0.5, class_weight="balanced", random_state=0, max_iter=5000)
    learner.fit(matrix(features, prepared), np.array(labels))
    met = list(learner.classes_)
    weights, intercept = learner.coef_, learner.intercept_
    if len(met) == 2:
        weights, intercept = np.vstack([-weights, weights]), np.concatenate([-intercept, intercept])
    every = np.zeros((features.size, len(known)), dtype=np.float32)
    constant = np.full(len(known), _NEVER, dtype=np.float32)
    columns = [known.index(label) for label in met]
    every[:, columns], constant[columns] = weights.T, intercept
    return every, constant


def matrix(features: Features, prepared: Prepared) -> Any:
    """All messages as one sparse matrix."""
    from scipy.sparse import vstack

    parts = [features.rows(batch).matrix(features.size) for batch in prepared.batches()]
    return vstack(parts, format="csr")


def out_of_fold(
    prepared: Prepared, labels: Sequence[str], known: tuple[str, ...], folds: int
) -> tuple[Floats, list[int]]:
    """The margins of each message by a model that had not seen it, and the fold of each."""
    fold = deal(labels, max(2, min(folds, len(labels))))
    margins = np.empty((len(labels), len(known)), dtype=np.float32)
    for number in range(max(fold) + 1):
        seen = [row for row, dealt in enumerate(fold) if dealt != number]
        held = [row for row, dealt in enumerate(fold) if dealt == number]
        margins[held] = margins_of(
            prepared.pick(seen), [labels[row] for row in seen], known, prepared.pick(held)
        )
    return margins, fold


def margins_of(
    seen: Prepared, labels: Sequence[str], known: tuple[str, ...], held: Prepared
) -> Floats:
    """What a model of the messages seen says about those held back."""
    features = Features.fit(seen)
    weights, intercept = learn(features, seen, labels, known)
    said: Floats = matrix(features, held) @ weights + intercept
    return said


def deal(labels: Sequence[str], folds: int) -> list[int]:
    """A fold for each message, every label spread evenly; the same every time."""
    mixed = np.random.default_rng(0).permutation(len(labels)).tolist()
    fold = [0] * len(labels)
    for turn, row in enumerate(sorted(mixed, key=lambda row: labels[row])):
        fold[row] = turn % folds
    return fold
