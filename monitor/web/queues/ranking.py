"""What stands first in a list: the number asked for, titles that hold the words, what is alike."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from monitor.services.context import Context
from monitor.services.likeness.nearness import Near, alike
from monitor.storage import orders, search
from monitor.storage.index import tokens
from monitor.storage.orders import Order
from monitor.web.queues.wanted import Asked

# Of the newest that hold the words so many are ranked; what lies beyond comes by its date.
WINDOW = 200
NUMBERED = 50
ALIKE = 40
TOP: Any = object()

Query = Callable[[Context, Asked], Any]
Conditions = Callable[[Context, Asked], list[Any]]


@dataclass(frozen=True)
class Head:
    """The first of a list in their turn; `below` is where the rest goes on, None without rest.

    `named` are those found by their number: the rest must not bring them again.
    """

    ids: tuple[UUID, ...]
    below: Any
    named: tuple[UUID, ...] = ()

    @property
    def places(self) -> Mapping[UUID, int]:
        """Where each of them stands."""
        return {id_: place for place, id_ in enumerate(self.ids)}


def head(ctx: Context, asked: Asked, query: Query, conditions: Conditions) -> Head:
    """What stands first; looked up once a request."""
    if not asked.words and not asked.like:
        return Head((), TOP)
    key = asked.model_dump_json(exclude={"after", "n", "per", "cols", "view", "all", "picked"})
    known: dict[str, Head] = ctx.session.info.setdefault("heads", {})
    if key not in known:
        find = _alike if asked.like else _worded
        known[key] = find(ctx, asked, query, conditions)
    return known[key]


def _worded(ctx: Context, asked: Asked, query: Query, conditions: Conditions) -> Head:
    named: tuple[UUID, ...] = ()
    if " " not in asked.words and any(map(str.isdigit, asked.words)):
        filters = conditions(ctx, asked)
        named = tuple(
            search.by_number(ctx.session, ctx.person, asked.words, filters, most=NUMBERED)
        )
    rows = query(ctx, asked).add_columns(col(Order.title).label("title")).subquery()
    newest = select(rows.c.order_id, rows.c.at, rows.c.title)
    if named:
        newest = newest.where(rows.c.order_id.not_in(named))
    found = ctx.session.execute(newest.order_by(rows.c.at.desc()).limit(WINDOW)).all()
    hits = [run.lower() for run in asked.hits[1:]]

    def beside(title: str) -> bool:
        words = tokens.fold(title).lower()
        return not all(run in words for run in hits)

    ranked = sorted(found, key=lambda row: beside(row.title))
    below = found[-1].at if len(found) == WINDOW else None
    return Head((*named, *(row.order_id for row in ranked)), below, named)


def _alike(ctx: Context, asked: Asked, _: Query, conditions: Conditions) -> Head:
    near = likeness(ctx, asked)
    allowed = orders.visible_to(ctx.person).with_only_columns(col(Order.id))
    allowed = allowed.where(col(Order.id).in_(near), *conditions(ctx, asked))
    if asked.words:
        hits = search.matches(ctx.session, asked.words)
        allowed = allowed.join(hits, hits.c.order_id == col(Order.id))
    kept = set(ctx.session.execute(allowed).scalars())
    return Head(tuple(id_ for id_ in near if id_ in kept), None)


def likeness(ctx: Context, asked: Asked) -> Mapping[UUID, Near]:
    """The orders that resemble the one named, the likest first, with how much and why."""
    known: dict[str, Mapping[UUID, Near]] = ctx.session.info.setdefault("alike", {})
    if asked.like not in known:
        order = orders.get(ctx.session, ctx.person, asked.like)
        near = alike(ctx, order, most=ALIKE)
        known[asked.like] = {one.order.id: one for one in near}
    return known[asked.like]


def why(near: Near) -> Sequence[str]:
    """How much it resembles, and what both say, as facts of a row."""
    return [
        f"相似 {near.score:.0%}",
        *([f"地点不同：{near.elsewhere[1]}"] if near.elsewhere else []),
        *([f"都说到：{'、'.join(near.shared)[:40]}"] if near.shared else []),
    ]
