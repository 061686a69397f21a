"""Child side: zip packages of office software: what they are, and what none of them may hold."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring, iterparse

from monitor.attachments.unfit import Unfit
from monitor.confined.packages import BROKEN

MB = 1 << 20
MOST_ENTRIES = 3_000
MOST_UNPACKED = 300 * MB
RATIO_FROM = 20 * MB
HIGHEST_RATIO = 150
LARGEST_PART = 150 * MB
MAIN = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
LABELS = {
    "docx": "Word 文档", "xlsx": "Excel 表格", "pptx": "演示文稿", "ofd": "OFD 版式文件"
}  # fmt: skip
_BROKEN = (*BROKEN, ParseError)
_MACRO = re.compile(r"(?i)vbaproject|macrosheets/|/vbadata|intlmacro")
_CONTROL = re.compile(r"(?i)/activex/|/ctrlprops/.*\.bin$")
_NESTED = re.compile(r"(?i)\.(zip|rar|7z|gz|exe|dll|js|vbs|bat|jar|html?|svg|docm|xlsm|pptm)$")
_ODF = {"text": "OpenDocument 文档", "spreadsheet": "OpenDocument 表格",
        "presentation": "OpenDocument 演示文稿"}  # fmt: skip


class Package:
    """One package that may be read: its kind, its parts."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self.entries = self._zip.infolist()
            self.names = [entry.filename for entry in self.entries]
            self._check_sizes(len(data))
            self.code = self._kind()
            self.label = LABELS[self.code]
            self._check_place(data)
            self._check_parts()
        except _BROKEN:
            raise Unfit("corrupt") from None

    def has(self, name: str) -> bool:
        """Whether the package has this part."""
        return name in self.names

    def matching(self, pattern: str) -> list[str]:
        """The parts whose names fit, in the order of their numbers."""
        found = [name for name in self.names if re.fullmatch(pattern, name)]
        return sorted(found, key=lambda name: ([int(n) for n in re.findall(r"\d+", name)], name))

    def read(self, name: str, most: int = LARGEST_PART) -> bytes:
        """A part's bytes; Unfit when it is broken or larger than it may be."""
        try:
            with self._zip.open(name) as part:
                body = part.read(most + 1)
        except _BROKEN:
            raise Unfit("corrupt", kind=self.label) from None
        if len(body) > most:
            raise Unfit("bomb", kind=self.label)
        return body

    def tree(self, name: str) -> Element:
        """A small part as a tree of elements."""
        try:
            root: Element = fromstring(self.read(name, 16 * MB), forbid_dtd=True)
        except DefusedXmlException:
            raise Unfit("entities", kind=self.label) from None
        except (ParseError, ValueError):
            raise Unfit("corrupt", kind=self.label) from None
        return root

    def walk(self, name: str) -> Iterator[tuple[str, Any]]:
        """Starts and ends of a part's elements, read as a stream; what is done with is dropped."""
        try:
            with self._zip.open(name) as part:
                for event, element in iterparse(part, events=("start", "end"), forbid_dtd=True):
                    yield event, element
                    if event == "end":
                        element.clear()
        except DefusedXmlException:
            raise Unfit("entities", kind=self.label) from None
        except _BROKEN:
            raise Unfit("corrupt", kind=self.label) from None

    def _check_sizes(self, packed: int) -> None:
        unpacked = sum(entry.file_size for entry in self.entries)
        nested = [name for name in self.names if name.lower().endswith((".zip", ".7z", ".rar"))]
        if len(self.entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED:
            raise Unfit("bomb", kind="压缩包")
        if unpacked > RATIO_FROM and unpacked / max(1, packed) > HIGHEST_RATIO:
            raise Unfit("bomb", kind="压缩包")
        if nested and not self._known():
            raise Unfit("archive", kind="里面还有压缩包的压缩包")

    def _known(self) -> bool:
        return "OFD.xml" in self.names or any(name in MAIN for name in self.names)

    def _kind(self) -> str:
        if any(entry.flag_bits & 0x1 for entry in self.entries):
            raise Unfit("password", kind="压缩包")
        for part, code in MAIN.items():
            if part in self.names:
                return code
        if "OFD.xml" in self.names:
            return "ofd"
        if "AndroidManifest.xml" in self.names or "META-INF/MANIFEST.MF" in self.names:
            raise Unfit("program", kind="安装包（apk、jar）")
        if "mimetype" in self.names:
            said = self._zip.open("mimetype").read(200).decode("latin-1")
            for word, label in _ODF.items():
                if said.endswith(f"opendocument.{word}"):
                    raise Unfit("foreign", kind=label)
            if "epub" in said:
                raise Unfit("foreign", kind="电子书")
        if any(name.endswith(".iwa") for name in self.names):
            raise Unfit("foreign", kind="苹果 iWork 文件")
        raise Unfit("archive", kind="ZIP 压缩包")

    def _check_place(self, data: bytes) -> None:
        """The package is the whole file: nothing before it, nothing behind it."""
        if min(entry.header_offset for entry in self.entries) or self._zip.comment:
            raise Unfit("polyglot", kind=self.label, other="附加的数据")
        end = data.rfind(b"PK\x05\x06")
        if len(data) - end > 22:
            raise Unfit("polyglot", kind=self.label, other="附加的数据")
        if len(set(self.names)) != len(self.names):
            raise Unfit("corrupt", kind=self.label)
        if any(".." in name.split("/") or name.startswith(("/", "\\")) for name in self.names):
            raise Unfit("corrupt", kind=self.label)

    def _check_parts(self) -> None:
        types = ""
        if self.code != "ofd":
            types = self.read("[Content_Types].xml", 4 * MB).decode("utf-8", "replace")
        if any(map(_MACRO.search, self.names)) or "macroEnabled" in types or "vbaProject" in types:
            raise Unfit("macro", kind=self.label)
        if any(map(_CONTROL.search, self.names)):
            raise Unfit("control", kind=self.label)
        for name in self.names:
            if _NESTED.search(name):
                raise Unfit("object", kind=self.label)
            if name.endswith(".bin") and b"O\0l\0e\0001\0000\0N\0a\0t\0i\0v\0e" in self.read(name):
                raise Unfit("object", kind=self.label)
            if name.endswith(".rels"):
                self._check_relations(name)

    def _check_relations(self, name: str) -> None:
        for relation in self.tree(name):
            what = relation.get("Type", "").rpartition("/")[2]
            outside = relation.get("TargetMode", "").lower() == "external"
            if outside and what not in {"hyperlink", "externalLinkPath"}:
                raise Unfit("remote", kind=self.label)
