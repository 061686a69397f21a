"""What people decide about an order, checked and set beside what was suggested."""

from collections.abc import Mapping

from monitor.domain.dispatch import Decision, accused, faults
from monitor.domain.errors import Incomplete
from monitor.services import rulebook
from monitor.services.context import Context
from monitor.storage import people
from monitor.storage.orders import Order
from monitor.storage.people import Section


def settle(
    ctx: Context, order: Order, decision: Decision, *, dispatching: bool
) -> dict[str, object]:
    """Set a decision on the order; the facts for its event, with whether it follows the reading."""
    rules = rulebook.current(ctx)
    sections = people.sections(ctx.session)
    wrong = faults(
        decision,
        topics=rules.topics,
        sections={code for code, section in sections.items() if section.active},
        dispatching=dispatching,
        accused=_named_in_report(ctx, order, decision.request_type, decision.topic, sections),
    )
    if wrong:
        raise Incomplete("还不能办理：" + "，".join(wrong.values()) + "。", fields=wrong)
    order.topic, order.request_type = decision.topic, decision.request_type
    order.urgency = decision.urgency
    order.co_sections = list(dict.fromkeys(decision.co_sections))
    order.catalogue_row = decision.catalogue_row
    if dispatching:
        order.section = decision.section
        # A row is the ground for the section that it names, for no other.
        named = {row.number: row.section for row in rules.guide.catalogue}
        if named.get(decision.catalogue_row) != decision.section:
            order.catalogue_row = ""
    order.decided_at, order.decided_by = ctx.now, ctx.person.label
    return {
        "topic": decision.topic,
        "request_type": decision.request_type,
        "urgency": decision.urgency,
        "section": decision.section,
        "co_sections": order.co_sections,
        "catalogue": order.catalogue_row,
        "as_suggested": _as_far(decision.topic, order.suggested_topic or "")
        and decision.section == order.suggested_section,
    }


def spare_accused(ctx: Context, order: Order, section: str, field: str) -> None:
    """Nothing, or Incomplete: an order in work does not go to a section that it reports."""
    labels = people.sections(ctx.session)
    topic, request_type = order.topic or "", order.request_type or ""
    if section in _named_in_report(ctx, order, request_type, topic, labels):
        raise Incomplete(
            "来信举报里写到了这个科室，依法不得转给它。",
            fields={field: "请选另一个科室"},
            rule="信访工作条例第25条",
        )


def _named_in_report(
    ctx: Context, order: Order, request_type: str, topic: str, sections: Mapping[str, Section]
) -> set[str]:
    """The sections to which this order must not go, should it be a report."""
    return accused(
        request_type,
        f"{order.title}\n{order.text}",
        labels={code: one.label for code, one in sections.items()},
        rows=rulebook.current(ctx).guide.rows_of(topic),
    )


def _as_far(topic: str, suggested: str) -> bool:
    """Whether a decided topic is what was suggested, or its first level."""
    return topic == suggested or suggested.startswith(f"{topic}.")
