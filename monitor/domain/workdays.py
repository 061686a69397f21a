"""The work calendar: holidays, make-up days, office hours. Asia/Shanghai only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from importlib import metadata
from zoneinfo import ZoneInfo

from monitor.domain.errors import Incomplete

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
FIRST_YEAR, LAST_YEAR = 1990, 2099
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class YearTable:
    """One year's arrangement: days off and make-up days, with the reason that people read.

    Version 0 is the built-in table of the `holidays` package. `provisional` says that the
    State Council has not announced the year yet.
    """

    version: int
    source: str
    off: Mapping[date, str]
    work: Mapping[date, str]
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """One judged day: whether it counts as a working day, and why."""

    day: date
    counts: bool
    why: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """The blocks of a working day, in order."""

    blocks: tuple[tuple[time, time], ...] = (
        (time(8, 30), time(12, 0)),
        (time(13, 30), time(17, 30)),
    )

    def __str__(self) -> str:
        return "、".join(f"{a:%H:%M}至{b:%H:%M}" for a, b in self.blocks)


@dataclass(frozen=True, slots=True)
class _Index:
    """Working days of whole years, counted up: `upto[i]` of them lie before the i-th day."""

    first_year: int
    last_year: int
    origin: int
    upto: list[int]
    work: list[int]


def local(moment: datetime) -> datetime:
    """The moment as Shanghai's clocks show it; one without offset is Shanghai's already."""
    if moment.tzinfo is SHANGHAI:
        return moment
    if moment.tzinfo is None:
        return moment.replace(tzinfo=SHANGHAI)
    return moment.astimezone(SHANGHAI)


def not_before(first: datetime, at: datetime) -> datetime:
    """A time told to the minute; within the minute of `first` it is the moment of `first`."""
    return first if first.replace(second=0, microsecond=0) <= at < first else at


def midnight(day: date) -> datetime:
    """The first moment of the day."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


def parse_year(document: Mapping[str, object]) -> tuple[int, YearTable]:
    """Year and table of a `data/holidays/YYYY.json` document, checked; else Incomplete."""
    year, version = document.get("year"), document.get("version", 1)
    if not isinstance(year, int) or not isinstance(version, int):
        raise Incomplete("节假日文件缺少年份或版本", fields={"year": "应为整数"})
    days: dict[str, dict[date, str]] = {}
    for part in ("off", "work"):
        cells = document.get(part, {})
        if not isinstance(cells, Mapping):
            raise Incomplete(f"{year} 年节假日文件的 {part} 应为“日期: 事由”")
        try:
            days[part] = {date.fromisoformat(str(day)): str(why) for day, why in cells.items()}
        except ValueError as error:
            raise Incomplete(f"{year} 年节假日文件的 {part} 有不存在的日期") from error
    if any(day.year != year for part in days.values() for day in part):
        raise Incomplete(f"{year} 年节假日文件里有别的年份的日期")
    if days["off"].keys() & days["work"].keys():
        raise Incomplete(f"{year} 年节假日文件里有一天既放假又补班")
    provisional = bool(document.get("provisional", False))
    source = str(document.get("source", ""))
    return year, YearTable(version, source, days["off"], days["work"], provisional)


def packaged_year(year: int) -> YearTable:
    """The `holidays` package's table; provisional where it knows no State Council notice."""
    from holidays import country_holidays
    from holidays.countries.china import ChinaStaticHolidays

    notices = ChinaStaticHolidays.special_public_holidays
    known = country_holidays("CN", years=year, expand=False, language="zh_CN")
    return YearTable(
        version=0,
        source=f"holidays {metadata.version('holidays')}",
        off={day: _plain(name) for day, name in known.items() if day.year == year},
        work={day: "补班" for day in known.weekend_workdays if day.year == year},
        provisional=year not in notices and year > min(notices),
    )


def _plain(name: str) -> str:
    """The package's wording in the words of this desk."""
    if "调休" in name:
        return "调休"
    if "补假" in name:
        return "放假"
    return name.replace("; ", "、").replace("农历除夕", "春节")


@dataclass(eq=False)
class Calendar:
    """Answers for every day of 1990 to 2099; tables given beat the package, year by year.

    Readable from many threads: an index is replaced whole, never changed.
    """

    years: Mapping[int, YearTable]
    hours: OfficeHours = field(default_factory=OfficeHours)
    memo: dict[tuple[object, date], datetime] = field(default_factory=dict, init=False, repr=False)
    _tables: dict[int, YearTable] = field(default_factory=dict, init=False, repr=False)
    _days: dict[date, Day] = field(default_factory=dict, init=False, repr=False)
    _index: _Index | None = field(default=None, init=False, repr=False)
    _blocks: tuple[tuple[int, int], ...] = field(default=(), init=False, repr=False)
    _full: int = field(default=0, init=False, repr=False)

    def __post_init__(self) -> None:
        self._tables = dict(self.years)
        self._blocks = tuple((_seconds(a), _seconds(b)) for a, b in self.hours.blocks)
        self._full = sum(b - a for a, b in self._blocks)
        if self._full <= 0:
            raise Incomplete("办公时间为空，无法计算工作时限")

    def table(self, year: int) -> YearTable:
        """The table in use for a year: the office's, else the package's."""
        found = self._tables.get(year)
        if found is None:
            if not FIRST_YEAR <= year <= LAST_YEAR:
                raise Incomplete(f"日期超出工作日历（{FIRST_YEAR} 年至 {LAST_YEAR} 年）")
            found = self._tables[year] = packaged_year(year)
        return found

    def classify(self, day: date) -> Day:
        """Whether the day is a working day, and why."""
        found = self._days.get(day)
        if found is None:
            found = self._days[day] = self._judge(day)
        return found

    def _judge(self, day: date) -> Day:
        table = self.table(day.year)
        weekend = day.weekday() >= _SATURDAY
        why = table.work.get(day) or table.off.get(day)
        if why is None:
            why = WEEKDAYS[day.weekday()] if weekend else "工作日"
        counts = day in table.work or not (weekend or day in table.off)
        return Day(day, counts, why, table.provisional)

    def provisional_between(self, first: date, last: date) -> bool:
        """Whether any year from first to last is not announced yet."""
        return any(self.table(year).provisional for year in range(first.year, last.year + 1))

    def edition(self, first: date, last: date) -> str:
        """Which tables a date leans on: "2026 年第 1 版、2027 年暂定"."""
        words = []
        for year in range(first.year, last.year + 1):
            table = self.table(year)
            word = f"第 {table.version} 版" if table.version else "内置"
            words.append(f"{year} 年{'暂定' if table.provisional else word}")
        return "、".join(words)

    def add_workdays(self, day: date, count: int) -> date:
        """The count-th working day after the day (before it, if negative).

        Zero is the day itself, or the next working day where it is a rest day.
        """
        if count == 0:
            return day if self.classify(day).counts else self.add_workdays(day, 1)
        ordinal = day.toordinal()
        low = high = day.year
        while True:
            index = self._covering(low, high)
            at = ordinal - index.origin
            place = index.upto[at + 1] + count - 1 if count > 0 else index.upto[at] + count
            if 0 <= place < len(index.work):
                return date.fromordinal(index.work[place])
            low, high = (low - 1, high) if place < 0 else (low, high + 1)

    def next_workday(self, day: date) -> date:
        """The first working day after the day."""
        return self.add_workdays(day, 1)

    def previous_workday(self, day: date) -> date:
        """The last working day before the day."""
        return self.add_workdays(day, -1)

    def workdays_between(self, first: date, last: date) -> int:
        """Working days after `first` up to and with `last`; negative the other way round."""
        index = self._covering(min(first.year, last.year), max(first.year, last.year))
        shift = 1 - index.origin
        return index.upto[last.toordinal() + shift] - index.upto[first.toordinal() + shift]

    def opening(self, day: date) -> datetime:
        """When the office opens on that day, were it a working day."""
        return datetime.combine(day, self.hours.blocks[0][0], SHANGHAI)

    def closing(self, day: date) -> datetime:
        """When the office closes on that day, were it a working day."""
        return datetime.combine(day, self.hours.blocks[-1][1], SHANGHAI)

    def working_seconds(self, start: datetime, end: datetime) -> int:
        """Seconds of office hours from start to end, whole; negative the other way round."""
        start, end = local(start), local(end)
        index = self._covering(min(start.year, end.year), max(start.year, end.year))
        return self._elapsed(index, end) - self._elapsed(index, start)

    def add_working_seconds(self, start: datetime, seconds: int) -> datetime:
        """The earliest moment at which that many seconds (> 0) of office hours have passed."""
        start = local(start)
        day = start.date()
        index = self._covering(start.year, start.year)
        today = self._elapsed(index, start) - self._elapsed(index, midnight(day))
        days, rest = divmod(today + seconds - 1, self._full)
        base = day if self.classify(day).counts else self.next_workday(day)
        return self._within(self.add_workdays(base, days), rest + 1)

    def _within(self, day: date, seconds: int) -> datetime:
        for low, high in self._blocks:
            if seconds <= high - low:
                return midnight(day) + timedelta(seconds=low + seconds)
            seconds -= high - low
        return self.closing(day)

    def _elapsed(self, index: _Index, moment: datetime) -> int:
        at = moment.toordinal() - index.origin
        whole = index.upto[at] * self._full
        if index.upto[at + 1] == index.upto[at]:
            return whole
        clock = moment.hour * 3600 + moment.minute * 60 + moment.second
        for low, high in self._blocks:
            if clock <= low:
                break
            whole += min(clock, high) - low
        return whole

    def _covering(self, low: int, high: int) -> _Index:
        index = self._index
        if index is None:
            index = self._index = self._build(low, high)
        elif low < index.first_year or high > index.last_year:
            index = self._build(min(low, index.first_year), max(high, index.last_year))
            self._index = index
        return index

    def _build(self, low: int, high: int) -> _Index:
        self.table(low), self.table(high)
        origin = date(low, 1, 1).toordinal()
        upto, work = [0], []
        for ordinal in range(origin, date(high, 12, 31).toordinal() + 1):
            if self.classify(date.fromordinal(ordinal)).counts:
                work.append(ordinal)
            upto.append(len(work))
        return _Index(low, high, origin, upto, work)


def _seconds(clock: time) -> int:
    return clock.hour * 3600 + clock.minute * 60 + clock.second
