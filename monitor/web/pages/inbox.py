"""分办台: what must be sent on first, and where to; the queue, and the order in hand beside it."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request
from starlette.responses import Response

from monitor.domain.errors import NotFound
from monitor.domain.lifecycle import MOVES
from monitor.domain.vocabulary import Channel, Promise, Role, State, Urgency
from monitor.domain.workdays import local
from monitor.services.context import Context
from monitor.services.likeness import nearness
from monitor.services.likeness.nearness import Repeats
from monitor.services.reading import explaining
from monitor.storage import deadlines, orders, people
from monitor.storage.orders import Order
from monitor.web import views
from monitor.web.deps import Reading
from monitor.web.guard import desk_router
from monitor.web.navigation import Entry, Group, Page, show, wanted_fragment
from monitor.web.queues import panel, shelves
from monitor.web.queues.asked import PATH, Asked
from monitor.web.queues.panel import Look
from monitor.web.queues.rows import link, queue_rows, shown, span
from monitor.web.queues.shelves import SHELVES, Filters, Shelf
from monitor.web.supervising import hot

LOOKERS = (Role.DUTY, Role.REVIEWER, Role.LEADER)
router = desk_router(*LOOKERS)
_RECALL_REASON = "分办有误，值班员撤回"

Address = Annotated[Asked, Query()]


@router.get(PATH)
def inbox(request: Request, ctx: Reading, asked: Address) -> Response:
    """The desk; filters, tab, page, selected order and open form all stand in the address."""
    return _draw(request, ctx, asked)


def _tab(tab: str, asked: Address) -> Asked:
    if tab not in SHELVES:
        raise NotFound("没有这一栏。", remedy="请从分办台上方的分栏进入。")
    return asked.model_copy(update={"tab": tab})


@router.get(f"{PATH}/fresh")
def fresh(request: Request, ctx: Reading, since: Annotated[int, Query(ge=0, le=2**46)]) -> Response:
    """How many came in since the page was drawn; never moves the row in hand."""
    arrived = shelves.arrived_since(ctx, since)
    return show(
        request, ctx, "inbox.html", title="分办台", fragment="fresh",
        arrived=arrived and shown(arrived), since=since, list_href=PATH,
    )  # fmt: skip


@router.get(PATH + "/{tab}")
def shelf(request: Request, ctx: Reading, asked: Annotated[Asked, Depends(_tab)]) -> Response:
    """One tab under an address of its own, for the navigation."""
    return _draw(request, ctx, asked)


def _draw(request: Request, ctx: Context, asked: Asked) -> Response:
    asked = asked.model_copy(update=shelves.begun(ctx, asked.after, asked.n))
    found, more = shelves.listed(ctx, asked.shelf, asked.filters, asked.after)
    numbers = [order.number for order in found]
    number = asked.order or (numbers[0] if numbers else "")
    rows = queue_rows(
        ctx, found, lambda order: asked.list_address(order=order.number),
        promise=asked.shelf.promise, selected=number, repeats=_repeats(ctx, asked.shelf, found),
        with_state=asked.shelf.with_state,
    )  # fmt: skip
    values: dict[str, Any] = {
        "rows": rows,
        "shelf": asked.shelf,
        "here": asked.list_address(order=asked.order),
    }
    if wanted_fragment(request, "inbox.html") == "queue":
        return show(request, ctx, "inbox.html", title="分办台", empty=None, **values)
    going_on = asked.list_address(order=_next(numbers, number))
    look = Look(asked.choice, asked.do, asked.quote, asked.beside)
    values |= _around(ctx, asked, rows, more=more)
    return show(
        request, ctx, "inbox.html", title="分办台",
        panel=panel.gather(ctx, number, look, lambda **new: asked.panel_address(number, **new))
        if number else None,
        number=number,
        is_open=bool(asked.order),
        do=asked.do if asked.do in panel.FORMS else "",
        next=going_on,
        open=lambda **new: asked.panel_address(number, **new),
        back=asked.list_address() if asked.order else None,
        done=_done(ctx, asked, number),
        **values,
    )  # fmt: skip


def _around(ctx: Context, asked: Asked, rows: Sequence[Any], *, more: bool) -> dict[str, Any]:
    """Tabs with their counts, filters, pages, alarms: all but the rows and the panel."""
    counts = {code: shelves.count(ctx, one) for code, one in SHELVES.items()}
    total = counts[asked.shelf.code]
    if asked.filters != Filters():
        total = shelves.filtered_count(ctx, asked.shelf, asked.filters)
    late, soon = shelves.alarms(ctx)
    alarms = [
        {"text": f"{shown(late)} 件分办超时", "tone": "late", "href": PATH},
        {"text": f"{shown(soon)} 件一小时内到期", "tone": "near", "href": PATH},
    ]
    last = rows[-1]["number"] if rows else ""
    return {
        "tabs": [
            {
                "label": one.label,
                "count": shown(counts[code]),
                "href": link(PATH, tab=code if code != "triage" else ""),
                "active": one is asked.shelf,
            }
            for code, one in SHELVES.items()
            if one is asked.shelf or not (one.beside_only or (one.only_if_any and not counts[code]))
        ],
        "selects": _selects(ctx, asked.filters),
        "toggles": [
            {
                "name": "human",
                "label": "需人工",
                "count": shown(shelves.unsure(ctx)),
                "on": asked.filters.human,
            }
        ]
        if asked.shelf.code == "triage"
        else [],
        "filtered": asked.filters != Filters(),
        "range": span(asked.n, len(rows), total),
        "next_page": asked.list_address(after=last, n=asked.n + len(rows)) if more else "",
        "alarms": [alarm for alarm, number in zip(alarms, (late, soon), strict=True) if number],
        "arrived": "",
        "signs": hot.banner(ctx),
        "unaided": explaining.unaided(ctx),
        "since": int(ctx.now.timestamp() * 1000),
        "list_href": asked.list_address(after="", n=""),
        "empty": _why_empty(ctx, asked, counts) if not rows else None,
        "may_register": ctx.person.has(Role.DUTY),
    }


def _selects(ctx: Context, filters: Filters) -> list[dict[str, Any]]:
    sections = people.sections(ctx.session)
    return [
        {
            "name": "channel",
            "label": "渠道",
            "options": [(word.value, word.label) for word in Channel],
            "value": filters.channel,
        },
        {
            "name": "section",
            "label": "建议科室",
            "options": [(code, one.label) for code, one in sections.items()],
            "value": filters.section,
        },
        {
            "name": "urgency",
            "label": "紧急程度",
            "options": [(word.value, word.label) for word in Urgency],
            "value": filters.urgency,
        },
    ]


def _repeats(ctx: Context, one: Shelf, found: Sequence[Order]) -> Mapping[UUID, Repeats]:
    if one.promise is not Promise.TRIAGE or one.code == "returned":
        return {}
    return nearness.counted(ctx, found)


def _next(numbers: Sequence[str], number: str) -> str:
    """The row to take in hand after this one has left the list."""
    if number not in numbers:
        return numbers[0] if numbers else ""
    at = numbers.index(number)
    others = [*numbers[at + 1 :], *reversed(numbers[:at])]
    return others[0] if others else ""


def _why_empty(ctx: Context, asked: Asked, counts: Mapping[str, int]) -> dict[str, str]:
    if asked.filters != Filters():
        whole = shown(counts[asked.shelf.code])
        return {
            "title": "没有符合筛选条件的工单",
            "text": f"本栏共 {whole} 件，都不在所选的渠道、科室或紧急程度之内。",
            "label": "清除筛选",
            "href": link(PATH, tab=asked.shelf.code),
            "key": "",
        }
    text = f"今日已分办 {shown(counts['today'])} 件"
    last = deadlines.page(ctx.session, SHELVES["today"].query(ctx, Filters()), limit=1, newest=True)
    if last:
        order = orders.by_ids(ctx.session, last)[last[0]]
        if order.decided_at is not None:
            text += f"，最近一件 {local(order.decided_at):%H:%M}"
    duty = ctx.person.has(Role.DUTY)
    return {
        "title": asked.shelf.empty,
        "text": f"{text}。",
        "label": "登记来电" if duty else "",
        "href": "/desk/register" if duty else "",
        "key": "n" if duty else "",
    }


def _done(ctx: Context, asked: Asked, number: str) -> dict[str, Any] | None:
    """What was just done, in words, with the way back where there is one."""
    move = MOVES.get(asked.done)
    if move is None or not asked.number:
        return None
    try:
        order = orders.get(ctx.session, ctx.person, asked.number)
    except NotFound:
        return None
    waits = order.state == State.TRIAGE
    if {"dispatch": waits, "recall": not waits}.get(move.name):
        # Undone since: somebody went back to an address that still tells of it.
        return None
    sections = people.sections(ctx.session)
    label = sections[order.section].label if order.section in sections else ""
    undo = move.name == "dispatch" and order.state == State.AWAITING_SIGN
    sign = ""
    if undo:
        row = views.rows(ctx, [order], promise=Promise.SIGN)[0]
        sign = f"，签收限 {row.clock.detail}" if row.clock else ""
    going_on = "下一件已打开。" if number and number != order.number else ""
    return {
        "title": f"已分办至{label}" if undo else f"已{move.label}",
        "text": f"{order.number}{sign}。{going_on}",
        "undo": undo and ctx.person.has(Role.DUTY),
        "order": order,
        "reason": _RECALL_REASON,
        "next": asked.list_address(order=order.number, after="", n=""),
    }


def _waiting(code: str) -> Any:
    return lambda ctx: min(shelves.count(ctx, SHELVES[code]), 999)


_DUTY = frozenset({Role.DUTY})
_OFFICE = frozenset({Role.REVIEWER})
_LOOK_ON = frozenset({Role.REVIEWER, Role.LEADER})
PAGE = Page(
    router,
    "分办台",
    entries=(
        Entry("分办台", PATH, "inbox", Group.DUTY, _DUTY, count=_waiting("triage"),
              waits=True, foot=True),
        Entry("退单待审", f"{PATH}/returned", "rotate-left", Group.DUTY, _DUTY,
              count=_waiting("returned")),
        # For those who look on, or decide: not what their day begins with.
        Entry("退单待审", f"{PATH}/returned", "rotate-left", Group.REVIEW, _OFFICE,
              count=_waiting("returned"), waits=True),
        Entry("待研判", PATH, "inbox", Group.ORDERS, _LOOK_ON, count=_waiting("triage")),
        Entry("直接答复", f"{PATH}/direct", "comment-dots", Group.DUTY, _DUTY,
              count=_waiting("direct")),
        Entry("回访", f"{PATH}/callback", "user-check", Group.DUTY, _DUTY,
              count=_waiting("callback")),
    ),
)  # fmt: skip
