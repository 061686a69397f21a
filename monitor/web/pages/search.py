"""工单: search and filter all own orders; look a phone number up; export what is filtered."""

import csv
import io
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, Form, Query, Request
from starlette.responses import Response

from monitor.domain.access import DESK_ROLES, mask_phone
from monitor.domain.errors import Incomplete, NotFound, Refused
from monitor.domain.numbers import normalise_phone
from monitor.domain.vocabulary import Channel, Promise, RequestType, Role, State, Urgency
from monitor.domain.workdays import local
from monitor.services import figures, reading, rulebook
from monitor.services.context import Context
from monitor.storage import deadlines, people, requesters
from monitor.storage.orders import Order
from monitor.web.deps import Ctx, DeskHere, Reading, who
from monitor.web.guard import desk_router, only
from monitor.web.navigation import Entry, Group, Page, show
from monitor.web.queues import searching, shelves
from monitor.web.queues.rows import MOST, link, queue_rows, shown, span
from monitor.web.queues.searching import PATH, Asked

router = desk_router(*DESK_ROLES)
PHONE_ROLES = (Role.DUTY, Role.REVIEWER)
MOST_EXPORTED = 20_000
_CHUNK = 500
_SHORTEST_PHONE = 7
# A cell that begins like this would be reckoned by a spreadsheet instead of shown.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_COLUMNS = (
    "受理编号", "上级平台编号", "渠道", "来件时间", "标题", "状态", "紧急程度", "诉求类型", "主题",
    "主办科室", "协办科室", "答复期限", "答复时间", "答复是否超期",
)  # fmt: skip
_SHELVES = {
    "today": Asked(figure="now.today"),
    "deferred": Asked(state=State.DEFERRED),
    "open": Asked(state="open"),
}

Given = Annotated[Asked, Query()]


@router.get(PATH)
def find(request: Request, ctx: Reading, asked: Given) -> Response:
    """The list; words, filters and page stand in the address."""
    return _draw(request, ctx, asked)


@router.get(f"{PATH}.csv")
def export(request: Request, ctx: Reading, desk: DeskHere, asked: Given) -> Response:
    """Exactly what is filtered, as a table without personal details; the export is an event."""
    body, count = _table(ctx, asked)
    with desk.writing(who(request)) as noting:
        kept = {name: value for name, value in asked.given().items() if value and name != "q"}
        noting.record_system("exported", list="orders", count=count, filters=kept)
    name = quote(f"工单-{local(ctx.now):%Y%m%d-%H%M}.csv")
    headers = {
        "content-disposition": f"attachment; filename=orders.csv; filename*=UTF-8''{name}",
        "cache-control": "no-store",
    }
    return Response(body, media_type="text/csv; charset=utf-8", headers=headers)


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
    if found is None and not asked.says_nothing:
        found, more = searching.listed(ctx, asked, limit=shelves.PAGE, after=asked.after)
        total = searching.count(ctx, asked)
    found = found or []
    hits = asked.hits if asked.words else ()
    rows = queue_rows(
        ctx, found, lambda order: f"/desk/orders/{order.number}", with_state=True, hits=hits
    )
    last = rows[-1]["number"] if rows else ""
    onward = link(PATH, **asked.given(after=last, n=asked.n + len(rows)))
    return show(
        request, ctx, "search.html", title="工单",
        rows=rows,
        asked=asked,
        q=asked.q,
        phone=phone,
        may_phone=ctx.person.has(*PHONE_ROLES),
        figure=figures.title(ctx, figures.parse(asked.figure_params())) if asked.figure else "",
        without_figure=link(PATH, q=asked.q, state=asked.state),
        selects=_selects(ctx, asked),
        range=span(asked.n, len(rows), total),
        next_page=onward if more else "",
        export=asked.address(f"{PATH}.csv") if rows and not phone else "",
        total=shown(total),
        empty=_why_empty(ctx, asked, phone) if not rows else None,
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
    clear = {"label": "清除全部条件", "href": PATH}
    if phone:
        text = "电话按完整号码查找，来件人留的可能是另一个号码。这次查询已记入审计。"
        return {"title": f"没有留 {phone} 的工单", "text": text, **clear}
    if asked.says_nothing:
        text = "检索认汉字、字母和数字，标点和符号不参加检索，所以没有列出工单。"
        return {"title": f"“{asked.words}”里没有可以检索的字", "text": text, **clear}
    conditions = searching.told(ctx, asked)
    if not conditions:
        text = "登记或导入来件后会出现在这里。" if not asked.figure else "这个数是 0。"
        return {"title": "还没有工单", "text": text, "label": "", "href": ""}
    text = f"按 {conditions} 查过标题和原文，一件也没有。姓名不能检索。"
    if not ctx.person.sees_all:
        text += "只查得到本科室的工单。"
    return {"title": "没有符合条件的工单", "text": text, **clear}


def _table(ctx: Context, asked: Asked) -> tuple[str, int]:
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    labels = {code: one.label for code, one in people.sections(ctx.session).items()}
    rules = rulebook.current(ctx)
    count, after, more = 0, "", not asked.says_nothing
    while more:
        found, more = searching.listed(ctx, asked, limit=_CHUNK, after=after)
        clocks = deadlines.of_orders(ctx.session, [order.id for order in found])
        for order in found:
            answer = [c for c in clocks.get(order.id, []) if c.promise == Promise.ANSWER]
            cells = _cells(order, answer[-1] if answer else None, labels, rules.topic_label)
            writer.writerow(map(plain, cells))
        count += len(found)
        after = found[-1].number if found else ""
        if count > MOST_EXPORTED:
            raise Refused(
                f"结果超过 {MOST_EXPORTED} 件，没有导出。", remedy="请用时间、渠道或科室缩小范围。"
            )
    return out.getvalue(), count


def _cells(order: Order, answer: Any, labels: dict[str, str], topic: Any) -> list[str]:
    kind = order.request_type or order.suggested_type
    received = f"{local(order.received_at):%Y-%m-%d %H:%M}"
    late = {True: "是", False: "否", None: ""}[answer.late] if answer else ""
    return [
        order.number,
        order.upstream_no or "",
        Channel(order.channel).label,
        received[:10] if order.date_only else received,
        reading.redact(order.title),
        State(order.state).label,
        Urgency(order.urgency or order.suggested_urgency or Urgency.NORMAL).label,
        RequestType(kind).label if kind else "",
        topic(order.topic or order.suggested_topic),
        labels.get(order.section or "", ""),
        "、".join(labels.get(code, code) for code in order.co_sections),
        f"{local(answer.due_at):%Y-%m-%d %H:%M}" if answer else "",
        f"{local(answer.ended_at):%Y-%m-%d %H:%M}" if answer and answer.ended_at else "",
        late,
    ]


def plain(cell: str) -> str:
    """A cell that stays text in a spreadsheet."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _counting(asked: Asked) -> Any:
    return lambda ctx: min(searching.count(ctx, asked), MOST - 1)


_WATCHERS = frozenset({Role.DUTY, Role.REVIEWER, Role.LEADER})
PAGE = Page(
    router,
    "工单",
    entries=(
        Entry("工单", PATH, "list", Group.ORDERS, frozenset(DESK_ROLES), foot=True),
        Entry("今日到期", f"{PATH}/today", "clock", Group.ORDERS, _WATCHERS,
              count=_counting(_SHELVES["today"])),
        Entry("挂账", f"{PATH}/deferred", "pause", Group.ORDERS, _WATCHERS,
              count=_counting(_SHELVES["deferred"])),
    ),
)  # fmt: skip
