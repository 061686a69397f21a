"""Child side: the limits that it sets itself before the first byte, and its frames."""

import json
import resource
import sys
from collections.abc import Callable

MB = 1 << 20
ADDRESS_SPACE = 1_200 * MB
OUT_OF_MEMORY = 9


def limit(cpu_seconds: int) -> None:
    """From here on: so much memory and time, no file written, no core left behind."""
    for what, most in (
        (resource.RLIMIT_AS, ADDRESS_SPACE),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        _, hard = resource.getrlimit(what)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))


def encode(message: object, default: Callable[[object], object] | None = None) -> bytes:
    """A message as JSON; ValueError for numbers that JSON has not."""
    text = json.dumps(
        message, ensure_ascii=False, separators=(",", ":"), default=default, allow_nan=False
    )
    return text.encode("utf-8", "replace")


def write(frame: bytes) -> None:
    """Send one frame: four bytes of length, then the message."""
    sys.stdout.buffer.write(len(frame).to_bytes(4, "big") + frame)
    sys.stdout.buffer.flush()
