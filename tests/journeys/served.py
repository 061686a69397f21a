"""A bureau with its people, served for real: from a thread with a clock, or as a process."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

import uvicorn
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from monitor.cli import founding
from monitor.domain.vocabulary import Role
from monitor.services import people, rulebook
from monitor.services.desk import Desk
from monitor.settings import Settings
from monitor.storage.crypto import open_keys
from monitor.storage.db import Database
from monitor.web import server
from tests.founding import once

PASSWORD = "correct-horse-battery"
_CHEAP = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
_FIRST_DAY = date(2026, 6, 1)
_PATIENCE = 180


@dataclass
class RunningClock:
    """The real clock, set to Friday 2026-10-09 10:24 in Shanghai when the test began."""

    ahead: timedelta = field(
        default_factory=lambda: datetime(2026, 10, 9, 2, 24, tzinfo=UTC) - datetime.now(UTC)
    )

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def wait(self, **span: float) -> None:
        self.ahead += timedelta(**span)


@dataclass
class Office:
    """A served bureau: its desk for looking behind the pages, and the address of its pages."""

    desk: Desk
    clock: RunningClock
    address: str


def found(home: Path, url: str, learnt: Path, clock: RunningClock) -> Desk:
    """A new bureau with the shipped rules and the sections and people of the demonstration."""
    shutil.copytree(learnt, home, dirs_exist_ok=True)
    settings = Settings(home=home, database_url=url)
    keys = open_keys(settings.key_path)
    desk = Desk(settings, Database(settings.url, synchronous="OFF"), keys, clock, candid=True)
    once("a served bureau", settings, desk.database, lambda: _establish(desk))
    return desk


def _establish(desk: Desk) -> None:
    settings = desk.settings
    bureau = tomllib.loads((settings.data_dir / "demo" / "bureau.toml").read_text("utf-8"))
    password = _CHEAP.hash(PASSWORD)
    with desk.writing() as ctx:
        entries = rulebook.shipped(settings.data_dir)
        rulebook.publish(
            ctx, [replace(one, valid_from=min(one.valid_from, _FIRST_DAY)) for one in entries]
        )
        about = bureau["bureau"]
        founding.publish_office(ctx, about["name"], _FIRST_DAY, about["public_contact"])
        ctx.session.add_all([founding.section_row(body) for body in bureau["section"]])
        ctx.session.flush()
        for body in bureau["person"]:
            person = people.create(
                ctx, body["username"], body["name"], [Role(role) for role in body["roles"]],
                section=body["section"], title=body["title"],
            )  # fmt: skip
            person.password_hash = password
            ctx.session.add(person)


@contextlib.contextmanager
def in_thread(desk: Desk, clock: RunningClock) -> Iterator[Office]:
    """The pages of a desk over HTTP, from a thread of this process."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        running = uvicorn.Server(server.config(desk))
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        _await(address, thread.is_alive)
        yield Office(desk, clock, address)
        running.should_exit = True
        thread.join(_PATIENCE)
        assert not thread.is_alive(), "the server did not end"


@dataclass
class Served:
    """`monitor serve` as a process of its own, which can be killed and started again."""

    desk: Desk
    port: int = 0
    verb: str = "serve"
    running: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> float:
        """Start on the same port as before; the seconds until it answered."""
        self.port = self.port or _free_port()
        settings = self.desk.settings
        log = self._log.open("ab")
        with log:
            began = time.monotonic()
            command = [sys.executable, "-c", "from monitor.cli import main; main()"]
            self.running = subprocess.Popen(
                [*command, "--home", str(settings.home), self.verb, "--port", str(self.port)],
                env={**os.environ, "MONITOR_DATABASE_URL": settings.database_url},
                stdout=log,
                stderr=log,
            )
        _await(self.address, lambda: self.running.poll() is None)
        return time.monotonic() - began

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it as its keeper would."""
        if self.running is not None:
            self._end(signal.SIGTERM)

    def said(self) -> str:
        """All it has written so far."""
        return self._log.read_text("utf-8")

    @property
    def _log(self) -> Path:
        # Beside the home, which a demonstration may throw away.
        home = self.desk.settings.home
        return home.with_name(f"{home.name}.log")

    def _end(self, how: signal.Signals) -> None:
        self.running.send_signal(how)
        self.running.wait(_PATIENCE)
        self.running = None


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


def _await(address: str, alive) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        assert alive(), "the server ended before it answered"
        with contextlib.suppress(OSError), urlopen(f"{address}/healthz", timeout=2) as answer:
            assert answer.status == 200
            return
        time.sleep(0.05)
    message = f"nobody answered at {address}"
    raise TimeoutError(message)
