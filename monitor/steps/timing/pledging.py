"""Confirm, drop, keep and renew what an answer promised."""

from datetime import date

from monitor.services import lifecycle
from monitor.services.context import Context
from monitor.services.handling import pledging
from monitor.storage.orders import Order


def confirm(ctx: Context, order: Order, *, pledge: str, due_on: date | None, seen: int) -> None:
    """It is a promise; its clock starts. A day given takes the place of the one found."""
    lifecycle.move(ctx, order, "confirm_pledge", seen=seen, pledge=pledge, due_on=due_on)
    pledging.confirm(ctx, order, pledge, due_on)


def drop(ctx: Context, order: Order, *, pledge: str, reason: str, seen: int) -> None:
    """The words promise nothing."""
    lifecycle.move(ctx, order, "drop_pledge", seen=seen, pledge=pledge, reason=reason)
    pledging.drop(ctx, order, pledge, reason)


def keep(ctx: Context, order: Order, *, pledge: str, proof: str, seen: int) -> None:
    """It was kept; the proof stays with it."""
    lifecycle.move(ctx, order, "keep_pledge", seen=seen, pledge=pledge, proof=proof)
    pledging.keep(ctx, order, pledge, proof)


def renew(
    ctx: Context, order: Order, *, pledge: str, due_on: date | None, reason: str, seen: int
) -> None:
    """Another day, once, with the reason; the first clock stays beside."""
    lifecycle.move(
        ctx, order, "renew_pledge", seen=seen, pledge=pledge, due_on=due_on, reason=reason
    )
    pledging.renew(ctx, order, pledge, due_on, reason)
