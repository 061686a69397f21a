"""The duty roster: who is on duty on which day; planned by the week, copied, taken back."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from monitor.domain.access import may_plan_duty
from monitor.domain.errors import Incomplete, NotAllowed, Refused, Stale
from monitor.domain.supervision import rota
from monitor.domain.vocabulary import Role
from monitor.domain.workdays import local
from monitor.services.context import Context
from monitor.storage import people
from monitor.storage.people import Person
from monitor.storage.supervision import roster
from monitor.storage.supervision.roster import RosterChange, Turn


@dataclass(frozen=True, slots=True)
class Change:
    """The change that may still be taken back: who made it, how many turns it put and took."""

    id: int
    row: RosterChange
    put: int
    taken: int


def staff(ctx: Context) -> list[Person]:
    """Who can be put on duty: the active duty staff."""
    return [one for one in people.everyone(ctx.session) if one.active and Role.DUTY in one.roles]


def planned(ctx: Context, first: date, last: date) -> dict[date, list[Person]]:
    """Who is on duty from one day to another; those who have left the duty desk since are not."""
    found: dict[date, list[Person]] = {}
    known = {one.id: one for one in staff(ctx)}
    for turn in roster.on_duty(ctx.session, first, last):
        if turn.person_id in known:
            found.setdefault(turn.day, []).append(known[turn.person_id])
    return {day: sorted(those, key=lambda one: one.username) for day, those in found.items()}


def edition(ctx: Context) -> int:
    """A number that grows with every change, to know whether somebody else made one."""
    return roster.edition(ctx.session)


def plan_week(
    ctx: Context, first: date, wanted: Mapping[date, Collection[str]], seen: int
) -> RosterChange | None:
    """Put a week down as it is wanted; days that are over stay as they were. None: no change."""
    _begin(ctx, seen)
    days, today = rota.week(first), local(ctx.now).date()
    known = {one.username: one.id for one in staff(ctx)}
    for day, names in wanted.items():
        fault = rota.fault_of_day(day, today) if day in days else "这一天不在所选的一周里"
        if not fault and not known.keys() >= set(names):
            fault = "有人不是在用的值班员"
        if fault:
            raise Incomplete("值班表没有保存。", fields={"on": fault})
    open_days = [day for day in days if not rota.fault_of_day(day, today)]
    held = {(one.day, one.person_id) for one in roster.on_duty(ctx.session, days[0], days[-1])}
    asked = {(day, known[name]) for day in open_days for name in wanted.get(day, ())}
    return _write(ctx, asked - held, {turn for turn in held if turn[0] in open_days} - asked)


def copy_last_week(ctx: Context, first: date, seen: int) -> RosterChange | None:
    """The week before once more, on the days to come on which nobody is planned yet."""
    _begin(ctx, seen)
    days = [rota.week_before(first), rota.week(first)[-1]]
    active = {one.id.hex for one in staff(ctx)}
    plan: dict[date, frozenset[str]] = {}
    for one in roster.on_duty(ctx.session, *days):
        if one.person_id.hex in active:
            plan[one.day] = plan.get(one.day, frozenset()) | {one.person_id.hex}
    copied = rota.copied(plan, first, local(ctx.now).date())
    return _write(ctx, {(day, UUID(one)) for day, those in copied.items() for one in those}, ())


def last_change(ctx: Context, shown: Collection[date]) -> Change | None:
    """The newest change if it may be taken back, and is of the days that are shown."""
    row = roster.last_change(ctx.session)
    if row is None or row.id is None or _over(ctx, row):
        return None
    if not any(day in shown for day, _ in roster.as_turns([*row.put, *row.taken])):
        return None
    return Change(row.id, row, len(row.put), len(row.taken))


def undo(ctx: Context, number: int) -> None:
    """Take the newest change back."""
    _begin(ctx, None)
    row = roster.last_change(ctx.session)
    if row is None or row.id != number:
        raise Stale("值班表刚才有人改过。", remedy="请刷新页面，看现在的安排。")
    if _over(ctx, row):
        raise Refused(
            "这次改动里有的日子已经过去，不能撤回。", remedy="以后的日子请直接在那一周里改。"
        )
    roster.take_off(ctx.session, roster.as_turns(row.put))
    roster.put_on(ctx.session, roster.as_turns(row.taken))
    row.undone_at = ctx.now
    ctx.session.add(row)
    _record(ctx, "duty_undone", put=row.taken, taken=row.put)


def _begin(ctx: Context, seen: int | None) -> None:
    """Refuse whoever may not plan, and whoever did not see the newest roster."""
    if not may_plan_duty(ctx.person):
        raise NotAllowed("值班表由办公室负责人和值班员排。", remedy="请告诉他们要改哪一天。")
    people.locked(ctx.session)
    if seen is not None and seen != edition(ctx):
        raise Stale("值班表刚才有人改过。", remedy="请刷新页面，看过新的安排再改。")


def _write(ctx: Context, put: Iterable[Turn], taken: Iterable[Turn]) -> RosterChange | None:
    come, gone = roster.as_rows(put), roster.as_rows(taken)
    if not (come or gone):
        return None
    roster.take_off(ctx.session, roster.as_turns(gone))
    roster.put_on(ctx.session, roster.as_turns(come))
    row = RosterChange(at=ctx.now, by=ctx.person.label, put=come, taken=gone)
    ctx.session.add(row)
    ctx.session.flush()
    _record(ctx, "duty_changed", put=come, taken=gone)
    return row


def _record(ctx: Context, what: str, **rows: Sequence[Sequence[str]]) -> None:
    names = {one.id.hex: one.username for one in people.everyone(ctx.session)}
    told = {name: [[day, names[one]] for day, one in turns] for name, turns in rows.items()}
    ctx.record_system(what, **told)


def _over(ctx: Context, row: RosterChange) -> bool:
    today = local(ctx.now).date()
    return any(rota.fault_of_day(day, today) for day, _ in roster.as_turns([*row.put, *row.taken]))
