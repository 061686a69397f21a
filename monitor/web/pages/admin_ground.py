"""The training ground: a demonstration begins anew when its system administrator asks."""

from typing import Annotated

from fastapi import Form, Request
from starlette.responses import Response

from monitor.domain.errors import Incomplete
from monitor.domain.vocabulary import Role
from monitor.services.context import Context
from monitor.services.office import ground
from monitor.web.deps import Ctx, Reading
from monitor.web.guard import desk_router
from monitor.web.navigation import Page, show

router = desk_router(Role.SYSTEM_ADMIN)

_ADDRESS = "/admin/ground"


@router.get(_ADDRESS)
def look(request: Request, ctx: Reading) -> Response:
    """What a reset does, and the form that asks for it."""
    return _draw(request, ctx)


@router.post(_ADDRESS)
def reset(request: Request, ctx: Ctx, typed: Annotated[str, Form(max_length=20)] = "") -> Response:
    """Ask for it; the page that is shown then waits for the new bureau."""
    try:
        ground.ask_reset(ctx, typed)
    except Incomplete as fault:
        return _draw(request, ctx, fault.fields["typed"], 422)
    return show(
        request, ctx, "admin_ground_waits.html", title="正在重置", seconds=_seconds(ctx),
    )  # fmt: skip


def _draw(request: Request, ctx: Context, error: str = "", status: int = 200) -> Response:
    return show(
        request, ctx, "admin_ground.html", title="重置演示数据", status=status, error=error,
        obstacle=ground.obstacle(ctx), seconds=_seconds(ctx), word=ground.WORD,
    )  # fmt: skip


def _seconds(ctx: Context) -> int:
    """How long it takes, told in tens: the start comes on top of the build."""
    return -(-(ground.took(ctx) + 5) // 10) * 10


PAGE = Page(router, "重置演示数据")
