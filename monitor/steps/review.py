"""Sign-offs over one answer version and its public copy; hand back; never edit in place."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from monitor.domain import review
from monitor.domain.errors import Incomplete, NotAllowed, Refused
from monitor.domain.review import Need
from monitor.domain.vocabulary import Channel, RequestType, Role, State, Urgency
from monitor.services import copies, lifecycle, rulebook
from monitor.services.attachments import choices
from monitor.services.context import Context
from monitor.storage import answers
from monitor.storage.answers import Answer, PublicCopy, SignOff
from monitor.storage.orders import Order


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the review of an order's newest answer stands."""

    answer: Answer
    copy: PublicCopy | None
    public: bool
    needs: tuple[Need, ...]
    signed: tuple[SignOff, ...]
    turn: Need | None
    open: tuple[copies.Open, ...]


def standing(ctx: Context, order: Order) -> Standing:
    """The needed, given and next sign-offs, and what in the copy still blocks a release."""
    answer = answers.latest(ctx.session, order.id)
    if answer is None:
        raise Refused("这张工单还没有答复稿。", remedy="由主办科室提交答复后再审核。")
    public = will_be_public(ctx, order)
    copy = answers.copy_of(ctx.session, answer.id) if public else None
    signed = tuple(answers.sign_offs(ctx.session, answer.id))
    needs = needed(ctx, order, public=public)
    turn = review.next_open(needs, frozenset(Role(sign_off.role) for sign_off in signed))
    findings = tuple(copies.open_findings(ctx, order, copy)) if copy else ()
    return Standing(answer, copy, public, needs, signed, turn, findings)


def turns(ctx: Context, found: Sequence[Order]) -> dict[UUID, Need | None]:
    """Whose signature each of these orders waits for; a constant number of queries."""
    ids = [order.id for order in found]
    newest = answers.latest_of(ctx.session, ids)
    signed = answers.sign_offs_of(ctx.session, [answer.id for answer in newest.values()])
    decided = answers.last_decisions(ctx.session, ids)
    waiting: dict[UUID, Need | None] = {}
    for order in found:
        answer = newest.get(order.id)
        last = decided.get(order.id)
        public = order.consent is True and not (last and not last.released)
        given = {Role(sign.role) for sign in signed.get(answer.id, ())} if answer else set()
        needs = needed(ctx, order, public=public)
        waiting[order.id] = review.next_open(needs, frozenset(given))
    return waiting


def will_be_public(ctx: Context, order: Order) -> bool:
    """The requester agreed, and the office has not decided against it."""
    if order.consent is not True:
        return False
    decisions = answers.publications(ctx.session, order.id)
    return not (decisions and not decisions[-1].released)


def needed(ctx: Context, order: Order, *, public: bool) -> tuple[Need, ...]:
    """The sign-off chain of an order by the rule in force."""
    return review.required(
        rulebook.current(ctx).chain,
        channel=Channel(order.channel),
        request_type=RequestType(order.request_type) if order.request_type else None,
        urgency=Urgency(order.urgency) if order.urgency else None,
        will_be_public=public,
        legal_asked=order.legal_asked,
    )


def edit_copy(
    ctx: Context,
    order: Order,
    *,
    title: str,
    letter: str,
    answer: str,
    kept: list[dict[str, str]],
    seen: int,
) -> PublicCopy:
    """A reviewer rewords the public copy; the original stays, signatures over it lapse."""
    now = standing(ctx, order)
    _same_version(ctx, order, seen)
    if not ctx.person.has(Role.REVIEWER):
        raise NotAllowed("公开稿由办公室审核修改。")
    if order.state != State.IN_REVIEW:
        raise Refused("只有待审核的公开稿可以修改。", remedy="已签完的请先退回修改。")
    if not now.public or now.copy is None:
        raise Refused("这件不公开，没有公开稿。")
    if any(not row.get("reason", "").strip() for row in kept):
        raise Incomplete("保留的内容须写明理由。", fields={"kept": "请填写保留理由"})
    if not title.strip() or not letter.strip() or not answer.strip():
        raise Incomplete("公开稿的标题、来信和答复都不能为空。")
    copy = copies.write(ctx, now.answer, title=title, letter=letter, answer_text=answer, kept=kept)
    if copy.text_hash != now.copy.text_hash:
        _void(ctx, now)
    order.version += 1
    ctx.record("copy_edited", order, version=copy.version, hash=copy.text_hash)
    return copy


def sign_off(
    ctx: Context, order: Order, *, opinion: str, ask_legal: bool = False, seen: int
) -> None:
    """Give one's own signature; when it is the last one needed, the answer may be released."""
    now = standing(ctx, order)
    if ask_legal and not order.legal_asked and ctx.person.has(Role.REVIEWER):
        order.legal_asked = True
        now = standing(ctx, order)
    if review.wrote(ctx.person, now.answer.author_id, now.answer.author):
        raise NotAllowed("撰稿人不得审核本稿，代理时也一样。", remedy="请另一位审核人审核。")
    if now.turn is None:
        raise Refused("各道审核已经签完。")
    if not ctx.person.has(now.turn.role):
        raise NotAllowed(
            f"现在轮到{now.turn.role.label}签，您的身份不能代签。",
            remedy=f"请等{now.turn.role.label}签完。",
        )
    if now.turn.role is Role.SECRECY and now.open:
        raise Refused(
            f"公开稿还有 {len(now.open)} 处待处理，不能通过保密审查。",
            remedy="请退回修改，或由办公室审核遮蔽、写明理由保留。",
        )
    if now.public and (waiting := choices.undecided(ctx, order, now.answer)):
        raise Refused(
            f"还有 {waiting} 个附件没有选择是否公开。",
            remedy="由办公室审核在“答复附件”里逐个选择公开或不公开，再签。",
        )
    lifecycle.move(ctx, order, "sign_off", seen=seen, role=str(now.turn.role), opinion=opinion)
    ctx.session.add(
        SignOff(
            answer_id=now.answer.id,
            role=str(now.turn.role),
            person_id=ctx.person.id,
            person=ctx.person.label,
            opinion=opinion.strip(),
            copy_hash=now.copy.text_hash if now.copy else "",
            at=ctx.now,
        )
    )
    signed = {Role(sign.role) for sign in now.signed} | {now.turn.role}
    if review.next_open(now.needs, frozenset(signed)) is None:
        lifecycle.move(ctx, order, "approve", seen=None)


def hand_back(ctx: Context, order: Order, *, findings: str, seen: int) -> None:
    """Send the answer back with what must be mended; the signatures given lapse."""
    now = standing(ctx, order)
    roles = {need.role for need in now.needs}
    if not ctx.person.has(Role.REVIEWER) and ctx.person.roles.isdisjoint(roles):
        raise NotAllowed("您不在这件的审核人之列，不能退回。")
    name = "hand_back" if order.section else "hand_back_to_duty"
    lifecycle.move(ctx, order, name, seen=seen, findings=findings.strip())
    _void(ctx, now)


def _void(ctx: Context, now: Standing) -> None:
    for sign in now.signed:
        sign.void = True
        ctx.session.add(sign)


def _same_version(ctx: Context, order: Order, seen: int) -> None:
    ctx.hold(order)
    if order.version != seen:
        raise lifecycle.stale(ctx, order)
