"""My account: where my work begins, my password, who stands in for me, signing out."""

import re
from datetime import date
from typing import Annotated

from fastapi import Form, Path, Request
from starlette.responses import RedirectResponse, Response

from monitor.domain.errors import Incomplete
from monitor.services import limits, people
from monitor.services.context import Context
from monitor.services.office import deputies
from monitor.storage import people as stored_people
from monitor.storage.people import Person
from monitor.web import cookies
from monitor.web.deps import LARGEST, Ctx, DeskHere, Reading
from monitor.web.guard import EVERYONE, desk_router
from monitor.web.navigation import Page, home_of, see, show

router = desk_router(*EVERYONE)
Password = Annotated[str, Form(max_length=1000)]
Text = Annotated[str, Form(max_length=300)]
_MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
Day = Annotated[str, Form(max_length=10)]


@router.get("/desk")
@router.get("/desk/")
def home(request: Request, ctx: Reading) -> Response:
    """Where this person's work begins."""
    return RedirectResponse(home_of(request, ctx.person), 303)


@router.get("/desk/me")
@router.get("/desk/password")
def account(request: Request, ctx: Reading) -> Response:
    """Who I am here, and the form to change my password."""
    return _draw(request, ctx)


@router.post("/desk/password")
def change_password(
    request: Request, ctx: Ctx, old: Password, password: Password, password_again: Password
) -> Response:
    """Change the password; every session of mine ends and this one begins anew."""
    spent = limits.spend(ctx, (limits.LOGIN_ACCOUNT, ctx.person.username))
    person = _me(ctx)
    if not people.proves(person, old):
        # Drawn, not raised: the try must stay counted.
        return _draw(request, ctx, "原密码不对。", 422)
    limits.give_back(ctx, spent)
    try:
        if password != password_again:
            raise Incomplete("两次输入的新密码不一样。")
        people.set_password(ctx, person, password)
    except Incomplete as fault:
        return _draw(request, ctx, fault.message, 422)
    secret = people.sign_in(ctx, person)
    response = RedirectResponse("/desk/me", 303)
    cookies.start_session(response, secret, ctx.settings)
    cookies.say(response, ctx.keys, ctx.settings, "密码已改，其他地方的登录已全部退出。", "done")
    return response


@router.post("/desk/me/mail")
def set_mail(request: Request, ctx: Ctx, mail: Text = "") -> Response:
    """Where notices go by mail; nowhere when left empty."""
    given = mail.strip()
    if given and not _MAIL.fullmatch(given):
        raise Incomplete("没有改邮箱：地址写得不对。", fields={"mail": "应为 名字@单位域名"})
    person = _me(ctx)
    person.settings = {**person.settings, "mail": given}
    ctx.session.add(person)
    ctx.record_system("mail_set" if given else "mail_dropped", username=person.username)
    return see(request, "/desk/me", "提醒会同时发到这个邮箱。" if given else "不再发邮件提醒。")


@router.post("/logout")
def sign_out(request: Request, ctx: Ctx, desk: DeskHere) -> Response:
    """End this session."""
    people.sign_out(ctx, request.state.secret)
    response = RedirectResponse("/login", 303)
    cookies.end_session(response, desk.settings)
    return response


@router.post("/desk/deputy")
def appoint(
    request: Request, ctx: Ctx, deputy: Text, first_day: Day, last_day: Day, reason: Text = ""
) -> Response:
    """Name who stands in for me."""
    deputies.appoint(ctx, _me(ctx), deputy, day(first_day), day(last_day), reason)
    return see(request, "/desk/me", "已指定代理人，到期自动结束。")


@router.post("/desk/deputy/{term}/end")
def end_deputy(
    request: Request, ctx: Ctx, term: Annotated[int, Path(ge=1, le=LARGEST)]
) -> Response:
    """Nobody stands in for me any more."""
    deputies.end(ctx, term)
    return see(request, "/desk/me", "代理已结束。")


@router.post("/desk/stand-in")
def stand_in(request: Request, ctx: Ctx, username: Text) -> Response:
    """From now on this session acts for another, by his roles."""
    absent = deputies.step_in(ctx, request.state.secret, username)
    return see(request, "/desk", f"现在代 {absent.name} 办事。")


@router.post("/desk/stand-back")
def stand_back(request: Request, ctx: Ctx) -> Response:
    """From now on this session is my own again."""
    deputies.step_back(ctx, request.state.secret)
    return see(request, "/desk", "已回到本人。")


def day(written: str) -> date | None:
    """The day of a date field; None when it holds none."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _draw(request: Request, ctx: Context, error: str = "", status: int = 200) -> Response:
    person = _me(ctx)
    section = stored_people.sections(ctx.session).get(person.section or "")
    return show(
        request, ctx, "account.html", title="我的账户", status=status, account=person,
        section=section.label if section else "", roles=list(ctx.person.roles), error=error,
        shortest=people.SHORTEST_PASSWORD, standing=deputies.told(ctx, person=person.id),
        candidates=[(one.username, f"{one.name}（{one.username}）") for one in
                    deputies.candidates(ctx, person)],
    )  # fmt: skip


def _me(ctx: Context) -> Person:
    found = stored_people.by_username(ctx.session, ctx.person.username)
    assert found is not None, "who signed in has an account"
    return found


PAGE = Page(router, "我的账户")
