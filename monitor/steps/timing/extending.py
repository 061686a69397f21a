"""Ask for more time, grant it, refuse it: only before expiry, as the rule of the clock allows."""

from monitor.domain.errors import Incomplete, Refused
from monitor.domain.letters import tidy
from monitor.domain.vocabulary import Ask
from monitor.services import lifecycle
from monitor.services.context import Context
from monitor.services.handling import extending
from monitor.storage.casework import Contact, Request
from monitor.storage.orders import Order


def ask(ctx: Context, order: Order, *, days: int | None, reason: str, seen: int) -> Request:
    """The section asks for so many days; nothing moves until it is granted."""
    if extending.pending(ctx, order) is not None:
        raise Refused("已经申请过延期，正在等批准。", remedy="请等批准人决定。")
    lifecycle.move(ctx, order, "ask_extension", seen=seen, days=days, reason=reason)
    if days is None:
        raise Incomplete("请填写延长几天。", fields={"days": "请填写整数"})
    clock = extending.check(ctx, order, days)
    request = Request(
        order_id=order.id,
        kind=str(Ask.EXTEND),
        grounds=reason.strip(),
        details={"days": days, "clock": str(clock.id)},
        asked_by=ctx.person.label,
        asked_at=ctx.now,
    )
    ctx.session.add(request)
    return request


def grant(ctx: Context, order: Order, *, way: str, outcome: str, seen: int) -> None:
    """The approver grants it, having told the requester; the clock is reckoned anew."""
    request = extending.check_decision(ctx, order, granting=True)
    days = int(request.details["days"])
    lifecycle.move(ctx, order, "extend", seen=seen, way=way, outcome=outcome, days=days)
    extending.extend(ctx, order, days)
    ctx.session.add(
        Contact(order_id=order.id, at=ctx.now, way=way, outcome=tidy(outcome), by=ctx.person.label)
    )
    _decided(ctx, request, granted=True, reason="")


def refuse(ctx: Context, order: Order, *, reason: str, seen: int) -> None:
    """The approver refuses it, with the reason; the time stays as it was."""
    request = extending.check_decision(ctx, order, granting=False)
    lifecycle.move(ctx, order, "refuse_extension", seen=seen, reason=reason)
    _decided(ctx, request, granted=False, reason=reason)


def _decided(ctx: Context, request: Request, *, granted: bool, reason: str) -> None:
    request.granted, request.reason = granted, reason.strip()
    request.decided_by, request.decided_at = ctx.person.label, ctx.now
    ctx.session.add(request)
