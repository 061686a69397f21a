"""How the second level is learnt: below each topic apart, from what was decided there."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from classifiers.prepared import Floats, Ints
from classifiers.reading.below import Below, Branch, topic_of, whole
from classifiers.teaching import examining
from classifiers.teaching.lessons import HINT, Lesson, deal
from classifiers.teaching.studying import Study

# Fewer messages below a topic cannot tell its branches apart.
FEWEST = 20
# In fewer messages than this a feature tells the branches of a topic no better (0.872 with five,
# 0.873 with all), and takes most of the memory.
_HELD_BY = 5
# Far below any margin: a branch of another topic is not asked for.
_ELSEWHERE = -1e3


def learn(
    study: Study, labels: Sequence[str], folds: int, ids: Sequence[str] = ()
) -> tuple[Below | None, dict[str, Any]]:
    """What lies below each topic, and its scores: how right it is where the topic is right.

    A message without a label teaches nothing; None where no topic has two labels below it.
    """
    members = _members(labels)
    if not members:
        return None, {}
    known = tuple(sorted({labels[row] for rows in members.values() for row in rows}))
    taught = sorted(row for rows in members.values() for row in rows)
    place = {row: number for number, row in enumerate(taught)}
    told = [labels[row] for row in taught]
    pupil = _Pupil(study, labels)
    fold = deal(told, max(2, min(folds, len(told))))
    margins = np.full((len(taught), len(known)), _ELSEWHERE)
    branches = {}
    for topic, rows in members.items():
        branches[topic] = pupil.branch(rows)
        for number in range(max(fold) + 1):
            held = [row for row in rows if fold[place[row]] == number]
            seen = [row for row in rows if fold[place[row]] != number]
            if held and len({labels[row] for row in seen}) > 1:
                made = pupil.branch(seen)
                columns = [known.index(label) for label in made.labels]
                at = np.ix_([place[row] for row in held], columns)
                margins[at] = pupil.whole[held] @ made.weights[:-1] + made.intercept
    truth = np.array([known.index(label) for label in told])
    lesson = Lesson(Study(study.prepared.pick(taught), study.beside), told, known)
    names = [ids[row] for row in taught] if ids else ()
    return (
        Below(branches, examining.honesty(margins, truth), pupil.lines),
        examining.report(lesson, margins, fold, names),
    )


def _members(labels: Sequence[str]) -> dict[str, list[int]]:
    """The messages below each topic that has two labels below it, and enough messages."""
    found: dict[str, list[int]] = {}
    for row, label in enumerate(labels):
        if label:
            found.setdefault(topic_of(label), []).append(row)
    for topic, rows in found.items():
        # That none of the branches fits is no branch itself: a few such messages teach nothing.
        bare = [row for row in rows if labels[row] == topic]
        if len(bare) < FEWEST:
            found[topic] = [row for row in rows if labels[row] != topic]
    return {
        topic: rows
        for topic, rows in sorted(found.items())
        if len(rows) >= FEWEST and len({labels[row] for row in rows}) > 1
    }


class _Pupil:
    """Messages and hints as rows of a vocabulary, of their whole text alone."""

    def __init__(self, study: Study, labels: Sequence[str]) -> None:
        self.labels = labels
        self.hints = study.beside.hints
        features, every = study.features, range(len(study))
        rows, told = study.rows(features, every), features.rows(study.beside.taught)
        seen = rows.seen(features.size) + _HELD_BY * told.seen(features.size)
        self.lines = _lines(seen[: features.width])
        # Without the last column, of all that nothing is known of.
        self.whole = whole(rows, every, self.lines)[:, :-1].tocsr()
        self.taught = whole(told, range(len(self.hints)), self.lines)[:, :-1].tocsr()

    def branch(self, rows: Sequence[int]) -> Branch:
        """What some of the messages below one topic teach, and the hints about their labels."""
        from scipy.sparse import vstack
        from sklearn.svm import LinearSVC

        told = [self.labels[row] for row in rows]
        # The hints of the topic itself are about all that lies below it.
        names = {label for label in told if label != topic_of(label)}
        hinted = [row for row, (label, _) in enumerate(self.hints) if label in names]
        shown, trust = self.whole[rows], np.ones(len(rows))
        if hinted:
            shown = vstack([shown, self.taught[hinted]], format="csr")
            told += [self.hints[row][0] for row in hinted]
            trust = np.repeat([1.0, HINT], [len(rows), len(hinted)])
        learner = LinearSVC(C=0.5, class_weight="balanced", random_state=0, max_iter=5000)
        learner.fit(shown, np.array(told), trust)
        weights, intercept = learner.coef_, learner.intercept_
        if len(learner.classes_) == 2:
            weights = np.vstack([-weights, weights])
            intercept = np.concatenate([-intercept, intercept])
        nothing = np.zeros((1, len(weights)))
        lines: Floats = np.vstack([weights.T, nothing]).astype(np.float32)
        return Branch(tuple(learner.classes_.tolist()), lines, intercept.astype(np.float32))


def _lines(seen: Ints) -> Ints:
    """A line for each feature that a hint or enough messages hold, and one for all the others."""
    enough = seen >= _HELD_BY
    lines = np.where(enough, np.cumsum(enough) - 1, enough.sum())
    return np.append(lines, enough.sum()).astype(np.int32)
