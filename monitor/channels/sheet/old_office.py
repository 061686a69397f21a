"""Child side: look at an OLE file (.xls and what hides behind it) before it is opened."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from monitor.channels.sheet.kinds import Unreadable
from monitor.channels.sheet.spans import EDGE_CODE

SUMMARY = bytes.fromhex("e0859ff2f94f6810ab9108002b27b3d9")
DOCUMENT_SUMMARY = bytes.fromhex("02d5cdd59c2e1b10939708002b2cf9ae")
BOOKS = ("Workbook", "Book")
OTHERS = {"WordDocument": "Word 文档", "PowerPoint Document": "演示文稿"}
PROPERTY_BYTES = 4096
# A BIFF8 stream begins with BOF; FILEPASS follows at once, or behind the write protection.
LOCKED = re.compile(
    rb"\x09\x08\x10\x00\x00\x06\x05\x00.{12}(?:\x86\x00\x00\x00)?\x2f\x00", re.DOTALL
)
# Page header and footer, and the text of a drawn box or comment, as records of the stream.
EDGE = re.compile(rb"[\x14\x15]\x00(..)(..)([\x00\x01])", re.DOTALL)
# DATEMODE with 1904 in it, right before PRECISION, as every writer has it.
EPOCH_1904 = b"\x22\x00\x02\x00\x01\x00\x0e\x00\x02\x00"
BOX = re.compile(rb"\xb6\x01\x12\x00.{18}\x3c\x00(..)([\x00\x01])", re.DOTALL)


def _named(data: bytes, name: str) -> bool:
    """Whether a directory entry has this name: UTF-16, padded with zeros, then its length."""
    raw = name.encode("utf-16-le")
    entry = raw.ljust(64, b"\0") + (len(raw) + 2).to_bytes(2, "little")
    return entry in data


def check(file: BinaryIO, largest: int) -> tuple[list[str], bool]:
    """Refuse what is no open workbook; texts beside the cells, and whether days run from 1904."""
    file.seek(0)
    data = file.read(largest)
    if _named(data, "EncryptedPackage") or _named(data, "EncryptionInfo"):
        raise Unreadable("password")
    for name, label in OTHERS.items():
        if _named(data, name):
            raise Unreadable("other_kind", kind=label)
    if not any(_named(data, name) for name in BOOKS):
        raise Unreadable("corrupt" if len(data) < 2048 else "unknown_kind")
    if LOCKED.search(data):
        raise Unreadable("password")
    texts = []
    for mark in (SUMMARY, DOCUMENT_SUMMARY):
        place = data.find(mark)
        if place >= 0:
            block = data[place : place + PROPERTY_BYTES]
            texts += [_words(block.decode(c, "ignore")) for c in ("gb18030", "utf-8", "utf-16-le")]
    return [text for text in (*texts, *_beside(data)) if text], EPOCH_1904 in data


def _beside(data: bytes) -> Iterator[str]:
    for found in EDGE.finditer(data):
        size, letters = (int.from_bytes(found[place], "little") for place in (1, 2))
        if letters and size == 3 + letters * (1 + found[3][0]):
            yield _string(data, found.end(), size - 3, wide=found[3] == b"\x01")
    for found in BOX.finditer(data):
        size = int.from_bytes(found[1], "little")
        yield _string(data, found.end(), size - 1, wide=found[2] == b"\x01")


def _string(data: bytes, start: int, size: int, *, wide: bool) -> str:
    text = data[start : start + size].decode("utf-16-le" if wide else "latin-1", "replace")
    return _words(EDGE_CODE.sub("\n", text))


def _words(text: str) -> str:
    """The readable runs: property values stand between numbers and padding."""
    kept = "".join(c if c.isprintable() and c != "\ufffd" else "\n" for c in text)
    return "\n".join(run for run in kept.split("\n") if len(run) > 1)
