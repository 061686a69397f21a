"""Call back, send back for re-handling, archive: how an answered order comes to rest."""

from monitor.domain.errors import Incomplete, Refused
from monitor.domain.vocabulary import Promise, Solved
from monitor.services import copies, lifecycle
from monitor.services.context import Context
from monitor.services.handling import parts
from monitor.storage import answers, deadlines
from monitor.storage.casework import Callback
from monitor.storage.orders import Order

SATISFIED = ("满意", "基本满意", "不满意", "未评价")
RETENTION = ("10年", "30年", "永久")


def call_back(
    ctx: Context,
    order: Order,
    *,
    contacted: bool,
    satisfied: str,
    solved: str = "",
    reason: str = "",
    seen: int,
) -> Callback:
    """What the requester said; ends the call-back clock."""
    if satisfied and satisfied not in SATISFIED:
        raise Incomplete("请选择是否满意。", fields={"satisfied": "请从列表中选择"})
    if solved and solved not in set(Solved):
        raise Incomplete("请选择是否解决。", fields={"solved": "请从列表中选择"})
    if satisfied == "不满意" and not reason.strip():
        raise Incomplete("不满意的须记下原因。", fields={"reason": "请填写原因"})
    lifecycle.move(
        ctx, order, "call_back", seen=seen, contacted=contacted, satisfied=satisfied, solved=solved
    )
    row = Callback(
        order_id=order.id,
        at=ctx.now,
        contacted=contacted,
        satisfied=satisfied,
        solved=solved,
        reason=reason.strip(),
        by=ctx.person.label,
    )
    ctx.session.add(row)
    return row


def rework(ctx: Context, order: Order, *, reason: str, seen: int) -> None:
    """发回重办: a new round with new clocks beside the old ones; what was public comes down."""
    order.round += 1
    name = "rework" if order.section else "rework_by_duty"
    lifecycle.move(ctx, order, name, seen=seen, reason=reason)
    parts.new_round(ctx, order)
    publication = answers.published(ctx.session, order.id)
    if publication is not None:
        copies.withdraw(ctx, publication, "发回重办")
    ctx.session.add(order)


def archive(ctx: Context, order: Order, *, retention: str, seen: int) -> None:
    """The order leaves all queues and stays found."""
    if retention and retention not in RETENTION:
        raise Incomplete("请选择保管期限。", fields={"retention": "请从列表中选择"})
    if deadlines.running(ctx.session, [order.id], [Promise.PUBLISH]):
        raise Refused(
            "这件还没有公开，也没有决定不公开，不能归档。",
            remedy="请先公开发布，或写明理由决定不公开。",
        )
    lifecycle.move(ctx, order, "archive", seen=seen, retention=retention)
