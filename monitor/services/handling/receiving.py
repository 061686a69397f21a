"""Whether a request for disclosure still waits for both sides to confirm that it came."""

from monitor.domain.errors import Refused
from monitor.domain.vocabulary import Promise
from monitor.services.context import Context
from monitor.storage import deadlines as storage
from monitor.storage.orders import Order

MOVE = "confirm_receipt"


def waits(ctx: Context, order: Order) -> bool:
    """Whether its receipt is to be confirmed, and no answer is owed before."""
    return bool(storage.running(ctx.session, [order.id], [Promise.RECEIVE]))


def check(ctx: Context, order: Order) -> None:
    """Refused unless it waits for it."""
    if not waits(ctx, order):
        raise Refused("这件不用确认收到。", remedy="请刷新页面，看这张工单现在的状态。")


def check_confirmed(ctx: Context, order: Order) -> None:
    """Refused while it waits: what would be owed by when is not known yet."""
    if waits(ctx, order):
        raise Refused("还没有与申请人确认收到，不能拆成子单。", remedy="请先办“确认收到”，再拆。")
