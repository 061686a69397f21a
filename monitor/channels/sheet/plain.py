"""Child side: csv by content: encoding, delimiter, quotes; checked whole before the first row."""

import codecs
import csv
import io
import itertools
import os
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, BinaryIO, TextIO

from monitor.channels.sheet.kinds import Unreadable

CHUNK = 1 << 20
SAMPLE = 64 << 10
LONGEST_FIELD = 200_000
DELIMITERS = (",", "\t", ";", "|")
CANDIDATES = ("utf-8-sig", "gb18030")
SENTINEL = "\x00end\x00"


class PlainTable:
    """One csv file, ready to be read row by row."""

    def __init__(self, file: BinaryIO) -> None:
        self._fd = file.fileno()
        self._encoding = _encoding(self._fd)
        sample = self._sample()
        self._skip = sample.startswith("sep=")
        first = sample.split("\n", 1)[0].strip()
        self._delimiter = first[4:5] if self._skip and first[4:5] else _delimiter(sample)
        self._dialect = _dialect(sample, self._delimiter)
        csv.field_size_limit(LONGEST_FIELD)
        self._check()

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Record number from 1, and its cells."""
        with self._open() as text:
            for number, row in enumerate(csv.reader(text, **self._dialect), 1):
                if not (number == 1 and self._skip):
                    yield number, row

    def _open(self) -> TextIO:
        os.lseek(self._fd, 0, os.SEEK_SET)
        return open(self._fd, encoding=self._encoding, newline="", closefd=False)

    def _sample(self) -> str:
        with self._open() as text:
            return text.read(SAMPLE).lstrip("\ufeff")

    def _check(self) -> None:
        """Read it once: a quote that never closes would swallow the rows behind it."""
        start = 0
        last: list[str] = []
        with self._open() as text:
            lines = itertools.chain(text, ("\n", SENTINEL))
            reader = csv.reader(lines, **self._dialect)
            try:
                for row in reader:
                    start += 1
                    last = row
            except csv.Error as error:
                raise Unreadable("quotes", row=start + 1) from error
        if last != [SENTINEL]:
            raise Unreadable("quotes", row=start)


def _encoding(fd: int) -> str:
    """The first encoding in which the whole file is valid."""
    head = os.pread(fd, 4096, 0)
    for mark, name in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if head.startswith(mark):
            return _valid(fd, (name,))
    if head.count(0) > 1 and not head.startswith(codecs.BOM_UTF8):
        pairs = Counter(place % 2 for place, byte in enumerate(head) if byte == 0)
        if pairs[1] > 4 * pairs[0]:
            return _valid(fd, ("utf-16-le",))
        if pairs[0] > 4 * pairs[1]:
            return _valid(fd, ("utf-16-be",))
    controls = sum(1 for byte in head if byte < 9 or 13 < byte < 32)
    if controls * 20 > len(head):
        raise Unreadable("unknown_kind")
    return _valid(fd, CANDIDATES[:1] if _is_utf8(head) else CANDIDATES)


def _is_utf8(head: bytes) -> bool:
    """Whether the beginning is UTF-8 beyond doubt, so that a fault behind it is a fault."""
    text = head[: head.rfind(b"\n") + 1]
    try:
        return not text.isascii() and bool(text.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _valid(fd: int, names: tuple[str, ...]) -> str:
    for name in names:
        decoder = codecs.getincrementaldecoder(name)()
        place = 0
        try:
            while piece := os.pread(fd, CHUNK, place):
                decoder.decode(piece)
                place += len(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return name
    raise Unreadable("encoding")


def _delimiter(sample: str) -> str:
    """The one that cuts most rows into the same number of cells."""
    best, choice = (0.0, 0), DELIMITERS[0]
    for delimiter in DELIMITERS:
        try:
            rows = list(itertools.islice(csv.reader(io.StringIO(sample), delimiter=delimiter), 60))
        except csv.Error:
            continue
        widths = Counter(len(row) for row in rows if row)
        wide = {width: count for width, count in widths.items() if width > 1}
        if not wide:
            continue
        width = max(wide, key=lambda width: (wide[width], width))
        score = (wide[width] / sum(widths.values()), width)
        if score > best:
            best, choice = score, delimiter
    return choice


def _dialect(sample: str, delimiter: str) -> dict[str, Any]:
    """How cells are quoted, where that is not the usual way."""
    dialect: dict[str, Any] = {"delimiter": delimiter}
    mark = re.escape(delimiter)
    if '"' not in sample and re.match(f"'[^'\r\n]*'(?:{mark}'[^'\r\n]*'){{2}}", sample):
        dialect["quotechar"] = "'"
    if re.search(f'{mark} +"', sample) and not re.search(f'{mark}"', sample):
        dialect["skipinitialspace"] = True
    if '""' not in sample and re.search(f'\\\\"(?!{mark}|[\r\n])', sample):
        dialect["escapechar"] = "\\"
    return dialect
