"""Call back, send back for re-handling, archive: how an answered order comes to rest."""

from monitor.domain.closing import retention as keeping
from monitor.domain.errors import Incomplete, NotAllowed, Refused
from monitor.domain.vocabulary import Ask, Promise, Role, Solved
from monitor.domain.workdays import local
from monitor.services import copies, lifecycle
from monitor.services.context import Context
from monitor.services.handling import closing, parts
from monitor.storage import answers, casework, deadlines
from monitor.storage.casework import Callback, Request
from monitor.storage.handling import closings
from monitor.storage.handling.closings import Filing
from monitor.storage.orders import Order

SATISFIED = ("满意", "基本满意", "不满意", "未评价")
RETENTION = ("10年", "30年", "永久")
_DISPLEASED = "不满意"


def call_back(
    ctx: Context,
    order: Order,
    *,
    contacted: bool,
    satisfied: str = "",
    solved: str = "",
    reason: str = "",
    seen: int,
) -> Callback:
    """What the requester said; ends the call-back clock. A try in vain is logged and ends nothing.

    A poor result asks the office to decide whether the order is handled again.
    """
    if not contacted:
        lifecycle.move(ctx, order, "try_call_back", seen=seen, reason=reason.strip())
        return _heard(ctx, order, contacted=False, reason=reason)
    _complete(satisfied, solved, reason)
    lifecycle.move(
        ctx, order, "call_back", seen=seen, contacted=contacted, satisfied=satisfied, solved=solved
    )
    row = _heard(ctx, order, satisfied=satisfied, solved=solved, reason=reason)
    if _poor(row):
        _propose(ctx, order, row)
    return row


def close_unreached(ctx: Context, order: Order, *, seen: int) -> None:
    """Nobody answered as often as the rule asks: the call-back ends."""
    wanted = closing.drawn(ctx, order).tries
    tried = len(_tries(ctx, order))
    if tried < wanted:
        raise Refused(
            f"才打了 {tried} 次，还不能按联系不上结束。", remedy=f"按抽样规则至少打 {wanted} 次。"
        )
    lifecycle.move(ctx, order, "close_unreached", seen=seen, tries=tried)


def correct(
    ctx: Context,
    order: Order,
    *,
    satisfied: str,
    solved: str = "",
    reason: str = "",
    seen: int,
) -> Callback:
    """A call-back written down wrongly: a new row beside the old, by its writer or the office."""
    heard = [one for one in closings.callbacks(ctx.session, order.id) if one.contacted]
    if not heard:
        raise Refused("这件没有回访结果可以更正。", remedy="请看经过。")
    last = heard[-1]
    if local(last.at).date() != local(ctx.now).date():
        raise Refused(
            "回访只能在当天更正。", remedy="确有出入的，由办公室决定发回重办或写内部说明。"
        )
    office = ctx.person.has(Role.REVIEWER) or ctx.person.office_head
    if last.by != ctx.person.label and not office:
        raise NotAllowed("回访由登记人本人或办公室更正。")
    _complete(satisfied, solved, reason)
    lifecycle.move(
        ctx, order, "correct_call_back", seen=seen, satisfied=satisfied, solved=solved,
        reason=reason.strip(),
    )  # fmt: skip
    row = _heard(ctx, order, satisfied=satisfied, solved=solved, reason=reason)
    row.corrects = last.id
    waiting = casework.open_request(ctx.session, order.id, Ask.REWORK)
    if _poor(row) and waiting is None:
        _propose(ctx, order, row)
    elif waiting is not None and not _poor(row):
        _decide(ctx, waiting, "回访已更正", granted=False)
    return row


def rework(ctx: Context, order: Order, *, reason: str, seen: int) -> None:
    """发回重办: a new round with new clocks beside the old ones; what was public comes down."""
    waiting = casework.open_request(ctx.session, order.id, Ask.REWORK)
    order.round += 1
    name = "rework" if order.section else "rework_by_duty"
    lifecycle.move(ctx, order, name, seen=seen, reason=reason)
    if waiting is not None:
        _decide(ctx, waiting, reason, granted=True)
    parts.new_round(ctx, order)
    publication = answers.published(ctx.session, order.id)
    if publication is not None:
        copies.withdraw(ctx, publication, "发回重办")
    ctx.session.add(order)


def keep_closed(ctx: Context, order: Order, *, reason: str, seen: int) -> None:
    """The office decides that a poorly received answer stands, and says why."""
    waiting = casework.open_request(ctx.session, order.id, Ask.REWORK)
    if waiting is None:
        raise Refused("没有待决定的发回重办。", remedy="请刷新页面，看这张工单现在的状态。")
    lifecycle.move(ctx, order, "keep_closed", seen=seen, reason=reason)
    _decide(ctx, waiting, reason, granted=False)


def archive(ctx: Context, order: Order, *, retention: str, seen: int) -> Filing:
    """The order leaves all queues and stays found, until the last day of its class."""
    if retention and retention not in RETENTION:
        raise Incomplete("请选择保管期限。", fields={"retention": "请从列表中选择"})
    if deadlines.running(ctx.session, [order.id], [Promise.PUBLISH]):
        raise Refused(
            "这件还没有公开，也没有决定不公开，不能归档。",
            remedy="请先公开发布，或写明理由决定不公开。",
        )
    if casework.open_request(ctx.session, order.id, Ask.REWORK):
        raise Refused(
            "回访结果不好，正在等办公室决定是否发回重办，不能归档。",
            remedy="请先发回重办，或写明理由不发回。",
        )
    told = closing.proposed(ctx, order)
    lifecycle.move(ctx, order, "archive", seen=seen, retention=retention, rule=told.code)
    filing = Filing(
        order_id=order.id,
        round=order.round,
        retention=retention,
        proposed=told.retention,
        why=told.words,
        until=keeping.until(local(ctx.now).date(), retention),
        at=ctx.now,
        by=ctx.person.label,
    )
    ctx.session.add(filing)
    return filing


def reopen(ctx: Context, order: Order, *, reason: str, seen: int) -> None:
    """A filed order is taken out again: it may then be handled anew, or filed otherwise."""
    lifecycle.move(ctx, order, "reopen", seen=seen, reason=reason)
    filing = closings.filing(ctx.session, order.id)
    if filing is not None:
        filing.reopened_at, filing.reopened_by = ctx.now, ctx.person.label
        filing.reopened_why = reason.strip()
        ctx.session.add(filing)


def _complete(satisfied: str, solved: str, reason: str) -> None:
    if satisfied and satisfied not in SATISFIED:
        raise Incomplete("请选择是否满意。", fields={"satisfied": "请从列表中选择"})
    if solved and solved not in set(Solved):
        raise Incomplete("请选择是否解决。", fields={"solved": "请从列表中选择"})
    if satisfied == _DISPLEASED and not reason.strip():
        raise Incomplete("不满意的须记下原因。", fields={"reason": "请填写原因"})


def _heard(
    ctx: Context,
    order: Order,
    *,
    contacted: bool = True,
    satisfied: str = "",
    solved: str = "",
    reason: str = "",
) -> Callback:
    row = Callback(
        order_id=order.id,
        round=order.round,
        at=ctx.now,
        contacted=contacted,
        satisfied=satisfied,
        solved=solved,
        reason=reason.strip(),
        by=ctx.person.label,
    )
    ctx.session.add(row)
    return row


def _tries(ctx: Context, order: Order) -> list[Callback]:
    found = closings.callbacks(ctx.session, order.id)
    return [one for one in found if one.round == order.round and not one.contacted]


def _poor(row: Callback) -> bool:
    return row.satisfied == _DISPLEASED or row.solved == Solved.UNSOLVED


def _propose(ctx: Context, order: Order, row: Callback) -> None:
    words = [row.satisfied, Solved(row.solved).label if row.solved else "", row.reason]
    ctx.session.add(
        Request(
            order_id=order.id,
            kind=str(Ask.REWORK),
            grounds="回访：" + "，".join(word for word in words if word),
            asked_by=ctx.person.label,
            asked_at=ctx.now,
        )
    )


def _decide(ctx: Context, request: Request, reason: str, *, granted: bool) -> None:
    request.granted, request.reason = granted, reason.strip()
    request.decided_by, request.decided_at = ctx.person.label, ctx.now
    ctx.session.add(request)
