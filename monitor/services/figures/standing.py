"""How things stand: due today, overdue, near, waiting, in hand and how old, by section."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlmodel import col

from monitor.domain import figures
from monitor.domain.vocabulary import Promise, State
from monitor.domain.workdays import local
from monitor.services import rulebook
from monitor.services.context import Context
from monitor.services.figures import conditions
from monitor.services.figures.address import NO_SECTION, FigureQuery
from monitor.services.figures.titles import book
from monitor.storage.deadlines import Clock
from monitor.storage.orders import Order, visible_to

_BESIDE = (
    Promise.TRIAGE,
    Promise.SIGN,
    Promise.CONTACT,
    Promise.SUBMIT,
    Promise.PUBLISH,
    Promise.CALLBACK,
)
_BESIDE_ANSWER = (Promise.CONTACT, Promise.SUBMIT, Promise.PUBLISH, Promise.CALLBACK)


@dataclass(frozen=True, slots=True)
class Count:
    """A number with its words and its address."""

    code: str
    label: str
    number: int
    query: FigureQuery


@dataclass(frozen=True, slots=True)
class Tile:
    """A large number and the smaller ones beside it."""

    count: Count
    parts: tuple[Count, ...] = ()


@dataclass(frozen=True, slots=True)
class AgeRow:
    """Orders in hand of one age: all of them, those past due, those due later today."""

    label: str
    all: Count
    late: Count
    today: Count


@dataclass(frozen=True)
class Standing:
    """What the orders' states say now; empty when one looks back."""

    tiles: tuple[Tile, ...]
    in_hand: Mapping[str, Count]
    late: Mapping[str, Count]
    ages: tuple[AgeRow, ...] = ()


def standing(ctx: Context, query: FigureQuery | None = None) -> Standing:
    """The numbers of the queue, with the filters on channel, section and topic of a query.

    Looking back (`as_of`) only those that rest on clocks are known, for no state has a past here.
    """
    asked = query or FigureQuery(figure="now")
    query = asked.of("now", first=None, last=None, month=None, historical=False)
    by_section = _late_by_section(ctx, query)
    clocks, late = _clock_tiles(ctx, query, sum(count.number for count in by_section.values()))
    if query.as_of is not None:
        return Standing(clocks, {}, by_section)
    states = _states(ctx, query)
    in_hand: dict[str, int] = {}
    for (state, section), number in states.items():
        if state in conditions.IN_HAND and section is not None:
            in_hand[section] = in_hand.get(section, 0) + number
    waiting = _waiting(query, states, late, sum(in_hand.values()), triage=ctx.person.sees_all)
    return Standing(
        (*clocks, *waiting),
        {
            section: Count("hand", "在办", number, query.of("now.hand", section=section))
            for section, number in in_hand.items()
        },
        by_section,
        _ages(ctx, query),
    )


def tiles(ctx: Context, query: FigureQuery | None = None) -> tuple[Tile, ...]:
    """Due today, overdue, near, awaiting triage and signature, in hand."""
    return standing(ctx, query).tiles


def _clock_tiles(
    ctx: Context, query: FigureQuery, answers: int
) -> tuple[tuple[Tile, ...], Mapping[Promise, Count]]:
    today = local(conditions.cut_off(ctx, query)).date()
    calendar = rulebook.current(ctx).calendar
    day = query.of("now.today", first=today, last=today)
    near = query.of(
        "now.near",
        first=figures.next_day(today),
        last=calendar.add_workdays(today, book(ctx).near_workdays),
    )
    # Looking back reads every clock that ever ended: then the answer's alone is told.
    watched = _BESIDE if query.as_of is None else ()
    asked = [
        _orders(conditions.running_now(ctx, day, "today")),
        _orders(conditions.running_now(ctx, day, "today", Promise.ANSWER)),
        _orders(conditions.running_now(ctx, near, "near")),
        _orders(conditions.running_now(ctx, near, "near", Promise.ANSWER)),
        *(_clocks(conditions.running_now(ctx, query, "late", promise)) for promise in watched),
    ]
    found = ctx.session.execute(select(*(one.scalar_subquery() for one in asked))).one()
    numbers = {
        promise: Count(
            f"late.{promise}", f"{promise.label}超期", number, query.of(f"now.late.{promise}")
        )
        for promise, number in zip(watched, found[4:], strict=True)
    }
    beside = tuple(
        numbers[promise]
        for promise in _BESIDE_ANSWER
        if promise in numbers and numbers[promise].number
    )
    tiles = (
        Tile(Count("today", "今日到期", found[0], day), _shares(day, found[0], found[1])),
        Tile(Count("late", "已超期", answers, query.of("now.late.answer")), beside),
        Tile(Count("near", "将到期", found[2], near), _shares(near, found[2], found[3])),
    )
    return tiles, numbers


def _orders(where: list[ColumnElement[bool]]) -> Select[int]:
    return select(func.count(col(Clock.order_id).distinct())).where(*where)


def _clocks(where: list[ColumnElement[bool]]) -> Select[int]:
    # An order has at most one running clock of a promise, so that clocks are orders here.
    return select(func.count()).select_from(Clock).where(*where)


def _shares(query: FigureQuery, orders: int, answers: int) -> tuple[Count, ...]:
    shares = (
        Count("submit", "内部提交", orders - answers, query.of(f"{query.figure}.submit")),
        Count("answer", "答复", answers, query.of(f"{query.figure}.answer")),
    )
    return tuple(share for share in shares if share.number)


def _late_by_section(ctx: Context, query: FigureQuery) -> Mapping[str, Count]:
    found = ctx.session.execute(
        select(col(Clock.section), func.count())
        .where(*conditions.running_now(ctx, query, "late"))
        .group_by(col(Clock.section))
    )
    return {
        key: Count("late", "超期", number, query.of("now.late.answer", section=key))
        for section, number in found
        for key in [section or NO_SECTION]
    }


def _states(ctx: Context, query: FigureQuery) -> dict[tuple[State, str | None], int]:
    state, section = col(Order.state), col(Order.section)
    shown = (State.TRIAGE, State.DEFERRED, *conditions.IN_HAND)
    found = ctx.session.execute(
        visible_to(ctx.person)
        .with_only_columns(state, section, func.count())
        .where(state.in_(shown), *conditions.order_scope(ctx, query))
        .group_by(state, section)
    )
    return {(State(state), section): number for state, section, number in found}


def _waiting(
    query: FigureQuery,
    states: Mapping[tuple[State, str | None], int],
    late: Mapping[Promise, Count],
    in_hand: int,
    *,
    triage: bool,
) -> list[Tile]:
    def of(*wanted: State, direct: bool = False) -> int:
        return sum(
            number
            for (state, section), number in states.items()
            if state in wanted and not (direct and section is not None)
        )

    def some(*counts: Count) -> tuple[Count, ...]:
        return tuple(count for count in counts if count.number)

    tiles = [
        Tile(
            Count("sign", "待签收", of(State.AWAITING_SIGN), query.of("now.sign")),
            some(late[Promise.SIGN]),
        ),
        Tile(
            Count("hand", "在办", in_hand, query.of("now.hand")),
            some(
                Count("deferred", "另挂账", of(State.DEFERRED), query.of("now.deferred")),
                Count(
                    "direct",
                    "另直接答复待审",
                    of(*conditions.IN_HAND, direct=True),
                    query.of("now.direct"),
                ),
            ),
        ),
    ]
    if triage:
        number = of(State.TRIAGE)
        tile = Tile(
            Count("triage", "待研判", number, query.of("now.triage")), some(late[Promise.TRIAGE])
        )
        tiles.insert(0, tile)
    return tiles


def _ages(ctx: Context, query: FigureQuery) -> tuple[AgeRow, ...]:
    """Orders in hand by working days since receipt."""
    now = conditions.cut_off(ctx, query)
    day = col(Order.received_on)
    in_hand = visible_to(ctx.person).where(*conditions.in_states(ctx, query, "hand"))
    everything = ctx.session.execute(
        in_hand.with_only_columns(day, func.count()).group_by(day)
    ).all()
    is_late = case((col(Clock.due_at) < now, 1), else_=0)
    pressing = ctx.session.execute(
        in_hand.join(Clock, col(Clock.order_id) == col(Order.id))
        .with_only_columns(day, is_late, func.count(col(Order.id).distinct()))
        .where(*conditions.due_soon(ctx, query))
        .group_by(day, is_late)
    ).all()
    calendar = rulebook.current(ctx).calendar
    rows = []
    for span in figures.ages(local(now).date(), calendar, book(ctx).age_days):
        asked = query.of("age.all", first=span.first, last=span.last)
        counts = [
            sum(number for on, number in everything if span.holds(on)),
            sum(number for on, late, number in pressing if late and span.holds(on)),
            sum(number for on, late, number in pressing if not late and span.holds(on)),
        ]
        rows.append(
            AgeRow(
                span.label,
                Count("all", span.label, counts[0], asked),
                Count("late", "超期", counts[1], asked.of("age.late")),
                Count("today", "今日到期", counts[2], asked.of("age.today")),
            )
        )
    return tuple(rows)
