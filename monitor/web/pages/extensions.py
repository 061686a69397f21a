"""Ask for more time and decide on it."""

from typing import Annotated

from fastapi import Form, Request
from starlette.responses import Response

from monitor.domain.access import DESK_ROLES
from monitor.steps import extending
from monitor.web.deps import Number
from monitor.web.guard import desk_router
from monitor.web.navigation import Page
from monitor.web.offering.extended import Extended, ExtensionAsked
from monitor.web.orders.doing import act
from monitor.web.orders.given import Reasoned

router = desk_router(*DESK_ROLES)
PAGE = Page(router, "延期")
ORDER = "/desk/orders/{number}"


@router.post(f"{ORDER}/ask_extension")
def ask_extension(
    request: Request, number: Number, form: Annotated[ExtensionAsked, Form()]
) -> Response:
    """申请延期."""
    return act(request, number, "ask_extension", form, extending.ask)


@router.post(f"{ORDER}/extend")
def extend(request: Request, number: Number, form: Annotated[Extended, Form()]) -> Response:
    """同意延期."""
    return act(request, number, "extend", form, extending.grant)


@router.post(f"{ORDER}/refuse_extension")
def refuse_extension(
    request: Request, number: Number, form: Annotated[Reasoned, Form()]
) -> Response:
    """不同意延期."""
    return act(request, number, "refuse_extension", form, extending.refuse)
