"""Tasks for real: asked for once, done once, taken up by the process that comes after."""

import time

import pytest
from sqlmodel import func, select

from monitor.services.desk import Desk
from monitor.storage.orders import Order
from monitor.tasks import durable, importing, staging
from tests.tasks.conftest import Killed, Upload, made, row

PATIENCE = 30


@pytest.fixture
def embedded(tmp_path, sqlite_url):
    """An office on a SQLite file; its tasks lie in a file beside it."""
    from monitor.settings import Settings
    from monitor.storage.db import Database

    database = Database(sqlite_url, synchronous="OFF")
    yield made(database, Settings(home=tmp_path / "home", database_url=sqlite_url))
    database.dispose()


@pytest.fixture
def upload(embedded, tmp_path, monkeypatch):
    monkeypatch.setattr(importing, "CHUNK", 2)
    monkeypatch.setattr(importing, "_TOGETHER", 1)
    return Upload(embedded, tmp_path)


@pytest.fixture
def working(embedded):
    """The tasks of this process, ended after the test."""
    yield lambda: durable.start(embedded, "test")
    durable.stop()
    durable._clients.clear()


def finished(upload: Upload, run) -> bool:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if upload.run(run).state == "done":
            return True
        time.sleep(0.05)
    return False


def count(desk: Desk) -> int:
    with desk.reading() as ctx:
        return ctx.session.exec(select(func.count()).select_from(Order)).one()


def test_a_confirmed_import_is_done_beside_the_pages(embedded, upload, working):
    run = upload.confirmed(*map(row, range(5)))
    assert not durable.running_here()
    working()
    working()
    assert durable.running_here()
    durable.enqueue_import(embedded, run)
    durable.enqueue_import(embedded, run)

    assert finished(upload, run)
    assert count(embedded) == 5
    later = upload.confirmed(*map(row, range(5, 8)))
    durable.enqueue_import(embedded, later)
    assert finished(upload, later)
    assert count(embedded) == 8


def test_what_a_killed_process_left_is_taken_up(embedded, upload, dies, working):
    run = upload.confirmed(*map(row, range(7)))
    dies(3, after_commit=True)
    with pytest.raises(Killed):
        staging.store(embedded, run)
    assert (upload.run(run).state, count(embedded)) == ("running", 6)
    working()

    assert finished(upload, run)
    found = upload.run(run)
    assert (found.read, found.created, count(embedded)) == (7, 7, 7)
    assert upload.staged() == []


def test_each_process_of_a_home_has_its_own_name_and_a_dead_one_leaves_its_to_the_next(embedded):
    first, lock = durable._free(embedded, "work")
    second, other = durable._free(embedded, "work")
    lock.close()
    third, again = durable._free(embedded, "work")
    other.close()
    again.close()

    assert (first, second, third) == ("work", "work-2", "work")
