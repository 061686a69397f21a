"""What people decided, as examples to learn from."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from monitor.storage.orders import decided


def labels_from_decisions(session: Session, *, before: datetime) -> list[dict[str, Any]]:
    """Decided orders as labelled messages: the decisions, never the suggestions."""
    return [
        {
            "title": order.title,
            "text": order.text,
            "topic": (order.topic or "").split(".", 1)[0],
            "request_type": order.request_type or "",
        }
        for order in decided(session, before)
    ]
