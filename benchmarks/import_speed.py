"""50,000 rows imported with classification, against jieba.lcut over the same texts (≤ 0.5).

Run: python benchmarks/import_speed.py [--rows 50000] [--data ../shared/data]
The rows repeat real letters under new numbers; the yardstick runs in the same run.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import jieba
import xlsxwriter
from python_calamine import CalamineWorkbook

HERE = Path(__file__).resolve().parent.parent


def texts_of(data: Path) -> list[tuple[str, str]]:
    rows = []
    for name in ("letters_with_replies.xlsx", "messages_with_votes.xlsx"):
        cells = CalamineWorkbook.from_path(str(data / name)).get_sheet_by_index(0).to_python()
        header = [str(cell).strip() for cell in cells[0]]
        title, body = header.index("留言主题"), header.index("留言详情")
        rows += [(str(row[title]), str(row[body])) for row in cells[1:]]
    return rows


def write_sheet(path: Path, rows: list[tuple[str, str]], count: int) -> None:
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_urls": False})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["工单编号", "受理时间", "标题", "主要内容", "来电人", "联系电话"])
    for n in range(count):
        title, body = rows[n % len(rows)]
        sheet.write_row(
            n + 1,
            0,
            [f"B{n:08d}", "2026-11-02 09:30:00", title, body, "陈某", f"1380000{n % 10000:04d}"],
        )
    book.close()


def peak_of_tree(pid: int, stop: threading.Event, peak: list[int]) -> None:
    """The largest sum of resident memory of a process and its children, in bytes."""
    page = os.sysconf("SC_PAGE_SIZE")
    while not stop.is_set():
        total, todo = 0, [pid]
        while todo:
            one = todo.pop()
            try:
                total += int(Path(f"/proc/{one}/statm").read_text().split()[1]) * page
                children = Path(f"/proc/{one}/task/{one}/children").read_text().split()
                todo += [int(child) for child in children]
            except (OSError, IndexError):
                continue
        peak[0] = max(peak[0], total)
        stop.wait(0.1)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--data", type=Path, default=HERE.parent / "shared" / "data")
    given = parser.parse_args()
    if not given.data.is_dir():
        sys.exit(f"skipped: no real letters at {given.data}")
    rows = texts_of(given.data)
    monitor = Path(sys.executable).with_name("monitor")
    with tempfile.TemporaryDirectory() as folder:
        sheet, home = Path(folder) / "rows.xlsx", Path(folder) / "home"
        write_sheet(sheet, rows, given.rows)
        subprocess.run([monitor, "--home", home, "init"], check=True, capture_output=True)
        jieba.initialize()
        began = time.perf_counter()
        for n in range(given.rows):
            title, body = rows[n % len(rows)]
            jieba.lcut(f"{title}\n{body}")
        yardstick = time.perf_counter() - began
        began = time.perf_counter()
        process = subprocess.Popen(
            [monitor, "--home", home, "import", sheet, "--channel", "hotline", "--json"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        stop, peak = threading.Event(), [0]
        watch = threading.Thread(target=peak_of_tree, args=(process.pid, stop, peak))
        watch.start()
        out, err = process.communicate()
        stop.set()
        watch.join()
        ours = time.perf_counter() - began
        report = json.loads(out)
    print(f"rows {report['read']}, created {report['created']}, rejected {report['rejected']}")
    print(f"progress lines {len(err.splitlines())}")
    print(f"jieba.lcut alone {yardstick:.1f} s ({yardstick / given.rows * 1000:.2f} ms a text)")
    print(f"import with classification {ours:.1f} s ({ours / given.rows * 1000:.2f} ms a row)")
    print(f"ratio {ours / yardstick:.2f} (wanted ≤ 0.5)")
    print(f"peak memory of all processes {peak[0] / 2**20:.0f} MB (wanted < 600)")


if __name__ == "__main__":
    main()
