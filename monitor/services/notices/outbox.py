"""Queue a notice once for each person; announce a move to those whom the office names."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from monitor.domain import lifecycle
from monitor.domain.supervision.escalation import Told
from monitor.domain.vocabulary import Urgency
from monitor.notifiers import NOTIFIERS
from monitor.services import rulebook
from monitor.services.context import Context
from monitor.services.notices import receivers
from monitor.storage import people
from monitor.storage.orders import Order
from monitor.storage.supervision import notices

MAIL = "mail"


def tell(
    ctx: Context, told: Sequence[Told], *, kind: str, key: str, about: str = "",
    order: Order | None = None, urgent: bool = False, card: UUID | None = None,
    up_at: datetime | None = None,
) -> int:  # fmt: skip
    """One notice for each of these people, in this transaction; the same key twice is nothing.

    `about` says what happened in a few words: no text of a record, no personal detail. What
    nobody has seen by `up_at` goes one step up.
    """
    found = [(people.by_id(ctx.session, one.person), one) for one in told]
    ctx.session.flush()
    ways = [one for one in NOTIFIERS if one.ready()]
    next_at = rulebook.current(ctx).notices.earliest(ctx.now, urgent=urgent)
    return sum(
        notices.tell(
            ctx.session,
            {
                "person_id": person.id,
                "kind": kind,
                "urgent": urgent,
                "order_id": order.id if order else None,
                "number": order.number if order else "",
                "about": about,
                "key": key,
                "at": ctx.now,
                "read_at": None,
                "note": one.note,
                "step": one.step or "",
                "card_id": card,
                "up_at": up_at,
            },
            [way.code for way in ways if not way.to_address or person.settings.get(MAIL)],
            next_at,
        )
        for person, one in found
        if person is not None and person.active
    )


def announce(ctx: Context, order: Order, name: str) -> None:
    """Whoever has the order next hears of a move, where the office's rules say so."""
    tells = rulebook.current(ctx).notices.announced.get(name)
    if not tells:
        return
    told = receivers.of(ctx, order, order.section, tells)
    tell(
        ctx, [one for one in told if one.person != ctx.person.id], kind=name, order=order,
        key=f"{name}:{order.id.hex}:{order.event_count}", about=lifecycle.label(name),
        urgent=order.urgency == Urgency.CRITICAL,
    )  # fmt: skip
