"""Child side: doc, xls and ppt of before 2007: macros refused, words and authors read."""

import io
import struct
from collections.abc import Iterator

import olefile
import python_calamine as calamine

from monitor.attachments.papers import Words
from monitor.attachments.traces import Trace, trace
from monitor.attachments.unfit import Unfit

LABELS = {"doc": "旧格式 Word 文档", "xls": "旧格式 Excel 表格", "ppt": "旧格式演示文稿"}
UNSURE = "旧格式不能查全隐藏内容，只能公开文字稿"
_META = (("author", "author"), ("last_saved_by", "saved_by"), ("company", "company"),
         ("manager", "author"), ("title", "title"), ("subject", "title"), ("keywords", "title"),
         ("comments", "comment"))  # fmt: skip
_BROKEN = (OSError, ValueError, IndexError, KeyError, struct.error, TypeError, AttributeError)
_MARKS = str.maketrans(
    {"\r": "\n", "\x07": "\t", "\x0b": "\n", "\x0c": "\n", "\x01": "", "\x08": ""}
)
_DEEPEST = 20


class Old:
    """One open compound file."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            self._file = olefile.OleFileIO(io.BytesIO(data))
            self._paths = ["/".join(path) for path in self._file.listdir(storages=True)]
        except _BROKEN:
            raise Unfit("corrupt") from None
        self.code = self._kind()
        self.label = LABELS[self.code]
        self._check()

    def inspect(self) -> tuple[list[Trace], str]:
        """What was found beside the text, and the text."""
        words = Words()
        found = [trace("unsure", UNSURE), *self._properties()]
        try:
            found += {"doc": self._doc, "xls": self._xls, "ppt": self._ppt}[self.code](words)
        except _BROKEN:
            raise Unfit("corrupt", kind=self.label) from None
        return found, str(words)

    def _kind(self) -> str:
        if "EncryptedPackage" in self._paths or "EncryptionInfo" in self._paths:
            raise Unfit("password", kind="Office 文档")
        for stream, code in (
            ("WordDocument", "doc"), ("Workbook", "xls"), ("Book", "xls"),
            ("PowerPoint Document", "ppt"),
        ):  # fmt: skip
            if stream in self._paths:
                return code
        if "__properties_version1.0" in self._paths:
            raise Unfit("foreign", kind="Outlook 邮件")
        if any("VisioDocument" in path for path in self._paths):
            raise Unfit("foreign", kind="Visio 图")
        if any(path.startswith("\u4840") for path in self._paths):
            raise Unfit("program", kind="安装程序（msi）")
        raise Unfit("unknown")

    def _check(self) -> None:
        parts = {part for path in self._paths for part in path.split("/")}
        if not parts.isdisjoint({"Macros", "_VBA_PROJECT_CUR", "VBA", "_VBA_PROJECT"}):
            raise Unfit("macro", kind=self.label)
        if not parts.isdisjoint({"\x01Ole10Native", "Package"}):
            raise Unfit("object", kind=self.label)
        if self.code == "doc" and self._stream("WordDocument")[11] & 0x01:
            raise Unfit("password", kind=self.label)
        if self.code == "ppt" and b"\xdf\xc4\xd1\xf3" in self._stream("Current User")[:32]:
            raise Unfit("password", kind=self.label)

    def _stream(self, name: str) -> bytes:
        try:
            return bytes(self._file.openstream(name).read())
        except _BROKEN:
            raise Unfit("corrupt") from None

    def _properties(self) -> Iterator[Trace]:
        try:
            meta = self._file.get_metadata()
        except _BROKEN:
            return
        for name, code in _META:
            value = getattr(meta, name, None)
            if isinstance(value, bytes):
                value = _decoded(value)
            if value and str(value).strip():
                yield trace(code, value)

    def _doc(self, words: Words) -> list[Trace]:
        """The text by its table of pieces; the FIB says where that stands."""
        body = self._stream("WordDocument")
        flags = struct.unpack_from("<H", body, 10)[0]
        table = self._stream("1Table" if flags & 0x0200 else "0Table")
        start, size = struct.unpack_from("<II", body, 0x01A2)
        clx = table[start : start + size]
        place = 0
        while clx[place] == 1:
            place += 3 + struct.unpack_from("<H", clx, place + 1)[0]
        plc = clx[place + 5 : place + 5 + struct.unpack_from("<I", clx, place + 1)[0]]
        count = (len(plc) - 4) // 12
        ends = struct.unpack_from(f"<{count + 1}I", plc, 0)
        for number in range(count):
            at = struct.unpack_from("<I", plc, 4 * (count + 1) + 8 * number + 2)[0]
            length = ends[number + 1] - ends[number]
            if at & 0x40000000:
                at = (at & ~0x40000000) // 2
                text = body[at : at + length].decode("cp1252", "replace")
            else:
                text = body[at : at + 2 * length].decode("utf-16-le", "replace")
            words.add(text.translate(_MARKS))
        return []

    def _xls(self, words: Words) -> list[Trace]:
        name = "Workbook" if "Workbook" in self._paths else "Book"
        locked, macros = _records(self._stream(name))
        if locked:
            raise Unfit("password", kind=self.label)
        if macros:
            raise Unfit("macro", kind=self.label)
        found = []
        try:
            book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(self._data))
            for place, about in enumerate(book.sheets_metadata):
                if about.visible != calamine.SheetVisibleEnum.Visible:
                    found.append(trace("hidden_sheet", about.name))
                words.add(f"【{about.name}】\n")
                for row in book.get_sheet_by_index(place).iter_rows():
                    if any(cell != "" for cell in row):
                        words.add("\t".join(str(cell) for cell in row) + "\n")
        except calamine.CalamineError:
            raise Unfit("corrupt", kind=self.label) from None
        return found

    def _ppt(self, words: Words) -> list[Trace]:
        _atoms(self._stream("PowerPoint Document"), words, 0)
        return []


def _decoded(value: bytes) -> str:
    for codec in ("utf-8", "gb18030"):
        try:
            return value.decode(codec).rstrip("\x00")
        except UnicodeDecodeError:
            continue
    return value.decode("latin-1").rstrip("\x00")


def _records(book: bytes) -> tuple[bool, bool]:
    """Whether a BIFF stream is locked, and whether one of its sheets is a sheet of macros."""
    place, locked, macros = 0, False, False
    while place + 4 <= len(book):
        kind, size = struct.unpack_from("<HH", book, place)
        if kind == 0x2F:
            locked = True
        if kind == 0x85 and size >= 6 and book[place + 9] in {1, 6}:
            macros = True
        if kind == 0x0A:
            break
        place += 4 + size
    return locked, macros


def _atoms(data: bytes, words: Words, depth: int) -> None:
    """Text atoms of a slide show, whatever containers they stand in."""
    place = 0
    while place + 8 <= len(data) and depth < _DEEPEST:
        version, kind, size = struct.unpack_from("<HHI", data, place)
        body = data[place + 8 : place + 8 + size]
        if version & 0xF == 0xF:
            _atoms(body, words, depth + 1)
        elif kind == 0x0FA0:
            words.add(body.decode("utf-16-le", "replace").translate(_MARKS) + "\n")
        elif kind == 0x0FA8:
            words.add(body.decode("latin-1").translate(_MARKS) + "\n")
        place += 8 + size
