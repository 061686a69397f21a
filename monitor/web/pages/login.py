"""Signing in, and the one-time address by which somebody sets the first password."""

import re
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Form, Path, Query, Request
from starlette.responses import RedirectResponse, Response

from monitor.domain.errors import Incomplete
from monitor.services import limits, people
from monitor.services.desk import PUBLIC, Desk
from monitor.storage import people as stored_people
from monitor.storage.people import Person
from monitor.web import cookies
from monitor.web.deps import DeskHere, PublicReading
from monitor.web.guard import public_router
from monitor.web.navigation import Page, show_public

router = public_router()
_HOME = "/desk"
_LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]{0,500}")
_WRONG = "用户名或密码不对。"

Username = Annotated[str, Form(max_length=200)]
Password = Annotated[str, Form(max_length=1000)]
Token = Annotated[str, Path(max_length=100)]


@router.get("/login")
def form(
    request: Request, ctx: PublicReading, to: Annotated[str, Query(alias="next")] = _HOME
) -> Response:
    """The form to sign in."""
    return show_public(
        request, ctx, "login.html", title="登录", form=True, next=local(to), username="", error=""
    )


@router.post("/login")
def sign_in(
    request: Request,
    desk: DeskHere,
    username: Username,
    password: Password,
    to: Annotated[str, Form(alias="next")] = _HOME,
) -> Response:
    """Open a session; counted before the password is looked at, told alike for everybody."""
    name = people.normal(username)
    with desk.writing(PUBLIC) as ctx:
        spent = limits.spend(
            ctx, (limits.LOGIN_ACCOUNT, name), (limits.LOGIN_ADDRESS, address(request))
        )
        person = stored_people.by_username(ctx.session, name)
    # Outside any transaction: hashing is slow on purpose, and others want to write.
    if not people.proves(person, password):
        with desk.writing(PUBLIC) as ctx:
            people.sign_in_failed(ctx, name)
            return show_public(
                request, ctx, "login.html", title="登录", form=True, status=401,
                next=local(to), username=username[:64], error=_WRONG,
            )  # fmt: skip
    with desk.writing(PUBLIC) as ctx:
        limits.give_back(ctx, spent)
        limits.forget(ctx, limits.LOGIN_ACCOUNT, name)
        person = stored_people.by_username(ctx.session, name)
        return _enter(request, desk, people.sign_in(ctx, person), local(to)) if person else _back()


@router.get("/invite/{token}")
def invitation(request: Request, ctx: PublicReading, token: Token) -> Response:
    """The form for the first password."""
    _, person = people.invited(ctx, token)
    return _invitation(request, ctx, token, person)


@router.post("/invite/{token}")
def accept(
    request: Request, desk: DeskHere, token: Token, password: Password, password_again: Password
) -> Response:
    """Set the password, use the address up, and sign in."""
    try:
        if password != password_again:
            raise Incomplete("两次输入的密码不一样。")
        with desk.writing(PUBLIC) as ctx:
            person = people.accept_invite(ctx, token, password)
            secret = people.sign_in(ctx, person)
    except Incomplete as fault:
        with desk.reading(PUBLIC) as ctx:
            _, person = people.invited(ctx, token)
            return _invitation(request, ctx, token, person, fault.message, 422)
    return _enter(request, desk, secret, _HOME)


def _invitation(
    request: Request, ctx: PublicReading, token: str, person: Person, error: str = "",
    status: int = 200,
) -> Response:  # fmt: skip
    return show_public(
        request, ctx, "invite.html", title="设置密码", form=True, status=status,
        token=token, username=person.username, name=person.name, error=error,
        shortest=people.SHORTEST_PASSWORD,
    )  # fmt: skip


def _enter(request: Request, desk: Desk, secret: str, to: str) -> Response:
    old = request.cookies.get(cookies.SESSION, "")
    response = RedirectResponse(to, 303)
    cookies.start_session(response, secret, desk.settings)
    if old:
        with desk.writing(PUBLIC) as ctx:
            people.sign_out(ctx, old)
    return response


def _back() -> Response:
    return RedirectResponse("/login?" + urlencode({"next": _HOME}), 303)


def local(path: str) -> str:
    """A path on this very server, else the desk."""
    return path if _LOCAL.fullmatch(path) else _HOME


def address(request: Request) -> str:
    """Whose connection it is; what a header claims counts for nothing."""
    return request.client.host if request.client else ""


PAGE = Page(router, "登录")
