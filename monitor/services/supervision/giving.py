"""Give a card and lift it: the row, its event, and the word to those concerned."""

from collections.abc import Sequence
from datetime import datetime

from monitor.domain import numbers
from monitor.domain.remaining import moment_words
from monitor.domain.supervision import escalation
from monitor.domain.supervision.cards import CardRule, Level, Receiver, When
from monitor.domain.supervision.escalation import Told
from monitor.domain.vocabulary import Promise
from monitor.services import rulebook
from monitor.services.context import Context
from monitor.services.notices import outbox, receivers
from monitor.storage import people
from monitor.storage.deadlines import Clock
from monitor.storage.orders import Order
from monitor.storage.supervision import cards
from monitor.storage.supervision.cards import Card

_AT_THE_OFFICE = {Promise.PUBLISH: Receiver.REVIEWER, Promise.CALLBACK: Receiver.DUTY}
_URGENT = frozenset({Level.RED, Level.CRITICISM, Level.LISTED, Level.RAISED})
_OF_THE_SECTION = frozenset({Receiver.HANDLER, Receiver.SECTION_HEAD})


def give(
    ctx: Context, order: Order, clock: Clock, rule: CardRule, *, since: datetime, serial: int,
    why: str = "", quiet: bool = False,
) -> Card | None:  # fmt: skip
    """The card, with its event; None when it was given before. `quiet` tells nobody of it."""
    section = clock.section or order.section
    told = [] if quiet else receivers.of(ctx, order, section, _tells(rule, clock))
    card = Card(
        id=numbers.new_id(ctx.now),
        order_id=order.id,
        clock_id=clock.id,
        level=str(rule.level),
        serial=serial,
        rule=rule.code,
        rule_version=rule.version,
        name=rule.name,
        why=why or reason(rule, clock),
        basis=rule.basis,
        section=section,
        channel=order.channel,
        since=since,
        at=ctx.now,
        by=ctx.person.label,
        told=names(ctx, told),
    )
    if not cards.give(ctx.session, card):
        return None
    calendar = rulebook.current(ctx).calendar
    outbox.tell(
        ctx,
        told,
        kind=card.level,
        order=order,
        key=f"card:{card.id}",
        about=f"{rule.level.label}：{Promise(clock.promise).label}时限",
        urgent=rule.level in _URGENT,
        card=card.id,
        up_at=escalation.look_after(calendar, ctx.now, rule.seen_within),
    )
    if rule.when is not When.BY_HAND:
        ctx.record(
            "card_given", order, level=card.level, rule=rule.code, why=card.why,
            promise=clock.promise, told=card.told,
        )  # fmt: skip
    return card


def names(ctx: Context, told: Sequence[Told]) -> list[str]:
    """The names of those who are told, as a card and its event keep them."""
    known = people.names(ctx.session)
    return [known[one.person] for one in told]


def lift(
    ctx: Context, order: Order, given: Sequence[Card], *, why: str, moved: bool = False,
    silently: bool = False,
) -> None:  # fmt: skip
    """Lift cards, with one event for all of them; `silently` where a move says it already."""
    if not given:
        return
    for card in given:
        card.lifted_at, card.lifted_by = ctx.now, ctx.person.label
        card.lifted_why, card.moved = why, moved
    ctx.session.add_all(given)
    ctx.session.flush()
    if not silently:
        levels = [card.level for card in given]
        ctx.record("card_lifted", order, levels=levels, why=why)


def after(ctx: Context, order: Order, touched: Sequence[Clock]) -> None:
    """The cards of clocks that have ended or lapsed with a move are lifted with it."""
    over = {clock.id: clock for clock in touched if clock.ended_at or clock.cancelled_at}
    if not over:
        return
    mine = [card for card in cards.standing(ctx.session, order.id) if card.clock_id in over]
    if not mine:
        return
    for card in mine:
        clock = over[card.clock_id]
        lift(ctx, order, [card], why=over_words(clock), moved=not clock.ended_at, silently=True)
    whys = "；".join(dict.fromkeys(card.lifted_why for card in mine))
    ctx.record("card_lifted", order, levels=[card.level for card in mine], why=whys)


def over_words(clock: Clock) -> str:
    """Why the cards of a clock stand no longer, in words."""
    label = Promise(clock.promise).label
    if clock.ended_at is not None:
        return f"“{label}”已办"
    return f"“{label}”时限已停" if clock.cancelled_at is not None else f"“{label}”时限已调整"


def reason(rule: CardRule, clock: Clock) -> str:
    """Why the card is given, in a line: the clock, its due time, the rule."""
    label = Promise(clock.promise).label
    return f"{label}时限 {moment_words(clock.due_at)} 到期；{rule.name}（{rule.code}）"


def _tells(rule: CardRule, clock: Clock) -> Sequence[Receiver]:
    """Whom the rule names; what the office owes is told there, whatever section had the matter."""
    owes = _AT_THE_OFFICE.get(Promise(clock.promise))
    if owes is None:
        return rule.tells
    return (owes, *(one for one in rule.tells if one not in _OF_THE_SECTION))
