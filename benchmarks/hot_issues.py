"""Hot issues among 4,326 real letters: found whole and pure, read one by one, in time, stable.

python benchmarks/hot_issues.py            the issues, the read clusters, the names day by day
python benchmarks/hot_issues.py --speed    40,000 letters against 4,000
python benchmarks/hot_issues.py --read     the clusters to read, without their names
"""

import hashlib
import json
import random
import re
import sys
import time
import tomllib
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from classifiers.hot import Issue, Letter, find
from monitor.domain.workdays import SHANGHAI
from monitor.services import rulebook
from monitor.tasks import apart, hotspots

ROOT = Path(__file__).resolve().parent.parent
LETTERS = ROOT.parent / "shared" / "data" / "messages_with_votes.xlsx"
IDS = Path(__file__).with_name("hot_issue_ids.json")
DATA = ROOT / "data"
SEED, DRAWN, LEAST, PURE = 2026, 50, 5, 42
PRECISION, RECALL, RATIO = 0.95, 0.85, 20.0
FEW, MANY = 4_000, 40_000
LAST_DAYS = 12
NOW = datetime(2026, 10, 9, 10, 24, tzinfo=SHANGHAI)


def letters() -> list[Letter]:
    """The real letters; they stay outside the repository."""
    if not LETTERS.is_file():
        sys.exit(f"the real letters are absent: {LETTERS}")
    return hotspots.letters_of(rulebook.from_files(DATA), LETTERS, NOW)[0]


def rules() -> dict:
    """The shipped rules."""
    return tomllib.loads((DATA / "rulebook" / "hot.toml").read_text(encoding="utf-8"))


def mark(issue: Issue) -> str:
    """A cluster without its words: the hash of its members."""
    return hashlib.sha256(",".join(sorted(issue.members)).encode()).hexdigest()[:16]


def whole_and_pure(found: Sequence[Issue]) -> bool:
    """Each issue found by reading against the cluster that holds most of it."""
    good = 0
    known = json.loads(IDS.read_text(encoding="utf-8"))["issues"]
    for number, ids in enumerate(known, start=1):
        wanted = set(ids)
        best = max(found, key=lambda issue: len(wanted & set(issue.members)))
        held = len(wanted & set(best.members))
        precision, recall = held / len(best.members), held / len(wanted)
        fine = precision >= PRECISION and recall >= RECALL
        good += fine
        print(f"  issue {number}: {len(wanted)} letters, precision {precision:.2f}, "
              f"recall {recall:.2f}{'' if fine else '  MISSED'}")  # fmt: skip
    print(f"issues found by reading: {good} of {len(known)} whole and pure (wanted: each, >= 8)")
    return good == len(known) >= 8


def drawn(found: Sequence[Issue]) -> list[Issue]:
    """The clusters to read: fifty at random, or all where there are fewer."""
    large = sorted((one for one in found if len(one.members) >= LEAST), key=mark)
    return random.Random(SEED).sample(large, min(DRAWN, len(large)))


def read_ones(found: Sequence[Issue]) -> bool:
    """What reading said of the clusters, as kept beside their hashes."""
    verdicts = json.loads(IDS.read_text(encoding="utf-8"))["read"]
    chosen = drawn(found)
    read = [verdicts[mark(one)] for one in chosen if mark(one) in verdicts]
    wanted = PURE * len(chosen) / DRAWN
    print(f"clusters of >= {LEAST} read without their names: {sum(read)} of {len(read)} one place "
          f"and one matter ({len(chosen)} drawn; wanted {wanted:.0f})")  # fmt: skip
    return len(read) == len(chosen) and sum(read) >= wanted


def stable(known: list[Letter], book: dict) -> bool:
    """Take the last days away, give them back one by one: no name of an older issue changes."""
    days = sorted({letter.at.date() for letter in known})[-LAST_DAYS:]
    names: dict[frozenset[str], str] = {}
    changed = 0
    for day in days:
        now = find([one for one in known if one.at.date() <= day], book)
        for members, name in names.items():
            held = max(now, key=lambda issue: len(members & set(issue.members)))
            changed += held.name != name or not members <= set(held.members)
        names = {frozenset(issue.members): issue.name for issue in now}
    print(f"{len(days)} days added one by one: {changed} names or members lost (wanted 0)")
    return not changed


def copies(known: list[Letter], count: int) -> list[Letter]:
    """Many letters out of few: moved by months, their districts and places written otherwise."""
    made: list[Letter] = []
    turn = 0
    while len(made) < count:
        months = timedelta(days=30 * turn)
        made += [
            Letter(f"{one.number}-{turn}", one.at + months, _moved(one.title, turn),
                   _moved(one.text, turn))
            for one in known
        ]  # fmt: skip
        turn += 1
    return made[:count]


def _moved(text: str, turn: int) -> str:
    text = re.sub(r"A(\d)", lambda met: f"{chr(65 + turn % 26)}{met[1]}", text)
    return re.sub(
        r"[\u4e00-\u9fff]{2}(?=[城园苑湾府村镇路街])", lambda met: _shift(met[0], turn), text
    )


def _shift(name: str, turn: int) -> str:
    return "".join(chr(0x4E00 + (ord(sign) - 0x4E00 + 131 * turn) % 0x5200) for sign in name)


def speed(known: list[Letter], book: dict) -> bool:
    """Ten times the letters, in how much of the time."""
    took = []
    for count in (FEW, MANY):
        given = copies(known, count)
        began = time.process_time()
        with apart.rarely_collecting():  # as where the service looks for them
            found = find(given, book)
        took.append(time.process_time() - began)
        print(f"  {count} letters: {took[-1]:.1f} s, {len(found)} issues")
    print(f"{MANY} against {FEW} letters: {took[1] / took[0]:.1f} x (wanted <= {RATIO:.0f} x)")
    return took[1] / took[0] <= RATIO


def show(known: list[Letter], found: Sequence[Issue]) -> None:
    """The clusters to read: titles and beginnings, no names."""
    by_number = {letter.number: letter for letter in known}
    for one in drawn(found):
        print(f"\n## {mark(one)} {len(one.members)}")
        for number in one.members:
            letter = by_number[number]
            print(f"  {number} {letter.title} | {' '.join(letter.text.split())[:60]}")


def main() -> None:
    """Measure, print a line a figure; exit with 1 where one is missed."""
    known, book = letters(), rules()
    if "--speed" in sys.argv:
        sys.exit(0 if speed(known, book) else 1)
    found = find(known, book)
    if "--read" in sys.argv:
        show(known, found)
        return
    told = [whole_and_pure(found), read_ones(found), stable(known, book)]
    sys.exit(0 if all(told) else 1)


if __name__ == "__main__":
    main()
