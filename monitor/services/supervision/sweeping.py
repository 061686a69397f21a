"""The watch: find clocks whose moment has come, judge each order alone, give and lift cards."""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import orjson

from monitor.domain.rulepack import Limit
from monitor.domain.supervision import cards as rules_of_cards
from monitor.domain.supervision.cards import Earned, Level, Watched
from monitor.domain.vocabulary import Arithmetic, Channel, Promise, Urgency
from monitor.services import reckoning, rulebook
from monitor.services.context import Context
from monitor.services.desk import Desk
from monitor.services.rulebook import Rules
from monitor.services.supervision import giving
from monitor.storage import orders
from monitor.storage.deadlines import Clock
from monitor.storage.orders import Order
from monitor.storage.supervision import cards, watch
from monitor.storage.supervision.cards import Card
from monitor.storage.supervision.watch import Looked

log = logging.getLogger("monitor.supervision")

CHUNK = 500


@dataclass
class Swept:
    """What a round did: clocks looked at, cards given and lifted, orders that failed."""

    looked: int = 0
    given: int = 0
    lifted: int = 0
    failed: list[UUID] = field(default_factory=list)


def sweep(desk: Desk) -> Swept:
    """One round over all that is due to be looked at; run twice or at once, it harms nothing."""
    swept = Swept()
    with desk.writing() as ctx:
        watch.renew(ctx.session, _edition(rulebook.current(ctx)))
    place: watch.Place | None = None
    while True:
        quiet: list[Looked] = []
        loud: dict[UUID, None] = {}
        with desk.reading() as ctx:
            found = watch.due(ctx.session, ctx.now, limit=CHUNK, after=place)
            rules = rulebook.current(ctx)
            known = cards.of_orders(ctx.session, list({order.id for _, order in found}))
            for clock, order in found:
                ahead = _ahead(rules, clock, order)
                mine = [c for c in known.get(order.id, []) if c.clock_id == clock.id]
                undone = _undone(rules, ahead, clock, order, mine, ctx.now)
                if undone or _due(ahead, clock, mine, ctx.now):
                    loud[order.id] = None
                else:
                    quiet.append(_looked(ahead, clock, ctx.now))
        swept.looked += len(found)
        with desk.writing() as ctx:
            watch.put_off(ctx.session, quiet)
        for order_id in loud:
            _judge(desk, order_id, swept)
        if len(found) < CHUNK:
            return swept
        last = found[-1][0]
        place = (last.watch_at or last.due_at, last.id)


def _judge(desk: Desk, order_id: UUID, swept: Swept) -> None:
    """One order in its own transaction; a failure is told and does not stop the round."""
    try:
        with desk.writing() as ctx:
            given, lifted = settle(ctx, order_id)
    except Exception:
        log.exception("order %s could not be judged", order_id.hex)
        swept.failed.append(order_id)
        return
    swept.given += given
    swept.lifted += lifted


def settle(ctx: Context, order_id: UUID) -> tuple[int, int]:
    """Give and lift what the clocks of this order have come to; how many of each."""
    order = orders.by_ids(ctx.session, [order_id])[order_id]
    ctx.hold(order)
    rules = rulebook.current(ctx)
    known = cards.of_order(ctx.session, order_id)
    given = lifted = 0
    for clock in watch.of_order(ctx.session, order_id, ctx.now):
        ahead = _ahead(rules, clock, order)
        mine = [card for card in known if card.clock_id == clock.id]
        undone = _undone(rules, ahead, clock, order, mine, ctx.now)
        giving.lift(ctx, order, undone, why=giving.over_words(clock), moved=clock.ended_at is None)
        lifted += len(undone)
        due = _due(ahead, clock, mine, ctx.now)
        # Of what comes at once only the gravest is told, or one hour off is four messages.
        loudest = max((one.rule.level.rank for one in due), default=-1)
        fresh = []
        for one in due:
            level = one.rule.level
            serial = sum(1 for card in mine if card.level == level and _by_rule(card))
            card = giving.give(
                ctx, order, clock, one.rule, since=one.since, serial=serial,
                quiet=level.rank < loudest or clock.ended_at is not None,
            )  # fmt: skip
            fresh += [card] if card else []
        given += len(fresh)
        if clock.ended_at is not None:
            written = {card.id for card in fresh}
            late = [card for card in cards.standing(ctx.session, order_id) if card.id in written]
            giving.lift(ctx, order, late, why=giving.over_words(clock))
        clock.watch_at = _looked(ahead, clock, ctx.now).again
        ctx.session.add(clock)
    return given, lifted


def watched(rules: Rules, clock: Clock, order: Order) -> Watched:
    """What decides on the cards of a clock."""
    limit = reckoning.rule_of(rules, clock).limit(Urgency(clock.urgency) if clock.urgency else None)
    if clock.given_due and not Promise(clock.promise).dated:
        limit = Limit(Arithmetic.WALL_HOURS, 0)
    return Watched(
        promise=Promise(clock.promise),
        channel=Channel(order.channel),
        started_at=clock.started_at,
        due_at=clock.due_at,
        limit=limit,
        round=clock.round,
        returns=order.returns,
    )


def _ahead(rules: Rules, clock: Clock, order: Order) -> tuple[Earned, ...]:
    if clock.cancelled_at is not None or clock.historical or order.historical:
        return ()
    return rules_of_cards.ahead(rules.cards, watched(rules, clock, order), rules.calendar)


def _due(
    ahead: Sequence[Earned], clock: Clock, mine: Sequence[Card], now: datetime
) -> list[Earned]:
    has = {card.level for card in mine if not card.moved and _by_rule(card)}
    return [
        one
        for one in rules_of_cards.earned(ahead, now, clock.ended_at)
        if one.rule.level not in has
    ]


def _undone(
    rules: Rules, ahead: Sequence[Earned], clock: Clock, order: Order, mine: Sequence[Card],
    now: datetime,
) -> list[Card]:  # fmt: skip
    """Open cards of a clock that is over, or that was put off and has not earned them any more.

    A rule that was changed takes no card back: each is judged by its own version.
    """
    standing = [card for card in mine if card.lifted_at is None]
    if clock.ended_at is not None or clock.cancelled_at is not None:
        return standing
    earned = {one.rule.level for one in rules_of_cards.earned(ahead, now)}
    doubtful = [card for card in standing if Level(card.level) not in earned and _by_rule(card)]
    return [card for card in doubtful if not _still(rules, card, clock, order, now)]


def _still(rules: Rules, card: Card, clock: Clock, order: Order, now: datetime) -> bool:
    own = rules.card_versions.get((card.rule, card.rule_version))
    if own is None or own in rules.cards:
        return False
    seen = watched(rules, clock, order)
    versions = rules.card_versions.values()
    return rules_of_cards.still(own, versions, seen, rules.calendar, now)


def _by_rule(card: Card) -> bool:
    return card.serial < cards.BY_HAND


def _looked(ahead: Sequence[Earned], clock: Clock, now: datetime) -> Looked:
    again = None if clock.ended_at else rules_of_cards.next_after(ahead, now)
    return Looked(clock.id, clock.watch_at or now, clock.due_at, again)


def _edition(rules: Rules) -> str:
    told = [rules.bodies.get("card", ()), rules.bodies.get("holiday", ())]
    return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()
