"""Child side: how far the cells of a worksheet reach, read from its XML as a stream."""

import html
import re
from collections.abc import Iterator

from monitor.channels.sheet.kinds import Unreadable

MOST_CELLS = 12_000_000
SPARSE = 20
MOST_ERRORS = 200_000

CELL = re.compile(
    r"<(?:\w+:)?c\b([^>]*?)\br\s*=\s*[\"']\$?([A-Za-z]{1,7})\$?(\d{1,10})[\"']([^>]*)>(?!</)"
)
ROW = re.compile(r"<(?:\w+:)?row\b[^>]*?\br\s*=\s*[\"'](\d{1,10})[\"']")
UNPLACED = ("<c>", "<c t", "<c s")
EDGE = re.compile(r"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)\b[^>]*>([^<]*)")
EDGE_CODE = re.compile(r"&(?:\"[^\"]*\"|[A-Z]|\d+)")

ODS_TAG = re.compile(
    r"<(/?)table:(table-row|table-cell|covered-table-cell|table)(?=[\s>/])([^>]*?)(/?)>"
)
ODS_ROWS = re.compile(r"number-rows-repeated=[\"'](\d{1,12})[\"']")
ODS_COLUMNS = re.compile(r"number-columns-repeated=[\"'](\d{1,12})[\"']")
NOTE_START, NOTE_END = "<office:annotation", "</office:annotation>"
TAG = re.compile(r"<[^>]*>?")


def letters(column: int) -> str:
    """Column 0 is A, 16383 is XFD."""
    name = ""
    column += 1
    while column > 0:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def index(name: str) -> int:
    """A is column 0."""
    column = 0
    for letter in name.upper():
        column = column * 26 + ord(letter) - 64
    return column - 1


class Span:
    """The rectangle around all cells with content, counted from 0."""

    def __init__(self) -> None:
        self.count = 0
        self.top = self.left = 1 << 40
        self.bottom = self.right = -1
        self.errors: set[tuple[int, int]] = set()
        self.texts: list[str] = []

    def add(self, row: int, column: int, rows: int = 1, columns: int = 1) -> None:
        """Count in a block of cells."""
        self.count += rows * columns
        self.top, self.bottom = min(self.top, row), max(self.bottom, row + rows - 1)
        self.left, self.right = min(self.left, column), max(self.right, column + columns - 1)

    def check(self) -> None:
        """Refuse a rectangle that no memory should be given for."""
        if self.count == 0:
            return
        area = (self.bottom - self.top + 1) * (self.right - self.left + 1)
        if area <= MOST_CELLS:
            return
        cell = f"{letters(self.right)}{self.bottom + 1}"
        if area > self.count * SPARSE:
            raise Unreadable("far_cell", cell=cell, count=self.count)
        raise Unreadable("too_many_cells", cell=cell)


def xlsx_cells(chunks: Iterator[str]) -> Span:
    """The span of one worksheet; also its error values and the page's header and footer."""
    span = Span()
    columns: dict[str, int] = {}
    for chunk in chunks:
        for before, name, digits, after in CELL.findall(chunk):
            if after.endswith("/"):
                continue
            column = columns.get(name)
            if column is None:
                column = columns[name] = index(name)
            row = int(digits) - 1
            span.add(row, column)
            if 't="e"' in after or 't="e"' in before:
                if len(span.errors) >= MOST_ERRORS:
                    raise Unreadable("too_many_cells", cell=f"{letters(column)}{row + 1}")
                span.errors.add((row, column))
        if any(mark in chunk for mark in UNPLACED):
            for digits in ROW.findall(chunk):
                span.add(int(digits) - 1, 0)
        if "Header" in chunk or "Footer" in chunk:
            span.texts += [EDGE_CODE.sub("\n", html.unescape(t)) for t in EDGE.findall(chunk)]
    return span


def ods_cells(chunks: Iterator[str]) -> Iterator[Span]:
    """The span of each table; the last brings the comments of all cells along as texts."""
    span = Span()
    row = column = repeated = 0
    in_note = False
    notes: list[str] = []
    for chunk in chunks:
        note, in_note = _notes(chunk, in_note=in_note)
        notes.append(note)
        for closing, tag, attributes, empty in ODS_TAG.findall(chunk):
            if tag == "table":
                if closing:
                    yield span
                span, row = Span(), 0
            elif tag == "table-row":
                if closing or empty:
                    row += _repeat(ODS_ROWS, attributes) if empty else repeated
                else:
                    column, repeated = 0, _repeat(ODS_ROWS, attributes)
            elif not closing:
                width = _repeat(ODS_COLUMNS, attributes)
                if not empty or "value-type" in attributes:
                    span.add(row, column, repeated, width)
                column += width
    span.texts = [note for note in notes if note]
    yield span


def _repeat(pattern: re.Pattern[str], attributes: str) -> int:
    found = pattern.search(attributes)
    return int(found[1]) if found else 1


def _notes(chunk: str, *, in_note: bool) -> tuple[str, bool]:
    """The text of cell comments in this piece, and whether one goes on in the next."""
    if not in_note and NOTE_START not in chunk:
        return "", False
    texts = []
    rest = chunk
    while True:
        if not in_note:
            start = rest.find(NOTE_START)
            if start < 0:
                break
            rest = rest[start:]
        text, end, rest = rest.partition(NOTE_END)
        texts.append(TAG.sub("", text.replace("</text:p>", "\n")))
        in_note = not end
        if in_note:
            break
    return "\n".join(texts), in_note
