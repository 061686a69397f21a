"""Engine, migrations, and the only place that commits."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, Insert, create_engine, event, insert
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
    if rows:
        session.connection().execute(_insertion(table), rows)


@cache
def _insertion(table: type[SQLModel]) -> Insert:
    # Kept, because building a statement costs more than running it.
    return insert(table)


def _sqlite(url: str, synchronous: str) -> Engine:
    path = url.removeprefix("sqlite:///")
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        poolclass=QueuePool if path else NullPool,
        pool_size=16,
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
        cursor.execute("PRAGMA temp_store=MEMORY")
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A reader that turns writer in the middle cannot wait its turn; writers queue at the door.
        options = connection.get_execution_options()
        connection.exec_driver_sql(options.get("desk_begin", "BEGIN IMMEDIATE"))

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
    return orjson.dumps(value).decode()
