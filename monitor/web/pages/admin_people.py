"""People as the system administrator keeps them: accounts, invitations, sections, deputies."""

from datetime import date
from typing import Annotated

from fastapi import Form, Path, Query, Request
from starlette.responses import Response

from monitor.domain.access import ADMIN_ROLES
from monitor.domain.vocabulary import Role
from monitor.services.context import Context
from monitor.services.office import changes, deputies, staff
from monitor.services.people import INVITED_FOR
from monitor.storage import people
from monitor.storage.people import Person
from monitor.web.deps import LARGEST, Ctx, Reading, Words
from monitor.web.guard import desk_router
from monitor.web.navigation import Entry, Group, Page, see, show

router = desk_router(Role.SYSTEM_ADMIN)

Username = Annotated[str, Path(max_length=64)]
Text = Annotated[str, Form(max_length=300)]
Roles = Annotated[list[str], Form(max_length=20)]
Day = Annotated[str, Form(max_length=10)]


@router.get("/admin/people")
def look(
    request: Request, ctx: Reading, q: Words = "", section: Words = "", role: Words = "",
    state: Annotated[str, Query(max_length=10)] = "",
) -> Response:  # fmt: skip
    """All accounts, sifted, and the form for a new one."""
    known = people.sections(ctx.session)
    wanted = q.strip().lower()
    found = [
        one
        for one in people.everyone(ctx.session)
        if (not wanted or wanted in f"{one.username} {one.name} {one.title}".lower())
        and section in ("", one.section)
        and (not role or role in one.roles)
        and (not state or one.active is (state == "active"))
    ]
    return show(
        request, ctx, "admin_people.html", title="人员", persons=found, sections=known,
        roles={one.value: one.label for one in Role}, seen=people.last_logins(ctx.session),
        work=people.open_work_counts(ctx.session), asked={"q": q, "section": section,
        "role": role, "state": state}, found=changes.latest(ctx, changes.OF_PEOPLE),
        standing=deputies.told(ctx), choices=[(c, s.label) for c, s in known.items() if s.active],
    )  # fmt: skip


@router.post("/admin/people")
def add(
    request: Request, ctx: Ctx, username: Text, name: Text, section: Text = "", title: Text = "",
    roles: Roles = [],  # noqa: B006 -- FastAPI copies it
) -> Response:  # fmt: skip
    """A new account; its invitation is shown this once."""
    person, token = staff.add(
        ctx, username, name, section=section, title=title, asked=roles
    )  # fmt: skip
    return _invitation(request, ctx, person, token)


@router.get("/admin/people/{username}")
def one(request: Request, ctx: Reading, username: Username) -> Response:
    """One account and what can be done with it."""
    person = staff.get(ctx, username)
    known = people.sections(ctx.session)
    return show(
        request, ctx, "admin_person.html", title=person.name, account=person,
        sections=known, roles={r.value: r.label for r in Role},
        choices=[(c, s.label) for c, s in known.items() if s.active],
        seen=people.last_logins(ctx.session).get(person.id), effects=staff.leaving(ctx, person),
        work=len(people.open_work(ctx.session, person.id)),
        standing=deputies.told(ctx, person=person.id),
        candidates=[(c.username, f"{c.name}（{c.username}）") for c in
                    deputies.candidates(ctx, person)],
        admin=bool(set(person.roles) & ADMIN_ROLES), me=person.id == ctx.person.id,
    )  # fmt: skip


@router.post("/admin/people/{username}/name")
def rename(
    request: Request, ctx: Ctx, username: Username, name: Text, title: Text = ""
) -> Response:
    """Another name or title."""
    staff.rename(ctx, staff.get(ctx, username), name, title)
    return see(request, f"/admin/people/{username}", "已保存。")


@router.post("/admin/people/{username}/section")
def move(
    request: Request, ctx: Ctx, username: Username, section: Text = "", sure: Text = "",
    successor: Text = "",
) -> Response:  # fmt: skip
    """To another section; what leans on him is shown first."""
    person = staff.get(ctx, username)
    if sure != "yes" and (effects := staff.leaving(ctx, person)):
        label = people.sections(ctx.session).get(section)
        return _confirm(
            request, ctx, person, f"把{person.name}调到{label.label if label else '（无科室）'}",
            "section", effects, "调整科室", {"section": section},
        )  # fmt: skip
    staff.move(ctx, person, section, successor)
    return see(request, f"/admin/people/{username}", "已调整科室，他的登录已结束，请他重新登录。")


@router.post("/admin/people/{username}/disable")
def disable(
    request: Request, ctx: Ctx, username: Username, sure: Text = "", successor: Text = ""
) -> Response:
    """Close an account; what leans on it is shown first."""
    person = staff.get(ctx, username)
    if sure != "yes" and (effects := staff.leaving(ctx, person)):
        return _confirm(
            request, ctx, person, f"停用{person.name}的账户", "disable", effects, "停用账户", {}
        )
    staff.disable(ctx, person, successor)
    return see(request, f"/admin/people/{username}", "账户已停用，登录已全部结束。")


@router.post("/admin/people/{username}/enable")
def enable(request: Request, ctx: Ctx, username: Username) -> Response:
    """Open a disabled account again."""
    staff.enable(ctx, staff.get(ctx, username))
    return see(request, f"/admin/people/{username}", "账户已恢复使用，密码和岗位照旧。")


@router.post("/admin/people/{username}/sessions")
def end_sessions(request: Request, ctx: Ctx, username: Username) -> Response:
    """Sign a person out everywhere."""
    staff.end_sessions(ctx, staff.get(ctx, username))
    return see(request, f"/admin/people/{username}", "他的登录已全部结束。")


@router.post("/admin/people/{username}/reset")
def reset(request: Request, ctx: Ctx, username: Username) -> Response:
    """A new invitation, shown this once; the old password and sessions end."""
    person = staff.get(ctx, username)
    return _invitation(request, ctx, person, staff.reset_password(ctx, person))


@router.post("/admin/people/{username}/roles")
def ask_roles(
    request: Request, ctx: Ctx, username: Username,
    roles: Roles = [],  # noqa: B006 -- FastAPI copies it
) -> Response:  # fmt: skip
    """Propose roles; the security administrator grants them."""
    staff.ask_roles(ctx, staff.get(ctx, username), roles)
    return see(request, f"/admin/people/{username}", "已提出申请，等安全管理员授予。")


@router.post("/admin/people/{username}/deputy")
def appoint(
    request: Request, ctx: Ctx, username: Username, deputy: Text, first_day: Day, last_day: Day,
    reason: Text = "",
) -> Response:  # fmt: skip
    """Name who stands in for a person."""
    deputies.appoint(
        ctx, staff.get(ctx, username), deputy, day(first_day), day(last_day), reason
    )  # fmt: skip
    return see(request, f"/admin/people/{username}", "已指定代理，到期自动结束。")


@router.post("/admin/people/{username}/deputy/{term}/end")
def end_deputy(
    request: Request, ctx: Ctx, username: Username, term: Annotated[int, Path(ge=1, le=LARGEST)]
) -> Response:
    """End a deputyship now."""
    deputies.end(ctx, term)
    return see(request, f"/admin/people/{username}", "代理已结束。")


def day(written: str) -> date | None:
    """The day of a date field; None when it holds none."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _invitation(request: Request, ctx: Context, person: Person, token: str) -> Response:
    hours = int(INVITED_FOR.total_seconds() // 3600)
    return show(
        request, ctx, "admin_invited.html", title="一次性地址", account=person, hours=hours,
        address=f"{str(request.base_url).rstrip('/')}/invite/{token}",
        roles={one.value: one.label for one in Role},
    )  # fmt: skip


def _confirm(
    request: Request, ctx: Context, person: Person, title: str, act: str, effects: list[str],
    label: str, hidden: dict[str, str],
) -> Response:  # fmt: skip
    work = people.open_work(ctx.session, person.id)
    able = [(one.username, one.name) for one in staff.successors(ctx, person)]
    return show(
        request, ctx, "admin_confirm.html", title=title, effects=effects, hidden=hidden,
        action=f"/admin/people/{person.username}/{act}", label=label,
        cancel=f"/admin/people/{person.username}", successors=able if work else None,
    )  # fmt: skip


PAGE = Page(
    router,
    "人员",
    entries=(
        Entry("人员", "/admin/people", "users", Group.ADMIN, frozenset({Role.SYSTEM_ADMIN}),
              foot=True),
    ),
)  # fmt: skip
