"""Kill a bulk sign-for of 500 orders eight times: each order done or not, the rest done after.

    python benchmarks/kill_bulk.py [--orders 500] [--kills 8] [--seed N]

The run is begun as the page begins it; `monitor work` goes on with it and is killed with -9 at a
random moment after it has signed for something. After each kill state, event and report must say
the same of every order, and `monitor audit verify` must hold.
"""

import argparse
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from served import MONITOR, run

from monitor.domain.access import Acting
from monitor.domain.dispatch import Decision
from monitor.domain.letters import Incoming, Requester
from monitor.domain.vocabulary import Channel, Role, Via
from monitor.services import rulebook
from monitor.services.desk import Desk
from monitor.settings import Settings
from monitor.steps import dispatch, intake
from monitor.storage import orders, people, search
from monitor.storage.people import Person
from monitor.tasks import bulk
from monitor.tasks.bulk import Pick

LIN = Acting("林", frozenset({Role.DUTY}), username="lin")
PATIENCE = 120.0
ASKED = """
SELECT o.state, i.outcome,
       (SELECT count(*) FROM event e WHERE e.chain = replace(o.id, '-', '') AND e.what = 'sign')
FROM bulkitem i JOIN "order" o ON o.number = i.number
"""


def begun(home: Path, count: int) -> UUID:
    """An office with that many orders waiting for one section, and the run that signs for them."""
    desk = Desk.open(Settings(home=home), lambda: datetime.now(UTC), synchronous="OFF")
    with desk.writing() as ctx:
        section = next(iter({row.section for row in rulebook.current(ctx).catalogue}))
        ctx.session.add(
            Person(username="zhou", name="周", section=section, roles=[str(Role.SECTION_HEAD)])
        )
    with desk.reading() as ctx:
        person = people.by_username(ctx.session, "zhou")
        if person is None:
            sys.exit("no section head")
        zhou = people.acting(person, people.sections(ctx.session))
    made = []
    for place in range(count):
        with desk.writing(LIN) as ctx:
            letter = Incoming(
                Channel.PHONE, Via.BY_HAND, f"{place}号：补贴公示后没有拨款。",
                ctx.now - timedelta(minutes=5), title=f"补贴第{place}件",
                requester=Requester(name="陈试样", phone="13800000123"),
            )  # fmt: skip
            number = intake.receive_one(ctx, letter).number
            order = orders.get(ctx.session, LIN, number)
            decision = Decision("funds", "help", "normal", section)
            dispatch.send(ctx, order, decision, seen=order.version)
            made.append(number)
    with desk.writing(zhou) as ctx:
        seen = {one.number: one.version for one in search.numbered(ctx.session, zhou, made)}
        run_id = bulk.begin(ctx, "sign", [Pick(number, seen[number]) for number in made], {})
    desk.database.dispose()
    return run_id


def standing(home: Path) -> list[tuple[str, str, int]]:
    """State, outcome in the report, and number of sign-for events of every order."""
    with closing(sqlite3.connect(home / "desk.sqlite", timeout=30)) as database:
        return database.execute(ASKED).fetchall()


def halves(found: list[tuple[str, str, int]]) -> int:
    """Orders of which state, event and report do not say the same."""
    whole = {("awaiting_sign", "", 0), ("in_hand", "done", 1)}
    return sum(one not in whole for one in found)


def done(home: Path) -> int:
    """How many the report says are done."""
    return sum(outcome == "done" for _, outcome, _ in standing(home))


def work(home: Path, until: int, pause: float) -> bool:
    """Let `monitor work` sign for so many, wait, kill it; whether it was in the middle."""
    process = subprocess.Popen(
        [MONITOR, "--home", home, "work"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    end = time.monotonic() + PATIENCE
    while done(home) < until and time.monotonic() < end:
        time.sleep(0.01)
    time.sleep(pause)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return any(outcome == "" for _, outcome, _ in standing(home))


def judged(home: Path, said: str) -> int:
    """Look at what is there; the number of faults."""
    verified = run(home, "audit", "verify", check=False)
    found = standing(home)
    broken = halves(found)
    words = (verified.stdout + verified.stderr).strip()
    print(f"{said}: {done(home)} of {len(found)} done, {broken} half done; {words}", flush=True)
    return broken + verified.returncode


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--orders", type=int, default=500)
    asked.add_argument("--kills", type=int, default=8)
    asked.add_argument("--seed", type=int, default=random.randrange(10**6))
    given = asked.parse_args()
    chance = random.Random(given.seed)
    print(f"{given.orders} orders, {given.kills} kills, seed {given.seed}", flush=True)
    faults = middle = 0
    with tempfile.TemporaryDirectory() as name:
        home = Path(name) / "home"
        run(home, "init")
        begun(home, given.orders)
        for number in range(1, given.kills + 1):
            wanted = done(home) + 1 + chance.randrange(max(1, given.orders // (2 * given.kills)))
            in_middle = work(home, min(wanted, given.orders), chance.uniform(0, 0.1))
            middle += in_middle
            faults += judged(
                home, f"kill {number}, {'in the middle' if in_middle else 'at the end'}"
            )
        work(home, given.orders, 2.0)
        faults += judged(home, "to the end")
        signed = sum(events for *_, events in standing(home))
    print(f"half done {faults} (wanted 0), signed {signed} (wanted {given.orders})")
    print(f"killed in the middle: {middle} of {given.kills}")
    return 0 if not faults and signed == given.orders and middle else 1


if __name__ == "__main__":
    sys.exit(main())
