"""Rows of queues as the part `ui.queue` draws them: what is left, until when, the small facts."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from markupsafe import Markup

from monitor.domain.remaining import date_words, moment_words
from monitor.domain.vocabulary import Promise, State
from monitor.domain.workdays import Calendar, local
from monitor.services import rulebook
from monitor.services.context import Context
from monitor.services.likeness.nearness import Repeats
from monitor.storage.index import tokens
from monitor.storage.orders import Order
from monitor.web import views
from monitor.web.orders.forms import SURE
from monitor.web.render import NOTHING
from monitor.web.views import ClockView, Row

MOST = 1000
Hits = Sequence[str]
_LAST_SECONDS = timedelta(seconds=1)
_AROUND = 18


def link(path: str, **given: object) -> str:
    """An address with those parameters that say something."""
    query = urlencode({name: value for name, value in given.items() if value not in (None, "")})
    return f"{path}?{query}" if query else path


def shown(count: int) -> str:
    """A count as lists say it: never above 999+."""
    return "999+" if count >= MOST else str(count)


def span(before: int, here: int, total: int) -> str:
    """第 31 至 41 件 with a dash, and of how many; nothing for an empty page."""
    if not here:
        return ""
    if total < MOST:
        # The address may say anything.
        before = max(min(before, total - here), 0)
    return f"第 {before + 1}{NOTHING}{before + here} 件，共 {shown(total)} 件"


def until(due: datetime | None, now: datetime, calendar: Calendar) -> str:
    """10:38 前 · 24:00 前 · 10月10日 周六补班: the due time beside what is left."""
    if due is None:
        return ""
    at, today = local(due), local(now).date()
    if at.date() != today:
        return date_words(at.date(), calendar, now)
    midnight = (at + _LAST_SECONDS).date() != today
    return "24:00 前" if midnight else f"{at:%H:%M} 前"


def received(order: Order, now: datetime) -> str:
    """09:38 收, with its date when that is not today."""
    at = local(order.received_at)
    if order.date_only:
        return f"{at.month}月{at.day}日 收"
    words = f"{at:%H:%M}" if at.date() == local(now).date() else moment_words(at, now)
    return f"{words} 收"


def guess(order: Order) -> bool:
    """Whether the reading is too unsure to choose a section by itself."""
    return order.suggested_section is None or order.confidence is None or order.confidence < SURE


def most_urgent(row: Row) -> ClockView | None:
    """Of the running clocks the one that is due first."""
    running = [(view.due_at, view) for view in row.clocks if view.running and view.due_at]
    return min(running, key=lambda pair: pair[0])[1] if running else None


def queue_rows(
    ctx: Context,
    found: Sequence[Order],
    href: Any,
    *,
    promise: Promise | None = None,
    selected: str = "",
    repeats: Mapping[UUID, Repeats] | None = None,
    with_state: bool = False,
    hits: Hits = (),
    why: Mapping[UUID, Sequence[str]] | None = None,
) -> list[dict[str, Any]]:
    """The rows of one page, in the order given; without a promise the most urgent clock."""
    calendar = rulebook.current(ctx).calendar
    made = []
    for row in views.rows(ctx, found, promise=promise or Promise.ANSWER):
        order = row.order
        clock = row.clock if promise else (most_urgent(row) or row.clock)
        facts: list[Any] = [received(order, ctx.now)]
        if repeats and (others := repeats.get(order.id)):
            if others.same:
                facts.append(f"疑似重复 {others.same}")
            if others.elsewhere:
                facts.append(f"疑似重复，地点不同 {others.elsewhere}")
        if order.returns:
            facts.append(f"第 {order.returns} 次退单")
        if order.round > 1:
            facts.append(f"第 {order.round} 轮")
        if order.historical:
            facts.append("历史件")
        if hits and (piece := snippet(order.text, hits)):
            facts.append(piece)
        facts.extend((why or {}).get(order.id, ()))
        dispatched = order.section is not None
        label = f"{clock.label} " if clock and promise is None else ""
        made.append(
            {
                "id": order.number,
                "number": order.number,
                "shown_number": highlighted(order.number, hits[:1]) if hits else order.number,
                "href": href(order),
                "title": highlighted(order.title, hits) if hits else order.title,
                "selected": order.number == selected,
                "text": clock.text if clock else NOTHING,
                "tone": clock.tone if clock else "pending",
                "until": label + (until(clock.due_at, ctx.now, calendar) if clock else ""),
                "urgency": row.urgency,
                "channel": row.channel,
                "facts": facts,
                "state": row.state if with_state else None,
                "section": row.section.partition("（")[0],
                "share": None if dispatched else order.confidence,
                "manual": not dispatched and order.state == State.TRIAGE and guess(order),
                "order": order,
                "clock": clock,
            }
        )
    return made


def highlighted(text: str, hits: Hits) -> Markup:
    """The text with every hit marked."""
    pattern = _pattern(hits)
    if pattern is None:
        return Markup.escape(text)
    found = Markup()
    done = 0
    for match in pattern.finditer(tokens.fold(text)):
        found += Markup.escape(text[done : match.start()])
        found += Markup('<mark class="m-evidence">{}</mark>').format(
            text[match.start() : match.end()]
        )
        done = match.end()
    return found + Markup.escape(text[done:])


def snippet(text: str, hits: Hits) -> Markup | None:
    """A line around the first hit in a text; None when only the title holds it."""
    pattern = _pattern(hits)
    match = pattern.search(tokens.fold(text)) if pattern else None
    if match is None:
        return None
    start, end = max(0, match.start() - _AROUND), match.end() + _AROUND
    line = " ".join(text[start:end].split())
    before, after = "…" if start else "", "…" if end < len(text) else ""
    return highlighted(f"{before}{line}{after}", hits)


def _pattern(hits: Hits) -> re.Pattern[str] | None:
    words = sorted({word for word in hits if word}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)), re.IGNORECASE) if words else None
