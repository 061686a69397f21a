"""Child side: how far the cells of a worksheet reach, read from its XML as a stream."""

import html
import re
from collections.abc import Iterator

from monitor.channels.sheet.kinds import Unreadable

MOST_CELLS = 12_000_000
SPARSE = 20
MOST_ERRORS = 200_000

CELL = re.compile(
    r"<(?:\w+:)?c\b([^>]*?)\br\s*=\s*[\"']\$?([A-Za-z]{1,7})\$?(\d{1,10})[\"']([^>]*)(?<!/)>(?!</)"
)
ROW = re.compile(r"<(?:\w+:)?row\b[^>]*?\br\s*=\s*[\"'](\d{1,10})[\"']")
UNPLACED = ("<c>", "<c t", "<c s")
EDGE = re.compile(r"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)\b[^>]*>([^<]*)")
IS_ERROR = re.compile(r"\bt\s*=\s*[\"']e[\"']")
# A formula that was never reckoned has no value, while a reckoned blank says that it is text.
NO_VALUE = re.compile(
    r"<(?:\w+:)?c\b(?![^>]*\bt\s*=)[^>]*?\br\s*=\s*[\"']\$?([A-Za-z]{1,7})\$?(\d{1,10})[\"'][^>]*>"
    r"\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    r"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
# Words that no cell shows: formulas, hints of an input, tips of a link.
UNSEEN = re.compile(
    r"\s([\w:-]+)\s*=\s*\"([^\"<]*)\""
    r"|<((?:\w+:)?(?:f|formula1|formula2))\b[^>]*>([^<]*)<"
)
SUSPECT = ("密", "&#")
SEEN = frozenset({"office:string-value"})
EDGE_CODE = re.compile(r"&(?:\"[^\"]*\"|[A-Z]|\d+)")

ODS_TAG = re.compile(
    r"<(/?)table:(table-row|table-cell|covered-table-cell|table)(?=[\s>/])([^>]*?)(/?)>"
)
ODS_ROWS = re.compile(r"number-rows-repeated=[\"'](\d{1,12})[\"']")
ODS_COLUMNS = re.compile(r"number-columns-repeated=[\"'](\d{1,12})[\"']")
NOTE = re.compile(
    r"<(office:annotation|draw:frame|draw:custom-shape|table:content-validations)(?=[\s>])"
)
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

    def add_all(self, rows: list[int], columns: list[int]) -> None:
        """Count in single cells by their rows, counted from 1, and the columns they stand in."""
        self.add(min(rows) - 1, min(columns))
        self.add(max(rows) - 1, max(columns))
        self.count += len(rows) - 2

    def mark_errors(self, cells: list[tuple[str, str, str, str]]) -> None:
        """Keep which of these cells hold an error value: the reader would take it for a blank."""
        for before, name, digits, after in cells:
            if IS_ERROR.search(f" {before} {after}"):
                row, column = int(digits) - 1, index(name)
                if len(self.errors) >= MOST_ERRORS:
                    raise Unreadable("too_many_cells", cell=f"{letters(column)}{row + 1}")
                self.errors.add((row, column))

    def mark_unreckoned(self, chunk: str) -> None:
        """Count formulas without a value as errors: the reader would take them for blanks."""
        if "<f" not in chunk and ":f" not in chunk:
            return
        for name, digits in NO_VALUE.findall(chunk):
            if len(self.errors) < MOST_ERRORS:
                self.errors.add((int(digits) - 1, index(name)))

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
    for chunk in chunks:
        if cells := CELL.findall(chunk):
            before, names, digits, after = zip(*cells, strict=True)
            span.add_all(list(map(int, digits)), [index(name) for name in {*names}])
            # Of all that cells say of themselves, little differs from one to the next.
            if any(IS_ERROR.search(said) for said in {*before, *after}):
                span.mark_errors(cells)
        if any(mark in chunk for mark in UNPLACED):
            for digits in ROW.findall(chunk):
                span.add(int(digits) - 1, 0)
        span.mark_unreckoned(chunk)
        span.texts += unseen(chunk)
        if "Header" in chunk or "Footer" in chunk:
            span.texts += [EDGE_CODE.sub("\n", html.unescape(t)) for t in EDGE.findall(chunk)]
    return span


def ods_cells(chunks: Iterator[str]) -> Iterator[Span]:
    """The span of each table; the last brings the comments of all cells along as texts."""
    span = Span()
    row = column = repeated = 0
    in_note = ""
    notes: list[str] = []
    for chunk in chunks:
        note, in_note = _notes(chunk, in_note)
        notes += [note, *unseen(chunk)]
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


def unseen(xml: str) -> list[str]:
    """Values of attributes and formulas that might hold a mark of secrecy."""
    texts: list[str] = []
    met = {mark: xml.find(mark) for mark in SUSPECT}
    place = 0
    # Neither reaches beyond the next tag: only from one "<" to the next is looked at closely.
    while (found := min((at for at in met.values() if at >= 0), default=-1)) >= 0:
        begin = max(xml.rfind("<", place, found), place)
        end = xml.find("<", found)
        place = end = len(xml) if end < 0 else end
        texts += [
            html.unescape(value or formula)
            for name, value, _, formula in UNSEEN.findall(f"{xml[begin:end]}<")
            if name not in SEEN and any(mark in value + formula for mark in SUSPECT)
        ]
        for mark, at in met.items():
            if 0 <= at < end:
                met[mark] = xml.find(mark, end)
    return [text for text in texts if "密" in text]


def _notes(chunk: str, in_note: str) -> tuple[str, str]:
    """The text beside the cells in this piece, and the element that goes on in the next."""
    texts = []
    rest = chunk
    while True:
        if not in_note:
            found = NOTE.search(rest)
            if not found:
                break
            in_note, rest = found[1], rest[found.start() :]
        text, end, rest = rest.partition(f"</{in_note}>")
        texts.append(TAG.sub("", text.replace("</text:p>", "\n")))
        if not end:
            break
        in_note = ""
    return "\n".join(texts), in_note
