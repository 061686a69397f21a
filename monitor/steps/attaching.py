"""Attach files to an order, take them off and put them back, choose which are public, read them."""

from uuid import UUID

from monitor.domain.access import SECTION_ROLES
from monitor.domain.errors import Incomplete, NotAllowed, NotFound, Refused
from monitor.domain.vocabulary import Role, State
from monitor.services import lifecycle
from monitor.services.attachments import choices
from monitor.services.attachments.tidying import KEPT
from monitor.services.context import Context
from monitor.storage import answers
from monitor.storage.attachments import disk, rows
from monitor.storage.attachments.rows import Attachment
from monitor.storage.orders import Order

REQUESTER, RECORD, ANSWER = "requester", "record", choices.ANSWER
PARTS = {REQUESTER: "诉求人提供", RECORD: "办理材料", ANSWER: "随答复"}
_WORKERS = SECTION_ROLES | {Role.DUTY, Role.REVIEWER}


def may_add(ctx: Context, order: Order, part: str) -> bool:
    """Whether this person may attach to this part of the order now."""
    if State(order.state).closed or not ctx.person.has(*_WORKERS):
        return False
    if part == RECORD:
        return True
    if part != ANSWER:
        return False
    if order.state == State.IN_HAND:
        return ctx.person.has(*SECTION_ROLES)
    return order.state == State.TRIAGE and ctx.person.has(Role.DUTY)


def refuse_adding(ctx: Context, order: Order, part: str) -> None:
    """NotAllowed or Refused, when this person may not attach here now."""
    if may_add(ctx, order, part):
        return
    if not ctx.person.has(*_WORKERS):
        raise NotAllowed("您的岗位不能添加附件。")
    raise Refused("这张工单现在不能添加这类附件。", remedy="请刷新页面，看它现在的状态。")


def claim(ctx: Context, order: Order, part: str, place: str, owner: str) -> list[Attachment]:
    """Attach all that waits at a place: what a form's files become when the form is sent."""
    found = []
    for upload in rows.uploads(ctx.session, place, owner):
        if not upload.sha256:
            continue
        name = rows.name_of(ctx.keys, upload)
        row = Attachment(
            order_id=order.id,
            part=part,
            name=b"",
            sha256=upload.sha256,
            at=upload.at,
            by=ctx.person.label,
        )
        row.name = rows.seal(ctx.keys, row.id, name)
        ctx.session.add(row)
        ctx.session.delete(upload)
        ctx.session.flush()
        content = rows.content(ctx.session, row.sha256)
        kind = content.kind if content else ""
        ctx.record("file_added", order, part=part, file=str(row.id), kind=kind, size=upload.size)
        found.append(row)
    return found


def of(ctx: Context, order: Order, attachment_id: UUID) -> Attachment:
    """A file of the order that is not removed; NotFound otherwise."""
    row = rows.one(ctx.session, order.id, attachment_id)
    if row is None or row.removed_at is not None:
        raise NotFound("没有这个附件，或已经移除。", remedy="请回到工单，从附件里选。")
    return row


def may_remove(ctx: Context, order: Order, row: Attachment) -> bool:
    """What the requester sent stays; the rest goes as long as it could be added."""
    return row.part != REQUESTER and may_add(ctx, order, row.part)


def remove(ctx: Context, order: Order, attachment_id: UUID) -> None:
    """Take a file off; for a day it can be put back."""
    ctx.hold(order)
    row = of(ctx, order, attachment_id)
    if not may_remove(ctx, order, row):
        raise Refused("这个附件现在不能移除。", remedy="答复退回修改后，才能改动它的附件。")
    row.removed_at, row.removed_by = ctx.now, ctx.person.label
    ctx.session.add(row)
    ctx.record("file_removed", order, part=row.part, file=str(row.id))


def restore(ctx: Context, order: Order, attachment_id: UUID) -> None:
    """Put a file back that was taken off by mistake."""
    ctx.hold(order)
    row = rows.one(ctx.session, order.id, attachment_id)
    if row is None or row.removed_at is None:
        raise NotFound("没有移除过这个附件。")
    refuse_adding(ctx, order, row.part)
    gone = not disk.path_of(ctx.settings, row.sha256).is_file()
    if gone or ctx.now - row.removed_at > KEPT:
        raise Refused("移除已超过一天，不能恢复。", remedy="请重新上传。")
    if rows.counted(ctx.session, order.id, row.part) >= ctx.settings.max_files:
        raise Refused(f"最多 {ctx.settings.max_files} 个附件。", remedy="请先移除不需要的。")
    row.removed_at, row.removed_by = None, ""
    ctx.session.add(row)
    ctx.record("file_restored", order, part=row.part, file=str(row.id))


def choose(ctx: Context, order: Order, attachment_id: UUID, choice: str, *, seen: int) -> None:
    """Public or not, and in which form; a choice for more than was signed voids the signatures."""
    ctx.hold(order)
    if order.version != seen:
        raise lifecycle.stale(ctx, order)
    if not ctx.person.has(Role.REVIEWER):
        raise NotAllowed("附件是否公开由办公室审核决定。")
    row = of(ctx, order, attachment_id)
    answer = answers.latest(ctx.session, order.id)
    if answer is None or row.part != ANSWER:
        raise Refused("只有随答复的附件可以公开。", remedy="诉求人的材料和办理材料从不公开。")
    [look] = choices.looks(ctx, order, [row], answer)
    if choice not in look.options:
        raise Incomplete(f"这个附件不能这样公开。{look.why}", fields={"choice": "请从列表中选择"})
    withheld = choice == choices.WITHHELD
    if order.state != State.IN_REVIEW and not (withheld and order.state == State.TO_RELEASE):
        raise Refused("现在不能改变附件的公开方式。", remedy="已签完的请先退回修改。")
    if choice == look.choice:
        return
    if not withheld:
        for sign in answers.sign_offs(ctx.session, answer.id):
            sign.void = True
            ctx.session.add(sign)
    row.choice, row.chosen_for = choice, answer.id
    row.chosen_by, row.chosen_at = ctx.person.label, ctx.now
    ctx.session.add(row)
    order.version += 1
    ctx.record("file_chosen", order, file=str(row.id), choice=choice)


def note_read(ctx: Context, order: Order, row: Attachment, what: str) -> None:
    """A file was opened or downloaded; of the requester's it is a look at personal details."""
    ctx.record(what, order, part=row.part, file=str(row.id), personal=row.part == REQUESTER)
