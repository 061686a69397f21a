"""Clean single cells: text, numbers that must not lose a digit, phones, words of choice."""

import re
import unicodedata
from typing import Any

from monitor.domain.vocabulary import RequestType, Urgency

ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
QUOTES = "'`\u2018\u2019\u00b4"
EDGES = " \t\n\r\x0b\x0c\x85\xa0\u200b\u200c\u200d\u2060\u3000\ufeff\u2028\u2029"
WHOLE = re.compile(r"(\d+)\.0+")
SCIENTIFIC = re.compile(r"(\d)(?:\.(\d+))?[eE]\+?(\d{1,2})")
EXACT_DIGITS = 15
EXACT_BELOW = 10**EXACT_DIGITS
ERROR_WORDS = frozenset(
    {"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#GETTING_DATA", "#SPILL!"}
)
ERROR = "（公式错误值）"
NOTHING = frozenset(
    {"", "无", "暂无", "没有", "空", "-", "--", "—", "——", "/", "\\", "null", "none", "nan", "n/a"}
)
NOBODY = NOTHING | {"保密", "匿名", "不详", "未知", "未提供"}
QUOTED = re.compile(r'="([^"]*)"')

YES = frozenset({"是", "y", "yes", "1", "true", "公开", "同意", "同意公开", "愿意", "√", "对"})
NO = frozenset(
    {"否", "n", "no", "0", "false", "不公开", "不同意", "不同意公开", "不愿意", "×", "保密"}
)

URGENCIES = {
    "特急": Urgency.CRITICAL,
    "特提": Urgency.CRITICAL,
    "紧急": Urgency.URGENT,
    "加急": Urgency.URGENT,
    "急": Urgency.URGENT,
    "急件": Urgency.URGENT,
    "一般": Urgency.NORMAL,
    "平急": Urgency.NORMAL,
    "普通": Urgency.NORMAL,
    "正常": Urgency.NORMAL,
    "常规": Urgency.NORMAL,
}
REQUEST_TYPES = {kind.label: kind for kind in RequestType} | {
    "求决": RequestType.HELP,
    "求助求决": RequestType.HELP,
    "投诉举报": RequestType.COMPLAINT,
    "咨询求助": RequestType.CONSULT,
    "意见建议": RequestType.SUGGESTION,
    "批评": RequestType.COMPLAINT,
    "感谢": RequestType.PRAISE,
}


class LostDigitsError(ValueError):
    """A long number went through a numeric cell, which keeps 15 digits only."""


def clean(text: str) -> str:
    """What was meant: escapes decoded, controls gone, one kind of line break, bare edges."""
    if "_x" in text:
        text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isprintable():
        text = CONTROLS.sub("", text)
    text = text.strip(EDGES)
    if text.startswith('="') and (found := QUOTED.fullmatch(text)):
        # ="0012…" is how exports keep a spreadsheet from rounding a long number.
        return found[1].strip(EDGES)
    return text


def written(cell: Any) -> str:
    """Any cell as the text a person would read in it; an error value says that it is one."""
    if isinstance(cell, str):
        text = clean(cell)
        return ERROR if text in ERROR_WORDS else text
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, int):
        return str(cell)
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e18 else repr(cell)
    if isinstance(cell, list):
        tag, value = cell
        return ERROR if tag == "e" else f"（{value} 字）" if tag == "l" else str(value)
    return ""


def digits(cell: Any) -> str:
    """A number that is a name: without `.0`, blanks and apostrophe; never a rounded one."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if abs(cell) >= EXACT_BELOW:
            raise LostDigitsError
        return str(int(cell)) if cell == int(cell) else repr(cell)
    text = written(cell)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    text = "".join(text.split()).strip(QUOTES)
    if text.isdigit():
        return text
    if found := WHOLE.fullmatch(text):
        if len(found[1]) > EXACT_DIGITS:
            raise LostDigitsError
        return found[1]
    if found := SCIENTIFIC.fullmatch(text):
        return _expanded(found)
    return text


def _expanded(found: re.Match[str]) -> str:
    """1.3800000123E+10 with every digit there; anything shorter was rounded."""
    fraction, power = (found[2] or "").rstrip("0"), int(found[3])
    known = len(found[2] or "")
    if known < power or len(fraction) > power or power >= EXACT_DIGITS:
        raise LostDigitsError
    return found[1] + (found[2] or "")[:power]


def is_long_number(text: str) -> bool:
    """Whether a mapped cell is too long for a numeric cell to have kept it."""
    return len(text) > EXACT_DIGITS and text.isdigit()


def is_nothing(text: str) -> bool:
    """Whether a cell only says that it is empty: a dash, 无, NULL."""
    return text.strip().casefold() in NOTHING


def yes(text: str) -> bool | None:
    """是 or 否 in its many writings; None when it is neither."""
    word = unicodedata.normalize("NFKC", text).strip().casefold()
    word = word.removesuffix(".0")
    return True if word in YES else False if word in NO else None


def urgency(text: str) -> Urgency | None:
    """The urgency meant by the upstream's word."""
    return URGENCIES.get(text.strip("【】[]() "))


def request_type(text: str) -> RequestType | None:
    """The request type meant by the upstream's word."""
    word = text.strip("【】[]() ")
    return REQUEST_TYPES.get(word) or REQUEST_TYPES.get(word.removesuffix("类").removesuffix("件"))
