"""What a reader says about a text: label, confidence, evidence, engine and version."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol


class Evidence(NamedTuple):
    """A word in the text that caused a finding; character positions in the text as given."""

    start: int
    end: int
    text: str


# Evidence as bare tuples: of the many that a batch makes, Python then keeps none in mind.
Spans = tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """Something in a text that must not leave unseen; positions in the text as given."""

    kind: str
    start: int
    end: int
    text: str


class Finding(NamedTuple):
    """One suggestion. `confidence` is None where a rule decided; `rule` then names it.

    `yielded` names a rule that was met and gave way to a model. Of one that is `untold` nobody has
    looked for the words it leans on.
    """

    reader: str
    label: str
    confidence: float | None = None
    spans: Spans = ()
    alternatives: tuple[tuple[str, float], ...] = ()
    rule: str = ""
    engine: str = ""
    version: str = ""
    yielded: str = ""
    untold: bool = False

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The words in the text that caused the finding."""
        return tuple(Evidence(*span) for span in self.spans)

    def as_json(self) -> dict[str, Any]:
        """The finding as plain JSON values."""
        said: dict[str, Any] = {"yielded": self.yielded} if self.yielded else {}
        if self.untold:
            said["untold"] = True
        return {
            "reader": self.reader,
            "label": self.label,
            "confidence": self.confidence,
            "evidence": [
                {"start": start, "end": end, "text": text} for start, end, text in self.spans
            ],
            "alternatives": list(map(list, self.alternatives)),
            "rule": self.rule,
            "engine": self.engine,
            "version": self.version,
            **said,
        }


class Reader(Protocol):
    """One entry of the menu: reads many messages, says one thing about each."""

    code: str
    label: str

    def read_many(self, messages: Sequence[str]) -> list[Finding | None]:
        """One finding a message (title and text joined by a line break), or None."""
        ...
