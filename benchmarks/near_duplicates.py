"""Repeats made from real letters are found, strangers are not, another place is told apart.

Run: python benchmarks/near_duplicates.py [--data ../shared/data] [--pairs 2000] [--show 0]
Letters are changed at run time as people change them; each copy is held against its letter. The
nearest unrelated letter of each letter is found by comparing all with all.
"""

import argparse
import random
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))

from benchmarks.letters import ALL, Letter, changes, letters, moved_elsewhere, names_of  # noqa: E402
from classifiers import similar  # noqa: E402
from classifiers.similar import wording  # noqa: E402

WANTED = dict.fromkeys(changes(random.Random(0)), 0.99) | {ALL: 0.90}
FALSE_ALARMS, ELSEWHERE = 0.005, 0.80
# A phrase of a title counts as the name of a matter where no more titles than this hold it.
_FEW_TITLES = 40
_PHRASE, _COPIED = 4, 25
_LOOKED_AT = 300


def recall(sample: list[Letter], seed: int) -> tuple[bool, dict[str, tuple[float, float]]]:
    """For each change: the share of copies found, and of those shown as the same place."""
    near = similar.nearness()
    found: dict[str, tuple[float, float]] = {}
    for name, change in changes(random.Random(seed)).items():
        copies = [change(one.text) for one in sample]
        # What shares no band is never compared, however alike it is.
        alike = [
            similar.resemblance(one.text, copy) >= near
            and not set(similar.fingerprint(one.text)).isdisjoint(similar.fingerprint(copy))
            for one, copy in zip(sample, copies, strict=True)
        ]
        same = [
            hit and similar.differing(f"{one.title}\n{one.text}", f"{one.title}\n{copy}") is None
            for hit, one, copy in zip(alike, sample, copies, strict=True)
        ]
        found[name] = (sum(alike) / len(sample), sum(same) / len(sample))
    return all(found[name][0] >= wanted for name, wanted in WANTED.items()), found


def false_alarms(known: list[Letter]) -> list[tuple[float, str, str]]:
    """The resemblance of each letter with its nearest unrelated one, by exact search."""
    runs = [wording.runs(one.text) for one in known]
    columns: dict[str, int] = {}
    cells = [columns.setdefault(run, len(columns)) for of_one in runs for run in sorted(of_one)]
    starts = np.cumsum([0, *map(len, runs)])
    matrix = csr_matrix((np.ones(len(cells), np.float32), cells, starts))
    sizes = np.diff(starts)
    phrases = [_cut(one.plain_title, _PHRASE) for one in known]
    held = Counter(phrase for of_one in phrases for phrase in of_one)
    copied = [_cut(one.plain_text, _COPIED) for one in known]

    def related(one: int, other: int) -> bool:
        return (
            known[one].writer == known[other].writer
            or any(held[phrase] <= _FEW_TITLES for phrase in phrases[one] & phrases[other])
            or not copied[one].isdisjoint(copied[other])
        )

    nearest = []
    for first in range(0, len(known), 500):
        both = (matrix[first : first + 500] @ matrix.T).toarray()
        lengths = sizes[first : first + 500, None]
        smaller = np.maximum(np.minimum(lengths, sizes[None]), wording.rules()["few"])
        shares = np.maximum(both / smaller, both / (lengths + sizes[None] - both))
        for place, row in enumerate(shares):
            one = first + place
            row[one] = -1
            others = (int(other) for other in np.argsort(-row)[:_LOOKED_AT])
            other = next((other for other in others if not related(one, other)), None)
            if other is not None:
                nearest.append((float(row[other]), known[one].number, known[other].number))
    return sorted(nearest, reverse=True)


def elsewhere(sample: list[Letter], known: list[Letter], seed: int) -> dict[str, tuple[int, float]]:
    """Letters moved to another place: how many, and the share shown as 地点不同."""
    names = names_of(known)
    chance = random.Random(seed)
    found = {}
    for way in ("codes", "names", "both"):
        pairs = [(one, moved_elsewhere(one, names, way, chance)) for one in sample]
        moved = [(one, other) for one, other in pairs if other is not None]
        told = [
            similar.differing(f"{one.title}\n{one.text}", f"{other.title}\n{other.text}")
            is not None
            for one, other in moved
        ]
        found[way] = (len(moved), sum(told) / max(len(told), 1))
    return found


def _cut(plain: str, length: int) -> frozenset[str]:
    return frozenset(plain[i : i + length] for i in range(len(plain) - length + 1))


def main() -> int:
    """Print each figure beside the wanted one; 1 when one is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=HERE.parent / "shared" / "data")
    parser.add_argument("--pairs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--show", type=int, default=0, help="so many false alarms by number")
    asked = parser.parse_args()
    if not asked.data.is_dir():
        print(f"no real letters at {asked.data}: nothing to measure")
        return 0
    known = letters(asked.data)
    sample = random.Random(asked.seed).sample(known, min(asked.pairs, len(known)))
    print(f"{len(known)} different letters, {len(sample)} of them changed; near from "
          f"{similar.nearness():.2f}")  # fmt: skip
    good, found = recall(sample, asked.seed)
    for name, (share, same) in found.items():
        print(f"  {name:22} found {share:.4f} (wanted {WANTED[name]:.2f}), same place {same:.4f}")
    nearest = false_alarms(known)
    alarms = [one for one in nearest if one[0] >= similar.nearness()]
    share = len(alarms) / len(nearest)
    print(
        f"  nearest unrelated of {len(nearest)}: {share:.4f} false alarms (at most {FALSE_ALARMS})"
    )
    for score, one, other in alarms[: asked.show]:
        print(f"    {score:.2f} {one} {other}")
    told = elsewhere(sample, known, asked.seed)
    for way, (count, right) in told.items():
        print(
            f"  another place, {way:6} {count} letters: told apart {right:.4f} (wanted {ELSEWHERE})"
        )
    good &= share <= FALSE_ALARMS and all(right >= ELSEWHERE for _, right in told.values())
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
