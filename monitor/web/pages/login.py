"""Signing in, and the one-time address by which somebody sets the first password."""

import re
from typing import Annotated

from fastapi import Form, Path, Query, Request
from starlette.responses import RedirectResponse, Response

from monitor.domain.errors import Incomplete, NotFound
from monitor.services import limits, people
from monitor.services.context import Context
from monitor.services.desk import PUBLIC
from monitor.services.office import tours
from monitor.storage import people as stored_people
from monitor.storage.people import Person
from monitor.web import cookies, kept
from monitor.web.deps import DeskHere, PublicReading
from monitor.web.guard import public_router
from monitor.web.navigation import Page, show_public

router = public_router()
_HOME = "/desk"
_TOUR = "/desk/tour"
_LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]{0,500}")
_WRONG = "用户名或密码不对。"
_TAKEN_UP = "刚才写的内容已经放回，还没有提交；也可以在“草稿”里找到。"

Username = Annotated[str, Form(max_length=200)]
Password = Annotated[str, Form(max_length=1000)]
Token = Annotated[str, Path(max_length=100)]


@router.get("/login")
def form(
    request: Request, ctx: PublicReading, to: Annotated[str, Query(alias="next")] = _HOME
) -> Response:
    """The form to sign in."""
    return show_public(
        request, ctx, "login.html", title="登录", form=True, next=local(to), username="", error="",
        held="",
    )  # fmt: skip


@router.post("/login")
def sign_in(
    request: Request,
    desk: DeskHere,
    username: Username,
    password: Password,
    to: Annotated[str, Form(alias="next")] = _HOME,
    held: Annotated[str, Form(max_length=400_000)] = "",
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
                next=local(to), username=username[:64], error=_WRONG, held=held,
            )  # fmt: skip
    with desk.writing(PUBLIC) as ctx:
        limits.give_back(ctx, spent)
        limits.forget(ctx, limits.LOGIN_ACCOUNT, name)
        person = stored_people.by_username(ctx.session, name)
        if person is None:
            raise NotFound("这个账户刚刚被删除。")
        response = _enter(request, ctx, person, local(to))
        left = kept.opened(desk.keys, ctx.now.timestamp(), held) if held else None
        if left is not None:
            same = kept.take_up(ctx, person, left)
            said = _TAKEN_UP if same else "刚才写的内容属于另一位同事，没有放进您的页面。"
            cookies.say(response, desk.keys, desk.settings, said, "done" if same else "late")
        return response


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
            tours.offer(ctx, person)
            return _enter(request, ctx, person, _HOME)
    except Incomplete as fault:
        with desk.reading(PUBLIC) as ctx:
            _, person = people.invited(ctx, token)
            return _invitation(request, ctx, token, person, fault.message, 422)


def _invitation(
    request: Request, ctx: Context, token: str, person: Person, error: str = "",
    status: int = 200,
) -> Response:  # fmt: skip
    return show_public(
        request, ctx, "invite.html", title="设置密码", form=True, status=status,
        token=token, username=person.username, name=person.name, error=error,
        shortest=people.SHORTEST_PASSWORD,
    )  # fmt: skip


def _enter(request: Request, ctx: Context, person: Person, to: str) -> Response:
    # Whoever wanted to go to some page goes there; the tour waits.
    to = _TOUR if to == _HOME and tours.offered(ctx, person) else to
    response = RedirectResponse(to, 303)
    ctx = people.as_person(ctx, person)
    # A browser has one session: the one it came with ends.
    people.sign_out(ctx, request.cookies.get(cookies.SESSION, ""))
    cookies.start_session(response, people.sign_in(ctx, person), ctx.settings)
    return response


def local(path: str) -> str:
    """A path on this very server, else the desk."""
    return path if _LOCAL.fullmatch(path) else _HOME


def address(request: Request) -> str:
    """Whose connection it is; what a header claims counts for nothing."""
    return request.client.host if request.client else ""


PAGE = Page(router, "登录")
