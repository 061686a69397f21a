"""What is left of a promise, in the words that people read: dates, spans, sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from monitor.domain.rulepack import (
    DAY_KINDS,
    Closes,
    Limit,
    Pause,
    Rule,
    Start,
    Warn,
    is_late,
    late_from,
)
from monitor.domain.vocabulary import Arithmetic, Urgency, Word
from monitor.domain.workdays import WEEKDAYS, Calendar, local

_HALF_YEAR = 183
_HOUR = 3600
_THREE_DAYS = 72 * _HOUR
DAY_LEFT = (Warn("days", 1),)
MOST_USED = (Warn("percent", 80),)


class Tone(Word):
    """The look of a clock; the word beside it, because colour never stands alone."""

    NORMAL = "normal", "在期内"
    NEAR = "near", "快到期"
    TODAY = "today", "今日"
    LATE = "late", "超期"
    PAUSED = "paused", "停表"
    DONE = "done", "按时"
    DONE_LATE = "done_late", "迟"
    PENDING = "pending", "未开始"
    PROVISIONAL = "provisional", "暂定"


@dataclass(frozen=True, slots=True)
class Remaining:
    """Big words, look, and the small words below: the date and why."""

    text: str
    tone: Tone
    detail: str = ""


def short_date(day: date, now: datetime | None = None) -> str:
    """10月10日; with its year when that is over half a year from now."""
    far = now is not None and abs((day - local(now).date()).days) > _HALF_YEAR
    return f"{day.year}年{day.month}月{day.day}日" if far else f"{day.month}月{day.day}日"


def date_words(day: date, calendar: Calendar, now: datetime | None = None) -> str:
    """10月10日 周六补班: the date, its weekday, and what the calendar made of it."""
    judged, weekday = calendar.classify(day), WEEKDAYS[day.weekday()]
    why = "" if judged.why in (weekday, "工作日") else judged.why
    return f"{short_date(day, now)} {weekday}{why}"


def moment_words(moment: datetime, now: datetime | None = None) -> str:
    """10月9日 17:30."""
    moment = local(moment)
    return f"{short_date(moment.date(), now)} {moment:%H:%M}"


def span_words(seconds: float, *, minutes: str = "分钟") -> str:
    """14 分钟 · 7 小时 06 分 · 5 天: a span of time, rounded down to the minute."""
    whole = int(seconds)
    if whole < _HOUR:
        return f"{whole // 60} {minutes}"
    if whole >= _THREE_DAYS:
        return f"{whole // (24 * _HOUR)} 天"
    return f"{whole // _HOUR} 小时 {whole % _HOUR // 60:02d} 分"


def limit_words(limit: Limit) -> str:
    """5 个工作日 · 24 小时 · 2 个工作小时 · 15 日."""
    unit = {
        Arithmetic.WALL_HOURS: "小时",
        Arithmetic.WORKING_HOURS: "个工作小时",
        Arithmetic.WORKING_DAYS: "个工作日",
        Arithmetic.CALENDAR_DAYS: "日",
    }[limit.arithmetic]
    return f"{limit.amount} {unit}"


def promised(rule: Rule, limit: Limit | None = None) -> str:
    """What a clock that has not begun will allow: 答复后 5 个工作日."""
    limit = limit or rule.normal
    if rule.start is Start.ANSWER_DUE:
        return f"答复到期前 {limit_words(limit)}"
    if limit.in_days and limit.amount == 0:
        return f"{rule.start.label}当日"
    return f"{rule.start.label}后 {limit_words(limit)}"


def caption(rule: Rule, urgency: Urgency | None = None) -> str:
    """The rule in a line: LX-1 领导信箱第 1 版：收件次日起 5 个工作日，不停表，可延期 1 次."""
    limit = rule.limit(urgency)
    counted = promised(rule, limit)
    if limit.in_days and limit.amount and rule.start is not Start.ANSWER_DUE:
        counted = f"{rule.start.label}次日起 {limit_words(limit)}"
    pause = "可依法停表" if rule.pause_events else "不停表"
    extend = f"可延期 {rule.max_extensions} 次" if rule.max_extensions else "不延期"
    return f"{rule.short} {rule.name}第 {rule.version} 版：{counted}，{pause}，{extend}"


def reached(
    warn: Sequence[Warn],
    started: datetime,
    due: datetime,
    now: datetime,
    *,
    arithmetic: Arithmetic,
    calendar: Calendar,
) -> Warn | None:
    """The last warning point of the rule that now has passed, if any."""
    left = (due - now).total_seconds()
    total = (due - started).total_seconds()
    today, last = local(now).date(), local(due).date()
    days = (last - today).days
    if arithmetic is not Arithmetic.CALENDAR_DAYS:
        days = calendar.workdays_between(today, last)
    passed = [
        point
        for point in warn
        if (point.unit == "days" and arithmetic in DAY_KINDS and days <= point.amount)
        or (point.unit == "minutes" and left <= point.amount * 60)
        or (point.unit == "percent" and total - left >= total * point.amount / 100)
    ]
    return passed[-1] if passed else None


def describe(
    now: datetime,
    due: datetime | None,
    *,
    started: datetime | None,
    calendar: Calendar,
    arithmetic: Arithmetic,
    closes: Closes = Closes.MIDNIGHT,
    ended: datetime | None = None,
    paused: Pause | None = None,
    provisional: bool = False,
    warn: Sequence[Warn] = (),
) -> Remaining:
    """One of the nine looks of a clock; `paused` is the pause that is running now."""
    clock = _Clock(calendar, arithmetic, closes)
    if started is None or due is None:
        return Remaining("未开始", Tone.PENDING, "等前一步")
    now, due, started = local(now), local(due), local(started)
    until = clock.until(due, now)
    if ended is not None:
        return _ended(now, due, started, local(ended), clock)
    if paused is not None:
        stood = clock.days(paused.first - timedelta(days=1), now.date())
        detail = f"{paused.cause}，{short_date(paused.first, now)}起"
        return Remaining(f"停表 {stood}", Tone.PAUSED, detail)
    if is_late(arithmetic, due, now, closes):
        return Remaining(f"超 {clock.over(due, now)}", Tone.LATE, f"应于{until}")
    return _running(now, due, started, clock, provisional=provisional, warn=warn)


@dataclass(frozen=True, slots=True)
class _Clock:
    calendar: Calendar
    arithmetic: Arithmetic
    closes: Closes

    @property
    def in_days(self) -> bool:
        return self.arithmetic in DAY_KINDS

    @property
    def to_midnight(self) -> bool:
        """Whether the date alone decides."""
        return self.in_days and self.closes is Closes.MIDNIGHT

    def until(self, due: datetime, now: datetime) -> str:
        """The due time in words: a date where the date decides, else with the hour."""
        if self.to_midnight:
            return date_words(due.date(), self.calendar, now)
        return moment_words(due, now)

    def left(self, now: datetime, due: datetime) -> str:
        """What is left in hours, in words."""
        end = late_from(self.arithmetic, due, self.closes)
        if self.arithmetic is Arithmetic.WORKING_HOURS:
            return span_words(self.calendar.working_seconds(now, end))
        return span_words((end - now).total_seconds())

    def days(self, first: date, last: date) -> str:
        """Days after first up to last, counted as the clock counts, in words."""
        working = self.calendar.workdays_between(first, last)
        if self.arithmetic is Arithmetic.CALENDAR_DAYS or working == 0:
            return f"{(last - first).days} 天"
        return f"{working} 个工作日"

    def over(self, due: datetime, at: datetime) -> str:
        """How far past due, in words."""
        if not self.in_days or at.date() == due.date():
            return span_words((at - due).total_seconds())
        return self.days(due.date(), at.date())

    def used(self, started: datetime, ended: datetime) -> str:
        """How long it took, in words."""
        if self.in_days and ended.date() > started.date():
            return self.days(started.date(), ended.date())
        if self.arithmetic is Arithmetic.WORKING_HOURS:
            return span_words(self.calendar.working_seconds(started, ended), minutes="分")
        return span_words(max(0.0, (ended - started).total_seconds()), minutes="分")


def _ended(
    now: datetime, due: datetime, started: datetime, ended: datetime, clock: _Clock
) -> Remaining:
    limit = clock.until(due, now)
    if due.date() == ended.date():
        limit = "当日" if clock.to_midnight else f"当日 {due:%H:%M}"
    detail = f"{moment_words(ended, now)}，限{limit}"
    if is_late(clock.arithmetic, due, ended, clock.closes):
        return Remaining(f"迟 {clock.over(due, ended)}", Tone.DONE_LATE, detail)
    return Remaining(f"用时 {clock.used(started, ended)}", Tone.DONE, detail)


def _running(
    now: datetime,
    due: datetime,
    started: datetime,
    clock: _Clock,
    *,
    provisional: bool,
    warn: Sequence[Warn],
) -> Remaining:
    warn = warn or (DAY_LEFT if clock.in_days else MOST_USED)
    near = reached(warn, started, due, now, arithmetic=clock.arithmetic, calendar=clock.calendar)
    tone = Tone.NEAR if near else Tone.NORMAL
    until = ("暂定 " if provisional else "") + clock.until(due, now)
    if not clock.in_days:
        return Remaining(f"剩 {clock.left(now, due)}", tone, until)
    if due.date() == now.date():
        # A same-day promise warns in minutes: it is not amber from its first minute on.
        tone = Tone.TODAY if any(point.unit == "days" for point in warn) else tone
        until += " 24:00 前" if clock.to_midnight else ""
        return Remaining(f"剩 {clock.left(now, due)}", tone, until)
    left = f"剩 {clock.days(now.date(), due.date())}"
    if provisional and not near:
        text = f"暂定 {short_date(due.date(), now)}"
        return Remaining(text, Tone.PROVISIONAL, f"{left}，当年节假日安排未公布")
    return Remaining(left, tone, until)
