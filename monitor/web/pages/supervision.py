"""督办台: what is late, due today, not signed for or stuck, at whom; one key to chase."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Form, Query, Request
from pydantic import BaseModel, Field
from sqlmodel import col
from starlette.responses import Response

from monitor.domain.access import DESK_ROLES
from monitor.domain.lifecycle import MOVES
from monitor.domain.remaining import moment_words
from monitor.domain.supervision.cards import Level
from monitor.domain.vocabulary import Promise, Role, State
from monitor.services.context import Context
from monitor.services.handling import handlers
from monitor.services.supervision import standby
from monitor.steps.supervision import chasing
from monitor.storage import deadlines, people
from monitor.storage.orders import Order
from monitor.storage.supervision import cards, desk
from monitor.web.deps import LARGEST, Number, Reading
from monitor.web.guard import desk_router, only
from monitor.web.navigation import Entry, Group, Page, show, wanted_fragment
from monitor.web.orders.doing import act
from monitor.web.orders.given import Reasoned
from monitor.web.queues import shelves
from monitor.web.queues.rows import MOST, link, queue_rows, shown, span
from monitor.web.supervising.acts import Chased
from monitor.web.supervising.shown import badges

router = desk_router(*DESK_ROLES)
PATH = "/desk/supervision"
ORDER = "/desk/orders/{number}"
WATCHERS = (Role.SECTION_HEAD, Role.REVIEWER, Role.LEADER, Role.DUTY)
_LISTED = (Level.CRITICISM, Level.LISTED, Level.RAISED)
_CARDS = (Level.YELLOW, Level.RED)
# Who has an order in a state, where it is not a person of the section.
_AT = {
    State.TRIAGE: "值班员",
    State.RETURN_PENDING: "办公室裁定",
    State.IN_REVIEW: "审核",
    State.TO_RELEASE: "办公室发布",
    State.DEFERRED: "挂账",
}
Listing = Callable[[Context, Sequence[Any]], Any]


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab: its list, the clock of its rows, why it may be empty."""

    code: str
    label: str
    query: Listing
    empty: str
    promise: Promise = Promise.ANSWER
    only_if_any: bool = False


def _today(ctx: Context, conditions: Sequence[Any]) -> Any:
    return desk.between(ctx.person, ctx.now, handlers.today(ctx)[1], conditions)


def _review(ctx: Context, conditions: Sequence[Any]) -> Any:
    return desk.due_by(ctx.person, Promise.REVIEW, handlers.today(ctx)[1], conditions)


TABS: Mapping[str, Tab] = {
    tab.code: tab
    for tab in (
        Tab("late", "已超期", lambda ctx, given: desk.late(ctx.person, ctx.now, given),
            "没有答复超期的工单"),
        Tab("today", "今日到期", _today, "今天没有要到期的工单"),
        Tab("unsigned", "派而不签", lambda ctx, given: desk.unsigned(ctx.person, ctx.now, given),
            "派出去的都按时签收了", Promise.SIGN),
        Tab("listed", "督办件", lambda ctx, given: desk.under(ctx.person, _LISTED, given),
            "没有在督办的工单"),
        Tab("cards", "黄牌红牌", lambda ctx, given: desk.under(ctx.person, _CARDS, given),
            "没有亮着的黄牌、红牌"),
        Tab("pledges", "承诺待兑现", lambda ctx, given: deadlines.by_due(
            ctx.person, Promise.PLEDGE, given), "没有等着兑现的承诺", Promise.PLEDGE,
            only_if_any=True),
        Tab("review", "挂账待复查", _review, "没有到复查日期的挂账", Promise.REVIEW,
            only_if_any=True),
        Tab("deferred", "挂账", lambda ctx, given: desk.deferred(ctx.person, given),
            "没有挂账的工单", only_if_any=True),
    )
}  # fmt: skip


class Asked(BaseModel):
    """What the address of the desk may say."""

    tab: str = Field(default="", max_length=20)
    section: str = Field(default="", max_length=40)
    after: str = Field(default="", max_length=32)
    n: int = Field(default=0, ge=0, le=LARGEST)
    done: str = Field(default="", max_length=32)
    number: str = Field(default="", max_length=32)


@router.get(PATH)
@only(*WATCHERS)
def look(request: Request, ctx: Reading, asked: Annotated[Asked, Query()]) -> Response:
    """The lists; tab, section and page stand in the address."""
    labels = {code: one.label for code, one in people.sections(ctx.session).items()}
    section = asked.section if asked.section in labels else ""
    given = [col(Order.section) == section] if section else []
    tab = TABS.get(asked.tab) or _opening(ctx, given)
    asked = asked.model_copy(update=shelves.begun(ctx, asked.after, asked.n))
    found, more = shelves.paged(ctx, tab.query(ctx, given), asked.after)
    here = link(PATH, tab=tab.code, section=section, after=asked.after, n=asked.n or "")
    values: dict[str, Any] = {
        "rows": _rows(ctx, found, tab),
        "here": here,
        "empty": None,
    }
    if wanted_fragment(request, "supervision.html") == "queue":
        return show(request, ctx, "supervision.html", title="督办台", **values)
    counts = {code: deadlines.capped(ctx.session, one.query(ctx, given), MOST)
              for code, one in TABS.items()}  # fmt: skip
    if asked.done in MOVES:
        values["flash"] = [{"text": f"已{MOVES[asked.done].label} {asked.number}", "tone": "done"}]
    values["unkept"] = standby.unkept(ctx)
    values["empty"] = {"title": tab.empty, "text": _otherwise(tab, counts)}
    last = found[-1].number if found else ""
    return show(
        request, ctx, "supervision.html", title="督办台",
        tabs=[
            {
                "label": one.label,
                "count": shown(counts[code]),
                "href": link(PATH, tab=code, section=section),
                "active": one is tab,
            }
            for code, one in TABS.items()
            if counts[code] or one is tab or not one.only_if_any
        ],
        owed=_owed(ctx, labels) if ctx.person.sees_all else [],
        only=labels.get(section, ""),
        everybody=link(PATH, tab=tab.code),
        range=span(asked.n, len(found), counts[tab.code]),
        next_page=link(PATH, tab=tab.code, section=section, after=last, n=asked.n + len(found))
        if more else "",
        **values,
    )  # fmt: skip


@router.post(f"{ORDER}/chase")
def chase(request: Request, number: Number, form: Annotated[Chased, Form()]) -> Response:
    """催办."""
    return act(request, number, "chase", form, chasing.chase)


@router.post(f"{ORDER}/supervise")
def supervise(request: Request, number: Number, form: Annotated[Reasoned, Form()]) -> Response:
    """挂牌督办."""
    return act(request, number, "supervise", form, chasing.supervise)


@router.post(f"{ORDER}/raise_up")
def raise_up(request: Request, number: Number, form: Annotated[Reasoned, Form()]) -> Response:
    """提级督办."""
    return act(request, number, "raise_up", form, chasing.raise_up)


@router.post(f"{ORDER}/lift_cards")
def lift_cards(request: Request, number: Number, form: Annotated[Reasoned, Form()]) -> Response:
    """解除督办."""
    return act(request, number, "lift_cards", form, chasing.lift)


def _opening(ctx: Context, given: Sequence[Any]) -> Tab:
    """What to see first: what is late, else what will be today."""
    for code in ("late", "today", "unsigned"):
        if deadlines.capped(ctx.session, TABS[code].query(ctx, given), 1):
            return TABS[code]
    return TABS["late"]


def _rows(ctx: Context, found: Sequence[Order], tab: Tab) -> list[dict[str, Any]]:
    ids = [order.id for order in found]
    given = cards.of_orders(ctx.session, ids)
    chased = desk.chased(ctx.session, ids)
    names = people.names(ctx.session)
    rows = queue_rows(
        ctx, found, lambda order: f"/desk/orders/{order.number}", promise=tab.promise,
        with_state=True,
    )  # fmt: skip
    for row in rows:
        order = row["order"]
        row["cards"] = badges(
            [card for card in given.get(order.id, []) if card.level != Level.CHASE]
        )
        state = State(order.state)
        at = _AT.get(state, "")
        if state is State.AWAITING_SIGN:
            at = "未签收"
        elif state is State.IN_HAND:
            at = names.get(order.handler_id, "") or "未交办"
        row["at"] = at
        count, when = chased.get(order.id, (0, None))
        row["chased"] = f"催 {count} 次，{moment_words(when, ctx.now)}" if when else ""
    return rows


def _owed(ctx: Context, labels: Mapping[str, str]) -> list[dict[str, Any]]:
    found = desk.owed(ctx.session, ctx.person, ctx.now, handlers.today(ctx)[1])
    return [
        {
            "label": labels.get(one.section or "", one.section or "") or "值班（还没有分办）",
            "counts": [
                {
                    "number": number,
                    "href": link(PATH, tab=code, section=one.section) if one.section else "",
                    "late": code != "today",
                }
                for code, number in (
                    ("late", one.late), ("today", one.today), ("unsigned", one.unsigned),
                )
            ],
        }
        for one in found
        if one.late or one.today or one.unsigned
    ]  # fmt: skip


def _otherwise(tab: Tab, counts: Mapping[str, int]) -> str:
    others = [
        f"{TABS[code].label} {shown(counts[code])} 件"
        for code in TABS
        if counts[code] and code != tab.code
    ]
    return "另有" + "、".join(others) + "。" if others else "到期前系统会预警，超期会亮牌。"


def _waiting(ctx: Context) -> int:
    return min(deadlines.capped(ctx.session, desk.late(ctx.person, ctx.now), MOST), MOST - 1)


PAGE = Page(
    router,
    "督办台",
    entries=(
        Entry("督办台", PATH, "bell", Group.WATCH, frozenset(WATCHERS), count=_waiting,
              waits=True),
    ),
)  # fmt: skip
