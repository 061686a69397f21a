"""Read 50,000 rows through the guarded child alone: seconds, and memory of both processes.

    python benchmarks/sheet_reading.py [--rows 50000]

Real letters repeated under new numbers where `../shared/data` has them, made-up ones elsewhere.
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from monitor.channels import sheet  # noqa: E402
from monitor.domain.letters import Incoming  # noqa: E402
from monitor.domain.vocabulary import Channel  # noqa: E402
from tests.channels.making import HEADER, row  # noqa: E402

LETTERS = ROOT.parent / "shared" / "data" / "letters_with_replies.xlsx"
MOST_SECONDS = 12.0
MOST_MB = 350


def letters() -> list[list[Any]]:
    if not LETTERS.is_file():
        return [HEADER, row(1, text="企业来信。" * 80)]
    return list(CalamineWorkbook.from_path(LETTERS).get_sheet_by_index(0).iter_rows())


def write(path: Path, count: int) -> None:
    header, *given = letters()
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    page = book.add_worksheet()
    page.write_row(0, 0, header)
    for number in range(count):
        cells = [f"{100_000 + number}.0", *map(str, given[number % len(given)][1:])]
        for column, cell in enumerate(cells):
            page.write_string(number + 1, column, cell)
    book.close()


def peak_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rows", type=int, default=50_000)
    count = asked.parse_args().rows
    columns = sheet.Columns.load(ROOT / "data" / "columns.toml")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.xlsx"
        write(path, count)
        fd = os.open(path, os.O_RDONLY)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        started = time.perf_counter()
        with sheet.read(
            fd,
            path.name,
            channel=Channel.HOTLINE,
            now=datetime.now(UTC),
            columns=columns,
            marked=lambda text: "★" in text,
        ) as found:
            taken = sum(isinstance(one, Incoming) for one in found.rows)
            child = peak_mb(found.child_pid)
        seconds = time.perf_counter() - started
        os.close(fd)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{taken} of {count} rows in {seconds:.1f} s ({seconds / count * 1000:.3f} ms a row)")
    print(f"child {child:.0f} MB at most, parent {after:.0f} MB ({after - before:+.0f} MB)")
    return 0 if taken == count and seconds < MOST_SECONDS and child < MOST_MB else 1


if __name__ == "__main__":
    sys.exit(main())
