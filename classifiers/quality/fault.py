"""What the checks find in an answer: a fault with its place, and the score with its parts."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ANSWER, LETTER = "answer", "letter"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to look at; `where` names the text that start and end point into.

    Start and end are equal where something is missing that has no place yet.
    """

    kind: str
    where: str
    start: int
    end: int
    text: str = ""
    other: str = ""

    @property
    def key(self) -> str:
        """What it is known by while the text around it is being mended."""
        return f"{self.kind}-{hashlib.sha256(self.text.encode()).hexdigest()[:10]}"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fault as the office sets it."""

    code: str
    label: str
    level: str
    weight: int
    most: int
    says: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What one kind of fault takes from the score."""

    kind: str
    label: str
    count: int
    lost: int


@dataclass(frozen=True, slots=True)
class Quality:
    """All that was found in one answer, and what it has right."""

    faults: tuple[Fault, ...]
    fine: Mapping[str, tuple[str, ...]]
    points: tuple[tuple[int, int], ...]
    score: int
    parts: tuple[Part, ...]
    version: str

    def as_json(self) -> dict[str, Any]:
        """Places and kinds as plain values; the words stay in the texts that they point into."""
        return {
            "version": self.version,
            "score": self.score,
            "points": len(self.points),
            "faults": [
                {
                    "kind": fault.kind,
                    "where": fault.where,
                    "start": fault.start,
                    "end": fault.end,
                    "key": fault.key,
                }
                for fault in self.faults
            ],
            "parts": [
                {"kind": part.kind, "label": part.label, "count": part.count, "lost": part.lost}
                for part in self.parts
            ],
        }


def scored(faults: tuple[Fault, ...], kinds: Mapping[str, Kind]) -> tuple[int, tuple[Part, ...]]:
    """From 100 downwards: what each kind takes, never more than its most, never below 0."""
    parts = []
    for kind in kinds.values():
        count = sum(fault.kind == kind.code for fault in faults)
        if count:
            lost = min(kind.most, kind.weight * count)
            parts.append(Part(kind.code, kind.label, count, lost))
    return max(0, 100 - sum(part.lost for part in parts)), tuple(parts)
