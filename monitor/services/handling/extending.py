"""Extend the time for an answer: what its rule allows, until when one may ask, who decides."""

from monitor.domain import deadlines as arithmetic
from monitor.domain.errors import DeskError, Refused
from monitor.domain.lifecycle import not_extender
from monitor.domain.remaining import moment_words
from monitor.domain.rulepack import Rule
from monitor.domain.vocabulary import Ask, Promise
from monitor.services import aligning, reckoning, rulebook
from monitor.services.context import Context
from monitor.storage import casework
from monitor.storage import deadlines as storage
from monitor.storage.casework import Request
from monitor.storage.deadlines import Clock
from monitor.storage.orders import Order

_DEFER = "可以申请挂账或报分管领导。"


def clock_of(ctx: Context, order: Order) -> tuple[Clock, Rule]:
    """The answer clock that runs, with its rule; Refused where nothing can be extended."""
    running = storage.running(ctx.session, [order.id], [Promise.ANSWER])
    if not running:
        raise Refused("答复时限没有在走，不用延期。")
    clock = running[-1]
    if clock.given_due:
        raise Refused(
            "答复期限是上级平台写明的，本单位不能延长。",
            remedy="请在上级平台申请延期，平台改期后这里随之更改。",
        )
    return clock, reckoning.rule_of(rulebook.current(ctx), clock)


def pending(ctx: Context, order: Order) -> Request | None:
    """The extension that waits for a decision."""
    return casework.open_request(ctx.session, order.id, Ask.EXTEND)


def check(ctx: Context, order: Order, days: int) -> Clock:
    """The clock, if its rule allows so many more days to be asked for now."""
    clock, rule = clock_of(ctx, order)
    arithmetic.check_extension(
        rule, used=_granted(ctx, order, clock), days=days, at=clock.due_at, now=ctx.now,
        calendar=rulebook.current(ctx).calendar,
    )  # fmt: skip
    return clock


def check_decision(ctx: Context, order: Order, *, granting: bool) -> Request:
    """The request, if this person may decide on it now; never granted after expiry."""
    request = pending(ctx, order)
    if request is None:
        raise Refused("没有待批的延期。", remedy="请刷新页面，看这张工单现在的状态。")
    clock, rule = clock_of(ctx, order)
    if why := not_extender(ctx.person, rule.extension_approver):
        raise Refused(why + "。", rule=f"{rule.short} 第 {rule.version} 版")
    if ctx.person.took_part(request.asked_by):
        raise Refused("不能批准自己提出的延期。", remedy="请本岗位另一人决定。")
    if granting and ctx.now > clock.due_at:
        raise Refused(
            f"答复时限已过（{moment_words(clock.due_at)}），不能再延期。", remedy=_DEFER,
            rule=f"{rule.short} 第 {rule.version} 版",
        )  # fmt: skip
    return request


def extend(ctx: Context, order: Order, days: int) -> None:
    """So many more days on the running answer clock; the hand-in and what was merged follow."""
    clock, _ = clock_of(ctx, order)
    clock.extension += days
    ctx.session.add(clock)
    ctx.session.flush()
    aligning.follow_children(ctx, order, why=f"同意延期 {days} 天")


def obstacle(ctx: Context, order: Order, name: str) -> str:
    """Why an extension cannot be asked for, or decided, now; empty where it can."""
    try:
        if name == "ask_extension":
            check(ctx, order, 1)
        else:
            check_decision(ctx, order, granting=name == "extend")
    except DeskError as refusal:
        return refusal.message.rstrip("。")
    return ""


def terms(ctx: Context, order: Order) -> str:
    """How many days there are, until when to ask, who decides; empty where there are none."""
    try:
        clock, rule = clock_of(ctx, order)
    except Refused:
        return ""
    until = arithmetic.extension_until(rule, clock.due_at, rulebook.current(ctx).calendar)
    return (
        f"最多 {rule.extension_limit} 天，{moment_words(until)} 前提出，"
        f"由{rule.extension_approver}批准（{rule.short} 第 {rule.version} 版）"
    )


def asked(ctx: Context, order: Order) -> str:
    """What waits for the decision, in words."""
    request = pending(ctx, order)
    if request is None:
        return ""
    who = request.asked_by.partition("（")[0]
    return f"{who}申请延长 {request.details['days']} 天：{request.grounds}"


def _granted(ctx: Context, order: Order, clock: Clock) -> int:
    asked = casework.requests(ctx.session, [order.id]).get(order.id, [])
    mine = str(clock.id)
    return sum(
        1
        for one in asked
        if one.kind == Ask.EXTEND and one.granted and one.details.get("clock") == mine
    )
