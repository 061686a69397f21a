"""Answer at once, or decline with the lawful channel; what needs no section."""

from monitor.domain.dispatch import Decision
from monitor.domain.errors import Incomplete, Refused
from monitor.domain.letters import tidy
from monitor.domain.vocabulary import Ask, Solved
from monitor.services import copies, decisions, lifecycle, reading, rulebook
from monitor.services.context import Context
from monitor.services.drafting import proposing
from monitor.services.handling import branches
from monitor.storage import answers, casework
from monitor.storage.answers import Answer
from monitor.storage.casework import Request
from monitor.storage.orders import Order

# 北京市接诉即办工作条例第11条、信访工作条例第22条: what is handled elsewhere, and where.
DECLINE_CODES = {
    "litigation": "已进入诉讼、仲裁、行政复议程序",
    "petition": "属于信访事项，已有信访办理结论或正在办理",
    "disclosure": "属于政府信息公开申请",
    "other_organ": "不属于本局职责",
    "repeat": "同一事项已依法办结，无新的事实理由",
    "secret": "涉及国家秘密、商业秘密或个人隐私",
    "unclear": "无联系方式且内容不明，无法核实",
}


def answer_at_once(
    ctx: Context,
    order: Order,
    decision: Decision,
    *,
    answer: str,
    basis: str,
    dismissed: str = "",
    accepted: str = "",
    seen: int,
) -> Answer:
    """Duty answers from what is known; the office reviews it like any other answer."""
    refuse_while_asked(ctx, order)
    facts = decisions.settle(ctx, order, decision, dispatching=False)
    facts.pop("section")
    lifecycle.move(ctx, order, "answer_at_once", seen=seen, answer=answer, basis=basis, **facts)
    last = answers.latest(ctx.session, order.id)
    draft = Answer(
        order_id=order.id,
        version=last.version + 1 if last else 1,
        text=tidy(answer),
        basis=basis.strip(),
        solved=str(Solved.SOLVED),
        author_id=ctx.person.id,
        author=ctx.person.label,
        at=ctx.now,
    )
    ctx.session.add(draft)
    ctx.session.flush()
    proposing.settle(ctx, order, answer, accepted=bool(accepted))
    copies.propose(ctx, order, draft)
    reading.keep_check(ctx, rulebook.current(ctx), order, draft, dismissed)
    return draft


def ask_decline(
    ctx: Context, order: Order, *, code: str, told: str, reason: str, seen: int
) -> Request:
    """Ask the head of the office to decline; the state waits for the decision."""
    if code and code not in DECLINE_CODES:
        raise Incomplete("请选择不予受理的情形。", fields={"code": "请从列表中选择"})
    refuse_while_asked(ctx, order)
    lifecycle.move(ctx, order, "ask_decline", seen=seen, code=code, told=told, reason=reason)
    request = Request(
        order_id=order.id,
        kind=str(Ask.DECLINE),
        grounds=reason.strip(),
        details={"code": code, "told": told.strip()},
        asked_by=ctx.person.label,
        asked_at=ctx.now,
    )
    ctx.session.add(request)
    return request


def decide_decline(ctx: Context, order: Order, *, granted: bool, reason: str, seen: int) -> None:
    """The head of the office grants or refuses; the requester is told the lawful channel."""
    request = casework.open_request(ctx.session, order.id, Ask.DECLINE)
    if request is None:
        raise Refused("没有待决定的不予受理申请。", remedy="请由值班员先提请不予受理。")
    if ctx.person.took_part(request.asked_by):
        raise Refused("不能批准自己提出的申请。", remedy="请办公室负责人中的另一人决定。")
    name = "decline" if granted else "refuse_decline"
    lifecycle.move(ctx, order, name, seen=seen, reason=reason, code=request.details["code"])
    request.granted, request.reason = granted, reason.strip()
    request.decided_by, request.decided_at = ctx.person.label, ctx.now
    ctx.session.add(request)
    branches.after(ctx, order)


def refuse_while_asked(ctx: Context, order: Order) -> None:
    """Nothing else happens while a refusal to accept is being decided."""
    if casework.open_request(ctx.session, order.id, Ask.DECLINE):
        raise Refused(
            "这张工单正在等办公室负责人决定是否不予受理。",
            remedy="决定之后再分办；可请办公室负责人退回申请。",
        )
