"""Each rate: numerator, denominator, exclusions, smallest sample, target; and how to count."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from monitor.domain.errors import Incomplete
from monitor.domain.vocabulary import Promise
from monitor.domain.workdays import Calendar

MEDIAN_AND_P90 = (0.5, 0.9)
_HOUR, _DAY = 3600, 86_400
_NOT_DUE = "截至时还没有到期、也没有办完的不计"
_CANCELLED = "撤回、改派、并单而取消的时限不计"
_HISTORICAL = "历史件不计，除非勾选“含历史件”"
_ONCE = "一件只计一次，期内有几轮的，任何一轮超期即为超期"


@dataclass(frozen=True, slots=True)
class Rate:
    """One rate of timeliness over the clocks of one promise; `smallest` and `target` are data."""

    promise: Promise
    label: str
    definition: str
    numerator: str
    denominator: str
    exclusions: tuple[str, ...]
    smallest: int = 1
    target: float | None = None

    @property
    def code(self) -> str:
        """The promise it is about: what stands in addresses and in JSON."""
        return str(self.promise)


def _rate(promise: Promise, label: str, deed: str, *exclusions: str) -> Rate:
    return Rate(
        promise,
        label,
        f"{promise.label}时限的到期日在统计期内的工单里，{deed}的占多少。",
        f"{deed}的工单",
        f"{promise.label}时限的到期日在统计期内的工单，过期还没有办的也在内；{_ONCE}",
        (_NOT_DUE, *exclusions, _CANCELLED, _HISTORICAL),
    )


RATES: tuple[Rate, ...] = (
    _rate(Promise.TRIAGE, "按时分办率", "在分办时限内分办或直接答复"),
    _rate(Promise.SIGN, "按时签收率", "在签收时限内由科室签收"),
    _rate(Promise.CONTACT, "响应率", "在首次联系时限内联系到诉求人", "直接答复的没有这个时限"),
    _rate(Promise.SUBMIT, "按时提交率", "在内部提交时限内交出答复稿", "直接答复的没有这个时限"),
    _rate(Promise.ANSWER, "按时答复率", "在答复时限内答复诉求人"),
    _rate(
        Promise.PUBLISH,
        "按时公布率",
        "在公布时限内公开或决定不公开",
        "诉求人不同意公开的没有这个时限",
    ),
)
PROMISES: tuple[Promise, ...] = tuple(rate.promise for rate in RATES)


@dataclass(frozen=True, slots=True)
class Book:
    """The definitions with what an office sets itself."""

    version: int
    rates: tuple[Rate, ...]
    period_days: int
    near_workdays: int
    age_days: tuple[int, ...]
    weeks: int
    listed: int


def parse(document: Mapping[str, Any]) -> Book:
    """The definitions with the numbers of `data/rulebook/figures.toml`; Incomplete if malformed."""
    try:
        given, page = document["rates"], document["dashboard"]
        rates = tuple(
            replace(rate, smallest=int(own["smallest"]), target=own.get("target"))
            for rate in RATES
            for own in [given[rate.code]]
        )
        book = Book(
            version=document["version"],
            rates=rates,
            period_days=page["period_days"],
            near_workdays=page["near_workdays"],
            age_days=tuple(page["age_days"]),
            weeks=page["weeks"],
            listed=page["listed"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Incomplete(f"统计口径文件 figures.toml 有误：{error}") from error
    if list(book.age_days) != sorted(set(book.age_days)) or not book.age_days:
        raise Incomplete("统计口径文件的 age_days 应由小到大，不重复")
    return book


@dataclass(slots=True)
class Tally:
    """Orders counted for one rate: due, met, and the seconds used by those that have ended."""

    due: int = 0
    met: int = 0
    wall: list[int] = field(default_factory=list)
    work: list[int] = field(default_factory=list)

    def join(self, other: "Tally") -> None:
        """Count the orders of another group as well."""
        self.due += other.due
        self.met += other.met
        self.wall += other.wall
        self.work += other.work


def share(numerator: int, denominator: int) -> float | None:
    """The rate as a number from 0 to 1; None where nothing was due."""
    return numerator / denominator if denominator else None


def nearest_ranks(values: Sequence[int], parts: Sequence[float]) -> list[int | None]:
    """For each part the value at or below which that part of them lies; None without values."""
    if not values:
        return [None] * len(parts)
    ordered = sorted(values)
    return [ordered[max(math.ceil(part * len(ordered)), 1) - 1] for part in parts]


@dataclass(frozen=True, slots=True)
class Span:
    """Days from first to last, both included; an open end is None."""

    label: str
    first: date | None
    last: date | None

    def holds(self, day: date) -> bool:
        """Whether the day lies within."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


def latest_days(today: date, count: int) -> tuple[date, date]:
    """The last `count` days, today included."""
    return today - timedelta(days=count - 1), today


def weeks_until(today: date, count: int) -> list[Span]:
    """The last weeks from Monday to Sunday, oldest first; the last one holds today."""
    monday = today - timedelta(days=today.weekday())
    starts = [monday - timedelta(weeks=back) for back in reversed(range(count))]
    return [
        Span(f"{start.month}-{start.day}", start, start + timedelta(weeks=1) - timedelta(days=1))
        for start in starts
    ]


def ages(today: date, calendar: Calendar, bounds: Sequence[int]) -> list[Span]:
    """Days of receipt by age in working days up to today, youngest first."""
    tomorrow = today + timedelta(days=1)
    spans: list[Span] = []
    last: date | None = None
    low = 0
    for high in bounds:
        label = f"{high} 日内" if low == 0 else f"{low + 1} 至 {high} 日"
        first = calendar.add_workdays(tomorrow, -(high + 1))
        spans.append(Span(label, first, last))
        last, low = first - timedelta(days=1), high
    return [*spans, Span(f"{low} 日以上", None, last)]


def month_span(month: str) -> Span:
    """The days of a month written as 2026-10; Incomplete for anything else."""
    try:
        first = date.fromisoformat(f"{month}-01")
        following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    except ValueError as error:
        raise Incomplete("月份应写作 2026-10。", fields={"month": "应为年-月"}) from error
    return Span(f"{first.year}年{first.month}月", first, following - timedelta(days=1))


def next_day(day: date) -> date:
    """The day after, as the open end of a span of moments."""
    return day + timedelta(days=1)


def ticks(most: int, steps: int = 3) -> list[int]:
    """Round numbers from zero up to `most` or just above it, for the axis of a chart."""
    size = 1
    while size * steps < most:
        # 1, 2, 5, 10, 20, 50 …
        size = size * 5 // 2 if str(size).startswith("2") else size * 2
    return [size * step for step in range(steps + 1)]


def day_seconds(calendar: Calendar) -> int:
    """The office hours of one working day in seconds."""
    return sum(
        (b.hour - a.hour) * _HOUR + (b.minute - a.minute) * 60 for a, b in calendar.hours.blocks
    )


def duration_words(seconds: int | None, day: int = _DAY) -> str:
    """3.2 天 · 5.4 小时 · 12 分钟: a median as people say it; a day has `day` seconds."""
    if seconds is None:
        return ""
    if seconds >= day:
        return f"{seconds / day:.1f} {'天' if day == _DAY else '工作日'}"
    if seconds >= _HOUR:
        return f"{seconds / _HOUR:.1f} 小时"
    return f"{round(seconds / 60)} 分钟"
