"""Roles, keys and doors as the security administrator watches them."""

from datetime import datetime, time, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Form, Path, Request
from starlette.responses import Response

from monitor.domain.errors import Incomplete, NotFound
from monitor.domain.vocabulary import Channel, Role
from monitor.domain.workdays import SHANGHAI, local
from monitor.services.context import Context
from monitor.services.office import changes, machines, staff
from monitor.storage import doors, people
from monitor.storage.people import Login
from monitor.web.deps import Ctx, Reading
from monitor.web.guard import desk_router
from monitor.web.navigation import Entry, Group, Page, see, show

router = desk_router(Role.SECURITY_ADMIN)

Username = Annotated[str, Path(max_length=64)]
Text = Annotated[str, Form(max_length=300)]
Many = Annotated[list[str], Form(max_length=20)]
_DAY = timedelta(days=1)
_DOORS = {"login": "登录", "lookup": "查询进度"}


@router.get("/admin/security")
def look(request: Request, ctx: Reading) -> Response:
    """Machine callers, open sessions, failed tries of the last day."""
    return show(
        request, ctx, "admin_security.html", title="安全",
        keys=doors.keys(ctx.session), sessions=people.open_logins(ctx.session, ctx.now - _DAY),
        tries=doors.tries_by_door(ctx.session, ctx.now - _DAY), doors=_DOORS,
        channels={one.value: one.label for one in Channel}, today=local(ctx.now).date(),
    )  # fmt: skip


@router.post("/admin/security/keys")
def add_key(
    request: Request, ctx: Ctx, name: Text, expires: Text = "",
    channels: Many = [],  # noqa: B006 -- FastAPI copies it
) -> Response:  # fmt: skip
    """A new key, shown this once."""
    token = machines.add_key(ctx, name, channels=channels, expires_at=_end_of(expires))
    return show(request, ctx, "admin_key.html", title="新的接口密钥", name=name, token=token)


@router.post("/admin/security/keys/{key}/revoke")
def revoke_key(request: Request, ctx: Ctx, key: UUID) -> Response:
    """End a key at once."""
    found = next((one for one in doors.keys(ctx.session) if one.id == key), None)
    if found is None:
        raise NotFound("没有这个密钥。", remedy="请回到安全页，从列表里选。")
    machines.revoke_key(ctx, found.name)
    return see(request, "/admin/security", f"“{found.name}”已作废，正在用它的系统立即被拒绝。")


@router.post("/admin/security/sessions/{username}/end")
def end_session(
    request: Request, ctx: Ctx, username: Username, started: Annotated[str, Form(max_length=64)]
) -> Response:
    """End one session: of this person, begun at that moment."""
    for login, person in people.open_logins(ctx.session, ctx.now - _DAY):
        if person.username == username and login.started_at.isoformat() == started:
            _end(ctx, login, username)
    return see(request, "/admin/security", "这个登录已结束。")


@router.get("/admin/roles")
def roles(request: Request, ctx: Reading) -> Response:
    """Who holds which role; what was proposed stands first."""
    found = people.everyone(ctx.session)
    return show(
        request, ctx, "admin_roles.html", title="岗位", sections=people.sections(ctx.session),
        persons=sorted(found, key=lambda one: (not one.asked_roles, not one.active)),
        roles={one.value: one.label for one in Role},
        found=changes.latest(ctx, [k for k in changes.OF_PEOPLE if k.startswith("roles_")]),
    )  # fmt: skip


@router.get("/admin/roles/{username}")
def one(request: Request, ctx: Reading, username: Username) -> Response:
    """The roles of one person and the form to change them."""
    person = staff.get(ctx, username)
    section = people.sections(ctx.session).get(person.section or "")
    return show(
        request, ctx, "admin_role.html", title=person.name, account=person,
        section=section.label if section else "", me=person.id == ctx.person.id,
        roles={one.value: one.label for one in Role},
        asked_words="、".join(Role(word).label for word in person.asked_roles),
    )  # fmt: skip


@router.post("/admin/roles/{username}")
def grant(
    request: Request, ctx: Ctx, username: Username, reason: Text = "",
    roles: Many = [],  # noqa: B006 -- FastAPI copies it
) -> Response:  # fmt: skip
    """Set the roles of a person, with the reason."""
    staff.grant(ctx, staff.get(ctx, username), roles, reason)
    return see(request, "/admin/roles", "岗位已更改；他的登录已结束，重新登录后按新岗位办事。")


@router.post("/admin/roles/{username}/refuse")
def refuse(request: Request, ctx: Ctx, username: Username, reason: Text = "") -> Response:
    """Do not grant what was proposed."""
    staff.refuse_asked(ctx, staff.get(ctx, username), reason)
    return see(request, "/admin/roles", "已记录不授予的理由。")


def _end(ctx: Context, login: Login, username: str) -> None:
    login.ended_at = ctx.now
    ctx.session.add(login)
    ctx.record_system("sessions_ended", username=username)


def _end_of(written: str) -> datetime | None:
    """The end of the day that was chosen, in Shanghai; None when none was."""
    if not written.strip():
        return None
    try:
        day = datetime.fromisoformat(written.strip()).date()
    except ValueError:
        raise Incomplete("到期日不是日期。", fields={"expires": "请从日历里选"}) from None
    return datetime.combine(day, time(23, 59, 59), SHANGHAI)


PAGE = Page(
    router,
    "安全",
    entries=(
        Entry("安全", "/admin/security", "shield-halved", Group.ADMIN,
              frozenset({Role.SECURITY_ADMIN}), foot=True),
        Entry("岗位", "/admin/roles", "id-badge", Group.ADMIN,
              frozenset({Role.SECURITY_ADMIN}), foot=True),
    ),
)  # fmt: skip
