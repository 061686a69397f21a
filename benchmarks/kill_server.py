"""Kill `monitor serve` ten times under eight posting threads: every acknowledged record stays.

    python benchmarks/kill_server.py [--kills 10] [--records 1200] [--threads 8]

Each thread posts records under idempotency keys and tries again, under the same key, until it
has an answer. After each kill the server is started again on the same port: it is ready within
five seconds, and `monitor audit verify` holds.
"""

import argparse
import http.client
import queue
import random
import sqlite3
import sys
import tempfile
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from served import Caller, Server, found, real_texts, run, serving

READY_SECONDS = 5.0


@dataclass
class Posted:
    """What was promised: the answers by idempotency key, and how often a key was sent."""

    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    sent: int = 0
    odd: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, key: str, status: int, answer: dict[str, Any]) -> None:
        """Keep an answer; a second one under the same key must be the same."""
        with self.lock:
            before = self.answers.setdefault(key, answer)
            if status != 201 or before["id"] != answer["id"]:
                self.odd.append(f"{key}: {status}")


def post_until_answered(
    port: int, key: str, work: "queue.SimpleQueue[tuple[int, str, str]]", posted: Posted
) -> None:
    """Take records until there are none; a record is done when it is acknowledged."""
    caller = Caller(port, authorization=f"Bearer {key}")
    while True:
        try:
            number, title, text = work.get_nowait()
        except queue.Empty:
            return
        name = f"record-{number}"
        body = {"channel": "hotline", "upstream_no": f"K{number:06d}", "title": title}
        body |= {"text": text, "name": "陈某", "phone": f"1380000{number % 10_000:04d}"}
        while True:
            try:
                with posted.lock:
                    posted.sent += 1
                status, answer = caller.post("/api/v1/orders", body, **{"idempotency-key": name})
                posted.note(name, status, answer)
                # Now and then a caller asks again what it was told already.
                if random.random() < 0.05:
                    posted.note(
                        name, *caller.post("/api/v1/orders", body, **{"idempotency-key": name})
                    )
                break
            except (OSError, http.client.HTTPException, ValueError):
                caller.line.close()
                time.sleep(0.05)


def kept(home: Path, posted: Posted) -> list[str]:
    """What is not as it was promised."""
    faults = list(posted.odd)
    with closing(sqlite3.connect(home / "desk.sqlite", timeout=30)) as database:
        rows = database.execute(
            'SELECT upstream_no, count(*), min(id), min(number) FROM "order" GROUP BY upstream_no'
        ).fetchall()
        events = dict(
            database.execute("SELECT chain, count(*) FROM event WHERE what='register' GROUP BY 1")
        )
    there = {upstream: (times, id_, number) for upstream, times, id_, number in rows}
    for name, answer in posted.answers.items():
        upstream = f"K{int(name.removeprefix('record-')):06d}"
        id_ = answer["id"].replace("-", "")
        if there.get(upstream) != (1, id_, answer["number"]) or events.get(id_) != 1:
            faults.append(f"{name}: {there.get(upstream)}")
    if len(there) != len(posted.answers):
        faults.append(f"{len(there)} orders for {len(posted.answers)} acknowledged records")
    return faults


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--kills", type=int, default=10)
    asked.add_argument("--records", type=int, default=1_200)
    asked.add_argument("--threads", type=int, default=8)
    given = asked.parse_args()
    texts = real_texts()
    work: queue.SimpleQueue[tuple[int, str, str]] = queue.SimpleQueue()
    for number in range(given.records):
        work.put((number, *texts[number % len(texts)]))
    with tempfile.TemporaryDirectory() as name:
        home = Path(name) / "home"
        key = found(home)
        server = serving(home)
        server.start()
        posted = Posted()
        threads = [
            threading.Thread(target=post_until_answered, args=(server.port, key, work, posted))
            for _ in range(given.threads)
        ]
        for thread in threads:
            thread.start()
        try:
            slowest, broken = kill_again_and_again(server, home, posted, given)
            for thread in threads:
                thread.join(300)
        finally:
            server.stop()
        faults = kept(home, posted)
        broken += verified(home, "at the end")
    print(f"acknowledged {len(posted.answers)} records, sent {posted.sent} times")
    print(f"lost, doubled or changed: {len(faults)} (wanted 0) {faults[:3]}")
    print(f"slowest to be ready again {slowest:.2f} s (wanted ≤ {READY_SECONDS:.0f})")
    return 1 if faults or broken or slowest > READY_SECONDS else 0


def kill_again_and_again(
    server: Server, home: Path, posted: Posted, given: argparse.Namespace
) -> tuple[float, int]:
    """Kill the server at random moments spread over the records; slowest start, broken chains."""
    slowest, broken = 0.0, 0
    for number in range(1, given.kills + 1):
        share = given.records * number // (given.kills + 1)
        while len(posted.answers) < share:
            time.sleep(0.01)
        time.sleep(random.uniform(0, 0.2))
        server.kill()
        broken += verified(home, f"kill {number:2} at {len(posted.answers)} acknowledged")
        ready = server.start()
        slowest = max(slowest, ready)
        print(f"        ready again after {ready:.2f} s", flush=True)
    return slowest, broken


def verified(home: Path, when: str) -> int:
    """Walk the chains; 1 when they do not hold."""
    done = run(home, "audit", "verify", check=False)
    print(f"{when}: {(done.stdout + done.stderr).strip()}")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
