"""The stable address of a number: which figure, over which days and orders, as of when."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from monitor.domain.errors import Incomplete
from monitor.domain.figures import PROMISES, month_span
from monitor.domain.vocabulary import Channel, Promise
from monitor.domain.workdays import FIRST_YEAR, LAST_YEAR, local

NO_SECTION = "-"
Day = TypeVar("Day", date, datetime)
_CODE = re.compile(r"[\w.-]{1,64}", re.ASCII)
_OF_RATES = frozenset({"due", "met", "late", "ended", "open"})
_NOW = frozenset({"today", "near", "late", "triage", "sign", "hand", "direct", "deferred"})
_AGES = frozenset({"all", "late", "today"})
_WEEKS = frozenset({"met", "late"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureQuery:
    """A number's stable address: which figure, over which days, orders and cut-off.

    `figure` is `rate.<promise>.due|met|late|ended|open` (clocks due from first to last),
    `now.<what>` (as things stand), `age.all|late|today` (in hand, received from first to last),
    `week.met|late` (answered from first to last), `hot.<issue>` or `received`.
    Section "-" means none yet.
    """

    figure: str
    first: date | None = None
    last: date | None = None
    as_of: datetime | None = None
    historical: bool = False
    channel: str | None = None
    section: str | None = None
    topic: str | None = None
    month: str | None = None

    def of(self, figure: str, **changes: Any) -> "FigureQuery":
        """Another figure over the same orders."""
        return replace(self, figure=figure, **changes)

    @property
    def text(self) -> str:
        """The query string that opens the orders."""
        given = {
            "figure": self.figure,
            "from": self.first,
            "to": self.last,
            "as_of": self.as_of and local(self.as_of).isoformat(),
            "historical": "yes" if self.historical else None,
            "channel": self.channel,
            "section": self.section,
            "topic": self.topic,
            "month": self.month,
        }
        return urlencode({name: value for name, value in given.items() if value})


def parse(params: Mapping[str, str]) -> FigureQuery:
    """The address read back; Incomplete where it is not one of ours."""
    figure = params.get("figure", "")
    kind, _, rest = figure.partition(".")
    what, _, part = rest.partition(".")
    known = (
        (kind == "rate" and what in PROMISES and part in _OF_RATES)
        or (kind == "now" and what in _NOW and (not part or part in set(Promise)))
        or (kind == "age" and rest in _AGES)
        or (kind == "week" and rest in _WEEKS)
        or figure == "received"
        or (kind == "hot" and _is_id(rest))
    )
    if not known:
        raise Incomplete("没有这个统计数。", fields={"figure": "请从看板上的数字打开"})
    channel, month = params.get("channel") or None, params.get("month") or None
    if month:
        month_span(month)
    if channel is not None and channel not in set(Channel):
        raise Incomplete("没有这个渠道。", fields={"channel": "请从列表中选择"})
    query = FigureQuery(
        figure=figure,
        first=_day(params, "from"),
        last=_day(params, "to"),
        as_of=_moment(params),
        historical=params.get("historical") == "yes",
        channel=channel,
        section=_code(params, "section"),
        topic=_code(params, "topic"),
        month=month,
    )
    if kind in {"rate", "week"} and (query.first is None or query.last is None):
        raise Incomplete("缺统计期。", fields={"from": "请写明起止日期"})
    if query.first and query.last and query.first > query.last:
        raise Incomplete("统计期的起日晚于止日。", fields={"from": "不得晚于止日"})
    return query


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _day(params: Mapping[str, str], name: str) -> date | None:
    text = params.get(name, "")
    try:
        return _known(date.fromisoformat(text)) if text else None
    except ValueError as error:
        raise Incomplete("日期应写作 2026-10-09。", fields={name: "应为年-月-日"}) from error


def _moment(params: Mapping[str, str]) -> datetime | None:
    text = params.get("as_of", "")
    try:
        return _known(local(datetime.fromisoformat(text))) if text else None
    except (ValueError, OverflowError) as error:
        raise Incomplete("时间应写作 2026-10-09T10:24。", fields={"as_of": "应为时间"}) from error


def _known(day: Day) -> Day:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"outside the calendar: {day}")
    return day


def _code(params: Mapping[str, str], name: str) -> str | None:
    text = params.get(name, "")
    if text and not _CODE.fullmatch(text):
        raise Incomplete("没有这个分类。", fields={name: "请从列表中选择"})
    return text or None
