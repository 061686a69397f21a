"""工单: search and filter all own orders; look a phone number up; export what is filtered."""

from typing import Annotated, Any

from fastapi import Depends, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from monitor.domain.access import DESK_ROLES, mask_phone
from monitor.domain.errors import Incomplete, NotFound
from monitor.domain.numbers import normalise_phone
from monitor.domain.vocabulary import Channel, Role, State, Urgency
from monitor.services import figures, reading, rulebook
from monitor.services.context import Context
from monitor.storage import people, requesters
from monitor.storage.lists import opened
from monitor.storage.orders import Order
from monitor.web.deps import Ctx, DeskHere, Reading, who
from monitor.web.guard import desk_router, only
from monitor.web.navigation import Entry, Group, Page, see, show
from monitor.web.queues import exporting, kept, picking, ranking, searching, shelves, table
from monitor.web.queues.rows import MOST, link, queue_rows, shown, span
from monitor.web.queues.wanted import PAGES, PATH, Asked

router = desk_router(*DESK_ROLES)
PHONE_ROLES = (Role.DUTY, Role.REVIEWER)
_SHORTEST_PHONE = 7
_PERSONAL = frozenset({"phone", "landline", "id_card"})
_NOT_HERE = "没有查：电话和身份证号会留在浏览器的地址里。电话请用下面的“按电话查”。"
_SHELVES = {
    "late": Asked(late="1"),
    "today": Asked(figure="now.today"),
    "deferred": Asked(state=State.DEFERRED),
    "open": Asked(state="open"),
}

Given = Annotated[Asked, Query()]


@router.get(PATH)
def find(request: Request, ctx: Reading, asked: Given) -> Response:
    """The list; words, filters, columns and page stand in the address, so no telephone number may.

    Nor may a number of an identity card.
    """
    if any(hit.kind in _PERSONAL for hit in reading.scan(rulebook.current(ctx), asked.q)):
        return see(request, PATH, _NOT_HERE, "late")
    if asked.bare and (address := kept.opening(ctx)):
        return RedirectResponse(address, 303)
    return _draw(request, ctx, asked)


@router.get(f"{PATH}.csv")
def export(request: Request, ctx: Reading, desk: DeskHere, asked: Given) -> Response:
    """Exactly what is filtered, as a table without personal details; the export is an event."""
    return exporting.answer(ctx, desk, who(request), asked, "csv")


@router.get(f"{PATH}.xlsx")
def workbook(request: Request, ctx: Reading, desk: DeskHere, asked: Given) -> Response:
    """The same as a workbook."""
    return exporting.answer(ctx, desk, who(request), asked, "xlsx")


@router.post(f"{PATH}/phone")
@only(*PHONE_ROLES)
def by_phone(
    request: Request, ctx: Ctx, phone: Annotated[str, Form(max_length=40)] = ""
) -> Response:
    """Orders of exactly this phone number; asked by form, so that no address holds it."""
    digits = normalise_phone(phone)
    if len(digits) < _SHORTEST_PHONE:
        raise Incomplete("请输入完整的电话号码。", fields={"phone": "至少 7 位数字"})
    ids = requesters.with_phone(ctx.session, ctx.keys, digits)
    found = shelves.in_turn(ctx, ids[: shelves.PAGE])
    ctx.record_system("phone_searched", count=len(ids))
    return _draw(request, ctx, Asked(), found=found, phone=mask_phone(digits), total=len(ids))


def _shelf(name: str) -> Asked:
    if name not in _SHELVES:
        raise NotFound("没有这一栏。", remedy="请从工单页筛选。")
    return _SHELVES[name]


@router.get(PATH + "/{name}")
def shelf(request: Request, ctx: Reading, asked: Annotated[Asked, Depends(_shelf)]) -> Response:
    """A list of the navigation under an address of its own."""
    return _draw(request, ctx, asked)


def _draw(
    request: Request,
    ctx: Context,
    asked: Asked,
    *,
    found: list[Order] | None = None,
    phone: str = "",
    total: int = 0,
) -> Response:
    more = False
    asked = asked.model_copy(update=shelves.begun(ctx, asked.after, asked.n))
    if found is None:
        found, more = searching.listed(ctx, asked, limit=asked.most, after=asked.after)
        total = searching.count(ctx, asked)
    views = kept.shown(ctx, asked)
    columns = table.headings(asked, views.choice)
    last = found[-1].number if found else ""
    onward = link(PATH, **asked.given(after=last, n=asked.n + len(found)))
    here = asked.address(after=asked.after, n=asked.n or "")
    return show(
        request, ctx, "search.html", title="工单",
        rows=_rows(ctx, asked, found, columns),
        columns=columns,
        choices=table.choices(columns or table.exported(asked, None)),
        asked=asked,
        q=asked.q,
        views=views,
        phone=phone,
        may_phone=ctx.person.has(*PHONE_ROLES),
        figure=figures.title(ctx, figures.parse(asked.figure_params())) if asked.figure else "",
        without_figure=link(PATH, q=asked.q, state=asked.state, cols=asked.cols, all="1"),
        without_like=asked.address(like=""),
        selects=_selects(ctx, asked),
        range=span(asked.n, len(found), total),
        sizes=[(size, asked.address(per=size)) for size in PAGES],
        next_page=onward if more else "",
        here=here,
        exports=[(kind, asked.address(f"{PATH}.{kind}")) for kind in ("xlsx", "csv")]
        if found and not phone else [],
        total=shown(total),
        bulk=picking.offered(ctx, here),
        recent=opened.last(ctx.session, ctx.person),
        empty=_why_empty(ctx, asked, phone) if not found else None,
    )  # fmt: skip


def _rows(
    ctx: Context, asked: Asked, found: list[Order], columns: tuple[Any, ...]
) -> list[dict[str, Any]]:
    hits = asked.hits
    why = {}
    if asked.like:
        near = ranking.likeness(ctx, asked)
        why = {order.id: ranking.why(near[order.id]) for order in found}
    if columns:
        return table.rows(ctx, found, columns, hits=hits, why=why)
    return queue_rows(
        ctx, found, lambda order: f"/desk/orders/{order.number}",
        with_state=True, hits=hits, why=why,
    )  # fmt: skip


def _selects(ctx: Context, asked: Asked) -> list[dict[str, Any]]:
    sections = people.sections(ctx.session)
    rules = rulebook.current(ctx)
    fixed = [
        ("state", "状态", searching.STATES, asked.state),
        ("urgency", "紧急", [(word.value, word.label) for word in Urgency], asked.urgency),
    ]
    free = [
        ("channel", "渠道", [(word.value, word.label) for word in Channel], asked.channel),
        ("section", "科室", [("-", "未分科室"), *((c, s.label) for c, s in sections.items())],
         asked.section),
        ("topic", "主题", [(code, rules.topic_label(code)) for code in rules.topics], asked.topic),
    ]  # fmt: skip
    shown_ones = fixed if asked.figure else [fixed[0], *free, fixed[1]]
    return [
        {"name": name, "label": label, "options": options, "value": value}
        for name, label, options, value in shown_ones
    ]


def _why_empty(ctx: Context, asked: Asked, phone: str) -> dict[str, str]:
    clear = {"label": "清除全部条件", "href": link(PATH, all="1")}
    if phone:
        text = "电话按完整号码查找，来件人留的可能是另一个号码。这次查询已记入审计。"
        return {"title": f"没有留 {phone} 的工单", "text": text, **clear}
    if asked.says_nothing:
        text = "检索认汉字、字母和数字，标点和符号不参加检索，所以没有列出工单。"
        return {"title": f"“{asked.words}”里没有可以检索的字", "text": text, **clear}
    if asked.like:
        text = "按字句比对，没有相像到值得一看的工单" + (
            "，或被筛选条件挡住了。" if len(asked.filters) > 1 else "。"
        )
        return {"title": f"没有与 {asked.like} 相似的工单", "text": text, **clear}
    conditions = searching.told(ctx, asked)
    if not conditions:
        text = "登记或导入来件后会出现在这里。" if not asked.figure else "这个数是 0。"
        return {"title": "还没有工单", "text": text, "label": "", "href": ""}
    text = f"按 {conditions} 查过标题和原文，一件也没有。姓名不能检索。"
    if not ctx.person.sees_all:
        text += "只查得到本科室的工单。"
    return {"title": "没有符合条件的工单", "text": text, **clear}


def _counting(asked: Asked) -> Any:
    return lambda ctx: min(searching.count(ctx, asked), MOST - 1)


_WATCHERS = frozenset({Role.DUTY, Role.REVIEWER, Role.LEADER})
PAGE = Page(
    router,
    "工单",
    entries=(
        Entry("工单", PATH, "list", Group.ORDERS, frozenset(DESK_ROLES), foot=True),
        Entry("答复超期", f"{PATH}/late", "triangle-exclamation", Group.ORDERS, _WATCHERS,
              count=_counting(_SHELVES["late"]), foot=True),
        Entry("今日到期", f"{PATH}/today", "clock", Group.ORDERS, _WATCHERS,
              count=_counting(_SHELVES["today"])),
        Entry("挂账", f"{PATH}/deferred", "pause", Group.ORDERS, _WATCHERS,
              count=_counting(_SHELVES["deferred"])),
    ),
)  # fmt: skip
