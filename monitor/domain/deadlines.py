"""When is it due: reckoned at once for machines, told day by day for people."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from monitor.domain.errors import Incomplete, Refused
from monitor.domain.remaining import moment_words
from monitor.domain.rulepack import Closes, Limit, Pause, Rule, Start
from monitor.domain.story import (
    Due,
    day_cells,
    hour_cells,
    submit_cells,
    tell_days,
    tell_hours,
    tell_submit,
)
from monitor.domain.vocabulary import Arithmetic, Urgency
from monitor.domain.workdays import Calendar, local, midnight

_ONE = timedelta(days=1)
_HOUR = 3600
_TOO_LONG = 3660


def end_of(day: date, closes: Closes, calendar: Calendar) -> datetime:
    """The last moment of a last day: 23:59:59, or the end of office hours (民法典 203)."""
    if closes is Closes.CLOSING:
        return calendar.closing(day)
    return midnight(day) + timedelta(hours=23, minutes=59, seconds=59)


def before(
    answer_due: datetime,
    days: int,
    calendar: Calendar,
    *,
    closes: Closes = Closes.CLOSING,
    not_before: datetime | None = None,
) -> datetime:
    """So many working days before the answer is due, at closing time.

    Where that lies before `not_before` (the order came too late), the distance shrinks day by
    day, down to the moment at which the answer itself is due.
    """
    answer_due = local(answer_due)
    day = answer_due.date()
    if not calendar.classify(day).counts and days == 0:
        day = calendar.previous_workday(day)
    for count in range(days, -1, -1):
        at = min(end_of(calendar.add_workdays(day, -count), closes, calendar), answer_due)
        if not_before is None or at > local(not_before):
            return at
    return answer_due


def due_at(
    rule: Rule,
    start: datetime,
    calendar: Calendar,
    *,
    urgency: Urgency | None = None,
    date_only: bool = False,
    pauses: Sequence[Pause] = (),
    extension_days: int = 0,
    not_before: datetime | None = None,
) -> datetime:
    """The due time alone, in Shanghai's time; remembered by limit and day where it can be.

    `start` is the rule's start event; for a rule that starts at `answer_due` it is that moment.
    """
    limit = rule.limit(urgency)
    start = local(start)
    if rule.start is Start.ANSWER_DUE:
        return before(start, limit.amount, calendar, closes=limit.closes, not_before=not_before)
    plain = not (pauses or extension_days)
    key = (limit, start.date())
    if plain and (found := calendar.memo.get(key)) is not None:
        return found
    _check(limit, extension_days)
    if not limit.in_days:
        return _hours(
            limit, _opened(start, calendar, date_only=date_only), calendar, pauses, extension_days
        )
    last = _last_days(limit, start.date(), calendar, _merged(pauses), extension_days)[1]
    at = end_of(last, limit.closes, calendar)
    if plain:
        calendar.memo[key] = at
    return at


def due(
    rule: Rule,
    start: datetime,
    calendar: Calendar,
    *,
    urgency: Urgency | None = None,
    date_only: bool = False,
    pauses: Sequence[Pause] = (),
    extension_days: int = 0,
    not_before: datetime | None = None,
) -> Due:
    """The due time with every day that led to it; the same moment as `due_at`."""
    limit, start = rule.limit(urgency), local(start)
    at = due_at(
        rule, start, calendar, urgency=urgency, date_only=date_only, pauses=pauses,
        extension_days=extension_days, not_before=not_before,
    )  # fmt: skip
    begin, last = start.date(), at.date()
    first_due = last
    if rule.start is Start.ANSWER_DUE:
        trace = submit_cells(last, begin, calendar)
        sentence = tell_submit(limit, at, begin, calendar)
        begin, last = last, begin
    elif limit.in_days:
        first_due, last = _last_days(limit, begin, calendar, _merged(pauses), extension_days)
        trace = day_cells(
            rule,
            limit,
            begin,
            (first_due, last),
            total=limit.amount + extension_days,
            pauses=pauses,
            calendar=calendar,
        )
        sentence = tell_days(
            rule, limit, trace, first_due, extension=extension_days, calendar=calendar
        )
    else:
        start = _opened(start, calendar, date_only=date_only)
        trace = hour_cells(limit, start, at, pauses=pauses, calendar=calendar)
        sentence = tell_hours(
            rule,
            limit,
            start,
            at,
            trace,
            date_only=date_only,
            extension=extension_days,
            calendar=calendar,
        )
    return Due(
        at=at,
        last_day=at.date(),
        provisional=leans_on_provisional(rule, begin, last, calendar, urgency=urgency),
        rule=rule,
        version=rule.version,
        basis=rule.basis,
        trace=trace,
        sentence=sentence,
        limit=limit,
        start=start,
        first_due=first_due,
        calendar=calendar.edition(begin, last),
    )


def in_round(rule: Rule, number: int) -> Rule:
    """The rule as a later round of handling has it: its share of the limit, rounded up."""
    if number == 1:
        return rule

    def part(limit: Limit) -> Limit:
        return replace(limit, amount=-(-limit.amount * rule.again // 100))

    own = {urgency: part(limit) for urgency, limit in rule.by_urgency.items()}
    return replace(rule, normal=part(rule.normal), by_urgency=own)


def leans_on_provisional(
    rule: Rule,
    first: date,
    last: date,
    calendar: Calendar,
    *,
    urgency: Urgency | None = None,
) -> bool:
    """Whether a due time leans on a year that the State Council has not announced yet."""
    if rule.limit(urgency).arithmetic is Arithmetic.WALL_HOURS:
        return False
    return calendar.provisional_between(first, last)


def extension_until(rule: Rule, at: datetime, calendar: Calendar) -> datetime:
    """The last moment at which an extension may be asked for; always before expiry."""
    if rule.extension_notice == 0:
        return at
    return before(at, rule.extension_notice, calendar)


def check_extension(
    rule: Rule, *, used: int, days: int, at: datetime, now: datetime, calendar: Calendar
) -> None:
    """Refuses an extension that the rule does not allow: none, too often, too long, too late."""
    name = f"{rule.short} 第 {rule.version} 版"
    remedy = "可以申请挂账或报分管领导。"
    if used >= rule.max_extensions:
        allowed = f"最多延期 {rule.max_extensions} 次" if rule.max_extensions else "没有延期"
        raise Refused(f"不能延期：{name}{allowed}", remedy=remedy, rule=rule.code)
    if not 0 < days <= rule.extension_limit:
        message = f"延期须在 1 至 {rule.extension_limit} 天之内（{name}）"
        raise Incomplete(message, fields={"days": message}, rule=rule.code)
    until = extension_until(rule, at, calendar)
    if local(now) > until:
        notice = f"前 {rule.extension_notice} 个工作日" if rule.extension_notice else "前"
        raise Refused(
            f"不能延期：延期须在到期{notice}提出，本单 {moment_words(until)} 截止（{name}）",
            remedy=remedy,
            rule=rule.code,
        )


def _check(limit: Limit, extension: int) -> None:
    if extension < 0:
        raise Incomplete("延期天数不能为负", fields={"extend": "应为 0 或正整数"})
    if limit.amount + extension > _TOO_LONG:
        raise Incomplete("时限过长，超出工作日历", fields={"extend": "请核对天数"})


def _opened(start: datetime, calendar: Calendar, *, date_only: bool) -> datetime:
    """Hours clocks: a receipt with a date only counts from opening time."""
    return calendar.opening(start.date()) if date_only else start


def _merged(pauses: Sequence[Pause]) -> tuple[tuple[date, date], ...]:
    """Overlapping and adjoining pauses as one, in order."""
    gaps: list[tuple[date, date]] = []
    for pause in sorted(pauses, key=lambda one: one.first):
        if gaps and pause.first <= gaps[-1][1] + _ONE:
            gaps[-1] = (gaps[-1][0], max(gaps[-1][1], pause.last))
        else:
            gaps.append((pause.first, pause.last))
    return tuple(gaps)


def _last_days(
    limit: Limit, start: date, calendar: Calendar, gaps: tuple[tuple[date, date], ...], extra: int
) -> tuple[date, date]:
    """The last day before and after the extension."""
    if limit.arithmetic is Arithmetic.CALENDAR_DAYS:
        first = _calendar_day(start, limit.amount, gaps)
        last = _calendar_day(first, extra, gaps)
        return _rolled(first, calendar, gaps), _rolled(last, calendar, gaps)
    first = _rolled(_working_day(start, limit.amount, calendar, gaps), calendar, gaps)
    return first, _working_day(first, extra, calendar, gaps)


def _working_day(
    start: date, count: int, calendar: Calendar, gaps: tuple[tuple[date, date], ...]
) -> date:
    """The count-th working day after start on which the clock does not stand."""
    if count == 0:
        return start
    for first, last in gaps:
        low = max(first - _ONE, start)
        if last > low and calendar.workdays_between(start, low) < count:
            count += calendar.workdays_between(low, last)
    return calendar.add_workdays(start, count)


def _calendar_day(start: date, count: int, gaps: tuple[tuple[date, date], ...]) -> date:
    for first, last in gaps:
        low = max(first - _ONE, start)
        if last > low and (low - start).days < count:
            count += (last - low).days
    return start + timedelta(days=count)


def _rolled(day: date, calendar: Calendar, gaps: tuple[tuple[date, date], ...]) -> date:
    """The day, or the next working day on which the clock runs (民法典 203)."""
    day = calendar.add_workdays(day, 0)
    for first, last in gaps:
        if first <= day <= last:
            day = calendar.next_workday(last)
    return day


def _hours(
    limit: Limit, start: datetime, calendar: Calendar, pauses: Sequence[Pause], extra: int
) -> datetime:
    working = limit.arithmetic is Arithmetic.WORKING_HOURS
    seconds, gaps = limit.amount * _HOUR, _merged(pauses)
    for first, last in gaps:
        low, high = max(midnight(first), start), midnight(last + _ONE)
        if high <= low:
            continue
        run = calendar.working_seconds(start, low) if working else _wall(start, low)
        if run < seconds:
            seconds += calendar.working_seconds(low, high) if working else _wall(low, high)
    at = start + timedelta(seconds=seconds)
    if working and seconds:
        at = calendar.add_working_seconds(start, seconds)
    if extra:
        at = datetime.combine(_working_day(at.date(), extra, calendar, gaps), at.timetz())
    return at


def _wall(start: datetime, end: datetime) -> int:
    return round((end - start).total_seconds())
