"""Databases whose n-th write fails: no space, an I/O error, a lost connection, a failed commit."""

import hashlib
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from sqlalchemy import create_engine, event, inspect, text

from monitor.storage import db
from monitor.storage.db import Database

_WRITE = re.compile(r"\s*(INSERT INTO|INSERT OR \w+ INTO|UPDATE|DELETE FROM)\s+(\S+)", re.I)
COMMIT = "COMMIT"
FULL, BROKEN, LOST = "no space", "I/O error", "lost connection"
KINDS = {"sqlite": (FULL, BROKEN), "postgresql": (FULL, BROKEN, LOST)}
_CODES = {FULL: "53100", BROKEN: "58030"}


@dataclass
class Trap:
    """Lets the n-th write from now on fail in one way; keeps what was written until then."""

    at: int = 0
    kind: str = FULL
    seen: list[str] = field(default_factory=list)
    sprung: bool = False
    open: bool = False

    @contextmanager
    def set(self, at: int, kind: str) -> Iterator[None]:
        """Writes of the block are counted from one; `at` -1 stands for its first commit."""
        self.at, self.kind, self.seen, self.sprung, self.open = at, kind, [], False, False
        try:
            yield
        finally:
            self.at = 0

    def meets(self, statement: str) -> bool:
        """Whether this is the write that fails; a commit of nothing is no write."""
        found = _WRITE.match(statement)
        commits = statement == COMMIT and self.open
        self.open = bool(found) or (self.open and not commits)
        if not self.at or self.sprung or not (found or commits):
            return False
        self.seen.append(f"{found[1]} {found[2]}" if found else COMMIT)
        self.sprung = commits if self.at < 0 else len(self.seen) == self.at
        return self.sprung


class _Cursor(sqlite3.Cursor):
    def execute(self, words: str, *given: Any) -> sqlite3.Cursor:
        self.connection.fail(words)  # type: ignore[attr-defined]
        return super().execute(words, *given)

    def executemany(self, words: str, *given: Any) -> sqlite3.Cursor:
        self.connection.fail(words)  # type: ignore[attr-defined]
        return super().executemany(words, *given)


def _connection(trap: Trap) -> type[sqlite3.Connection]:
    class Failing(sqlite3.Connection):
        def cursor(self, factory: Any = _Cursor) -> Any:
            return super().cursor(factory)

        def execute(self, words: str, *given: Any) -> sqlite3.Cursor:
            self.fail(words)
            return super().execute(words, *given)

        def executemany(self, words: str, *given: Any) -> sqlite3.Cursor:
            self.fail(words)
            return super().executemany(words, *given)

        def commit(self) -> None:
            self.fail(COMMIT)
            super().commit()

        def rollback(self) -> None:
            trap.open = False
            super().rollback()

        def fail(self, words: str) -> None:
            if trap.meets(words):
                if trap.kind == FULL:
                    message = "database or disk is full"
                else:
                    # After such an error SQLite itself rolls the whole transaction back.
                    super().rollback()
                    message = "disk I/O error"
                raise sqlite3.OperationalError(message)

    return Failing


@contextmanager
def failing(url: str) -> Iterator[tuple[Database, Trap]]:
    """A database with a trap in it, not yet set."""
    # Its engine shares nothing with others: what makes its connections fail would reach theirs.
    with patch.object(db, "create_engine", create_engine):
        database, trap = Database(url, synchronous="OFF"), Trap()
    if database.embedded:
        _embedded(database, trap)
    else:
        _served(database, trap)
    try:
        yield database, trap
    finally:
        database.dispose()


def _embedded(database: Database, trap: Trap) -> None:
    made = _connection(trap)

    @event.listens_for(database.engine, "do_connect")
    def connect(_dialect: Any, _record: Any, _given: Any, named: dict[str, Any]) -> None:
        named["factory"] = made


def _served(database: Database, trap: Trap) -> None:
    other = Database(database.url)

    def lose(driver: Any) -> None:
        with other.engine.connect() as connection:
            query = text("SELECT pg_terminate_backend(:pid, 5000)")
            assert connection.execute(query, {"pid": driver.info.backend_pid}).scalar_one()

    def fail(cursor: Any, statement: str, *_rest: Any) -> None:
        if trap.meets(statement):
            if trap.kind == LOST:
                lose(cursor.connection)
            else:
                # The server itself says it, and the transaction is as broken as it would be.
                code = _CODES[trap.kind]
                cursor.execute(f"DO $$ BEGIN RAISE 'trap' USING ERRCODE = '{code}'; END $$")

    for name in ("do_execute", "do_executemany"):
        event.listen(database.engine, name, fail)

    @event.listens_for(database.engine, "commit")
    def commit(connection: Any) -> None:
        if trap.meets(COMMIT):
            lose(connection.connection.driver_connection)

    @event.listens_for(database.engine, "rollback")
    def rollback(_connection: Any) -> None:
        trap.open = False

    event.listen(database.engine, "engine_disposed", lambda _engine: other.dispose())


def digest(database: Database) -> str:
    """All rows of all tables in one number: equal before and after where nothing was written."""
    found = hashlib.sha256()
    with database.reading() as session:
        connection = session.connection()
        names = inspect(connection).get_table_names()
        if database.embedded:
            driver: Any = connection.connection.driver_connection
            for name in names:
                rows = sqlite3.Connection.execute(driver, f'SELECT * FROM "{name}"')
                found.update(repr((name, rows.fetchall())).encode())
        else:
            each = " UNION ALL ".join(
                f"SELECT '{name}', md5(string_agg(t::text, '' ORDER BY t::text)) FROM \"{name}\" t"
                for name in names
            )
            found.update(repr(sorted(map(tuple, connection.execute(text(each))))).encode())
    return found.hexdigest()
