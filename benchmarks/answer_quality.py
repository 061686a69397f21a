"""Answer quality on real replies: evasive ones, as read by a person, and defects sown into answers.

Run: python benchmarks/answer_quality.py [--data ../shared/data] [--seed 1] [--draw N]

The rule for evasive answers was made on one half of the rows (by hash of the number) and frozen;
the other half was drawn from and read. Verdicts stand as numbers in answer_quality_ids.json, one
entry a draw; the last one is held against the rules as they are now. `--draw N` prints a fresh
draw of 60 flagged and 200 others to be read. The sowing is made at run time: nothing of the
letters is kept. The list of rules is the shipped one with what the sample itself cites.
"""

import argparse
import json
import random
import re
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import openpyxl

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from sown_defects import SOWERS, Pair  # noqa: E402 -- the script stands outside the packages

from classifiers.quality import Checker, Quality  # noqa: E402

IDS = Path(__file__).with_name("answer_quality_ids.json")
FLAGGED, OTHERS = 60, 200
_TITLE = re.compile(r"《([^《》]{2,80})》")


def main() -> int:
    """Print the figures; 1 where one is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--draw", type=int)
    wanted = parser.parse_args()
    pairs = list(read(wanted.data))
    checker = office(pairs)
    if wanted.draw is not None:
        draw(checker, pairs, wanted.draw)
        return 0
    good = evasive(pairs, checker)
    good &= sown(pairs, checker, wanted.seed)
    return 0 if good else 1


def read(data: Path) -> Iterator[Pair]:
    """The letters with replies."""
    path = data / "letters_with_replies.xlsx"
    if not path.exists():
        sys.exit("skipped: the real letters are not here (../shared/data)")
    rows = openpyxl.load_workbook(path, read_only=True).active.iter_rows(
        min_row=2, values_only=True
    )
    for row in rows:
        number, title, letter, reply = (str(row[at] or "") for at in (0, 2, 4, 5))
        yield Pair(number.removesuffix(".0"), title.strip(), letter.strip(), reply.strip())


def office(pairs: Sequence[Pair]) -> Checker:
    """The shipped rules, and in the list of laws what these replies cite."""
    folder = ROOT / "data" / "rulebook"
    book = tomllib.loads((folder / "quality.toml").read_text("utf-8"))
    rows = tomllib.loads((folder / "citations.toml").read_text("utf-8"))["citation"]
    titles = {title for pair in pairs for title in _TITLE.findall(pair.reply)}
    return Checker(book, [*rows, *({"name": title} for title in sorted(titles))])


def evasive(pairs: Sequence[Pair], checker: Checker) -> bool:
    """Hold what was read in the last draw against what the rules say now."""
    flags = {one.number: checker.evasive(one.title, one.letter, one.reply) for one in pairs}
    for half in (True, False):
        mine = [flags[one.number] for one in pairs if one.development is half]
        name = "development" if half else "held back"
        print(f"evasive, {name} half: {sum(mine)} of {len(mine)} flagged")
    draws = json.loads(IDS.read_text("utf-8"))["draws"]
    for number, one in enumerate(draws, start=1):
        print(
            f"  draw {number} (seed {one['seed']}), read when drawn: {len(one['flagged_yes'])} of "
            f"{FLAGGED} flagged are evasive; {len(one['others_yes'])} of {OTHERS} others are"
        )
    last = draws[-1]
    judged = dict.fromkeys((*last["flagged_yes"], *last["others_yes"]), True)
    judged |= dict.fromkeys((*last["flagged_no"], *last["others_no"]), False)
    hit = [judged[number] for number in judged if flags.get(number)]
    missed = sum(judged[number] for number in judged if not flags.get(number))
    share = sum(hit) / len(hit)
    print(f"evasive, by the rules of today: {sum(hit)} of {len(hit)} flagged are (wanted 54 of 60)")
    print(f"evasive, by the rules of today: {missed} of {len(judged) - len(hit)} others are "
          "(wanted at most 10 of 200)")  # fmt: skip
    return share >= 54 / FLAGGED and missed <= 10


def draw(checker: Checker, pairs: Sequence[Pair], seed: int) -> None:
    """Print what is to be read, from the half that was held back."""
    flagged, others = list[Pair](), list[Pair]()
    for one in sorted((one for one in pairs if not one.development), key=lambda one: one.number):
        (flagged if checker.evasive(one.title, one.letter, one.reply) else others).append(one)
    chance = random.Random(seed)
    for name, among, many in (("FLAGGED", flagged, FLAGGED), ("OTHERS", others, OTHERS)):
        print(f"== {name}: {many} of {len(among)}")
        for one in chance.sample(among, many):
            print(f"[{one.number}] {one.title[:40]} || {' '.join(one.reply.split())[:420]}")


def sown(pairs: Sequence[Pair], checker: Checker, seed: int) -> bool:
    """Sow a hundred defects, count what is found, and what was found without sowing."""
    chance = random.Random(seed)
    shuffled = [one for one in pairs if len(one.reply) >= 80]
    chance.shuffle(shuffled)
    began = time.perf_counter()
    before = {one.number: _check(checker, one, one.reply) for one in shuffled}
    each = (time.perf_counter() - began) / len(shuffled) * 1000
    found, tried = Counter[str](), Counter[str]()
    for sower, many in SOWERS:
        left = many
        for pair in shuffled:
            clean = before[pair.number]
            if not left or any(fault.kind == "evasion" for fault in clean.faults):
                continue
            made = sower(pair, chance)
            if made is None or made[1] == pair.reply:
                continue
            kind, answer, place, where = made
            if _hit(clean, kind, place, where) and kind in ("point", "greeting"):
                continue
            name = sower.__name__.strip("_").replace("_", " ")
            found[name] += _hit(_check(checker, pair, answer), kind, place, where)
            tried[name] += 1
            left -= 1
    for name, many in tried.items():
        print(f"sown, {name:<18} {found[name]:>3} of {many} found")
    total = sum(tried.values())
    print(f"sown, all: {sum(found.values())} of {total} found (wanted 90 of 100)")
    kinds = Counter(kind for one in before.values() for kind in {f.kind for f in one.faults})
    print("untouched answers with a finding of the kind (right or wrong, by the kind):")
    for kind in ("point", "citation", "passing", "promise", "contradiction", "greeting", "closing"):
        print(f"  {kind:<14} {kinds[kind] / len(before):6.1%}")
    print(f"time: {each:.1f} ms a pair (wanted < 20)")
    return sum(found.values()) >= 0.9 * total and total == 100 and each < 20


def _check(checker: Checker, pair: Pair, answer: str) -> Quality:
    return checker.check(pair.title, pair.letter, answer)


def _hit(found: Quality, kind: str, place: tuple[int, int], where: str) -> bool:
    """Whether a finding of the kind touches the place; whole-text kinds have none."""
    for fault in found.faults:
        near = fault.start < place[1] and place[0] < fault.end
        if fault.kind == kind and fault.where == where and (near or place == (0, 0)):
            return True
    return False


if __name__ == "__main__":
    sys.exit(main())
