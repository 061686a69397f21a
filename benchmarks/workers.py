"""Several `monitor work` of one home, a mail server beside them, and the clock they go by."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hurried import OfficeClock
from served import free_port


class Watch:
    """Four workers of one home, a mail server, and the clock that they all go by."""

    def __init__(self, home: Path, clock: OfficeClock, log: Path) -> None:
        self.home, self.clock, self.log, port = home, clock, log, free_port()
        self.env = {
            **os.environ, "MONITOR_MAIL_HOST": "127.0.0.1", "MONITOR_MAIL_PORT": str(port),
            "MONITOR_MAIL_SENDER": "desk@bureau.example",
        }  # fmt: skip
        self.said = (home.parent / "said").open("ab")
        self.workers: list[subprocess.Popen[bytes]] = []
        script = Path(__file__).with_name("mail_counter.py")
        self.mail = subprocess.Popen([sys.executable, script, str(port), log])

    def start(self) -> subprocess.Popen[bytes]:
        """One `monitor work`."""
        script = Path(__file__).with_name("hurried.py")
        process = subprocess.Popen(
            [sys.executable, script, self.home, self.clock.path], env=self.env,
            stdout=self.said, stderr=self.said, start_new_session=True,
        )  # fmt: skip
        self.workers.append(process)
        return process

    def kill(self, dice: random.Random) -> None:
        """A random one dies as in a power cut; another takes its place."""
        victim = self.workers.pop(dice.randrange(len(self.workers)))
        os.killpg(victim.pid, signal.SIGKILL)
        victim.wait()
        self.start()

    def end(self) -> None:
        """All of them go home."""
        for one in self.workers:
            one.send_signal(signal.SIGINT)
        for one in self.workers:
            one.wait(60)
        self.workers.clear()

    def close(self) -> None:
        """Nothing of it runs on."""
        for one in self.workers:
            os.killpg(one.pid, signal.SIGKILL)
        self.mail.terminate()
        self.mail.wait()


@contextmanager
def watching(home: Path, clock: OfficeClock, log: Path) -> Iterator[Watch]:
    """The watch while the block runs."""
    found = Watch(home, clock, log)
    try:
        yield found
    finally:
        found.close()
