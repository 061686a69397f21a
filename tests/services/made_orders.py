"""Random orders with random clocks, each with a whole life: made, ended, cancelled."""

import random
from datetime import datetime, timedelta

from sqlalchemy import insert

from monitor.domain import numbers
from monitor.domain.figures import PROMISES
from monitor.domain.vocabulary import Channel, Promise, State
from monitor.domain.workdays import SHANGHAI, local
from monitor.storage.deadlines import Clock
from monitor.storage.orders import Order

NOW = datetime(2026, 10, 9, 10, 24, tzinfo=SHANGHAI)
SECTIONS = (None, "funds", "factor", "policy")
TOPICS = (None, "funds", "funds.late", "policy", "policy.scope")


class Made:
    """Random orders and clocks with a whole life each: made, ended, cancelled."""

    def __init__(self, seed, count=150):
        self.any = random.Random(seed)
        self.orders, self.clocks = [], []
        for place in range(count):
            self._order(place)

    def _moment(self, first, last):
        return first + (last - first) * self.any.random()

    def _order(self, place):
        received = self._moment(datetime(2026, 8, 10, tzinfo=SHANGHAI), NOW)
        historical = self.any.random() < 0.1
        section = self.any.choice(SECTIONS)
        order = {
            "id": numbers.new_id(received),
            "number": f"HY20260101-{place:03d}",
            "channel": str(self.any.choice(list(Channel)[:4])),
            "via": "sheet",
            "state": str(self.any.choice(list(State))),
            "title": "某事",
            "text": "某事",
            "received_at": received,
            "received_on": local(received).date(),
            "registered_at": received,
            "historical": historical,
            "topic": self.any.choice(TOPICS),
            "section": section,
            "co_sections": ["funds"] if self.any.random() < 0.1 else [],
        }
        self.orders.append(order)
        for promise in (*PROMISES, Promise.CALLBACK):
            if self.any.random() < 0.8:
                self._clocks(order, promise, received)

    def _clocks(self, order, promise, made):
        for last in (False, True) if self.any.random() < 0.3 else (True,):
            # One running clock of a promise at most at any time, as the table of moves has it.
            self._clock(order, promise, made, runs=last and self.any.random() < 0.3)
            made = self.clocks[-1]["ended_at"] or self.clocks[-1]["cancelled_at"]

    def _clock(self, order, promise, made, *, runs):
        due = made + timedelta(hours=self.any.choice([2, 24, 72, 240, 480]))
        if self.any.random() < 0.7:
            due = local(due).replace(hour=23, minute=59, second=59, microsecond=0)
        end = None if runs else self._moment(made, NOW)
        cancelled = end is not None and self.any.random() < 0.15
        self.clocks.append(
            {
                "id": numbers.new_id(made),
                "order_id": order["id"],
                "promise": str(promise),
                "round": 1,
                "rule": "IN.sign",
                "rule_version": 1,
                "started_at": order["received_at"],
                "date_only": False,
                "due_at": due,
                "due_on": local(due).date(),
                "provisional": False,
                "calendar_version": "",
                "pauses": [],
                "extension": 0,
                "given_due": False,
                "ended_at": None if cancelled else end,
                "cancelled_at": end if cancelled else None,
                "late": None if cancelled or end is None else end > due,
                "wall_seconds": None
                if cancelled or end is None
                else int((end - order["received_at"]).total_seconds()),
                "work_seconds": None if cancelled or end is None else self.any.randrange(90_000),
                "channel": order["channel"],
                "section": order["section"] if runs else self.any.choice(SECTIONS),
                "historical": order["historical"],
            }
        )

    def store(self, session, *, until=NOW):
        """Write what was known at a moment."""
        known = [order for order in self.orders if order["registered_at"] <= until]
        ids = {order["id"] for order in known}
        clocks = []
        for clock in self.clocks:
            made = datetime.fromtimestamp((clock["id"].int >> 80) / 1000, SHANGHAI)
            if clock["order_id"] not in ids or made > until:
                continue
            clock = dict(clock)
            if clock["cancelled_at"] and clock["cancelled_at"] > until:
                clock["cancelled_at"] = None
            if clock["ended_at"] and clock["ended_at"] > until:
                clock |= dict.fromkeys(("ended_at", "late", "wall_seconds", "work_seconds"))
            clocks.append(clock)
        defaults = {
            "upstream_no": None, "version": 1, "round": 1, "original_version": 1, "place": "",
            "consent": None, "date_only": False, "registered_by": "", "stated_type": None,
            "stated_urgency": None, "suggested_topic": None, "suggested_type": None,
            "suggested_urgency": None, "suggested_section": None, "confidence": None,
            "request_type": None, "urgency": None, "catalogue_row": "", "decided_at": None,
            "decided_by": "", "handler_id": None, "master_id": None, "returns": 0, "forced": False,
            "legal_asked": False, "upstream": {}, "upstream_due": None, "lookup_mac": None,
            "event_count": 0, "event_head": "", "event_mac": "",
        }  # fmt: skip
        session.execute(insert(Order.__table__), [{**defaults, **order} for order in known])
        session.execute(insert(Clock.__table__), [{"urgency": None, **clock} for clock in clocks])
