"""Times as tables write them: text of many shapes, real dates, day serials."""

import re
import unicodedata
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from monitor.domain.workdays import SHANGHAI

Moment = tuple[datetime, bool]

FIRST_SERIAL = 20_000
LAST_SERIAL = 80_000
LONGEST_TIME = 60
EPOCH = datetime(1899, 12, 30, tzinfo=SHANGHAI)
SECONDS_A_DAY = 86_400

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
    try:
        if found := WRITTEN.fullmatch(plain):
            return _written(found)
        if found := PACKED.fullmatch(plain):
            return _packed(found)
    except (ValueError, OverflowError):
        return None
    if SERIAL.fullmatch(plain):
        return _from_number(float(plain))
    if plain.endswith(".0") and plain[:-2].isdigit():
        return _from_text(plain[:-2])
    return None


def _packed(found: re.Match[str]) -> Moment:
    parts = [int(part) for part in found.groups() if part is not None]
    return _build(parts), found[4] is None


def _build(parts: list[int]) -> datetime:
    year, month, day, hour, minute, second = [*parts, 0, 0, 0][:6]
    return datetime(year, month, day, hour, minute, second, tzinfo=SHANGHAI)


def _written(found: re.Match[str]) -> Moment:
    parts = [int(found[place] or 0) for place in (1, 2, 3, 5, 6, 7)]
    half = (found[4] or found[8] or "").upper()
    if half in AFTERNOON and parts[3] < 12:
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
