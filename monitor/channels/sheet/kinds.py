"""Child side: what a file is by its content, never by its name."""

from typing import BinaryIO

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
OTHERS = {
    b"%PDF": "PDF 文件",
    b"\x89PNG": "图片",
    b"\xff\xd8\xff": "图片",
    b"GIF8": "图片",
    b"{\\rtf": "RTF 文档",
    b"SQLite format 3": "数据库文件",
    b"MZ": "程序文件",
    b"\x7fELF": "程序文件",
}
ARCHIVES = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
OLD_BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00")
MARKUP = (
    *("<html", "<!doctype", "<table", "<?xml", "<head", "<meta", "<body", "<style", "<!--"),
    *("<?mso", "<workbook", "<ss:workbook", "mime-version:"),
)


class Unreadable(Exception):
    """The file is refused; `code` and `details` become a sentence in the parent."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


def kind(file: BinaryIO) -> str:
    """`zip`, `ole` or `text`; anything else is refused by its name."""
    file.seek(0)
    head = file.read(4096)
    if not head:
        raise Unreadable("empty")
    if head.startswith(ZIP):
        return "zip"
    if head.startswith(OLE):
        return "ole"
    if head.startswith(OLD_BIFF):
        raise Unreadable("other_kind", kind="很旧的 Excel 文件")
    if head.startswith(ARCHIVES):
        raise Unreadable("archive")
    for magic, name in OTHERS.items():
        if head.startswith(magic):
            raise Unreadable("other_kind", kind=name)
    text = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:64]
    if text.decode("latin-1").lower().startswith(MARKUP):
        raise Unreadable("web_page")
    return "text"
