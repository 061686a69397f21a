"""The board of time limits (时限看板): where it burns, and whether the figure is true."""

import csv
from collections.abc import Mapping
from datetime import time
from io import StringIO
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from starlette.responses import Response

from monitor.domain import figures as reckoning
from monitor.domain.access import DESK_ROLES
from monitor.domain.errors import Incomplete
from monitor.domain.vocabulary import Channel
from monitor.domain.workdays import local
from monitor.services import figures, rulebook
from monitor.services.context import Context
from monitor.services.figures import FigureQuery
from monitor.services.supervision import standby
from monitor.storage import people
from monitor.web import views
from monitor.web.deps import Ctx, Reading
from monitor.web.guard import desk_router
from monitor.web.navigation import Entry, Group, Page, show
from monitor.web.supervising import hot

router = desk_router(*DESK_ROLES)
ADDRESS = "/desk/dashboard"
GROUPS = {"section": "科室", "channel": "渠道", "month": "月份", "topic": "主题"}
_NAMES = ("from", "to", "channel", "section", "historical", "as_of", "by")
_END_OF_DAY = time(23, 59, 59)
_SECONDS = (
    "median_wall_seconds",
    "p90_wall_seconds",
    "median_work_seconds",
    "p90_work_seconds",
)
# A spreadsheet reads a cell that begins like this as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@router.get(ADDRESS)
def dashboard(request: Request, ctx: Reading) -> Response:
    """Tiles, rates, league, latencies, overdue, ageing, weeks and channels of a period."""
    query, by = asked(ctx, request.query_params)
    measured = figures.measure(ctx, query, by)
    standing = figures.standing(ctx, query)
    calendar = rulebook.current(ctx).calendar
    own = {name: request.query_params[name] for name in _NAMES if request.query_params.get(name)}
    looking_back = query.as_of is not None
    return show(
        request,
        ctx,
        "dashboard.html",
        title="时限看板",
        query=query,
        by=by,
        **({"signs": None} if looking_back else hot.on_board(ctx)),
        unkept="" if looking_back else standby.unkept(ctx),
        groups=[
            {"label": f"按{label}", "href": _here(own, by=code), "active": code == by}
            for code, label in GROUPS.items()
        ],
        opens=lambda behind: f"/desk/search?{behind.text}",
        here=lambda **changes: _here(own, **changes),
        cut_off=query.as_of or ctx.now,
        periods=_periods(ctx, own),
        channels_known=[(str(channel), channel.label) for channel in Channel],
        sections_known=_sections(ctx) if ctx.person.sees_all else [],
        book=measured.book,
        rates=measured.rates(),
        league=figures.league(ctx, measured, standing),
        latencies=[
            measured.latency_row(rate.promise, "all", rate.promise.label)
            for rate in measured.book.rates
        ],
        standing=standing,
        overdue=[] if looking_back else _overdue(ctx, query),
        weeks=figures.weeks(ctx, query),
        received=figures.channels(ctx, query),
        ticks=reckoning.ticks,
        wall=reckoning.duration_words,
        work=lambda seconds: reckoning.duration_words(seconds, reckoning.day_seconds(calendar)),
    )


@router.get(f"{ADDRESS}/figures.csv")
def export(request: Request, ctx: Ctx) -> Response:
    """The same rates and latencies as a table for a spreadsheet; every cell is text or a number."""
    query, by = asked(ctx, request.query_params)
    if query.first is None or query.last is None:
        raise Incomplete("缺统计期。", fields={"from": "请写明起止日期"})
    report = figures.rates_report(
        ctx,
        query.first,
        query.last,
        by,
        query.as_of,
        historical=query.historical,
        channel=query.channel,
        section=query.section,
    )
    ctx.record_system("exported", page="dashboard", query=query.text, by=by)
    name = f"figures-{query.first}-{query.last}.csv"
    return Response(
        "\ufeff" + _table(report),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


def asked(ctx: Context, params: Mapping[str, str]) -> tuple[FigureQuery, str]:
    """What the address asks for: the period, the filters, the cut-off, and how to group."""
    by = params.get("by") or "section"
    if by not in GROUPS:
        raise Incomplete("只能按科室、渠道、月份或主题分组。", fields={"by": "请从列表中选择"})
    given = {name: params[name] for name in _NAMES if params.get(name)} | {"figure": "received"}
    if "T" not in given.get("as_of", "T"):
        given["as_of"] = f"{given['as_of']}T{_END_OF_DAY}"
    found = figures.parse(given)
    as_of = found.as_of if found.as_of is not None and found.as_of < ctx.now else None
    last = found.last or local(as_of or ctx.now).date()
    days = figures.book(ctx).period_days
    first = found.first or reckoning.latest_days(last, days)[0]
    if first > last:
        raise Incomplete("统计期的起日晚于止日。", fields={"from": "不得晚于止日"})
    return found.of("rate", first=first, last=last, as_of=as_of), by


def _here(own: Mapping[str, str], **changes: object) -> str:
    kept = {**own, **changes}
    text = urlencode({name: value for name, value in kept.items() if value})
    return f"{ADDRESS}?{text}" if text else ADDRESS


def _periods(ctx: Context, own: Mapping[str, str]) -> list[dict[str, object]]:
    today = local(ctx.now).date()
    month = today.replace(day=1)
    before = reckoning.latest_days(month, 2)[0]
    days = figures.book(ctx).period_days
    spans = (
        (f"近 {days} 天", *reckoning.latest_days(today, days)),
        ("本月", month, today),
        ("上月", before.replace(day=1), before),
        ("今年", today.replace(month=1, day=1), today),
    )
    return [
        {"label": label, "href": _here(own, **{"from": first, "to": last})}
        for label, first, last in spans
    ]


def _sections(ctx: Context) -> list[tuple[str, str]]:
    return [(code, section.label) for code, section in people.sections(ctx.session).items()]


def _overdue(ctx: Context, query: FigureQuery) -> list[dict[str, object]]:
    labels = dict(_sections(ctx))
    return [
        {
            "clock": views.clock_view(ctx, clock),
            "title": order.title,
            "number": order.number,
            "section": labels.get(order.section or "", "未分科室"),
            "channel": Channel(order.channel),
        }
        for order, clock in figures.overdue(ctx, query)
    ]


def _table(report: Mapping[str, Any]) -> str:
    out = StringIO()
    rows = csv.writer(out)

    def write(*cells: object) -> None:
        rows.writerow([_cell(cell) for cell in cells])

    write("统计期", f"{report['from']} 至 {report['to']}")
    write("数据截至", report["as_of"])
    write("口径", f"第 {report['definitions']} 版")
    write("含历史件", "是" if report["historical"] else "否")
    write()
    write("指标", "分组", "按时（件）", "到期（件）", "率", "目标", "未到期不计（件）", "口径")
    for table in report["rates"]:
        for row in (*table["rows"], table["total"]):
            whole = row is table["total"]
            write(
                table["label"],
                row["label"],
                row["numerator"],
                row["denominator"],
                row["rate"],
                table["target"],
                table["not_yet_due"] if whole else None,
                table["definition"] if whole else None,
            )
    write()
    write("环节", "分组", "件数", "中位（秒）", "P90（秒）", "中位（工作秒）", "P90（工作秒）")
    for table in report["latencies"]:
        for row in (*table["rows"], table["total"]):
            write(table["label"], row["label"], row["n"], *(row[name] for name in _SECONDS))
    return out.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


PAGE = Page(
    router,
    "时限看板",
    entries=(Entry("时限看板", ADDRESS, "gauge-high", Group.WATCH, DESK_ROLES, foot=True),),
)
