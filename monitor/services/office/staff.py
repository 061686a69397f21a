"""People as administrators change them: invited, renamed, moved, disabled, their roles granted."""

from collections.abc import Iterable, Sequence

from monitor.domain.access import ADMIN_ROLES, SECTION_ROLES, fault_of_roles
from monitor.domain.errors import Incomplete, NotAllowed, NotFound, Refused
from monitor.domain.vocabulary import Role
from monitor.domain.workdays import local
from monitor.services import people as accounts
from monitor.services.context import Context
from monitor.storage import people
from monitor.storage.people import Person

_LONGEST_NAME = 40


def get(ctx: Context, username: str) -> Person:
    """The person with this login name; NotFound."""
    found = people.by_username(ctx.session, username)
    if found is None:
        raise NotFound("没有这个用户。", remedy="请从人员列表进入。")
    return found


def add(
    ctx: Context, username: str, name: str, *, section: str, title: str, asked: Sequence[str]
) -> tuple[Person, str]:
    """A new account without a role, and the token of its invitation.

    The roles are proposed here and granted by the security administrator. Only the first of
    those, whom nobody could appoint, is appointed with his account.
    """
    roles = _words(asked)
    _named(ctx, name, title, section)
    first = Role.SECURITY_ADMIN in roles and not _holders(ctx, Role.SECURITY_ADMIN)
    person = accounts.create(
        ctx, username, name, roles, section=section or None, title=title.strip()
    )
    if not first:
        person.asked_roles, person.roles = person.roles, []
        ctx.session.add(person)
        ctx.record_system("roles_asked", username=person.username, roles=person.asked_roles)
    return person, accounts.invite(ctx, person)


def rename(ctx: Context, person: Person, name: str, title: str) -> None:
    """Another name or title; the login name stays."""
    _named(ctx, name, title, person.section or "")
    before = {"name": person.name, "title": person.title}
    after = {"name": name.strip(), "title": title.strip()}
    if before != after:
        person.name, person.title = after["name"], after["title"]
        ctx.session.add(person)
        ctx.record_system("person_renamed", username=person.username, before=before, after=after)


def leaving(ctx: Context, person: Person) -> list[str]:
    """What else changes when a person leaves his section or his account is disabled."""
    told = []
    if count := len(people.open_work(ctx.session, person.id)):
        told.append(f"{person.name}名下有 {count} 件在办，须指定接手人，一并移交。")
    if Role.SECTION_HEAD in person.roles and person.section:
        others = [
            one for one in people.handlers(ctx.session, person.section)
            if one.id != person.id and Role.SECTION_HEAD in one.roles
        ]  # fmt: skip
        if not others:
            told.append("他是本科室唯一的负责人：离开后无人提交答复，请另授予一位负责人。")
    today = local(ctx.now).date()
    return told + [
        f"与他有关的代理（至 {row.last_day:%m月%d日}）随之结束。"
        for row in people.deputies(ctx.session, today)
        if person.id in (row.person_id, row.deputy_id)
    ]


def successors(ctx: Context, person: Person) -> list[Person]:
    """Who of the section could take a person's work over."""
    return [
        one
        for one in people.handlers(ctx.session, person.section or "")
        if one.id != person.id and set(one.roles) & SECTION_ROLES
    ]


def move(ctx: Context, person: Person, section: str, successor: str) -> None:
    """To another section; his open orders stay with the old one, in other hands."""
    known = people.sections(ctx.session)
    if section and (section not in known or not known[section].active):
        raise Incomplete("没有这个科室。", fields={"section": "请从列表中选择"})
    if (person.section or "") == section:
        return
    _hand_on(ctx, person, successor, "调整科室")
    _end_deputies(ctx, person)
    before, person.section = person.section, section or None
    ctx.session.add(person)
    people.end_logins(ctx.session, person.id, ctx.now)
    ctx.record_system("person_moved", username=person.username, before=before, after=section)


def disable(ctx: Context, person: Person, successor: str) -> None:
    """Close an account; refused for oneself, for the last of an administrator role, or while
    work is in his hands and nobody is named to take it over.
    """  # fmt: skip
    if person.id == ctx.person.id:
        raise NotAllowed("不能停用自己的账户。", remedy="请另一位系统管理员办理。")
    _locked(ctx, person)
    _keep_one(ctx, person, [])
    if not person.active:
        return
    _hand_on(ctx, person, successor, "账户停用")
    _end_deputies(ctx, person)
    person.active = False
    ctx.session.add(person)
    people.end_logins(ctx.session, person.id, ctx.now)
    ctx.record_system("person_disabled", username=person.username)


def enable(ctx: Context, person: Person) -> None:
    """Open a disabled account again; its password and roles are as they were."""
    if not person.active:
        person.active = True
        ctx.session.add(person)
        ctx.record_system("person_enabled", username=person.username)


def end_sessions(ctx: Context, person: Person) -> None:
    """Sign a person out everywhere."""
    people.end_logins(ctx.session, person.id, ctx.now)
    ctx.record_system("sessions_ended", username=person.username)


def reset_password(ctx: Context, person: Person) -> str:
    """The old password and sessions end; the token of a new invitation.

    Whoever resets a password could sign in once: not one administrator for another.
    """
    if person.id == ctx.person.id:
        raise NotAllowed("自己的密码请在“我的账户”里修改。")
    if set(person.roles) & ADMIN_ROLES:
        raise NotAllowed(
            "三类管理员互相分开，不能互相重置密码。",
            remedy=f"请在服务器上运行 monitor person reset {person.username}。",
        )
    if not person.active:
        raise Refused("账户已停用。", remedy="请先恢复使用，再重置密码。")
    ctx.record_system("person_reset", username=person.username)
    return accounts.reset(ctx, person.username)


def grant(ctx: Context, person: Person, roles: Sequence[str], reason: str) -> None:
    """Set the roles of a person, with the reason; nobody grants himself."""
    wanted = _words(roles)
    if person.id == ctx.person.id:
        raise NotAllowed("不能给自己授予或收回岗位。", remedy="请另一位安全管理员办理。")
    if not reason.strip():
        raise Incomplete("请写明授予或收回的理由。", fields={"reason": "没有填写"})
    if len(reason) > 200:
        raise Incomplete("理由最多 200 字。", fields={"reason": "太长"})
    if fault := fault_of_roles(wanted):
        raise Refused(fault, remedy="请把岗位分给不同的人。")
    if set(wanted) & SECTION_ROLES and not person.section:
        raise Refused(
            f"{person.name}不属于任何科室，不能做承办人或科室负责人。",
            remedy="请系统管理员先把他编入科室。",
        )
    _locked(ctx, person)
    _keep_one(ctx, person, wanted)
    if not set(wanted) & SECTION_ROLES and people.open_work(ctx.session, person.id):
        count = len(people.open_work(ctx.session, person.id))
        raise Refused(
            f"{person.name}名下有 {count} 件在办。", remedy="请先由科室负责人交给他人承办。"
        )
    before = list(person.roles)
    person.roles, person.asked_roles = [str(role) for role in wanted], []
    ctx.session.add(person)
    if before != person.roles:
        # Who was let in as something else comes in again as what he is now.
        people.end_logins(ctx.session, person.id, ctx.now)
    ctx.record_system(
        "roles_granted", username=person.username, before=before, after=person.roles,
        reason=reason.strip(),
    )  # fmt: skip


def refuse_asked(ctx: Context, person: Person, reason: str) -> None:
    """Do not grant what was proposed."""
    if not reason.strip():
        raise Incomplete("请写明不授予的理由。", fields={"reason": "没有填写"})
    asked, person.asked_roles = person.asked_roles, []
    ctx.session.add(person)
    ctx.record_system(
        "roles_refused", username=person.username, roles=asked, reason=reason.strip()[:200]
    )


def ask_roles(ctx: Context, person: Person, roles: Sequence[str]) -> None:
    """Propose other roles for a person; the security administrator decides."""
    wanted = _words(roles)
    if not wanted:
        raise Incomplete("请选择要申请的岗位。", fields={"roles": "没有选择"})
    if fault := fault_of_roles(wanted):
        raise Refused(fault, remedy="请把岗位分给不同的人。")
    person.asked_roles = [str(role) for role in wanted]
    ctx.session.add(person)
    ctx.record_system("roles_asked", username=person.username, roles=person.asked_roles)


def _words(roles: Iterable[str]) -> list[Role]:
    given = set(roles)
    if given - set(Role):
        raise Incomplete("没有这个岗位。", fields={"roles": "请从列表中选择"})
    return [role for role in Role if role in given]


def _named(ctx: Context, name: str, title: str, section: str) -> None:
    fields = {}
    if not name.strip() or len(name) > _LONGEST_NAME:
        fields["name"] = f"请填写姓名，最多 {_LONGEST_NAME} 个字"
    if len(title) > _LONGEST_NAME:
        fields["title"] = f"职务最多 {_LONGEST_NAME} 个字"
    known = people.sections(ctx.session)
    if section and (section not in known or not known[section].active):
        fields["section"] = "请从列表中选择科室"
    if fields:
        raise Incomplete("没有保存：" + "，".join(fields.values()) + "。", fields=fields)


def _locked(ctx: Context, person: Person) -> None:
    """Two administrators who act at once wait for each other, and see what the other did."""
    ctx.session.flush()
    people.locked(ctx.session)
    ctx.session.refresh(person)


def _holders(ctx: Context, role: Role) -> list[Person]:
    return [one for one in people.everyone(ctx.session) if one.active and role in one.roles]


def _keep_one(ctx: Context, person: Person, wanted: Sequence[Role]) -> None:
    """Refuse what would leave an administrator role without an active holder."""
    for role in ADMIN_ROLES & {Role(one) for one in person.roles}:
        others = [one for one in _holders(ctx, role) if one.id != person.id]
        if role not in wanted and person.active and not others:
            raise Refused(
                f"{person.name}是唯一在用的{role.label}，不能收回或停用。",
                remedy=f"请先授予另一人{role.label}。",
            )


def _hand_on(ctx: Context, person: Person, successor: str, why: str) -> None:
    """Put every open order of a person into other hands, each with its event."""
    held = people.open_work(ctx.session, person.id)
    if not held:
        return
    named = next((one for one in successors(ctx, person) if one.username == successor), None)
    if named is None:
        raise Incomplete(
            f"{person.name}名下有 {len(held)} 件在办，请先指定接手人。",
            fields={"successor": "请从本科室的人中选择接手人"},
            remedy="接手人须是本科室在用的承办人或负责人；没有时请先调入或授予一位。",
        )
    for order in held:
        order.handler_id = named.id
        order.version += 1
        ctx.record("handed_on", order, before=person.name, after=named.name, reason=why)
    ctx.record_system(
        "work_handed_on", username=person.username, to=named.username, orders=len(held)
    )


def _end_deputies(ctx: Context, person: Person) -> None:
    for row in people.deputies(ctx.session, local(ctx.now).date()):
        if person.id in (row.person_id, row.deputy_id):
            row.ended_at, row.ended_by = ctx.now, ctx.person.label
            ctx.session.add(row)
            ctx.record_system("deputy_ended", username=person.username)
