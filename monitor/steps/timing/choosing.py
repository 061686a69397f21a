"""Put a clock under a rule that a person chooses, or reckon it by the rule now in force."""

from monitor.domain.vocabulary import State
from monitor.services import lifecycle
from monitor.services.context import Context
from monitor.services.handling import rechoosing
from monitor.storage.orders import Order


def choose(ctx: Context, order: Order, *, rule: str, reason: str, seen: int) -> None:
    """Another rule for one clock: by the duty officer before dispatch, by the office after it."""
    name = "choose_rule" if order.state == State.TRIAGE else "change_rule"
    lifecycle.move(ctx, order, name, seen=seen, rule=rule, reason=reason)
    rechoosing.choose(ctx, order, rule, reason)


def rereckon(ctx: Context, order: Order, *, clock: str, reason: str, seen: int) -> None:
    """One clock by the rule now in force; without this no promise ever moves with its rule."""
    lifecycle.move(ctx, order, "rereckon", seen=seen, clock=clock, reason=reason)
    rechoosing.rereckon(ctx, order, clock, reason)
