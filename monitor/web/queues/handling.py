"""What the section's desk shows of its people and of its parts: loads, what is asked of it."""

from collections.abc import Sequence
from typing import Any

from monitor.services import rulebook
from monitor.services.context import Context
from monitor.services.handling.handlers import today
from monitor.storage import deadlines
from monitor.storage.handling import load, parts
from monitor.storage.orders import Order
from monitor.storage.people import Person
from monitor.web import views
from monitor.web.queues.rows import link, until

NOBODY = "-"
_DESK = "/desk/section"
_LOADED = ("in_hand", "due_today", "late")


def loads(ctx: Context, staff: Sequence[Person]) -> list[dict[str, Any]]:
    """A line a person with what he has, each number with exactly those orders; nobody's first."""
    own = ctx.person.section or ""
    found = load.of_section(ctx.session, ctx.person, own, ctx.now, today(ctx))
    lines = [(NOBODY, "未交办", found.get(None))] if None in found else []
    lines += [(one.username, one.name, found.get(one.id)) for one in staff]
    return [
        {
            "name": name,
            "nobody": username == NOBODY,
            "counts": [
                {
                    "number": getattr(has or load.Load(), code),
                    "href": link(_DESK, tab=code, handler=username),
                    "late": code == "late",
                }
                for code in _LOADED
            ],
        }
        for username, name, has in lines
    ]


def with_own_part(ctx: Context, found: Sequence[Order], rows: Sequence[dict[str, Any]]) -> None:
    """What is asked of this section, by when: not the clocks of the lead section."""
    asked = parts.of_section(ctx.session, ctx.person.section or "", [one.id for one in found])
    clocks = deadlines.of_orders(ctx.session, list(asked))
    calendar = rulebook.current(ctx).calendar
    for row in rows:
        part = asked.get(row["order"].id)
        own = [one for one in clocks.get(row["order"].id, ()) if part and one.id == part.clock_id]
        if part is None:
            continue
        row["wanted"], row["urged"] = part.wanted, part.urged
        if not own:
            # Asked before co-sections had clocks of their own: the lead section's is not its.
            row.update(text="不计时限", tone="", until="协办")
            continue
        view = views.clock_view(ctx, own[0])
        row.update(text=view.text, tone=view.tone)
        row["until"] = f"协办 {until(view.due_at, ctx.now, calendar)}"
