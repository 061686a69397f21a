"""POST /api/v1/orders with classification, against a bare handler, a full house and a peer.

    python benchmarks/api_speed.py [--orders 100000] [--posts 600] [--skip-peer]

The bare handler runs under the same server settings, validates the same JSON and commits one
row to SQLite (WAL, synchronous=FULL). The peer is the public package `baisitong2` 1.0.2, put
into an environment of its own in the temporary folder. All are asked in turns, in the same run.
"""

import argparse
import os
import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import venv
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from served import Caller, Server, found, free_port, real_texts, serving

PEER = "baisitong2==1.0.2"
WARM_UP = 40
TURN = 20
WANTED_BARE, WANTED_GROWTH, WANTED_PEER = 4.0, 1.3, 4.0

Post = Callable[[int], None]


def bare(home: Path, file: Path, port: int) -> None:
    """Serve the yardstick: our own server settings, our JSON model, one row a request."""
    import uvicorn
    from fastapi import FastAPI

    from monitor.services.desk import Desk
    from monitor.settings import Settings
    from monitor.web import server
    from monitor.web.api import OrderIn

    app, here = FastAPI(), threading.local()

    def line() -> sqlite3.Connection:
        if not hasattr(here, "line"):
            here.line = sqlite3.connect(file, timeout=30)
            here.line.execute("PRAGMA journal_mode=WAL")
            here.line.execute("PRAGMA synchronous=FULL")
        return here.line

    line().execute("CREATE TABLE record (id INTEGER PRIMARY KEY, body TEXT)")

    @app.get("/healthz")
    def healthz() -> str:
        return "ok"

    @app.post("/api/v1/orders", status_code=201)
    def create(given: OrderIn) -> dict[str, int | None]:
        with line() as unit:
            row = unit.execute("INSERT INTO record (body) VALUES (?)", [given.model_dump_json()])
        return {"id": row.lastrowid}

    config = server.config(Desk.open(Settings(home=home), lambda: datetime.now(UTC)))
    config.app, config.port = app, port
    uvicorn.Server(config).run()


def fill(home: Path, texts: list[tuple[str, str]], first: int, last: int) -> None:
    """Put orders into a home by the door of the imports, received over the last month."""
    from monitor.domain.access import Acting
    from monitor.domain.letters import Incoming, Requester
    from monitor.domain.vocabulary import Channel, Via
    from monitor.services.desk import Desk
    from monitor.settings import Settings
    from monitor.tasks import importing

    now = datetime.now(UTC)

    def letters() -> Iterator[Incoming]:
        for n in range(first, last):
            title, text = texts[n % len(texts)]
            yield Incoming(
                channel=Channel.HOTLINE,
                via=Via.SHEET,
                text=text,
                title=title,
                upstream_no=f"B{n:08d}",
                received_at=now - timedelta(minutes=1 + n % 43_200),
                requester=Requester(name="陈某", phone=f"1380000{n % 10_000:04d}"),
            )

    desk = Desk.open(Settings(home=home), lambda: datetime.now(UTC))
    importing.store(desk, Acting("装填"), letters())
    desk.database.dispose()


def poster(port: int, key: str, texts: list[tuple[str, str]], longest: int | None = None) -> Post:
    """Post the n-th real letter, as a machine of the platform would."""
    caller = Caller(port, authorization=f"Bearer {key}")

    def post(n: int) -> None:
        title, text = texts[n % len(texts)]
        body = {"channel": "hotline", "title": title, "text": text[:longest], "name": "陈某"}
        body |= {"phone": f"1380000{n % 10_000:04d}"}
        status, told = caller.post("/api/v1/orders", body, **{"idempotency-key": f"{port}-{n}"})
        if status != 201:
            sys.exit(f"answered {status}: {told}")

    return post


def in_turns(posts: dict[str, Post], first: int, count: int) -> dict[str, list[float]]:
    """The seconds of each post, the servers taken in turns of twenty, in changing order."""
    times: dict[str, list[float]] = {name: [] for name in posts}
    for post in posts.values():
        for n in range(first, first + WARM_UP):
            post(n)
    for start in range(first + WARM_UP, first + WARM_UP + count, TURN):
        for name in random.sample(list(posts), len(posts)):
            for n in range(start, min(start + TURN, first + WARM_UP + count)):
                began = time.perf_counter()
                posts[name](n)
                times[name].append(time.perf_counter() - began)
    return times


def peer(folder: Path, texts: list[tuple[str, str]]) -> tuple[Server, Post] | str:
    """The peer, installed and started; or why it cannot be had here."""
    here = folder / "peer"
    venv.create(here, with_pip=True)
    python = here / "bin" / "python"
    done = subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PEER],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        return f"{PEER} cannot be installed here: {done.stderr.strip().splitlines()[-1:]}"
    port = free_port()
    command = [python, "-m", "baisitong2", "--host", "127.0.0.1", "--port", str(port)]
    server = Server(
        command, port, health="/api/health", env={"DATABASE_URL": f"sqlite:///{here}/peer.db"}
    )
    try:
        server.start()
    except SystemExit as failure:
        return f"{PEER} does not start here: {failure}"
    caller = Caller(port)

    def post(n: int) -> None:
        status, told = caller.post("/api/appeals", {"content": texts[n % len(texts)][1][:1000]})
        if status != 200 or told["code"] != 200:
            sys.exit(f"the peer answered {status}: {told}")

    return server, post


def milliseconds(times: list[float]) -> float:
    return statistics.median(times) * 1000


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--orders", type=int, default=100_000)
    asked.add_argument("--posts", type=int, default=600)
    asked.add_argument("--skip-peer", action="store_true")
    asked.add_argument("--bare", nargs=3, metavar=("HOME", "FILE", "PORT"))
    given = asked.parse_args()
    if given.bare:
        bare(Path(given.bare[0]), Path(given.bare[1]), int(given.bare[2]))
        return
    texts = real_texts()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small, large = folder / "small", folder / "large"
        key = found(small)
        fill(small, texts, 0, 1_000)
        shutil.copytree(small, large)
        began = time.perf_counter()
        fill(large, texts, 1_000, given.orders)
        print(f"{given.orders} orders filled in {time.perf_counter() - began:.0f} s", flush=True)
        port = free_port()
        command = [sys.executable, __file__, "--bare", small, folder / "bare.sqlite", str(port)]
        servers = {
            "bare": Server(command, port, env={"PYTHONPATH": os.pathsep.join(sys.path)}),
            "small": serving(small),
            "large": serving(large),
        }
        try:
            for server in servers.values():
                server.start()
            posts = {n: poster(server.port, key, texts) for n, server in servers.items()}
            tell(in_turns(posts, 0, given.posts), given.orders)
            servers.pop("large").stop()
            servers.pop("bare").stop()
            if not given.skip_peer:
                compare(folder, servers, poster(servers["small"].port, key, texts, 1000), texts)
        finally:
            for server in servers.values():
                server.stop()


def tell(times: dict[str, list[float]], orders: int) -> None:
    yardstick, small, large = (milliseconds(times[n]) for n in ("bare", "small", "large"))
    print(f"bare handler, one row          {yardstick:6.2f} ms a post (median)")
    print(f"POST /api/v1/orders at 1,000   {small:6.2f} ms")
    print(f"POST /api/v1/orders at {orders:,} {large:6.2f} ms")
    print(f"against the bare handler: {small / yardstick:.2f} (wanted ≤ {WANTED_BARE})")
    print(f"{orders:,} against 1,000 orders: {large / small:.2f} (wanted ≤ {WANTED_GROWTH})")


def compare(
    folder: Path, servers: dict[str, Server], ours: Post, texts: list[tuple[str, str]]
) -> None:
    other = peer(folder, texts)
    if isinstance(other, str):
        print(f"peer: skipped, {other}")
        return
    servers["peer"], theirs = other
    # Beyond the numbers that were posted before: a used idempotency key would cost nothing.
    times = in_turns({"ours": ours, "theirs": theirs}, 100_000, 1_000)
    rates = {name: len(taken) / sum(taken) for name, taken in times.items()}
    print(f"1,000 texts of at most 1,000 characters: ours {rates['ours']:.0f} a second")
    print(f"{PEER}: {rates['theirs']:.0f} a second")
    print(f"ours / theirs: {rates['ours'] / rates['theirs']:.1f} (wanted ≥ {WANTED_PEER})")


if __name__ == "__main__":
    main()
