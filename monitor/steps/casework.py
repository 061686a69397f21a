"""Contact, note, assign, defer, submit an answer: what the handling section does."""

from datetime import date, datetime
from uuid import UUID

from monitor.domain.errors import Incomplete, Refused
from monitor.domain.letters import tidy
from monitor.domain.vocabulary import Ask, Promise, Solved, State
from monitor.domain.workdays import not_before
from monitor.services import copies, lifecycle, reading, rulebook
from monitor.services.context import Context
from monitor.services.drafting import proposing
from monitor.services.handling import dated, parts
from monitor.storage import answers, drafts, people
from monitor.storage.answers import Answer
from monitor.storage.casework import Contact, Note, Request
from monitor.storage.handling import closings
from monitor.storage.handling.closings import CallbackWaiver
from monitor.storage.orders import Order

_LONGEST_ANSWER = 20_000
_REVIEW = "GZ-1"


def contact(
    ctx: Context,
    order: Order,
    *,
    way: str,
    outcome: str,
    at: datetime | None,
    no_callback: bool = False,
    seen: int,
) -> Contact:
    """One entry of the contact log; the first ends the first-contact clock.

    `no_callback`: the requester said that he need not be called back.
    """
    when = not_before(order.received_at, at or ctx.now)
    if when > ctx.now:
        raise Incomplete("联系时间不能晚于现在。", fields={"at": "请填写已经发生的时间"})
    if when < order.received_at:
        raise Incomplete("联系时间早于收件时间。", fields={"at": "请核对联系时间"})
    lifecycle.move(ctx, order, "contact", seen=seen, way=way, outcome=outcome, at=when)
    entry = Contact(order_id=order.id, at=when, way=way, outcome=tidy(outcome), by=ctx.person.label)
    ctx.session.add(entry)
    if no_callback and closings.waiver(ctx.session, order.id) is None:
        ctx.session.add(CallbackWaiver(order_id=order.id, at=ctx.now, by=ctx.person.label))
    return entry


def note(ctx: Context, order: Order, *, text: str, seen: int) -> Note:
    """An internal note; never public, never in the public search."""
    lifecycle.move(ctx, order, "note", seen=seen, text=text)
    entry = Note(order_id=order.id, at=ctx.now, text=tidy(text), by=ctx.person.label)
    ctx.session.add(entry)
    return entry


def assign(ctx: Context, order: Order, *, handler: str, seen: int) -> None:
    """The section head names the handler, one of his own people."""
    person = people.by_username(ctx.session, handler)
    if handler and (person is None or person.section != order.section or not person.active):
        raise Incomplete("请选择本科室的承办人。", fields={"handler": "请从列表中选择"})
    lifecycle.move(ctx, order, "assign", seen=seen, handler=handler)
    order.handler_id = person.id if person else None
    ctx.session.add(order)


def defer(
    ctx: Context, order: Order, *, reason: str, plan: str, review_on: date | None, seen: int
) -> None:
    """挂账: the leader decides that it cannot be solved now; plan and review date stay on it."""
    dated.check_day(ctx, _REVIEW, review_on, field="review_on", what="复查日期")
    lifecycle.move(ctx, order, "defer", seen=seen, reason=reason, plan=plan, review_on=review_on)
    _account(ctx, order, reason, plan, review_on)


def defer_on(
    ctx: Context, order: Order, *, reason: str, plan: str, review_on: date | None, seen: int
) -> None:
    """Looked at again on its day: still not to be solved; a new plan and a new day."""
    dated.check_day(ctx, _REVIEW, review_on, field="review_on", what="复查日期")
    lifecycle.move(ctx, order, "defer_on", seen=seen, reason=reason, plan=plan, review_on=review_on)
    _account(ctx, order, reason, plan, review_on)


def _account(ctx: Context, order: Order, reason: str, plan: str, review_on: date | None) -> None:
    dated.begin(ctx, order, Promise.REVIEW, _REVIEW, ctx.now, due_on=review_on)
    ctx.session.add(
        Request(
            order_id=order.id,
            kind=str(Ask.DEFER),
            grounds=reason.strip(),
            details={"plan": plan.strip(), "review_on": str(review_on)},
            asked_by=ctx.person.label,
            asked_at=ctx.now,
            decided_by=ctx.person.label,
            decided_at=ctx.now,
            granted=True,
        )
    )


def resume(ctx: Context, order: Order, *, reason: str, seen: int) -> None:
    """The deferred matter is taken up again."""
    lifecycle.move(ctx, order, "resume", seen=seen, reason=reason)


def submit(
    ctx: Context,
    order: Order,
    *,
    answer: str,
    solved: str,
    note: str = "",
    without: str = "",
    dismissed: str = "",
    accepted: str = "",
    seen: int,
) -> Answer:
    """The section hands in its answer; the office takes over. The text is locked as a version.

    `without` is why it is handed in before every co-section has contributed; `dismissed` are the
    keys of the reminders that the writer set aside.
    """
    text = tidy(answer)
    if solved and solved not in set(Solved):
        raise Incomplete("请选择是否解决。", fields={"solved": "请从三项中选一项"})
    if len(text) > _LONGEST_ANSWER:
        raise Incomplete(
            f"答复超过 {_LONGEST_ANSWER} 字。", fields={"answer": "请压缩，或把材料作为附件"}
        )
    last = answers.latest(ctx.session, order.id)
    missing = "、".join(parts.missing(ctx, order))
    lifecycle.move(ctx, order, "submit", seen=seen, answer=text, solved=solved)
    if missing and not without.strip():
        raise Incomplete(
            f"还缺{missing}的协办意见。",
            fields={"without": "请写明为什么不等协办意见就提交"},
            remedy="可以催请，或写明理由后提交；理由随稿给审核人看。",
        )
    version = Answer(
        order_id=order.id,
        version=last.version + 1 if last else 1,
        text=text,
        note=tidy(note),
        missing_parts=f"缺{missing}的协办意见。理由：{tidy(without)}" if missing else "",
        solved=solved,
        author_id=ctx.person.id,
        author=ctx.person.label,
        at=ctx.now,
    )
    ctx.session.add(version)
    ctx.session.flush()
    proposing.settle(ctx, order, text, accepted=bool(accepted))
    copies.propose(ctx, order, version)
    reading.keep_check(ctx, rulebook.current(ctx), order, version, dismissed)
    drop_draft(ctx, order)
    return version


def save_draft(ctx: Context, order: Order, fields: dict[str, str]) -> None:
    """Keep what is being typed about this order; only its writer sees it."""
    if order.state not in {State.IN_HAND, State.TRIAGE}:
        raise Refused("这张工单现在不能起草答复。", remedy="请刷新页面，看它现在的状态。")
    drafts.save(ctx.session, ctx.keys, _me(ctx), form_name(order), fields, ctx.now)


def drop_draft(ctx: Context, order: Order) -> None:
    """Forget what was being typed, because it was handed in."""
    if ctx.person.id is not None:
        drafts.drop(ctx.session, ctx.person.id, form_name(order))


def form_name(order: Order) -> str:
    """Under which name the drafts of an order's answer are kept."""
    return f"answer:{order.number}"


def _me(ctx: Context) -> UUID:
    if ctx.person.id is None:
        raise Refused("只有登录的人才有草稿。")
    return ctx.person.id
