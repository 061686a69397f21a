"""The list to take away: the same rows in the same order, the same columns, as csv or xlsx."""

from collections.abc import Iterator, Sequence
from urllib.parse import quote

from starlette.responses import Response

from monitor.domain.access import Acting
from monitor.domain.errors import Refused
from monitor.domain.workdays import local
from monitor.reports import orders as report
from monitor.reports import tables
from monitor.reports.orders import Heading
from monitor.services.context import Context
from monitor.services.desk import Desk
from monitor.storage.lists import views
from monitor.web.queues import searching, table
from monitor.web.queues.wanted import Asked

MOST_EXPORTED = 20_000
CHUNK = 500
_KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def answer(ctx: Context, desk: Desk, person: Acting, asked: Asked, kind: str) -> Response:
    """The table as a file; that it was taken away is an event, without the words looked for."""
    columns = table.exported(asked, views.choice(ctx.session, person))
    rows = list(_rows(ctx, asked, columns))
    titles = [column.title for column in columns]
    body = tables.as_csv(titles, rows) if kind == "csv" else tables.as_xlsx("工单", titles, rows)
    with desk.writing(person) as noting:
        filters = {name: value for name, value in asked.filters.items() if name != "q"}
        noting.record_system(
            "exported", list="orders", kind=kind, count=len(rows), filters=filters,
            columns=[column.code for column in columns],
        )  # fmt: skip
    name = quote(f"工单-{local(ctx.now):%Y%m%d-%H%M}.{kind}")
    headers = {
        "content-disposition": f"attachment; filename=orders.{kind}; filename*=UTF-8''{name}",
        "cache-control": "no-store",
    }
    return Response(body, media_type=_KINDS[kind], headers=headers)


def _rows(ctx: Context, asked: Asked, columns: Sequence[Heading]) -> Iterator[list[str]]:
    labels = report.labels(ctx)
    count, after, more = 0, "", True
    while more:
        found, more = searching.listed(ctx, asked, limit=CHUNK, after=after)
        for line in report.lines(ctx, found, labels):
            yield report.cells(line, columns)
        count += len(found)
        after = found[-1].number if found else ""
        if count > MOST_EXPORTED:
            raise Refused(
                f"结果超过 {MOST_EXPORTED} 件，没有导出。", remedy="请用时间、渠道或科室缩小范围。"
            )
