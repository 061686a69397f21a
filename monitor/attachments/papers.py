"""Child side: docx, xlsx, pptx and ofd: their words, and the words that are not shown."""

import io
import re
from collections.abc import Iterator
from typing import Any

from PIL import Image

from monitor.attachments import pictures
from monitor.attachments.packages import Package
from monitor.attachments.traces import Trace, trace
from monitor.attachments.unfit import Unfit

MB = 1 << 20
MOST_TEXT = 6 * MB
_DDE = re.compile(r"(?i)\bDDE(?:AUTO)?\b")
_CORE = {"creator": "author", "lastModifiedBy": "saved_by"}
_CORE |= dict.fromkeys(("title", "subject", "keywords", "description", "category"), "title")
_APP = {"Company": "company", "Manager": "author"}
_CHANGES = {"ins": "inserted", "moveTo": "inserted", "del": "deleted", "moveFrom": "deleted"}
_OFF = {"0", "false", "off", "none"}


def local(tag: object) -> str:
    """An element's name without its namespace."""
    return str(tag).rpartition("}")[2]


def attribute(element: object, name: str) -> str:
    """An attribute whatever its namespace; empty when absent."""
    items = getattr(element, "attrib", {}).items()
    return next((str(value) for key, value in items if local(key) == name), "")


class Words:
    """Text as it is gathered; too much of it is refused, for all of it is looked through."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._size = 0

    def add(self, text: str) -> None:
        """One more piece."""
        self._size += len(text)
        if self._size > MOST_TEXT:
            raise Unfit("long")
        self._pieces.append(text)

    def __str__(self) -> str:
        return "".join(self._pieces).strip()


def inspect(package: Package) -> tuple[list[Trace], str]:
    """What is not shown, and what is."""
    reader = {"docx": _word, "xlsx": _sheets, "pptx": _slides, "ofd": _ofd}[package.code]
    words = Words()
    found = [*_properties(package), *reader(package, words), *_inside(package)]
    return found, str(words)


def _properties(package: Package) -> Iterator[Trace]:
    for part, table in (("docProps/core.xml", _CORE), ("docProps/app.xml", _APP)):
        if package.has(part):
            for element in package.tree(part):
                code = table.get(local(element.tag))
                if code and element.text and element.text.strip():
                    yield trace(code, element.text)
    for part in package.matching(r"docProps/custom\.xml"):
        for element in package.tree(part):
            yield trace("title", f"{element.get('name', '')}：{''.join(element.itertext())}")


def _inside(package: Package) -> Iterator[Trace]:
    for name in package.matching(r"\w+/embeddings/.+"):
        yield trace("embedded", name.rpartition("/")[2])
    for _ in package.matching(r"customXml/item\d+\.xml")[:1]:
        yield trace("embedded", "自定义 XML 数据")
    for name in package.matching(r"\w+/media/.+\.(?:jpe?g|png)")[:20]:
        try:
            with Image.open(io.BytesIO(package.read(name, 30 * MB))) as image:
                said = pictures.traces(image)
            yield from (trace(one.code, f"文中图片：{one.text}") for one in said)
        except (OSError, ValueError, SyntaxError):
            yield trace("unsure", f"文中图片 {name.rpartition('/')[2]} 打不开")


def _word(package: Package, words: Words) -> Iterator[Trace]:
    shown = r"word/(?:document|header\d*|footer\d*|footnotes|endnotes)\.xml"
    for part in package.matching(shown):
        yield from _runs(package, part, words)
    for part in package.matching(r"word/comments\w*\.xml"):
        for element in package.tree(part):
            text = "".join(element.itertext()).strip()
            if text:
                yield trace("comment", f"{attribute(element, 'author')}：{text}")


def _runs(package: Package, part: str, words: Words) -> Iterator[Trace]:
    """One part of a document: shown text is gathered, changes and hidden runs are told."""
    reader = _Runs(package.label, words)
    for event, element in package.walk(part):
        if event == "start":
            reader.open(local(element.tag), element)
        else:
            yield from reader.close(local(element.tag), element)


class _Runs:
    """Where a reader of WordprocessingML stands: in which change, in a hidden run or not."""

    def __init__(self, label: str, words: Words) -> None:
        self._label = label
        self._words = words
        self._changes: list[tuple[str, str, list[str]]] = []
        self._hidden = False

    def open(self, name: str, element: object) -> None:
        """An element begins."""
        if name in _CHANGES and attribute(element, "author"):
            self._changes.append((_CHANGES[name], attribute(element, "author"), []))
        elif name == "r":
            self._hidden = False

    def close(self, name: str, element: Any) -> Iterator[Trace]:
        """An element ends; what it tells."""
        if name in {"vanish", "webHidden"}:
            self._hidden = attribute(element, "val") not in _OFF
        elif name in {"t", "delText", "instrText"}:
            yield from self._said(name, element.text or "")
        elif name in {"p", "br"}:
            self._words.add("\n")
        elif name == "tab":
            self._words.add("\t")
        elif name in _CHANGES and attribute(element, "author"):
            code, author, said = self._changes.pop()
            if "".join(said).strip():
                yield trace(code, f"{author}：{''.join(said)}")

    def _said(self, name: str, text: str) -> Iterator[Trace]:
        if name == "instrText" and _DDE.search(text):
            raise Unfit("command", kind=self._label)
        if self._changes:
            self._changes[-1][2].append(text)
        if name == "t" and self._hidden:
            yield trace("hidden_text", text)
        elif name == "t":
            self._words.add(text)


def _sheets(package: Package, words: Words) -> Iterator[Trace]:
    strings = _strings(package) if package.has("xl/sharedStrings.xml") else []
    book = package.tree("xl/workbook.xml")
    titles = [one for one in book.iter() if local(one.tag) == "sheet"]
    for one in titles:
        if attribute(one, "state") in {"hidden", "veryHidden"}:
            yield trace("hidden_sheet", attribute(one, "name"))
    parts = package.matching(r"xl/worksheets/sheet\d+\.xml")
    for number, part in enumerate(parts):
        title = attribute(titles[number], "name") if number < len(titles) else part
        words.add(f"【{title}】\n")
        gone = 0
        for code, text in _cells(package, part, strings):
            if code == "hidden":
                gone += 1
            else:
                words.add(text)
        if gone:
            yield trace("hidden_rows", f"{title}：{gone} 处行或列被隐藏")
    for part in package.matching(r"xl/(?:comments\d*|threadedComments/.+|comments/.+)\.xml"):
        for element in package.tree(part).iter():
            if local(element.tag) in {"comment", "threadedComment"}:
                yield trace("comment", "".join(element.itertext()))
    if package.matching(r"xl/externalLinks/.+\.xml"):
        yield trace("link", "引用了其他工作簿")
    if package.matching(r"xl/(?:connections|queryTables/.+)\.xml"):
        yield trace("link", "有外部数据连接")


def _strings(package: Package) -> list[str]:
    found: list[str] = []
    piece = Words()
    for event, element in package.walk("xl/sharedStrings.xml"):
        name = local(element.tag)
        if event == "end" and name == "t":
            piece.add(element.text or "")
        elif event == "end" and name == "si":
            found.append(str(piece))
            piece = Words()
    return found


def _cells(package: Package, part: str, strings: list[str]) -> Iterator[tuple[str, str]]:
    kind, row = "", []
    for event, element in package.walk(part):
        name = local(element.tag)
        if event == "start":
            if name in {"row", "col"} and attribute(element, "hidden") in {"1", "true"}:
                yield "hidden", ""
            if name == "c":
                kind = attribute(element, "t")
        elif name in {"v", "t"} and element.text:
            place = int(element.text) if kind == "s" and element.text.isdigit() else -1
            row.append(strings[place] if 0 <= place < len(strings) else element.text)
        elif name == "f" and element.text and re.search(r"\|.*!", element.text):
            raise Unfit("command", kind=package.label)
        elif name == "row" and row:
            yield "row", "\t".join(row) + "\n"
            row = []
        elif name in {"oddHeader", "oddFooter"} and element.text:
            yield "row", element.text + "\n"


def _slides(package: Package, words: Words) -> Iterator[Trace]:
    for number, part in enumerate(package.matching(r"ppt/slides/slide\d+\.xml"), start=1):
        words.add(f"【第 {number} 页】\n")
        for event, element in package.walk(part):
            name = local(element.tag)
            if event == "start" and name == "sld" and attribute(element, "show") in _OFF:
                yield trace("hidden_slide", f"第 {number} 页")
            elif event == "end" and name == "t":
                words.add(element.text or "")
            elif event == "end" and name == "p":
                words.add("\n")
    for part in package.matching(r"ppt/notesSlides/.+\.xml"):
        said = [e.text for e in package.tree(part).iter() if local(e.tag) == "t" and e.text]
        if any(len(text.strip()) > 2 for text in said):
            yield trace("notes", " ".join(said))
    for part in package.matching(r"ppt/(?:comments/.+|comment\d+)\.xml"):
        for element in package.tree(part).iter():
            if local(element.tag) in {"text", "t"} and element.text:
                yield trace("comment", element.text)


def _ofd(package: Package, words: Words) -> Iterator[Trace]:
    for element in package.tree("OFD.xml").iter():
        if local(element.tag) in {"Author", "Creator"} and element.text:
            yield trace("author", element.text)
    for part in package.matching(r".*/Content\.xml"):
        for event, element in package.walk(part):
            if event == "end" and local(element.tag) == "TextCode" and element.text:
                words.add(element.text + "\n")
    for part in package.matching(r".*/(?:Attachments|Annotations?|Annot_\d+)(?:\.xml|/.+)"):
        code = "embedded" if "Attach" in part else "annotation"
        yield trace(code, part.rpartition("/")[2])
    yield trace("unsure", "OFD 文件没有预览，请打开核对")
