"""Hostile sheets: a secrecy mark in every place where a table can hide one; odd file names."""

import io
from typing import Any

import xlwt
from odf import dc, office
from odf.table import TableCell
from odf.text import P

from tests.channels.making import (
    HEADER,
    Case,
    Marked,
    Taken,
    edited,
    ods,
    row,
    rows,
    text,
    xls,
    xlsx,
)

MARK = "机密★5年"
SPLIT_TITLE = [["机", "密", "★"], *rows()]
DRAWING = (
    '<xdr:wsDr xmlns:xdr="x" xmlns:a="a"><a:p><a:r><a:t>机</a:t></a:r>'
    "<a:r><a:t>密★</a:t></a:r></a:p></xdr:wsDr>"
)


def second(*, hidden: bool) -> bytes:
    def then(_: Any, sheets: Any) -> None:
        if hidden:
            sheets[1].very_hidden()

    return xlsx(rows(), [["甲"], ["", "", MARK]], then=then)


def property_of(**values: str) -> bytes:
    return xlsx(rows(), then=lambda book, _: book.set_properties(values))


def custom_property() -> bytes:
    return xlsx(rows(), then=lambda book, _: book.set_custom_property("密级", MARK))


def comment() -> bytes:
    return xlsx(rows(), then=lambda _, sheets: sheets[0].write_comment(1, 1, MARK))


def page_header() -> bytes:
    return xlsx(rows(), then=lambda _, sheets: sheets[0].set_header(f"&C&12{MARK}"))


def text_box() -> bytes:
    return xlsx(rows(), then=lambda _, sheets: sheets[0].insert_textbox(5, 5, MARK))


def drawing() -> bytes:
    return edited(xlsx(rows()), {"xl/drawings/drawing9.xml": DRAWING.encode()})


def xls_header() -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("工单")
    for y, cells in enumerate(rows()):
        for x, cell in enumerate(cells):
            sheet.write(y, x, cell)
    # The setter of this property is not for Python 3.
    sheet._Worksheet__header_str = f"&C{MARK}"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def sheet_name() -> bytes:
    return xlsx(rows(), then=lambda book, _: book.add_worksheet("机密★"))


def hidden_column() -> bytes:
    table = [[*HEADER, "内部"], [*row(1), MARK], [*row(2), ""]]
    return xlsx(table, then=lambda _, sheets: sheets[0].set_column(6, 6, None, None, {"hidden": 1}))


def hidden_row() -> bytes:
    table = [*rows(2), row(3, text=MARK)]
    return xlsx(table, then=lambda _, sheets: sheets[0].set_row(3, None, None, {"hidden": 1}))


def ods_title() -> bytes:
    def then(document: Any, _: Any) -> None:
        document.meta.addElement(dc.Title(text=MARK))

    return ods(rows(), then=then)


def ods_note() -> bytes:
    def then(_: Any, sheet: Any) -> None:
        note = office.Annotation()
        note.addElement(P(text=MARK))
        sheet.getElementsByType(TableCell)[0].addElement(note)

    return ods(rows(), then=then)


def unseen(**words: Any) -> bytes:
    """A mark that no cell shows: in a tip, a hint, a chart, a format, a formula, a name."""

    def then(book: Any, sheets: Any) -> None:
        sheet = sheets[0]
        match words:
            case {"tip": tip}:
                sheet.write_url(9, 0, "http://localhost/", None, "x", tip)
            case {"hint": hint}:
                sheet.data_validation(1, 1, 5, 1, {"validate": "any", "input_message": hint})
            case {"chart": title}:
                chart = book.add_chart({"type": "line"})
                chart.add_series({"values": "=Sheet1!$A$1:$A$3"})
                chart.set_title({"name": title})
                sheet.insert_chart(9, 9, chart)
            case {"format": format_}:
                sheet.write(9, 0, 1, book.add_format({"num_format": f'"{format_}"0'}))
            case {"formula": formula}:
                sheet.write_formula(9, 0, f'=IF(1,"x","{formula}")', None, "x")
            case {"name": name}:
                book.define_name("Level", f'="{name}"')

    return xlsx(rows(), then=then)


def ods_box() -> bytes:
    box = f"<table:shapes><draw:frame><text:p>{MARK}</text:p></draw:frame></table:shapes>"

    def change(xml: bytes) -> bytes:
        return xml.replace(b"</table:table>", box.encode() + b"</table:table>")

    return edited(ods(rows()), {"content.xml": change})


def no_echo(_: list[Any], errors: list[Any]) -> None:
    assert errors[0].column == "密级标志"
    assert "机密" not in errors[0].message + errors[0].remedy


def far_column() -> list[Any]:
    return [HEADER, [*row(1), "", "", MARK], row(2)]


ONE_BAD = Taken(2, 1, no_echo)
WHOLE = Marked()
T = "a.xlsx"

MARKS = [
    Case("mark in title line", T, lambda: xlsx([[MARK], *rows()]), WHOLE),
    Case("mark split in title", T, lambda: xlsx(SPLIT_TITLE), WHOLE),
    Case("mark above csv", "a.csv", lambda: text([[MARK], *rows()], "gbk"), WHOLE),
    Case("mark above xls", "a.xls", lambda: xls([[MARK], *rows()]), WHOLE),
    Case("mark in header", T, lambda: xlsx([[*HEADER, MARK], *rows()[1:]]), WHOLE),
    Case("mark on second sheet", T, lambda: second(hidden=False), WHOLE),
    Case("mark on hidden sheet", T, lambda: second(hidden=True), WHOLE),
    Case("mark without table", T, lambda: xlsx([["通知"], [MARK]]), WHOLE),
    Case("mark in properties", T, lambda: property_of(title=MARK), WHOLE),
    Case("mark in keywords", T, lambda: property_of(keywords=MARK), WHOLE),
    Case("mark in own property", T, custom_property, WHOLE),
    Case("mark in comment", T, comment, WHOLE),
    Case("mark in page header", T, page_header, WHOLE),
    Case("mark in xls page header", "a.xls", xls_header, WHOLE),
    Case("mark in text box", T, text_box, WHOLE),
    Case("mark in runs", T, drawing, WHOLE),
    Case("mark as sheet name", T, sheet_name, WHOLE),
    Case("mark as file name", "机密★台账.xlsx", lambda: xlsx(rows()), WHOLE),
    Case("mark in ods title", "a.ods", ods_title, WHOLE),
    Case("mark in ods note", "a.ods", ods_note, WHOLE),
    Case("mark in ods box", "a.ods", ods_box, WHOLE),
    Case("mark in a tip", T, lambda: unseen(tip=MARK), WHOLE),
    Case("mark in a hint", T, lambda: unseen(hint=MARK), WHOLE),
    Case("mark in a chart", T, lambda: unseen(chart=MARK), WHOLE),
    Case("mark in a format", T, lambda: unseen(format=MARK), WHOLE),
    Case("mark in a formula", T, lambda: unseen(formula=MARK), WHOLE),
    Case("mark in a defined name", T, lambda: unseen(name=MARK), WHOLE),
    Case("mark in a row", T, lambda: xlsx([*rows(2), row(3, text=f"来文{MARK}")]), ONE_BAD),
    Case("mark in a title", T, lambda: xlsx([*rows(2), row(3, title=MARK)]), ONE_BAD),
    Case("mark in a name", T, lambda: xlsx([*rows(2), row(3, name=MARK)]), ONE_BAD),
    Case("mark in hidden column", T, hidden_column, Taken(1, 1, no_echo)),
    Case("mark in hidden row", T, hidden_row, ONE_BAD),
    Case("mark beyond the header", T, lambda: xlsx(far_column()), Taken(1, 1, no_echo)),
    Case("mark in csv row", "a.csv", lambda: text([*rows(2), row(3, text=MARK)]), ONE_BAD),
    Case("mark with zero width", T, lambda: xlsx([*rows(2), row(3, text="机\u200b密 ★")]), ONE_BAD),
    Case("mark in number cell row", T, lambda: xlsx([*rows(2), [MARK]]), ONE_BAD),
    Case(
        "no mark: trade secret",
        T,
        lambda: xlsx([HEADER, row(1, text="商业秘密，请保密")]),
        Taken(1),
    ),
]

NAMES = [
    Case("name climbs", "../../etc/a.xlsx", lambda: xlsx(rows()), Taken(3)),
    Case("name with break", "a\nb.xlsx", lambda: xlsx(rows()), Taken(3)),
    Case("name long", "长" * 90 + ".xlsx", lambda: xlsx(rows()), Taken(3)),
    Case("name without suffix", "台账", lambda: xlsx(rows()), Taken(3)),
    Case("name shell", "$(id);a.xlsx", lambda: xlsx(rows()), Taken(3)),
    Case("name upper", "A.XLSX", lambda: xlsx(rows()), Taken(3)),
]
