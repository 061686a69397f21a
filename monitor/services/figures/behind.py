"""The orders behind a number: exactly those that were counted, as far as one may see them."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Select, and_, case, func, or_, select
from sqlmodel import col

from monitor.domain.vocabulary import Promise
from monitor.services.context import Context
from monitor.services.figures import conditions
from monitor.services.figures.address import FigureQuery, parse
from monitor.storage.deadlines import Clock
from monitor.storage.orders import Order, visible_to
from monitor.storage.supervision import hot


def behind(ctx: Context, query: FigureQuery | Mapping[str, str]) -> Select[UUID]:
    """The ids of the orders that a number counts, by its query or the parameters of its address."""
    if not isinstance(query, FigureQuery):
        query = parse(query)
    kind, _, rest = query.figure.partition(".")
    what, _, part = rest.partition(".")
    orders = visible_to(ctx.person).with_only_columns(col(Order.id))
    if kind == "hot":
        return orders.where(col(Order.id).in_(hot.behind(UUID(rest))))
    if kind == "received":
        return orders.where(*conditions.received(ctx, query))
    if kind == "age":
        in_hand = conditions.in_states(ctx, query, "hand")
        orders = orders.where(*in_hand, *conditions.received_on(query))
    if kind == "now" and what not in {"today", "near", "late"}:
        return orders.where(*conditions.in_states(ctx, query, what))
    if query.figure == "age.all":
        return orders
    return orders.where(col(Order.id).in_(_clocks(ctx, query, kind, what, part)))


def count(ctx: Context, query: FigureQuery | Mapping[str, str]) -> int:
    """How many orders that are."""
    found = behind(ctx, query).subquery()
    number: int = ctx.session.execute(select(func.count()).select_from(found)).scalar_one()
    return number


def _clocks(ctx: Context, query: FigureQuery, kind: str, what: str, part: str) -> Select[UUID]:
    if kind == "rate":
        return _of_rate(ctx, query, Promise(what), part)
    found = select(col(Clock.order_id))
    if kind == "week":
        late = col(Clock.late).is_(what == "late")
        return found.where(late, *conditions.answered(ctx, query))
    if kind == "age":
        return found.where(*conditions.ageing(ctx, query, what))
    return found.where(*conditions.running_now(ctx, query, what, part))


def _of_rate(ctx: Context, query: FigureQuery, promise: Promise, part: str) -> Select[UUID]:
    own = [col(Clock.promise) == promise, *conditions.due_between(ctx, query)]
    past_due = and_(conditions.runs(query), col(Clock.due_at) < conditions.cut_off(ctx, query))
    if part == "open":
        return select(col(Clock.order_id)).where(
            *own, conditions.runs(query), col(Clock.due_at) >= conditions.cut_off(ctx, query),
            *conditions.section_and_month(query, col(Clock.section), col(Clock.due_on)),
        )  # fmt: skip
    ended = conditions.has_ended(query)
    late = case((or_(past_due, and_(ended, col(Clock.late).is_(True))), 1), else_=0)
    # One clock decides for an order: the late one, else the last; timeliness.py ranks alike.
    place = func.row_number().over(
        partition_by=col(Clock.order_id),
        order_by=[
            late.desc(),
            col(Clock.due_on).desc(),
            case((ended, 0), else_=1).desc(),
            func.coalesce(col(Clock.section), "").desc(),
            func.coalesce(col(Clock.wall_seconds), 0).desc(),
        ],
    )
    decided = (
        select(
            col(Clock.order_id).label("order_id"),
            col(Clock.section).label("section"),
            col(Clock.due_on).label("due_on"),
            late.label("late"),
            case((ended, 1), else_=0).label("ended"),
            place.label("place"),
        )
        .where(*own, or_(ended, past_due))
        .subquery()
    )
    found = select(decided.c.order_id).where(decided.c.place == 1)
    if part == "ended":
        found = found.where(decided.c.ended == 1)
    elif part != "due":
        found = found.where(decided.c.late == (1 if part == "late" else 0))
    return found.where(*conditions.section_and_month(query, decided.c.section, decided.c.due_on))
