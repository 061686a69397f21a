"""Send every hostile sheet through `monitor import`, twice: done or refused, never a traceback.

    python benchmarks/hostile_sheets.py [--only WORD]

A sheet passes when the command ends by itself within the time and memory allowed, with exit
code 0 and figures that add up, or with exit code 1 and one Chinese sentence; when the second
run creates nothing; and when no text of the file is in the messages.
"""

import argparse
import json
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.channels.hostile import CASES  # noqa: E402
from tests.channels.making import TEXT, Case, Marked, Taken, Turned  # noqa: E402

MONITOR = Path(sys.executable).with_name("monitor")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SECONDS = 60
MOST_MB = 1_500
FILE_NAME_BYTES = 255


def run(home: Path, file: Path) -> tuple[int, str, str, float]:
    started = time.perf_counter()
    done = subprocess.run(
        [MONITOR, "--home", home, "import", file, "--channel", "hotline", "--json"],
        capture_output=True,
        text=True,
        timeout=SECONDS + 30,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr, time.perf_counter() - started


def faults(case: Case, code: int, out: str, err: str, *, again: bool) -> list[str]:
    """What is wrong with one run; nothing when it is as expected."""
    wrong = []
    if "Traceback" in out + err:
        wrong.append("traceback")
    if TEXT in out + err:
        wrong.append("text of a cell in a message")
    if code == 0:
        wrong += _figures(case, json.loads(out), again=again)
    elif code == 1:
        if not CHINESE.search(out + err):
            wrong.append("no sentence")
        if isinstance(case.expected, Taken):
            wrong.append("refused, expected rows")
    else:
        wrong.append(f"exit {code}")
    return wrong


def _figures(case: Case, told: dict[str, int], *, again: bool) -> list[str]:
    parts = [told[name] for name in ("created", "updated", "unchanged", "rejected")]
    wrong = [] if told["read"] == sum(parts) else ["figures do not add up"]
    match case.expected:
        case Taken(rows, rejected):
            if told["read"] != rows + rejected:
                wrong.append(f"read {told['read']}, expected {rows + rejected}")
        case Turned() | Marked():
            wrong.append("taken, expected a refusal")
    if again and (told["created"] or told["updated"]):
        wrong.append("second run changed something")
    return wrong


def place(folder: Path, case: Case) -> Path:
    name = Path(case.file).name.encode()[-FILE_NAME_BYTES:].decode("utf-8", "ignore")
    path = folder / name
    path.write_bytes(case.build())
    return path


def judge(case: Case, fresh: Path) -> tuple[str, float]:
    """Import one sheet twice into a copy of an empty office."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(shutil.copytree(fresh, Path(folder) / "home"))
        file = place(Path(folder), case)
        code, out, err, seconds = run(home, file)
        wrong = faults(case, code, out, err, again=False)
        wrong += faults(case, *run(home, file)[:3], again=True)
    if seconds > SECONDS:
        wrong.append("too slow")
    said = "; ".join(dict.fromkeys(wrong)) or "ok"
    told = err.strip().splitlines()[-1:] if wrong or code else []
    print(f"{case.name:28} exit {code} {seconds:6.2f} s  {said}  {' '.join(told)}", flush=True)
    return ("bad" if wrong else "done" if code == 0 else "refused"), seconds


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--only", default="")
    only = asked.parse_args().only
    cases = [case for case in CASES if only in case.name]
    outcome: Counter[str] = Counter()
    slowest = 0.0
    with tempfile.TemporaryDirectory() as bureau:
        fresh = Path(bureau) / "home"
        subprocess.run([MONITOR, "--home", fresh, "init"], capture_output=True, check=True)
        for case in cases:
            verdict, seconds = judge(case, fresh)
            slowest = max(slowest, seconds)
            outcome[verdict] += 1
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(
        f"\n{len(cases)} sheets: {dict(outcome)}; slowest {slowest:.1f} s; {memory:.0f} MB at most"
    )
    return 1 if outcome["bad"] or memory > MOST_MB else 0


if __name__ == "__main__":
    sys.exit(main())
