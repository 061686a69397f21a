"""Files made by code: honest ones of every kind, and the pieces that hostile ones are made of."""

# A case a line and a part a line read best, however long.
# ruff: noqa: E501

import io
import struct
import zipfile

from PIL import Image
from PIL.ExifTags import IFD

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
X = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
R = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
CORE = (
    '<cp:coreProperties xmlns:cp="c" xmlns:dc="d"><dc:creator>王起草</dc:creator>'
    "<cp:lastModifiedBy>李修改</cp:lastModifiedBy></cp:coreProperties>"
)
APP = '<Properties xmlns="p"><Company>示范公司</Company></Properties>'


def picture(kind: str = "JPEG", size=(64, 48), **options) -> bytes:
    """A picture without any note in it."""
    out = io.BytesIO()
    image = Image.new("RGB", size, (30, 90, 160))
    image.save(out, kind, **options)
    return out.getvalue()


def photo() -> bytes:
    """A photograph as a telephone takes it: place, device, time and owner stand in it."""
    exif = Image.Exif()
    exif[271], exif[272], exif[315] = "Shifan", "Phone 9", "Chen Shiyang"
    exif.get_ifd(IFD.GPSInfo).update({1: "N", 2: (30.0, 15.0, 36.0), 3: "E", 4: (120.0, 9.0, 0.0)})
    exif.get_ifd(IFD.Exif)[36867] = "2026:10:09 10:24:00"
    return picture(size=(640, 480), exif=exif)


def packed(parts: dict[str, str | bytes], *, comment: bytes = b"", method=zipfile.ZIP_DEFLATED):
    """A zip with these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as package:
        for name, body in parts.items():
            package.writestr(name, body)
        package.comment = comment
    return out.getvalue()


def run(text: str, *, look: str = "") -> str:
    return f"<w:r><w:rPr>{look}</w:rPr><w:t>{text}</w:t></w:r>"


def docx(body: str = run("关于补贴发放的说明。"), **parts: str | bytes) -> bytes:
    """A Word document; `parts` by name with `__` for `/` and the last `_` for the dot."""
    document = f'<w:document xmlns:w="{W}" xmlns:r="{OFFICE}"><w:body><w:p>{body}</w:p></w:body></w:document>'
    return packed({"[Content_Types].xml": TYPES, "word/document.xml": document, **named(parts)})


def xlsx(rows: str = "", sheets: str = '<sheet name="明细"/>', **parts: str | bytes) -> bytes:
    """A workbook of one worksheet."""
    cell = '<row><c t="inlineStr"><is><t>技改补贴</t></is></c><c><v>300</v></c></row>'
    return packed({
        "[Content_Types].xml": TYPES,
        "xl/workbook.xml": f'<workbook xmlns="{X}"><sheets>{sheets}</sheets></workbook>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{X}"><sheetData>{cell}{rows}</sheetData></worksheet>',
        **named(parts),
    })  # fmt: skip


def pptx(show: str = "", **parts: str | bytes) -> bytes:
    """A slide show of one slide."""
    slide = f'<p:sld xmlns:p="{P}" xmlns:a="{A}" {show}><a:p><a:r><a:t>政策解读</a:t></a:r></a:p></p:sld>'
    return packed({
        "[Content_Types].xml": TYPES,
        "ppt/presentation.xml": f'<p:presentation xmlns:p="{P}"/>',
        "ppt/slides/slide1.xml": slide,
        **named(parts),
    })  # fmt: skip


def named(parts: dict[str, str | bytes]) -> dict[str, str | bytes]:
    return {".".join(name.replace("__", "/").rsplit("_", 1)): body for name, body in parts.items()}


def relations(kind: str, target: str, *, outside: bool = True) -> str:
    mode = ' TargetMode="External"' if outside else ""
    return (
        f'<Relationships xmlns="{R}"><Relationship Id="r1" Type="{OFFICE}/{kind}" Target="{target}"{mode}/>'
        "</Relationships>"
    )


def pdf(
    catalog: str = "", *objects: str, page: str = "", text: str = "Notice 2026", info: str = ""
):
    """A PDF of one page; more objects are numbered from 6."""
    content = f"BT /F1 18 Tf 40 120 Td ({text}) Tj ET"
    bodies = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> {page} >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *objects,
    ]
    if info:
        bodies.append(f"<< {info} >>")
    out = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(bodies, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    start = len(out)
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    told = f"/Info {len(bodies)} 0 R" if info else ""
    out += (
        f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n{table}"
        f"trailer\n<< /Size {len(bodies) + 1} /Root 1 0 R {told} >>\nstartxref\n{start}\n%%EOF\n"
    ).encode("latin-1")
    return out


def locked_pdf() -> bytes:
    """A PDF that asks for a password: its key cannot be made from an empty one."""
    unknown = "<" + "41" * 32 + ">"
    body = pdf("", f"<< /Filter /Standard /V 1 /R 2 /O {unknown} /U {unknown} /P -4 >>")
    mark = "<" + "aa" * 16 + ">"
    return body.replace(b"/Root 1 0 R", f"/Encrypt 6 0 R /ID [{mark}{mark}] /Root 1 0 R".encode())


def compound(streams: dict[str, bytes]) -> bytes:
    """An OLE file with these streams below its root, each of at least 4096 bytes."""
    size, end, free, fat_mark = 512, 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    body, table, entries = b"", [fat_mark, end], []
    for name, data in streams.items():
        data = data.ljust(4096, b"\0")
        count = -(-len(data) // size)
        first = len(table)
        table += [*range(first + 1, first + count), end]
        body += data.ljust(count * size, b"\0")
        entries.append((name, 2, first, len(data)))
    directory = [entry("Root Entry", 5, end, 0, child=1)]
    for number, (name, kind, first, length) in enumerate(entries, start=1):
        following = number + 1 if number < len(entries) else free
        directory.append(entry(name, kind, first, length, right=following))
    while len(directory) % 4:
        directory.append(b"\0" * 64 + b"\0\0" + b"\0\0" + b"\xff" * 12 + b"\0" * 48)
    assert len(directory) == 4, "one sector of directory: three streams at most"
    table += [free] * (128 - len(table))
    assert len(table) == 128, "one sector of table"
    head = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 16
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    )
    head += b"\0" * 6 + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
    head += struct.pack("<I", 0) + b"\xff" * 432
    return head + struct.pack("<128I", *table) + b"".join(directory) + body


def entry(name: str, kind: int, first: int, length: int, *, child=0xFFFFFFFF, right=0xFFFFFFFF):
    raw = name.encode("utf-16-le")
    return (
        raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw) + 2, kind, 1)
        + struct.pack("<III", 0xFFFFFFFF, right, child) + b"\0" * 36
        + struct.pack("<IQ", first, length)
    )  # fmt: skip


def old_word(text: str = "旧格式的说明", *, flags: int = 0) -> dict[str, bytes]:
    """The streams of a .doc: one piece of UTF-16 text."""
    body = bytearray(2048 + 2 * len(text))
    body[0:2] = b"\xec\xa5"
    struct.pack_into("<H", body, 10, 0x0200 | flags)
    pieces = struct.pack("<II", 0, len(text)) + struct.pack("<HIH", 0, 2048, 0)
    clx = b"\x02" + struct.pack("<I", len(pieces)) + pieces
    struct.pack_into("<II", body, 0x01A2, 0, len(clx))
    body[2048:] = text.encode("utf-16-le")
    return {"WordDocument": bytes(body), "1Table": clx}


def sound() -> bytes:
    """A wav of a tenth of a second."""
    data = b"\0\0" * 800
    return (
        b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt "
        + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16)
        + b"data" + struct.pack("<I", len(data)) + data
    )  # fmt: skip
