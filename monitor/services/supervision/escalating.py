"""What nobody has looked at in time goes one step up, once: from the handler to the leader."""

import logging
from dataclasses import dataclass, field
from uuid import UUID

from monitor.domain.supervision import escalation
from monitor.domain.supervision.cards import Level, Receiver
from monitor.services import rulebook
from monitor.services.context import Context
from monitor.services.desk import Desk
from monitor.services.notices import outbox, receivers
from monitor.services.supervision import giving
from monitor.storage import orders
from monitor.storage.supervision import cards, notices

log = logging.getLogger("monitor.supervision")

KIND = "unseen"
_CHUNK = 500


@dataclass
class Passed:
    """What a round did: people told one step up, orders that failed."""

    told: int = 0
    failed: list[UUID] = field(default_factory=list)


def escalate(desk: Desk) -> Passed:
    """One round over all that should have been seen by now; run twice or at once, no harm."""
    passed = Passed()
    with desk.reading() as ctx:
        found = notices.unseen(ctx.session, ctx.now, limit=_CHUNK)
    # From below: what reaches a place in this round has its own time there.
    for card_id, step, order_id in sorted(
        found, key=lambda one: list(Receiver).index(Receiver(one[1]))
    ):
        try:
            with desk.writing() as ctx:
                passed.told += pass_up(ctx, order_id, card_id, step)
        except Exception:  # one order does not stop the round; the next round tries it again
            log.exception("order %s could not be passed up", order_id.hex)
            passed.failed.append(order_id)
    return passed


def pass_up(ctx: Context, order_id: UUID, card_id: UUID, step: str) -> int:
    """Tell one step up unless somebody of this place has seen the card; how many are told."""
    order = orders.by_ids(ctx.session, [order_id])[order_id]
    # Two rounds at once stand in line here; the second finds nothing left to do.
    ctx.hold(order)
    mine = notices.of_card(ctx.session, card_id, step)
    due = [one for one in mine if one.up_at is not None and one.up_at <= ctx.now]
    if not due:
        return 0
    for one in due:
        one.up_at = None
    ctx.session.add_all(due)
    card = cards.one(ctx.session, card_id)
    if card is None or card.lifted_at is not None or any(one.read_at for one in mine):
        return 0
    place, level = Receiver(step), Level(card.level)
    told = receivers.above(ctx, order, card.section, place, [one.person_id for one in mine])
    rules = rulebook.current(ctx)
    own = rules.card_versions.get((card.rule, card.rule_version))
    within = own.seen_within if own else 0
    count = outbox.tell(
        ctx,
        told,
        kind=KIND,
        key=f"{KIND}:{card.id}:{step}",
        about=f"{level.label}未看：{place.label}",
        order=order,
        urgent=True,
        card=card.id,
        up_at=escalation.look_after(rules.calendar, ctx.now, within),
    )
    if count:
        ctx.record(
            "card_unseen", order, level=card.level, rule=card.rule, step=step, hours=within,
            told=giving.names(ctx, told),
        )  # fmt: skip
    return count
