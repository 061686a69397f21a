"""Hostile sheets: files of another kind, damaged files, locked files."""

import io
import random
import struct
import zipfile
from typing import Any

from odf import meta

from tests.channels.making import Case, Taken, edited, ods, rows, sheet_xml, text, turned, xls, xlsx

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEET = "xl/worksheets/sheet1.xml"


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members.items():
            package.writestr(name.replace("__", "/"), data)
    return buffer.getvalue()


def noise(size: int = 5_000) -> bytes:
    return random.Random(7).randbytes(size)


def renamed_stream(name: str) -> bytes:
    """An OLE file whose only stream bears another name than a workbook's."""
    old, new = "Workbook".encode("utf-16-le"), name.encode("utf-16-le")
    entry = old.ljust(64, b"\0") + struct.pack("<H", len(old) + 2)
    other = new.ljust(64, b"\0") + struct.pack("<H", len(new) + 2)
    made = xls(rows())
    assert entry in made
    return made.replace(entry, other)


def locked_xls() -> bytes:
    """A BIFF8 stream with a FILEPASS record right behind its first BOF."""
    made = xls(rows())
    start = made.index(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    end = start + 4 + 16
    secret = struct.pack("<HHH", 0x2F, 54, 1) + struct.pack("<HH", 1, 1) + b"\x11" * 48
    # Same length: the records behind it are overwritten, as nothing reads them.
    return made[:end] + secret + made[end + len(secret) :]


def locked_zip() -> bytes:
    """Every member says that it is encrypted."""
    made = bytearray(xlsx(rows()))
    place = 0
    while (place := made.find(b"PK\x01\x02", place)) >= 0:
        made[place + 8] |= 1
        place += 4
    return bytes(made)


def flipped() -> bytes:
    """The compressed worksheet with some bytes changed in the middle."""
    made = xlsx(rows(400))
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        entry = package.getinfo(SHEET)
        middle = entry.header_offset + 30 + len(entry.filename) + entry.compress_size // 2
    return made[:middle] + b"\xff\x00\xff\x00" + made[middle + 4 :]


def locked_ods() -> bytes:
    manifest = b"<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
    return edited(ods(rows()), {"META-INF/manifest.xml": manifest})


def untitled_ods() -> bytes:
    def then(document: Any, _: Any) -> None:
        document.meta.addElement(meta.InitialCreator(text="王"))

    return ods(rows(), then=then)


def cut(data: bytes, share: float) -> bytes:
    return data[: int(len(data) * share)]


WORD = zipped(**{"[Content_Types].xml": DOCX.encode(), "word__document.xml": b"<w:document/>"})
BINARY = zipped(**{"[Content_Types].xml": b"<Types/>", "xl__workbook.bin": b"\x83\x01"})
SPREADSHEET_2003 = (
    b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'
)
WEB = "<html><meta charset='gbk'><table><tr><td>工单编号</td></tr></table></html>".encode("gbk")
BAD_STRING = b'<row r="9"><c r="A9" t="s"><v>99999999</v></c></row>'
REMOVED = dict.fromkeys(["xl/workbook.xml"])
SHEETLESS = dict.fromkeys([SHEET])
STRINGLESS = dict.fromkeys(["xl/sharedStrings.xml"])

KINDS = [
    Case("empty file", "a.xlsx", lambda: b"", turned("empty")),
    Case("one byte", "a.csv", lambda: b"1", turned("missing", "no_cells")),
    Case("only a mark of order", "a.csv", lambda: b"\xef\xbb\xbf", turned("no_cells", "missing")),
    Case("only blanks", "a.csv", lambda: b"\r\n \t\r\n,,,\r\n", turned("no_cells", "missing")),
    Case("pdf", "a.xlsx", lambda: b"%PDF-1.7\n" + noise(), turned("other_kind")),
    Case("png", "a.xlsx", lambda: b"\x89PNG\r\n\x1a\n" + noise(), turned("other_kind")),
    Case("html as xls", "a.xls", lambda: WEB, turned("web_page")),
    Case("html bom as xls", "a.xls", lambda: b"\xef\xbb\xbf\n" + WEB, turned("web_page")),
    Case("xml of 2003", "a.xls", lambda: SPREADSHEET_2003, turned("web_page")),
    Case("zip of xlsx", "a.zip", lambda: zipped(**{"a.xlsx": xlsx(rows())}), turned("archive")),
    Case("empty zip", "a.xlsx", lambda: zipped(), turned("archive")),
    Case("gzip", "a.csv", lambda: b"\x1f\x8b\x08" + noise(), turned("archive")),
    Case("rar", "a.xlsx", lambda: b"Rar!\x1a\x07" + noise(), turned("archive")),
    Case("docx", "a.xlsx", lambda: WORD, turned("other_kind")),
    Case("xlsb", "a.xlsb", lambda: BINARY, turned("other_kind")),
    Case("old biff", "a.xls", lambda: b"\x09\x04\x06\x00" + noise(200), turned("other_kind")),
    Case("noise", "a.xlsx", noise, turned("unknown_kind", "encoding")),
    Case("noise of zeros", "a.csv", lambda: bytes(9_000), turned("unknown_kind", "encoding")),
    Case("word as xls", "a.xls", lambda: renamed_stream("WordDocument"), turned("other_kind")),
    Case("ole without book", "a.xls", lambda: renamed_stream("Contents"), turned("unknown_kind")),
    Case("xlsx as csv", "a.csv", lambda: xlsx(rows()), Taken(3)),
    Case("csv as xlsx", "a.xlsx", lambda: text(rows(), "gbk"), Taken(3)),
    Case("xls as xlsx", "a.xlsx", lambda: xls(rows()), Taken(3)),
    Case("ods as xls", "a.xls", lambda: ods(rows()), Taken(3)),
    Case("ods with author", "a.ods", untitled_ods, Taken(3)),
]

DAMAGED = [
    Case("cut xlsx", "a.xlsx", lambda: cut(xlsx(rows(50)), 0.6), turned("corrupt")),
    Case("cut xls", "a.xls", lambda: cut(xls(rows(200)), 0.5), turned("corrupt", "unknown_kind")),
    Case("cut ods", "a.ods", lambda: cut(ods(rows(50)), 0.6), turned("corrupt")),
    Case("head of zip", "a.xlsx", lambda: b"PK\x03\x04" + noise(100), turned("corrupt")),
    Case("head of ole", "a.xls", lambda: xls(rows())[:600], turned("corrupt")),
    Case("flipped bytes", "a.xlsx", flipped, turned("corrupt")),
    Case("no workbook", "a.xlsx", lambda: edited(xlsx(rows()), REMOVED), turned("corrupt")),
    Case(
        "no sheet",
        "a.xlsx",
        lambda: edited(xlsx(rows()), SHEETLESS),
        turned("corrupt", "no_cells"),
    ),
    Case(
        "no strings",
        "a.xlsx",
        lambda: edited(xlsx(rows()), STRINGLESS),
        turned("corrupt", "no_cells", "died"),
    ),
    Case(
        "bad string index",
        "a.xlsx",
        lambda: sheet_xml(lambda x: x.replace(b"</sheetData>", BAD_STRING + b"</sheetData>")),
        turned("corrupt"),
    ),
    Case(
        "bad style index",
        "a.xlsx",
        lambda: sheet_xml(lambda x: x.replace(b't="s"', b's="4242" t="s"')),
        Taken(3),
    ),
    Case("open tags", "a.xlsx", lambda: sheet_xml(lambda x: x[: len(x) // 2]), turned("corrupt")),
    Case("not xml", "a.xlsx", lambda: sheet_xml(lambda _: noise()), turned("corrupt", "no_cells")),
    Case(
        "encrypted xlsx", "a.xlsx", lambda: renamed_stream("EncryptedPackage"), turned("password")
    ),
    Case("encrypted xls", "a.xls", locked_xls, turned("password")),
    Case("encrypted zip", "a.xlsx", locked_zip, turned("password")),
    Case("encrypted ods", "a.ods", locked_ods, turned("password")),
]
