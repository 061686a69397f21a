"""Split a letter into its requests; end an order that its requester takes back."""

from typing import Annotated

from fastapi import Form, Request
from pydantic import Field
from starlette.responses import Response

from monitor.domain.access import DESK_ROLES
from monitor.steps import branching
from monitor.storage import orders
from monitor.web.deps import Number, Reading
from monitor.web.guard import desk_router
from monitor.web.navigation import Page
from monitor.web.offering import may
from monitor.web.orders.doing import act
from monitor.web.orders.given import Act, Reasoned, Text

router = desk_router(*DESK_ROLES)
PAGE = Page(router, "拆分与撤回")
ORDER = "/desk/orders/{number}"


class Split(Act):
    """The requests of a letter, a blank line between them."""

    requests: Annotated[str, Field(max_length=60_000)] = ""


class Retracted(Reasoned):
    """Why the requester takes it back, and how that is known."""

    proof: Text = ""


@router.post(f"{ORDER}/split")
def split(request: Request, number: Number, form: Annotated[Split, Form()]) -> Response:
    """拆成子单."""
    return act(request, number, "split", form, branching.split)


@router.post(f"{ORDER}/retract")
def retract(request: Request, number: Number, form: Annotated[Retracted, Form()]) -> Response:
    """诉求人撤回."""
    return act(request, number, "retract", form, branching.retract)


@router.get(f"{ORDER}/moves")
def moves(ctx: Reading, number: Number) -> may.Moves:
    """本人对这张工单可办什么，须给什么，为什么不能."""
    return may.moves(ctx, orders.get(ctx.session, ctx.person, number))
