"""Incoming: the one shape in which every record reaches intake, whatever the way in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from monitor.domain.vocabulary import Channel, RequestType, Urgency, Via

# What is said to have come before this year was mistyped.
EARLIEST_YEAR = 2000


def tidy(text: str) -> str:
    """A text as it is stored: line breaks as one sign, no blanks around."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


@dataclass(frozen=True, slots=True)
class Requester:
    """Personal details as given; stored only in encrypted columns."""

    name: str = ""
    phone: str = ""
    id_number: str = ""
    address: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One record at the door, cleaned but not judged.

    `received_at` carries an offset; `date_only` says that the source gave a day without a time.
    `upstream` holds every other mapped field of the city's platform under its canonical name.
    `source` holds all cells of the row as read, by header, mapped or not; it is stored encrypted.
    """

    channel: Channel
    via: Via
    text: str
    received_at: datetime
    title: str = ""
    date_only: bool = False
    upstream_no: str | None = None
    place: str = ""
    requester: Requester = field(default_factory=Requester)
    consent: bool | None = None
    request_type: RequestType | None = None
    urgency: Urgency | None = None
    upstream: Mapping[str, str] = field(default_factory=dict)
    upstream_due: datetime | None = None
    answer: str | None = None
    answered_at: datetime | None = None
    source: Mapping[str, str] = field(default_factory=dict)
    row: int | None = None


@dataclass(frozen=True, slots=True)
class RowError:
    """Why one row of a sheet was not taken; never echoes the text of a cell."""

    row: int
    column: str
    message: str
    remedy: str = ""
