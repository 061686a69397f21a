"""Join repeats to one order, and undo it."""

from monitor.domain.errors import Incomplete, Refused
from monitor.domain.vocabulary import Ask, State
from monitor.services import aligning, lifecycle
from monitor.services.context import Context
from monitor.storage import casework, orders
from monitor.storage.handling import branches
from monitor.storage.orders import Merge, Order


def merge(ctx: Context, order: Order, *, master_number: str, seen: int) -> Order:
    """Join a repeat to its master; the master's answer clock follows the earliest of them."""
    number = master_number.strip()
    if not number:
        raise Incomplete("并单还缺：主单编号。", fields={"master": "请填写主单编号"})
    master = orders.get(ctx.session, ctx.person, number)
    if master.id == order.id:
        raise Refused("不能并入自己。", remedy="请填写另一张工单的编号。")
    if master.state == State.MERGED:
        raise Refused(f"{number} 本身已并入别的工单。", remedy="请并入那张主单。")
    if master.state in {State.ARCHIVED, State.NOTIFIED}:
        label = State(master.state).label
        raise Refused(f"{number} {label}，不能再并入。", remedy="请另行分办，或选一张在办的主单。")
    if casework.open_request(ctx.session, order.id, Ask.DECLINE):
        raise Refused(
            "这张工单正在等办公室负责人决定是否不予受理。",
            remedy="决定之后再并单；可请办公室负责人退回申请。",
        )
    if orders.children(ctx.session, order.id):
        raise Refused("这张工单下已有并入的工单。", remedy="请先取消并单，或反过来并入这张。")
    if branches.of(ctx.session, order.id) is not None:
        raise Refused("这是拆出来的子单，不能并单。", remedy="内容重复的，可在答复中引用另一件。")
    lifecycle.move(ctx, order, "merge", seen=seen, master=number)
    order.master_id = master.id
    ctx.session.add(Merge(order_id=order.id, master_id=master.id, at=ctx.now, by=ctx.person.label))
    ctx.record("child_joined", master, child=order.number)
    aligning.follow_earliest(ctx, master, order)
    return master


def unmerge(ctx: Context, order: Order, *, reason: str, seen: int) -> None:
    """Undo a merge; the repeat is triaged again and its clocks run on from the first receipt."""
    row = orders.running_merge(ctx.session, order.id)
    lifecycle.move(ctx, order, "unmerge", seen=seen, reason=reason)
    order.master_id = None
    if row is not None:
        row.undone_at = ctx.now
        ctx.session.add(row)
        master = orders.by_ids(ctx.session, [row.master_id])[row.master_id]
        ctx.record("child_left", master, child=order.number)
        ctx.session.flush()
        aligning.follow_children(ctx, master)
