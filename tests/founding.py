"""Founding an office takes a second: it is done once, and its rows are put in again after that."""

import fcntl
import os
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, insert, select, text
from sqlmodel import SQLModel

from classifiers import trained
from monitor.services import rulebook
from monitor.services.desk import Desk
from monitor.settings import Settings
from monitor.storage.crypto import open_keys
from monitor.storage.db import Database
from monitor.tasks import training

Rows = list[tuple[Table, list[dict[str, Any]]]]
_kept: dict[str, tuple[bytes, Rows]] = {}


def once(name: str, settings: Settings, database: Database, found: Callable[[], object]) -> None:
    """Found an office in an empty database: by `found` the first time this name is asked for.

    Afterwards the rows that it wrote are put in, and the keys that sealed them laid where the
    settings want them.
    """
    path: Path = settings.key_path
    if name in _kept:
        keys, rows = _kept[name]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(keys)
        path.chmod(0o600)
        _put(database, rows)
        return
    open_keys(path, create=True)
    found()
    _kept[name] = path.read_bytes(), _taken(database)


def ruled(
    settings: Settings,
    database: Database,
    clock: Callable[[], datetime],
    *,
    candid: bool = False,
) -> Desk:
    """The desk of an office with the shipped rules and nothing else."""
    began = clock()

    def publish() -> None:
        desk = Desk(settings, database, open_keys(settings.key_path), lambda: began)
        with desk.writing() as ctx:
            rulebook.publish(ctx, rulebook.shipped(settings.data_dir))

    once(f"rules at {began} of {settings.data_dir}", settings, database, publish)
    return Desk(settings, database, open_keys(settings.key_path), clock, candid=candid)


def for_all_workers(
    factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]
) -> Path:
    """A folder that whichever worker of the session comes first makes for all; only to be read."""
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    place = shared / name
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            begun = Path(tempfile.mkdtemp(dir=shared))
            make(begun)
            begun.rename(place)
    return place


def lay_models(learnt: Path, models_dir: Path, key: bytes) -> None:
    """Lay the first models into another folder, sealed with another key."""
    theirs = Settings(home=learnt)
    for path in theirs.models_dir.glob("*.model"):
        trained.load(path, training.key_of(theirs)).save(models_dir / path.name, key)


def _taken(database: Database) -> Rows:
    with database.engine.connect() as connection:
        found = [
            (table, [dict(row) for row in connection.execute(select(table)).mappings()])
            for table in SQLModel.metadata.sorted_tables
        ]
        connection.rollback()
    return [(table, rows) for table, rows in found if rows]


def _put(database: Database, rows: Rows) -> None:
    with database.transaction() as session:
        connection = session.connection()
        for table, lines in rows:
            connection.execute(insert(table), lines)
            counted = table.autoincrement_column
            if counted is not None and not database.embedded:
                # Rows that bring their own numbers do not move the counter on.
                connection.execute(
                    text(
                        f"SELECT setval(pg_get_serial_sequence('{table.name}', '{counted.name}'), "
                        f"(SELECT max({counted.name}) FROM {table.name}))"
                    )
                )
