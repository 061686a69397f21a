"""值班表: who is on duty on which day, who is away from when to when, and who stands in."""

from datetime import date
from typing import Annotated

from fastapi import Form, Path, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from monitor.domain.access import may_plan_duty
from monitor.domain.errors import Incomplete
from monitor.domain.supervision import rota
from monitor.domain.supervision.rota import Away
from monitor.domain.vocabulary import Role
from monitor.domain.workdays import FIRST_YEAR, LAST_YEAR, WEEKDAYS, local
from monitor.services import rulebook
from monitor.services.context import Context
from monitor.services.office import leaves, roster
from monitor.web.deps import LARGEST, DeskHere, Reading, who
from monitor.web.guard import EVERYONE, desk_router, only
from monitor.web.navigation import Entry, Group, Page, see, show
from monitor.web.rostering import days

router = desk_router(*EVERYONE)
PATH = "/desk/roster"
_PLANNERS = (Role.DUTY, Role.SECTION_HEAD)
_MOST_TURNS = 400
Id = Annotated[int, Path(ge=1, le=LARGEST)]
Short = Annotated[str, Field(max_length=40)]


class Asked(BaseModel):
    """What the address may say: a week or a month, which one, whether it is being planned."""

    view: Short = ""
    day: Short = ""
    plan: Annotated[str, Field(max_length=3)] = ""


class WeekForm(BaseModel):
    """A week as it is sent: its first day, the turns as 2026-10-09:lin, the roster seen."""

    day: Short = ""
    on: Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=_MOST_TURNS)] = []
    seen: Annotated[int, Field(ge=0, le=LARGEST)] = 0


class LeaveForm(BaseModel):
    """Somebody's time away as it is sent."""

    username: Short = ""
    kind: Short = ""
    first_day: Short = ""
    last_day: Short = ""
    deputy: Short = ""
    day: Short = ""


@router.get(PATH)
def look(request: Request, ctx: Reading, asked: Annotated[Asked, Query()]) -> Response:
    """The roster of a week or a month, today's unless the address names a day."""
    return _draw(request, ctx, asked)


@router.post(PATH)
@only(*_PLANNERS)
def plan(request: Request, desk: DeskHere, form: Annotated[WeekForm, Form()]) -> Response:
    """Put the week down as it was ticked."""
    first = rota.monday(_day(form.day) or date.min)
    with desk.writing(who(request)) as ctx:
        change = roster.plan_week(ctx, first, _turns(form.on), form.seen)
    said = f"已保存：加 {len(change.put)} 人次，去 {len(change.taken)} 人次。" if change else ""
    return see(request, _address(first), said or "没有改动。")


@router.post(f"{PATH}/copy")
@only(*_PLANNERS)
def copy(request: Request, desk: DeskHere, form: Annotated[WeekForm, Form()]) -> Response:
    """This week as the one before, where nobody is planned yet."""
    first = rota.monday(_day(form.day) or date.min)
    with desk.writing(who(request)) as ctx:
        change = roster.copy_last_week(ctx, first, form.seen)
    if change is None:
        return see(request, _address(first), "没有可照抄的：上周没有排，或这一周已经排好。")
    count = len({day for day, _ in change.put})
    return see(request, _address(first), f"已照上周排好 {count} 天；原来排了的没有动。")


@router.post(f"{PATH}/changes/{{change}}/undo")
@only(*_PLANNERS)
def undo(
    request: Request, desk: DeskHere, change: Id, day: Annotated[str, Form()] = ""
) -> Response:
    """Take the newest change of the roster back."""
    with desk.writing(who(request)) as ctx:
        roster.undo(ctx, change)
    return see(request, _address(_day(day)), "已撤回，值班表恢复原样。")


@router.post(f"{PATH}/leaves")
@only(Role.SECTION_HEAD)
def enter(request: Request, desk: DeskHere, form: Annotated[LeaveForm, Form()]) -> Response:
    """Somebody is away; with a stand-in, where one is named."""
    try:
        with desk.writing(who(request)) as ctx:
            leaves.enter(
                ctx, form.username, form.kind, _day(form.first_day), _day(form.last_day),
                form.deputy,
            )  # fmt: skip
    except Incomplete as fault:
        with desk.reading(who(request)) as ctx:
            return _draw(request, ctx, Asked(day=form.day), form, fault)
    return see(request, _address(_day(form.day)), "已登记，提醒从第一天起按此转告。")


@router.post(f"{PATH}/leaves/{{term}}/end")
def end(request: Request, desk: DeskHere, term: Id, day: Annotated[str, Form()] = "") -> Response:
    """Back early, or entered by mistake."""
    with desk.writing(who(request)) as ctx:
        person = leaves.end(ctx, term)
    return see(request, _address(_day(day)), f"{person.name}的这一条已撤回，提醒照常给本人。")


def _draw(
    request: Request, ctx: Context, asked: Asked, given: LeaveForm | None = None,
    fault: Incomplete | None = None,
) -> Response:  # fmt: skip
    today = local(ctx.now).date()
    day = _day(asked.day) or today
    month = asked.view == "month"
    shown = days.month_days(day) if month else rota.week(rota.monday(day))
    away = leaves.told(ctx, min(shown[0], today))
    duty = roster.planned(ctx, min(shown[0], today), max(shown[-1], today))
    may_plan = may_plan_duty(ctx.person)
    chosen = leaves.people_of(ctx)
    drawn = days.drawn(
        shown, today, rulebook.current(ctx).calendar, duty, away, month=day.month if month else 0
    )
    return show(
        request, ctx, "roster.html", title="值班表", status=422 if fault else 200,
        month=month, day=day, first=shown[0], weekdays=WEEKDAYS, days=drawn,
        weeks=[drawn[at : at + 7] for at in range(0, len(drawn), 7)],
        planning=bool(asked.plan) and may_plan and not month and not drawn[-1].over,
        may_plan=may_plan, staff=roster.staff(ctx), today=today, on_today=duty.get(today, []),
        addresses=_addresses(day, month=month), seen=roster.edition(ctx),
        empty=not any(one.duty for one in drawn),
        change=roster.last_change(ctx, shown) if may_plan else None,
        leaves=[one for one in away if one.last_day >= today],
        persons=[(one.username, _named(one.name, one.username)) for one in chosen],
        stand_ins=[(one.username, _named(one.name, one.username)) for one in leaves.stand_ins(ctx)],
        kinds=[(kind.value, kind.label) for kind in Away], entering=given is not None,
        given=given or LeaveForm(kind=Away.LEAVE), faults=fault.fields if fault else {},
    )  # fmt: skip


def _addresses(day: date, *, month: bool) -> dict[str, str]:
    """Where the page leads: before, after, today, the other view."""
    if month:
        before, after = days.next_month(day, -1), days.next_month(day, 1)
    else:
        before = rota.week_before(day)
        after = date.fromordinal(day.toordinal() + (day - before).days)
    view = "&view=month" if month else ""
    return {
        "before": f"{PATH}?day={before}{view}",
        "after": f"{PATH}?day={after}{view}",
        "today": f"{PATH}?view=month" if month else PATH,
        "week": f"{PATH}?day={day}",
        "month": f"{PATH}?day={day}&view=month",
        "plan": f"{PATH}?day={day}&plan=yes",
    }


def _address(day: date | None) -> str:
    return f"{PATH}?day={day}" if day else PATH


def _named(name: str, username: str) -> str:
    return f"{name}（{username}）"


def _turns(given: list[str]) -> dict[date, set[str]]:
    found: dict[date, set[str]] = {}
    for one in given:
        written, _, username = one.partition(":")
        day = _day(written)
        if day is None:
            raise Incomplete("值班表没有保存。", fields={"on": "日期写得不对"})
        found.setdefault(day, set()).add(username)
    return found


def _day(written: str) -> date | None:
    """The day of an address or a field; None where it names none that a calendar knows."""
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return None
    return day if FIRST_YEAR < day.year < LAST_YEAR else None


PAGE = Page(
    router,
    "值班表",
    entries=(
        Entry("值班表", PATH, "calendar-check", Group.PAPERS, frozenset(EVERYONE)),
    ),
)  # fmt: skip
