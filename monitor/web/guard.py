"""Who may come in: areas of addresses, roles of routes; all of it before a body is looked at."""

from collections.abc import Callable, Coroutine
from enum import Enum
from http import HTTPStatus
from typing import Any, ClassVar, TypeVar

from fastapi import APIRouter, Depends, Request
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from monitor.domain.access import Acting
from monitor.domain.errors import DeskError, NotAllowed
from monitor.domain.vocabulary import Role
from monitor.services import people
from monitor.services.desk import PUBLIC, Desk
from monitor.services.office import machines
from monitor.web import cookies, errors, forms, kept
from monitor.web.failures import FAILURES, NoKey, NotSignedIn

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
EVERYONE = tuple(Role)
Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


class Area(Enum):
    """Whose part of the house an address lies in."""

    PUBLIC = "public"
    STAFF = "staff"
    MACHINE = "machine"


_OPEN_TO_MACHINES = ("/api/v1/public", "/api/v1/openapi.json", "/api/v1/docs")


def area_of(path: str) -> Area:
    """The area of an address; what nobody declared there is closed as well."""
    if _below(path, "/desk", "/admin", "/logout"):
        return Area.STAFF
    if _below(path, "/api") and not _below(path, *_OPEN_TO_MACHINES):
        return Area.MACHINE
    return Area.PUBLIC


def _below(path: str, *tops: str) -> bool:
    return any(path == top or path.startswith(top + "/") for top in tops)


class GuardedRoute(APIRoute):
    """A route that checks area, role, origin and form before the endpoint is prepared."""

    area: ClassVar[Area] = Area.PUBLIC
    default_roles: ClassVar[frozenset[Role]] = frozenset()

    def __init__(self, path: str, endpoint: Callable[..., Any], **kwargs: Any) -> None:
        self.roles: frozenset[Role] = getattr(endpoint, "only_roles", self.default_roles)
        if area_of(path) is not self.area:
            message = f"{path} lies in the area {area_of(path).value}, not {self.area.value}"
            raise ValueError(message)
        super().__init__(path, endpoint, **kwargs)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The endpoint behind its guard."""
        inner = super().get_route_handler()
        single = forms.single_fields(self.dependant)

        async def guarded(request: Request) -> Response:
            self.admit(request)
            if request.method not in SAFE:
                # Uploaded files close with the answer, whether or not an endpoint took them.
                request.scope["fastapi_middleware_astack"].push_async_callback(request.close)
                await forms.receive(request, single, machine=self.area is Area.MACHINE)
            if self.area is not Area.STAFF or request.method in SAFE:
                return await inner(request)
            answered: list[Response] = []

            async def committed(kind: type[BaseException] | None, *_: object) -> None:
                if kind is None and answered[0].status_code < HTTPStatus.BAD_REQUEST:
                    await run_in_threadpool(kept.forget, request.app.state.desk, request)

            # Entered first, left last: the endpoint's own transaction has been committed by then.
            request.scope["fastapi_function_astack"].push_async_exit(committed)
            answered.append(await inner(request))
            return answered[0]

        return guarded

    def admit(self, request: Request) -> None:
        """Refuse who is not let in here: NotSignedIn or NotAllowed."""
        person: Acting | None = getattr(request.state, "who", None)
        if self.area is Area.PUBLIC:
            request.state.who = PUBLIC
        elif person is None:
            raise NotSignedIn("这里只对工作人员开放。")
        elif self.area is Area.STAFF and not person.roles:
            raise NotAllowed(
                "您的账户还没有岗位，现在不能办事。",
                remedy="请联系安全管理员授予岗位，再重新打开。",
            )
        elif self.area is Area.STAFF and not person.has(*self.roles):
            names = "、".join(role.label for role in Role if role in self.roles)
            raise NotAllowed("您的岗位不能打开这一页。", remedy=f"这一页由{names}使用。")


def desk_router(*roles: Role) -> APIRouter:
    """A router of staff pages for these roles; `only` gives a single route others."""
    if not roles:
        message = "name the roles that may come in"
        raise ValueError(message)
    return _router(Area.STAFF, frozenset(roles), documented=False)


def public_router(*, documented: bool = False) -> APIRouter:
    """A router of pages for everybody; `documented` puts them into the API's document."""
    return _router(Area.PUBLIC, frozenset(), documented=documented)


def machine_router() -> APIRouter:
    """A router of the machine door: a key is asked for, no form token."""
    return _router(Area.MACHINE, frozenset(), documented=True)


def _router(area: Area, roles: frozenset[Role], *, documented: bool) -> APIRouter:
    kind = type(
        f"{area.name.title()}Route", (GuardedRoute,), {"area": area, "default_roles": roles}
    )
    if area is not Area.MACHINE:
        return APIRouter(route_class=kind, include_in_schema=documented)
    # The key was looked at long before; this only writes it into the API's document.
    told = Depends(HTTPBearer(auto_error=False, scheme_name="key", description="monitor key add"))
    return APIRouter(route_class=kind, dependencies=[told], responses=FAILURES)


def only(*roles: Role) -> Callable[[Endpoint], Endpoint]:
    """The roles of one route, in place of its router's; stands below the line of the verb."""

    def mark(endpoint: Endpoint) -> Endpoint:
        endpoint.only_roles = frozenset(roles)  # type: ignore[attr-defined]
        return endpoint

    return mark


class Guard:
    """Finds out who asks; strangers are answered here, known addresses and unknown alike."""

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        self.app = app
        self.desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through with its person, or answer 401."""
        area = area_of(scope["path"]) if scope["type"] == "http" else Area.PUBLIC
        if area is not Area.PUBLIC:
            request = Request(scope, receive)
            try:
                find = self._staff if area is Area.STAFF else self._machine
                await run_in_threadpool(find, request)
            except DeskError as error:
                response = await self._turned_away(request, error)
                await response(scope, receive, send)
                return
        await self.app(scope, receive, send)

    async def _turned_away(self, request: Request, error: DeskError) -> Response:
        """The refusal; who was writing when the session ran out is asked to sign in and goes on."""
        if isinstance(error, NotSignedIn) and not errors.wants_json(request):
            left = await kept.left_behind(request, self.desk)
            if left is not None and not request.headers.get("x-fragment"):
                return await run_in_threadpool(kept.ask_to_sign_in, request, self.desk, left)
        return await run_in_threadpool(errors.refused, request, error)

    def _staff(self, request: Request) -> None:
        secret = request.cookies.get(cookies.SESSION, "")
        with self.desk.reading(PUBLIC) as ctx:
            found = people.signed_in(ctx, secret) if secret else None
        if found is None:
            raise NotSignedIn("这里只对工作人员开放。", remedy="请登录后再打开。")
        if found.worth_noting:
            with self.desk.writing(found.person) as ctx:
                people.note_seen(ctx, secret)
        request.state.who = found.person
        request.state.secret = secret

    def _machine(self, request: Request) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        key = None
        if scheme.lower() == "bearer" and token.strip():
            now = self.desk.clock()
            key = machines.key_in_force(self.desk.database, self.desk.keys, token.strip(), now)
        if key is None:
            raise NoKey(
                "没有提供有效的接口密钥。", remedy="请在 Authorization 头中提供 Bearer 密钥。"
            )
        if machines.worth_noting(key, self.desk.clock()):
            with self.desk.writing(machines.as_machine(key)) as ctx:
                machines.note_used(ctx, key)
        request.state.who = machines.as_machine(key)
        request.state.key = key
