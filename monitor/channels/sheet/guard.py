"""Keep the child that reads a sheet: more rows give it more time, its refusals are sentences."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from monitor.channels.sheet.refusals import SENTENCES, SheetRefused
from monitor.confined.keeper import Keeper, launching

SECONDS_PER_ROWS = 60.0
ROWS_PER_ALLOWANCE = 10_000
LAUNCH = launching("monitor.channels.sheet.child")


class Guard(Keeper):
    """One child and the frames it sends; time counts only while we wait for it."""

    def __init__(self, fd: int, seconds: float = SECONDS_PER_ROWS) -> None:
        self._rows = 0
        super().__init__(fd, LAUNCH, seconds, _refusal)

    def note(self, message: Mapping[str, Any]) -> None:
        """Count the rows that came."""
        self._rows += len(message.get("rows", ()))

    def allowance(self) -> float:
        """So many seconds for every so many rows."""
        return self._seconds * (1 + self._rows // ROWS_PER_ALLOWANCE)


def _refusal(code: str, details: Mapping[str, object]) -> SheetRefused:
    return SheetRefused(code, details) if code in SENTENCES else SheetRefused("died")


@contextmanager
def open_sheet(fd: int, seconds: float = SECONDS_PER_ROWS) -> Iterator[Guard]:
    """A guarded child over an open file; it is gone when the block is left."""
    guard = Guard(fd, seconds)
    try:
        yield guard
    finally:
        guard.close()


class Launched(NamedTuple):
    """An open file, and the child that looks into it already."""

    fd: int
    guard: Guard


@contextmanager
def launch(path: Path) -> Iterator[Launched]:
    """Let a child look into a file while we still get ready; file and child end with the block."""
    fd = os.open(path, os.O_RDONLY)
    try:
        with open_sheet(fd) as guard:
            yield Launched(fd, guard)
    finally:
        os.close(fd)
