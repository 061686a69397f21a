"""What a number's list is called, and the definitions in force."""

import tomllib
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from monitor.domain import figures
from monitor.domain.figures import Book
from monitor.domain.vocabulary import Channel, Promise
from monitor.domain.workdays import local
from monitor.services import rulebook
from monitor.services.context import Context
from monitor.services.figures.address import NO_SECTION, FigureQuery
from monitor.services.supervision import hot
from monitor.storage import people
from monitor.storage.supervision import hot as storage

_PARTS = {
    "due": "到期的",
    "met": "按时的",
    "late": "超期的",
    "ended": "到期且已办完的",
    "open": "期内到期、尚未到期未办完的",
}
_NOW = {
    "today": "今日到期",
    "near": "将到期",
    "late": "已超期",
    "triage": "待研判",
    "sign": "待签收",
    "hand": "在办",
    "direct": "直接答复待审",
    "deferred": "挂账",
}
_AGES = {"all": "在办", "late": "在办，答复已超期", "today": "在办，答复今日到期"}
_WEEKS = {"met": "按时答复", "late": "超期答复"}


def book(ctx: Context) -> Book:
    """The definitions in force, with the office's own numbers."""
    path = ctx.settings.data_dir / "rulebook" / "figures.toml"
    return _book(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _book(path: Path, _changed: int) -> Book:
    return figures.parse(tomllib.loads(path.read_text(encoding="utf-8")))


def title(ctx: Context, query: FigureQuery) -> str:
    """The words over a list of orders: the figure, the days, the filters, the cut-off."""
    kind, _, rest = query.figure.partition(".")
    what, _, part = rest.partition(".")
    if kind == "rate":
        rate = next(rate for rate in figures.RATES if rate.code == what)
        words = [f"{rate.label}：{_PARTS[part]}", _days("到期日", query)]
    elif kind == "now":
        words = [f"{Promise(part).label}{_NOW[what]}" if part else _NOW[what]]
        words.append(_days("到期日", query) if what in {"today", "near"} else "")
    elif kind == "hot":
        issue = storage.get(ctx.session, UUID(rest))
        words = [f"热点：{issue.name}" if issue and hot.one(ctx, issue) else "热点"]
    elif kind == "week":
        words = [_WEEKS[what], _days("答复日", query)]
    else:
        words = [_AGES.get(what, "收件"), _days("受理日", query)]
    return " · ".join(word for word in (*words, *_filters(ctx, query)) if word)


def _days(name: str, query: FigureQuery) -> str:
    if query.first is None and query.last is None:
        return ""
    if query.first == query.last:
        return f"{name} {query.first}"
    return f"{name} {query.first or '以前'} 至 {query.last or '今'}"


def _filters(ctx: Context, query: FigureQuery) -> list[str]:
    words = []
    if query.month:
        words.append(figures.month_span(query.month).label)
    if query.channel:
        words.append(Channel(query.channel).label)
    if query.section == NO_SECTION:
        words.append("未分科室")
    elif query.section:
        section = people.sections(ctx.session).get(query.section)
        words.append(section.label if section else query.section)
    if query.topic == NO_SECTION:
        words.append("未定主题")
    elif query.topic:
        words.append(rulebook.current(ctx).topic_label(query.topic))
    if query.historical:
        words.append("含历史件")
    if query.as_of is not None:
        at = local(query.as_of)
        words.append(f"截至 {at:%Y-%m-%d %H:%M}")
    return words
