"""Deliver the queue: each message once, in order, tried again until it is taken."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote
from uuid import uuid4

from monitor.domain.errors import DeliveryFailed
from monitor.domain.letters import Notifier, Outgoing
from monitor.notifiers import NOTIFIERS
from monitor.services import rulebook
from monitor.services.context import Context
from monitor.services.desk import Desk
from monitor.services.notices.outbox import MAIL
from monitor.storage import people
from monitor.storage.supervision import notices
from monitor.storage.supervision.notices import FAILED, SENT, Delivery, Notice

log = logging.getLogger("monitor.notices")

# A worker that died with a message in hand leaves it to the next after this.
_LEASE = timedelta(minutes=5)
_FIRST, _LONGEST = timedelta(minutes=1), timedelta(minutes=15)
_MOST_TRIES = 7 * 24 * 4
Batch = list[tuple[Delivery, Notice]]


@dataclass
class Delivered:
    """What a round did: messages taken, put off, and given up."""

    sent: int = 0
    put_off: int = 0
    failed: int = 0


def deliver(desk: Desk, notifiers: Sequence[Notifier] = NOTIFIERS) -> Delivered:
    """One round over all that may go out now."""
    done = Delivered()
    for notifier in notifiers:
        if notifier.ready():
            while _next(desk, notifier, done):
                pass
    return done


def _next(desk: Desk, notifier: Notifier, done: Delivered) -> bool:
    """Claim, send and settle one message; whether there was one."""
    with desk.writing() as ctx:
        batch = notices.claim(
            ctx.session, notifier.code, ctx.now, ctx.now + _LEASE, longest=_LONGEST,
            digest_over=rulebook.current(ctx).notices.digest_over, message_id=uuid4().hex,
        )  # fmt: skip
        message = _message(ctx, notifier, batch) if batch else None
        ids = [delivery.id for delivery, _ in batch if delivery.id is not None]
        attempts = max((delivery.attempts for delivery, _ in batch), default=0)
    if not batch:
        return False
    if message is None:
        _settle(desk, ids, state=FAILED, error="没有地址", lease_until=None)
        done.failed += 1
        return True
    try:
        notifier.send(message)
    except DeliveryFailed as failure:
        if failure.permanent or attempts >= _MOST_TRIES:
            log.error("%s given up: %s", notifier.code, failure.cause)
            _settle(desk, ids, state=FAILED, error=failure.cause, lease_until=None)
            done.failed += 1
        else:
            wait = min(_FIRST * 2 ** min(attempts - 1, 8), _LONGEST)
            _settle(desk, ids, next_at=desk.clock() + wait, error=failure.cause, lease_until=None)
            done.put_off += 1
        return True
    _settle(desk, ids, state=SENT, sent_at=desk.clock(), error="", lease_until=None)
    done.sent += 1
    return True


def _settle(desk: Desk, ids: Sequence[int], **values: object) -> None:
    with desk.writing() as ctx:
        notices.settle(ctx.session, ids, **values)


def _message(ctx: Context, notifier: Notifier, batch: Batch) -> Outgoing | None:
    """What one message says: numbers, what happened, links; None when nobody can be reached."""
    first, notice = batch[0]
    person = people.by_id(ctx.session, first.person_id)
    to = ""
    if person is not None and person.active:
        to = str(person.settings.get(MAIL, "")) if notifier.to_address else person.username
    if not to:
        return None
    base = ctx.settings.address.rstrip("/")
    items = [
        {
            "kind": one.kind,
            # Whose place it is stays in the house: only the page names colleagues.
            "about": f"{one.about}（转告您）" if one.note else one.about,
            "number": one.number,
            "link": f"{base}/desk/orders/{quote(one.number)}" if one.number else f"{base}/desk",
        }
        for _, one in batch
    ]
    many = len(items) > 1
    single = f"{items[0]['about']} {notice.number}".strip()
    subject = f"回应台：{len(items)} 条提醒" if many else single
    lines = [f"{one['about']} {one['number']}\n{one['link']}" for one in items]
    return Outgoing(
        message_id=first.message_id,
        to=to,
        subject=subject,
        lines=(*lines, "", "内容请登录回应台查看。"),
        items=tuple(items),
        at=notice.at,
    )
