"""Confirm that a request for disclosure came: on that day its limit begins (条例 31)."""

from datetime import date

from monitor.domain.errors import Incomplete
from monitor.domain.remaining import short_date
from monitor.domain.workdays import local, midnight
from monitor.services import deadlines, lifecycle
from monitor.services.context import Context
from monitor.services.handling import receiving
from monitor.storage.orders import Order


def confirm(ctx: Context, order: Order, *, way: str, received_on: date | None, seen: int) -> None:
    """Both sides have confirmed; never before it was sent, never ahead of today."""
    receiving.check(ctx, order)
    lifecycle.move(ctx, order, "confirm_receipt", seen=seen, way=way, received_on=received_on)
    first, today = local(order.received_at).date(), local(ctx.now).date()
    if received_on is None or not first <= received_on <= today:
        words = f"确认之日应在 {short_date(first, ctx.now)} 至今天之间"
        raise Incomplete(words + "。", fields={"received_on": words})
    same_day = received_on == first
    started = order.received_at if same_day else midnight(received_on)
    deadlines.answer_from(ctx, order, started, date_only=order.date_only or not same_day)
