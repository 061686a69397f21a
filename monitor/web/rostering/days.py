"""The days of the roster: what the calendar says of each, who is on duty, who is away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from monitor.domain.supervision import rota
from monitor.domain.workdays import Calendar
from monitor.services.office.leaves import Leave
from monitor.storage.people import Person

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Day:
    """One day as it is drawn; `mark` where it is not what its weekday says."""

    day: date
    counts: bool
    mark: str
    why: str
    today: bool
    over: bool
    duty: Sequence[Person]
    away: Sequence[Leave]
    outside: bool = False


def drawn(
    days: Sequence[date], today: date, calendar: Calendar,
    duty: Mapping[date, Sequence[Person]], leaves: Sequence[Leave], *, month: int = 0,
) -> list[Day]:  # fmt: skip
    """These days; those outside of `month` are marked so."""
    found = []
    for day in days:
        told = calendar.classify(day)
        odd = told.counts == (day.weekday() >= _SATURDAY)
        found.append(
            Day(
                day=day, counts=told.counts, mark=("班" if told.counts else "休") if odd else "",
                why=told.why, today=day == today, over=bool(rota.fault_of_day(day, today)),
                duty=duty.get(day, ()),
                away=[one for one in leaves if one.first_day <= day <= one.last_day],
                outside=bool(month) and day.month != month,
            )
        )  # fmt: skip
    return found


def month_days(day: date) -> list[date]:
    """The whole weeks that hold the month of a day."""
    first = day.replace(day=1)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    last = rota.week(rota.monday(date.fromordinal(after.toordinal() - 1)))[-1]
    begin = rota.monday(first).toordinal()
    return [date.fromordinal(number) for number in range(begin, last.toordinal() + 1)]


def next_month(day: date, step: int) -> date:
    """The first day of the month after or before that of a day."""
    months = day.year * 12 + day.month - 1 + step
    return date(months // 12, months % 12 + 1, 1)
