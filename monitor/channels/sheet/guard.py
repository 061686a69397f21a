"""Keep the child: start it, wait no longer than allowed, turn its death into a sentence."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

import monitor
from monitor.channels.sheet.refusals import SENTENCES, SheetRefused

SECONDS_PER_ROWS = 60.0
ROWS_PER_ALLOWANCE = 10_000
LARGEST_FRAME = 32 << 20
PIECE = 1 << 18
OUT_OF_MEMORY = 9
ROOT = str(Path(monitor.__file__).resolve().parent.parent)
LAUNCH = (
    "import sys; sys.path.append(sys.argv[1]); "
    "from monitor.channels.sheet.child import main; sys.exit(main(int(sys.argv[2])))"
)
KEPT_ENVIRONMENT = ("LD_LIBRARY_PATH", "SYSTEMROOT")


class Guard:
    """One child and the frames it sends; time counts only while we wait for it."""

    def __init__(self, fd: int, seconds: float = SECONDS_PER_ROWS) -> None:
        self._seconds = seconds
        self._waited = 0.0
        self._rows = 0
        self._buffer = bytearray()
        environment = {k: os.environ[k] for k in KEPT_ENVIRONMENT if k in os.environ}
        # No path, no inherited variable, no inherited descriptor but the file's.
        self._process = subprocess.Popen(  # noqa: S603 - our own module, no outside word in it
            [sys.executable, "-I", "-c", LAUNCH, ROOT, str(fd)],
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
        """Reply to the sheet just shown."""
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
                raise SheetRefused("died")
            message = self._parse(self._take(length))
            if message.get("end"):
                return
            if "refused" in message:
                raise self._refused(message)
            self._rows += len(message.get("rows", ()))
            yield message

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

    @staticmethod
    def _parse(data: bytes) -> dict[str, Any]:
        try:
            message = orjson.loads(data)
        except orjson.JSONDecodeError:
            raise SheetRefused("died") from None
        if not isinstance(message, dict):
            raise SheetRefused("died")
        return message

    @staticmethod
    def _refused(message: dict[str, Any]) -> SheetRefused:
        code, details = message["refused"], message.get("details")
        known = code in SENTENCES and isinstance(details, dict)
        return SheetRefused(code, details) if known else SheetRefused("died")

    def _take(self, size: int) -> bytes:
        while len(self._buffer) < size:
            self._fill()
        data = bytes(self._buffer[:size])
        del self._buffer[:size]
        return data

    def _fill(self) -> None:
        assert self._process.stdout is not None
        pipe = self._process.stdout.fileno()
        left = self._allowance() - self._waited
        started = time.monotonic()
        ready, _, _ = select.select([pipe], [], [], max(0.0, left))
        piece = os.read(pipe, PIECE) if ready else b""
        self._waited += time.monotonic() - started
        if not ready:
            raise SheetRefused("time")
        if not piece:
            raise self._died()
        self._buffer += piece

    def _allowance(self) -> float:
        return self._seconds * (1 + self._rows // ROWS_PER_ALLOWANCE)

    def _died(self) -> SheetRefused:
        """The child went without a word: what its end says about the cause."""
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return SheetRefused("died")
        if code == OUT_OF_MEMORY:
            return SheetRefused("memory")
        if code in (-signal.SIGXCPU, -signal.SIGKILL):
            return SheetRefused("time")
        return SheetRefused("died")


@contextmanager
def open_sheet(fd: int, seconds: float = SECONDS_PER_ROWS) -> Iterator[Guard]:
    """A guarded child over an open file; it is gone when the block is left."""
    guard = Guard(fd, seconds)
    try:
        yield guard
    finally:
        guard.close()
