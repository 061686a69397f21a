"""How right the readers are on the messages that were written apart and never taught.

Run: python benchmarks/own_labels.py
Trains the first models as a new office gets them, reads the held-out parts of data/training
through the product's own path (catalogue and rules first), and prints scores and confusions of
classes: over all of them, and what each part brings. Single messages are never shown: nobody
shall tune on them.
"""

import csv
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from classifiers import scores  # noqa: E402
from monitor.services import preparing, rulebook  # noqa: E402
from monitor.settings import Settings  # noqa: E402
from monitor.tasks import training  # noqa: E402

CALM = "normal"
WANTED = {
    "topic accuracy": 0.90, "request_type accuracy": 0.88, "section accuracy": 0.88,
    "urgent recall": 0.95, "urgent precision": 0.80,
}  # fmt: skip
MOST_OFF = {"topic calibration error": 0.05, "request_type calibration error": 0.05}
SECONDS = 20


PARTS = ("held_out.csv", "held_out_second.csv", "held_out_third.csv")
Row = dict[str, str]
Read = list[dict[str, dict[str, Any]]]


def main() -> int:
    parts = {name: rows_of(name) for name in PARTS}
    rows = [row for part in parts.values() for row in part]
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home), data_dir=ROOT / "data")
        began, worked = time.perf_counter(), time.process_time()
        learnt = training.first_models(settings)
        took, worked = time.perf_counter() - began, time.process_time() - worked
        rules = rulebook.from_files(settings.data_dir)
        prepared = preparing.prepare(
            settings, rules.words, [(row["title"], row["text"]) for row in rows]
        )
    for row, read in zip(rows, prepared, strict=True):
        preparing.suggest(rules.guide, read, f"{row['title']}\n{row['text']}")
    said = [read.findings for read in prepared]
    print(f"{len(rows)} messages held out, {learnt['n']} taught in {took:.1f} s")
    by_class(rows, said)
    first = 0
    for name, part in parts.items():
        print(f"\n{name}, {len(part)} messages")
        judged(part, said[first : first + len(part)])
        first += len(part)
    print(f"\nall {len(rows)} messages")
    missed = judged(rows, said)
    print(f"{'seconds of work to teach':30} {worked:.1f}  wanted ≤ {SECONDS}")
    return int(missed or worked > SECONDS)


def rows_of(name: str) -> list[Row]:
    with (ROOT / "data" / "training" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def by_class(rows: list[Row], said: Read) -> None:
    """What each reader finds of each class, and what it takes for what."""
    for reader in ("topic", "request_type", "section", "urgency"):
        truth = [row[reader] for row in rows]
        guess = [read[reader]["label"] for read in said]
        figures = scores.report(truth, guess)
        print(f"\n{reader}: accuracy {figures['accuracy']:.3f}, macro F1 {figures['macro_f1']:.3f}")
        for label, one in figures["per_class"].items():
            found = f"precision {one['precision']:.2f}  recall {one['recall']:.2f}"
            print(f"  {label:12} {one['n']:4}  {found}")
        wrong = Counter((a, b) for a, b in zip(truth, guess, strict=True) if a != b)
        print(
            "  taken for another:", ", ".join(f"{a}→{b} {n}" for (a, b), n in wrong.most_common(8))
        )


def below(rows: list[Row], said: Read) -> None:
    """How right the second level is: against the truth, and where the first is right."""
    pairs = [
        (row["topic"], row["subtopic"], read["topic"]["label"], read.get("subtopic", read["topic"]))
        for row, read in zip(rows, said, strict=True)
    ]
    truth = [one[1] for one in pairs]
    guess = [one[3]["label"] for one in pairs]
    sure = [one[3]["confidence"] or 0.0 for one in pairs]
    right = [wanted == found["label"] for topic, wanted, first, found in pairs if topic == first]
    told = [
        a == b
        for a, b, share in zip(truth, guess, sure, strict=True)
        if share >= preparing.SECOND_LEVEL_FROM
    ]
    print(
        f"{'subtopic accuracy':30} {scores.report(truth, guess)['accuracy']:.3f}, "
        f"where the topic is right {sum(right) / len(right):.3f}, "
        f"of the {len(told)} suggested {sum(told) / len(told):.3f}; "
        f"calibration error {scores.reliability(truth, guess, sure)['ece']:.3f}"
    )


def judged(rows: list[Row], said: Read) -> bool:
    """Print each figure beside what is wanted; whether one is missed."""
    met, off = {}, {}
    for reader in ("topic", "request_type", "section", "urgency"):
        truth = [row[reader] for row in rows]
        guess = [read[reader]["label"] for read in said]
        if reader == "urgency":
            both = sum(CALM not in pair for pair in zip(truth, guess, strict=True))
            met["urgent recall"] = both / sum(one != CALM for one in truth)
            met["urgent precision"] = both / max(1, sum(one != CALM for one in guess))
            continue
        met[f"{reader} accuracy"] = scores.report(truth, guess)["accuracy"]
        sure = [read[reader]["confidence"] or 0.0 for read in said]
        off[f"{reader} calibration error"] = scores.reliability(truth, guess, sure)["ece"]
    for name, value in met.items():
        print(f"{name:30} {value:.3f}  wanted ≥ {WANTED[name]:.2f}")
    below(rows, said)
    for name, value in off.items():
        print(f"{name:30} {value:.3f}  wanted ≤ {MOST_OFF.get(name, 1.0):.2f}")
    return any(value < WANTED[name] for name, value in met.items()) or any(
        value > MOST_OFF.get(name, 1.0) for name, value in off.items()
    )


if __name__ == "__main__":
    sys.exit(main())
