"""A copy of the whole database as it stood at one moment, while others go on writing; and back."""

import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, func, inspect, select, table, text

from monitor.domain.errors import Refused
from monitor.storage.db import Database

_REMEDY = "请安装与数据库版本相同的 PostgreSQL 客户端，并让 {name} 在 PATH 里。"


def take(database: Database, to: Path) -> dict[str, int]:
    """Write a copy of one moment; how many rows each table had then."""
    if database.embedded:
        with (
            closing(sqlite3.connect(database.url.removeprefix("sqlite:///"), timeout=60)) as source,
            closing(sqlite3.connect(to)) as copy,
        ):
            # In one step: between two, each write of another process would begin it anew, for ever.
            source.backup(copy)
            # A copy is one file: what its journal held is in it.
            copy.execute("PRAGMA journal_mode=DELETE")
        made = Database(f"sqlite:///{to}")
        try:
            return counted(made)
        finally:
            made.dispose()
    with database.engine.connect() as connection:
        connection.execution_options(isolation_level="REPEATABLE READ")
        snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        _run("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={to}", _url(database))
        return _counts(connection)


def put_back(database: Database, source: Path) -> dict[str, int]:
    """Fill an empty database with a copy; how many rows each table has now."""
    if database.embedded:
        place = Path(database.url.removeprefix("sqlite:///"))
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.move(source, place)
    else:
        _run("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={_url(database)}", source)
    return counted(database)


def empty(database: Database) -> bool:
    """Whether there is no table yet; a file that is not there is made by nobody."""
    if database.embedded:
        return not Path(database.url.removeprefix("sqlite:///")).exists()
    return not inspect(database.engine).get_table_names()


def counted(database: Database) -> dict[str, int]:
    """How many rows each table has."""
    with database.engine.connect() as connection:
        return _counts(connection)


def revision(database: Database) -> str:
    """The newest migration that the database has seen."""
    with database.engine.connect() as connection:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return str(found or "")


def _counts(connection: Connection) -> dict[str, int]:
    # What the database has, not what this process happens to know of.
    return {
        name: int(connection.execute(select(func.count()).select_from(table(name))).scalar_one())
        for name in sorted(inspect(connection).get_table_names())
    }


def _run(name: str, *words: str | Path) -> None:
    program = shutil.which(name)
    if program is None:
        raise Refused(f"这台机器上没有 {name}。", remedy=_REMEDY.format(name=name))
    done = subprocess.run(  # noqa: S603 -- the program of the machine, no shell
        [program, *map(str, words)], capture_output=True, check=False, text=True
    )
    if done.returncode:
        # What it says may hold the address with its password.
        raise Refused(f"{name} 没有成功（{done.returncode}）。", remedy="请看数据库的日志。")


def _url(database: Database) -> str:
    return database.url.replace("postgresql+psycopg://", "postgresql://", 1)
