"""Hostile sheets: odd writings of times, blanks and quotes, and files that pretend."""

import csv
import io
import zipfile
from datetime import datetime, timedelta, timezone
from typing import Any

import xlwt

from tests.channels.hostile_values import T, column, has, many, more, one
from tests.channels.making import (
    HEADER,
    Case,
    Taken,
    edited,
    ods,
    row,
    rows,
    sheet_xml,
    text,
    turned,
    with_cell,
    xlsx,
)

MOMENT = datetime(2026, 10, 8, 15, 30, tzinfo=timezone(timedelta(hours=8)))
AFTERNOONS = [
    "二〇二六年十月八日下午三点半",
    "二○二六年十月八日 十五时三十分",
    "二零二六年十月八日 午后三点三十分",
    "2026年十月8日 15点30分",
    "2026.10.8 15:30",
    "2026年10月8日（星期四）15:30",
    "2026-10-08(周四) 15:30:00",
    "2026-10-08 15.30.00",
    "2026\\10\\8 15:30",
    "2026–10–08_15:30",
    "2026-10-08 3:30 p.m.",
    "2026-10-08 15:30 北京时间",
    "2026-10-08 15:30:00 CST",
    "2026-10-08 07:30 UTC",
    "2026-10-08 15:30 GMT+8",
    "Thu Oct 08 15:30:00 CST 2026",
    "Thu Oct 08 2026 15:30:00 GMT+0800 (中国标准时间)",
    "Oct 8, 2026 3:30 PM",
    "8-Oct-2026 15:30",
]
UNCLEAR = [
    "10/9/2026",
    "09.10.2026 9:05",
    "26-10-09",
    "2026-10-08 上午 13:30",
    "2026-10-08 晚上12:30",
    "二〇二六年十三月九日",
    "二〇二六年十月三十二日",
    "2026-10-08 至 2026-10-09",
    "Thu Oct 08 15:30:00 PST 2026",
]
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
BOOK_OF_2003 = (
    "<Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'><Worksheet/></Workbook>"
)
NAMES = ["信访件编号", "信访日期", "信访标题", "信访内容", "信访人", "联系手机"]
OTHER_NAMES = ["流水号", "创建时间", "事项标题", "事件描述", "市民姓名", "来电电话"]


def all_at(when: datetime) -> Any:
    def check(taken: list[Any], _: list[Any]) -> None:
        assert [one.received_at for one in taken if one.received_at != when] == []

    return check


def texts(*expected: str) -> Any:
    def check(taken: list[Any], _: list[Any]) -> None:
        assert tuple(one.text for one in taken) == expected

    return check


def xls_serial_of_1904() -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    book.dates_1904 = True
    sheet = book.add_sheet("工单")
    for y, cells in enumerate(one(time=46303.6458333333 - 1462)):
        for x, cell in enumerate(cells):
            sheet.write(y, x, cell)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def unreckoned() -> bytes:
    """Formulas that no program has ever reckoned."""
    cells = (
        b'<row r="9"><c r="A9"><f>A2+1</f><v></v></c><c r="B9"><f>B2</f></c>'
        b'<c r="D9"><f>D2</f><v/></c></row>'
        b'<row r="10"><c r="A10" t="str"><f>IF(1,"","")</f><v></v></c></row>'
    )
    return sheet_xml(with_cell(cells))


def new_error() -> bytes:
    return sheet_xml(with_cell(b'<row r="9"><c r="A9" t="e"><v>#CALC!</v></c></row>'))


def numbers_file() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("Index/Document.iwa", b"x")
    return buffer.getvalue()


def late_entities() -> bytes:
    late = b"<!--" + b" " * 5_000 + b"-->" + ENTITIES
    return sheet_xml(lambda xml: xml.replace(b"<worksheet", late + b"<worksheet", 1))


def wide_sheet() -> bytes:
    return sheet_xml(lambda xml: xml.decode().replace("UTF-8", "UTF-16").encode("utf-16"))


def named(header: list[str]) -> bytes:
    return xlsx([header, *rows()[1:]])


def spare(day: Any, clock: Any) -> list[Any]:
    return [["编号", "受理日期", "受理时间", "内容"], ["1", day, clock, "问补贴"]]


ODDITIES = [
    Case(
        "times in every form",
        T,
        lambda: xlsx(many("time", AFTERNOONS)),
        Taken(len(AFTERNOONS), check=all_at(MOMENT)),
    ),
    Case("times unclear", T, lambda: xlsx(many("time", UNCLEAR)), Taken(0, len(UNCLEAR))),
    Case(
        "day and hour apart",
        T,
        lambda: xlsx(spare("2026-10-08", "15:30")),
        Taken(1, check=all_at(MOMENT)),
    ),
    Case("day and no hour", T, lambda: xlsx(spare("2026-10-08", "下午")), Taken(0, 1)),
    Case("xls serial 1904", "a.xls", xls_serial_of_1904, Taken(1, check=all_at(MOMENT))),
    Case("formula unreckoned", T, unreckoned, Taken(3, 1, column("工单编号"))),
    Case("error of new kind", T, new_error, turned("error_value")),
    Case(
        "error word as number",
        "a.csv",
        lambda: text(one(number="#VALUE!")),
        Taken(0, 1, column("工单编号")),
    ),
    Case("number yes", T, lambda: xlsx(one(number=True)), Taken(0, 1, column("工单编号"))),
    Case(
        "number held by a formula",
        "a.csv",
        lambda: text(one(number='="261008153000123456"', phone='="13800000123"')),
        Taken(1, check=has(upstream_no="261008153000123456")),
    ),
    Case(
        "number in odd quotes",
        T,
        lambda: xlsx(one(number="‘0012")),
        Taken(1, check=has(upstream_no="0012")),
    ),
    Case(
        "answer only dashes",
        T,
        lambda: xlsx(more(["答复意见", "答复时间"], "—", "-")),
        Taken(1, check=has(answer=None)),
    ),
    Case(
        "answer only a slash",
        T,
        lambda: xlsx(more(["答复意见", "答复时间"], "/", "2024-02-01")),
        Taken(1, check=has(answer=None)),
    ),
    Case("names of petitions", T, lambda: named(NAMES), Taken(3)),
    Case("names of a platform", T, lambda: named(OTHER_NAMES), Taken(3)),
    Case(
        "csv row of 100,000",
        "a.csv",
        lambda: text([HEADER, [*row(1), *["x"] * 100_000], row(2)]),
        Taken(1, 1),
    ),
    Case(
        "csv single quotes",
        "a.csv",
        lambda: text(one(text="甲,乙"), quotechar="'", quoting=csv.QUOTE_ALL),
        Taken(1, check=texts("甲,乙")),
    ),
    Case(
        "csv blank before quote",
        "a.csv",
        lambda: '编号, 受理时间, 内容\n1, 2026-10-08, "甲,乙"\n'.encode(),
        Taken(1, check=texts("甲,乙")),
    ),
    Case(
        "csv backslash quotes",
        "a.csv",
        lambda: '编号,受理时间,内容\n1,2026-10-08,"他说\\"好\\",走了"\n2,2026-10-08,乙\n'.encode(),
        Taken(2, check=texts('他说"好",走了', "乙")),
    ),
    Case("entities behind a comment", T, late_entities, turned("entities")),
    Case("sheet in utf-16", T, wide_sheet, turned("corrupt")),
    Case(
        "html utf-16 as xls",
        "a.xls",
        lambda: "\r\n <HTML><table>".encode("utf-16"),
        turned("web_page"),
    ),
    Case("mhtml as xls", "a.xls", lambda: b"MIME-Version: 1.0\r\n\r\n<html>", turned("web_page")),
    Case("book of 2003 bare", "a.xls", lambda: BOOK_OF_2003.encode(), turned("web_page")),
    Case("numbers", "a.numbers", numbers_file, turned("other_kind")),
    Case("xlsm", "a.xlsm", lambda: edited(xlsx(rows()), {"xl/vbaProject.bin": b"x"}), Taken(3)),
    Case("ods as et", "a.et", lambda: ods(rows()), Taken(3)),
]
