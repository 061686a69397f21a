"""工作日历: each year's holidays and make-up days; publishing a year shows first what it moves."""

import re
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Form, Path, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from monitor.domain.errors import Incomplete, Stale
from monitor.domain.vocabulary import Role
from monitor.domain.workdays import WEEKDAYS, local
from monitor.services import rulebook
from monitor.services.clockwork import calendars, foretelling
from monitor.services.context import Context
from monitor.services.rulebook import changes
from monitor.storage import people
from monitor.storage import rulebook as storage
from monitor.storage.supervision import reckoning
from monitor.tasks import durable
from monitor.web.deps import LARGEST, DeskHere, Reading, who
from monitor.web.guard import desk_router, only
from monitor.web.navigation import Entry, Group, Page, see, show

router = desk_router(Role.SYSTEM_ADMIN, Role.REVIEWER, Role.DUTY)
PATH = "/admin/calendar"
_KIND = "holiday"
_LINE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\s*[至~]\s*(\d{4}-\d{2}-\d{2}))?\s*(\S.{0,20})?")
_LONGEST_SPAN = 15
_SATURDAY = 5
Year = Annotated[int, Path(ge=2000, le=2099)]
Lines = Annotated[str, Field(max_length=8_000)]


@router.get(PATH)
def years(request: Request, ctx: Reading) -> Response:
    """The years about now: announced or not, by which paper; and the last re-reckonings."""
    today = local(ctx.now).date()
    calendar = rulebook.current(ctx).calendar
    return show(
        request, ctx, "calendar.html", title="工作日历",
        years=[(year, calendar.table(year)) for year in range(today.year - 2, today.year + 3)],
        runs=reckoning.latest(ctx.session), may=ctx.person.has(Role.SYSTEM_ADMIN),
    )  # fmt: skip


@router.get(f"{PATH}/{{year}}")
def one(request: Request, ctx: Reading, year: Year) -> Response:
    """One year, month by month; and its form for whoever may change it."""
    return _draw(request, ctx, year)


class YearForm(BaseModel):
    """One year as it is sent: its paper, its lines, whether it was looked at before."""

    source: Annotated[str, Field(max_length=200)] = ""
    off: Lines = ""
    work: Lines = ""
    announced: Annotated[str, Field(max_length=3)] = ""
    confirmed: Annotated[str, Field(max_length=3)] = ""
    seen: Annotated[int, Field(ge=0, le=LARGEST)] = 0


@router.post(f"{PATH}/{{year}}")
@only(Role.SYSTEM_ADMIN)
def publish(
    request: Request, desk: DeskHere, year: Year, form: Annotated[YearForm, Form()]
) -> Response:
    """Show what a year's table would move; published when it was confirmed."""
    if form.confirmed:
        with desk.writing(who(request)) as ctx:
            run_id, looked = _publish(ctx, year, form)
        durable.enqueue_reckoning(desk, run_id)
        return see(request, PATH, f"{year} 年安排已发布，正在重算 {looked} 个在走的时限。")
    with desk.reading(who(request)) as ctx:
        try:
            change = _change(ctx, year, form)
        except Incomplete as fault:
            return _draw(request, ctx, year, form, fault)
        return show(
            request, ctx, "calendar_trial.html", title=f"{year} 年：发布前试算", year=year,
            found=foretelling.preview(ctx, change), given=form,
        )  # fmt: skip


def _change(ctx: Context, year: int, form: YearForm) -> calendars.Change:
    """What the form would change; Incomplete where it cannot be, or would change nothing."""
    body = _body(year, form)
    past = storage.history(ctx.session, _KIND, str(year))
    if form.seen != (past[0].version if past else 0):
        raise Stale("这一年的安排刚才有人改过。", remedy="请重新打开，看过新的再改。")
    rules = rulebook.current(ctx)
    after = calendars.with_year(rules, year, {**body, "version": form.seen + 1})
    change = calendars.difference(rules, after, year)
    if change is None:
        raise Incomplete("没有要改的：和现在的安排一样。")
    return change


def _publish(ctx: Context, year: int, form: YearForm) -> tuple[UUID, int]:
    """The new version and the run that follows it, in one transaction."""
    change = _change(ctx, year, form)
    looked = reckoning.count_from(ctx.session, change.first)
    held = change.before.bodies.get(_KIND, ())
    before = next((one for one in held if int(one["year"]) == year), None)
    asked = changes.Change(_KIND, str(year), _body(year, form), local(ctx.now).date())
    rows = changes.drawn(ctx, [asked], ctx.person.label, form.source)
    changes.apply(
        ctx, rows, people.sections(ctx.session), "rule_changed", kind=_KIND, code=str(year),
        version=rows[0].version, valid_from=rows[0].valid_from.isoformat(), act="change",
    )  # fmt: skip
    return calendars.begin(ctx, year, before, looked).id, looked


def _body(year: int, form: YearForm) -> dict[str, Any]:
    """The year as it is stored; Incomplete names the line that cannot be read."""
    source = form.source.strip()
    if not source:
        raise Incomplete("请写明依据。", fields={"source": "如 国务院办公厅通知的名称和文号"})
    body: dict[str, Any] = {
        "year": year,
        "source": source,
        "provisional": form.announced != "yes",
        "off": _days(year, form.off, "off", "放假"),
        "work": _days(year, form.work, "work", "补班"),
    }
    calendars.as_calendar(body)
    return body


def _days(year: int, lines: str, name: str, otherwise: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, line in enumerate(lines.splitlines(), start=1):
        if not line.strip():
            continue
        words = f"第 {number} 行应写成 {year}-10-01 国庆节，或 {year}-10-01 至 {year}-10-07 国庆节"
        fault = {name: words}
        match = _LINE.fullmatch(line.strip())
        try:
            first = date.fromisoformat(match[1]) if match else None
            last = date.fromisoformat(match[2]) if match and match[2] else first
        except ValueError:
            first = last = None
        if match is None or first is None or last is None or not first <= last:
            raise Incomplete(f"第 {number} 行读不懂。", fields=fault)
        if first.year != year or last.year != year or (last - first).days > _LONGEST_SPAN:
            raise Incomplete(f"第 {number} 行不在 {year} 年，或跨得太长。", fields=fault)
        for day in range(first.toordinal(), last.toordinal() + 1):
            found[date.fromordinal(day).isoformat()] = match[3] or otherwise
    return found


def _draw(
    request: Request, ctx: Context, year: int, given: YearForm | None = None,
    fault: Incomplete | None = None,
) -> Response:  # fmt: skip
    calendar = rulebook.current(ctx).calendar
    table = calendar.table(year)
    past = storage.history(ctx.session, _KIND, str(year))
    if given is None:
        given = YearForm(
            source="" if table.provisional or not past else table.source,
            off="\n".join(f"{day} {why}" for day, why in sorted(table.off.items())),
            work="\n".join(f"{day} {why}" for day, why in sorted(table.work.items())),
            announced="" if table.provisional else "yes",
        )
    return show(
        request, ctx, "calendar_year.html", title=f"{year} 年工作日历", year=year, table=table,
        months=[_month(calendar, year, month, local(ctx.now).date()) for month in range(1, 13)],
        weekdays=WEEKDAYS, given=given, faults=fault.fields if fault else {},
        error=fault.message if fault else "", status=422 if fault else 200, past=past,
        seen=past[0].version if past else 0, may=ctx.person.has(Role.SYSTEM_ADMIN),
    )  # fmt: skip


def _month(calendar: Any, year: int, month: int, today: date) -> dict[str, Any]:
    """A month as weeks from Monday on: each day with what it is."""
    first = date(year, month, 1)
    after = date(year + month // 12, month % 12 + 1, 1)
    cells: list[dict[str, Any] | None] = [None] * first.weekday()
    for number in range(first.toordinal(), after.toordinal()):
        day = date.fromordinal(number)
        told = calendar.classify(day)
        cells.append(
            {
                "day": day.day,
                "counts": told.counts,
                "mark": _mark(day, told.counts),
                "why": told.why,
                "today": day == today,
            }
        )
    cells += [None] * (-len(cells) % 7)
    return {"month": month, "weeks": [cells[at : at + 7] for at in range(0, len(cells), 7)]}


def _mark(day: date, counts: bool) -> str:
    """Where a day is not what its weekday says."""
    weekend = day.weekday() >= _SATURDAY
    if counts == weekend:
        return "班" if counts else "休"
    return ""


PAGE = Page(
    router,
    "工作日历",
    entries=(
        Entry("工作日历", PATH, "calendar-days", Group.ADMIN, frozenset({Role.SYSTEM_ADMIN})),
        Entry("工作日历", PATH, "calendar-days", Group.PAPERS,
              frozenset({Role.REVIEWER, Role.DUTY})),
    ),
)  # fmt: skip
