"""Three workers at once, and mail that is refused every third time: each card and message once."""

import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta

from sqlmodel import select

from monitor.domain.errors import DeliveryFailed
from monitor.domain.letters import Notifier
from monitor.services.notices import delivering
from monitor.services.supervision import sweeping
from monitor.settings import Settings
from monitor.steps import dispatch
from monitor.storage import people as stored
from monitor.storage.db import Database
from monitor.storage.deadlines import Clock
from monitor.storage.supervision.cards import Card
from monitor.storage.supervision.notices import Delivery
from tests.steps.conftest import MORNING, founded
from tests.steps.letters import letter
from tests.steps.test_clocks import HELP, HOUR, taken

ORDERS, WORKERS, ROUNDS = 6, 3, 12
LATER = MORNING + timedelta(days=10)


class Mail:
    """Counts what it takes; every third message is refused."""

    def __init__(self):
        self.lock, self.tries, self.taken = threading.Lock(), 0, Counter()

    def send(self, message):
        with self.lock:
            self.tries += 1
            if self.tries % 3 == 0:
                raise DeliveryFailed("SMTPDataError", permanent=False)
            self.taken[message.message_id] += 1


def test_workers_that_meet_the_same_pile_give_and_send_each_once(database, tmp_path, monkeypatch):
    monkeypatch.setenv("MONITOR_MAIL_HOST", "127.0.0.1")
    office = founded(Settings(home=tmp_path / "home"), database)

    def addresses(ctx):
        for person in stored.everyone(ctx.session):
            person.settings = {"mail": f"{person.username}@bureau.example"}
            ctx.session.add(person)

    office.at(MORNING, "system", addresses)
    for _ in range(ORDERS):
        number = taken(office, letter(MORNING))
        office.on(number, MORNING + HOUR, "lin", dispatch.send, decision=HELP)
    mail, start, failures = Mail(), threading.Barrier(WORKERS), []
    notifier = Notifier("mail", "邮件", lambda: True, mail.send, to_address=True)

    def work():
        own = Database(database.url, synchronous="OFF")
        try:
            start.wait()
            for turn in range(ROUNDS):
                now = LATER + turn * timedelta(minutes=16)
                desk = replace(office.desk, database=own, clock=lambda now=now: now)
                failures.extend(sweeping.sweep(desk).failed)
                delivering.deliver(desk, (notifier,))
        finally:
            own.dispose()

    workers = [threading.Thread(target=work) for _ in range(WORKERS)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()

    assert failures == []
    with office.desk.reading() as ctx:
        given = Counter(
            ctx.session.exec(
                select(Clock.order_id, Clock.promise, Card.level).join(
                    Clock, Clock.id == Card.clock_id
                )
            )
        )
        sent = ctx.session.exec(select(Delivery)).all()
    assert len(given) >= 3 * ORDERS
    assert set(given.values()) == {1}
    assert {one.state for one in sent} == {"sent"}
    assert mail.taken == Counter(dict.fromkeys({one.message_id for one in sent}, 1))
