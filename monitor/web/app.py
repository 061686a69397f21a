"""Build the application: door, guard, pages, files, and the two addresses that tell it lives."""

from collections.abc import Iterator
from pathlib import Path

import starlette_admin
from fastapi import FastAPI, Request
from fastapi.routing import iter_route_contexts
from sqlmodel import col, func, select
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from monitor.domain.errors import NotFound
from monitor.domain.vocabulary import Promise, State
from monitor.services.context import Context
from monitor.services.desk import Desk
from monitor.storage import history, orders
from monitor.storage.deadlines import Clock
from monitor.storage.imports import ImportRun
from monitor.web import api, cookies, errors, render
from monitor.web.deps import PublicReading
from monitor.web.door import Door
from monitor.web.failures import NoKey
from monitor.web.guard import Area, Guard, GuardedRoute, area_of, public_router
from monitor.web.offering import machine
from monitor.web.pages import PAGES

VENDOR = Path(starlette_admin.__file__).parent / "static"
_FOREVER = "public, max-age=31536000, immutable"
_A_DAY = "public, max-age=86400"
_METRICS = "text/plain; version=0.0.4; charset=utf-8"
health = public_router()


class Files(StaticFiles):
    """Our own files, which change their address with their content, and the installed ones."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """A file with its lifetime; a folder is not found."""
        response = await super().get_response(path, scope)
        hashed = scope.get("query_string", b"").startswith(b"v=")
        response.headers["cache-control"] = _FOREVER if hashed else _A_DAY
        return response


def create_app(desk: Desk) -> FastAPI:
    """The whole of the web for one desk; nothing is opened and nothing runs yet."""
    app = FastAPI(
        title="回应台接口",
        version="1",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        middleware=[Middleware(Door, desk=desk), Middleware(Guard, desk=desk)],
    )
    app.state.desk = desk
    app.state.pages = PAGES
    errors.install(app)
    app.router.routes.append(Mount("/static/vendor", Files(directory=VENDOR)))
    app.router.routes.append(Mount("/static", Files(directory=render.STATIC)))
    # The routes themselves: to include them would reckon all their parameters once more an app.
    for router in (health, api.router, machine.router, *(page.router for page in PAGES)):
        app.router.routes += router.routes
    _refuse_unguarded(app)
    return app


def _refuse_unguarded(app: FastAPI) -> None:
    """Fail at the start, not in use, when a staff or machine address has no guard."""
    for context in iter_route_contexts(app.routes):
        path = context.path or ""
        guarded = isinstance(context.original_route, GuardedRoute)
        if area_of(path) is not Area.PUBLIC and not guarded:
            message = f"{path} has no guard"
            raise RuntimeError(message)


@health.get("/healthz")
def healthz(ctx: PublicReading) -> Response:
    """200 when the database answers."""
    ctx.session.connection().exec_driver_sql("SELECT 1")
    return PlainTextResponse("ok\n")


@health.get("/metrics")
def metrics(request: Request, ctx: PublicReading) -> Response:
    """Counters in the text form of Prometheus, for who holds the token."""
    token = ctx.settings.metrics_token.get_secret_value()
    if not token:
        raise NotFound("没有这个页面。")
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not cookies.same(token, given.strip()):
        raise NoKey("没有提供有效的令牌。")
    return PlainTextResponse("".join(_lines(ctx)), media_type=_METRICS)


def _lines(ctx: Context) -> Iterator[str]:
    for name, told, count in (
        ("desk_clocks_running", "Promises whose clock runs.", clocks(ctx, late=False)),
        (
            "desk_clocks_overdue",
            "Promises whose clock is past its due time.",
            clocks(ctx, late=True),
        ),
    ):
        yield f"# HELP {name} {told}\n# TYPE {name} gauge\n"
        yield from (f'{name}{{promise="{one}"}} {count.get(one, 0)}\n' for one in Promise)
    yield "# HELP desk_orders Orders by state.\n# TYPE desk_orders gauge\n"
    in_state = orders.by_state(ctx.session)
    yield from (f'desk_orders{{state="{state}"}} {in_state.get(state, 0)}\n' for state in State)
    yield "# HELP desk_events History events.\n# TYPE desk_events counter\n"
    yield f"desk_events {history.count(ctx.session)}\n"
    yield "# HELP desk_imports Import runs by state.\n# TYPE desk_imports gauge\n"
    runs_by_state = select(ImportRun.state, func.count()).group_by(col(ImportRun.state))
    for state, runs in sorted(ctx.session.exec(runs_by_state)):
        yield f'desk_imports{{state="{state}"}} {runs}\n'


def clocks(ctx: Context, *, late: bool) -> dict[str, int]:
    """Running clocks by promise; only those past their due time when `late`."""
    query = (
        select(Clock.promise, func.count())
        .where(col(Clock.ended_at).is_(None), col(Clock.cancelled_at).is_(None))
        .group_by(col(Clock.promise))
    )
    if late:
        query = query.where(Clock.due_at < ctx.now)
    return dict(ctx.session.exec(query).all())
