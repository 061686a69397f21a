"""Whatever write of a deed fails: all of it is there, or nothing, and the next try makes it."""

import shutil
from collections.abc import Iterator

import pytest

from monitor.domain.lifecycle import MOVES
from monitor.settings import Settings
from tests.conftest import migrated_copy
from tests.steps.conftest import founded
from tests.steps.failing import failing
from tests.steps.lives import LIVES
from tests.steps.sweeper import Sweeper


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def url(request, tmp_path_factory, migrated_file) -> Iterator[str]:
    """A migrated database for all tests of this file, which leave it whole."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("sweep") / "desk.sqlite"
        shutil.copy(migrated_file, path)
        yield f"sqlite:///{path}"
        return
    with migrated_copy(request.getfixturevalue("postgres_server")) as copied:
        yield copied


@pytest.fixture(scope="module")
def sweeper(url, tmp_path_factory) -> Iterator[Sweeper]:
    """An office whose writes can be made to fail."""
    with failing(url) as (database, trap):
        yield Sweeper(founded(Settings(home=tmp_path_factory.mktemp("home")), database), trap)


def test_intake_and_every_move_are_done_whole_or_not_at_all(sweeper):
    for life in LIVES:
        sweeper.live(life)

    assert set(MOVES) <= sweeper.made()
    assert sweeper.faults > len(MOVES)


def test_a_round_of_the_watch_judges_each_order_whole_or_not_at_all(sweeper):
    assert sweeper.watch_rounds() > 5


def test_a_delivery_that_could_not_be_noted_is_known_by_its_message_id(sweeper, monkeypatch):
    monkeypatch.setenv("MONITOR_MAIL_HOST", "127.0.0.1")

    assert sweeper.deliveries() == 4
