"""Letters to the leadership mailbox, written by anybody on the public form."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime

from monitor.domain.errors import Incomplete
from monitor.domain.letters import Incoming, Requester
from monitor.domain.vocabulary import Channel, RequestType, Via

VIA = Via.LETTER_FORM
CHANNELS = (Channel.MAILBOX,)
FIELDS = ("request_type", "title", "text", "name", "phone", "publish")
TYPES = (
    RequestType.CONSULT,
    RequestType.HELP,
    RequestType.COMPLAINT,
    RequestType.REPORT,
    RequestType.SUGGESTION,
)
SHORTEST_TITLE, LONGEST_TITLE = 4, 60
LONGEST_TEXT = 600
_LONGEST_NAME = 30
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0[1-9]\d{8,10}|[2-9]\d{6,7}")
_SEPARATORS = re.compile(r"[\s\-‐‑–—()]+")  # noqa: RUF001 -- the dashes that keyboards make


def read(given: Mapping[str, str], now: datetime) -> Incoming:
    """The letter that a form describes; Incomplete names every field that is wrong."""
    words = {name: _clean(given.get(name, "")) for name in FIELDS}
    words["title"] = " ".join(words["title"].split())
    phone = _phone(words["phone"])
    wrong = {
        name: fault
        for name, fault in (
            ("request_type", "" if words["request_type"] in TYPES else "请选择您要反映的是哪一类"),
            ("title", _title_fault(words["title"])),
            ("text", _text_fault(words["text"])),
            ("name", _name_fault(words["name"])),
            ("phone", "" if phone else _phone_fault(words["phone"])),
            ("publish", "" if words["publish"] in {"yes", "no"} else "请选择同意或不同意公开"),
        )
        if fault
    }
    if wrong:
        raise Incomplete("来信还要改正：" + "；".join(wrong.values()) + "。", fields=wrong)
    return Incoming(
        channel=Channel.MAILBOX,
        via=VIA,
        text=words["text"],
        title=words["title"],
        received_at=now,
        requester=Requester(name=words["name"], phone=phone),
        consent=words["publish"] == "yes",
        request_type=RequestType(words["request_type"]),
        source=words,
    )


def length(text: str) -> int:
    """How many characters a text counts for: a line end is one, blanks at the edges are none."""
    return len(_clean(text))


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _title_fault(title: str) -> str:
    if not title:
        return "请填写标题"
    if not SHORTEST_TITLE <= len(title) <= LONGEST_TITLE:
        return f"标题现在是 {len(title)} 个字，请写 {SHORTEST_TITLE} 至 {LONGEST_TITLE} 个字"
    return ""


def _text_fault(text: str) -> str:
    if not text:
        return "请填写内容"
    if len(text) > LONGEST_TEXT:
        over = len(text) - LONGEST_TEXT
        return f"内容现在是 {len(text)} 字，不能超过 {LONGEST_TEXT} 字，请删去 {over} 字"
    return ""


def _name_fault(name: str) -> str:
    if not any(character.isalpha() for character in name):
        return "请填写姓名"
    return "" if len(name) <= _LONGEST_NAME else f"姓名最多 {_LONGEST_NAME} 个字"


def _phone_fault(phone: str) -> str:
    if not phone:
        return "请填写手机号或座机号"
    return "这不像手机号或座机号；座机请写区号，不写分机"


def _phone(text: str) -> str:
    """The digits of a mobile or a landline number, empty when it is neither."""
    digits = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    digits = re.sub(r"^(?:\+|00)?86(?=\d{10,})", "", digits)
    plausible = _MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits)
    return digits if plausible and digits.isascii() else ""
