"""A configuration that was looked at and waits for the word to take it in."""

import hashlib
import os
import re
import time
from datetime import datetime, timedelta
from pathlib import Path

from monitor.domain.errors import NotFound
from monitor.settings import Settings

_WAITS = timedelta(hours=12)
_MARK = re.compile(r"[0-9a-f]{64}")
_BEGINS = "configuration-"


def keep(settings: Settings, content: bytes, now: datetime) -> str:
    """Put it aside; the ticket by which it is asked for is the digest of what it holds."""
    ticket = hashlib.sha256(content).hexdigest()
    settings.staging_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    _drop_old(settings, now)
    path = _path(settings, ticket)
    part = path.with_name(f"{path.name}.{time.monotonic_ns()}.part")
    part.write_bytes(content)
    os.utime(part, (now.timestamp(), now.timestamp()))
    part.replace(path)
    return ticket


def content(settings: Settings, ticket: str) -> bytes:
    """What was put aside under a ticket, unchanged; NotFound when it waits no more."""
    try:
        found = _path(settings, ticket).read_bytes() if _MARK.fullmatch(ticket) else b""
    except FileNotFoundError:
        found = b""
    if not found or hashlib.sha256(found).hexdigest() != ticket:
        raise NotFound("这份配置已经导入，或放了太久。", remedy="请重新选择文件。")
    return found


def drop(settings: Settings, ticket: str) -> None:
    """It waits no more."""
    if _MARK.fullmatch(ticket):
        _path(settings, ticket).unlink(missing_ok=True)


def _path(settings: Settings, ticket: str) -> Path:
    return settings.staging_dir / f"{_BEGINS}{ticket}"


def _drop_old(settings: Settings, now: datetime) -> None:
    oldest = (now - _WAITS).timestamp()
    for path in settings.staging_dir.glob(f"{_BEGINS}*"):
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
