"""The child: opens one untrusted table under hard limits and streams its rows as JSON.

Started by `guard.py` in isolated mode. Frames on stdout are four bytes of length and a JSON
object; the parent answers each sheet on stdin with `take` or `aside`.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO

import python_calamine as calamine

from monitor.channels.sheet import kinds, old_office, packed, plain
from monitor.channels.sheet.kinds import Unreadable
from monitor.confined import limits
from monitor.confined.limits import MB, OUT_OF_MEMORY

CPU_SECONDS = 600
LARGEST_FILE = 100 * MB
HEAD_ROWS = 30
HEAD_WITHIN = 300
BATCH = 200
LARGEST_BATCH = 4 * MB
LONGEST_CELL = 100_000
ASIDE_TEXTS = 20
OVERLAP = 200

Row = tuple[int, list[Any]]


def main(fd: int) -> int:
    """Read the file behind the descriptor; 0 even when it is refused in order."""
    limits.limit(CPU_SECONDS)
    try:
        with os.fdopen(fd, "rb") as file:
            _read(file)
    except Unreadable as verdict:
        _send({"refused": verdict.code, "details": verdict.details})
    except MemoryError:
        return OUT_OF_MEMORY
    except (BrokenPipeError, KeyboardInterrupt):
        return 0
    return 0


def _read(file: BinaryIO) -> None:
    if os.fstat(file.fileno()).st_size > LARGEST_FILE:
        raise Unreadable("too_large", limit=LARGEST_FILE // MB)
    kind = kinds.kind(file)
    if kind == "text":
        table = plain.PlainTable(file)
        if _introduce("", table.rows()):
            _stream(table.rows())
        else:
            _spill("", table.rows())
        _send({"end": True})
        return
    found = packed.Package()
    if kind == "zip":
        found = packed.check(file)
    else:
        found.texts, found.epoch1904 = old_office.check(file, LARGEST_FILE)
    _aside("文件属性、批注或页眉页脚", found.texts)
    file.seek(0)
    try:
        _workbook(file, found)
    except (Unreadable, BrokenPipeError, MemoryError, KeyboardInterrupt):
        raise
    except calamine.PasswordError as error:
        raise Unreadable("password") from error
    except calamine.CalamineError as error:
        raise Unreadable("error_value" if "cell error" in str(error) else "corrupt") from error
    except BaseException as error:
        # A panic inside the reader is no Exception, and is still only a broken file.
        raise Unreadable("corrupt") from error


def _workbook(file: BinaryIO, found: packed.Package) -> None:
    book = calamine.CalamineWorkbook.from_filelike(file)
    chosen: tuple[str, Any] | None = None
    for place, about in enumerate(book.sheets_metadata):
        if about.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_index(place)
        errors = found.errors.get(about.name, set())
        hidden = about.visible != calamine.SheetVisibleEnum.Visible
        if _introduce(about.name, _cells(sheet, errors), hidden=hidden, old=found.epoch1904):
            chosen = (about.name, sheet)
        else:
            _spill(about.name, _cells(sheet, errors))
        del sheet
    if chosen:
        _stream(_cells(chosen[1], found.errors.get(chosen[0], set())))
    _send({"end": True})


def _cells(sheet: Any, errors: set[tuple[int, int]]) -> Iterator[Row]:
    """Rows with any content, numbered as in the file, padded to start at column A."""
    start = sheet.start
    if start is None:
        return
    left = start[1]
    wrong: dict[int, list[int]] = {}
    for row, column in errors:
        wrong.setdefault(row, []).append(column)
    for number, cells in enumerate(sheet.iter_rows()):
        marked = wrong.get(number)
        if cells.count("") == len(cells) and not marked:
            continue
        row = [""] * left + cells if left else cells
        for column in marked or ():
            if column < len(row):
                row[column] = ["e", ""]
        yield number + 1, row


def _introduce(name: str, rows: Iterator[Row], *, hidden: bool = False, old: bool = False) -> bool:
    """Show the parent the first rows; it says whether this sheet is the one to import."""
    head: list[Row] = []
    for number, row in rows:
        if number > HEAD_WITHIN or len(head) == HEAD_ROWS:
            break
        if any(cell != "" for cell in row):
            head.append((number, _clip(row)))
    _send({"sheet": name, "hidden": hidden, "epoch1904": old, "head": head})
    return sys.stdin.readline().strip() == "take"


def _spill(name: str, rows: Iterable[Row]) -> None:
    """A sheet that is not imported: only its texts, for the test of secrecy marks."""
    texts: list[str] = []
    for _, row in rows:
        texts.append("\n".join(str(cell) for cell in row if cell != ""))
        if len(texts) == BATCH:
            _aside(name, texts)
            texts = []
    _aside(name, texts)


def _aside(where: str, texts: list[str]) -> None:
    pieces = [
        text[start : start + LONGEST_CELL + OVERLAP]
        for text in texts
        for start in range(0, len(text), LONGEST_CELL)
    ]
    for start in range(0, len(pieces), ASIDE_TEXTS):
        _send({"aside": where, "texts": pieces[start : start + ASIDE_TEXTS]})


def _stream(rows: Iterable[Row]) -> None:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            _send_rows(batch)
            batch = []
    if batch:
        _send_rows(batch)


def _send_rows(batch: list[Row]) -> None:
    """One frame a batch; a batch of giants goes row by row, its longest cells cut to a mark."""
    try:
        frame = _encode({"rows": batch})
    except ValueError:
        frame = b""
    if frame and len(frame) <= LARGEST_BATCH:
        limits.write(frame)
        return
    for number, row in batch:
        single = _encode({"rows": [(number, _clip(row))]})
        long = _encode({"rows": [(number, [["l", len(single)]])]})
        limits.write(single if len(single) <= LARGEST_BATCH else long)


def _clip(row: list[Any]) -> list[Any]:
    """Cells that JSON and the parent can bear."""
    return [
        ["l", len(cell)]
        if isinstance(cell, str) and len(cell) > LONGEST_CELL
        else ["e", ""]
        if isinstance(cell, float) and (cell != cell or abs(cell) == float("inf"))
        else cell
        for cell in row
    ]


def _plain(value: object) -> list[object]:
    """What JSON has no type for, as a tag and a value."""
    match value:
        case datetime():
            # A day's fraction is rarely exact: 37.9999 seconds were 38.
            whole = value + timedelta(microseconds=500_000)
            return ["d", whole.isoformat(" ", "seconds")]
        case date():
            return ["d", value.isoformat()]
        case time():
            return ["t", value.isoformat("seconds")]
        case timedelta():
            return ["n", value.total_seconds() / 86_400]
    return ["e", ""]


def _encode(message: object) -> bytes:
    return limits.encode(message, _plain)


def _send(message: object) -> None:
    limits.write(_encode(message))
