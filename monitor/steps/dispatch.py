"""Send to lead and co-sections, recall, sign for, return, adjudicate."""

from monitor.domain.dispatch import Decision
from monitor.domain.errors import Incomplete, NotAllowed, Refused
from monitor.domain.lifecycle import not_adjudicator
from monitor.domain.vocabulary import Ask
from monitor.services import decisions, lifecycle
from monitor.services.context import Context
from monitor.services.handling import parts
from monitor.storage import casework, people
from monitor.storage.casework import Request
from monitor.storage.orders import Order
from monitor.storage.supervision import watch


def send(ctx: Context, order: Order, decision: Decision, *, seen: int) -> None:
    """Accept or correct the suggestion and dispatch; the section's clocks start."""
    if casework.open_request(ctx.session, order.id, Ask.DECLINE):
        raise Refused("这张工单正在等办公室负责人决定是否不予受理。", remedy="决定之后再分办。")
    facts = decisions.settle(ctx, order, decision, dispatching=True)
    lifecycle.move(ctx, order, "dispatch", seen=seen, **facts)
    asks = dict(decision.asks)
    parts.ask(ctx, order, {code: asks.get(code, "") for code in order.co_sections})


def recall(ctx: Context, order: Order, *, reason: str, seen: int) -> None:
    """Take a dispatch back before it is signed for (F86); the answer clock is not moved."""
    was, order.section, order.co_sections, order.forced = order.section, None, [], False
    parts.close(ctx, order, f"撤回分办：{reason.strip()}")
    lifecycle.move(ctx, order, "recall", seen=seen, reason=reason, section=was)
    ctx.session.add(order)


def sign(ctx: Context, order: Order, *, seen: int) -> None:
    """The section confirms receipt."""
    lifecycle.move(ctx, order, "sign", seen=seen)
    order.handler_id = None
    ctx.session.add(order)


def ask_return(ctx: Context, order: Order, *, ground: str, seen: int) -> Request:
    """The section says that the matter is not its own, with the ground; the office decides."""
    if order.forced:
        raise Refused(
            "这张工单已经办公室裁定强制派发，不能再退。",
            remedy="确有困难的，请提交挂账或请办公室会办。",
            rule="派单异议制度",
        )
    lifecycle.move(ctx, order, "ask_return", seen=seen, ground=ground)
    order.returns += 1
    request = Request(
        order_id=order.id,
        kind=str(Ask.RETURN),
        grounds=ground.strip(),
        details={"section": order.section},
        asked_by=ctx.person.label,
        asked_at=ctx.now,
    )
    ctx.session.add_all([order, request])
    watch.look_again(ctx.session, order.id)
    return request


def adjudicate(
    ctx: Context, order: Order, *, granted: bool, reason: str, section: str = "", seen: int
) -> None:
    """The office re-dispatches or forces; the total clock never moves."""
    request = casework.open_request(ctx.session, order.id, Ask.RETURN)
    if request is None:
        raise Refused("没有待裁定的退单。", remedy="请刷新页面，看这张工单现在的状态。")
    if why := not_adjudicator(ctx.person, order.returns):
        raise NotAllowed(why + "。", remedy="请办公室负责人裁定。", rule="派单异议制度")
    before = order.section
    if granted:
        known = people.sections(ctx.session)
        if section and (section not in known or not known[section].active):
            raise Incomplete("请选择改派的科室。", fields={"section": "请从列表中选择"})
        if section == before:
            raise Incomplete(
                "改派的科室与退单科室相同。",
                fields={"section": "请选另一个科室"},
                remedy="仍由原科室办理的，请用“驳回退单，强制派发”。",
            )
        decisions.spare_accused(ctx, order, section, "section")
        order.section, order.handler_id = section or before, None
        lifecycle.move(
            ctx, order, "redirect", seen=seen, reason=reason, section=section, was=before
        )
        order.co_sections = [code for code in order.co_sections if code != section]
        parts.close(ctx, order, "改派为主办科室", [section])
    else:
        lifecycle.move(ctx, order, "force", seen=seen, reason=reason)
        order.forced = True
    request.granted, request.reason = granted, reason.strip()
    request.decided_by, request.decided_at = ctx.person.label, ctx.now
    ctx.session.add_all([order, request])
