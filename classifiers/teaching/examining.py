"""What a model is worth: scores on messages it had not seen, its honesty, and where it errs."""

import hashlib
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from classifiers import scores
from classifiers.prepared import Floats, Prepared
from classifiers.teaching.lessons import Lesson

MOST_SHOWN = 200


def report(
    lesson: Lesson, margins: Floats, fold: Sequence[int], ids: Sequence[str] = ()
) -> dict[str, Any]:
    """The scores of cross-validation: every figure is of a model that had not seen the message.

    n, cv_macro_f1, cv_accuracy, top2; `per_class` (n, precision, recall, f1); `confusion`
    (labels; rows of counts, one row a decided label, one column a guessed one); `reliability`
    (ece; bins of from, to, n, confidence, accuracy); `automatic` (for each target precision the
    threshold that the model proposes, with coverage and precision here); `wrong` (row, truth,
    guess, confidence; the surest first); `contradictions` (rows that say the same under other
    labels). A row is named by the id given with it, else by the hash of its text.
    """
    prepared, labels, known = lesson.study.prepared, lesson.labels, lesson.known
    names = list(ids) or [row_hash(text) for text in prepared.texts]
    truth = np.array([known.index(label) for label in labels])
    sure = _cross_calibrated(margins, truth, fold)
    best = sure.argmax(axis=1)
    guess = [known[one] for one in best]
    confidence = sure[np.arange(len(best)), best].astype(float).round(4).tolist()
    figures = scores.report(labels, guess)
    near = np.argsort(-sure, axis=1, kind="stable")[:, :2]
    return {
        "n": figures["n"],
        "cv_macro_f1": figures["macro_f1"],
        "cv_accuracy": figures["accuracy"],
        "top2": round(float((near == truth[:, None]).any(axis=1).mean()), 4),
        "per_class": figures["per_class"],
        "confusion": scores.confusion(labels, guess),
        "reliability": scores.reliability(labels, guess, confidence),
        "automatic": scores.thresholds(labels, guess, confidence),
        "wrong": _wrong(names, labels, guess, confidence),
        "contradictions": _contradictions(prepared, labels, names),
    }


def row_hash(text: str) -> str:
    """A name for a message that tells nothing about it."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


class Honesty(NamedTuple):
    """What makes margins into honest shares: the log-odds that the likeliest label is right.

    They grow with its lead over the next label alone. A softmax over all labels ranks worse: on
    real letters it is surest where one label towers, and there the deciders erred as well.
    """

    slope: float
    start: float

    def shares(self, margins: Any) -> Any:
        """The probability of each label, by row; their order is that of the margins.

        What the likeliest leaves is dealt among the others, none more likely than itself.
        """
        lines, best = np.arange(len(margins)), margins.argmax(axis=1)
        first = margins[lines, best]
        others = np.array(margins)
        others[lines, best] = -np.inf
        lead = first - others.max(axis=1)
        sure = 1 / (1 + np.exp(-(self.slope * lead + self.start)))
        sure = np.maximum(sure, 1 / margins.shape[1])
        rest = softmax(others * self.slope) * (1 - sure)[:, np.newaxis]
        rest = np.minimum(rest, sure[:, np.newaxis])
        rest[lines, best] = sure
        return rest


def honesty(margins: Floats, truth: npt.NDArray[np.int_]) -> Honesty:
    """What makes probabilities honest on messages that the model had not seen.

    After Platt, the truth itself is taken as not quite sure: n messages without an error do not
    prove that there is none.
    """
    from scipy.optimize import minimize

    first, second = -np.partition(-margins, 1, axis=1)[:, :2].T
    lead, right = first - second, margins.argmax(axis=1) == truth
    hits = int(right.sum())
    told = np.where(right, (hits + 1) / (hits + 2), 1 / (len(truth) - hits + 2))

    def surprise(at: npt.NDArray[np.float64]) -> float:
        odds = np.exp(at[0]) * lead + at[1]
        return float((np.logaddexp(0, odds) - told * odds).mean())

    # The logarithm of the slope keeps it above zero; bounds, where nothing was wrong.
    found = minimize(
        surprise, (1.0, 0.0), method="Nelder-Mead", bounds=((-3, 4), (-6, 6)),
        options={"xatol": 1e-3, "fatol": 1e-7},
    )  # fmt: skip
    return Honesty(float(np.exp(found.x[0])), float(found.x[1]))


def softmax(margins: Any) -> Any:
    """Shares that sum to one, by row."""
    powers = np.exp(margins - margins.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def _cross_calibrated(margins: Floats, truth: npt.NDArray[np.int_], fold: Sequence[int]) -> Floats:
    """Probabilities of each fold made honest by what the other folds ask for."""
    dealt = np.array(fold)
    sure = np.empty_like(margins)
    for number in range(int(dealt.max()) + 1):
        held = dealt == number
        sure[held] = honesty(margins[~held], truth[~held]).shares(margins[held])
    return sure


def _wrong(
    names: Sequence[str], truth: Sequence[str], guess: Sequence[str], sure: Sequence[float]
) -> list[dict[str, Any]]:
    told = zip(sure, names, truth, guess, strict=True)
    missed = sorted((one for one in told if one[2] != one[3]), key=lambda one: (-one[0], one[1]))
    return [
        {"row": name, "truth": decided, "guess": guessed, "confidence": share}
        for share, name, decided, guessed in missed[:MOST_SHOWN]
    ]


def _contradictions(
    prepared: Prepared, labels: Sequence[str], names: Sequence[str]
) -> list[dict[str, Any]]:
    """Messages of the same letters and figures that people decided differently."""
    alike: dict[str, list[int]] = {}
    for row, text in enumerate(prepared.texts):
        alike.setdefault("".join(filter(str.isalnum, text)), []).append(row)
    return [
        {"rows": [names[row] for row in rows], "labels": sorted({labels[row] for row in rows})}
        for rows in alike.values()
        if len({labels[row] for row in rows}) > 1
    ][:MOST_SHOWN]
