"""What people decide about an order, checked and set beside what was suggested."""

from monitor.domain.dispatch import Decision, faults
from monitor.domain.errors import Incomplete
from monitor.services import rulebook
from monitor.services.context import Context
from monitor.storage import people
from monitor.storage.orders import Order


def settle(
    ctx: Context, order: Order, decision: Decision, *, dispatching: bool
) -> dict[str, object]:
    """Set a decision on the order; the facts for its event, with whether it follows the reading."""
    active = {code for code, section in people.sections(ctx.session).items() if section.active}
    wrong = faults(
        decision,
        topics=rulebook.current(ctx).topics,
        sections=active,
        dispatching=dispatching,
    )
    if wrong:
        raise Incomplete("还不能办理：" + "，".join(wrong.values()) + "。", fields=wrong)
    order.topic, order.request_type = decision.topic, decision.request_type
    order.urgency = decision.urgency
    order.co_sections = list(dict.fromkeys(decision.co_sections))
    order.catalogue_row = decision.catalogue_row
    if dispatching:
        order.section = decision.section
    order.decided_at, order.decided_by = ctx.now, ctx.person.label
    return {
        "topic": decision.topic,
        "request_type": decision.request_type,
        "urgency": decision.urgency,
        "section": decision.section,
        "co_sections": order.co_sections,
        "catalogue": decision.catalogue_row,
        "as_suggested": _as_far(decision.topic, order.suggested_topic or "")
        and decision.section == order.suggested_section,
    }


def _as_far(topic: str, suggested: str) -> bool:
    """Whether a decided topic is what was suggested, or its first level."""
    return topic == suggested or suggested.startswith(f"{topic}.")
