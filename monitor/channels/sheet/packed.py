"""Child side: look into an xlsx or ods package before the reader opens it.

The reader reserves memory for the whole rectangle that the outermost cells span and
aborts the interpreter when it cannot; so the rectangle is measured here first.
"""

import html
import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from monitor.channels.sheet.kinds import Unreadable
from monitor.channels.sheet.spans import Span, ods_cells, unseen, xlsx_cells
from monitor.confined.packages import BROKEN

MB = 1 << 20
MOST_ENTRIES = 5_000
MOST_UNPACKED = 600 * MB
HIGHEST_RATIO = 300
RATIO_FROM = 100 * MB
MOST_ASIDE = 4 * MB
CHUNK = 1 * MB
START = 64 << 10
LONGEST_RUN = 16 * MB

TAG = re.compile(r"<[^>]*>")
PARAGRAPH = re.compile(r"</(?:\w+:)?(?:p|comment|text|h)>")
ATTRIBUTE = re.compile(r"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
SHEET = re.compile(r"<(?:\w+:)?sheet\s([^>]*)>")
RELATION = re.compile(r"<(?:\w+:)?Relationship\s([^>]*)>")
PROPERTIES = re.compile(r"docProps/.*\.xml$|meta\.xml$")
# Cells, their strings and the colours are looked at elsewhere or say nothing.
CELLS = re.compile(r"xl/worksheets/[^/]*\.xml$|xl/sharedStrings\.xml$|xl/theme/|^content\.xml$")
WORDED = (".xml", ".vml", ".rels")
ENCODED = re.compile(rb"<\?xml[^>]*\bencoding\s*=\s*[\"']([\w.:-]+)")
READABLE = (b"utf-8", b"utf8", b"us-ascii", b"ascii")
WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
EPOCH_1904 = re.compile(r"<(?:\w+:)?workbookPr\b[^>]*\bdate1904=[\"'](?:1|true)[\"']")


class Package:
    """What was learnt: texts beside the cells, and where the error values stand."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.errors: dict[str, set[tuple[int, int]]] = {}
        self.epoch1904 = False


def check(file: BinaryIO) -> Package:
    """Refuse bombs, locked and foreign packages and absurd ranges; collect texts aside."""
    try:
        with zipfile.ZipFile(file) as package:
            return _check(package)
    except BROKEN as error:
        raise Unreadable("corrupt") from error


def _check(package: zipfile.ZipFile) -> Package:
    entries = package.infolist()
    names = {entry.filename for entry in entries}
    if len(entries) > MOST_ENTRIES:
        raise Unreadable("entries")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Unreadable("password")
    unpacked = sum(entry.file_size for entry in entries)
    stored = max(1, sum(entry.compress_size for entry in entries))
    if unpacked > MOST_UNPACKED or (unpacked > RATIO_FROM and unpacked / stored > HIGHEST_RATIO):
        raise Unreadable("unpacked")
    found = Package()
    if "xl/workbook.xml" in names or "[Content_Types].xml" in names:
        _check_names(names)
        _guard_entities(package, entries)
        found.epoch1904 = bool(EPOCH_1904.search(_text(package, "xl/workbook.xml")))
        for title, part in _worksheets(package, names):
            span = _measure(xlsx_cells(_chunks(package, part)))
            found.errors[title] = span.errors
            found.texts += span.texts
    elif "content.xml" in names:
        if "META-INF/manifest.xml" in names and b"encryption-data" in _read(
            package, "META-INF/manifest.xml"
        ):
            raise Unreadable("password")
        _guard_entities(package, entries)
        for span in ods_cells(_chunks(package, "content.xml")):
            found.texts += _measure(span).texts
    else:
        if any(name.endswith(".iwa") for name in names):
            raise Unreadable("other_kind", kind="苹果 Numbers 文件")
        raise Unreadable("archive")
    for name in sorted(names):
        if name.endswith(WORDED) and not CELLS.search(name):
            text = _text(package, name)
            between = "\n" if PROPERTIES.search(name) else ""
            found.texts += [_plain(TAG.sub(between, PARAGRAPH.sub("\n", text))), *unseen(text)]
    return found


def _check_names(names: set[str]) -> None:
    if "xl/workbook.xml" in names:
        return
    if "xl/workbook.bin" in names:
        raise Unreadable("other_kind", kind="二进制工作簿（xlsb）")
    for folder, label in (("word/", "Word 文档"), ("ppt/", "演示文稿")):
        if any(name.startswith(folder) for name in names):
            raise Unreadable("other_kind", kind=label)
    raise Unreadable("corrupt")


def _guard_entities(package: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """No part of a workbook needs a document type; bombs of entities do.

    Nor does any writer use another encoding than UTF-8: the reader would see no cells in it.
    """
    for entry in entries:
        if entry.filename.endswith(WORDED):
            with package.open(entry) as part:
                start = part.read(START)
            narrow = start.replace(b"\0", b"")
            if b"<!DOCTYPE" in narrow or b"<!ENTITY" in narrow:
                raise Unreadable("entities")
            said = ENCODED.search(start)
            if start.startswith(WIDE) or (said and said[1].lower() not in READABLE):
                raise Unreadable("corrupt")


def _worksheets(package: zipfile.ZipFile, names: set[str]) -> list[tuple[str, str]]:
    """Sheet name and part of each worksheet, by the workbook's own relations."""
    targets = {}
    if "xl/_rels/workbook.xml.rels" in names:
        for found in RELATION.finditer(_text(package, "xl/_rels/workbook.xml.rels")):
            given = _attributes(found[1])
            path = posixpath.normpath(posixpath.join("/xl", given.get("Target", "")))
            targets[given.get("Id", "")] = path.lstrip("/")
    sheets = []
    for found in SHEET.finditer(_text(package, "xl/workbook.xml")):
        given = _attributes(found[1])
        part = targets.get(next((v for k, v in given.items() if k.endswith(":id")), ""), "")
        if part in names:
            sheets.append((given.get("name", ""), part))
    return sheets


def _attributes(text: str) -> dict[str, str]:
    return {
        m[1]: html.unescape(m[2] if m[2] is not None else m[3]) for m in ATTRIBUTE.finditer(text)
    }


def _measure(span: Span) -> Span:
    span.check()
    return span


def _chunks(package: zipfile.ZipFile, name: str) -> Iterator[str]:
    """A part as text, in pieces that end before a tag begins."""
    with package.open(name) as part:
        rest = b""
        while piece := part.read(CHUNK):
            piece = rest + piece
            cut = piece.rfind(b"<")
            if cut <= 0:
                if len(piece) > LONGEST_RUN:
                    raise Unreadable("corrupt")
                rest = piece
                continue
            rest = piece[cut:]
            yield piece[:cut].decode("utf-8", "replace")
        yield rest.decode("utf-8", "replace")


def _read(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as part:
        return part.read(MOST_ASIDE)


def _text(package: zipfile.ZipFile, name: str) -> str:
    return _read(package, name).decode("utf-8", "replace")


def _plain(text: str) -> str:
    lines = (line.strip() for line in html.unescape(text).splitlines())
    return "\n".join(line for line in lines if line)
