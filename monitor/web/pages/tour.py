"""The first-day tour: all steps of one's roles as a page, and the way from one to the next."""

from typing import Annotated

from fastapi import Form, Request
from starlette.responses import Response

from monitor.services.office import tours
from monitor.web.deps import LARGEST, Ctx, Reading
from monitor.web.guard import EVERYONE, desk_router
from monitor.web.navigation import Page, see, show

router = desk_router(*EVERYONE)

_ADDRESS = "/desk/tour"
Place = Annotated[int, Form(ge=1, le=LARGEST)]


@router.get(_ADDRESS)
def look(request: Request, ctx: Reading) -> Response:
    """The steps, where one left, and the button that begins or goes on."""
    return show(
        request, ctx, "tour.html", title="入门导览", steps=tours.steps(ctx),
        standing=tours.standing(ctx), name=ctx.person.name,
    )  # fmt: skip


@router.post(_ADDRESS)
def go(request: Request, ctx: Ctx, place: Place = 1) -> Response:
    """To a step on its real page; past the last, the tour is done."""
    step = tours.go(ctx, place)
    if step is None:
        return see(request, _ADDRESS, "导览看完了。以后想再看，从右上角的菜单进入。")
    return see(request, step.address(place))


@router.post("/desk/tour/leave")
def leave(request: Request, ctx: Ctx, place: Place = 1) -> Response:
    """Away from the tour, to the page that one stands on without its box."""
    tours.leave(ctx, place)
    found = tours.steps(ctx)
    page = found[place - 1].page if place <= len(found) else "/desk"
    return see(request, page, "已离开导览。想接着看，从右上角的菜单或“入门导览”进入。")


PAGE = Page(router, "入门导览")
