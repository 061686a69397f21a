"""Whom an order can be given to: each of the section with his load, the least loaded first."""

from collections.abc import Sequence
from datetime import datetime

from monitor.domain.figures import next_day
from monitor.domain.workdays import local, midnight
from monitor.services.context import Context
from monitor.storage.handling import load
from monitor.storage.people import Person


def today(ctx: Context) -> tuple[datetime, datetime]:
    """The day in Shanghai, from its first moment to the next day's."""
    day = local(ctx.now).date()
    return midnight(day), midnight(next_day(day))


def options(ctx: Context, section: str, staff: Sequence[Person]) -> list[tuple[str, str]]:
    """Login name and words of each person: 李（在办 3，今日到期 1，超期 0）."""
    if not staff:
        return []
    found = load.of_section(ctx.session, ctx.person, section, ctx.now, today(ctx))
    has = {one.id: found.get(one.id, load.Load()) for one in staff}
    return [
        (one.username, f"{one.name}（{_words(has[one.id])}）")
        for one in sorted(staff, key=lambda one: (has[one.id].rank, one.username))
    ]


def _words(has: load.Load) -> str:
    return f"在办 {has.in_hand}，今日到期 {has.due_today}，超期 {has.late}"
