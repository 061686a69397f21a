"""One order on paper: original, answers, clocks, signatures, contacts, notes, history."""

from dataclasses import replace
from typing import Any

from monitor.domain.vocabulary import Channel, RequestType, State, Urgency
from monitor.services import reading, rulebook
from monitor.services.context import Context
from monitor.storage import answers, casework, deadlines, history, people
from monitor.storage.orders import Order
from monitor.web import views
from monitor.web.orders import papers, parties, story
from monitor.web.render import NOTHING


def sheet(ctx: Context, order: Order) -> dict[str, Any]:
    """What the paper of one order shows; every free text with its personal details replaced."""
    session, rules = ctx.session, rulebook.current(ctx)
    labels = {code: section.label for code, section in people.sections(session).items()}
    staff = {one.id: one for one in people.everyone(session)}
    versions = answers.versions(session, order.id)
    notes = casework.notes(session, order.id)
    filed = papers.papers(ctx, order, versions, answers.publications(session, order.id), notes)
    told = story.tell(
        history.of_order(session, order.id),
        story.Names(rules, labels, {one.username: one.name for one in staff.values()}, {}),
    )
    kind = order.request_type or order.suggested_type
    handler = staff.get(order.handler_id) if order.handler_id else None
    return {
        "order": order,
        "title": reading.redact(rules, order.title),
        "text": reading.redact(rules, order.text),
        "state": State(order.state).label,
        "party": parties.party(ctx, order).masked,
        "facts": [
            (label, value)
            for label, value in (
                ("渠道", Channel(order.channel).label),
                ("上级编号", order.upstream_no or ""),
                ("紧急程度", Urgency(order.urgency or order.suggested_urgency or "normal").label),
                ("诉求类型", RequestType(kind).label if kind else ""),
                ("主题", rules.topic_label(order.topic or order.suggested_topic)),
                ("主办科室", labels.get(order.section or "", "")),
                ("协办科室", "、".join(labels.get(code, code) for code in order.co_sections)),
                ("承办人", handler.name if handler else ""),
            )
            if value and value != NOTHING
        ],
        "clocks": views.clocks_of(ctx, order, deadlines.of_order(session, order.id)),
        "answers": [
            {"one": version, "text": reading.redact(rules, version.answer.text),
             "note": reading.redact(rules, version.answer.note)}
            for version in filed.versions
        ],
        "papers": filed,
        "contacts": [(one, reading.redact(rules, one.outcome)) for one in filed.contacts],
        "notes": [(one, reading.redact(rules, one.text)) for one in filed.notes],
        "told": [replace(line, text=reading.redact(rules, line.text)) for line in reversed(told)],
    }  # fmt: skip
