"""What people decided, as examples to learn from; what a machine decided teaches nothing."""

from dataclasses import dataclass
from datetime import datetime

from monitor.domain.access import Acting
from monitor.domain.vocabulary import Role, first_level
from monitor.services.context import Context
from monitor.storage.learning import versions

# Who dispatches where the office lets a sure suggestion go alone.
ALONE = Acting("系统（自动分办）", frozenset({Role.DUTY}))


@dataclass(frozen=True, slots=True)
class Example:
    """One decided order: its text, the decisions, and when they were made."""

    order: str
    title: str
    text: str
    topic: str
    # Empty where only the first level was decided: nobody said that none of its branches fits.
    subtopic: str
    request_type: str
    section: str
    urgency: str
    at: datetime

    @property
    def message(self) -> str:
        """Title and text as readers take them."""
        return f"{self.title}\n{self.text}"

    def label(self, reader: str) -> str:
        """The decision that a reader learns from; empty where there is none."""
        return str(getattr(self, reader, ""))


def of_office(ctx: Context, most: int) -> list[Example]:
    """The newest decisions of the office, oldest first: never the suggestions."""
    return [
        Example(
            order=order.number,
            title=order.title,
            text=order.text,
            topic=first_level(order.topic or ""),
            subtopic=order.topic if order.topic and "." in order.topic else "",
            request_type=order.request_type or "",
            section=order.section or "",
            urgency=order.urgency or "",
            at=order.decided_at or order.received_at,
        )
        for order in versions.examples(ctx.session, ctx.now, most, but=ALONE.label)
    ]
