"""Who is away, from when to when, and who stands in: the span alone, beside the one deputyship."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from monitor.domain.access import ADMIN_ROLES, fault_of_leave
from monitor.domain.errors import Incomplete, NotAllowed, NotFound, Refused
from monitor.domain.supervision import rota
from monitor.domain.supervision.rota import Away
from monitor.domain.workdays import local
from monitor.services import people as accounts
from monitor.services.context import Context
from monitor.services.office import deputies
from monitor.storage import people
from monitor.storage.people import Deputy, Person, Section
from monitor.storage.supervision import roster
from monitor.storage.supervision.roster import Absence


@dataclass(frozen=True, slots=True)
class Covered:
    """Who stands in for somebody away, and on which of the days."""

    name: str
    first_day: date
    last_day: date
    whole: bool


@dataclass(frozen=True, slots=True)
class Leave:
    """One time away as the roster shows it."""

    id: int
    person: Person
    section: str
    kind: Away
    first_day: date
    last_day: date
    covered: Sequence[Covered]
    now: bool
    own: bool
    may_end: bool


def told(ctx: Context, first: date, last: date | None = None) -> list[Leave]:
    """Who is away between two days, or from a day on; the own section first."""
    today, known = local(ctx.now).date(), people.sections(ctx.session)
    everyone = {one.id: one for one in people.everyone(ctx.session)}
    standing = people.deputies(ctx.session, first)
    found = []
    for row in roster.absences(ctx.session, first, last):
        person = everyone[row.person_id]
        section = known.get(person.section or "")
        covered = [
            Covered(
                everyone[one.deputy_id].name, max(one.first_day, row.first_day),
                min(one.last_day, row.last_day),
                one.first_day <= row.first_day and row.last_day <= one.last_day,
            )
            for one in standing
            if one.person_id == person.id and _meet(one, row.first_day, row.last_day)
        ]  # fmt: skip
        found.append(
            Leave(
                id=row.id or 0, person=person, section=section.label if section else "",
                kind=Away(row.kind), first_day=row.first_day, last_day=row.last_day,
                covered=covered, now=row.first_day <= today <= row.last_day,
                own=person.section == ctx.person.section,
                may_end=row.last_day >= today and not _fault(ctx, person, known),
            )
        )  # fmt: skip
    places = {code: place for place, code in enumerate(known)}
    return sorted(
        found,
        key=lambda one: (not one.own, one.first_day, places.get(one.person.section or "", 0)),
    )


def people_of(ctx: Context) -> list[Person]:
    """For whom this person may enter that they are away, his own section first."""
    known = people.sections(ctx.session)
    found = [
        one
        for one in people.everyone(ctx.session)
        if one.active and not fault_of_leave(ctx.person, people.acting(one, known))
    ]
    return sorted(found, key=lambda one: (one.section != ctx.person.section, one.username))


def stand_ins(ctx: Context) -> list[Person]:
    """Whom this person may choose to stand in for somebody, his own section first."""
    if ctx.person.stands_for is not None or not people_of(ctx):
        return []
    found = [
        one
        for one in people.everyone(ctx.session)
        if one.active and one.roles and ADMIN_ROLES.isdisjoint(one.roles)
        and (ctx.person.office_head or one.section == ctx.person.section)
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.section != ctx.person.section, one.username))


def enter(
    ctx: Context, username: str, kind: str, first: date | None, last: date | None,
    deputy: str = "",
) -> Absence:  # fmt: skip
    """Somebody is away from one day to another, both included; a stand-in may be named with it."""
    person = people.by_username(ctx.session, accounts.normal(username))
    if person is None or not person.active:
        raise Incomplete("没有登记。", fields={"username": "请选择谁请假、外出"})
    if fault := fault_of_leave(ctx.person, people.acting(person, people.sections(ctx.session))):
        raise NotAllowed(fault, remedy="请科室负责人或办公室负责人登记。")
    people.locked(ctx.session)
    today = local(ctx.now).date()
    taken = [(one.first_day, one.last_day)
             for one in roster.absences(ctx.session, today, person=person.id)]  # fmt: skip
    fields = rota.fault_of_span(first, last, today, taken)
    if kind not in set(Away):
        fields["kind"] = "请选择请假或外出"
    if fields or first is None or last is None:
        raise Incomplete("没有登记：" + "，".join(fields.values()) + "。", fields=fields)
    standing = [one for one in people.deputies(ctx.session, first, person=person.id)
                if _meet(one, first, last)]  # fmt: skip
    row, named = (standing[0] if standing else None), False
    if deputy and not _covers(ctx, standing, deputy, first, last):
        row, named = _name(ctx, person, deputy, first, last), True
    absence = Absence(
        person_id=person.id, kind=kind, first_day=first, last_day=last,
        deputy_id=row.id if row else None, named=named, made_at=ctx.now, made_by=ctx.person.label,
    )  # fmt: skip
    ctx.session.add(absence)
    ctx.session.flush()
    ctx.record_system("leave_entered", username=person.username, first_day=first, last_day=last)
    return absence


def end(ctx: Context, number: int) -> Person:
    """Take a time away back, or end it early; the stand-in named with it stands in no longer."""
    row = ctx.session.get(Absence, number)
    person = ctx.session.get(Person, row.person_id) if row else None
    if row is None or person is None:
        raise NotFound("没有这一条请假、外出。")
    if fault := _fault(ctx, person, people.sections(ctx.session)):
        raise NotAllowed(fault, remedy="请登记的人或办公室负责人撤回。")
    if row.ended_at is not None:
        return person
    row.ended_at, row.ended_by = ctx.now, ctx.person.label
    ctx.session.add(row)
    deputy = ctx.session.get(Deputy, row.deputy_id) if row.named and row.deputy_id else None
    if deputy is not None and deputy.ended_at is None:
        deputies.end(ctx, row.deputy_id or 0)
    ctx.record_system(
        "leave_ended", username=person.username, first_day=row.first_day, last_day=row.last_day
    )
    return person


def _name(ctx: Context, person: Person, deputy: str, first: date, last: date) -> Deputy:
    """Name the stand-in; what stands against it is told at the field."""
    try:
        return deputies.appoint(ctx, person, deputy, first, last, "")
    except (Refused, Incomplete) as fault:
        words = fault.message.rstrip("。")
        raise Incomplete(f"没有登记：{words}。", fields={"deputy": words}) from fault


def _covers(ctx: Context, standing: Sequence[Deputy], deputy: str, first: date, last: date) -> bool:
    other = people.by_username(ctx.session, accounts.normal(deputy))
    return other is not None and any(
        one.deputy_id == other.id and one.first_day <= first and last <= one.last_day
        for one in standing
    )


def _meet(one: Deputy, first: date, last: date) -> bool:
    return one.first_day <= last and first <= one.last_day


def _fault(ctx: Context, person: Person, known: dict[str, Section]) -> str:
    """Why the person here may not take it back: whoever may enter it may, and he himself."""
    if person.id == ctx.person.id:
        return ""
    return fault_of_leave(ctx.person, people.acting(person, known))
