"""How well guesses agree with what people decided."""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

TARGETS = (0.90, 0.95, 0.98)
BINS = 10
# One-sided 80 %: a threshold is chosen among many, and a fold's model knows less than the whole.
DOUBT = 0.8416
# A threshold that so few messages reach is not proven by them.
_FEWEST = 20


def report(truth: Sequence[str], guess: Sequence[str]) -> dict[str, Any]:
    """n, accuracy, macro F1 over every label met on either side, and each class by itself."""
    right = Counter(a for a, b in zip(truth, guess, strict=True) if a == b)
    decided, guessed = Counter(truth), Counter(guess)
    per_class = {}
    for label in sorted(decided | guessed):
        both = decided[label] + guessed[label]
        per_class[label] = {
            "n": decided[label],
            "precision": _share(right[label], guessed[label]),
            "recall": _share(right[label], decided[label]),
            "f1": _share(2 * right[label], both),
        }
    whole = [row["f1"] for row in per_class.values()]
    return {
        "n": len(truth),
        "accuracy": _share(right.total(), len(truth)),
        "macro_f1": round(sum(whole) / len(whole), 4) if whole else 0.0,
        "per_class": per_class,
    }


def confusion(truth: Sequence[str], guess: Sequence[str]) -> dict[str, Any]:
    """Counts of each pair: one row a decided label, one column a guessed one."""
    labels = sorted({*truth, *guess})
    pairs = Counter(zip(truth, guess, strict=True))
    return {"labels": labels, "rows": [[pairs[a, b] for b in labels] for a in labels]}


def reliability(
    truth: Sequence[str], guess: Sequence[str], confidence: Sequence[float]
) -> dict[str, Any]:
    """How often guesses of about one confidence are right, and the expected calibration error."""
    held: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for decided, guessed, sure in zip(truth, guess, confidence, strict=True):
        held[min(int(sure * BINS), BINS - 1)].append((sure, decided == guessed))
    bins, off = [], 0.0
    for number, met in enumerate(held):
        sure = sum(one for one, _ in met)
        right = sum(one for _, one in met)
        off += abs(sure - right)
        bins.append(
            {
                "from": number / BINS,
                "to": (number + 1) / BINS,
                "n": len(met),
                "confidence": round(sure / len(met), 4) if met else None,
                "accuracy": _share(right, len(met)) if met else None,
            }
        )
    return {"ece": round(off / len(truth), 4) if truth else 0.0, "bins": bins}


def thresholds(
    truth: Sequence[str], guess: Sequence[str], confidence: Sequence[float]
) -> list[dict[str, Any]]:
    """For each target precision, the lowest confidence from which guesses surely keep it.

    A threshold read off the very guesses it is judged by is too hopeful: luck picks it. So not
    only the errors met have to be few enough, but those that the calibrated confidences foretell
    as well, which all messages together have fixed, and so many more as chance may bring.
    `coverage` is the share of all messages at or above the threshold; where no
    threshold keeps the target, threshold and precision are None and nothing is covered.
    """
    ranked = sorted(zip(confidence, truth, guess, strict=True), key=lambda row: -row[0])
    steps: list[tuple[float, int, int, float]] = []
    right, foretold = 0, 0.0
    for seen, (sure, decided, guessed) in enumerate(ranked, start=1):
        right += decided == guessed
        foretold += 1 - sure
        if seen == len(ranked) or ranked[seen][0] < sure:  # equal confidences stand or fall as one
            errors = max(seen - right, foretold + DOUBT * math.sqrt(foretold))
            steps.append((sure, seen, right, errors))
    found = []
    for target in TARGETS:
        kept = [step for step in steps if step[1] >= _FEWEST and step[3] <= (1 - target) * step[1]]
        threshold, seen, right = kept[-1][:3] if kept else (None, 0, 0)
        found.append(
            {
                "target": target,
                "threshold": threshold,
                "coverage": _share(seen, len(ranked)),
                "precision": _share(right, seen) if kept else None,
            }
        )
    return found


def automatic(
    truth: Sequence[str],
    guess: Sequence[str],
    confidence: Sequence[float],
    chosen: Sequence[dict[str, Any]],
) -> list[dict[str, Any]]:
    """What thresholds chosen elsewhere reach on these messages: coverage and precision."""
    found = []
    for target, threshold in ((one["target"], one["threshold"]) for one in chosen):
        kept = [
            decided == guessed
            for decided, guessed, sure in zip(truth, guess, confidence, strict=True)
            if threshold is not None and sure >= threshold
        ]
        found.append(
            {
                "target": target,
                "threshold": threshold,
                "coverage": _share(len(kept), len(truth)),
                "precision": _share(sum(kept), len(kept)) if kept else None,
            }
        )
    return found


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0
