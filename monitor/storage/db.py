"""Engine, migrations, and the only place that commits."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, Insert, create_engine, event, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.pool import NullPool, QueuePool
from sqlmodel import Session, SQLModel

MIGRATIONS = Path(__file__).parent / "migrations"


class Database:
    """One database and its transactions; SQLite (WAL, FULL) or PostgreSQL."""

    def __init__(self, url: str, *, synchronous: str = "FULL") -> None:
        self.url = url
        self.embedded = url.startswith("sqlite")
        self.engine = _sqlite(url, synchronous) if self.embedded else _postgres(url)
        self._reader = self.engine.execution_options(desk_begin="BEGIN")

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One unit of work: committed when the block ends, rolled back when it raises."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session
            try:
                session.commit()
            except BaseException:
                # A failed commit leaves its transaction open: that connection is not lent again.
                session.invalidate()
                raise

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A snapshot to read from; whatever was changed in it is thrown away."""
        with Session(self._reader, expire_on_commit=False) as session:
            yield session
            # What was read may be looked at after the snapshot is gone.
            session.expunge_all()
            session.rollback()

    def glance(self, statement: Any, **values: object) -> list[Any]:
        """The rows of one kept question, asked alone: no session, no snapshot around it."""
        if not self.embedded:
            with self.engine.connect() as connection:
                return list(connection.execute(statement, values))
        ready = _ready(statement, ())
        lent = self.engine.raw_connection()
        try:
            found = _drive(lent.driver_connection, ready.words, [ready.values(values)])
        finally:
            lent.close()
        return [ready.row(row) for row in found]

    def migrate(self) -> None:
        """Bring the tables up to the newest numbered migration."""
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["engine"] = self.engine
        command.upgrade(config, "head")

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def write_rows(session: Session, table: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    """Insert rows past the session's objects; each of them names the same columns."""
    if not rows:
        return
    driver = _driver(session)
    if driver is None:
        session.connection().execute(_insertion(table), rows)
        return
    ready = _ready(_insertion(table), tuple(rows[0]))
    _drive(driver, ready.words, ready.every(rows))


def ask(session: Session, statement: Any, **values: object) -> list[Any]:
    """The rows of a statement that is kept and asked again and again, past the objects."""
    driver = _driver(session)
    if driver is None:
        return list(session.connection().execute(statement, values))
    ready = _ready(statement, ())
    return [ready.row(found) for found in _drive(driver, ready.words, [ready.values(values)])]


def upsert(session: Session, table: type[SQLModel]) -> Any:
    """An insert that may say what happens on a conflict."""
    return upsert_of(session.get_bind().dialect.name, table)


def upsert_of(dialect: str, table: type[SQLModel]) -> Any:
    """The same where only the dialect is known."""
    return (postgresql if dialect == "postgresql" else sqlite).insert(table)


def write_words(session: Session, words: str, rows: list[tuple[Any, ...]]) -> None:
    """Run one statement in SQLite's own words for each row; for what has no table of ours."""
    _drive(_driver(session), words, rows)


class _Ready:
    """A statement in the words of SQLite, and what turns values into the driver's and back.

    One record is a dozen statements; between one and the next, SQLAlchemy's way to the driver
    costs several times what the database does.
    """

    def __init__(self, statement: Any, columns: tuple[str, ...]) -> None:
        compiled = statement.compile(dialect=_SQLITE, column_keys=columns or None)
        self.words: str = compiled.string
        self.names: list[str] = compiled.positiontup
        self.given = _turns(
            compiled.binds[name].type.dialect_impl(_SQLITE).bind_processor(_SQLITE)
            for name in self.names
        )
        told = getattr(statement, "exported_columns", ())
        self.taken = _turns(
            column.type.dialect_impl(_SQLITE).result_processor(_SQLITE, None) for column in told
        )

    def values(self, row: Mapping[str, Any]) -> tuple[Any, ...]:
        found = [row[name] for name in self.names]
        for place, turn in self.given:
            found[place] = turn(found[place])
        return tuple(found)

    def every(self, rows: Sequence[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
        """The values of many rows, column by column; what repeats in a column is turned once."""
        columns: list[Sequence[Any]] = list(zip(*map(itemgetter(*self.names), rows), strict=True))
        for place, turn in self.given:
            columns[place] = _turned(turn, columns[place])
        return list(zip(*columns, strict=True))

    def row(self, found: Sequence[Any]) -> tuple[Any, ...]:
        values = list(found)
        for place, turn in self.taken:
            values[place] = turn(values[place])
        return tuple(values)


def _turns(processors: Iterable[Any]) -> list[tuple[int, Callable[[Any], Any]]]:
    """Which places need to be turned from one side's value into the other's, and how."""
    return [(place, turn) for place, turn in enumerate(processors) if turn]


def _turned(turn: Callable[[Any], Any], column: Sequence[Any]) -> Sequence[Any]:
    kinds = {*map(type, column)}
    if len(kinds) == 1 and not any(column):
        # Of one kind, nothing is always the same: no pause, not forced, no co-section.
        return [turn(column[0])] * len(column)
    if kinds <= {datetime, type(None)}:
        known = {value: turn(value) for value in {*column}}
        return [known[value] for value in column]
    return [turn(value) for value in column]


@cache
def _insertion(table: type[SQLModel]) -> Insert:
    # Kept, because building a statement costs more than running it.
    return insert(table)


@cache
def _ready(statement: Any, columns: tuple[str, ...]) -> _Ready:
    return _Ready(statement, columns)


def _driver(session: Session) -> Any:
    """The driver's own connection of the session's transaction; None where it is PostgreSQL."""
    transaction = session.get_transaction()
    known = session.info.get("driver")
    if known is not None and known[0] is transaction:
        return known[1]
    connection = session.connection()
    embedded = connection.dialect.name == "sqlite"
    driver = connection.connection.driver_connection if embedded else None
    session.info["driver"] = (session.get_transaction(), driver)
    return driver


def _drive(driver: Any, words: str, rows: list[tuple[Any, ...]]) -> list[Any]:
    try:
        if len(rows) == 1:
            found: list[Any] = driver.execute(words, rows[0]).fetchall()
            return found
        driver.executemany(words, rows)
    except sqlite3.IntegrityError as error:
        raise IntegrityError(words, None, error) from error
    except sqlite3.Error as error:
        raise OperationalError(words, None, error) from error
    return []


def _sqlite(url: str, synchronous: str) -> Engine:
    path = url.removeprefix("sqlite:///")
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        poolclass=QueuePool if path else NullPool,
        pool_size=16,
        # The connection used last still holds the pages that are needed next.
        pool_use_lifo=True,
        max_overflow=32,
        json_serializer=_to_json,
        json_deserializer=orjson.loads,
        connect_args={"check_same_thread": False, "timeout": 30},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        # The driver's own BEGIN comes too late and is never IMMEDIATE: we begin ourselves.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute(f"PRAGMA synchronous={synchronous}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA busy_timeout=30000")
        cursor.execute("PRAGMA cache_size=-32000")
        # A page of an index is written again and again: the longer it waits, the less it costs.
        cursor.execute("PRAGMA wal_autocheckpoint=8000")
        cursor.execute("PRAGMA temp_store=MEMORY")
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A reader that turns writer in the middle cannot wait its turn; writers queue at the door.
        options = connection.get_execution_options()
        words = options.get("desk_begin", "BEGIN IMMEDIATE")
        driver: Any = connection.connection.driver_connection
        try:
            driver.execute(words)
        except sqlite3.Error as error:
            raise OperationalError(words, None, error) from error

    return engine


def _postgres(url: str) -> Engine:
    return create_engine(
        url,
        pool_size=16,
        max_overflow=32,
        pool_pre_ping=True,
        json_serializer=_to_json,
        json_deserializer=orjson.loads,
    )


def _to_json(value: object) -> str:
    # JSON has no bytes: those of `preparing.Whole` were written already, where there was time.
    return (value if isinstance(value, bytes) else orjson.dumps(value)).decode()


_SQLITE: Any = sqlite.dialect(json_serializer=_to_json, json_deserializer=orjson.loads)
