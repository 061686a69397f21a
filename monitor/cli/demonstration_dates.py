"""The demonstration's dates: written as distances, so that no text and no roster ages."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import cycle
from typing import Any

from monitor.cli.demonstration_cases import Case
from monitor.cli.demonstration_times import Days
from monitor.domain.access import Acting
from monitor.domain.supervision import rota
from monitor.domain.workdays import Calendar, local
from monitor.services.context import Context
from monitor.services.office import leaves, roster

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


def rostered(ctx: Context, staff: Mapping[str, Acting], calendar: Calendar, today: date) -> None:
    """The weeks of duty about today as far as they could be planned by now, by turns."""
    plan = _roster(ctx)["duty"]
    turns = {True: cycle(plan["workdays"]), False: cycle(plan["restdays"])}
    planner = replace(ctx, person=staff[plan["by"]])
    for number in plan["weeks"]:
        first = date.fromordinal(rota.monday(today).toordinal() + 7 * number)
        days = rota.week(first)
        wanted = {day: next(turns[calendar.classify(day).counts]) for day in days}
        roster.plan_week(planner, first, wanted, roster.edition(ctx))


def gone(ctx: Context, staff: Mapping[str, Acting], calendar: Calendar, today: date) -> None:
    """Who is away about today, and who stands in."""
    for body in _roster(ctx)["leave"]:
        first, last = (calendar.add_workdays(today, body[name]) for name in ("from", "to"))
        head = replace(ctx, person=staff[body["by"]])
        leaves.enter(head, body["person"], body["kind"], first, last, body["deputy"])


def _roster(ctx: Context) -> dict[str, Any]:
    return tomllib.loads((ctx.settings.data_dir / "demo" / "roster.toml").read_text("utf-8"))
