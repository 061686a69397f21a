"""How a due date came about: one cell a day, and the sentence to read to a citizen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from monitor.domain.remaining import date_words, limit_words, moment_words, short_date
from monitor.domain.rulepack import Closes, Limit, Pause, Rule
from monitor.domain.vocabulary import Arithmetic
from monitor.domain.workdays import WEEKDAYS, Calendar, midnight

_UNNAMED = frozenset({"放假", "调休", "周六", "周日"})
_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayTrace:
    """One day of the story.

    `number` is the running count on day clocks (0 on the starting day, None where the day does
    not count); `seconds` is what an hours clock used up on that day. `mark` is one of receipt,
    due, first_due (before an extension), paused, answer_due, or empty.
    """

    day: date
    counts: bool
    why: str
    number: int | None = None
    mark: str = ""
    seconds: int = 0
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """A due time with its story.

    `at` is the last moment that is not late; `first_due` the last day before the extension;
    `start` the moment from which it was reckoned; `calendar` the editions it leans on.
    """

    at: datetime
    last_day: date
    provisional: bool
    rule: Rule
    version: int
    basis: str
    trace: tuple[DayTrace, ...]
    sentence: str
    limit: Limit
    start: datetime
    first_due: date
    calendar: str


def span_of_days(first: date, last: date) -> str:
    """10月1日至7日: a run of days in words."""
    if first == last:
        return short_date(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{short_date(first)}至{last.day}日"
    return f"{short_date(first)}至{short_date(last)}"


def cause_of(day: date, pauses: Sequence[Pause]) -> str:
    """Why the clock stands on that day; empty where it runs."""
    causes = [pause.cause for pause in pauses if pause.first <= day <= pause.last]
    return "、".join(dict.fromkeys(causes))


def day_cells(
    rule: Rule,
    limit: Limit,
    begin: date,
    days: tuple[date, date],
    *,
    total: int,
    pauses: Sequence[Pause],
    calendar: Calendar,
) -> tuple[DayTrace, ...]:
    """The cells of a day clock; `days` are the last day before and after the extension."""
    first_due, last = days
    working = limit.arithmetic is Arithmetic.WORKING_DAYS
    cells, number = [], 0
    for offset in range((last - begin).days + 1):
        day = begin + timedelta(days=offset)
        judged = calendar.classify(day)
        cause = cause_of(day, pauses)
        mark = "due" if day == last else "first_due" if day == first_due else ""
        why, counts, shown = judged.why, False, None
        if day == begin:
            rest = "" if judged.counts else f"，{judged.why}"
            why, shown, mark = f"{rule.start.label}日{rest}", 0, mark or "receipt"
        elif cause:
            why, mark = cause, "paused"
        elif number == (limit.amount if working and day <= first_due else total):
            why = f"{judged.why}，顺延" if mark else judged.why
        elif judged.counts or not working:
            number += 1
            counts, shown = True, number
        cells.append(DayTrace(day, counts, why, shown, mark, provisional=judged.provisional))
    return tuple(cells)


def hour_cells(
    limit: Limit,
    start: datetime,
    due: datetime,
    *,
    pauses: Sequence[Pause],
    calendar: Calendar,
) -> tuple[DayTrace, ...]:
    """The cells of an hours clock, each with the seconds that it used up."""
    cells = []
    first, last = start.date(), due.date()
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        judged = calendar.classify(day)
        cause = cause_of(day, pauses)
        low, high = max(start, midnight(day)), min(due, midnight(day + _ONE))
        if limit.arithmetic is Arithmetic.WORKING_HOURS:
            seconds = calendar.working_seconds(low, high)
        else:
            seconds = round((high - low).total_seconds())
        mark = "due" if day == last else "paused" if cause else "receipt" if day == first else ""
        cells.append(
            DayTrace(
                day=day,
                counts=seconds > 0 and not cause,
                why=cause or judged.why,
                mark=mark,
                seconds=0 if cause else seconds,
                provisional=judged.provisional,
            )
        )
    return tuple(cells)


def submit_cells(due: date, answer_due: date, calendar: Calendar) -> tuple[DayTrace, ...]:
    """The cells of a clock that is counted back from the day on which the answer is due."""
    cells: list[DayTrace] = []
    number = 0
    for offset in range((answer_due - due).days + 1):
        day = answer_due - timedelta(days=offset)
        judged = calendar.classify(day)
        counts = offset > 0 and judged.counts
        number += counts
        mark = "due" if day == due else "answer_due" if not offset else ""
        why = judged.why if offset else "答复到期日"
        shown = number if counts or not offset else None
        cells.append(DayTrace(day, counts, why, shown, mark, provisional=judged.provisional))
    return tuple(reversed(cells))


def tell_days(
    rule: Rule,
    limit: Limit,
    cells: Sequence[DayTrace],
    first_due: date,
    *,
    extension: int,
    calendar: Calendar,
) -> str:
    """The sentence of a day clock."""
    parts = [f"{rule.start.label}日不计入（民法典第 201 条）"]
    if limit.amount == 0:
        parts = [f"限{rule.start.label}当日办理，遇休息日顺延至下一工作日"]
    if limit.arithmetic is Arithmetic.WORKING_DAYS:
        parts += _rests(cells)
        parts += [
            f"{short_date(cell.day)}{WEEKDAYS[cell.day.weekday()]}补班，计第 {cell.number} 日"
            for cell in cells[:-1]
            if cell.counts and cell.why == "补班"
        ]
    parts.append(_last(rule, limit, cells, calendar))
    own = [f"{cause}，{span_of_days(low, high)}停表，不计" for low, high, cause in _stands(cells)]
    if extension:
        unit = "个工作日" if limit.arithmetic is Arithmetic.WORKING_DAYS else "日"
        own.append(f"延期 {extension} {unit}，原到期日 {short_date(first_due)}")
    return f"{'；'.join(parts)}。{'；'.join(own) or '本单无停表、无延期'}。{_provisional(cells)}"


def tell_hours(
    rule: Rule,
    limit: Limit,
    start: datetime,
    due: datetime,
    cells: Sequence[DayTrace],
    *,
    date_only: bool,
    extension: int,
    calendar: Calendar,
) -> str:
    """The sentence of an hours clock."""
    begin = f"{moment_words(start)} {rule.start.label}"
    if date_only:
        begin = f"来件只有日期，从 {moment_words(start)} 上班时起算"
    if limit.arithmetic is Arithmetic.WORKING_HOURS:
        how = f"只计办公时间（{calendar.hours}），{limit_words(limit)}"
    else:
        how = f"连续计 {limit_words(limit)}，休息日不停（民法典第 201 条）"
    parts = [begin, how]
    parts += [
        f"{cause}，{span_of_days(low, high)}停表，不计" for low, high, cause in _stands(cells)
    ]
    if extension:
        parts.append(f"延期 {extension} 个工作日")
    parts.append(f"至 {moment_words(due)}，此前{rule.promise.label}不算超期")
    leans = limit.arithmetic is Arithmetic.WORKING_HOURS
    return f"{'；'.join(parts)}。{_provisional(cells) if leans else ''}"


def tell_submit(limit: Limit, due: datetime, answer_due: date, calendar: Calendar) -> str:
    """The sentence of the internal hand-in."""
    answered, handed = date_words(answer_due, calendar), date_words(due.date(), calendar)
    return (
        f"答复期限到 {answered}为止，须提前 {limit_words(limit)}提交；"
        f"即 {handed} {due:%H:%M} 前提交不算超期。"
    )


def _last(rule: Rule, limit: Limit, cells: Sequence[DayTrace], calendar: Calendar) -> str:
    last = cells[-1]
    words = f"{short_date(last.day)}{WEEKDAYS[last.day.weekday()]}"
    if last.number is None:
        counted = max((cell for cell in cells if cell.number is not None), key=lambda c: c.day)
        moved = f"第 {counted.number} 日 {date_words(counted.day, calendar)}"
        text = f"{moved}，不是工作日，顺延至 {words}（民法典第 203 条）"
        text = text if counted.number else f"顺延至 {words}"
    elif last.why == "补班":
        text = f"{words}补班，计第 {last.number} 日"
    elif last.number:
        unit = "个工作日" if limit.arithmetic is Arithmetic.WORKING_DAYS else "日"
        text = f"{words}为第 {last.number} {unit}"
    else:
        text = words
    until = "24:00" if limit.closes is Closes.MIDNIGHT else "下班"
    return f"{text}，当日 {until} 前{rule.promise.label}不算超期"


def _rests(cells: Sequence[DayTrace]) -> list[str]:
    """Runs of rest days: holidays by name, plain weekends together."""
    parts, weekend = [], 0
    for run in _runs(cells):
        whys = list(dict.fromkeys(cell.why for cell in run))
        names = "、".join(why for why in whys if why not in _UNNAMED)
        if not names and "放假" not in whys and "调休" not in whys:
            weekend += len(run)
            continue
        words = f"{span_of_days(run[0].day, run[-1].day)}{names}放假"
        words += "调休" if "调休" in whys else ""
        parts.append(f"{words}共 {len(run)} 天，不计" if len(run) > 1 else f"{words}，不计")
    if weekend:
        parts.append(f"其间周末 {weekend} 天，不计")
    return parts


def _runs(cells: Sequence[DayTrace]) -> list[list[DayTrace]]:
    runs: list[list[DayTrace]] = []
    for before, cell in pairwise(cells):
        if cell.number is not None or cell.mark in {"paused", "due"}:
            continue
        if runs and runs[-1][-1] is before:
            runs[-1].append(cell)
        else:
            runs.append([cell])
    return runs


def _stands(cells: Sequence[DayTrace]) -> list[tuple[date, date, str]]:
    """Runs of paused days with their cause."""
    runs: list[tuple[date, date, str]] = []
    for cell in cells:
        if cell.mark != "paused":
            continue
        if runs and runs[-1][1] == cell.day - _ONE and runs[-1][2] == cell.why:
            runs[-1] = (runs[-1][0], cell.day, cell.why)
        else:
            runs.append((cell.day, cell.day, cell.why))
    return runs


def _provisional(cells: Sequence[DayTrace]) -> str:
    years = list(dict.fromkeys(str(cell.day.year) for cell in cells if cell.provisional))
    return f"{'、'.join(years)} 年节假日安排尚未公布，日期为暂定。" if years else ""
