"""Child side: what a file is, by its content alone; what it is as well; foreign kinds by name."""

import io
import re
import zipfile

from monitor.attachments.unfit import Unfit

PICTURES = (
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
PROGRAMS = (
    (b"MZ", "可执行程序"),
    (b"\x7fELF", "可执行程序"),
    (b"\xcf\xfa\xed\xfe", "可执行程序"),
    (b"\xfe\xed\xfa", "可执行程序"),
    (b"\xca\xfe\xba\xbe", "可执行程序"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "快捷方式"),
    (b"#!", "脚本"),
    (b"<?php", "脚本"),
    (b"dex\n", "可执行程序"),
    (b"\x00asm", "可执行程序"),
)
ARCHIVES = (
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf\x27\x1c", "7z 压缩包"),
    (b"\x1f\x8b", "gzip 压缩包"),
    (b"BZh", "bzip2 压缩包"),
    (b"\xfd7zXZ", "xz 压缩包"),
    (b"\x28\xb5\x2f\xfd", "zstd 压缩包"),
    (b"MSCF", "CAB 压缩包"),
)
FOREIGN = (
    (b"{\\rtf", "RTF 文档"),
    (b"SQLite format 3", "数据库文件"),
    (b"II*\x00", "TIFF 图片"),
    (b"MM\x00*", "TIFF 图片"),
    (b"BM", "BMP 图片"),
    (b"8BPS", "PSD 图片"),
    (b"\x1aE\xdf\xa3", "视频"),
    (b"FLV\x01", "视频"),
    (b"FWS", "Flash 文件"),
    (b"CWS", "Flash 文件"),
    (b"OggS", "OGG 音视频"),
    (b"fLaC", "FLAC 录音"),
    (b"#!AMR", "AMR 录音"),
    (b"%!PS", "PostScript 文件"),
    (b"wOFF", "字体"),
    (b"\x00\x01\x00\x00\x00", "字体"),
)
_SCRIPT_LINES = re.compile(
    r"(?im)^\s*(?:@echo\b|powershell\b|set\s+wsh|dim\s+\w+\s*$|createobject\(|import\s+os\b|"
    r"eval\(|function\s*\w*\s*\(|var\s+\w+\s*=|const\s+\w+\s*=|window\.|document\.|"
    r"\[internetshortcut\]|\[desktop entry\]|windows registry editor|on error resume next)"
)
_MARKUP = re.compile(
    r"<(?:!doctype\s+html|html|head|body|script|iframe|table|meta|style|form|object|embed)\b", re.I
)
_SCRIPT = re.compile(rb"<script[\s>/]|<\?php|<svg[\s>]|<html[\s>]|<iframe[\s>]", re.I)
_DDE = re.compile(r"(?m)(?:^|[\t,;\"])\s*[=+\-@][^\n,]{0,60}\|[^\n]{0,60}!")
_AS_CODE = re.compile(rb"GIF8[79]a\s*(?:=|/\*|//)")
_HEAD = 4096
_EDGE = 64 << 10


def sniff(data: bytes) -> str:
    """The code of the kind; `zip` and `ole` are looked into by others. Refuses what it names."""
    if not data:
        raise Unfit("empty")
    head = data[:_HEAD]
    for magic, code in PICTURES:
        if head.startswith(magic):
            return code
    if head.startswith(b"RIFF") and head[8:12] in {b"WEBP", b"WAVE"}:
        return "webp" if head[8:12] == b"WEBP" else "wav"
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(OLE):
        return "ole"
    if head.startswith(ZIP):
        return "zip"
    if head[4:8] == b"ftyp":
        return _boxed(head[8:12])
    _refuse_named(data, head)
    if head.startswith(b"ID3") or _mpeg(data):
        return "mp3"
    return _text(data)


def _refuse_named(data: bytes, head: bytes) -> None:
    for table, code in ((PROGRAMS, "program"), (ARCHIVES, "archive"), (FOREIGN, "foreign")):
        for magic, label in table:
            if head.startswith(magic) and not (magic in {b"MZ", b"BM"} and _is_text(data)):
                raise Unfit(code, kind=label)
    if data[257:262] == b"ustar":
        raise Unfit("archive", kind="tar 压缩包")
    if data[0x8001:0x8006] == b"CD001":
        raise Unfit("archive", kind="光盘映像")
    if b"%PDF-" in head[:1024]:
        raise Unfit("polyglot", kind="PDF 文件", other="前面附加的数据")


def _boxed(brand: bytes) -> str:
    if brand in {b"M4A ", b"M4B "}:
        return "m4a"
    if brand in {b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis"}:
        raise Unfit("heic", kind="HEIC 图片")
    if brand == b"avif":
        raise Unfit("foreign", kind="AVIF 图片")
    raise Unfit("foreign", kind="视频")


def _mpeg(data: bytes) -> bool:
    """Whether sound begins at once: two frames, each with a sensible header."""
    rates = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0)
    if len(data) < 4 or data[0] != 0xFF or data[1] & 0xFE != 0xFA:
        return False
    rate, tones = rates[data[2] >> 4], (44_100, 48_000, 32_000, 0)[data[2] >> 2 & 3]
    if not rate or not tones:
        return False
    size = 144_000 * rate // tones + (data[2] >> 1 & 1)
    return data[size : size + 1] == b"\xff" and data[size + 1] & 0xFE == 0xFA


def decode(data: bytes) -> str | None:
    """The text of bytes that are text; None when they are not."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        codecs: tuple[str, ...] = ("utf-16",)
    else:
        codecs = ("utf-8-sig", "gb18030")
    for codec in codecs:
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        odd = sum(1 for sign in text if ord(sign) < 32 and sign not in "\t\n\r\f")
        return text if odd == 0 and "\x7f" not in text else None
    return None


def _is_text(data: bytes) -> bool:
    return decode(data) is not None


def _text(data: bytes) -> str:
    text = decode(data)
    if text is None:
        raise Unfit("unknown")
    start = text[:_HEAD].lstrip("\ufeff \t\r\n")
    if re.search(r"<svg\b", text, re.I):
        raise Unfit("svg", kind="SVG 图片")
    if _MARKUP.search(text):
        raise Unfit("markup", kind="网页")
    if start.lower().startswith(("<?xml", "<!doctype", "<!entity")):
        raise Unfit("foreign", kind="XML 文件")
    if start.lower().startswith("mime-version:") or re.match(r"(?i)(from|received):\s", start):
        raise Unfit("foreign", kind="邮件或单个网页文件（MHTML）")
    if "-----BEGIN " in text:
        raise Unfit("foreign", kind="密钥或证书")
    if len(_SCRIPT_LINES.findall(text)) >= 2 or _SCRIPT_LINES.match(start):
        raise Unfit("program", kind="脚本")
    if _DDE.search(text):
        raise Unfit("command", kind="表格文本")
    if not start:
        raise Unfit("empty")
    return "txt"


def refuse_double(data: bytes, code: str, label: str) -> None:
    """Refuse a file that is something else as well, whatever reads it first."""
    if code != "zip" and zipfile.is_zipfile(io.BytesIO(data)):
        raise Unfit("polyglot", kind=label, other="ZIP 压缩包")
    if code != "pdf" and b"%PDF-" in data[:1024]:
        raise Unfit("polyglot", kind=label, other="PDF 文件")
    if code == "gif" and _AS_CODE.match(data):
        raise Unfit("polyglot", kind=label, other="JavaScript 脚本")
    edges = data[:_EDGE] + b"\n" + data[-_EDGE:]
    if code in {"jpg", "png", "gif", "webp", "mp3", "wav", "m4a"} and _SCRIPT.search(edges):
        raise Unfit("polyglot", kind=label, other="带脚本的网页")
    if code == "pdf" and _SCRIPT.search(data[data.rfind(b"%%EOF") :]):
        raise Unfit("polyglot", kind=label, other="带脚本的网页")
    rest = after_the_end(data, code)
    for magic, other in (*PROGRAMS[:4], *ARCHIVES, *((magic, "ZIP 压缩包") for magic in ZIP)):
        if rest.lstrip(b"\0\r\n ").startswith(magic):
            raise Unfit("polyglot", kind=label, other=other)


def after_the_end(data: bytes, code: str) -> bytes:
    """What stands behind the end of a picture or document."""
    mark = {"png": b"IEND\xaeB`\x82", "jpg": b"\xff\xd9", "gif": b"\x00\x3b", "pdf": b"%%EOF"}
    if code not in mark:
        return b""
    place = data.find(mark[code]) if code == "png" else data.rfind(mark[code])
    return data[place + len(mark[code]) :] if place >= 0 else b""
