"""What reading costs a text, against jieba.lcut over the same texts in the same run.

Run: python benchmarks/reading_speed.py [--data ../shared/data]
Without the real letters it says so and stops.
"""

import argparse
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path

from python_calamine import CalamineWorkbook

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import classifiers  # noqa: E402
from classifiers import similar, words  # noqa: E402
from classifiers.secrecy import secrecy_mark  # noqa: E402
from classifiers.sensitive import scan  # noqa: E402
from classifiers.teaching import primer  # noqa: E402
from monitor.services import rulebook  # noqa: E402

KEY = b"a key for this measurement only"
ROUNDS = 9
YARDSTICK = "jieba.lcut (the yardstick)"


def letters(folder: Path) -> list[str]:
    """Texts of 250 to 480 characters, about 350 on average."""
    sheet = CalamineWorkbook.from_path(folder / "letters_with_replies.xlsx").get_sheet_by_index(0)
    header, *rows = sheet.to_python()
    title, text = header.index("留言主题"), header.index("留言详情")
    every = [f"{row[title]}\n{row[text]}" for row in rows]
    return [message for message in every if 250 <= len(message) <= 480][:500]


def milliseconds(work: Mapping[str, tuple[Callable[[], object], int]]) -> dict[str, float]:
    """The median of some rounds, a text; of work alone, whatever else the machine does.

    Every round does each work once, so that a machine that slows down slows them all.
    """
    taken: dict[str, list[float]] = {name: [] for name in work}
    for number in range(ROUNDS + 1):
        for name, (task, texts) in work.items():
            words.normalise.cache_clear()  # the same texts again are no new texts
            began = time.process_time()
            task()
            if number:  # the first round warms up
                taken[name].append((time.process_time() - began) * 1000 / texts)
    return {name: statistics.median(rounds) for name, rounds in taken.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    folder = parser.parse_args().data
    if not (folder / "letters_with_replies.xlsx").is_file():
        print("skipped: the real letters are not on this machine")
        return 0
    texts = letters(folder)
    data = ROOT / "data"
    with tempfile.TemporaryDirectory() as models:
        began = time.perf_counter()
        primer.train(data / "training" / "messages.csv", Path(models), KEY)
        trained = time.perf_counter() - began
        bundle = classifiers.load(Path(models), rulebook.from_files(data).words, KEY)
    learnt = classifiers.Bundle(bundle.models, None, bundle.engine)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba
    jieba.setLogLevel("ERROR")
    unmarked = [text for text in texts if "密" not in text]
    count = len(texts)
    figures = milliseconds(
        {
            YARDSTICK: (lambda: [jieba.lcut(text) for text in texts], count),
            "normalise and cut": (lambda: [words.cut(text) for text in texts], count),
            "all models, in batches": (lambda: learnt.read_many(texts), count),
            "all models and rules, in batches": (lambda: bundle.read_many(texts), count),
            "the same, words told and tried": (
                lambda: bundle.read_many(texts, told=True),
                count,
            ),
            "all models and rules, one by one": (
                lambda: [bundle.read(text) for text in texts],
                count,
            ),
            "fingerprint": (lambda: [similar.fingerprint(text) for text in texts], count),
            "resemblance of two": (
                lambda: [similar.resemblance(a, b) for a, b in pairwise(texts)],
                count - 1,
            ),
            "secrecy_mark": (lambda: [secrecy_mark(text) for text in texts], count),
            "secrecy_mark, no 密 in the text": (
                lambda: [secrecy_mark(text) for text in unmarked],
                len(unmarked),
            ),
            "scan": (lambda: [scan(text) for text in texts], count),
        }
    )
    mean = sum(map(len, texts)) / len(texts)
    print(f"{len(texts)} texts of {mean:.0f} characters; trained in {trained:.1f} s")
    for name, figure in figures.items():
        print(f"{name:45} {figure:8.4f} ms   x {figure / figures[YARDSTICK]:6.4f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
