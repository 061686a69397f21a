"""Child side: PDF: pages as pictures, their words, and all that is in them beside the pages."""

import ctypes
import io
import re
import zlib
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image

from monitor.attachments.traces import Trace, trace
from monitor.attachments.unfit import Unfit

MB = 1 << 20
SHOWN_PAGES = 5
REDRAWN_PAGES = 20
READ_PAGES = 2_000
WIDTH = 1_100
TALLEST = 2_400
MOST_TEXT = 4 * MB
MOST_UNPACKED = 200 * MB
LARGEST_STREAM = 64 * MB
_STREAM = re.compile(rb"stream\r?\n")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_NAMES = {
    "script": rb"/(?:JavaScript|JS)\b",
    "action": rb"/(?:Launch|SubmitForm|ImportData|RichMedia|GoToE)\b",
    "embedded": rb"/(?:EmbeddedFiles?|Filespec)\b",
    "layer": rb"/OCProperties\b",
    "form": rb"/XFA\b",
}
_SAID = {
    "script": "文件里有脚本",
    "action": "打开文件或点击时会启动程序、提交数据或播放媒体",
    "embedded": "文件里另有文件",
    "layer": "有可以显示、隐藏的图层",
    "form": "有 XFA 动态表单",
}
_WORDS = ("Title", "Subject", "Keywords")
_PEOPLE = ("Author", "Creator")
_HARMLESS = {raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_POPUP}


class Portable:
    """One open PDF."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        try:
            self.paper = pdfium.PdfDocument(data)
            self.pages = len(self.paper)
        except pdfium.PdfiumError as error:
            locked = getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD
            raise Unfit("password" if locked else "corrupt") from None
        if not self.pages:
            raise Unfit("corrupt")

    def traces(self) -> list[Trace]:
        """All that was found beside the pages."""
        found: dict[str, Trace] = {}
        for code, said in _SAID.items():
            if self._holds(_NAMES[code]):
                found[code] = trace(code, said)
        more = [trace("author", f"{k}：{v}") for k in _PEOPLE if (v := self._meta(k))]
        more += [trace("title", v) for k in _WORDS if (v := self._meta(k))]
        if names := self._embedded():
            found["embedded"] = trace("embedded", "、".join(names))
        if raw.FPDF_GetSecurityHandlerRevision(self.paper) >= 0:
            more.append(trace("restricted", "文件加密并限制编辑，不能查全里面的内容"))
        return [*found.values(), *more, *self._on_pages()]

    def text(self) -> str:
        """The words of all pages."""
        if self.pages > READ_PAGES:
            raise Unfit("long")
        pieces = []
        size = 0
        for page in self.paper:
            words = page.get_textpage().get_text_bounded()
            size += len(words)
            if size > MOST_TEXT:
                raise Unfit("long")
            pieces.append(words.replace("\r\n", "\n").replace("\x00", ""))
        return "\n".join(pieces).strip()

    def drawn(self, most: int) -> list[Image.Image]:
        """The first pages as they are seen."""
        found = []
        for number in range(min(most, self.pages)):
            page = self.paper[number]
            width, height = page.get_size()
            scale = min(WIDTH / max(width, 1), TALLEST / max(height, 1), 4.0)
            found.append(page.render(scale=scale).to_pil().convert("RGB"))
        return found

    def redrawn(self, pages: list[Image.Image]) -> bytes:
        """A PDF of pictures only: no word, layer, note or script of the first one is in it."""
        out = io.BytesIO()
        pages[0].save(
            out, "PDF", save_all=True, append_images=pages[1:], quality=75, resolution=110
        )
        return out.getvalue()

    def _meta(self, key: str) -> str:
        return str(self.paper.get_metadata_value(key) or "").strip()

    def _embedded(self) -> list[str]:
        several = range(min(self.paper.count_attachments(), 20))
        return [self.paper.get_attachment(one).get_name() or "未命名" for one in several]

    def _on_pages(self) -> list[Trace]:
        found: list[Trace] = []
        for number in range(min(self.pages, 200)):
            page = self.paper[number]
            place = f"第 {number + 1} 页"
            for which in range(min(raw.FPDFPage_GetAnnotCount(page), 50)):
                note = raw.FPDFPage_GetAnnot(page, which)
                if note and raw.FPDFAnnot_GetSubtype(note) not in _HARMLESS:
                    found.append(trace("annotation", f"{place} {_value(note, b'Contents')}"))
                if note:
                    raw.FPDFPage_CloseAnnot(note)
            if any(_unseen(one) for one in page.get_objects(max_depth=2)):
                found.append(trace("hidden_text", f"{place}有不显示的文字层"))
        return found

    def _holds(self, name: bytes) -> bool:
        return any(re.search(name, part) for part in self._parts())

    def _parts(self) -> list[bytes]:
        """The bytes as they are and every packed stream, names spelt out."""
        if not hasattr(self, "_read"):
            self._read = [_spelt(self.data), *(_spelt(part) for part in _unpacked(self.data))]
        return self._read


def _spelt(data: bytes) -> bytes:
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), data)


def _unpacked(data: bytes) -> list[bytes]:
    """What packed streams hold; drawn content is skipped unless it may hold objects."""
    found = []
    total = 0
    for place in _STREAM.finditer(data):
        head = data[max(0, place.start() - 400) : place.start()]
        head = head[head.rfind(b"obj") + 3 :]
        if b"FlateDecode" not in _spelt(head):
            continue
        unpacker = zlib.decompressobj()
        try:
            body = unpacker.decompress(data[place.end() :], LARGEST_STREAM)
        except zlib.error:
            continue
        total += len(body)
        if unpacker.unconsumed_tail or total > MOST_UNPACKED:
            raise Unfit("bomb")
        if b"ObjStm" in head:
            found.append(body)
    return found


def _unseen(thing: Any) -> bool:
    return bool(
        thing.type == raw.FPDF_PAGEOBJ_TEXT
        and raw.FPDFTextObj_GetTextRenderMode(thing) == raw.FPDF_TEXTRENDERMODE_INVISIBLE
    )


def _value(note: Any, key: bytes) -> str:
    size = raw.FPDFAnnot_GetStringValue(note, key, None, 0)
    if size <= 2:
        return ""
    buffer = (ctypes.c_ushort * (size // 2))()
    raw.FPDFAnnot_GetStringValue(note, key, buffer, size)
    return bytes(buffer).decode("utf-16-le", "replace").rstrip("\x00")
