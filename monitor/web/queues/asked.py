"""The address of the triage desk: tab, filters, page, order in hand, replaced values, open form."""

from pydantic import BaseModel, Field

from monitor.domain.vocabulary import Channel, Urgency
from monitor.web.queues.rows import link
from monitor.web.queues.shelves import SHELVES, Filters, Shelf
from monitor.web.queues.suggestions import Choice

PATH = "/desk/inbox"
LARGEST = 2**31 - 1


class Asked(BaseModel):
    """What the address of the desk may say."""

    tab: str = Field(default="triage", max_length=20)
    channel: str = Field(default="", max_length=20)
    section: str = Field(default="", max_length=64)
    urgency: str = Field(default="", max_length=20)
    human: str = Field(default="", max_length=8)
    after: str = Field(default="", max_length=32)
    n: int = Field(default=0, ge=0, le=LARGEST)
    order: str = Field(default="", max_length=32)
    do: str = Field(default="", max_length=20)
    quote: str = Field(default="", max_length=32)
    beside: str = Field(default="", max_length=32)
    set_topic: str = Field(default="", max_length=64)
    set_type: str = Field(default="", max_length=20)
    set_urgency: str = Field(default="", max_length=20)
    set_section: str = Field(default="", max_length=64)
    done: str = Field(default="", max_length=32)
    number: str = Field(default="", max_length=32)

    @property
    def shelf(self) -> Shelf:
        """The tab; an unknown one is the first."""
        return SHELVES.get(self.tab, SHELVES["triage"])

    @property
    def filters(self) -> Filters:
        """The filters, as far as they are known words."""
        return Filters(
            channel=self.channel if self.channel in set(Channel) else "",
            section=self.section,
            urgency=self.urgency if self.urgency in set(Urgency) else "",
            human=self.human in {"1", "yes"},
        )

    @property
    def choice(self) -> Choice:
        """The values that replace suggestions."""
        return Choice(self.set_topic, self.set_type, self.set_urgency, self.set_section)

    def list_address(self, **changes: object) -> str:
        """The address of this list, on the same page of it."""
        given = {
            "tab": self.shelf.code if self.shelf.code != "triage" else "",
            **self.filters.given(),
            "after": self.after,
            "n": self.n or "",
            **changes,
        }
        return link(PATH, **given)

    def panel_address(self, number: str, **changes: str) -> str:
        """The address of an order in the panel; a changed value keeps the others."""
        kept = {
            "set_topic": self.set_topic,
            "set_type": self.set_type,
            "set_urgency": self.set_urgency,
            "set_section": self.set_section,
        }
        new = {f"set_{name}" if f"set_{name}" in kept else name: v for name, v in changes.items()}
        if "set_topic" in new:
            # Another topic leads to another section, unless one is chosen after it.
            kept["set_section"] = ""
        return self.list_address(order=number, **{**kept, **new})
