"""Hostile sheets: small files that ask for all memory or all time."""

import io
import struct
import zipfile
from typing import Any

import xlwt

from tests.channels.making import Case, Taken, edited, ods, rows, sheet_xml, turned, with_cell, xlsx

FAR = b'<row r="1048576"><c r="XFD1048576" t="str"><v>x</v></c></row>'
FAR_QUOTES = b"<row r='1048576'><c t='str' r='XFD1048576'><v>x</v></c></row>"
FAR_ROW_ONLY = b'<row r="1048576"><c r="A1048576" t="str"><v>x</v></c></row>'
FAR_BLANK = b'<row r="1048576"><c r="XFD1048576" s="1"/></row>'
FAR_UNPLACED = b'<row r="1048576">' + b"<c/>" * 16_383 + b"<c><v>1</v></c></row>"
ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    b'<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
EXTERNAL = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
# The place of the giant among the shared texts: the good rows hold sixteen.
GIANT = 76
LIE = b'<dimension ref="A1:XFD1048576"/>'


def second_sheet() -> bytes:
    return edited(xlsx(rows(), [["x"]]), {"xl/worksheets/sheet2.xml": with_cell(FAR)})


def far_prefixed() -> bytes:
    """The same stray cell where every tag carries a prefix."""

    def change(xml: bytes) -> bytes:
        xml = xml.replace(b"<", b"<x:").replace(b"<x:/", b"</x:").replace(b"<x:?", b"<?")
        xml = xml.replace(b"xmlns=", b"xmlns:x=")
        return xml.replace(
            b"</x:sheetData>",
            FAR.replace(b"<", b"<x:").replace(b"<x:/", b"</x:") + b"</x:sheetData>",
        )

    return sheet_xml(change)


def zeros(megabytes: int) -> bytes:
    """A part that unpacks to very much."""
    buffer = io.BytesIO(xlsx(rows()))
    with (
        zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as package,
        package.open("xl/media/a.bin", "w") as part,
    ):
        for _ in range(megabytes):
            part.write(bytes(1 << 20))
    return buffer.getvalue()


def lying_size() -> bytes:
    """A worksheet that says it is small and is not."""
    padding = b"<row/>" * 4_000_000
    made = bytearray(sheet_xml(lambda x: x.replace(b"</sheetData>", padding + b"</sheetData>")))
    name = b"xl/worksheets/sheet1.xml"
    central = made.rfind(b"PK\x01\x02", 0, made.rfind(name))
    made[central + 24 : central + 28] = struct.pack("<I", 2_000)
    return bytes(made)


def many_entries() -> bytes:
    buffer = io.BytesIO(xlsx(rows()))
    with zipfile.ZipFile(buffer, "a") as package:
        for number in range(6_000):
            package.writestr(f"xl/media/{number}.txt", b"")
    return buffer.getvalue()


def shared_giant() -> bytes:
    """One long text that sixty thousand cells share."""
    long = b"<si><t>" + b"\xe9\x95\xbf" * 32_767 + b"</t></si></sst>"
    cells = b"".join(
        b'<row r="%d"><c r="A%d" t="s"><v>%d</v></c></row>' % (n, n, GIANT)
        for n in range(10, 60_000)
    )
    return edited(
        sheet_xml(with_cell(cells)),
        {"xl/sharedStrings.xml": lambda x: x.replace(b"</sst>", b"<si><t>x</t></si>" * 60 + long)},
    )


def repeated_ods(*, filled: bool) -> bytes:
    """Rows and columns said to repeat to the sheet's end, blank as usual or filled."""
    cell = '<table:table-cell table:number-columns-repeated="16384"{}/>'.format(
        ' office:value-type="float" office:value="1"' if filled else ""
    )
    line = f'<table:table-row table:number-rows-repeated="1048000">{cell}</table:table-row>'

    def change(xml: bytes) -> bytes:
        return xml.replace(b"</table:table>", line.encode() + b"</table:table>")

    return edited(ods(rows()), {"content.xml": change})


def far_ods() -> bytes:
    """A stray cell behind a million blank rows, each of sixteen thousand blank cells."""
    line = (
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/>'
        "</table:table-row><table:table-row><table:table-cell "
        'table:number-columns-repeated="16383"/><table:table-cell office:value-type="float" '
        'office:value="1"/></table:table-row>'
    )

    def change(xml: bytes) -> bytes:
        return xml.replace(b"</table:table>", line.encode() + b"</table:table>")

    return edited(ods(rows()), {"content.xml": change})


def far_xls() -> bytes:
    buffer = io.BytesIO()
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("工单")
    for y, cells in enumerate(rows()):
        for x, cell in enumerate(cells):
            sheet.write(y, x, cell)
    sheet.write(65_535, 255, "x")
    book.save(buffer)
    return buffer.getvalue()


def far_format() -> bytes:
    def then(book: Any, sheets: Any) -> None:
        sheets[0].write_blank(1_048_575, 16_383, None, book.add_format({"bold": True}))

    return xlsx(rows(), then=then)


def deep() -> bytes:
    nest = b"<a>" * 200_000 + b"</a>" * 200_000
    return sheet_xml(lambda x: x.replace(b"</sheetData>", b"</sheetData>" + nest))


def declared(prologue: bytes, part: str) -> bytes:
    def change(xml: bytes) -> bytes:
        return xml.replace(DECLARATION, prologue)

    made = edited(xlsx(rows()), {part: change})
    assert made != xlsx(rows())
    return made


BOMBS = [
    Case("stray XFD1048576", "a.xlsx", lambda: sheet_xml(with_cell(FAR)), turned("far_cell")),
    Case(
        "stray, odd quotes", "a.xlsx", lambda: sheet_xml(with_cell(FAR_QUOTES)), turned("far_cell")
    ),
    Case("stray, prefixed", "a.xlsx", far_prefixed, turned("far_cell")),
    Case(
        "stray, no reference",
        "a.xlsx",
        lambda: sheet_xml(with_cell(FAR_UNPLACED)),
        turned("far_cell", "died", "memory"),
    ),
    Case("stray on sheet two", "a.xlsx", second_sheet, turned("far_cell")),
    Case("stray last row", "a.xlsx", lambda: sheet_xml(with_cell(FAR_ROW_ONLY)), Taken(3, 1)),
    Case("stray blank", "a.xlsx", lambda: sheet_xml(with_cell(FAR_BLANK)), Taken(3)),
    Case("stray format", "a.xlsx", far_format, Taken(3)),
    Case("stray xls", "a.xls", far_xls, Taken(3, 1)),
    Case("stray ods", "a.ods", far_ods, turned("far_cell")),
    Case(
        "lying dimension",
        "a.xlsx",
        lambda: sheet_xml(lambda x: x.replace(b'<dimension ref="A1:F4"/>', LIE)),
        Taken(3),
    ),
    Case("zip bomb", "a.xlsx", lambda: zeros(620), turned("unpacked")),
    Case("zip bomb by ratio", "a.xlsx", lambda: zeros(200), turned("unpacked")),
    Case(
        "lying size", "a.xlsx", lying_size, turned("corrupt", "memory", "died", "time", "unpacked")
    ),
    Case("many entries", "a.xlsx", many_entries, turned("entries")),
    Case("shared giant", "a.xlsx", shared_giant, turned("memory", "died")),
    Case(
        "entity bomb",
        "a.xlsx",
        lambda: declared(ENTITIES, "xl/sharedStrings.xml"),
        turned("entities"),
    ),
    Case(
        "external entity",
        "a.xlsx",
        lambda: declared(EXTERNAL, "xl/worksheets/sheet1.xml"),
        turned("entities"),
    ),
    Case("deep nesting", "a.xlsx", deep, Taken(3)),
    Case("ods blank to the end", "a.ods", lambda: repeated_ods(filled=False), Taken(3)),
    Case(
        "ods filled to the end",
        "a.ods",
        lambda: repeated_ods(filled=True),
        turned("too_many_cells", "far_cell"),
    ),
]
