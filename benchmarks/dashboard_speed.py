"""How fast the board of time limits opens over a year of orders, and what its queries read.

python benchmarks/dashboard_speed.py [ORDERS]     100000 by default; about a minute to build
"""

import random
import statistics
import sys
import tempfile
import time
import tomllib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import event, insert

from monitor.domain import numbers
from monitor.domain.vocabulary import Channel, Role
from monitor.domain.workdays import SHANGHAI, Calendar, local, midnight
from monitor.services import rulebook
from monitor.services.desk import Desk
from monitor.settings import Settings
from monitor.storage.deadlines import Clock
from monitor.storage.orders import Order
from monitor.storage.people import Person, Section
from monitor.web.app import create_app

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

NOW = datetime(2026, 10, 9, 10, 24, tzinfo=SHANGHAI)
LIMIT_MS = 300
CHUNK = 5_000
PASSWORD = "correct-horse-battery"
CHANNELS = [Channel.HOTLINE] * 5 + [Channel.PHONE, Channel.MAILBOX, Channel.WEB, Channel.WECHAT]
ORDER = {
    "via": "sheet", "upstream_no": None, "version": 5, "round": 1, "title": "设备补贴何时拨付",
    "text": "本企业去年申报的设备补贴已经公示，至今没有拨付，请问何时到账。" * 6,
    "original_version": 1, "place": "", "consent": True, "date_only": False,
    "registered_by": "导入", "historical": False, "stated_type": None, "stated_urgency": None,
    "suggested_topic": "funds", "suggested_type": "consult", "suggested_urgency": "normal",
    "suggested_section": None, "confidence": 0.9, "topic": "funds", "request_type": "consult",
    "urgency": "normal", "co_sections": [], "catalogue_row": "", "decided_by": "", "returns": 0,
    "handler_id": None, "master_id": None, "forced": False, "legal_asked": False, "upstream": {},
    "upstream_due": None, "lookup_mac": None, "event_count": 1, "event_head": "0" * 64,
    "event_mac": "0" * 64,
}  # fmt: skip
CLOCK = {
    "rule_version": 1, "rule": "LX-1.answer", "urgency": "normal", "date_only": False,
    "provisional": False, "calendar_version": "", "pauses": [], "extension": 0,
    "given_due": False, "cancelled_at": None, "historical": False,
}  # fmt: skip


class Year:
    """Orders spread over twelve months, nearly all answered, each with its clocks."""

    def __init__(self, sections: list[str], calendar: Calendar, count: int) -> None:
        self.any = random.Random(20261009)
        self.sections, self.calendar = sections, calendar
        seconds = int(timedelta(days=365).total_seconds())
        self.received = sorted(
            NOW - timedelta(seconds=self.any.randrange(seconds)) for _ in range(count)
        )

    def chunks(self) -> Iterator[tuple[list[dict[str, Any]], list[dict[str, Any]]]]:
        """Rows of orders and of their clocks, a transaction's worth at a time."""
        for base in range(0, len(self.received), CHUNK):
            made = [
                self._one(base + place, at)
                for place, at in enumerate(self.received[base : base + CHUNK])
            ]
            yield [order for order, _ in made], [clock for _, own in made for clock in own]

    def _after(self, moment: datetime, most_hours: float) -> datetime:
        return moment + timedelta(hours=self.any.random() * most_hours)

    def _one(self, place: int, received: datetime) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        section = self.any.choice(self.sections)
        order = {
            **ORDER,
            "id": numbers.new_id(received),
            "number": f"HY20251009-{place:06d}",
            "channel": str(self.any.choice(CHANNELS)),
            "received_at": received,
            "received_on": local(received).date(),
            "registered_at": received,
            "section": section,
            "decided_at": received,
        }
        triaged = self._after(received, 8)
        signed = self._after(triaged, 24)
        told = self._after(signed, 12)
        handed = self._after(told, 110)
        answered = self._after(handed, 30)
        if self.any.random() < 0.003:
            # Left lying: what makes the overdue.
            handed = answered = NOW + timedelta(days=1)
        called = self._after(answered, 90)
        due = self._last_moment(received, 5)
        clocks = [
            self._clock(order, "triage", received, self._last_moment(received, 0), triaged),
            self._clock(order, "answer", received, due, answered),
        ]
        if triaged < NOW:
            hand_in = self.calendar.closing(self.calendar.previous_workday(local(due).date()))
            clocks += [
                self._clock(order, "sign", triaged, self._last_moment(triaged, 1), signed),
                self._clock(order, "contact", received, received + timedelta(hours=24), told),
                self._clock(order, "submit", triaged, hand_in, handed),
            ]
        if answered < NOW:
            clocks.append(
                self._clock(order, "callback", answered, self._last_moment(answered, 3), called)
            )
            if self.any.random() < 0.4:
                shown = self._after(answered, 200)
                last = self._last_moment(answered, 5)
                clocks.append(self._clock(order, "publish", answered, last, shown))
        order |= {"state": _stage(triaged, signed, handed, answered, called)}
        if triaged >= NOW:
            order |= {"section": None}
        return order, clocks

    def _last_moment(self, start: datetime, workdays: int) -> datetime:
        day = self.calendar.add_workdays(local(start).date(), workdays)
        return midnight(day).replace(hour=23, minute=59, second=59)

    def _clock(
        self, order: dict[str, Any], promise: str, start: datetime, due: datetime, end: datetime
    ) -> dict[str, Any]:
        over = end < NOW
        return {
            **CLOCK,
            "id": numbers.new_id(start),
            "order_id": order["id"],
            "promise": promise,
            "round": 1,
            "started_at": start,
            "due_at": due,
            "due_on": local(due).date(),
            "ended_at": end if over else None,
            "late": end > due if over else None,
            "wall_seconds": int((end - start).total_seconds()) if over else None,
            "work_seconds": self.calendar.working_seconds(start, end) if over else None,
            "channel": order["channel"],
            "section": order["section"],
        }


def _stage(*moments: datetime) -> str:
    stages = ("triage", "awaiting_sign", "in_hand", "in_review", "answered", "archived")
    return stages[sum(moment < NOW for moment in moments)]


def build(desk: Desk, count: int) -> None:
    data = desk.settings.data_dir
    bureau = tomllib.loads((data / "demo" / "bureau.toml").read_text(encoding="utf-8"))
    sections = [section["code"] for section in bureau["section"]]
    cheap = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    with desk.writing() as ctx:
        rulebook.publish(ctx, rulebook.shipped(data))
        calendar = rulebook.current(ctx).calendar
        ctx.session.add_all(
            Section(code=one["code"], label=one["label"], position=place)
            for place, one in enumerate(bureau["section"])
        )
        ctx.session.flush()
        for username, role, section in (
            ("sun", Role.LEADER, None),
            ("zhou", Role.SECTION_HEAD, "funds"),
        ):
            person = Person(username=username, name=username, roles=[str(role)], section=section)
            person.password_hash = cheap.hash(PASSWORD)
            ctx.session.add(person)
    for orders, clocks in Year(sections, calendar, count).chunks():
        with desk.writing() as ctx:
            ctx.session.execute(insert(Order.__table__), orders)  # type: ignore[attr-defined]
            ctx.session.execute(insert(Clock.__table__), clocks)  # type: ignore[attr-defined]


@contextmanager
def listening(desk: Desk) -> Iterator[list[tuple[str, Any]]]:
    """The statements of a block with what they were given."""
    seen: list[tuple[str, Any]] = []

    def note(_c: object, _u: object, statement: str, given: Any, *_rest: object) -> None:
        seen.append((statement, given))

    event.listen(desk.database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(desk.database.engine, "before_cursor_execute", note)


def plans(desk: Desk, statements: list[tuple[str, Any]]) -> list[tuple[str, list[str]]]:
    """How SQLite reads orders and clocks for each statement."""
    found = []
    with desk.database.engine.connect() as connection:
        for statement, given in statements:
            if not statement.startswith("SELECT"):
                continue
            lines = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
            reads = [line[3] for line in lines if line[3].startswith(("SCAN", "SEARCH"))]
            found.append((" ".join(statement.split()), reads))
    return found


def browser(desk: Desk, username: str) -> TestClient:
    client = TestClient(create_app(desk), base_url="http://localhost:8000")
    page = client.get("/login").text
    name = "csrf_token" if "csrf_token" in page else "csrf"
    token = page.split(f'name="{name}" value="')[1].split('"')[0]
    form = {"username": username, "password": PASSWORD, name: token}
    # Where the work of this person begins is none of this script's business.
    client.post("/login", data=form, follow_redirects=False)
    return client


def timed(client: TestClient, address: str, times: int = 11) -> tuple[float, float]:
    """Median milliseconds by the wall clock and of the processor, after two warm calls."""
    wall, busy = [], []
    for turn in range(times + 2):
        start, spent = time.perf_counter(), time.process_time()
        client.get(address).raise_for_status()
        if turn > 1:
            wall.append((time.perf_counter() - start) * 1000)
            busy.append((time.process_time() - spent) * 1000)
    return statistics.median(wall), statistics.median(busy)


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        settings = Settings(home=home, database_url=f"sqlite:///{home / 'desk.sqlite'}")
        desk = Desk.open(settings, lambda: NOW.astimezone(UTC), create=True, synchronous="OFF")
        start = time.perf_counter()
        build(desk, count)
        print(f"{count} orders built in {time.perf_counter() - start:.0f} s")
        month = f"/desk/dashboard?from={date(2026, 10, 1)}&to={date(2026, 10, 9)}"
        views = {
            "leader, last 30 days": ("sun", "/desk/dashboard"),
            "leader, current month": ("sun", month),
            "leader, by month": ("sun", "/desk/dashboard?by=month"),
            "leader, looking back": ("sun", "/desk/dashboard?as_of=2026-09-20"),
            "section head, last 30 days": ("zhou", "/desk/dashboard"),
        }
        slow = False
        for words, (username, address) in views.items():
            client = browser(desk, username)
            client.get(address)
            with listening(desk) as statements:
                client.get(address)
            back = "back" in words
            wall, busy = timed(client, address, 3 if back else 11)
            slow |= wall > LIMIT_MS and not back
            print(
                f"{words}: median {wall:.0f} ms ({busy:.0f} ms of the processor), "
                f"{len(statements)} statements"
            )
        scans = 0
        client = browser(desk, "sun")
        with listening(desk) as statements:
            client.get("/desk/dashboard")
        for statement, reads in plans(desk, statements):
            wide = [
                line for line in reads if line.split()[:2] in (["SCAN", "order"], ["SCAN", "clock"])
            ]
            scans += len(wide)
            if any(word in statement for word in ('FROM "order"', "FROM clock", "JOIN clock")):
                print(f"- {statement[:96]}…")
                print(*(f"    {line}" for line in dict.fromkeys(reads)), sep="\n")
        print(f"statements that read every order or every clock: {scans}")
        desk.database.dispose()
    return 1 if slow or scans else 0


if __name__ == "__main__":
    sys.exit(main())
