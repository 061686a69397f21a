"""Search over all own orders: what the address asks for, as one query; its pages, its words."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from pydantic import BaseModel, Field
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
from monitor.web.queues import shelves
from monitor.web.queues.asked import LARGEST
from monitor.web.queues.rows import MOST, link

PATH = "/desk/search"
_IN_WORK = "open"
_NONE = "-"
_RUN = re.compile(r"[㐀-鿿]+|[a-z0-9]+", re.IGNORECASE)
STATES = [(_IN_WORK, "在办（未答复）"), *((state.value, state.label) for state in State)]


class Asked(BaseModel):
    """What the address of the search may say; with a figure, the filters are the figure's."""

    q: str = Field(default="", max_length=200)
    state: str = Field(default="", max_length=20)
    channel: str = Field(default="", max_length=20)
    section: str = Field(default="", max_length=64)
    topic: str = Field(default="", max_length=64)
    urgency: str = Field(default="", max_length=20)
    first: str = Field(default="", max_length=10, alias="from")
    last: str = Field(default="", max_length=10, alias="to")
    late: str = Field(default="", max_length=4)
    figure: str = Field(default="", max_length=64)
    month: str = Field(default="", max_length=10)
    as_of: str = Field(default="", max_length=40)
    historical: str = Field(default="", max_length=4)
    after: str = Field(default="", max_length=32)
    n: int = Field(default=0, ge=0, le=LARGEST)

    def given(self, **changes: object) -> dict[str, object]:
        """Everything but the page, as it stands in an address."""
        told = self.model_dump(by_alias=True, exclude={"after", "n"})
        return {**told, **changes}

    def address(self, path: str = PATH, **changes: object) -> str:
        """The address of this search, with changes; its first page."""
        return link(path, **self.given(**changes))

    @property
    def words(self) -> str:
        """The query as typed, without the blanks around it."""
        return self.q.strip()

    @property
    def hits(self) -> Sequence[str]:
        """The runs of the query that a text must hold, for marking them."""
        return _RUN.findall(self.words)

    @property
    def says_nothing(self) -> bool:
        """Whether the query holds no character that can be looked for."""
        return bool(self.words) and not search.searchable(self.words)

    def figure_params(self) -> dict[str, str]:
        """The parameters that make the address of a number."""
        names = ("figure", "from", "to", "as_of", "historical", "channel", "section", "topic")
        told = self.given()
        return {name: str(told[name]) for name in (*names, "month") if told[name]}


def query(ctx: Context, asked: Asked) -> Any:
    """The orders asked for, as ids with the place `at` that they are sorted by."""
    found: Any = orders.visible_to(ctx.person)
    exact = _exact(ctx, asked)
    if exact or not asked.words:
        # Ids begin with the moment of registration: the newest first needs no sorting.
        found = found.with_only_columns(col(Order.id).label("order_id"), col(Order.id).label("at"))
        if exact:
            found = found.where(col(Order.id).in_(exact))
    else:
        hits = search.matches(ctx.session, asked.words)
        found = found.with_only_columns(col(Order.id).label("order_id"), hits.c.entry.label("at"))
        found = found.join(hits, hits.c.order_id == col(Order.id))
    return found.where(*_conditions(ctx, asked))


def _exact(ctx: Context, asked: Asked) -> list[Any]:
    """Orders whose own or upstream number the query is."""
    if not asked.words or " " in asked.words:
        return []
    return [
        one.id for one in orders.by_any_number(ctx.session, ctx.person, asked.words.upper())
    ] or [one.id for one in orders.by_any_number(ctx.session, ctx.person, asked.words)]


def _conditions(ctx: Context, asked: Asked) -> list[Any]:
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
    """One page, newest first, and whether there is more."""
    rows = query(ctx, asked).subquery()
    found = select(rows.c.order_id).order_by(rows.c.at.desc()).limit(limit + 1)
    if after and (place := _place(ctx, asked, after)) is not None:
        found = found.where(rows.c.at < place)
    ids = list(ctx.session.execute(found).scalars())
    return shelves.in_turn(ctx, ids[:limit]), len(ids) > limit


def _place(ctx: Context, asked: Asked, number: str) -> Any:
    known = orders.by_any_number(ctx.session, ctx.person, number)
    if not known:
        return None
    if not asked.words or _exact(ctx, asked):
        return known[0].id
    return ctx.session.execute(
        select(func.max(SearchEntry.id)).where(
            col(SearchEntry.order_id) == known[0].id,
            col(SearchEntry.live).is_(True),
            col(SearchEntry.public).is_(False),
        )
    ).scalar()


def count(ctx: Context, asked: Asked) -> int:
    """How many there are; never counted beyond a thousand."""
    return deadlines.capped(ctx.session, query(ctx, asked), MOST)


def told(ctx: Context, asked: Asked) -> str:
    """The conditions in words, for the sentence over an empty list."""
    sections = people.sections(ctx.session)
    rules = rulebook.current(ctx)
    words = [f"“{asked.words}”" if asked.words else ""]
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
