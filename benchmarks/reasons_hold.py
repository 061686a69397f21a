"""Suggestions on real and own letters, and whether each is less sure without the words it shows.

Run: python benchmarks/reasons_hold.py [--data ../shared/data]
Without the real letters it says so and reads the own ones alone.
"""

import argparse
import csv
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from python_calamine import CalamineWorkbook

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import classifiers  # noqa: E402
from classifiers import Finding  # noqa: E402
from classifiers.teaching import primer  # noqa: E402
from monitor.services import preparing, rulebook  # noqa: E402

KEY = b"a key for this measurement only"


def own(folder: Path) -> Iterator[str]:
    """What was taught, what was held out, and of each the first clause alone."""
    for name in ("held_out.csv", "held_out_second.csv", "held_out_third.csv", "messages.csv"):
        with (folder / name).open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                yield f"{row['title']}\n{row['text']}"
                yield f"\n{re.split('[，。！？；]', row['text'])[0]}"


def real(folder: Path) -> Iterator[str]:
    for name in ("letters_with_replies.xlsx", "messages_with_votes.xlsx"):
        sheet = CalamineWorkbook.from_path(folder / name).get_sheet_by_index(0).to_python()
        header = [str(cell).strip() for cell in sheet[0]]
        title, text = header.index("留言主题"), header.index("留言详情")
        yield from (f"{row[title]}\n{row[text]}" for row in sheet[1:])


def wherever_they_stand(message: str, finding: Finding) -> str:
    for word in dict.fromkeys(one.text for one in finding.evidence):
        message = message.replace(word, "")
    return message


def at_the_places_shown(message: str, finding: Finding) -> str:
    gone = {place for one in finding.evidence for place in range(one.start, one.end)}
    return "".join(sign for place, sign in enumerate(message) if place not in gone)


def chance(finding: Finding, label: str) -> float:
    told = {finding.label: finding.confidence, **dict(finding.alternatives)}
    share = told.get(label, 0.0)
    return 1.0 if share is None else share


def as_sure(
    bundle: classifiers.Bundle,
    shown: list[tuple[str, Finding]],
    without: Callable[[str, Finding], str],
) -> int:
    """How many are no less sure without their words."""
    code = shown[0][1].reader
    again = bundle.read_many([without(message, finding) for message, finding in shown])
    return sum(
        chance(after[code], before.label) >= chance(before, before.label)
        for (_, before), after in zip(shown, again, strict=True)
    )


def both_levels(
    bundle: classifiers.Bundle, letter: str, findings: dict[str, Finding], first: str, second: str
) -> Finding | None:
    """A second level as a page shows it, where it is suggested: with the words of both levels."""
    below = findings.get(second)
    if (
        below is None
        or chance(below, below.label) < preparing.SECOND_LEVEL_FROM
        or below.label == findings[first].label
    ):
        return None
    spans = bundle.words_below(letter, below.label, below.version, findings[first].spans)
    return below._replace(spans=spans)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    folder = parser.parse_args().data
    data = ROOT / "data"
    letters = [*own(data / "training")]
    if (folder / "letters_with_replies.xlsx").is_file():
        letters += real(folder)
    else:
        print("the real letters are not on this machine: own ones alone")
    letters = list(dict.fromkeys(letters))
    with tempfile.TemporaryDirectory() as models:
        primer.train(data / "training" / "messages.csv", Path(models), KEY)
        bundle = classifiers.load(Path(models), rulebook.from_files(data).words, KEY)
    found = bundle.read_many(letters, told=True)
    print(f"{len(letters)} letters")
    failed = 0
    read = list(zip(letters, found, strict=True))
    suggested = {
        entry.code: [(letter, one[entry.code]) for letter, one in read if not one[entry.code].rule]
        for entry in classifiers.READERS
    }
    for entry in classifiers.READERS:
        if entry.beneath:
            below = [
                (at, both_levels(bundle, at, one, entry.code, entry.beneath)) for at, one in read
            ]
            suggested[entry.beneath] = [(letter, one) for letter, one in below if one]
    for code, learnt in suggested.items():
        shown = [(letter, finding) for letter, finding in learnt if finding.evidence]
        misplaced = sum(
            letter[one.start : one.end] != one.text
            for letter, finding in shown
            for one in finding.evidence
        )
        missed = [
            as_sure(bundle, shown, without)
            for without in (wherever_they_stand, at_the_places_shown)
        ]
        print(
            f"{code:13} {len(learnt):6} suggestions, {len(shown):6} show words;"
            f" words not in the text {misplaced}; as sure without them wherever they stand"
            f" {missed[0]}, at the places shown {missed[1]} (wanted 0, 0, 0)"
        )
        failed += misplaced + sum(missed)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
