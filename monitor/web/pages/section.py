"""科室台: what this section must sign for, handle, mend, and what is due today."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Query, Request
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlmodel import col
from starlette.responses import Response

from monitor.domain.lifecycle import MOVES
from monitor.domain.vocabulary import Promise, Role, State
from monitor.services.context import Context
from monitor.services.handling import handlers
from monitor.storage import deadlines, orders, people
from monitor.storage.deadlines import Clock
from monitor.storage.handling import load, parts
from monitor.storage.orders import Order
from monitor.storage.people import Person
from monitor.web.deps import LARGEST, Reading
from monitor.web.guard import desk_router
from monitor.web.navigation import Entry, Group, Page, show, wanted_fragment
from monitor.web.queues import handling, picking, shelves
from monitor.web.queues.rows import MOST, link, queue_rows, shown, span

PEOPLE = (Role.HANDLER, Role.SECTION_HEAD)
router = desk_router(*PEOPLE)
PATH = "/desk/section"
_OPEN = load.OPEN
_ANSWERED = (State.ANSWERED, State.TO_ARCHIVE, State.ARCHIVED)


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab: its states, what else must hold, why it may be empty."""

    code: str
    label: str
    states: tuple[State, ...]
    empty: str
    more: Callable[[Context], Any] | None = None
    lead: bool = True
    newest: bool = False
    only_if_any: bool = False
    part: str = ""

    def conditions(self, ctx: Context) -> list[Any]:
        """What holds for the orders of this tab, beside their state."""
        own = ctx.person.section or ""
        # Whoever may see more than his section still works at his section's desk.
        lead = col(Order.section) == own
        found = [lead] if self.lead else [orders.co_handled(own), ~lead]
        if self.more is not None:
            found.append(self.more(ctx))
        return found


def _due_today(ctx: Context) -> Any:
    return load.due_between(ctx.person.section, *handlers.today(ctx))


def _late(ctx: Context) -> Any:
    return load.late(ctx.person.section, ctx.now)


def _mine(ctx: Context) -> Any:
    return col(Order.handler_id) == ctx.person.id


def _handed_back(_: Context) -> Any:
    # Handed in once this round, and in hand again.
    handed_in = select(col(Clock.order_id)).where(
        col(Clock.order_id) == col(Order.id),
        col(Clock.promise) == Promise.SUBMIT,
        col(Clock.round) == col(Order.round),
        col(Clock.ended_at).is_not(None),
    )
    return handed_in.correlate(Order).exists()


def _promised(_: Context) -> Any:
    pledged = select(col(Clock.order_id)).where(
        col(Clock.order_id) == col(Order.id),
        col(Clock.promise) == Promise.PLEDGE,
        deadlines.runs(),
    )
    return pledged.correlate(Order).exists()


TABS: Mapping[str, Tab] = {
    tab.code: tab
    for tab in (
        Tab("sign", "待签收", (State.AWAITING_SIGN,), "没有待签收的工单"),
        Tab("mine", "我承办的", (State.IN_HAND,), "没有交给我的工单", more=_mine, only_if_any=True),
        Tab("in_hand", "办理中", (State.IN_HAND,), "没有办理中的工单"),
        Tab("due_today", "今日到期", _OPEN, "今天没有到期的工单", more=_due_today),
        Tab("late", "已超期", _OPEN, "没有答复超期的工单", more=_late, only_if_any=True),
        Tab("handed_back", "退回修改", (State.IN_HAND,), "没有退回修改的答复", more=_handed_back),
        Tab("co", "协办", _OPEN, "没有等本科室意见的协办", lead=False, part="owed"),
        Tab("co_given", "协办已提交", _OPEN, "没有在办的已提交协办", lead=False, part="given",
            only_if_any=True),
        Tab("review", "待审核", (State.IN_REVIEW, State.TO_RELEASE), "没有在审的答复"),
        Tab("returned", "已退单", (State.RETURN_PENDING,), "没有等待裁定的退单",
            only_if_any=True),
        Tab("deferred", "挂账", (State.DEFERRED,), "没有挂账的工单"),
        Tab("pledges", "承诺待兑现", (*_OPEN, *_ANSWERED), "没有等着兑现的承诺", more=_promised,
            only_if_any=True),
        Tab("answered", "已答复", _ANSWERED, "还没有答复过的工单", newest=True),
    )
}  # fmt: skip


class Asked(BaseModel):
    """What the address of the desk may say."""

    tab: str = Field(default="", max_length=20)
    handler: str = Field(default="", max_length=64)
    after: str = Field(default="", max_length=32)
    n: int = Field(default=0, ge=0, le=LARGEST)
    done: str = Field(default="", max_length=32)
    number: str = Field(default="", max_length=32)
    picked: str = Field(default="", max_length=4)


@dataclass
class Listed:
    """One page of a tab."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    more: bool = False


@router.get(PATH)
def section(request: Request, ctx: Reading, asked: Annotated[Asked, Query()]) -> Response:
    """The section's desk; tab and page stand in the address."""
    tab = TABS.get(asked.tab) or _opening(ctx)
    asked = asked.model_copy(update=shelves.begun(ctx, asked.after, asked.n))
    staff = people.handlers(ctx.session, ctx.person.section or "")
    chosen = _chosen(asked.handler, staff) if tab.lead else None
    given = asked.handler if chosen is not None else ""
    listed = _listed(ctx, tab, asked.after, chosen)
    here = link(PATH, tab=tab.code, handler=given, after=asked.after, n=asked.n or "")
    values: dict[str, Any] = {
        "rows": listed.rows,
        "tab": tab,
        "here": here,
        "ticked": bool(asked.picked),
        "head": ctx.person.has(Role.SECTION_HEAD),
    }
    if wanted_fragment(request, "section.html") == "queue":
        return show(
            request, ctx, "section.html", title="科室台", empty=None, **_empty_people, **values
        )
    counts = {code: _count(ctx, one) for code, one in TABS.items()}
    label = people.sections(ctx.session).get(ctx.person.section or "")
    if asked.done in MOVES:
        values["flash"] = [{"text": f"已{MOVES[asked.done].label} {asked.number}", "tone": "done"}]
    last = listed.rows[-1]["number"] if listed.rows else ""
    return show(
        request, ctx, "section.html", title=label.label if label else "科室台",
        tabs=[
            {
                "label": one.label,
                "count": shown(counts[code]),
                "href": link(PATH, tab=code),
                "active": one is tab,
            }
            for code, one in TABS.items()
            if counts[code] or one is tab or not one.only_if_any
        ],
        staff=handlers.options(ctx, ctx.person.section or "", staff),
        names={person.id: person.name for person in staff},
        range=span(asked.n, len(listed.rows), _count(ctx, tab, chosen)),
        loads=handling.loads(ctx, staff) if ctx.person.has(Role.SECTION_HEAD) else [],
        only=_only(given, staff),
        everybody=link(PATH, tab=tab.code),
        next_page=link(PATH, tab=tab.code, handler=given, after=last, n=asked.n + len(listed.rows))
        if listed.more else "",
        bulk=picking.offered(ctx, here),
        empty=_why_empty(tab, counts),
        **values,
    )  # fmt: skip


def _chosen(handler: str, staff: Sequence[Person]) -> Any:
    """The condition of a handler named in the address, or of what nobody was given."""
    if handler == handling.NOBODY:
        return col(Order.handler_id).is_(None)
    found = next((one for one in staff if one.username == handler), None)
    return None if found is None else col(Order.handler_id) == found.id


def _only(handler: str, staff: Sequence[Person]) -> str:
    if handler == handling.NOBODY:
        return "未交办"
    return next((one.name for one in staff if one.username == handler), "")


def _opening(ctx: Context) -> Tab:
    """What to see first: a handler his own; else what waits for a signature, or is in hand."""
    if not ctx.person.has(Role.SECTION_HEAD) and _count(ctx, TABS["mine"]):
        return TABS["mine"]
    return next(
        (TABS[code] for code in ("sign", "in_hand") if _count(ctx, TABS[code])), TABS["sign"]
    )


_empty_people: dict[str, Any] = {"staff": [], "names": {}}


def _query(ctx: Context, tab: Tab, chosen: Any = None) -> Any:
    if tab.part:
        own = ctx.person.section or ""
        return parts.by_due(ctx.person, own, tab.states, given=tab.part == "given")
    if tab.newest:
        return (
            orders.visible_to(ctx.person)
            .with_only_columns(col(Order.id).label("order_id"), col(Order.received_at).label("at"))
            .where(col(Order.state).in_(tab.states), *tab.conditions(ctx), *_if(chosen))
        )
    return deadlines.by_state(ctx.person, tab.states, [*tab.conditions(ctx), *_if(chosen)])


def _count(ctx: Context, tab: Tab, chosen: Any = None) -> int:
    if tab.part:
        return deadlines.capped(ctx.session, _query(ctx, tab), MOST)
    found = (
        orders.visible_to(ctx.person)
        .with_only_columns(col(Order.id))
        .where(col(Order.state).in_(tab.states), *tab.conditions(ctx), *_if(chosen))
    )
    return deadlines.capped(ctx.session, found, MOST)


def _if(chosen: Any) -> list[Any]:
    return [] if chosen is None else [chosen]


def _listed(ctx: Context, tab: Tab, after: str, chosen: Any) -> Listed:
    found, more = shelves.paged(ctx, _query(ctx, tab, chosen), after, newest=tab.newest)
    rows = queue_rows(ctx, found, lambda order: f"/desk/orders/{order.number}", with_state=True)
    if tab.part:
        handling.with_own_part(ctx, found, rows)
    return Listed(rows, more)


def _why_empty(tab: Tab, counts: Mapping[str, int]) -> dict[str, str]:
    waiting = [
        f"{TABS[code].label} {shown(counts[code])} 件"
        for code in ("sign", "in_hand", "review")
        if counts[code] and code != tab.code
    ]
    text = "本科室现有" + "，".join(waiting) + "。" if waiting else "办公室分办后会出现在这里。"
    other = next((code for code in ("sign", "in_hand") if counts[code] and code != tab.code), "")
    return {
        "title": tab.empty,
        "text": text,
        "label": f"去看{TABS[other].label}" if other else "",
        "href": link(PATH, tab=other) if other else "",
    }


def _waiting(code: str) -> Callable[[Context], int]:
    return lambda ctx: min(_count(ctx, TABS[code]), MOST - 1)


PAGE = Page(
    router,
    "科室台",
    entries=(
        Entry("科室台", PATH, "inbox", Group.SECTION, frozenset(PEOPLE), count=_waiting("sign"),
              waits=True, foot=True),
    ),
)  # fmt: skip
