"""提醒: what I should know, newest first; a count in the bar that keeps itself up to date."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Form, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from monitor.domain.access import DESK_ROLES, Acting
from monitor.services.desk import Desk
from monitor.storage.supervision import notices
from monitor.web.deps import LARGEST, Ctx, Reading, desk_of, who
from monitor.web.guard import desk_router
from monitor.web.navigation import Page, see, show

router = desk_router(*DESK_ROLES)
PATH = "/desk/notices"
_SHOWN = 50
_ROUNDS, _SECONDS = 5, 5.0
Place = Annotated[int | None, Query(ge=1, le=LARGEST)]


@router.get(PATH)
def look(request: Request, ctx: Reading, before: Place = None) -> Response:
    """My notices; those not read yet stand out."""
    assert ctx.person.id is not None, "who signed in has an account"
    found = notices.of_person(ctx.session, ctx.person.id, before=before, limit=_SHOWN + 1)
    shown, more = found[:_SHOWN], len(found) > _SHOWN
    return show(
        request, ctx, "notices.html", title="提醒", found=shown,
        unread=notices.unread(ctx.session, ctx.person.id),
        newest=shown[0].id if shown else 0, older=shown[-1].id if more else None,
    )  # fmt: skip


@router.post(f"{PATH}/read")
def read(request: Request, ctx: Ctx, upto: Annotated[int, Form(ge=0, le=LARGEST)]) -> Response:
    """I have read all that this page showed; what came meanwhile stays unread."""
    assert ctx.person.id is not None, "who signed in has an account"
    notices.read(ctx.session, ctx.person.id, ctx.now, upto=upto)
    return see(request, PATH, "已全部标为已读。")


@router.get(f"{PATH}/stream")
async def stream(request: Request) -> Response:
    """How many are unread, told as it changes; a plain request is told once."""
    desk, person = desk_of(request), who(request)
    rounds = _ROUNDS if "text/event-stream" in request.headers.get("accept", "") else 1
    return StreamingResponse(_told(desk, person, rounds), media_type="text/event-stream")


async def _told(desk: Desk, person: Acting, rounds: int) -> AsyncIterator[str]:
    """A short stream that the browser takes up again: no connection outlives a restart for long."""
    yield "retry: 5000\n\n"
    last = -1
    for turn in range(rounds):
        if turn:
            await asyncio.sleep(_SECONDS)
        count = await run_in_threadpool(_unread, desk, person)
        if count != last:
            yield f"data: {count}\n\n"
        last = count


def _unread(desk: Desk, person: Acting) -> int:
    with desk.reading(person) as ctx:
        return notices.unread(ctx.session, person.id) if person.id else 0


PAGE = Page(router, "提醒")
