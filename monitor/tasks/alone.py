"""Auto-dispatch: what is surely suggested goes to its section without waiting for a person."""

import logging
from dataclasses import dataclass
from uuid import UUID

from monitor.domain.dispatch import Decision
from monitor.domain.errors import Incomplete, NotAllowed, Refused, Stale
from monitor.domain.learning import gate
from monitor.domain.learning.gate import Alone, LearningRules, Tried
from monitor.domain.vocabulary import State, Urgency
from monitor.services import preparing, rulebook
from monitor.services.context import Context
from monitor.services.desk import Desk
from monitor.services.learning.examples import ALONE
from monitor.services.likeness import nearness
from monitor.steps import casework, dispatch
from monitor.storage import drafts, orders
from monitor.storage.learning import versions
from monitor.storage.learning.versions import LearnRun

log = logging.getLogger("monitor.tasks")
_MOST = 200


@dataclass(frozen=True, slots=True)
class Round:
    """One look at what waits: how many were sent on, how many a rule held back."""

    sent: int = 0
    left: int = 0


def chance(run: LearnRun | None, precision: int) -> Alone:
    """What may go alone at a precision, by the office's own last lesson."""
    tried = [Tried(sure, not differs) for _, sure, differs in run.tried] if run else []
    return gate.alone(tried, precision)


def go(desk: Desk) -> Round:
    """Dispatch what waits for triage and is sure enough; nothing where the office did not ask."""
    with desk.reading(ALONE) as ctx:
        asked = rulebook.current(ctx).learning
        if not asked.auto:
            return Round()
        threshold = chance(versions.latest_run(ctx.session), asked.auto_precision).threshold
        if threshold is None:
            return Round()
        waiting = versions.in_triage(ctx.session, threshold, _MOST)
    sent = 0
    for order_id in waiting:
        try:
            with desk.writing(ALONE) as ctx:
                sent += _one(ctx, asked, order_id, threshold)
        except (Refused, NotAllowed, Incomplete, Stale) as why:
            # A person was quicker, or must decide: the order waits in the queue as before.
            log.info("an order stays with triage: %s", type(why).__name__)
    return Round(sent, len(waiting) - sent)


def _one(ctx: Context, asked: LearningRules, order_id: UUID, threshold: float) -> bool:
    order = orders.by_ids(ctx.session, [order_id]).get(order_id)
    said = orders.last_reading(ctx.session, order_id)
    if order is None or said is None or order.state != State.TRIAGE:
        return False
    # What a person took back, was given back or has begun to answer is a person's.
    if order.version > 1 or drafts.begun(ctx.session, casework.form_name(order)):
        return False
    sure = preparing.sureness(preparing.Prepared(dict(said.findings), ""))
    quiet = order.suggested_urgency == Urgency.NORMAL and order.stated_urgency in (
        None,
        Urgency.NORMAL,
    )
    spared = order.suggested_type in asked.auto_not_types
    if sure is None or sure < threshold or not quiet or spared or not order.suggested_topic:
        return False
    if nearness.of_order(ctx, order, most=1):
        return False
    section = said.findings["section"]
    dispatch.send(
        ctx,
        order,
        Decision(
            topic=said.findings["topic"]["label"],
            request_type=str(order.suggested_type),
            urgency=str(order.suggested_urgency),
            section=order.suggested_section,
            co_sections=tuple(section.get("co_sections", ())),
            catalogue_row=section.get("rule", ""),
        ),
        seen=order.version,
    )
    ctx.record("sent_alone", order, sure=round(sure, 4), threshold=threshold,
               models=sorted({one["version"] for one in said.findings.values()}))  # fmt: skip
    return True
