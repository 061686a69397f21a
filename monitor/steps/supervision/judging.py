"""What the office makes of a hot issue or an early sign: noted, an order opened, or no issue."""

from uuid import UUID

from monitor.domain.errors import Incomplete, NotAllowed, NotFound
from monitor.domain.vocabulary import Role
from monitor.services.context import Context
from monitor.services.supervision import hot
from monitor.storage import orders
from monitor.storage.supervision import hot as storage
from monitor.storage.supervision.hot import HotIssue


def may(ctx: Context) -> bool:
    """Whether this person decides for the office what becomes of a sign."""
    return ctx.person.has(Role.REVIEWER) or ctx.person.office_head


def judge(
    ctx: Context, issue_id: UUID, judged: str, *, reason: str = "", number: str = ""
) -> HotIssue:
    """Say what the office makes of an issue; `number` is the order opened before people complain.

    Saying something else later replaces it; both stand in the history.
    """
    if not may(ctx):
        raise NotAllowed("只有办公室能处置热点和苗头。", remedy="请告诉办公室审核人员。")
    issue = storage.get(ctx.session, issue_id, hold=True)
    if issue is None or hot.one(ctx, issue) is None:
        raise NotFound("没有这个热点。", remedy="请从“热点线索”页进入。")
    reason, number = reason.strip(), number.strip()
    if judged not in hot.JUDGED:
        raise Incomplete("没有这种处置。", fields={"judged": "请从列表中选择"})
    if judged == "dismissed" and not reason:
        raise Incomplete("不作热点要写明理由。", fields={"reason": "请写明为什么"})
    if judged == "opened" and not number:
        raise Incomplete(
            "请写明主动治理单的编号。", fields={"number": "先登记一张工单，再填它的编号"}
        )
    if judged == "opened":
        number = orders.get(ctx.session, ctx.person, number).number
    issue.judged, issue.reason, issue.judged_by = judged, reason, ctx.person.label
    issue.opened_number = number if judged == "opened" else ""
    issue.judged_at = ctx.now
    ctx.session.add(issue)
    ctx.record_system("hot_judged", issue=str(issue.id), judged=judged, number=issue.opened_number)
    return issue
