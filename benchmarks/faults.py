"""Kill workers, refuse mail, move the clock: each card once, each message once, nothing missing.

    python benchmarks/faults.py [sqlite|postgresql] [--orders 700] [--kills 20] [--seed N]

Four `monitor work` meet a Monday morning's pile: every order has four cards due. A random one of
them is killed with -9 again and again and started anew, while the mail server refuses every third
message and now and then cuts the line instead of answering. Then all of them are off for a day;
then the clock is put forward and back by an hour and by a day. What ought to be there is reckoned
by one undisturbed round over the same letters in another office.
"""

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from bases import bases
from hurried import PACE, OfficeClock
from served import run
from sqlalchemy import func
from sqlmodel import col, select
from workers import watching

from monitor.domain.access import Acting
from monitor.domain.dispatch import Decision
from monitor.domain.letters import Incoming, Requester
from monitor.domain.vocabulary import Channel, Role, Via
from monitor.domain.workdays import SHANGHAI
from monitor.services import rulebook
from monitor.services.desk import Desk
from monitor.services.rulebook import Entry
from monitor.services.supervision import sweeping
from monitor.settings import Settings
from monitor.steps import dispatch, intake
from monitor.storage import history, orders
from monitor.storage.deadlines import Clock
from monitor.storage.orders import Order
from monitor.storage.people import Person, Section
from monitor.storage.supervision.cards import BY_HAND, Card
from monitor.storage.supervision.notices import SENT, WAITING, Delivery, Notice

LIN = Acting("林", frozenset({Role.DUTY}), username="lin")
RECEIVED = datetime(2026, 10, 9, 9, 0, tzinfo=SHANGHAI)
PILE = datetime(2026, 10, 15, 11, 0, tzinfo=SHANGHAI)
# The day before the first red cards.
BEFORE_RED = datetime(2026, 10, 20, 11, 0, tzinfo=SHANGHAI)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WORKERS, SECTIONS, PATIENCE = 4, 100, 400.0


def built(desk: Desk, count: int) -> None:
    """So many letters, dispatched to a hundred sections whose heads read mail one by one."""
    with desk.writing() as ctx:
        body = dict(rulebook.current(ctx).bodies["notice"][0]) | {"digest_over": 10**6}
        body["version"] = 2
        first_day = RECEIVED.date().replace(day=1)
        rulebook.publish(ctx, [Entry("notice", "notices", 2, first_day, 0, body)], by="局")
        for place in range(SECTIONS):
            code = f"s{place:02d}"
            ctx.session.add(Section(code=code, label=f"第{place}科"))
            ctx.session.flush()
            head = Person(username=code, name=f"科长{place:02d}", section=code,
                          roles=[str(Role.SECTION_HEAD)])  # fmt: skip
            head.settings = {"mail": f"{code}@bureau.example"}
            ctx.session.add(head)
    letters = [
        Incoming(
            Channel.HOTLINE, Via.API, f"{place}号：补贴公示后没有拨款。", RECEIVED,
            title=f"补贴第{place}件", requester=Requester(name="陈试样", phone="13800000123"),
        )
        for place in range(count)
    ]  # fmt: skip
    with desk.writing(LIN) as ctx:
        made = intake.receive(ctx, letters)
        for place, one in enumerate(made):
            order = orders.get(ctx.session, LIN, one.number)
            decision = Decision("funds", "help", "normal", f"s{place % SECTIONS:02d}")
            dispatch.send(ctx, order, decision, seen=order.version)


def founded(home: Path, url: str, count: int) -> Desk:
    """An office with its pile, on a database."""
    os.environ["MONITOR_DATABASE_URL"] = url
    run(home, "init")
    moment = RECEIVED + timedelta(minutes=5)
    desk = Desk.open(Settings(home=home), lambda: moment, synchronous="OFF")
    built(desk, count)
    return desk


def cards(desk: Desk) -> Counter[tuple[str, str, str]]:
    """Cards by rule, by order, promise and level."""
    query = (
        select(Order.number, Clock.promise, Card.level)
        .join(Order, col(Order.id) == col(Card.order_id))
        .join(Clock, col(Clock.id) == col(Card.clock_id))
        .where(col(Card.serial) < BY_HAND)
    )
    with desk.reading() as ctx:
        return Counter(
            (number, promise, level) for number, promise, level in ctx.session.exec(query)
        )


def left(desk: Desk) -> tuple[int, int]:
    """Clocks that wait to be looked at, and messages that wait to go."""
    with desk.reading() as ctx:
        due = select(func.count()).select_from(Clock).where(col(Clock.watch_at) <= ctx.now)
        waits = select(func.count()).select_from(Delivery).where(Delivery.state == WAITING)
        return ctx.session.exec(due).one(), ctx.session.exec(waits).one()


def quiet(desk: Desk, rounds: int = 2) -> bool:
    """Wait until nothing is due and nothing waits, and so many more rounds have begun after."""
    end, seen, last = time.monotonic() + PATIENCE, 0, None
    while time.monotonic() < end:
        time.sleep(0.3)
        if left(desk) != (0, 0):
            seen = 0
            continue
        with desk.reading() as ctx:
            runs = history.job_runs(ctx.session)
        begun = tuple(runs[name].started_at for name in ("watch", "deliver") if name in runs)
        seen, last = seen + (begun != last), begun
        if seen > 2 * rounds:
            return True
    return False


def mail_faults(desk: Desk, log: Path) -> tuple[int, dict[str, int]]:
    """What the server counted against what the office wrote; doubles by why they may be."""
    took, cut, order = Counter[str](), Counter[str](), {}
    refused = 0
    for line in log.read_text(encoding="utf-8").splitlines():
        how, name, to = line.split(" ")
        refused += how == "refused"
        took[name] += how != "refused"
        cut[name] += how == "unanswered"
        if how != "refused":
            order.setdefault(name, (len(order), to))
    with desk.reading() as ctx:
        query = select(Delivery, Notice).join(Notice, col(Notice.id) == col(Delivery.notice_id))
        rows = list(ctx.session.exec(query.order_by(col(Delivery.notice_id))))
        told = sum(len(names) for names in ctx.session.exec(select(Card.told)))
        written = [one for one in ctx.session.exec(select(Notice.key)) if one.startswith("card:")]
    names = [delivery.message_id for delivery, _ in rows]
    lanes: dict[tuple[Any, bool], list[int]] = {}
    for delivery, _ in rows:
        lane = lanes.setdefault((delivery.person_id, delivery.urgent), [])
        lane.append(order.get(delivery.message_id, (-1, ""))[0])
    bad = {
        "notices that are not those of the cards": abs(told - len(written)),
        "messages not marked as sent": sum(delivery.state != SENT for delivery, _ in rows),
        "messages that never arrived": sum(took[name] == 0 for name in names),
        "messages nobody wrote": len(set(took) - set(names)),
        "Message-IDs of two messages": len(names) - len(set(names)),
        "messages out of order": sum(a > b for lane in lanes.values()
                                     for a, b in pairwise(lane)),
    }  # fmt: skip
    extra = {name: count - 1 - cut[name] for name, count in took.items() if count > 1 + cut[name]}
    facts = {
        "messages": len(rows), "refused": refused, "answers cut off": sum(cut.values()),
        "doubled by a kill": sum(extra.values()),
    }  # fmt: skip
    for what, count in bad.items():
        if count:
            print(f"  FAULT: {count} {what}")
    return sum(bad.values()), facts


def judged(desk: Desk, sample: Desk, log: Path, said: str, kills: int) -> int:
    """Compare with the undisturbed office at the same moment; the number of faults."""
    sweeping.sweep(replace(sample, clock=desk.clock))
    wanted, got = cards(sample), cards(desk)
    lost, doubled = wanted - got, got - wanted
    faults, facts = mail_faults(desk, log)
    verified = run(desk.settings.home, "audit", "verify", check=False)
    told = ", ".join(f"{name} {count}" for name, count in facts.items())
    print(
        f"{said}: {sum(got.values())} cards, lost {sum(lost.values())}, "
        f"doubled {sum(doubled.values())} (wanted 0, 0); {told} (at most {kills}); "
        f"{(verified.stdout + verified.stderr).strip()}",
        flush=True,
    )
    # A worker holds one message at a time: each kill can cost one acknowledgement, never more.
    return (
        faults + sum(lost.values()) + sum(doubled.values()) + verified.returncode
        + max(0, facts["doubled by a kill"] - kills)
    )  # fmt: skip


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("base", nargs="?", default="sqlite", choices=("sqlite", "postgresql"))
    asked.add_argument("--orders", type=int, default=700)
    asked.add_argument("--kills", type=int, default=20)
    asked.add_argument("--seed", type=int, default=random.randrange(10**6))
    given = asked.parse_args()
    dice, faults = random.Random(given.seed), 0
    # Ended from outside, it takes its workers with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    print(f"{given.base}, {given.orders} orders, {given.kills} kills, seed {given.seed}")
    with tempfile.TemporaryDirectory() as name, bases(given.base) as base:
        place = Path(name)
        sample = founded(place / "sample", "", given.orders)
        desk = founded(place / "home", base("faults"), given.orders)
        clock, log = OfficeClock(place / "clock"), place / "mail"
        clock.set(PILE)
        desk = replace(desk, clock=clock)
        with watching(place / "home", clock, log) as watch:
            for _ in range(WORKERS):
                watch.start()
            for turn in range(given.kills):
                time.sleep(dice.uniform(1.5, 7.0))
                watch.kill(dice)
                due, waits = left(desk)
                print(f"  kill {turn + 1}: {due} clocks due, {waits} messages wait", flush=True)
            faults += not quiet(desk)
            faults += judged(desk, sample, log, "killed and refused", given.kills)
            watch.end()
            clock.set(PILE + DAY)
            for _ in range(WORKERS):
                watch.start()
            faults += not quiet(desk)
            faults += judged(desk, sample, log, "a day off", given.kills)
            clock.set(BEFORE_RED)
            faults += not quiet(desk)
            for jump in (HOUR, -HOUR, -HOUR, HOUR, DAY, -DAY, -DAY, DAY, DAY):
                clock.set(clock() + jump)
                print(f"  {clock():%d %H:%M}: {len(cards(desk))} cards", flush=True)
                time.sleep(dice.uniform(3, 9))
            faults += not quiet(desk)
            faults += judged(desk, sample, log, "the clock put forward and back", given.kills)
            watch.end()
        print((place / "said").read_text()[-2000:] if faults else "", end="")
    print(f"faults {faults} (wanted 0); a minute of the office took {60 / PACE:.0f} s")
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main())
