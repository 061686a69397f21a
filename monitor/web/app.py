"""Build the application: the door, the guard, the pages of the menu, the static files."""

from pathlib import Path

import starlette_admin
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from monitor.services.desk import Desk
from monitor.web import api, errors, health, render
from monitor.web.door import Door
from monitor.web.guard import Area, Guard, GuardedRoute, area_of
from monitor.web.pages import PAGES

VENDOR = Path(starlette_admin.__file__).parent / "static"
_FOREVER = "public, max-age=31536000, immutable"
_A_DAY = "public, max-age=86400"


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
    app.include_router(health.router)
    app.include_router(api.router)
    for page in PAGES:
        app.include_router(page.router)
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
