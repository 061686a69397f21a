"""How well guesses agree with what people decided."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

TARGETS = (0.90, 0.95, 0.98)


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


def automatic(
    truth: Sequence[str], guess: Sequence[str], confidence: Sequence[float]
) -> list[dict[str, Any]]:
    """For each target precision, the lowest confidence from which guesses keep it.

    `coverage` is the share of all messages at or above the threshold; where no threshold keeps
    the target, threshold and precision are None and nothing is covered.
    """
    ranked = sorted(zip(confidence, truth, guess, strict=True), key=lambda row: -row[0])
    steps: list[tuple[float, int, int]] = []
    right = 0
    for seen, (sure, decided, guessed) in enumerate(ranked, start=1):
        right += decided == guessed
        if seen == len(ranked) or ranked[seen][0] < sure:  # equal confidences stand or fall as one
            steps.append((sure, seen, right))
    found = []
    for target in TARGETS:
        kept = [step for step in steps if step[2] >= target * step[1]]
        threshold, seen, right = kept[-1] if kept else (None, 0, 0)
        found.append(
            {
                "target": target,
                "threshold": threshold,
                "coverage": _share(seen, len(ranked)),
                "precision": _share(right, seen) if kept else None,
            }
        )
    return found


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0
