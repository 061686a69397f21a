"""Kill `monitor import` of 20,000 rows twelve times: nothing lost, nothing doubled, chains whole.

    python benchmarks/kill_import.py [--rows 20000] [--kills 12] [--seed N]

Each time the import is started again on the same file, killed at a random moment, and what it
left is looked at: distinct upstream numbers are orders, and `monitor audit verify` holds.
"""

import argparse
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from import_speed import write_sheet
from served import MONITOR, real_texts, run, told

CREATED = re.compile(rb"\xe6\x96\xb0\xe5\xa2\x9e (\d+)")  # 新增 n


def counts(home: Path) -> dict[str, int]:
    """What lies in the database, counted from outside."""
    asked = {
        "orders": 'SELECT count(*) FROM "order"',
        "numbers": 'SELECT count(DISTINCT number) FROM "order"',
        "upstream": 'SELECT count(DISTINCT upstream_no) FROM "order"',
        "sources": "SELECT count(*) FROM sourcerow",
        "requesters": "SELECT count(*) FROM requester",
        "readings": "SELECT count(*) FROM reading",
        "searched": "SELECT count(*) FROM searchentry",
        "registered": "SELECT count(*) FROM event WHERE what = 'register'",
    }
    with closing(sqlite3.connect(home / "desk.sqlite", timeout=30)) as database:
        return {name: database.execute(query).fetchone()[0] for name, query in asked.items()}


def whole(found: dict[str, int]) -> bool:
    """Every order has its number, source, requester, reading, words and first event, once."""
    return len(set(found.values())) == 1


def import_killed(home: Path, sheet: Path, progress: int, pause: float) -> tuple[bool, list[int]]:
    """Kill an import after so many chunks and seconds; was it at work, and what outlived it."""
    process = subprocess.Popen(
        [MONITOR, "--home", home, "import", sheet, "--channel", "hotline", "--json"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    seen = 0
    while seen < progress:
        line = process.stderr.readline()
        if not line:
            break
        match = CREATED.search(line)
        seen += bool(match and int(match[1]) > 0)
    time.sleep(pause)
    at_work = process.poll() is None
    helpers = children(process.pid)
    process.kill()
    process.wait()
    process.stderr.close()
    return at_work, still_there(helpers)


def children(pid: int) -> list[int]:
    """Every process that descends from one."""
    try:
        own = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [one for child in map(int, own) for one in (child, *children(child))]


def still_there(pids: list[int]) -> list[int]:
    """Those that have not gone by themselves after ten seconds."""
    for _ in range(100):
        pids = [pid for pid in pids if Path(f"/proc/{pid}/cmdline").exists()]
        if not pids:
            break
        time.sleep(0.1)
    return pids


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rows", type=int, default=20_000)
    asked.add_argument("--kills", type=int, default=12)
    asked.add_argument("--seed", type=int, default=random.randrange(10**6))
    given = asked.parse_args()
    texts = real_texts()
    chance = random.Random(given.seed)
    print(f"{given.rows} rows, {given.kills} kills, seed {given.seed}")
    faults = orphans = 0
    with tempfile.TemporaryDirectory() as name:
        sheet, home = Path(name) / "rows.xlsx", Path(name) / "home"
        write_sheet(sheet, texts, given.rows)
        run(home, "init")
        for number in range(1, given.kills + 1):
            progress, pause = chance.randrange(4), chance.uniform(0, 1.2)
            at_work, outlived = import_killed(home, sheet, progress, pause)
            orphans += len(outlived)
            faults += judged(home, f"kill {number:2}, {'at work' if at_work else 'finished'}")
        report = told(home, "import", sheet, "--channel", "hotline")
        faults += judged(home, f"to the end, created {report['created']}")
        again = told(home, "import", sheet, "--channel", "hotline")
        found = counts(home)
    lost, doubled = given.rows - found["upstream"], found["orders"] - found["upstream"]
    print(f"lost {lost} (wanted 0), doubled {doubled} (wanted 0)")
    print(f"once more: unchanged {again['unchanged']}, created {again['created']}")
    print(f"processes that outlived their import by ten seconds: {orphans} (wanted 0)")
    bad = faults or lost or doubled or orphans or again["unchanged"] != given.rows
    return 1 if bad else 0


def judged(home: Path, said: str) -> int:
    """Look at what is there; the number of faults."""
    verified: Any = run(home, "audit", "verify", check=False)
    found = counts(home)
    fine = whole(found) and verified.returncode == 0
    words = (verified.stdout + verified.stderr).strip()
    print(
        f"{said}: {found['orders']} orders, {'whole' if whole(found) else found}; {words}",
        flush=True,
    )
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
