"""Answered orders about to rest: why one must wait, and the many that can be filed at once."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from monitor.domain.lifecycle import MOVES, whose
from monitor.domain.vocabulary import Ask, Promise
from monitor.services.context import Context
from monitor.storage import casework, deadlines
from monitor.storage.handling import pledges
from monitor.storage.orders import Order

_ASKED = "等决定是否发回重办"
_TO_PUBLISH = "等公开或决定不公开"
_PROMISED = "承诺还没有确认或兑现"


@dataclass(frozen=True, slots=True)
class Resting:
    """Why each order of a page must wait, if it must; which this person may file now."""

    waits: Mapping[UUID, str]
    ready: tuple[Order, ...] = ()
    token: str = ""


def of_page(ctx: Context, found: Sequence[Order]) -> Resting:
    """What stands in the way of filing each of these orders."""
    ids = [order.id for order in found]
    asked = set(casework.open_orders(ctx.session, Ask.REWORK, limit=len(ids) or 1, among=ids))
    unpublished = {one.order_id for one in deadlines.running(ctx.session, ids, [Promise.PUBLISH])}
    waits = dict.fromkeys(unpublished, _TO_PUBLISH) | dict.fromkeys(asked, _ASKED)
    waits |= dict.fromkeys(pledges.unsettled(ctx.session, ids), _PROMISED)
    ready = tuple(
        order
        for order in found
        if order.id not in waits and whose(MOVES["archive"], ctx.person, order.section) is None
    )
    return Resting(waits, ready, secrets.token_urlsafe(12))


def grounds(ctx: Context, found: Sequence[Order]) -> dict[UUID, str]:
    """What the requesters said who are not content, by order."""
    asked = casework.requests(ctx.session, [order.id for order in found])
    said = {}
    for order_id, requests in asked.items():
        waiting = [one for one in requests if one.kind == Ask.REWORK and one.decided_at is None]
        if waiting:
            said[order_id] = waiting[-1].grounds
    return said
