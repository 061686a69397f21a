"""Timeliness as the public reads it: on-time answers a month, with how they are counted."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from monitor.domain.access import Acting
from monitor.domain.figures import (
    Rate,
    Tally,
    day_seconds,
    duration_words,
    month_span,
    nearest_ranks,
    share,
)
from monitor.domain.vocabulary import Channel, Promise, Role
from monitor.domain.workdays import local
from monitor.services import figures, rulebook
from monitor.services.context import Context
from monitor.services.figures import FigureQuery

LETTERS = (Channel.MAILBOX, Channel.WEB)
_MONTHS = 12
_EVERY = timedelta(minutes=10)
# Numbers over every section; no order and no name can be reached through them.
_COUNTER = Acting("公开统计", frozenset({Role.LEADER}))


@dataclass(frozen=True, slots=True)
class Month:
    """One month: answers in time, answers due, the rate where there are enough of them."""

    key: str
    label: str
    met: int
    due: int
    rate: float | None
    median: str
    complete: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """Letters and all channels by month, newest first, as counted at a moment."""

    letters: tuple[Month, ...]
    everything: tuple[Month, ...]
    definition: Rate
    version: int
    counted_at: datetime


_known: dict[str, tuple[datetime, Figures]] = {}


def public_figures(ctx: Context) -> Figures:
    """The figures, counted anew every ten minutes: a stranger cannot make the desk count."""
    key = str(ctx.session.get_bind().engine.url)
    found = _known.get(key)
    if found is None or not found[0] <= ctx.now < found[0] + _EVERY:
        if len(_known) > 20:
            _known.clear()
        found = _known[key] = (ctx.now, _count(replace(ctx, person=_COUNTER)))
    return found[1]


def _count(ctx: Context) -> Figures:
    today = local(ctx.now).date()
    query = FigureQuery(figure="rate", first=_month(today, _MONTHS), last=today)
    everything = figures.measure(ctx, query, "month")
    letters = [
        figures.measure(ctx, replace(query, channel=str(channel)), "month") for channel in LETTERS
    ]
    rate = next(rate for rate in everything.book.rates if rate.promise is Promise.ANSWER)
    keys = [f"{_month(today, back):%Y-%m}" for back in range(_MONTHS + 1)]
    joined: dict[str, Tally] = {}
    for key in keys:
        joined[key] = Tally()
        for measured in letters:
            joined[key].join(measured.tally(Promise.ANSWER, key))
    whole = {key: everything.tally(Promise.ANSWER, key) for key in keys}
    return Figures(
        _rows(ctx, rate, joined, keys[0]),
        _rows(ctx, rate, whole, keys[0]),
        rate,
        everything.book.version,
        ctx.now,
    )


def _rows(ctx: Context, rate: Rate, tallies: dict[str, Tally], running: str) -> tuple[Month, ...]:
    day = day_seconds(rulebook.current(ctx).calendar)
    return tuple(
        Month(
            key=key,
            label=month_span(key).label.removeprefix(f"{local(ctx.now).year}年"),
            met=tally.met,
            due=tally.due,
            rate=share(tally.met, tally.due) if tally.due >= rate.smallest else None,
            median=duration_words(nearest_ranks(tally.work, [0.5])[0], day),
            complete=key != running,
        )
        for key, tally in tallies.items()
        if tally.due
    )


def _month(day: date, back: int) -> date:
    """The first day of the month that lies so many months back."""
    year, month = divmod(day.year * 12 + day.month - 1 - back, 12)
    return date(year, month + 1, 1)
