"""Hot issues and early signs of the office: what the job keeps of them, what a person may see."""

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from monitor.domain.figures import latest_days
from monitor.domain.workdays import local
from monitor.services.context import Context
from monitor.storage.orders import Order
from monitor.storage.supervision import hot as storage
from monitor.storage.supervision.hot import HotIssue

JUDGED = {"noted": "已知悉", "opened": "已立主动治理单", "dismissed": "不作热点"}


@dataclass(frozen=True, slots=True)
class Seen:
    """An issue as one person may see it: only the orders that are his to see are counted."""

    issue: HotIssue
    count: int
    recent: int
    before: int
    week: int
    first: date
    last: date
    weeks: tuple[int, ...]
    sections: tuple[tuple[str | None, int], ...] = field(default=())
    hot: bool = False
    early: bool = False

    @property
    def judged(self) -> str:
        """What the office made of it, in words."""
        return JUDGED.get(self.issue.judged, "")


def rules(ctx: Context) -> Mapping[str, Any]:
    """What makes an issue, as the office has it."""
    path = ctx.settings.data_dir / "rulebook" / "hot.toml"
    return _rules(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _rules(path: Path, _changed: int) -> Mapping[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def seen(ctx: Context) -> list[Seen]:
    """The issues that are written about now, the hottest first; a constant number of queries."""
    book = rules(ctx)
    watch, early = book["watch"], book["early"]
    today = local(ctx.now).date()
    begins = latest_days(today, watch["recent"])[0]
    alive = storage.alive(ctx.session, begins)
    return _counted(ctx, alive, today, watch, early)


def one(ctx: Context, issue: HotIssue) -> Seen | None:
    """One issue as this person may see it; None where none of its orders are his to see."""
    book = rules(ctx)
    found = _counted(ctx, [issue], local(ctx.now).date(), book["watch"], book["early"])
    return found[0] if found else None


def signs(ctx: Context) -> list[Seen]:
    """Early signs that nobody has judged yet; no other issue is read for them."""
    book = rules(ctx)
    watch, early = book["watch"], book["early"]
    today = local(ctx.now).date()
    since = latest_days(today, early["days"])[0]
    found = storage.stirring(ctx.session, ctx.person, since, early["least"])
    return _counted(ctx, found, today, watch, early)


def like(ctx: Context, order: Order) -> tuple[HotIssue, int] | None:
    """The issue that an order belongs to, and how many others of it this person may see."""
    issue = storage.of_order(ctx.session, order.id)
    if issue is None:
        return None
    others = len(storage.counted(ctx.session, ctx.person, [issue.id])) - 1
    return (issue, others) if others > 0 else None


def _counted(
    ctx: Context,
    issues: Sequence[HotIssue],
    today: date,
    watch: Mapping[str, Any],
    early: Mapping[str, Any],
) -> list[Seen]:
    recent = latest_days(today, watch["recent"])[0]
    before = latest_days(recent - timedelta(1), watch["recent"])[0]
    week = latest_days(today, early["days"])[0]
    rows: dict[UUID, list[tuple[date, str | None]]] = {}
    for row in storage.counted(ctx.session, ctx.person, [one.id for one in issues]):
        rows.setdefault(row.issue_id, []).append((row.received_on, row.section))
    found = []
    for issue in issues:
        own = rows.get(issue.id, [])
        if not own:
            continue
        days = [day for day, _ in own]
        whole = len(days)
        sevens = Counter((today - day).days // early["days"] for day in days)
        found.append(
            Seen(
                issue,
                whole,
                sum(day >= recent for day in days),
                sum(before <= day < recent for day in days),
                sum(day >= week for day in days),
                min(days),
                max(days),
                tuple(sevens[place] for place in reversed(range(watch["weeks"]))),
                tuple(
                    sorted(
                        Counter(section for _, section in own).items(),
                        key=lambda pair: (-pair[1], pair[0] or ""),
                    )
                ),
                whole >= watch["least"],
                sum(day >= week for day in days) >= early["least"],
            )
        )
    return found
