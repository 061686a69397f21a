"""Remember which order somebody opened; whether that succeeds never concerns the page."""

import logging

from sqlalchemy.exc import SQLAlchemyError

from monitor.domain.access import Acting
from monitor.domain.errors import DeskError
from monitor.services.desk import Desk
from monitor.storage import orders
from monitor.storage.lists import opened
from monitor.storage.supervision import notices

log = logging.getLogger("monitor.web")


def note(desk: Desk, who: Acting, number: str) -> None:
    """Put an order on top of what this person opened last, after its page has left."""
    if who.id is None:
        return
    try:
        with desk.writing(who) as ctx:
            order = orders.get(ctx.session, who, number)
            opened.note(ctx.session, who.id, order.id, ctx.now)
            notices.read(ctx.session, who.id, ctx.now, order_id=order.id)
    except (DeskError, SQLAlchemyError) as fault:
        log.warning("an opened order was not noted: %s", type(fault).__name__)
