"""The demonstration's matters: which text comes in when, by which way, and how far it gets."""

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum, auto
from hashlib import sha256
from pathlib import Path

from monitor.domain.dispatch import route
from monitor.domain.vocabulary import Channel, Urgency, Via
from monitor.services.rulebook import Rules


class Fate(Enum):
    """How far a matter has come at the moment that is shown."""

    LATE = auto()
    SOON = auto()
    TRIAGE = auto()
    DIRECT = auto()
    DECLINE_ASKED = auto()
    RETURN_ASKED = auto()
    DISPATCHED = auto()
    IN_HAND = auto()
    OVERDUE = auto()
    DUE_IN_AN_HOUR = auto()
    HANDED_BACK = auto()
    TWICE_RETURNED = auto()
    REWORKED = auto()
    DEFERRED = auto()
    MERGED = auto()
    IN_REVIEW = auto()
    TO_RELEASE = auto()
    DECLINED = auto()
    ANSWERED = auto()
    TO_ARCHIVE = auto()
    ARCHIVED = auto()

    @property
    def closed(self) -> bool:
        """Whether the answer was given."""
        return self in {Fate.ANSWERED, Fate.TO_ARCHIVE, Fate.ARCHIVED}


# Stories that are not closed; every other one was answered and ends by its age.
_CAST: Mapping[Fate, tuple[str, ...]] = {
    Fate.LATE: ("b-005", "a-070"),
    Fate.SOON: ("a-036", "a-080", "b-034"),
    Fate.TRIAGE: (
        *("a-001", "a-015", "a-028", "a-074", "a-075", "a-076", "a-077", "b-022", "b-084"),
        *("b-044", "b-075", "b-078", "b-090"),
    ),
    Fate.DIRECT: ("a-007", "a-062", "b-056", "a-084", "a-066"),
    Fate.DECLINE_ASKED: ("b-074", "a-040"),
    Fate.RETURN_ASKED: ("a-030", "b-045", "b-072"),
    Fate.DISPATCHED: ("a-037", "a-067", "b-091"),
    Fate.IN_HAND: ("b-011", "b-040", "b-053", "a-048"),
    Fate.OVERDUE: ("a-085", "a-023", "a-063"),
    Fate.DUE_IN_AN_HOUR: ("a-009", "b-020"),
    Fate.HANDED_BACK: ("a-047",),
    Fate.TWICE_RETURNED: ("b-007",),
    Fate.REWORKED: ("a-069",),
    Fate.DEFERRED: ("a-026", "a-039", "a-051", "a-059"),
    Fate.MERGED: ("b-012", "b-047", "b-059", "a-058"),
    Fate.IN_REVIEW: (
        "a-008",
        "b-002",
        "a-021",
        "a-081",
        "a-060",
        "a-072",
        "a-055",
        "b-008",
        "b-089",
    ),
    Fate.TO_RELEASE: ("a-035", "a-011", "b-006", "b-017"),
    Fate.DECLINED: ("b-076", "b-083"),
}
_SURNAMES = "丁卜于万方文毛石田龙白包叶司边成曲朱伍任刘关江池汤安祁毕"
_SOME_DAY = datetime(2000, 1, 1, tzinfo=UTC)
_SAME_NAMES = (
    *("key", "topic", "request_type", "title", "text", "phone", "consent", "section", "answer"),
    *("note", "contact_note", "return_ground", "followup", "place"),
)
_MAY_BE_ASKED = frozenset({"policy", "funds", "project", "factor", "foreign", "exhibition"})
_CONSENTS = 46
# Fewer than there are invented telephone numbers.
_EXTRAS = 500


@dataclass(frozen=True)
class Case:
    """One matter: its text, what our people made of it, its fate, and when it came."""

    key: str
    channel: Channel
    topic: str
    request_type: str
    urgency: Urgency
    title: str
    text: str
    name: str
    phone: str
    consent: bool
    section: str
    co_sections: tuple[str, ...]
    catalogue_row: str
    answer: str
    note: str
    contact_note: str
    return_ground: str
    followup: str
    place: str
    fate: Fate
    received: datetime = _SOME_DAY
    registered: datetime = _SOME_DAY
    via: Via = Via.SHEET
    stated: Urgency | None = None
    upstream_due: datetime | None = None
    answered: int = 0

    @property
    def hot(self) -> bool:
        """Urgent or critical: everything within hours."""
        return self.urgency is not Urgency.NORMAL

    def share(self, what: str) -> float:
        """A number from 0 to 1 that is always the same for this matter and purpose."""
        return int.from_bytes(sha256(f"{self.key}/{what}".encode()).digest()[:4]) / 2**32


def stories(data_dir: Path, rules: Rules) -> list[Case]:
    """The written stories with their fates; closed ones are sorted into ages later."""
    fates = {key: fate for fate, keys in _CAST.items() for key in keys}
    found = []
    for name in ("stories_a.toml", "stories_b.toml"):
        for body in tomllib.loads((data_dir / "demo" / name).read_text("utf-8"))["story"]:
            hit = route(rules.catalogue, body["topic"], f"{body['title']}\n{body['text']}")
            follows = hit is not None and hit.row.section == body["section"]
            found.append(
                Case(
                    **{name: body[name] for name in _SAME_NAMES},
                    channel=Channel(body["channel"]),
                    urgency=Urgency(body["urgency"]),
                    name=body["requester_name"],
                    co_sections=tuple(body["co_sections"]),
                    catalogue_row=hit.row.number if hit and follows else "",
                    fate=fates.get(body["key"], Fate.ARCHIVED),
                )
            )
    return _asked_for_consent(found)


def extras(data_dir: Path, rules: Rules) -> list[Case]:
    """Short hotline and telephone records out of the labelled messages, to choose from."""
    with (data_dir / "training" / "messages.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            row
            for row in csv.DictReader(file)
            if 24 <= len(row["text"]) <= 160
            and row["urgency"] == Urgency.NORMAL
            and row["request_type"] != "praise"
        ]
    found = []
    step = max(1, len(rows) // _EXTRAS)
    for place, row in enumerate(rows[3::step][:_EXTRAS]):
        hit = route(rules.catalogue, row["topic"], f"{row['title']}\n{row['text']}")
        if hit is None:
            continue
        found.append(
            Case(
                key=f"m-{place:03d}",
                channel=Channel.PHONE if place % 3 == 0 else Channel.HOTLINE,
                topic=row["topic"],
                request_type=row["request_type"],
                urgency=Urgency.NORMAL,
                title=row["title"],
                text=row["text"],
                name=_SURNAMES[place % len(_SURNAMES)] + ("先生", "女士")[place % 2],
                phone=f"13800000{500 + place:03d}",
                consent=False,
                section=hit.row.section,
                co_sections=hit.row.co_sections[:1] if place % 4 == 0 else (),
                catalogue_row=hit.row.number,
                answer="",
                note="",
                contact_note="",
                return_ground="",
                followup="",
                place="",
                fate=Fate.IN_HAND,
            )
        )
    return sorted(found, key=lambda case: case.share("turn"))


def _asked_for_consent(found: list[Case]) -> list[Case]:
    """So many of the answered ones agree to publication that a public list comes about."""
    agreed = sum(case.consent for case in found if case.fate.closed)
    willing = [
        case
        for case in sorted(found, key=lambda case: case.share("consent"))
        if case.fate.closed and not case.consent and not case.hot
        and case.topic in _MAY_BE_ASKED and case.request_type in {"consult", "help"}
    ]  # fmt: skip
    asked = {case.key for case in willing[: max(0, _CONSENTS - agreed)]}
    return [replace(case, consent=True) if case.key in asked else case for case in found]
