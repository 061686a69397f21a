"""An office with an upload on its way in: small chunks, so that a few rows are many steps."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from monitor.domain.access import Acting
from monitor.domain.vocabulary import Channel, Role
from monitor.services.desk import Desk
from monitor.settings import Settings
from monitor.storage.db import Database
from monitor.storage.imports import ImportRun
from monitor.tasks import importing, staging
from tests.founding import ruled

NOW = datetime(2026, 10, 9, 2, 24, tzinfo=UTC)
LIN = Acting("林", frozenset({Role.DUTY}), username="lin")
HEADER = "工单编号,受理时间,标题,主要内容,来电人,联系电话"
TEXT = "技改补贴公示后一直没有拨款"
NAME = "陈试样"


def row(number: int, text: str = TEXT, day: str = "2026-10-08") -> str:
    return f"T{number:03d},{day},补贴第{number}件,{text}{number}。,{NAME},13800000{number:03d}"


def made(database: Database, settings: Settings) -> Desk:
    """An office on this database."""
    return ruled(settings, database, lambda: NOW)


class Upload:
    """A sheet on its way in: checked, then stored."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.desk, self.folder = desk, folder

    def check(self, *rows: str, name: str = "转办.csv", header: str = HEADER) -> UUID:
        """Upload and rehearse these rows."""
        path = self.folder / "upload.csv"
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        with self.desk.writing(LIN) as ctx:
            run = staging.open_run(ctx, Channel.HOTLINE, name)
        descriptor = os.open(path, os.O_RDONLY)
        try:
            staging.check(self.desk, LIN, run, descriptor, name)
        finally:
            os.close(descriptor)
        return run

    def confirmed(self, *rows: str) -> UUID:
        """Upload, rehearse and confirm these rows."""
        run = self.check(*rows)
        with self.desk.writing(LIN) as ctx:
            staging.confirm(ctx, run)
        return run

    def run(self, run: UUID) -> ImportRun:
        """The record of an upload as it stands."""
        with self.desk.reading() as ctx:
            return staging.run_of(ctx, run)

    def staged(self) -> list[Path]:
        """What waits on disk."""
        return [path for path in self.desk.settings.staging_dir.rglob("*") if path.is_file()]


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Desk:
    return made(database, Settings(home=tmp_path / "home", database_url=database.url))


@pytest.fixture
def upload(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Upload:
    monkeypatch.setattr(importing, "CHUNK", 2)
    monkeypatch.setattr(importing, "_TOGETHER", 1)
    return Upload(desk, tmp_path)


@pytest.fixture
def dies(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Let the process die at the nth transaction, once: before its commit, or just after."""

    def at(nth: int, *, after_commit: bool = False) -> None:
        store_chunks, seen = importing._store_chunks, []

        def chunk(*given: object) -> None:
            seen.append(1)
            if len(seen) == nth and not after_commit:
                given[3].read += 99  # what was only counted in memory is lost with it
                raise Killed
            store_chunks(*given)
            if len(seen) == nth:
                raise Killed

        monkeypatch.setattr(importing, "_store_chunks", chunk)

    return at


class Killed(BaseException):
    """Nothing in the program catches this, as nothing catches a SIGKILL."""
