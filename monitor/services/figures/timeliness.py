"""Rates and latencies: one reading of the clocks of a period, grouped as one asks."""

from collections.abc import Callable, Iterable
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import func, literal, select
from sqlmodel import col

from monitor.domain.errors import Incomplete
from monitor.domain.figures import PROMISES, Tally, month_span, next_day
from monitor.domain.vocabulary import Channel, Promise, first_level
from monitor.domain.workdays import local, midnight
from monitor.services import rulebook
from monitor.services.context import Context
from monitor.services.figures import conditions
from monitor.services.figures.address import NO_SECTION, FigureQuery
from monitor.services.figures.tables import ALL, LatencyTable, Measured, RateTable
from monitor.services.figures.titles import book
from monitor.storage import people
from monitor.storage.deadlines import Clock
from monitor.storage.orders import Order, visible_to

GROUPS = ("section", "channel", "month", "topic")
_PROMISE, _ORDER, _DUE_ON, _SECTION, _LATE, _WALL, _WORK, _GROUP = range(8)


def rates(
    ctx: Context, first: date, last: date, by: str | None = None, **only: Any
) -> list[RateTable]:
    """Every rate over the days from first to last; `only` as in FigureQuery (as_of, channel …)."""
    return measure(ctx, FigureQuery(figure="rate", first=first, last=last, **only), by).rates()


def latencies(
    ctx: Context, first: date, last: date, by: str | None = None, **only: Any
) -> list[LatencyTable]:
    """The time used for every promise whose clock was due on these days and has ended."""
    query = FigureQuery(figure="rate", first=first, last=last, **only)
    return measure(ctx, query, by).latencies()


def measure(ctx: Context, query: FigureQuery, by: str | None = None) -> Measured:
    """Count the clocks due in a query's period; three statements, whatever there is to count."""
    if by is not None and by not in GROUPS:
        raise Incomplete("只能按科室、渠道、月份或主题分组。", fields={"by": "请从列表中选择"})
    if query.first is None or query.last is None or query.first > query.last:
        raise Incomplete("统计期的起止日期不对。", fields={"from": "起日不得晚于止日"})
    key_of, kept = _key(by), _kept(query)
    tallies: dict[tuple[Promise, str], Tally] = {}
    for promise, rows in groupby(_clocks(ctx, query, by), key=itemgetter(_PROMISE)):
        groups: dict[Any, list[tuple[Any, ...]]] = {}
        for row in _deciding(list(rows)):
            groups.setdefault(key_of(row), []).append(row)
        for key, members in groups.items():
            tally = _tally([row for row in members if kept(row)] if kept else members)
            if tally.due:
                tallies[Promise(promise), key or NO_SECTION] = tally
    names = _groups(ctx, by, {key for _, key in tallies})
    return Measured(query, book(ctx), by, names, tallies, _not_due(ctx, query))


def _clocks(ctx: Context, query: FigureQuery, by: str | None) -> list[tuple[Any, ...]]:
    """(promise, order, due day, section, late, wall, work, group) of what ended or is past due."""
    group: Any = literal(None)
    if by == "channel":
        group = col(Clock.channel)
    elif by == "topic":
        of_clock = visible_to(ctx.person).where(col(Order.id) == col(Clock.order_id))
        group = of_clock.with_only_columns(col(Order.topic)).scalar_subquery()
    head = col(Clock.promise), col(Clock.order_id), col(Clock.due_on), col(Clock.section)
    used = col(Clock.late), col(Clock.wall_seconds), col(Clock.work_seconds)
    due = [col(Clock.promise).in_(PROMISES), *conditions.due_between(ctx, query)]
    ended = select(*head, *used, group).where(conditions.has_ended(query), *due)
    past_due = select(*head, literal(1), literal(None), literal(None), group).where(
        conditions.runs(query),
        col(Clock.due_at) >= midnight(_first(query)),
        col(Clock.due_at) < conditions.cut_off(ctx, query),
        *due,
    )
    connection = ctx.session.connection()
    rows: list[tuple[Any, ...]] = []
    for statement in (ended, past_due):
        # The driver's own tuples: ids and days are only compared, and there may be many.
        rows += connection.execute(statement).cursor.fetchall()
    rows.sort(key=itemgetter(_PROMISE))
    return rows


def _first(query: FigureQuery) -> date:
    if query.first is None:
        raise Incomplete("缺统计期。", fields={"from": "请写明起止日期"})
    return query.first


def _deciding(rows: list[tuple[Any, ...]]) -> Iterable[tuple[Any, ...]]:
    """One clock for each order: the late one, else the last; behind.py ranks alike."""
    chosen = {row[_ORDER]: row for row in rows}
    if len(chosen) < len(rows):
        for row in rows:
            other = chosen[row[_ORDER]]
            if row is not other and _rank(row) > _rank(other):
                chosen[row[_ORDER]] = row
    return chosen.values()


def _rank(row: tuple[Any, ...]) -> tuple[Any, ...]:
    _, _, due_on, section, late, wall, *_ = row
    return bool(late), due_on, wall is None, section or "", wall or 0


def _tally(rows: list[tuple[Any, ...]]) -> Tally:
    ended = [row for row in rows if row[_WALL] is not None]
    return Tally(
        due=len(rows),
        met=sum(not row[_LATE] for row in rows),
        wall=[row[_WALL] for row in ended],
        work=[row[_WORK] for row in ended],
    )


def _key(by: str | None) -> Callable[[tuple[Any, ...]], Any]:
    if by == "section":
        return itemgetter(_SECTION)
    if by == "channel":
        return itemgetter(_GROUP)
    if by == "month":
        return lambda row: str(row[_DUE_ON])[:7]
    if by == "topic":
        return lambda row: first_level(row[_GROUP] or "")
    return lambda _row: ALL


def _kept(query: FigureQuery) -> Callable[[tuple[Any, ...]], bool] | None:
    if not query.section and not query.month:
        return None
    section = None if query.section == NO_SECTION else query.section
    return lambda row: (
        (not query.section or row[_SECTION] == section)
        and (not query.month or str(row[_DUE_ON]).startswith(query.month))
    )


def _not_due(ctx: Context, query: FigureQuery) -> dict[Promise, int]:
    """Orders whose clock runs and is due in the period, but not yet at the cut-off."""
    now = conditions.cut_off(ctx, query)
    if query.last is None or query.last < local(now).date():
        return {}
    found = ctx.session.execute(
        select(col(Clock.promise), func.count())
        .where(
            col(Clock.promise).in_(PROMISES),
            conditions.runs(query),
            col(Clock.due_at) >= now,
            col(Clock.due_at) < midnight(next_day(query.last)),
            *conditions.due_between(ctx, query),
            *conditions.section_and_month(query, col(Clock.section), col(Clock.due_on)),
        )
        .group_by(col(Clock.promise))
    )
    return {Promise(promise): number for promise, number in found}


def _groups(ctx: Context, by: str | None, keys: set[str]) -> tuple[tuple[str, str], ...]:
    """The groups that hold anything, in the order in which people name them, with labels."""
    if by is None:
        return ((ALL, "全部"),)
    none = {"section": "未分科室", "topic": "未定主题"}.get(by, "")
    if by == "section":
        labels = {code: one.label for code, one in people.sections(ctx.session).items()}
    elif by == "channel":
        labels = {str(channel): channel.label for channel in Channel}
    elif by == "month":
        labels = {month: month_span(month).label for month in sorted(keys)}
    else:
        rules = rulebook.current(ctx)
        labels = {code: rules.topic_label(code) for code in rules.topics}
    labels = {**labels, NO_SECTION: none}
    unknown = {key: key for key in sorted(keys) if key not in labels}
    return tuple((key, label) for key, label in {**labels, **unknown}.items() if key in keys)
