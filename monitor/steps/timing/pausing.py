"""Let the answer clock stand and run on: third parties, corrections; only where a law says so."""

from datetime import date

from monitor.domain.errors import Incomplete
from monitor.domain.letters import tidy
from monitor.domain.workdays import local
from monitor.services import lifecycle
from monitor.services.context import Context
from monitor.services.handling import pausing
from monitor.storage.casework import Contact, Note
from monitor.storage.orders import Order


def pause(
    ctx: Context, order: Order, *, cause: str, noticed_on: date | None, text: str, seen: int
) -> None:
    """A third party or another organ is asked: the clock stands from the day after the notice."""
    lifecycle.move(
        ctx, order, "pause_clock", seen=seen, cause=cause, noticed_on=noticed_on, text=text
    )
    if noticed_on is None or cause == pausing.CORRECTION:
        raise Incomplete("请选择停表事由。", fields={"cause": "补正请用“告知补正”"})
    pausing.begin(ctx, order, cause, noticed_on)
    _note(ctx, order, f"征求意见：{text}")


def resume(
    ctx: Context, order: Order, *, received_on: date | None, outcome: str, seen: int
) -> None:
    """The opinion has come, or will not come: the clock runs on."""
    lifecycle.move(ctx, order, "resume_clock", seen=seen, received_on=received_on, outcome=outcome)
    pausing.end(ctx, order, received_on or local(ctx.now).date(), correction=False)
    _note(ctx, order, f"收到意见：{outcome}")


def ask_correction(
    ctx: Context, order: Order, *, text: str, way: str, until: date | None, seen: int
) -> None:
    """The requester is told today, once and in full, what to put right and until when."""
    lifecycle.move(ctx, order, "ask_correction", seen=seen, text=text, way=way, until=until)
    pausing.begin(ctx, order, pausing.CORRECTION, local(ctx.now).date(), until)
    ctx.session.add(
        Contact(
            order_id=order.id, at=ctx.now, way=way, outcome=tidy(f"告知补正：{text}"),
            by=ctx.person.label,
        )
    )  # fmt: skip


def receive_correction(ctx: Context, order: Order, *, received_on: date | None, seen: int) -> None:
    """The corrected request has come: the answer's limit begins anew on that day."""
    lifecycle.move(ctx, order, "receive_correction", seen=seen, received_on=received_on)
    pausing.end(ctx, order, received_on or local(ctx.now).date(), correction=True)


def abandon(ctx: Context, order: Order, *, reason: str, seen: int) -> None:
    """Not put right in time and without good reason: the request counts as given up."""
    pausing.check_abandoned(ctx, order)
    lifecycle.move(ctx, order, "abandon", seen=seen, reason=reason)


def _note(ctx: Context, order: Order, text: str) -> None:
    ctx.session.add(Note(order_id=order.id, at=ctx.now, text=tidy(text), by=ctx.person.label))
