"""What an endpoint may ask for: one person, one moment, one transaction a request.

How to write a page `monitor/web/pages/<name>.py` with `<name>.html` beside it:

    router = desk_router(Role.DUTY, Role.REVIEWER)        # of web.guard; who may come in at all

    @router.get("/desk/things")
    def things(request: Request, ctx: Reading) -> Response:
        found = orders.visible_to(ctx.person) ...
        return show(request, ctx, "things.html", title="事项", rows=found)   # of web.navigation

    @router.post("/desk/orders/{number}/sign")
    @only(Role.HANDLER, Role.SECTION_HEAD)                # narrower than the router: below the verb
    def sign(request: Request, ctx: Ctx, number: Number, seen: Seen) -> Response:
        order = orders.get(ctx.session, ctx.person, number)      # 404 for another section's
        dispatch.sign(ctx, order, seen=seen)
        return see(request, f"/desk/orders/{number}", "已签收")   # 303, and a sentence said once

    PAGE = Page(router, "事项", entries=(Entry("事项", "/desk/things", "list", Group.ORDERS),))

and its two lines in `pages/__init__.py`. What the trunk has done before the endpoint runs: session,
role, origin, CSRF field, size, odd characters and secrecy marks of every form. An endpoint only
parses (`Annotated[str, Form(max_length=…)]` or a form model), calls one step, and draws. It never
catches a DeskError: the handler of `web.errors` draws it, with what was typed. Endpoints are plain
`def`. Public pages take `public_router()`, `PublicReading`, `PublicCtx` and `show_public`; the
machine door takes `machine_router()`, `Ctx` and `caller`.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Form, Path, Query, Request

from monitor.domain.access import Acting
from monitor.services.context import Context
from monitor.services.desk import PUBLIC, Desk
from monitor.storage.doors import KeyInForce

LARGEST = 2**31 - 1


def now_utc() -> datetime:
    """The real moment; tests and the demonstration hand in another clock."""
    return datetime.now(UTC)


def desk_of(request: Request) -> Desk:
    """The desk this application was made for."""
    desk: Desk = request.app.state.desk
    return desk


def who(request: Request) -> Acting:
    """Who was let in by the guard; on a public page nobody is."""
    person: Acting | None = getattr(request.state, "who", None)
    if person is None:
        message = "a route without a guard asked who is here"
        raise RuntimeError(message)
    return person


def writing(request: Request) -> Iterator[Context]:
    """A Context whose transaction is committed before the answer leaves."""
    with desk_of(request).writing(who(request)) as ctx:
        yield ctx


def reading(request: Request) -> Iterator[Context]:
    """A Context over a snapshot."""
    with desk_of(request).reading(who(request)) as ctx:
        yield ctx


def public_writing(request: Request) -> Iterator[Context]:
    """A Context of the public whose transaction is committed before the answer leaves."""
    with desk_of(request).writing(PUBLIC) as ctx:
        yield ctx


def public_reading(request: Request) -> Iterator[Context]:
    """A Context of the public over a snapshot."""
    with desk_of(request).reading(PUBLIC) as ctx:
        yield ctx


def caller(request: Request) -> KeyInForce:
    """The API key that the guard accepted."""
    key: KeyInForce = request.state.key
    return key


# scope="function": a commit that fails must become a 500, not follow a 200 that was already sent.
Ctx = Annotated[Context, Depends(writing, scope="function")]
Reading = Annotated[Context, Depends(reading, scope="function")]
PublicCtx = Annotated[Context, Depends(public_writing, scope="function")]
PublicReading = Annotated[Context, Depends(public_reading, scope="function")]
DeskHere = Annotated[Desk, Depends(desk_of)]

# The shapes that many pages need; bounds keep what a database cannot hold out of it.
Number = Annotated[str, Path(max_length=32)]
Seen = Annotated[int, Form(ge=0, le=LARGEST)]
Position = Annotated[int, Query(ge=0, le=LARGEST)]
Words = Annotated[str, Query(max_length=200)]
