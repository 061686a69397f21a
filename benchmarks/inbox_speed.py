"""How fast the triage desk opens at 100,000 orders against 1,000, in the same run (<= 2.0).

python benchmarks/inbox_speed.py [ORDERS]     100000 by default; some minutes to build

Both offices get their orders through the one door (intake.receive) from the labelled messages,
repeated: the large one is a flood of equal texts as well. Everything waits in triage, which is the
worst case for a queue. Pages are asked for in turns, so that a busy machine slows both alike.
"""

import csv
import gc
import statistics
import sys
import tempfile
import time
import warnings
from datetime import datetime, timedelta
from pathlib import Path

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from monitor.domain.letters import Incoming, Requester
from monitor.domain.vocabulary import Channel, Role, Via
from monitor.domain.workdays import SHANGHAI
from monitor.services import preparing, rulebook
from monitor.services.desk import Desk
from monitor.services.preparing import Prepared
from monitor.settings import Settings
from monitor.steps import intake
from monitor.storage.people import Person, Section
from monitor.tasks import training
from monitor.web.app import create_app

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

NOW = datetime(2026, 10, 9, 10, 24, tzinfo=SHANGHAI)
# The shipped rules begin with the year.
DAYS = 270
CHUNK = 500
ROUNDS = 25
MOST = 2.0
PASSWORD = "correct-horse-battery"
CHANNELS = (Channel.HOTLINE, Channel.PHONE, Channel.MAILBOX, Channel.WEB)
PAGES = {
    "inbox": "/desk/inbox",
    "inbox, later page": "/desk/inbox?after={number}&n=30",
    "inbox, one order": "/desk/inbox?order={number}",
    "inbox, one section": "/desk/inbox?section=funds",
    "search, two words": "/desk/search?q=补贴 到账",
    "search, one sign": "/desk/search?q=补",
    "search, end of a number": "/desk/search?q=9-0421",
    "search, everything": "/desk/search",
}


def messages(data_dir: Path) -> list[tuple[str, str]]:
    """Titles and texts that we wrote ourselves."""
    with (data_dir / "training" / "messages.csv").open(encoding="utf-8") as file:
        return [(row["title"], row["text"]) for row in csv.DictReader(file)]


class Office:
    """A bureau in a folder of its own, with that many orders in triage."""

    def __init__(self, home: Path, count: int) -> None:
        self.now = NOW
        settings = Settings(home=home)
        self.desk = Desk.open(settings, lambda: self.now, create=True, synchronous="OFF")
        with self.desk.writing() as ctx:
            rulebook.publish(ctx, rulebook.shipped(settings.data_dir))
            codes = {row.section for row in rulebook.current(ctx).catalogue}
            for place, code in enumerate(sorted(codes)):
                ctx.session.add(
                    Section(code=code, label=code, office=code == "office", position=place)
                )
            hashed = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
            ctx.session.add(
                Person(
                    username="lin", name="林", roles=[str(Role.DUTY)],
                    password_hash=hashed.hash(PASSWORD),
                )
            )  # fmt: skip
        training.first_models(settings)
        self._fill(count)
        self.browser = self._signed_in()
        self.number = self._middle()

    def _fill(self, count: int) -> None:
        texts = messages(self.desk.settings.data_dir)
        with self.desk.reading() as ctx:
            words = rulebook.current(ctx).words
        read = preparing.prepare(self.desk.settings, words, texts)
        began = time.perf_counter()
        for base in range(0, count, CHUNK):
            places = range(base, min(count, base + CHUNK))
            self.now = NOW - timedelta(days=DAYS) * (1 - base / count)
            with self.desk.writing() as ctx:
                letters = [self._letter(place, texts) for place in places]
                intake.receive(ctx, letters, prepared=[fresh(read[p % len(read)]) for p in places])
        self.now = NOW
        print(f"{count} orders: built in {time.perf_counter() - began:.0f} s", flush=True)

    def _letter(self, place: int, texts: list[tuple[str, str]]) -> Incoming:
        title, text = texts[place % len(texts)]
        return Incoming(
            CHANNELS[place % len(CHANNELS)], Via.SHEET, text, self.now - timedelta(minutes=5),
            title=title, upstream_no=f"B{place:08d}",
            requester=Requester(name="陈试样", phone=f"1380000{place % 10_000:04d}"),
        )  # fmt: skip

    def _signed_in(self) -> TestClient:
        browser = TestClient(
            create_app(self.desk), base_url="http://localhost:8000", follow_redirects=False,
            headers={"accept": "text/html"},
        )  # fmt: skip
        token = browser.get("/login").text.partition('name="csrf')[2].partition('value="')[2]
        answer = browser.post(
            "/login",
            data={"username": "lin", "password": PASSWORD, "csrf_token": token.partition('"')[0]},
        )
        if answer.status_code != 303:
            sys.exit(f"could not sign in: {answer.status_code}")
        return browser

    def _middle(self) -> str:
        rows = self.browser.get("/desk/inbox").text.split('id="row-')[1:]
        return rows[len(rows) // 2].partition('"')[0]

    def ask(self, address: str) -> float:
        """Milliseconds for one page."""
        began = time.perf_counter()
        answer = self.browser.get(address.format(number=self.number))
        took = (time.perf_counter() - began) * 1000
        if answer.status_code != 200:
            sys.exit(f"{address}: {answer.status_code}")
        return took


def fresh(read: Prepared) -> Prepared:
    """A reading that the next order may keep for itself."""
    return Prepared({code: dict(found) for code, found in read.findings.items()}, read.words)


def main() -> None:
    """Build both, ask in turns, print the medians and their ratio."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        small = Office(Path(folder) / "small", 1_000)
        large = Office(Path(folder) / "large", count)
        gc.collect()
        worst = 0.0
        print(f"{'page':<24}{'1000':>10}{count:>10}   ratio")
        for name, address in PAGES.items():
            took: dict[Office, list[float]] = {small: [], large: []}
            for office in (small, large):
                office.ask(address)
            for _ in range(ROUNDS):
                for office, times in took.items():
                    times.append(office.ask(address))
            few, many = (statistics.median(times) for times in took.values())
            print(f"{name:<24}{few:>7.1f} ms{many:>7.1f} ms   {many / few:.2f}", flush=True)
            if name == "inbox":
                worst = many / few
        for office in (small, large):
            office.desk.database.dispose()
    print(
        f"inbox: {worst:.2f} times, wanted at most {MOST}: {'met' if worst <= MOST else 'MISSED'}"
    )
    sys.exit(worst > MOST)


if __name__ == "__main__":
    main()
