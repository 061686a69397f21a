"""The rates as one document: what the command prints and what may be exported."""

from datetime import date, datetime
from typing import Any

from monitor.domain.workdays import local
from monitor.services.context import Context
from monitor.services.figures.address import FigureQuery
from monitor.services.figures.tables import LatencyRow, RateRow
from monitor.services.figures.timeliness import measure


def rates_report(
    ctx: Context,
    first: date,
    last: date,
    by: str | None = None,
    as_of: datetime | None = None,
    *,
    historical: bool = False,
    channel: str | None = None,
    section: str | None = None,
) -> dict[str, Any]:
    """Rates (0 to 1, None where nothing was due) and latencies of a period in plain values."""
    query = FigureQuery(
        figure="rate",
        first=first,
        last=last,
        as_of=as_of,
        historical=historical,
        channel=channel,
        section=section,
    )
    found = measure(ctx, query, by)
    return {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "as_of": local(as_of or ctx.now).isoformat(),
        "by": by,
        "historical": historical,
        "channel": channel,
        "section": section,
        "definitions": found.book.version,
        "rates": [
            {
                "code": table.rate.code,
                "label": table.rate.label,
                "definition": table.rate.definition,
                "counted": table.rate.numerator,
                "of": table.rate.denominator,
                "excluded": list(table.rate.exclusions),
                "not_yet_due": table.open,
                "target": table.rate.target,
                "smallest": table.rate.smallest,
                "rows": [_rate(row) for row in table.rows],
                "total": _rate(table.total),
            }
            for table in found.rates()
        ],
        "latencies": [
            {
                "promise": str(table.promise),
                "label": table.promise.label,
                "rows": [_latency(row) for row in table.rows],
                "total": _latency(table.total),
            }
            for table in found.latencies()
        ],
    }


def _rate(row: RateRow) -> dict[str, Any]:
    return {
        "key": row.key,
        "label": row.label,
        "numerator": row.numerator,
        "denominator": row.denominator,
        "rate": row.rate,
        "small_sample": row.small,
    }


def _latency(row: LatencyRow) -> dict[str, Any]:
    return {
        "key": row.key,
        "label": row.label,
        "n": row.n,
        "median_wall_seconds": row.median_wall_seconds,
        "p90_wall_seconds": row.p90_wall_seconds,
        "median_work_seconds": row.median_work_seconds,
        "p90_work_seconds": row.p90_work_seconds,
    }
