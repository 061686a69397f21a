"""A real office in a temporary folder and its `monitor serve`: found, start, ask, kill."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
MONITOR = Path(sys.executable).with_name("monitor")
DATA = ROOT.parent / "shared" / "data"
# The answer of a server that is starting may take a while on a busy machine.
PATIENCE = 60.0


def real_texts(data: Path = DATA) -> list[tuple[str, str]]:
    """Titles and texts of the real letters; ends the benchmark where they are absent."""
    from import_speed import texts_of

    if not data.is_dir():
        sys.exit("skipped: the real letters are not here (../shared/data)")
    return [(title.strip()[:200], text.strip()) for title, text in texts_of(data) if text.strip()]


def run(home: Path, *words: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    """One `monitor` command on a home, to its end."""
    return subprocess.run(
        [MONITOR, "--home", home, *words], capture_output=True, text=True, check=check
    )


def told(home: Path, *words: str | Path) -> Any:
    """What a command says with --json."""
    return json.loads(run(home, *words, "--json").stdout)


def found(home: Path) -> str:
    """An empty office and a key to its API."""
    run(home, "init")
    return str(told(home, "key", "add", "benchmark")["key"])


def free_port() -> int:
    """A port of the loopback that nobody listens on now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Server:
    """A process that serves on a port of the loopback."""

    def __init__(
        self,
        command: Sequence[str | Path],
        port: int,
        *,
        health: str = "/healthz",
        env: dict[str, str] | None = None,
        out: Any = subprocess.DEVNULL,
    ) -> None:
        self.command, self.port, self.health, self.out = command, port, health, out
        self.env = {**os.environ, **(env or {})}
        # An installation keeps its compiled modules; a start that compiles them is not measured.
        self.env.pop("PYTHONDONTWRITEBYTECODE", None)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Start it; the seconds until it answers."""
        began = time.perf_counter()
        self.process = subprocess.Popen(
            self.command, stdout=self.out, stderr=self.out, env=self.env
        )
        while time.perf_counter() - began < PATIENCE:
            if self.process.poll() is not None:
                break
            try:
                if ask(self.port, "GET", self.health)[0] == 200:
                    return time.perf_counter() - began
            except OSError:
                time.sleep(0.01)
        self.kill()
        sys.exit(f"a server did not start: {self.command}")

    def kill(self) -> None:
        """End it as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self) -> None:
        """End it as Ctrl-C would, and at the latest after twenty seconds."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()


def serving(home: Path, **options: Any) -> Server:
    """The `monitor serve` of a home, not yet started."""
    port = free_port()
    return Server([MONITOR, "--home", home, "serve", "--port", str(port)], port, **options)


class Caller:
    """One kept connection to a server, asked one question after the other."""

    def __init__(self, port: int, **headers: str) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self.headers = {"content-type": "application/json", **headers}

    def post(self, path: str, body: object, **headers: str) -> tuple[int, Any]:
        """Status and answer of one POST of JSON."""
        sent = json.dumps(body, ensure_ascii=False).encode()
        self.line.request("POST", path, sent, {**self.headers, **headers})
        answer = self.line.getresponse()
        return answer.status, json.loads(answer.read())


def ask(port: int, method: str, path: str) -> tuple[int, bytes]:
    """One question on a connection of its own."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        line.request(method, path)
        answer = line.getresponse()
        return answer.status, answer.read()
    finally:
        line.close()
