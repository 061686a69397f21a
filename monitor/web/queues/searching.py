"""Search over all own orders: what the address asks for, as one query; its pages, its words."""

from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from monitor.domain.errors import Incomplete
from monitor.domain.vocabulary import CLOSED, Channel, State, Urgency
from monitor.domain.workdays import FIRST_YEAR, LAST_YEAR
from monitor.services import figures, rulebook
from monitor.services.context import Context
from monitor.storage import deadlines, orders, people, search
from monitor.storage.orders import Order
from monitor.storage.search import SearchEntry
from monitor.web.queues import ranking, shelves
from monitor.web.queues.rows import MOST
from monitor.web.queues.wanted import Asked

_IN_WORK = "open"
_NONE = "-"
STATES = [(_IN_WORK, "在办（未答复）"), *((state.value, state.label) for state in State)]


def query(ctx: Context, asked: Asked) -> Any:
    """The orders asked for, as ids with the place `at` that they are sorted by."""
    found: Any = orders.visible_to(ctx.person)
    if asked.words:
        hits = search.matches(ctx.session, asked.words)
        found = found.with_only_columns(col(Order.id).label("order_id"), hits.c.entry.label("at"))
        found = found.join(hits, hits.c.order_id == col(Order.id))
    else:
        # Ids begin with the moment of registration: the newest first needs no sorting.
        found = found.with_only_columns(col(Order.id).label("order_id"), col(Order.id).label("at"))
    return found.where(*conditions(ctx, asked))


def conditions(ctx: Context, asked: Asked) -> list[Any]:
    """The filters of the address as conditions on orders."""
    found: list[Any] = []
    if asked.state == _IN_WORK:
        found.append(col(Order.state).in_([state for state in State if not state.closed]))
    elif asked.state in CLOSED:
        # Most orders end here: the newest are walked instead of all of one state sorted.
        found.append(func.coalesce(Order.state, "") == asked.state)
    elif asked.state in set(State):
        found.append(col(Order.state) == asked.state)
    if asked.urgency in set(Urgency):
        chosen = func.coalesce(Order.urgency, Order.suggested_urgency, "normal")
        found.append(chosen == asked.urgency)
    if asked.late:
        found.append(col(Order.id).in_(figures.behind(ctx, {"figure": "now.late"})))
    if asked.figure:
        found.append(col(Order.id).in_(figures.behind(ctx, asked.figure_params())))
        return found
    if asked.channel in set(Channel):
        found.append(col(Order.channel) == asked.channel)
    if asked.section:
        none = col(Order.section).is_(None)
        found.append(none if asked.section == _NONE else col(Order.section) == asked.section)
    if asked.topic:
        topic = func.coalesce(Order.topic, Order.suggested_topic, "")
        below = topic.startswith(f"{asked.topic}.", autoescape=True)
        found.append((topic == asked.topic) | below)
    first, last = day(asked.first, "from"), day(asked.last, "to")
    if first:
        found.append(col(Order.received_on) >= first)
    if last:
        found.append(col(Order.received_on) <= last)
    return found


def day(text: str, name: str) -> date | None:
    """A day of the address; Incomplete where it is none."""
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
        if FIRST_YEAR <= found.year <= LAST_YEAR:
            return found
    except ValueError:
        found = None
    raise Incomplete("日期应写作 2026-10-09。", fields={name: "应为年-月-日"})


def listed(ctx: Context, asked: Asked, *, limit: int, after: str = "") -> tuple[list[Order], bool]:
    """One page, the best first, and whether there is more."""
    if asked.says_nothing:
        return [], False
    head = ranking.head(ctx, asked, query, conditions)
    ids, below = list(head.ids), head.below
    if after and (known := orders.by_any_number(ctx.session, ctx.person, after)):
        if known[0].id in head.places:
            ids = ids[head.places[known[0].id] + 1 :]
        else:
            ids = []
            below = _place(ctx, asked, known[0]) if head.below is not None else None
    ids = ids[: limit + 1]
    if len(ids) <= limit and below is not None:
        rows = query(ctx, asked).subquery()
        rest = select(rows.c.order_id).order_by(rows.c.at.desc()).limit(limit + 1 - len(ids))
        if below is not ranking.TOP:
            rest = rest.where(rows.c.at < below)
        if head.named:
            rest = rest.where(rows.c.order_id.not_in(head.named))
        ids += ctx.session.execute(rest).scalars()
    return shelves.in_turn(ctx, ids[:limit]), len(ids) > limit


def _place(ctx: Context, asked: Asked, last: Order) -> Any:
    if not asked.words:
        return last.id
    return ctx.session.execute(
        select(func.max(SearchEntry.id)).where(
            col(SearchEntry.order_id) == last.id,
            col(SearchEntry.live).is_(True),
            col(SearchEntry.public).is_(False),
        )
    ).scalar()


def count(ctx: Context, asked: Asked) -> int:
    """How many there are; never counted beyond a thousand."""
    if asked.says_nothing:
        return 0
    head = ranking.head(ctx, asked, query, conditions)
    if head.below is None:
        return min(len(head.ids), MOST)
    rows = query(ctx, asked)
    if head.named:
        rows = rows.where(col(Order.id).not_in(head.named))
    return min(len(head.named) + deadlines.capped(ctx.session, rows, MOST), MOST)


def told(ctx: Context, asked: Asked) -> str:
    """The conditions in words, for the sentence over an empty list."""
    sections = people.sections(ctx.session)
    rules = rulebook.current(ctx)
    words = [f"“{asked.words}”" if asked.words else ""]
    words.append(f"与 {asked.like} 相似" if asked.like else "")
    words.append(dict(STATES).get(asked.state, ""))
    words.append(Urgency(asked.urgency).label if asked.urgency in set(Urgency) else "")
    words.append("答复已超期" if asked.late else "")
    if not asked.figure:
        words.append(Channel(asked.channel).label if asked.channel in set(Channel) else "")
        label = sections[asked.section].label if asked.section in sections else asked.section
        words.append("未分科室" if asked.section == _NONE else label)
        words.append(rules.topic_label(asked.topic) if asked.topic else "")
        span = f"{asked.first or '以前'} 至 {asked.last or '今'} 收到"
        words.append(span if asked.first or asked.last else "")
    return "、".join(word for word in words if word)
