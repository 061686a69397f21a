"""Chase an order, put it under supervision, raise it, and lift what it stands under."""

from datetime import timedelta

from monitor.domain.errors import Refused
from monitor.domain.remaining import moment_words
from monitor.domain.supervision import cards as rules_of_cards
from monitor.domain.supervision.cards import Level
from monitor.domain.vocabulary import Promise
from monitor.services import lifecycle, rulebook
from monitor.services.context import Context
from monitor.services.notices import receivers
from monitor.services.supervision import giving
from monitor.storage import deadlines
from monitor.storage.deadlines import Clock
from monitor.storage.orders import Order
from monitor.storage.supervision import cards
from monitor.storage.supervision.cards import BY_HAND, Card


def chase(ctx: Context, order: Order, *, text: str = "", seen: int | None = None) -> Card:
    """Ask those who have the order to get on with it; not twice within the time of the rule."""
    return _by_hand(ctx, order, "chase", Level.CHASE, seen, why=text.strip())


def supervise(ctx: Context, order: Order, *, reason: str, seen: int | None = None) -> Card:
    """List the order for supervision until it is answered or lifted."""
    return _by_hand(ctx, order, "supervise", Level.LISTED, seen, reason=reason.strip())


def raise_up(ctx: Context, order: Order, *, reason: str, seen: int | None = None) -> Card:
    """Raise the order to the leaders until it is answered or lifted."""
    return _by_hand(ctx, order, "raise_up", Level.RAISED, seen, reason=reason.strip())


def lift(ctx: Context, order: Order, *, reason: str, seen: int | None = None) -> None:
    """Lift every card that the order stands under, with the reason."""
    standing = cards.standing(ctx.session, order.id)
    if not standing:
        raise Refused("这张工单现在没有牌，也没有督办。", remedy="请刷新页面，看现在的状态。")
    levels = [card.level for card in standing]
    lifecycle.move(ctx, order, "lift_cards", seen=seen, reason=reason, levels=levels)
    giving.lift(ctx, order, standing, why=reason.strip(), silently=True)


def obstacle(ctx: Context, order: Order, name: str) -> str:
    """Why such a move means nothing now; empty where it can be made."""
    if name == "lift_cards":
        return "" if cards.standing(ctx.session, order.id) else "现在没有牌，也没有督办"
    try:
        _allowed(ctx, order, _LEVELS[name])
    except Refused as refusal:
        return refusal.message.rstrip("。")
    return ""


_LEVELS = {"chase": Level.CHASE, "supervise": Level.LISTED, "raise_up": Level.RAISED}
MOVES = frozenset({*_LEVELS, "lift_cards"})


def _by_hand(
    ctx: Context, order: Order, name: str, level: Level, seen: int | None,
    *, reason: str = "", why: str = "",
) -> Card:  # fmt: skip
    rule = rules_of_cards.by_hand(rulebook.current(ctx).cards, level)
    ctx.hold(order)
    clock = _allowed(ctx, order, level)
    given = {"reason": reason} if reason or name != "chase" else {}
    told = receivers.of(ctx, order, order.section, rule.tells)
    names = giving.names(ctx, told)
    lifecycle.move(ctx, order, name, seen=seen, told=names, note=why, **given)
    mine = [card for card in cards.of_order(ctx.session, order.id) if card.level == level]
    made = giving.give(
        ctx, order, clock, rule, since=ctx.now, serial=BY_HAND + len(mine), why=reason or why,
    )  # fmt: skip
    if made is None:
        raise Refused("另一个人刚刚做了同样的事。", remedy="请刷新页面，看现在的状态。")
    return made


def _allowed(ctx: Context, order: Order, level: Level) -> Clock:
    """The clock that the card hangs on, if one may be given now."""
    rule = rules_of_cards.by_hand(rulebook.current(ctx).cards, level)
    mine = [card for card in cards.of_order(ctx.session, order.id) if card.level == level]
    by_people = [card for card in mine if card.serial >= BY_HAND]
    if level is not Level.CHASE and any(card.lifted_at is None for card in mine):
        raise Refused(f"这张工单已经在{level.label}。", remedy="解除之后才能再次督办。")
    if level is Level.CHASE and by_people:
        last = by_people[-1]
        if ctx.now - last.at < timedelta(minutes=rule.amount):
            who = last.by.partition("（")[0]
            raise Refused(
                f"{who} {moment_words(last.at, ctx.now)} 已经催办过，"
                f"两次之间隔 {rule.amount} 分钟。",
                remedy="急的可以打电话，或提级督办。",
                rule=f"{rule.name}（{rule.code}）",
            )
    clocks = deadlines.of_order(ctx.session, order.id)
    running = [one for one in clocks if one.ended_at is None and one.cancelled_at is None]
    answer = [one for one in running if one.promise == Promise.ANSWER]
    if not running:
        raise Refused("这张工单没有在走的时限，不用催办。")
    return (answer or running)[-1]
