"""Times as tables write them, of many shapes; and the time columns of a row, with their faults."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any

from monitor.channels.sheet import cells
from monitor.channels.sheet.refusals import Unfit
from monitor.domain.letters import EARLIEST_YEAR
from monitor.domain.workdays import SHANGHAI

Moment = tuple[datetime, bool]

FIRST_SERIAL = 20_000
LAST_SERIAL = 80_000
LONGEST_TIME = 60
EPOCH = datetime(1899, 12, 30, tzinfo=SHANGHAI)
SECONDS_A_DAY = 86_400
END_OF_DAY = time(23, 59, 59)

WRITTEN = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?"
    r"(?:[\sT,]*(?:星期|周)[一二三四五六日天])?"
    r"(?:[\sT,]*(上午|中午|下午|晚上|凌晨|早上|AM|PM)?\s*(\d{1,2})\s*[:时点]"
    r"\s*(?:(\d{1,2})(?:\s*[:分]\s*(?:(\d{1,2})(?:\.\d+)?\s*秒?)?)?)?\s*(AM|PM)?)?"
    r"\s*(Z|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[ T]?(\d{2}):?(\d{2}):?(\d{2})?)?")
SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
AFTERNOON = {"下午", "晚上", "PM"}
MORNING = {"上午", "凌晨", "早上", "AM"}
NOON, NIGHT = "中午", "晚上"

# Writings that are brought into the usual shape first.
WEEKDAY = re.compile(r"[(\[]?(?:星期|周|礼拜)[一二三四五六日天][)\]]?")
OWN_ZONE = re.compile(
    r"[(\[]?(?:北京时间|中国标准时间|CST|China Standard Time)[)\]]?", re.IGNORECASE
)
NAMED_ZONE = re.compile(r"(?:GMT|UTC)(?:([+-])(\d{1,2})(?::?(\d{2}))?)?$", re.IGNORECASE)
NUMERALS = re.compile("[\u3007\u25cb零一二三四五六七八九十]+")
DIGITS = str.maketrans("\u3007\u25cb零一二三四五六七八九", "000123456789")
DOTTED = re.compile(r"(?<=\s)(\d{1,2})\.(\d{2})\.(\d{2})$")
PARTS = re.compile(r"(?<=[点时])(?:半|([13])刻|整)")
WORDS = {
    "午后": "下午",
    "傍晚": "下午",
    "晚间": "晚上",
    "夜间": "晚上",
    "清晨": "早上",
    "早晨": "早上",
}
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212"
MARKS = str.maketrans(DASHES + "_\\", "-" * len(DASHES) + " /")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
JAVA = (
    r"(?:[a-z]{3},?\s+)?(?P<m>[a-z]{3,9})\.?\s+(?P<d>\d{1,2})\s+(?P<t>\d{1,2}:\d{2}:\d{2})\s+"
    r"(?P<z>GMT[+-]\d{1,2}:?\d{2}\s+)?(?P<y>\d{4})"
)
MONTH_FIRST = (
    r"(?:[a-z]{3,9},?\s+)?(?P<m>[a-z]{3,9})\.?\s+(?P<d>\d{1,2}),?\s+(?P<y>\d{4})"
    r"(?:,?\s+(?P<t>\d.*?))?(?P<z>\s+GMT[+-]\d{4}\s*)?"
)
DAY_FIRST = r"(?P<d>\d{1,2})[-\s](?P<m>[a-z]{3,9})[-\s,]+(?P<y>\d{4})(?:,?\s+(?P<t>\d.*))?(?P<z>)"
ENGLISH = [re.compile(pattern, re.IGNORECASE) for pattern in (JAVA, MONTH_FIRST, DAY_FIRST)]


def moment(cell: Any, shift: int = 0) -> Moment | None:
    """Time with Shanghai's offset, and whether only a day was given; None when it is no time.

    `shift` is the days by which the table's own day count differs from the usual one.
    """
    if isinstance(cell, str):
        return _from_text(cell) if len(cell) <= LONGEST_TIME else None
    if isinstance(cell, list):
        if cell[0] != "d":
            return None
        try:
            when = datetime.fromisoformat(cell[1]).replace(tzinfo=SHANGHAI)
        except ValueError:
            return None
        return when, len(cell[1]) == 10
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        serial = cell < LAST_SERIAL
        return _from_number(float(cell + shift if serial else cell))
    return None


def _from_number(value: float) -> Moment | None:
    if FIRST_SERIAL <= value < LAST_SERIAL:
        return _from_serial(value)
    if value.is_integer() and 1e7 <= value < 1e14:
        return _from_text(str(int(value)))
    return None


def _from_serial(value: float) -> Moment:
    seconds = round((value % 1) * SECONDS_A_DAY)
    return EPOCH + timedelta(days=int(value), seconds=seconds), value.is_integer()


@lru_cache(maxsize=4096)
def _from_text(text: str) -> Moment | None:
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    plain = plain.strip().strip("'")
    if SERIAL.fullmatch(plain):
        return _from_number(float(plain))
    if plain.endswith(".0") and plain[:-2].isdigit():
        return _from_text(plain[:-2])
    try:
        return _shaped(plain) or _shaped(_usual(plain))
    except (ValueError, OverflowError):
        return None


def _shaped(text: str) -> Moment | None:
    if found := WRITTEN.fullmatch(text):
        return _written(found)
    if found := PACKED.fullmatch(text):
        return _packed(found)
    return None


def _usual(text: str) -> str:
    """The same moment as most tables write it; text that is none stays some other text."""
    text = OWN_ZONE.sub(" ", WEEKDAY.sub(" ", text.translate(MARKS)))
    text = _from_english(" ".join(text.split()))
    text = PARTS.sub(_part_of_hour, NUMERALS.sub(_arabic, text))
    for word, usual in WORDS.items():
        text = text.replace(word, usual)
    text = re.sub(r"\b([ap])\.m\.", r"\1m", text, flags=re.IGNORECASE)
    return NAMED_ZONE.sub(_offset, DOTTED.sub(r"\1:\2:\3", text).strip())


def _arabic(found: re.Match[str]) -> str:
    """二〇二六 is 2026, 二十九 is 29, 零五 is 05."""
    word = found[0]
    if "十" not in word:
        return word.translate(DIGITS)
    tens, _, ones = word.partition("十")
    return (tens or "一").translate(DIGITS) + (ones or "零").translate(DIGITS)


def _part_of_hour(found: re.Match[str]) -> str:
    return {"半": "30分", "整": ""}.get(found[0], "15分" if found[1] == "1" else "45分")


def _offset(found: re.Match[str]) -> str:
    return f"{found[1]}{int(found[2]):02}:{found[3] or '00'}" if found[1] else "Z"


def _from_english(text: str) -> str:
    """Where the month is a word, its place among the numbers is beyond doubt."""
    for pattern in ENGLISH:
        found = pattern.fullmatch(text)
        if found and (name := found["m"].lower()[:3]) in MONTHS:
            day = f"{found['y']}-{MONTHS.index(name) + 1}-{found['d']}"
            return f"{day} {found['t'] or ''} {found['z'] or ''}".strip()
    return text


def _packed(found: re.Match[str]) -> Moment:
    parts = [int(part) for part in found.groups() if part is not None]
    return _build(parts), found[4] is None


def _build(parts: list[int]) -> datetime:
    year, month, day, hour, minute, second = [*parts, 0, 0, 0][:6]
    return datetime(year, month, day, hour, minute, second, tzinfo=SHANGHAI)


def _written(found: re.Match[str]) -> Moment:
    parts = [int(found[place] or 0) for place in (1, 2, 3, 5, 6, 7)]
    half = (found[4] or found[8] or "").upper()
    if (half in MORNING and parts[3] > 12) or (half == NIGHT and parts[3] == 12):
        raise ValueError("两种写法互相矛盾，或分不清是哪一天")
    if (half in AFTERNOON and parts[3] < 12) or (half == NOON and parts[3] < 10):
        parts[3] += 12
    elif half in MORNING and parts[3] == 12:
        parts[3] = 0
    extra = timedelta()
    if parts[3:] == [24, 0, 0]:
        parts[3], extra = 0, timedelta(days=1)
    when = _build(parts) + extra
    if zone := found[9]:
        offset = "+00:00" if zone.upper() == "Z" else zone
        exact = when.replace(tzinfo=None).isoformat() + offset
        when = datetime.fromisoformat(exact).astimezone(SHANGHAI)
    return when, found[5] is None


class Moments:
    """Reads the time columns of one header; `days` are spare columns that may hold the day."""

    def __init__(
        self,
        places: Mapping[str, int],
        name: Callable[[str], str],
        days: Sequence[int],
        now: datetime,
        shift: int,
    ) -> None:
        self._places = places
        self._name = name
        self._days = days
        self._now = now
        self._shift = shift

    def at(self, cell: Any) -> Moment | None:
        """The moment in a cell, and whether only a day was given."""
        return moment(cells.clean(cell) if cell.__class__ is str else cell, self._shift)

    def received(self, raw: Sequence[Any]) -> Moment:
        """When the matter came in; Unfit when that cannot be known."""
        name = self._name("received_at")
        cell = raw[self._places["received_at"]]
        found = self.at(cell) or self._of_two(raw, cell)
        if found is None:
            if not cells.written(cell) or cells.written(cell) == cells.ERROR:
                raise Unfit(name, f"“{name}”为空或是公式错误值。", "请补上时间后再导入。")
            raise Unfit(
                name, f"“{name}”认不出是什么时间。", "请写成 2026-01-06 12:09:38 或 2026-01-06。"
            )
        if found[0].year < EARLIEST_YEAR:
            raise Unfit(name, f"“{name}”早于 {EARLIEST_YEAR} 年。", "请核对年份。")
        if found[0] > self._now:
            raise Unfit(name, f"“{name}”晚于现在。", "请核对日期；还没有发生的诉求不能登记。")
        return found

    def answer(
        self, raw: Sequence[Any], given: Mapping[str, str], received: datetime, *, date_only: bool
    ) -> tuple[str | None, datetime | None]:
        """Both or neither: half of them is the upstream's news, not history."""
        answer, said = given.get("answer", ""), given.get("answered_at", "")
        if cells.is_nothing(answer) or cells.is_nothing(said):
            return None, None
        name = self._name("answered_at")
        found = self.at(raw[self._places["answered_at"]])
        if found is None:
            raise Unfit(name, f"“{name}”认不出是什么时间。", "请写成 2026-01-06 12:09:38。")
        when, day_only = found
        same_day = when.date() == received.date()
        if (day_only or date_only) and same_day:
            when = max(when, received)
        if when < received:
            both = f"“{name}”早于“{self._name('received_at')}”。"
            raise Unfit(name, both, "请核对这两列的时间，或检查列是否错位。")
        if when > self._now:
            raise Unfit(name, f"“{name}”晚于现在。", "请核对日期。")
        return answer, when

    def due(self, raw: Sequence[Any]) -> datetime | None:
        """The upstream's deadline; a day lasts to its end."""
        if "due" not in self._places:
            return None
        found = self.at(raw[self._places["due"]])
        if found is None:
            return None
        when, day_only = found
        return datetime.combine(when.date(), END_OF_DAY, SHANGHAI) if day_only else when

    def _of_two(self, raw: Sequence[Any], cell: Any) -> Moment | None:
        """Day and time of day in two columns."""
        for index in self._days:
            day = self.at(raw[index]) if index < len(raw) else None
            if day and day[1]:
                return self.at(f"{day[0]:%Y-%m-%d} {cells.written(cell)}")
        return None
