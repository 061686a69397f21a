"""The files of an order as its pages show them: by part, with what may be done."""

from typing import Any

from monitor.attachments import ACCEPTED
from monitor.services.attachments import choices
from monitor.services.attachments.choices import LABELS_OF_CHOICES, Look
from monitor.services.attachments.tidying import KEPT
from monitor.services.context import Context
from monitor.settings import Settings
from monitor.steps import attaching
from monitor.storage.answers import Answer
from monitor.storage.attachments import rows
from monitor.storage.orders import Order
from monitor.web.reviewing.findings import LABELS


def limits(settings: Settings) -> dict[str, Any]:
    """What is said before anything is sent."""
    return {
        "bytes": settings.max_file_bytes,
        "most": settings.max_files,
        "hint": f"每个不超过 {settings.max_file_bytes >> 20} MB，最多 {settings.max_files} 个",
        "kinds": ACCEPTED,
        "whole": settings.max_body_bytes >> 20,
    }


def card(ctx: Context, order: Order) -> dict[str, Any]:
    """附件 on the page of an order."""
    found = choices.looks(ctx, order, rows.of_order(ctx.session, order.id))
    parts = [
        {
            "code": part,
            "label": label,
            "files": [look for look in found if look.row.part == part],
            "adds": attaching.may_add(ctx, order, part),
        }
        for part, label in attaching.PARTS.items()
    ]
    gone = [
        {"id": row.id, "name": rows.name_of(ctx.keys, row)}
        for row in rows.removed(ctx.session, order.id, ctx.now - KEPT)
        if attaching.may_add(ctx, order, row.part)
    ]
    return {
        "parts": [part for part in parts if part["files"] or part["adds"]],
        "count": len(found),
        "removable": {look.row.id for look in found if attaching.may_remove(ctx, order, look.row)},
        "gone": gone,
        "limits": limits(ctx.settings),
    }


def review(ctx: Context, order: Order, answer: Answer) -> list[dict[str, Any]]:
    """The files of an answer as the reviewer judges them."""
    found = rows.of_order(ctx.session, order.id, part=attaching.ANSWER)
    return [
        {"look": look, "personal": personal(look), "options": options(look)}
        for look in choices.looks(ctx, order, found, answer)
    ]


def personal(look: Look) -> list[str]:
    """The personal details in a file's text, in words."""
    return [f"{LABELS.get(hit.kind, hit.kind)}“{hit.text}”" for hit in look.personal]


def options(look: Look) -> list[tuple[str, str]]:
    """In which forms a file may be public, in words."""
    return [(code, LABELS_OF_CHOICES[code]) for code in look.options]
