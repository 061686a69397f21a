"""The act of answering, release of the redacted copy, withholding, withdrawing."""

from dataclasses import dataclass
from datetime import datetime

from monitor.domain import review
from monitor.domain.errors import Incomplete, Refused
from monitor.domain.vocabulary import AnswerWay, Channel, RequestType, Role, State, Urgency
from monitor.domain.workdays import not_before
from monitor.services import copies, lifecycle, rulebook
from monitor.services.attachments import choices
from monitor.services.context import Context
from monitor.services.handling import closing
from monitor.storage import answers, search
from monitor.storage.answers import Answer, AnswerAct, Publication, PublicCopy
from monitor.storage.orders import Order

NO_CONSENT = "诉求人未同意公开"


def record_answer(
    ctx: Context, order: Order, *, way: str, at: datetime | None, note: str = "", seen: int
) -> AnswerAct:
    """Fed back, sent or told: how, when and by whom; this ends the answer clock."""
    if way not in {AnswerWay.FED_BACK, AnswerWay.SENT, AnswerWay.TOLD, AnswerWay.SHOWN}:
        raise Incomplete("请选择答复方式。", fields={"way": "请从列表中选择"})
    when = not_before(order.received_at, at or ctx.now)
    if when > ctx.now:
        raise Incomplete("答复时间不能晚于现在。", fields={"at": "请填写已经发生的时间"})
    if when < order.received_at:
        raise Incomplete("答复时间早于收件时间。", fields={"at": "请核对答复时间"})
    answer = _answer(ctx, order)
    lifecycle.move(ctx, order, "record_answer", seen=seen, way=way, at=when)
    act = AnswerAct(
        order_id=order.id, answer_id=answer.id, way=way, at=when, by=ctx.person.label, note=note
    )
    ctx.session.add(act)
    if order.consent is not True and not answers.publications(ctx.session, order.id):
        copies.withhold(ctx, order, answer.id, NO_CONSENT)
    closing.after_answer(ctx, order)
    return act


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What keeps an answer in the house, and of what it is: consent, copy, findings, signatures."""

    text: str
    about: str


def obstacles(ctx: Context, order: Order) -> list[str]:
    """Why the order may not be published now; empty when it may."""
    return [obstacle.text for obstacle in standing_in_the_way(ctx, order)]


def standing_in_the_way(ctx: Context, order: Order) -> list[Obstacle]:
    """Each obstacle to publication with what it is about; empty when there is none."""
    found: list[Obstacle] = []
    if order.consent is not True:
        found.append(Obstacle("诉求人未同意公开，只能答复本人。", "consent"))
    decisions = answers.publications(ctx.session, order.id)
    if decisions and not decisions[-1].released:
        found.append(Obstacle("已决定不公开。", "consent"))
    if answers.published(ctx.session, order.id):
        found.append(Obstacle("已经公开。", "consent"))
    answer = answers.latest(ctx.session, order.id)
    copy = answers.copy_of(ctx.session, answer.id) if answer else None
    if answer is None or copy is None:
        return [*found, Obstacle("没有公开稿。", "copy")]
    if waiting := choices.undecided(ctx, order, answer):
        found.append(Obstacle(f"{waiting} 个附件还没有选择是否公开。", "files"))
    findings = copies.open_findings(ctx, order, copy)
    if findings:
        found.append(Obstacle(f"公开稿还有 {len(findings)} 处待处理。", "findings"))
    missing = _missing_sign_offs(ctx, order, answer, copy)
    if missing:
        roles = "、".join(role.label for role in missing)
        found.append(Obstacle(f"{roles}未签。", "signatures"))
    elif order.state not in {State.TO_RELEASE, State.ANSWERED, State.TO_ARCHIVE}:
        found.append(Obstacle("审核还没有走完。", "signatures"))
    return found


def release(ctx: Context, order: Order, *, seen: int) -> Publication:
    """Publish the copy that was signed, word for word; shows the answer to the requester too."""
    if reasons := obstacles(ctx, order):
        raise Refused("现在不能发布：" + "".join(reasons), remedy="请先处理以上各项。")
    answer = _answer(ctx, order)
    copy = answers.copy_of(ctx.session, answer.id)
    if copy is None:
        raise Refused("没有公开稿。")
    first = order.state == State.TO_RELEASE
    name = "release" if first else "release_later"
    lifecycle.move(ctx, order, name, seen=seen, hash=copy.text_hash)
    if first:
        ctx.session.add(
            AnswerAct(
                order_id=order.id,
                answer_id=answer.id,
                way=str(AnswerWay.SHOWN),
                at=ctx.now,
                by=ctx.person.label,
            )
        )
    ctx.session.flush()
    acts = answers.acts(ctx.session, order.id)
    publication = Publication(
        order_id=order.id,
        answer_id=answer.id,
        number=order.number,
        released=True,
        title=copy.title,
        letter=copy.letter,
        answer=copy.answer,
        text_hash=copy.text_hash,
        topic=order.topic or "",
        request_type=order.request_type or "",
        received_at=order.received_at,
        answered_at=acts[-1].at if acts else ctx.now,
        released_at=ctx.now,
        by=ctx.person.label,
    )
    ctx.session.add(publication)
    ctx.session.flush()
    choices.publish(ctx, order, answer, publication)
    search.retire(ctx.session, order.id, public=True)
    words = f"{copy.title}\n{copy.letter}\n{copy.answer}"
    search.add(ctx.session, [(order.id, words)], public=True)
    if first:
        closing.after_answer(ctx, order)
    return publication


def withhold(ctx: Context, order: Order, *, reason: str, seen: int) -> Publication:
    """The decision 不公开 with its reason; ends the publication clock."""
    if answers.published(ctx.session, order.id):
        raise Refused("已经公开。", remedy="需要撤下的，请用“撤回公开”。")
    answer = _answer(ctx, order)
    lifecycle.move(ctx, order, "withhold", seen=seen, reason=reason.strip())
    return copies.withhold(ctx, order, answer.id, reason.strip())


def withdraw(ctx: Context, order: Order, *, reason: str, seen: int) -> None:
    """Take a published answer down at once: page, feed and search; the record stays."""
    publication = answers.published(ctx.session, order.id)
    if publication is None:
        raise Refused("这件没有公开，无须撤回。")
    told = reason.strip()
    lifecycle.move(ctx, order, "withdraw", seen=seen, reason=told, hash=publication.text_hash)
    copies.withdraw(ctx, publication, told)


def _answer(ctx: Context, order: Order) -> Answer:
    answer = answers.latest(ctx.session, order.id)
    if answer is None:
        raise Refused("这张工单还没有答复稿。")
    return answer


def _missing_sign_offs(ctx: Context, order: Order, answer: Answer, copy: PublicCopy) -> list[Role]:
    needs = review.required(
        rulebook.current(ctx).chain,
        channel=Channel(order.channel),
        request_type=RequestType(order.request_type) if order.request_type else None,
        urgency=Urgency(order.urgency) if order.urgency else None,
        will_be_public=True,
        legal_asked=order.legal_asked,
    )
    # Only a signature over these very words counts.
    signed = {
        Role(sign.role)
        for sign in answers.sign_offs(ctx.session, answer.id)
        if sign.copy_hash == copy.text_hash
    }
    return [need.role for need in needs if need.role not in signed]
