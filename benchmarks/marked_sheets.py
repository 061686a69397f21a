"""Sheets of every format with a mark of secrecy in every place where one may stand."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter
import xlwt
from odf import office
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TableColumnProperties, TableProperties
from odf.table import Table, TableCell, TableColumn, TableRow
from odf.text import P
from trace_search import Probe

MARKS = ("机密★", "绝 密 ☆ 30年", "机\u200b密★", "密级：秘密★10年", "【秘密】", "★绝密★", "绝　密★")
LOOKALIKES = (
    "涉及商业秘密，只想问补贴何时到账。",
    "请保密，不要告诉园区是谁写的。",
    "窗口旁的机密文件柜坏了，请派人来修。",
    "成功的秘密是什么，培训会上没有讲清楚。",
)
HEADER = ["工单编号", "受理时间", "标题", "主要内容", "来电人", "联系电话"]
_WIDTH = len(HEADER)
_numbers = iter(range(1, 1_000_000))

Rows = list[list[str]]


@dataclass
class Book:
    """A table, and what is hidden in it or stands beside it."""

    rows: Rows
    hidden_column: int | None = None
    hidden_row: int | None = None
    second: str = ""
    second_hidden: bool = False
    second_name: str = "附表"
    comment: str = ""


def row(text: str = "技改补贴公示后一直没有拨款。", **changed: str) -> list[str]:
    """A row that goes in, but for what is changed."""
    cells = {
        "number": f"S{next(_numbers):06d}",
        "time": "2026-01-08 09:12",
        "title": "补贴没有到账",
        "text": text,
        "name": "陈试样",
        "phone": "13800000123",
    }
    return list((cells | changed).values())


def plain() -> Rows:
    """Header and two good rows."""
    return [HEADER, row(), row()]


# Whole: the file is refused. Row: the marked row alone is, and the two others go in.
PLACES: dict[str, tuple[str, Callable[[str], Book]]] = {
    "text": ("row", lambda words: Book([*plain(), row(words)])),
    "title": ("row", lambda words: Book([*plain(), row(title=words)])),
    "name": ("row", lambda words: Book([*plain(), row(name=words)])),
    "unmapped column": (
        "row",
        lambda words: Book([[*HEADER, "奇怪的列"], *plain()[1:], [*row(), words]]),
    ),
    "hidden column": (
        "row",
        lambda words: Book(
            [[*HEADER, "备注"], *plain()[1:], [*row(), words]], hidden_column=_WIDTH
        ),
    ),
    "hidden row": ("row", lambda words: Book([*plain(), row(words)], hidden_row=3)),
    "beyond header": ("row", lambda words: Book([*plain(), [*row(), "", "", words]])),
    "title line": ("whole", lambda words: Book([[words], *plain()])),
    "header": ("whole", lambda words: Book([[*HEADER, words], *plain()[1:]])),
    "other sheet": ("whole", lambda words: Book(plain(), second=words)),
    "hidden sheet": ("whole", lambda words: Book(plain(), second=words, second_hidden=True)),
    "sheet name": ("whole", lambda words: Book(plain(), second="甲", second_name=_named(words))),
    "comment": ("whole", lambda words: Book(plain(), comment=words)),
    "file name": ("whole", lambda _: Book(plain())),
}
_CSV = {"text", "title", "name", "unmapped column", "beyond header", "title line", "header"}
_FORMATS: dict[str, set[str]] = {
    "xlsx": set(PLACES),
    # xlwt writes no comments.
    "xls": set(PLACES) - {"comment"},
    "ods": set(PLACES),
    "csv": _CSV | {"file name"},
}
_ENCODINGS = ("utf-8-sig", "gb18030", "utf-16")


def sheets(folder: Path) -> Iterator[tuple[str, str, str, Path, Probe]]:
    """Format, place, what is refused, the file, and its probe; marks take turns."""
    turn = 0
    for kind, places in _FORMATS.items():
        for place in (place for place in PLACES if place in places):
            turn += 1
            mark, probe = MARKS[turn % len(MARKS)], Probe()
            refused, make = PLACES[place]
            name = probe.marked(mark) if place == "file name" else f"表{turn}"
            path = folder / f"{name}.{kind}"
            book = make(probe.marked(mark))
            if kind == "csv":
                encoding = _ENCODINGS[turn % len(_ENCODINGS)]
                with path.open("w", encoding=encoding, newline="") as file:
                    csv.writer(file).writerows(book.rows)
            else:
                WRITERS[kind](path, book)
            yield kind, place, refused, path, probe


def _named(words: str) -> str:
    # The name of a sheet holds 31 signs.
    return words.replace("：", "")[:31]


def write_xlsx(path: Path, book: Book) -> None:
    """By xlsxwriter."""
    workbook = xlsxwriter.Workbook(path)
    page = workbook.add_worksheet("工单")
    for number, cells in enumerate(book.rows):
        page.write_row(number, 0, cells)
    if book.hidden_column is not None:
        page.set_column(book.hidden_column, book.hidden_column, None, None, {"hidden": True})
    if book.hidden_row is not None:
        page.set_row(book.hidden_row, None, None, {"hidden": True})
    if book.comment:
        page.write_comment(1, 1, book.comment)
    if book.second:
        other = workbook.add_worksheet(book.second_name)
        other.write(0, 0, book.second)
        if book.second_hidden:
            other.hide()
    workbook.close()


def write_xls(path: Path, book: Book) -> None:
    """By xlwt."""
    workbook = xlwt.Workbook(encoding="utf-8")
    page = workbook.add_sheet("工单")
    for y, cells in enumerate(book.rows):
        for x, cell in enumerate(cells):
            page.write(y, x, cell)
    if book.hidden_column is not None:
        page.col(book.hidden_column).hidden = True
    if book.hidden_row is not None:
        page.row(book.hidden_row).hidden = True
    if book.second:
        other = workbook.add_sheet(book.second_name)
        other.write(0, 0, book.second)
        other.visibility = int(book.second_hidden)
    workbook.save(str(path))


def write_ods(path: Path, book: Book) -> None:
    """By odfpy."""
    document = OpenDocumentSpreadsheet()
    document.spreadsheet.addElement(_ods_table(document, "工单", book))
    if book.second:
        options: dict[str, Any] = {}
        if book.second_hidden:
            hidden = Style(name="gone", family="table")
            hidden.addElement(TableProperties(display="false"))
            document.automaticstyles.addElement(hidden)
            options["stylename"] = hidden
        other = Table(name=book.second_name, **options)
        line = TableRow()
        line.addElement(_ods_cell(book.second))
        other.addElement(line)
        document.spreadsheet.addElement(other)
    document.save(str(path))


def _ods_table(document: Any, name: str, book: Book) -> Any:
    table = Table(name=name)
    if book.hidden_column is not None:
        narrow = Style(name="narrow", family="table-column")
        narrow.addElement(TableColumnProperties(columnwidth="2cm"))
        document.automaticstyles.addElement(narrow)
        table.addElement(TableColumn(numbercolumnsrepeated=str(book.hidden_column)))
        table.addElement(TableColumn(stylename=narrow, visibility="collapse"))
    for number, cells in enumerate(book.rows):
        options = {"visibility": "collapse"} if number == book.hidden_row else {}
        line = TableRow(**options)
        for place, cell in enumerate(cells):
            made = _ods_cell(cell)
            if book.comment and (number, place) == (1, 1):
                note = office.Annotation()
                note.addElement(P(text=book.comment))
                made.addElement(note)
            line.addElement(made)
        table.addElement(line)
    return table


def _ods_cell(text: str) -> Any:
    cell = TableCell(valuetype="string")
    cell.addElement(P(text=text))
    return cell


WRITERS: dict[str, Callable[[Path, Book], None]] = {
    "xlsx": write_xlsx,
    "xls": write_xls,
    "ods": write_ods,
}
