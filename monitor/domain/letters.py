"""Incoming and Outgoing: how every record comes in, how every message goes out."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from monitor.domain.vocabulary import Arrival, Channel, RequestType, Urgency, Via

# What is said to have come before this year was mistyped.
EARLIEST_YEAR = 2000


def tidy(text: str) -> str:
    """A text as it is stored: line breaks as one sign, no blanks around."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


# Telephones, identity cards, bank cards, in the writings that people use; no dates and sums.
_FIGURE = "[\\d\u3007零一二三四五六七八九幺]"
_LONG_NUMBER = re.compile(rf"(?:{_FIGURE}[ -]?){{10,}}{_FIGURE}[xX]?|\d{{8,}}")


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
    arrival: Arrival | None = None
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


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to one person: what happened and where to look, never a text or a detail.

    Sent again after an acknowledgement was lost, it carries the same `message_id`.
    """

    message_id: str
    to: str
    subject: str
    lines: tuple[str, ...]
    items: tuple[Mapping[str, str], ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Notifier:
    """One way out; `to_address` ones reach only people who gave an address."""

    code: str
    label: str
    ready: Callable[[], bool]
    send: Callable[[Outgoing], None]
    to_address: bool = False


def headline(text: str) -> str:
    """What stands for the title of a letter that came without one; numbers of people left out.

    A title stands in lists, in the browser's history and on lists that are printed.
    """
    line = _LONG_NUMBER.sub("***", " ".join(text.split()))
    return line if len(line) <= 30 else line[:29] + "…"
