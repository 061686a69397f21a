"""Many orders at once: begin, watch, read what was done and what was not, try the rest again."""

import secrets
from typing import Annotated
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import Form, Request
from starlette.background import BackgroundTask
from starlette.responses import Response

from monitor.domain.access import DESK_ROLES
from monitor.domain.errors import Incomplete, NotAllowed
from monitor.domain.lifecycle import MOVES
from monitor.domain.vocabulary import Role, State
from monitor.storage import people, search
from monitor.storage.lists import bulk as runs
from monitor.storage.lists.bulk import DONE, REFUSED, WAITING
from monitor.tasks import bulk, durable
from monitor.web.deps import DeskHere, Reading, who
from monitor.web.guard import desk_router
from monitor.web.navigation import Page, see, show
from monitor.web.queues import picking
from monitor.web.queues.picking import BULK

router = desk_router(*DESK_ROLES)
PAGE = Page(router, "批量办理")
PRINT = "/desk/print"
_STALLED_SECONDS = 20
_MOST_PRINTED = 100


@router.post(BULK)
def begin(
    request: Request,
    desk: DeskHere,
    pick: Annotated[list[str], Form(default_factory=list, max_length=bulk.MOST + 1)],
    deed: Annotated[str, Form(max_length=20)] = "",
    handler: Annotated[str, Form(max_length=64)] = "",
    token: Annotated[str, Form(max_length=64)] = "",
    back: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Do one deed to the ticked orders; the same form sent again shows the same report."""
    picked = picking.picks(pick)
    if deed == "print":
        if len(picked) > _MOST_PRINTED:
            raise Incomplete(
                f"一次最多打印 {_MOST_PRINTED} 件。", remedy="请少选一些，分几次打印。"
            )
        return see(request, f"{PRINT}?numbers={','.join(one.number for one in picked)}")
    person = who(request)
    if deed not in bulk.DEEDS:
        raise Incomplete("请选择要办的事。", remedy="请在列表下方点签收、交办或打印。")
    with desk.reading(person) as ctx:
        offered = picking.offered(ctx, "")
    if deed == "assign" and handler not in dict(offered.staff):
        raise Incomplete("请选择承办人。", fields={"handler": "请从本科室的人里选"})
    if deed == "archive":
        if not person.has(Role.REVIEWER):
            raise NotAllowed("归档由办公室审核办理。", remedy="请转办公室。")
    elif not offered.sign:
        raise NotAllowed("批量签收、交办由主办科室办理。", remedy="请转主办科室。")
    with desk.writing(person) as ctx:
        given = {"handler": handler} if deed == "assign" else {}
        run_id = bulk.begin(ctx, deed, picked, given, back=_local(back), token=token)
    response = see(request, f"{BULK}/{run_id}")
    if len(picked) < bulk.AT_ONCE:
        bulk.go_on(desk, run_id)
    else:
        response.background = BackgroundTask(durable.enqueue_bulk, desk, run_id)
    return response


@router.get(BULK + "/{run}")
def look(request: Request, ctx: Reading, run: UUID) -> Response:
    """How far it is; at the end what was done, what was not, why, and what helps."""
    found = bulk.run_of(ctx, run)
    items = runs.items(ctx.session, run)
    known = {
        order.number: order
        for order in search.numbered(ctx.session, ctx.person, [one.number for one in items])
    }
    left = [one for one in items if one.outcome != DONE]
    mine = [known[one.number] for one in left if one.number in known]
    again = [order for order in mine if State(order.state) in MOVES[found.deed].sources]
    staff = people.by_username(ctx.session, str(found.given.get("handler", "")))
    moving = found.finished_at is None
    response = show(
        request, ctx, "bulk.html", title="批量办理",
        run=found, label=MOVES[found.deed].label, handler=staff.name if staff else "",
        done=[one for one in items if one.outcome == DONE],
        refused=[one for one in items if one.outcome == REFUSED],
        waiting=sum(one.outcome == WAITING for one in items),
        known=known, states={order.number: State(order.state).label for order in known.values()},
        again=again, token=secrets.token_urlsafe(12), moving=moving,
        stalled=moving and (ctx.now - found.touched_at).total_seconds() > _STALLED_SECONDS,
        back=found.back or "/desk/search",
    )  # fmt: skip
    if request.headers.get("x-fragment") and not moving:
        response.headers["x-done"] = "1"
    return response


@router.post(BULK + "/{run}/resume")
def resume(request: Request, desk: DeskHere, run: UUID) -> Response:
    """Go on with what waits, a piece at a time, where the background does not."""
    with desk.reading(who(request)) as ctx:
        bulk.run_of(ctx, run)
    bulk.go_on(desk, run, most=bulk.AT_ONCE)
    return see(request, f"{BULK}/{run}")


def _local(address: str) -> str:
    """A place in this house, or none."""
    parts = urlsplit(address)
    fine = address.startswith("/desk/") and address.isprintable() and not parts.netloc
    return address if fine else ""
