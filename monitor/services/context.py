"""Context: who acts, when, in which transaction; every deed is recorded through it."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from monitor.domain.access import Acting
from monitor.domain.numbers import registration_day
from monitor.settings import Settings
from monitor.storage import history
from monitor.storage.crypto import Keyring
from monitor.storage.orders import Order


@dataclass(frozen=True)
class Context:
    """Time, person, session, keys: made at the door, handed down, never global.

    `form` marks what a page sent, so that the same form sent again is known; no word of it.
    """

    session: Session
    now: datetime
    person: Acting
    keys: Keyring
    settings: Settings
    form: str = ""

    def hold(self, order: Order) -> None:
        """Lock the order's row until the transaction ends and read it afresh."""
        if self.session.get_bind().dialect.name == "postgresql":
            # A refresh throws away what was set on the order and not yet written.
            self.session.flush()
            self.session.refresh(order, with_for_update=True)

    def record(self, what: str, order: Order, **details: object) -> None:
        """Write it into the order's history, in the same transaction as the deed."""
        self.hold(order)
        if self.form:
            details["form"] = self.form
        row = history.link(
            order.id.hex,
            order.event_count + 1,
            what,
            self.person.label,
            self.now,
            history.canonical(details),
            order.event_head,
        )
        history.append(self.session, [row])
        order.event_count, order.event_head = row["sequence"], row["hash"]
        order.event_mac = seal_head(self.keys, row["chain"], row["sequence"], row["hash"])
        self.session.add(order)

    def first_events(
        self, what: str, rows: Sequence[dict[str, Any]], details: Sequence[Mapping[str, object]]
    ) -> list[dict[str, Any]]:
        """The first event of each new order row, and its head set on the row."""
        events = []
        for row, given in zip(rows, details, strict=True):
            chain = row["id"].hex
            event = history.link(
                chain, 1, what, self.person.label, self.now, history.canonical(given), ""
            )
            row["event_count"], row["event_head"] = 1, event["hash"]
            row["event_mac"] = seal_head(self.keys, chain, 1, event["hash"])
            events.append(event)
        return events

    def record_system(self, what: str, **details: object) -> None:
        """Write what belongs to no order into the system chain of the day."""
        chain = f"sys:{registration_day(self.now):%Y-%m-%d}"
        head = history.system_head(self.session, chain)
        row = history.link(
            chain,
            head.count + 1,
            what,
            self.person.label,
            self.now,
            history.canonical(details),
            head.head,
        )
        history.append(self.session, [row])
        head.count, head.head = row["sequence"], row["hash"]
        head.mac = seal_head(self.keys, chain, row["sequence"], row["hash"])
        self.session.add(head)
        self.session.flush()


def seal_head(keys: Keyring, chain: str, count: int, head: str) -> str:
    """The HMAC that proves a chain's length and last link."""
    return hmac.digest(
        keys.purpose("event-head"), f"{chain}:{count}:{head}".encode(), "sha256"
    ).hex()


def actor_id(ctx: Context) -> UUID | None:
    """The acting person's id; None for the system, a key or an import."""
    return ctx.person.id
