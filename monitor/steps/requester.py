"""What the requester does about an own letter: take back the consent to publication."""

from monitor.domain.errors import Refused
from monitor.services import copies
from monitor.services.context import Context
from monitor.storage import answers
from monitor.storage.orders import Order

TAKEN_BACK = "诉求人改为不公开"


def take_back_consent(ctx: Context, order: Order) -> None:
    """改为不公开, before the release: nothing of the letter will be published; twice is once.

    What has been released only the office withdraws, because others may rely on it.
    """
    ctx.hold(order)
    if order.consent is not True:
        return
    if answers.published(ctx.session, order.id):
        raise Refused("这件已经公开。", remedy="需要撤下的，请联系办公室，由办公室核实后撤回。")
    order.version += 1
    copies.take_back_consent(ctx, order, TAKEN_BACK)
