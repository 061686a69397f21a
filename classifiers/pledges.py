"""Days that an answer promises: found as they are written, told from demands and the past."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_DIGITS = str.maketrans({chr(0xFF10 + digit): str(digit) for digit in range(10)})
_SMALL = "零一二三四五六七八九"
_N = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3})"
_ENDS = "底|末|内|上旬|中旬|下旬"
_BY = r"(?:之前|以前|前(?!后)|内|以内|之内)"
# 去年底 is over, and 五年内 is a span.
_NO_YEAR = frozenset("去前0123456789一二三四五六七八九十")
_CLAUSE = re.compile(r"[，。；！？、,;!?\n\r]")
# What has happened, what others must do, what a law says in general: none of it is promised here.
_PAST = re.compile(r"已于|已在|已经|已完成|曾|此前|去年|上月|上年|原定|原计划|截至|逾期")
_THEIRS = re.compile(
    r"请[您你贵于在按]|您[可需应]|你单位|申请人|须于|应于|应当|方可|不予|报名|申报截止"
)
_SINCE = re.compile(r"之日起|收到.{0,8}后|批复后|到位后|通过后|后的?$")
_WILL = re.compile(r"将|拟|预计|计划|争取|力争|承诺|确保|保证|定于|安排在")
# Nearer than this to the day of the answer, a day without a year can only be meant ahead.
_HALF_A_YEAR = 183

_SHAPES = re.compile(
    rf"""
    (?P<full>(?P<fy>20\d\d)年(?P<fm>{_N})月(?:(?P<fd>{_N})[日号]|(?P<fe>{_ENDS})))
  | (?P<next>(?P<rel>今年|本年|年|明年)(?P<nm>{_N})月(?:(?P<nd>{_N})[日号]|(?P<ne>{_ENDS})))
  | (?P<plain>(?P<m>{_N})月(?:份)?(?:(?P<d>{_N})[日号]|(?P<e>{_ENDS})))
  | (?P<month>(?P<mr>本月|当月|下个?月|月)(?:(?P<md>{_N})[日号]|(?P<me>底|末|内)))
  | (?P<year>(?P<yr>20\d\d年|今年|本年|年|明年)(?P<ye>底|末|内))
  | (?P<week>(?P<wr>本周|这周|下周|周)(?:(?P<wd>[一二三四五六日天])|(?P<we>末|内)))
  | (?P<span>(?P<sn>{_N}|半)个?(?P<su>工作日|日|天|周|星期|月|年)(?=以内|之内|内))
    """,
    re.VERBOSE,
)
_UNDER = re.compile(_BY)


@dataclass(frozen=True, slots=True)
class Pledge:
    """A promise as it stands in the text: where, until which day, or in how many working days.

    Without either the day cannot be told from the text alone, and a person must write it.
    """

    start: int
    end: int
    quote: str
    day: date | None
    working_days: int | None = None


def find(text: str, told_on: date) -> list[Pledge]:
    """The days that a text of that day promises, in its order; never one that is over."""
    plain = text.translate(_DIGITS)
    found: list[Pledge] = []
    for match in _SHAPES.finditer(plain):
        under = _UNDER.match(plain, match.end())
        begin, stop = _clause(plain, match.start(), match.end())
        before, clause = plain[begin : match.start()], plain[begin:stop]
        closed = any(match[name] for name in ("fe", "ne", "e", "me", "ye", "we"))
        if not (under or closed or _WILL.search(before)):
            continue
        if _PAST.search(before) or _THEIRS.search(clause):
            continue
        if match["yr"] == "年" and plain[: match.start()][-1:] in _NO_YEAR:
            continue
        days = _working_days(match)
        day = None if days or _SINCE.search(before) else _day(match, told_on)
        if _SINCE.search(before):
            days = None
        if day is not None and day < told_on:
            continue
        end = under.end() if under else match.end()
        found.append(Pledge(match.start(), end, text[begin:stop].strip(), day, days))
    return _once(found)


def _once(found: list[Pledge]) -> list[Pledge]:
    """Said twice with the same end, it is promised once."""
    kept: dict[tuple[object, ...], Pledge] = {}
    for one in found:
        key = (one.day, one.working_days) if one.day or one.working_days else (one.start,)
        kept.setdefault(key, one)
    return list(kept.values())


def _clause(text: str, start: int, end: int) -> tuple[int, int]:
    """The clause around a place."""
    begin = max((mark.end() for mark in _CLAUSE.finditer(text, 0, start)), default=0)
    stop = _CLAUSE.search(text, end)
    return begin, stop.start() if stop else len(text)


def _working_days(match: re.Match[str]) -> int | None:
    if match["span"] and match["su"] == "工作日" and match["sn"] != "半":
        return _number(match["sn"])
    return None


def _day(match: re.Match[str], on: date) -> date | None:
    """The last day that the words allow; None where the year stays open or no such day exists."""
    if match["full"]:
        return _of(int(match["fy"]), match["fm"], match["fd"], match["fe"])
    if match["next"]:
        year = on.year + (match["rel"] == "明年")
        return _of(year, match["nm"], match["nd"], match["ne"])
    if match["plain"]:
        return next(_likely(on, match["m"], match["d"], match["e"]), None)
    if match["month"]:
        return _in_month(match, on)
    if match["year"]:
        own = re.fullmatch(r"(20\d\d)年", match["yr"])
        year = int(own[1]) if own else on.year + (match["yr"] == "明年")
        return date(year, 12, 31)
    if match["week"]:
        monday = on.toordinal() - on.weekday() + (7 if match["wr"] == "下周" else 0)
        place = "一二三四五六日".find((match["wd"] or "日").replace("天", "日"))
        return date.fromordinal(monday + place)
    return _after(match, on)


def _likely(on: date, month: str, day: str | None, end: str | None) -> Iterator[date]:
    """A day without a year: this year's where it lies ahead, else the next one's if that is near.

    Where the past one is nearer than the one ahead, nobody can say which is meant.
    """
    ahead = [_of(year, month, day, end) for year in (on.year, on.year + 1)]
    last = _of(on.year - 1, month, day, end)
    for one in ahead:
        if one is None or one < on:
            continue
        near = (one - on).days <= _HALF_A_YEAR
        if near or (one.year == on.year and last is not None and (on - last).days > _HALF_A_YEAR):
            yield one
        return


def _in_month(match: re.Match[str], on: date) -> date | None:
    shift = 1 if match["mr"].startswith("下") else 0
    year, month = divmod(on.year * 12 + on.month - 1 + shift, 12)
    return _of(year, str(month + 1), match["md"], match["me"])


def _after(match: re.Match[str], on: date) -> date | None:
    unit, half = match["su"], match["sn"] == "半"
    count = 0 if half else _number(match["sn"]) or 0
    if half and unit in {"月", "年"}:
        return _days(on, 15) if unit == "月" else _months(on, 6)
    if not count:
        return None
    if unit in {"日", "天"}:
        return _days(on, count)
    if unit in {"周", "星期"}:
        return _days(on, 7 * count)
    return _months(on, count * (12 if unit == "年" else 1))


def _days(on: date, count: int) -> date:
    return date.fromordinal(on.toordinal() + count)


def _months(on: date, count: int) -> date:
    year, month = divmod(on.year * 12 + on.month - 1 + count, 12)
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))


def _of(year: int, month: str, day: str | None, end: str | None) -> date | None:
    number = _number(month)
    if number is None or not 1 <= number <= 12:
        return None
    last = monthrange(year, number)[1]
    on = _number(day) if day else {"上旬": 10, "中旬": 20}.get(end or "", last)
    return date(year, number, on) if on is not None and 1 <= on <= last else None


def _number(written: str | None) -> int | None:
    """十五, 二十, 两, 15: up to ninety-nine in words."""
    if not written:
        return None
    if written.isdigit():
        return int(written)
    tens, ten, ones = written.replace("两", "二").partition("十")
    if not ten:
        return _SMALL.find(tens) if len(tens) == 1 else None
    if len(tens) > 1 or len(ones) > 1:
        return None
    return (_SMALL.find(tens) if tens else 1) * 10 + (_SMALL.find(ones) if ones else 0)
