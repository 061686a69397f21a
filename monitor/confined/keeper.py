"""Keep a child: start it, wait no longer than allowed, turn its death into a refusal."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

import monitor
from monitor.confined.limits import OUT_OF_MEMORY

LARGEST_FRAME = 32 << 20
PIECE = 1 << 18
ROOT = str(Path(monitor.__file__).resolve().parent.parent)
KEPT_ENVIRONMENT = ("LD_LIBRARY_PATH", "SYSTEMROOT")

# A code ("died", "time", "memory", or what the child itself says) and details, as an error.
Refuse = Callable[[str, Mapping[str, object]], Exception]


def launching(module: str) -> str:
    """The few words by which a child begins: our root, then `main` of this module.

    Our root stands before what is installed, so that the child is of the same copy as its keeper,
    and behind what belongs to Python.
    """
    return (
        "import sys; sys.path.insert(next((n for n, p in enumerate(sys.path) "
        "if p.endswith('-packages')), len(sys.path)), sys.argv[1]); "
        f"from {module} import main; sys.exit(main(int(sys.argv[2])))"
    )


class Keeper:
    """One child over one open file, and the frames it sends; time counts only while we wait."""

    def __init__(self, fd: int, launch: str, seconds: float, refuse: Refuse) -> None:
        self._seconds = seconds
        self._refuse = refuse
        self._waited = 0.0
        self._buffer = bytearray()
        environment = {k: os.environ[k] for k in KEPT_ENVIRONMENT if k in os.environ}
        # No path, no inherited variable, no inherited descriptor but the file's.
        self._process = subprocess.Popen(  # noqa: S603 - our own module, no outside word in it
            [sys.executable, "-I", "-c", launch, ROOT, str(fd)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=(fd,),
            env=environment | {"MALLOC_ARENA_MAX": "1", "LC_ALL": "C.UTF-8"},
            cwd="/",
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._process.pid

    def answer(self, word: str) -> None:
        """Say one line to the child."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(word.encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise self._died() from None

    def frames(self) -> Iterator[dict[str, Any]]:
        """Messages of the child until its end; a refusal is raised."""
        while True:
            length = int.from_bytes(self._take(4), "big")
            if length > LARGEST_FRAME:
                raise self._refuse("died", {})
            message = self._parse(self._take(length))
            if message.get("end"):
                return
            if "refused" in message:
                raise self._refused(message)
            self.note(message)
            yield message

    def note(self, message: Mapping[str, Any]) -> None:
        """A frame came; who gives more time for more work counts here."""

    def allowance(self) -> float:
        """How many seconds we wait in all."""
        return self._seconds

    def close(self) -> None:
        """End the child, whatever it is doing."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue

    def _parse(self, data: bytes) -> dict[str, Any]:
        try:
            message = orjson.loads(data)
        except orjson.JSONDecodeError:
            raise self._refuse("died", {}) from None
        if not isinstance(message, dict):
            raise self._refuse("died", {})
        return message

    def _refused(self, message: dict[str, Any]) -> Exception:
        code, details = message["refused"], message.get("details")
        if isinstance(code, str) and isinstance(details, dict):
            return self._refuse(code, details)
        return self._refuse("died", {})

    def _take(self, size: int) -> bytes:
        while len(self._buffer) < size:
            self._fill()
        data = bytes(self._buffer[:size])
        del self._buffer[:size]
        return data

    def _fill(self) -> None:
        assert self._process.stdout is not None
        pipe = self._process.stdout.fileno()
        left = self.allowance() - self._waited
        started = time.monotonic()
        ready, _, _ = select.select([pipe], [], [], max(0.0, left))
        piece = os.read(pipe, PIECE) if ready else b""
        self._waited += time.monotonic() - started
        if not ready:
            raise self._refuse("time", {})
        if not piece:
            raise self._died()
        self._buffer += piece

    def _died(self) -> Exception:
        """The child went without a word: what its end says about the cause."""
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return self._refuse("died", {})
        if code == OUT_OF_MEMORY:
            return self._refuse("memory", {})
        if code in (-signal.SIGXCPU, -signal.SIGKILL):
            return self._refuse("time", {})
        return self._refuse("died", {})
