"""Build tables of every format in memory, from rows of plain values."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from monitor.domain.letters import Incoming, RowError

HEADER = ["工单编号", "受理时间", "标题", "主要内容", "来电人", "联系方式"]
TEXT = "企业想了解示范市的惠企资金怎么申报，需要准备哪些材料。"

Row = Sequence[Any]
Check = Callable[[list[Incoming], list[RowError]], None]


@dataclass(frozen=True)
class Taken:
    """The file is read: so many rows go in, so many are rejected."""

    rows: int
    rejected: int = 0
    check: Check | None = None


@dataclass(frozen=True)
class Turned:
    """The file is refused as a whole, with one of these codes."""

    codes: tuple[str, ...]


@dataclass(frozen=True)
class Marked:
    """The file carries a secrecy mark and is refused as a whole."""


@dataclass(frozen=True)
class Case:
    """One hostile sheet: what it is called, how it is made, what must come of it."""

    name: str
    file: str
    build: Callable[[], bytes]
    expected: Taken | Turned | Marked


def turned(*codes: str) -> Turned:
    return Turned(codes)


def row(place: int = 1, /, **changed: Any) -> list[Any]:
    """A row that a person would accept, but for what is changed."""
    cells = {
        "number": f"2024010{place}",
        "time": "2024-01-06 09:12:38",
        "title": f"咨询第{place}件",
        "text": TEXT,
        "name": "王",
        "phone": "13800000123",
    }
    return list((cells | changed).values())


def rows(count: int = 3) -> list[list[Any]]:
    return [HEADER, *[row(place) for place in range(1, count + 1)]]


def xlsx(
    *sheets: Iterable[Row], options: Mapping[str, Any] | None = None, then: Any = None
) -> bytes:
    """A workbook by xlsxwriter; `then(book, sheets)` adds what is special."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, **(options or {})})
    formats = {
        datetime: book.add_format({"num_format": "yyyy/m/d h:mm:ss"}),
        date: book.add_format({"num_format": "yyyy/m/d"}),
    }
    made = [_fill(book.add_worksheet(), sheet, formats) for sheet in sheets]
    if then:
        then(book, made)
    book.close()
    return buffer.getvalue()


def _fill(sheet: Any, table: Iterable[Row], formats: Mapping[type, Any]) -> Any:
    for y, cells in enumerate(table):
        for x, cell in enumerate(cells):
            if isinstance(cell, datetime | date):
                sheet.write_datetime(y, x, cell, formats[type(cell)])
            elif isinstance(cell, bool):
                sheet.write_boolean(y, x, cell)
            elif isinstance(cell, int | float):
                sheet.write_number(y, x, cell)
            elif cell:
                sheet.write_string(y, x, cell)
    return sheet


def xls(table: Iterable[Row]) -> bytes:
    buffer = io.BytesIO()
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("工单")
    moment = xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm:ss")
    for y, cells in enumerate(table):
        for x, cell in enumerate(cells):
            sheet.write(y, x, cell, *([moment] if isinstance(cell, datetime) else []))
    book.save(buffer)
    return buffer.getvalue()


def ods(table: Iterable[Row], *, then: Any = None) -> bytes:
    document = OpenDocumentSpreadsheet()
    sheet = Table(name="工单")
    for cells in table:
        line = TableRow()
        for cell in cells:
            if isinstance(cell, datetime | date):
                made = TableCell(valuetype="date", datevalue=cell.isoformat())
            elif isinstance(cell, int | float):
                made = TableCell(valuetype="float", value=str(cell))
            else:
                made = TableCell(valuetype="string")
            made.addElement(P(text=str(cell)))
            line.addElement(made)
        sheet.addElement(line)
    if then:
        then(document, sheet)
    document.spreadsheet.addElement(sheet)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def text(table: Iterable[Row], encoding: str = "utf-8", **options: Any) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, **options).writerows(table)
    return buffer.getvalue().encode(encoding)


def edited(package: bytes, changes: Mapping[str, Any]) -> bytes:
    """A package with some members replaced, added (by path) or, with None, left out."""
    buffer = io.BytesIO()
    added = dict(changes)
    with (
        zipfile.ZipFile(io.BytesIO(package)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            change = added.pop(name, old.read(name))
            if callable(change):
                change = change(old.read(name))
            if change is not None:
                new.writestr(name, change)
        for name, data in added.items():
            new.writestr(name, data)
    return buffer.getvalue()


def sheet_xml(change: Callable[[bytes], bytes], table: Iterable[Row] | None = None) -> bytes:
    """A good workbook whose first worksheet's XML is changed by hand."""
    good = xlsx(table if table is not None else rows())
    return edited(good, {"xl/worksheets/sheet1.xml": change})


def with_cell(xml: bytes) -> Callable[[bytes], bytes]:
    """Add rows of raw XML behind the last row."""
    return lambda old: old.replace(b"</sheetData>", xml + b"</sheetData>")
