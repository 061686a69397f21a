"""The tabs of the triage desk: which orders stand on each, in which order, how many."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, union
from sqlmodel import col

from monitor.domain.errors import NotFound
from monitor.domain.vocabulary import Ask, Promise, State
from monitor.domain.workdays import local, midnight
from monitor.services.context import Context
from monitor.storage import deadlines, orders
from monitor.storage.casework import Request
from monitor.storage.deadlines import Clock
from monitor.storage.drafts import Draft
from monitor.storage.orders import Order
from monitor.web.orders.forms import SURE
from monitor.web.queues.rows import MOST

PAGE = 30
_ANSWER_DRAFT = "answer:"
# In a form that no index serves: the few that are named otherwise are looked up, not all of these.
_IN_TRIAGE = func.coalesce(Order.state, "") == State.TRIAGE


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a queue: channel, suggested or chosen section, urgency, only unsure ones."""

    channel: str = ""
    section: str = ""
    urgency: str = ""
    human: bool = False

    def conditions(self) -> list[Any]:
        """The filters as conditions on orders."""
        found: list[Any] = []
        if self.channel:
            found.append(col(Order.channel) == self.channel)
        if self.section:
            chosen = func.coalesce(Order.section, Order.suggested_section)
            found.append(chosen == self.section)
        if self.urgency:
            chosen = func.coalesce(Order.urgency, Order.suggested_urgency, "normal")
            found.append(chosen == self.urgency)
        if self.human:
            found.append(func.coalesce(Order.confidence, 0.0) < SURE)
        return found

    def given(self) -> dict[str, str]:
        """The filters as they stand in an address."""
        return {
            "channel": self.channel,
            "section": self.section,
            "urgency": self.urgency,
            "human": "yes" if self.human else "",
        }


@dataclass(frozen=True, slots=True)
class Shelf:
    """One tab: its list, the clock shown in its rows, and why it may be empty.

    `only_if_any`: not shown while empty. `beside_only`: shown only when it is open.
    """

    code: str
    label: str
    promise: Promise
    query: Callable[[Context, Filters], Any]
    empty: str
    sorted_by: str
    newest: bool = False
    with_state: bool = False
    only_if_any: bool = False
    beside_only: bool = False


def _triage(ctx: Context, filters: Filters) -> Any:
    # The channel stands in the index itself; anything else asks for the order's row.
    others = [*Filters(section=filters.section, urgency=filters.urgency, human=filters.human)
              .conditions()]  # fmt: skip
    return deadlines.by_due(ctx.person, Promise.TRIAGE, others, channel=filters.channel)


def _returned(ctx: Context, filters: Filters) -> Any:
    return deadlines.by_state(
        ctx.person, [State.RETURN_PENDING], filters.conditions(), Promise.ANSWER
    )


def _direct(ctx: Context, filters: Filters) -> Any:
    written = select(func.substr(Draft.form, len(_ANSWER_DRAFT) + 1)).where(
        col(Draft.form).startswith(_ANSWER_DRAFT)
    )
    # By id, as the list is grouped: by number it would walk every order in turn.
    begun = orders.visible_to(ctx.person).with_only_columns(col(Order.id))
    begun = begun.where(col(Order.number).in_(written))
    # Triaged without any section and in triage again: a direct answer that its writer must mend.
    handed_back = select(col(Clock.order_id)).where(
        col(Clock.promise) == Promise.TRIAGE,
        col(Clock.ended_at).is_not(None),
        col(Clock.section).is_(None),
    )
    mine = [col(Order.id).in_(union(begun, handed_back)), _IN_TRIAGE, *filters.conditions()]
    return deadlines.by_state(ctx.person, (), mine, Promise.TRIAGE)


def _declines(ctx: Context, filters: Filters) -> Any:
    asked = select(col(Request.order_id)).where(
        col(Request.kind) == Ask.DECLINE, col(Request.decided_at).is_(None)
    )
    mine = [col(Order.id).in_(asked), _IN_TRIAGE, *filters.conditions()]
    return deadlines.by_state(ctx.person, (), mine, Promise.TRIAGE)


def _today(ctx: Context, filters: Filters) -> Any:
    since = midnight(local(ctx.now).date())
    query = deadlines.triaged_since(ctx.person, since)
    if conditions := filters.conditions():
        rows = query.subquery()
        own = orders.visible_to(ctx.person).with_only_columns(col(Order.id)).where(*conditions)
        query = select(rows.c.order_id, rows.c.at).where(rows.c.order_id.in_(own))
    return query


def _callback(ctx: Context, filters: Filters) -> Any:
    return deadlines.by_due(ctx.person, Promise.CALLBACK, filters.conditions())


def _history(ctx: Context, filters: Filters) -> Any:
    # Every state named, so that an index which begins with the state can be entered.
    any_state = col(Order.state).in_(list(State)) if filters == Filters() else None
    named = [] if any_state is None else [any_state]
    return deadlines.historical(ctx.person, [*filters.conditions(), *named])


SHELVES: Mapping[str, Shelf] = {
    shelf.code: shelf
    for shelf in (
        Shelf("triage", "待研判", Promise.TRIAGE, _triage,
              "没有待研判的工单", "按分办剩余时间排序"),
        Shelf("returned", "退单待审", Promise.ANSWER, _returned,
              "没有等待裁定的退单", "按答复剩余时间排序", with_state=True),
        Shelf("direct", "待直接答复", Promise.TRIAGE, _direct,
              "没有正在起草的直接答复", "按分办剩余时间排序"),
        Shelf("declines", "不予受理待决", Promise.TRIAGE, _declines,
              "没有等待决定的不予受理", "按分办剩余时间排序", only_if_any=True),
        Shelf("today", "今日已分办", Promise.SIGN, _today,
              "今天还没有分办工单", "最近分办的在前", newest=True, with_state=True),
        Shelf("callback", "待回访", Promise.CALLBACK, _callback,
              "没有待回访的工单", "按回访剩余时间排序", with_state=True, beside_only=True),
        Shelf("history", "历史件", Promise.ANSWER, _history,
              "没有历史件", "最近收到的在前", newest=True, with_state=True),
    )
}  # fmt: skip


def count(ctx: Context, shelf: Shelf) -> int:
    """How many stand on a tab, never counted beyond a thousand; asked once a page."""
    known: dict[str, int] = ctx.session.info.setdefault("shelves", {})
    if shelf.code not in known:
        known[shelf.code] = deadlines.capped(ctx.session, shelf.query(ctx, Filters()), MOST)
    return known[shelf.code]


def filtered_count(ctx: Context, shelf: Shelf, filters: Filters) -> int:
    """How many are left of a tab by its filters."""
    return deadlines.capped(ctx.session, shelf.query(ctx, filters), MOST)


def listed(ctx: Context, shelf: Shelf, filters: Filters, after: str) -> tuple[list[Order], bool]:
    """One page of a tab, and whether there is more."""
    query = shelf.query(ctx, filters)
    promise = "" if shelf.newest else shelf.promise
    return paged(ctx, query, after, newest=shelf.newest, promise=promise)


def paged(
    ctx: Context, query: Any, after: str, *, newest: bool = False, promise: str = ""
) -> tuple[list[Order], bool]:
    """One page of a list and whether there is more; `after` is the last order of the page before.

    An order that is gone for good begins the list anew.
    """
    place = None
    if after and (last := _order(ctx, after)) is not None:
        place = deadlines.place_of(ctx.session, query, last, promise)
    ids = deadlines.page(ctx.session, query, limit=PAGE + 1, after=place, newest=newest)
    return in_turn(ctx, ids[:PAGE]), len(ids) > PAGE


def begun(ctx: Context, after: str, n: int) -> dict[str, Any]:
    """Where a page begins, as its address says; anew when the order named there is none."""
    known = bool(after) and _order(ctx, after) is not None
    return {"after": after, "n": n} if known else {"after": "", "n": 0}


def in_turn(ctx: Context, ids: Sequence[Any]) -> list[Order]:
    """The orders with these ids, as far as the person may see them, in this order."""
    known = orders.by_ids(ctx.session, ids)
    found = [known[order_id] for order_id in ids if order_id in known]
    return [order for order in found if orders.visible(ctx.person, order)]


def _order(ctx: Context, number: str) -> Order | None:
    try:
        return orders.get(ctx.session, ctx.person, number)
    except NotFound:
        return None


def alarms(ctx: Context) -> tuple[int, int]:
    """How many are past their triage time, and how many will be within the hour."""
    waiting = deadlines.by_due(ctx.person, Promise.TRIAGE).subquery()
    soon = ctx.now + timedelta(hours=1)
    late = select(waiting.c.order_id).where(waiting.c.at < ctx.now)
    near = select(waiting.c.order_id).where(waiting.c.at >= ctx.now, waiting.c.at < soon)
    return deadlines.capped(ctx.session, late, MOST), deadlines.capped(ctx.session, near, MOST)


def unsure(ctx: Context) -> int:
    """How many of the first thousand in triage need a person to choose the section."""
    first = deadlines.by_due(ctx.person, Promise.TRIAGE).order_by("at").limit(MOST).subquery()
    own = (
        orders.visible_to(ctx.person)
        .with_only_columns(col(Order.id))
        .join(first, first.c.order_id == col(Order.id))
        .where(*Filters(human=True).conditions())
    )
    return deadlines.capped(ctx.session, own, MOST)


def arrived_since(ctx: Context, milliseconds: int) -> int:
    """How many have come into triage since a page was drawn.

    An id of a clock begins with the moment it was made, so that only the newest are read.
    """
    fresh = select(col(Clock.order_id)).where(
        col(Clock.id) >= UUID(int=(milliseconds + 1) << 80),
        # Not by its kind, or every clock that runs would be read.
        func.coalesce(Clock.promise, "") == Promise.TRIAGE,
        deadlines.runs(),
        col(Clock.historical).is_(False),
    )
    return deadlines.capped(ctx.session, fresh, MOST)
