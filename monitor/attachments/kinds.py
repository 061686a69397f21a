"""The kinds of file that we take, and file names made harmless; the name decides nothing."""

import re
import unicodedata
from dataclasses import dataclass

LONGEST_NAME = 100
NAMELESS = "附件"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file by its content: its words, its media type, what its name may end in."""

    code: str
    label: str
    media_type: str
    extensions: tuple[str, ...]

    @property
    def pictured(self) -> bool:
        """Whether it is a picture, which has no text to read."""
        return self.media_type.startswith("image/")

    @property
    def heard(self) -> bool:
        """Whether it is sound, which nothing here can look into."""
        return self.media_type.startswith("audio/")


_OPEN = "application/vnd.openxmlformats-officedocument."
KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind("jpg", "JPEG 图片", "image/jpeg", ("jpg", "jpeg", "jfif", "mpo")),
        Kind("png", "PNG 图片", "image/png", ("png",)),
        Kind("gif", "GIF 图片", "image/gif", ("gif",)),
        Kind("webp", "WebP 图片", "image/webp", ("webp",)),
        Kind("pdf", "PDF 文件", "application/pdf", ("pdf",)),
        Kind("ofd", "OFD 版式文件", "application/ofd", ("ofd",)),
        Kind("docx", "Word 文档", f"{_OPEN}wordprocessingml.document", ("docx",)),
        Kind("xlsx", "Excel 表格", f"{_OPEN}spreadsheetml.sheet", ("xlsx",)),
        Kind("pptx", "演示文稿", f"{_OPEN}presentationml.presentation", ("pptx",)),
        Kind("doc", "旧格式 Word 文档", "application/msword", ("doc", "wps")),
        Kind("xls", "旧格式 Excel 表格", "application/vnd.ms-excel", ("xls", "et")),
        Kind("ppt", "旧格式演示文稿", "application/vnd.ms-powerpoint", ("ppt", "dps")),
        Kind("txt", "纯文本", "text/plain", ("txt", "csv", "log", "md")),
        Kind("mp3", "MP3 录音", "audio/mpeg", ("mp3",)),
        Kind("m4a", "M4A 录音", "audio/mp4", ("m4a",)),
        Kind("wav", "WAV 录音", "audio/wav", ("wav",)),
    )
}
ACCEPTED = (
    "图片 jpg、png、gif、webp，文档 pdf、ofd、docx、xlsx、pptx、doc、xls、ppt、wps，"
    "文本 txt、csv，录音 mp3、m4a、wav"
)
# What a double click starts: content that is harmless under such a name is a trap all the same.
_PROGRAMS = (
    "exe com scr bat cmd ps1 psm1 vbs vbe js jse wsf wsh hta msi msp reg lnk url jar sh app apk "
    "dll cpl pif gadget inf scf php py pl rb"
)
_CARRIERS = (
    "svg svgz html htm xhtml mht mhtml iso img vhd chm docm dotm xlsm xltm xlam pptm potm ppsm xll"
)
STARTS = frozenset(f"{_PROGRAMS} {_CARRIERS}".split(" "))
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\uffff]"
)
_FORBIDDEN = re.compile(r'[<>:"|?*%;`$]')
_EXTENSION = re.compile(r"\.([A-Za-z0-9]{1,8})$")


def extension(name: str) -> str:
    """What a name ends in, in small letters; empty when in nothing known as an extension."""
    found = _EXTENSION.search(name)
    return found[1].lower() if found else ""


def safe_name(name: str, kind: Kind | None = None) -> str:
    """A name without folders, unseen signs and signs that systems take for orders.

    With a kind, the name ends in an extension of that kind, whatever it ended in before.
    """
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    name = _FORBIDDEN.sub("_", _UNSEEN.sub("", name)).strip(" .")
    ending = extension(name)
    stem = name[: -len(ending) - 1].strip(" .") if ending else name
    if kind is not None and ending not in kind.extensions:
        stem, ending = name, kind.extensions[0]
    stem = stem[:LONGEST_NAME].strip(" .") or NAMELESS
    return f"{stem}.{ending}" if ending else stem
