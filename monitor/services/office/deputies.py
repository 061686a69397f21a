"""Deputies: who stands in for whom, from when to when, and changing between the two selves."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from monitor.domain.access import fault_of_deputy, fault_of_leave, fault_of_naming
from monitor.domain.errors import Incomplete, NotAllowed, NotFound, Refused
from monitor.domain.vocabulary import Role
from monitor.domain.workdays import local
from monitor.services import people as accounts
from monitor.services.context import Context
from monitor.storage import people
from monitor.storage.people import Deputy, Login, Person


@dataclass(frozen=True, slots=True)
class Told:
    """One deputyship with the names of both."""

    id: int
    person: Person
    deputy: Person
    first_day: date
    last_day: date
    reason: str
    made_by: str
    now: bool


def appoint(
    ctx: Context, person: Person, deputy: str, first: date | None, last: date | None, reason: str
) -> Deputy:
    """Let somebody stand in for a person: by himself, by the administrator, or by his head.

    A head hands on no more than access.fault_of_naming lets him.
    """
    known = people.sections(ctx.session)
    absent = people.acting(person, known)
    by_head = not _himself_or_administrator(ctx, person.id)
    if by_head and fault_of_leave(ctx.person, absent):
        raise _not_allowed()
    today = local(ctx.now).date()
    other = people.by_username(ctx.session, accounts.normal(deputy))
    fields = {}
    if other is None:
        fields["deputy"] = "请选择代理人"
    if first is None:
        fields["first_day"] = "请填写开始日期"
    if last is None:
        fields["last_day"] = "请填写结束日期"
    elif last < today or (first is not None and last < first):
        fields["last_day"] = "结束日期不能早于今天和开始日期"
    if len(reason) > 100:
        fields["reason"] = "事由最多 100 字"
    if fields or other is None or first is None or last is None:
        raise Incomplete("代理没有保存：" + "，".join(fields.values()) + "。", fields=fields)
    stand_in = people.acting(other, known)
    fault = fault_of_deputy(
        absent, stand_in, person_active=person.active, deputy_active=other.active
    )
    if not fault and by_head:
        fault = fault_of_naming(ctx.person, absent, stand_in)
    if fault:
        raise Refused(fault, remedy="请另选代理人。")
    people.locked(ctx.session)
    for row in people.deputies(ctx.session, today, person=person.id):
        if row.first_day <= last and first <= row.last_day:
            raise Refused(
                f"{row.first_day:%m月%d日}至{row.last_day:%m月%d日}已有代理人。",
                remedy="请先结束原来的代理，或另选日期。",
            )
    row = Deputy(
        person_id=person.id, deputy_id=other.id, first_day=first, last_day=last,
        reason=reason.strip(), made_at=ctx.now, made_by=ctx.person.label,
    )  # fmt: skip
    ctx.session.add(row)
    ctx.session.flush()
    ctx.record_system(
        "deputy_named", username=person.username, deputy=other.username,
        first_day=first, last_day=last,
    )  # fmt: skip
    return row


def end(ctx: Context, number: int) -> None:
    """End a deputyship before its last day."""
    row = ctx.session.get(Deputy, number)
    if row is None:
        raise NotFound("没有这项代理。")
    person, other = ctx.session.get(Person, row.person_id), ctx.session.get(Person, row.deputy_id)
    assert person is not None, "both are accounts, and accounts stay"
    assert other is not None, "both are accounts, and accounts stay"
    if not _himself_or_administrator(ctx, person.id):
        known = people.sections(ctx.session)
        both = people.acting(person, known), people.acting(other, known)
        if fault_of_naming(ctx.person, *both):
            raise _not_allowed()
    if row.ended_at is None:
        row.ended_at, row.ended_by = ctx.now, ctx.person.label
        ctx.session.add(row)
        ctx.record_system("deputy_ended", username=person.username)


def told(ctx: Context, *, person: UUID | None = None) -> list[Told]:
    """Deputies that hold today or will, with names; of one person, or all."""
    today = local(ctx.now).date()
    everyone = {one.id: one for one in people.everyone(ctx.session)}
    return [
        Told(
            row.id or 0, everyone[row.person_id], everyone[row.deputy_id], row.first_day,
            row.last_day, row.reason, row.made_by, row.first_day <= today,
        )
        for row in people.deputies(ctx.session, today, person=person)
    ]  # fmt: skip


def open_to(ctx: Context) -> list[Told]:
    """For whom the person who is here may act today."""
    if ctx.person.id is None:
        return []
    today = local(ctx.now).date()
    if not people.standing_in(ctx.session, today, deputy=ctx.person.id):
        return []
    return [one for one in told(ctx) if one.deputy.id == ctx.person.id and one.now]


def candidates(ctx: Context, person: Person) -> list[Person]:
    """Who could stand in for a person, his own section first."""
    known = people.sections(ctx.session)
    himself = people.acting(person, known)
    found = [
        one
        for one in people.everyone(ctx.session)
        if not fault_of_deputy(
            himself, people.acting(one, known), person_active=person.active,
            deputy_active=one.active,
        )
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.section != person.section, one.username))


def step_in(ctx: Context, secret: str, username: str) -> Person:
    """From now on this session acts for another; refused unless one is his deputy today."""
    login, me = _session(ctx, secret)
    absent = people.by_username(ctx.session, accounts.normal(username))
    known = people.sections(ctx.session)
    if absent is None or accounts.standing_for(ctx, me, absent.id, known) is None:
        raise NotAllowed("您今天不是他的代理人。", remedy="请本人或系统管理员指定代理。")
    login.stands_for = absent.id
    ctx.session.add(login)
    accounts.as_person(ctx, me).record_system("stood_in", username=absent.username)
    return absent


def step_back(ctx: Context, secret: str) -> None:
    """From now on this session acts for nobody else."""
    login, me = _session(ctx, secret)
    if login.stands_for is not None:
        login.stands_for = None
        ctx.session.add(login)
        accounts.as_person(ctx, me).record_system("stood_back")


def _session(ctx: Context, secret: str) -> tuple[Login, Person]:
    login = ctx.session.get(Login, accounts.session_hash(ctx, secret))
    person = ctx.session.get(Person, login.person_id) if login else None
    if login is None or person is None:
        raise NotFound("登录已经结束。", remedy="请重新登录。")
    return login, person


def _himself_or_administrator(ctx: Context, person: UUID) -> bool:
    himself = ctx.person.id == person and ctx.person.stands_for is None
    return himself or ctx.person.has(Role.SYSTEM_ADMIN)


def _not_allowed() -> NotAllowed:
    return NotAllowed(
        "代理由本人或系统管理员指定。", remedy="代他人办事时不能再指定代理，请先回到本人。"
    )
