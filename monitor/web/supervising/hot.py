"""Hot issues as pages draw them: place, count, growth, span, sections, the way to the orders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monitor.services.context import Context
from monitor.services.figures import FigureQuery
from monitor.services.supervision import hot
from monitor.services.supervision.hot import Seen
from monitor.storage import people
from monitor.storage.orders import Order

PATH = "/desk/hot"
_MOST_SECTIONS = 3
_TALL = 30


@dataclass(frozen=True, slots=True)
class Row:
    """One issue in a list."""

    seen: Seen
    name: str
    href: str
    orders: str
    place: str
    growth: str
    sections: str
    bars: tuple[tuple[int, float], ...]


def rows(ctx: Context, found: Sequence[Seen]) -> list[Row]:
    """The issues as rows; sections by their names."""
    labels = {code: one.label for code, one in people.sections(ctx.session).items()}
    return [row(one, labels) for one in found]


def row(one: Seen, labels: Mapping[str, str]) -> Row:
    """One issue with its words."""
    issue = one.issue
    shown = [f"{labels.get(code or '', '未分科室')} {count} 件" for code, count in one.sections]
    rest = len(shown) - _MOST_SECTIONS
    sections = "、".join(shown[:_MOST_SECTIONS]) + (f"等 {len(shown)} 个科室" if rest > 0 else "")
    most = max(one.weeks, default=0) or 1
    return Row(
        one,
        issue.name,
        f"{PATH}/{issue.id}",
        orders_of(one),
        "、".join(place.upper() for place in issue.places) or "未说具体地方",
        _growth(one),
        sections,
        tuple((count, round(count * _TALL / most, 1)) for count in one.weeks),
    )


def orders_of(one: Seen) -> str:
    """The address of exactly the orders that are counted."""
    return f"/desk/search?{FigureQuery(figure=f'hot.{one.issue.id}').text}"


def on_board(ctx: Context) -> dict[str, Any]:
    """What the board says of hot issues: the hottest, and the signs nobody has looked at."""
    found = hot.seen(ctx)
    watch = hot.rules(ctx)["watch"]
    hottest = [one for one in found if one.hot and one.issue.judged != "dismissed"]
    return {
        "hot": rows(ctx, hottest[: watch["shown"]]),
        "hot_days": watch["recent"],
        "signs": banner(ctx),
    }


def banner(ctx: Context) -> dict[str, Any] | None:
    """Early signs that nobody has looked at, as the sentence over a desk."""
    book = hot.rules(ctx)["early"]
    signs = hot.signs(ctx)
    if not signs:
        return None
    first = signs[0]
    return {
        "title": f"{book['days']} 天里有 {len(signs)} 处苗头",
        "text": f"“{first.issue.name}”{first.week} 件"
        + (f"，另有 {len(signs) - 1} 处" if len(signs) > 1 else ""),
        "href": f"{PATH}/{first.issue.id}" if len(signs) == 1 else f"{PATH}?tab=early",
    }


def beside(ctx: Context, order: Order) -> dict[str, Any] | None:
    """What the panel of an order says of the issue that it belongs to."""
    found = hot.like(ctx, order)
    if found is None:
        return None
    issue, others = found
    return {"name": issue.name, "others": others, "href": f"{PATH}/{issue.id}"}


def _growth(one: Seen) -> str:
    change = one.recent - one.before
    if not one.before:
        return f"近期 {one.recent} 件，前期没有"
    words = f"增 {change} 件" if change > 0 else f"减 {-change} 件" if change < 0 else "持平"
    return f"近期 {one.recent} 件，比前期{words}"
