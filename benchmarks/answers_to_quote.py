"""Answered orders to quote: how often the answers offered are about what was really answered.

Run: python benchmarks/answers_to_quote.py [--data ../shared/data] [--asked 400]
Every real letter with its reply enters an office as an answered order. Each letter in turn is
asked for without its own order. Nobody has said which letters are about one matter, so the
replies say it: an offered order agrees when its reply is among the nearest hundredth of all
replies to the one that this letter got. Ranking never sees a reply. Beside it: orders drawn at
random, and the plain count of shared telling words.
"""

import argparse
import random
import sys
import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))

from benchmarks.letters import Letter, letters  # noqa: E402
from benchmarks.near_lookup import DUTY, office, row  # noqa: E402
from classifiers import similar  # noqa: E402
from classifiers.similar.wording import bare  # noqa: E402
from monitor.services.likeness import answered  # noqa: E402
from monitor.services.preparing import index_words  # noqa: E402
from monitor.storage import search  # noqa: E402
from monitor.storage.db import write_rows  # noqa: E402
from monitor.storage.orders import Order  # noqa: E402

SHOWN, NEAREST = 3, 0.01
BETTER = 1.5


def nearest_replies(known: list[Letter]) -> list[set[str]]:
    """For each letter the numbers of those whose replies are nearest to its own."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    shapes = TfidfVectorizer(analyzer="char", ngram_range=(3, 3), sublinear_tf=True)
    rows = shapes.fit_transform([bare(one.answer) for one in known])
    close = (rows @ rows.T).toarray()
    np.fill_diagonal(close, -1)
    most = max(1, round(NEAREST * len(known)))
    return [{known[at].number for at in np.argsort(-line)[:most]} for line in close]


def counted(known: list[Letter], at: int) -> list[str]:
    """The plain way: those that hold most of the telling words."""
    words = similar.keywords(f"{known[at].title}\n{known[at].text}")
    held = [
        (sum(word in one.title or word in one.text for word in words), one.number)
        for place, one in enumerate(known)
        if place != at
    ]
    return [number for times, number in sorted(held, key=lambda one: -one[0])[:SHOWN] if times > 1]


def main() -> int:
    """Print the shares; 1 when ranking is not clearly better than counting words."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=HERE.parent / "shared" / "data")
    parser.add_argument("--asked", type=int, default=400)
    asked = parser.parse_args()
    if not asked.data.is_dir():
        print(f"no real letters at {asked.data}: nothing to measure")
        return 0
    known = [
        one for one in letters(asked.data, "letters_with_replies.xlsx") if len(one.answer) > 30
    ]
    agree = nearest_replies(known)
    chance = random.Random(5)
    places = chance.sample(range(len(known)), min(asked.asked, len(known)))
    offered: dict[str, list[list[bool]]] = {"ranked": [], "words counted": [], "at random": []}
    with tempfile.TemporaryDirectory() as made, office(Path(made), "", Path(made), 0) as desk:
        rows: list[dict[str, Any]] = []
        for place, one in enumerate(known):
            rows.append(row(place, one.text) | {"title": one.title[:200], "state": "answered",
                                                "number": one.number})  # fmt: skip
        entries = [
            (UUID(str(line["id"])), index_words(one.title, one.text))
            for line, one in zip(rows, known, strict=True)
        ]
        with desk.writing() as ctx:
            write_rows(ctx.session, Order, rows)
            search.add_tokens(ctx.session, entries)
        for at in places:
            with desk.reading(DUTY) as ctx:
                near = answered.like(ctx, known[at].title, known[at].text,
                                     excluding=entries[at][0], most=SHOWN)  # fmt: skip
            others = [known[other].number for other in chance.sample(range(len(known)), SHOWN)]
            for way, numbers in (
                ("ranked", [one.order.number for one in near]),
                ("words counted", counted(known, at)),
                ("at random", others),
            ):
                offered[way].append([number in agree[at] for number in numbers])
    print(f"{len(known)} answered letters, {len(places)} asked for; an offer agrees when its reply "
          f"is among the nearest {NEAREST:.0%} to the reply given")  # fmt: skip
    shares = {}
    for way, lines in offered.items():
        every = [hit for line in lines for hit in line]
        shares[way] = sum(every) / max(len(every), 1)
        first = sum(line[0] for line in lines if line) / max(sum(map(bool, lines)), 1)
        some = sum(map(any, lines)) / len(lines)
        print(f"  {way:13} of {len(every)} offers {shares[way]:.3f} agree, "
              f"of the first {first:.3f}, letters with one {some:.3f}")  # fmt: skip
    better = shares["ranked"] / max(shares["words counted"], 1e-9)
    print(f"  ranked against counted: {better:.2f} × (wanted {BETTER})")
    return 0 if better >= BETTER else 1


if __name__ == "__main__":
    sys.exit(main())
