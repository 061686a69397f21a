"""Draw who is called back and propose how long a file is kept, from what is known of an order."""

from dataclasses import replace

from monitor.domain.closing import retention, sampling
from monitor.domain.closing.retention import Outcome, Proposal
from monitor.domain.closing.sampling import Draw, When
from monitor.domain.closing.selecting import Facts
from monitor.domain.vocabulary import Promise, Solved, State
from monitor.services import lifecycle, rulebook
from monitor.services.context import Context
from monitor.services.desk import SYSTEM
from monitor.services.handling import branches, pledging
from monitor.storage import answers, deadlines, orders, requesters
from monitor.storage.handling import closings
from monitor.storage.orders import Order


def drawn(ctx: Context, order: Order) -> Draw:
    """Whether the requester is called back, and by which rule."""
    requester = requesters.of_order(ctx.session, order.id)
    phone = requester is not None and requester.phone_blind is not None
    again = order.round > 1 or bool(orders.children(ctx.session, order.id))
    holds = {
        When.ASKED_NOT: closings.waiver(ctx.session, order.id) is not None,
        When.NO_PHONE: not phone,
        When.AGAIN: again,
        When.LATE: _answered_late(ctx, order),
    }
    facts = Facts(
        number=order.number,
        channel=order.channel,
        request_type=order.request_type or order.suggested_type or "",
        urgency=order.urgency or order.suggested_urgency or "normal",
        holds=frozenset(when for when, true in holds.items() if true),
    )
    return sampling.draw(sampling.parse(rulebook.current(ctx).bodies.get("callback", ())), facts)


def after_answer(ctx: Context, order: Order) -> None:
    """Who is not drawn goes on to the archive, with the reason; in the answer's transaction."""
    if order.state != State.ANSWERED:
        return
    ctx.session.flush()
    branches.after(ctx, order)
    pledging.after_answer(ctx, order)
    lot = drawn(ctx, order)
    if not lot.drawn:
        itself = replace(ctx, person=SYSTEM, form="")
        lifecycle.move(itself, order, "spare_call_back", seen=None, reason=lot.words)


def proposed(ctx: Context, order: Order) -> Proposal:
    """The retention class that the rules propose, with the rule."""
    heard = [one for one in closings.callbacks(ctx.session, order.id) if one.contacted]
    last = answers.latest(ctx.session, order.id)
    solved = (heard[-1].solved if heard else "") or (last.solved if last else "")
    holds = {
        Outcome.AGAIN: order.round > 1,
        Outcome.UNSOLVED: solved == Solved.UNSOLVED,
        Outcome.LATE: _answered_late(ctx, order),
    }
    facts = Facts(
        request_type=order.request_type or order.suggested_type or "",
        urgency=order.urgency or order.suggested_urgency or "normal",
        channel=order.channel,
        holds=frozenset(outcome for outcome, true in holds.items() if true),
    )
    rules = retention.parse(rulebook.current(ctx).bodies.get("retention", ()))
    return retention.propose(rules, facts)


def _answered_late(ctx: Context, order: Order) -> bool:
    clocks = deadlines.of_order(ctx.session, order.id)
    return any(clock.promise == Promise.ANSWER and bool(clock.late) for clock in clocks)
