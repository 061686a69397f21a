"""Do one act on an order and go on; a refusal redraws the page with what was typed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

import orjson
from fastapi import Request
from starlette.responses import Response

from monitor.domain.access import Acting
from monitor.domain.errors import Incomplete, NotAllowed, Refused, SecrecyMarked, Stale
from monitor.services.context import Context
from monitor.steps import casework, parts
from monitor.storage import history, orders
from monitor.storage.orders import Order
from monitor.web import errors
from monitor.web.deps import desk_of, who
from monitor.web.navigation import see
from monitor.web.orders import editor, parties, sheet
from monitor.web.orders.cowork import PartGiven
from monitor.web.orders.given import Act, Asked, Drafted
from monitor.web.orders.sheet import Failed, Look

_DOUBLE_CLICK = timedelta(seconds=10)


def act(
    request: Request, number: str, move: str, form: Act, step: Callable[..., object]
) -> Response:
    """Call the step in a transaction of its own; then 303, or the page with what went wrong.

    A form that came from another page has `next`: its refusals are drawn by the error handler.
    """
    desk, person = desk_of(request), who(request)
    # The version looked at is part of it: the same words on a newer page are another form.
    sent = f"{number} {move} {form.model_dump_json(exclude={'next'})}"
    mark = desk.keys.blind("form-sent", sent)[:32]
    try:
        with desk.writing(person) as ctx:
            order = orders.get(ctx.session, person, number)
            step(replace(ctx, form=mark), order, **form.values())
    except (Refused, NotAllowed, Stale, Incomplete) as error:
        if _just_done(request, number, mark):
            return see(request, address(form.next, number, move))
        elsewhere = form.next or request.headers.get("x-fragment") or errors.wants_json(request)
        if elsewhere or isinstance(error, SecrecyMarked):
            raise
        with desk.reading(person) as ctx:
            failed = Failed(move, error, _typed(request))
            return sheet.draw(request, ctx, number, Look(failed=failed))
    return see(request, address(form.next, number, move))


def address(wanted: str, number: str, move: str) -> str:
    """Where to look after a move: a place in this house, else the order; with what was done."""
    parts = urlsplit(wanted if _local(wanted) else f"/desk/orders/{number}")
    kept = [pair for pair in parse_qsl(parts.query) if pair[0] not in {"done", "number"}]
    query = urlencode([*kept, ("done", move), ("number", number)])
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return f"{parts.path}?{query}{fragment}"


def _local(address: str) -> bool:
    if (
        not address.startswith("/")
        or address.startswith(("//", "/\\"))
        or not address.isprintable()
    ):
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc


def _just_done(request: Request, number: str, mark: str) -> bool:
    """Whether this person sent this very form a moment ago: a double click harms nobody."""
    person: Acting = who(request)
    with desk_of(request).reading(person) as ctx:
        order = orders.get(ctx.session, person, number)
        return any(
            event.actor == person.label
            and ctx.now - event.at < _DOUBLE_CLICK
            and orjson.loads(event.details).get("form") == mark
            for event in history.of_order(ctx.session, order.id)
        )


def reveal(request: Request, number: str, asked: Asked) -> Response:
    """The page with the personal details in it, once; they are hidden again on the next load."""
    desk, person = desk_of(request), who(request)
    try:
        with desk.writing(person) as ctx:
            shown = parties.reveal(ctx, orders.get(ctx.session, person, number), asked)
        # Whoever looks up the number to ring it writes down next what he hears.
        look = Look(shown=shown, do="call_back" if asked.reason == "回访" else "")
    except (NotAllowed, Incomplete) as error:
        look = Look(failed=Failed("reveal", error, _typed(request)))
    with desk.reading(person) as ctx:
        response = sheet.draw(request, ctx, number, look)
    response.headers["cache-control"] = "no-store"
    return response


def draft(request: Request, number: str, form: Drafted) -> Response:
    """Keep what is being written; the script wants no page back, a button does."""

    def save(ctx: Context, order: Order) -> None:
        casework.save_draft(ctx, order, editor.extend(ctx, order, form))

    return _kept(request, number, "draft", "#editor", save)


def part_draft(request: Request, number: str, form: PartGiven) -> Response:
    """Keep what a co-section is writing."""

    def save(ctx: Context, order: Order) -> None:
        parts.save_draft(ctx, order, text=form.text)

    return _kept(request, number, "part_draft", "#parts", save)


def _kept(
    request: Request, number: str, name: str, place: str, save: Callable[[Context, Order], None]
) -> Response:
    desk, person = desk_of(request), who(request)
    quiet = bool(request.headers.get("x-fragment")) or errors.wants_json(request)
    try:
        with desk.writing(person) as ctx:
            order = orders.get(ctx.session, person, number)
            save(ctx, order)
    except (Refused, Incomplete) as error:
        if quiet or isinstance(error, SecrecyMarked):
            raise
        with desk.reading(person) as ctx:
            failed = Failed(name, error, _typed(request))
            return sheet.draw(request, ctx, number, Look(failed=failed))
    if quiet:
        return Response(status_code=204)
    return see(request, address("", number, name) + place)


def _typed(request: Request) -> tuple[tuple[str, str], ...]:
    return tuple(getattr(request.state, "given", ()))
