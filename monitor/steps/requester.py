"""What the requester does about an own letter: take back the consent to publication."""

from monitor.domain.errors import Refused
from monitor.domain.vocabulary import Promise, State
from monitor.services.context import Context
from monitor.storage import answers, deadlines
from monitor.storage.answers import Publication
from monitor.storage.orders import Order

TAKEN_BACK = "诉求人改为不公开"


def take_back_consent(ctx: Context, order: Order) -> None:
    """改为不公开, before the release: nothing of the letter will be published; twice is once.

    What has been released only the office withdraws, because others may rely on it.
    """
    ctx.hold(order)
    if order.consent is not True:
        return
    if answers.published(ctx.session, order.id):
        raise Refused("这件已经公开。", remedy="需要撤下的，请联系办公室，由办公室核实后撤回。")
    order.consent = False
    order.version += 1
    ctx.session.add(order)
    ctx.record("consent_taken_back", order)
    for clock in deadlines.running(ctx.session, [order.id], [Promise.PUBLISH]):
        clock.cancelled_at = ctx.now
        ctx.session.add(clock)
    answer = answers.latest(ctx.session, order.id)
    if answer is None:
        return
    if order.state == State.IN_REVIEW:
        # The reviewers signed words for everybody; an answer for one is another chain.
        for sign_off in answers.sign_offs(ctx.session, answer.id):
            sign_off.void = True
            ctx.session.add(sign_off)
    answered = answers.acts(ctx.session, order.id)
    if answered and not answers.publications(ctx.session, order.id):
        ctx.session.add(
            Publication(
                order_id=order.id,
                answer_id=answered[-1].answer_id,
                number=order.number,
                released=False,
                received_at=order.received_at,
                released_at=ctx.now,
                by=ctx.person.label,
                reason=TAKEN_BACK,
            )
        )
