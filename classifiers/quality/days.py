"""Days that an answer names and the calendar does not have."""

import re
from calendar import monthrange

from classifiers.quality.fault import ANSWER, Fault

_DIGITS = str.maketrans("０１２３４５６７８９○零", "0123456789〇〇")  # noqa: RUF001 -- as written
_SIGNS = "〇一二三四五六七八九"
_N = rf"(?:\d{{1,3}}|[{_SIGNS}十]{{1,3}})"
# 35号楼 is no day.
_DAY = r"(?:日|号(?![楼栋幢文令线门房院厂馆桥机仓店铺路地车井台公]))"
_WRITTEN = re.compile(
    rf"(?:(?<!\d)(?P<year>\d{{4}}|[{_SIGNS}]{{4}})\s*年\s*|(?<![\d.{_SIGNS}十]))"
    rf"(?P<month>{_N})\s*月\s*"
    rf"(?:(?P<day>{_N})\s*(?:{_DAY}?\s*(?:至|到|[-~\u2013\u2014\uff5e]+)\s*(?P<until>{_N})\s*)?{_DAY})?"
)
_NUMERIC = re.compile(
    r"(?<![A-Za-z0-9_.\-/])(?P<year>(?:19|20)\d\d)(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})"
    r"(?!\d|[.\-/_]\w|[A-SU-Za-z])"
)
# The numbers of contracts and editions look like days; the moon has its own calendar.
_CODE = re.compile(r"(?:号|码|版本?|标准|批次|[A-Za-z])\s*[.:]?\s*$")
_MOON = re.compile(r"(?:农|阴|旧|古)历.{0,6}$")
_LEAP, _BEFORE = 2024, 12


def impossible(answer: str) -> list[Fault]:
    """The days of an answer that no calendar has; it is given made plain."""
    text = answer.translate(_DIGITS)
    found = []
    for match in _WRITTEN.finditer(text):
        # A month without its year and without a day may be a span of time.
        if not (match["year"] or match["day"]) or _MOON.search(_before(text, match)):
            continue
        days = [_number(day) for day in (match["day"], match["until"]) if day] or [1]
        year = _number(match["year"]) if match["year"] else _LEAP
        if not all(_exists(year, _number(match["month"]), day) for day in days):
            found.append(match.span())
    for match in _NUMERIC.finditer(text):
        if _CODE.search(_before(text, match)):
            continue
        if not _exists(*(int(match[part]) for part in ("year", "month", "day"))):
            found.append(match.span())
    return [Fault("calendar", ANSWER, *span, answer[slice(*span)].rstrip()) for span in found]


def _before(text: str, match: re.Match[str]) -> str:
    return text[max(0, match.start() - _BEFORE) : match.start()]


def _exists(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def _number(written: str) -> int:
    """15, 十五, 二十, 二〇二六; 0 where the signs make no number."""
    if written.isdecimal():
        return int(written)
    if "十" not in written:
        return int("".join(str(_SIGNS.index(sign)) for sign in written))
    tens, _, ones = written.partition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return 0
    return (_SIGNS.index(tens) if tens else 1) * 10 + (_SIGNS.index(ones) if ones else 0)
