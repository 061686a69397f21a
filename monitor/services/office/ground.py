"""The training ground: which home may be thrown away, and asking for it to begin anew.

A home may be only where two marks agree: the file that `monitor demo` leaves in a home before it
builds there, and the row that it writes into the database it built. What was asked for stands in a
third file, so that it survives a crash; `monitor.tasks.ground` does it.
"""

import os
from pathlib import Path

from monitor.domain.errors import Incomplete, NotAllowed, Refused
from monitor.domain.vocabulary import Role
from monitor.services.context import Context
from monitor.settings import Settings
from monitor.storage.people import Demonstration

MARK = "demo.bureau"
REQUEST = "demo.reset"
ASKED = "asked"
WORD = "重置"
# What a build took on a small machine, for homes that were built before it was measured.
_SOME_SECONDS = 30


def mark(ctx: Context, took: int = _SOME_SECONDS) -> None:
    """Mark the database of a marked home as a demonstration; one that is marked stays as it is."""
    if ctx.session.get(Demonstration, 1) is None:
        ctx.session.add(Demonstration(founded_at=ctx.now, took_seconds=took))


def took(ctx: Context) -> int:
    """The seconds that the bureau took to be built."""
    row = ctx.session.get(Demonstration, 1)
    return row.took_seconds if row is not None else _SOME_SECONDS


def obstacle(ctx: Context) -> str:
    """Why nothing may be thrown away here; empty where it may."""
    settings = ctx.settings
    if settings.database_url or not marked(settings) or ctx.session.get(Demonstration, 1) is None:
        return "这里不是演示局，没有可以重置的演示数据。"
    if not settings.demo:
        return "这个演示局现在不是由 monitor demo 提供服务的，不能在页面上重置。"
    return ""


def marked(settings: Settings) -> bool:
    """Whether `monitor demo` made this home."""
    return (settings.home / MARK).is_file()


def ask_reset(ctx: Context, typed: str) -> None:
    """Let the demonstration begin anew; who serves it notices within a second."""
    if not ctx.person.has(Role.SYSTEM_ADMIN):
        raise NotAllowed("只有系统管理员可以重置演示数据。")
    if fault := obstacle(ctx):
        raise Refused(fault, remedy="办公用的数据不能这样清空。")
    if typed.strip() != WORD:
        fault = f"请在框里输入“{WORD}”两个字"
        raise Incomplete(f"没有重置：{fault}。", fields={"typed": fault})
    ctx.record_system("demo_reset_asked")
    note(ctx.settings, ASKED)


def asked(settings: Settings) -> str:
    """How far a reset has come: empty when none was asked for."""
    try:
        return (settings.home / REQUEST).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""


def note(settings: Settings, phase: str) -> None:
    """Keep how far a reset has come, so that even a power cut leaves one phase or the next."""
    path = settings.home / REQUEST
    draft = path.with_suffix(".new")
    with draft.open("w", encoding="utf-8") as file:
        file.write(phase)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    settle(settings.home)


def settle(folder: Path) -> None:
    """Let the names in a folder reach the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
