"""What an ordered rule takes in: channel, type, urgency, and what else holds of an order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from monitor.domain.vocabulary import Word


@dataclass(frozen=True, slots=True)
class Facts:
    """What of an order decides which rule takes it in."""

    number: str = ""
    channel: str = ""
    request_type: str = ""
    urgency: str = "normal"
    holds: frozenset[Word] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Selector:
    """A rule's name, and what it asks of an order; `when` None and an empty selector take all."""

    code: str
    name: str
    when: Word | None = None
    channels: frozenset[str] = field(default_factory=frozenset)
    request_types: frozenset[str] = field(default_factory=frozenset)
    urgencies: frozenset[str] = field(default_factory=frozenset)

    def fits(self, facts: Facts) -> bool:
        """Whether the rule takes the order in."""
        return (
            (self.when is None or self.when in facts.holds)
            and (not self.channels or facts.channel in self.channels)
            and (not self.request_types or facts.request_type in self.request_types)
            and (not self.urgencies or facts.urgency in self.urgencies)
        )


def selected(body: Mapping[str, Any], whens: type[Word]) -> dict[str, Any]:
    """Name and selector of a stored rule; KeyError without a name, ValueError for odd `when`."""
    when = body.get("when", "any")
    return {
        "code": body["code"],
        "name": body["name"],
        "when": None if when == "any" else whens(when),
        "channels": frozenset(body.get("channels", ())),
        "request_types": frozenset(body.get("request_types", ())),
        "urgencies": frozenset(body.get("urgencies", ())),
    }
