"""The demonstration's dates: written as distances, so that no text ages."""

import re
from dataclasses import replace
from datetime import date

from monitor.cli.demonstration_cases import Case
from monitor.cli.demonstration_times import Days
from monitor.domain.workdays import Calendar, local

_PLACE = re.compile(r"\{(date|month):([+-]\d+)\}")
_YEARS = {0: "今年", -1: "去年", -2: "前年", 1: "明年"}


def dated(case: Case, days: Days) -> Case:
    """The matter with its dates filled in: the letter's from its receipt, the answer's from when
    it was given; one that is still being written speaks from today.
    """
    came = local(case.received).date()
    spoken = local(days.moment(case.answered)).date() if case.answered else days.now.date()
    spoken = max(came, spoken)
    return replace(
        case,
        text=fill(case.text, came, came, days.calendar),
        contact_note=fill(case.contact_note, came, came, days.calendar),
        answer=fill(case.answer, spoken, came, days.calendar),
        note=fill(case.note, spoken, came, days.calendar),
    )


def fill(text: str, spoken: date, came: date, calendar: Calendar) -> str:
    """`{date:+5}`: five working days after it is said; `{month:-5}`: five months before it came."""

    def words(found: re.Match[str]) -> str:
        count = int(found[2])
        if found[1] == "date":
            day = calendar.add_workdays(spoken, count)
            return f"{day.month}月{day.day}日"
        months = came.year * 12 + came.month - 1 + count
        return f"{_YEARS[months // 12 - came.year]}{months % 12 + 1}月"

    return _PLACE.sub(words, text)
