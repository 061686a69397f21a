"""Duty and leave: which days may still be planned, how a week is copied, which words are stored."""

from collections.abc import Iterable, Mapping
from datetime import date

from monitor.domain.vocabulary import Word

Plan = Mapping[date, frozenset[str]]
_WEEK = 7


class Away(Word):
    """How somebody is away; why is nobody's business."""

    LEAVE = "leave", "请假"
    OUT = "out", "外出"


def monday(day: date) -> date:
    """The first day of the week of a day."""
    return date.fromordinal(day.toordinal() - day.weekday())


def week(first: date) -> list[date]:
    """The seven days from a day on."""
    return [date.fromordinal(first.toordinal() + number) for number in range(_WEEK)]


def week_before(day: date) -> date:
    """The same weekday of the week before; the first day of all has none."""
    return date.fromordinal(max(day.toordinal() - _WEEK, 1))


def fault_of_day(day: date, today: date) -> str:
    """Why the duty of a day cannot be changed; empty when it can."""
    if day < today:
        return f"{day.month}月{day.day}日已经过去，值班记录不能再改"
    # Whoever types a wrong year is told so.
    if day.year > today.year + 1:
        return "只能排到明年年底"
    return ""


def copied(plan: Plan, first: date, today: date) -> dict[date, frozenset[str]]:
    """The week from `first` on after the one before: only days to come on which nobody is yet."""
    return {
        day: plan[week_before(day)]
        for day in week(first)
        if not fault_of_day(day, today) and not plan.get(day) and plan.get(week_before(day))
    }


def fault_of_span(
    first: date | None, last: date | None, today: date, taken: Iterable[tuple[date, date]]
) -> dict[str, str]:
    """What is wrong with a time away, by field; `taken` are those that he has already."""
    if first is None or last is None:
        faults = {}
        if first is None:
            faults["first_day"] = "请填写从哪天起"
        if last is None:
            faults["last_day"] = "请填写到哪天（含）"
        return faults
    if last < first:
        return {"last_day": "结束日期不能早于开始日期"}
    if last < today:
        return {"last_day": "结束日期已经过去"}
    if last.year > today.year + 1:
        return {"last_day": "只能登记到明年年底"}
    for begins, ends in taken:
        if begins <= last and first <= ends:
            words = f"{begins.month}月{begins.day}日至{ends.month}月{ends.day}日"
            return {"first_day": f"{words}已经登记过，请先撤回或换日期"}
    return {}
