"""What came and went: answers a week, channels of what was received, the longest overdue."""

from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlmodel import col
from sqlmodel import select as select_rows

from monitor.domain import figures
from monitor.domain.figures import Span
from monitor.domain.vocabulary import Channel
from monitor.domain.workdays import local, midnight
from monitor.services.context import Context
from monitor.services.figures import conditions
from monitor.services.figures.address import FigureQuery
from monitor.services.figures.standing import Count
from monitor.services.figures.titles import book
from monitor.storage.deadlines import Clock
from monitor.storage.orders import Order, visible_to


@dataclass(frozen=True, slots=True)
class WeekRow:
    """Answers of one week: on time, and late."""

    span: Span
    met: Count
    late: Count


def weeks(ctx: Context, query: FigureQuery) -> list[WeekRow]:
    """Orders answered on time and late in each of the last weeks, oldest first."""
    spans = figures.weeks_until(local(conditions.cut_off(ctx, query)).date(), book(ctx).weeks)
    whole = query.of("week", first=spans[0].first, last=spans[-1].last, month=None)
    week = case(
        *(
            (col(Clock.ended_at) < midnight(figures.next_day(span.last)), place)
            for place, span in enumerate(spans)
            if span.last is not None
        )
    )
    found = ctx.session.execute(
        select(week, col(Clock.late), func.count(col(Clock.order_id).distinct()))
        .where(*conditions.answered(ctx, whole))
        .group_by(week, col(Clock.late))
    )
    numbers = {(place, bool(late)): number for place, late, number in found}
    return [
        WeekRow(
            span,
            Count("met", "按时", numbers.get((place, False), 0), asked.of("week.met")),
            Count("late", "超期", numbers.get((place, True), 0), asked.of("week.late")),
        )
        for place, span in enumerate(spans)
        for asked in [whole.of("week", first=span.first, last=span.last)]
    ]


def channels(ctx: Context, query: FigureQuery) -> list[Count]:
    """Orders received in the period by channel, the most first."""
    asked = query.of("received", month=None)
    channel = col(Order.channel)
    found = ctx.session.execute(
        visible_to(ctx.person)
        .with_only_columns(channel, func.count())
        .where(*conditions.received(ctx, asked))
        .group_by(channel)
    )
    numbers = dict(found.all())
    rows = [
        Count(str(one), one.label, numbers[one], asked.of("received", channel=str(one)))
        for one in Channel
        if numbers.get(one)
    ]
    return sorted(rows, key=lambda row: -row.number)


def overdue(ctx: Context, query: FigureQuery) -> list[tuple[Order, Clock]]:
    """The orders whose answer is the longest past due, with that clock."""
    asked = query.of("now.late.answer", first=None, last=None, month=None, historical=False)
    clocks = ctx.session.exec(
        select_rows(Clock)
        .where(*conditions.running_now(ctx, asked, "late"))
        .order_by(col(Clock.due_at), col(Clock.order_id), col(Clock.id))
        .limit(book(ctx).listed)
    ).all()
    ids = [clock.order_id for clock in clocks]
    orders = {
        order.id: order
        for order in ctx.session.exec(visible_to(ctx.person).where(col(Order.id).in_(ids)))
    }
    return [(orders[clock.order_id], clock) for clock in clocks if clock.order_id in orders]
