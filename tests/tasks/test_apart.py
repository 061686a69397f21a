"""Heavy work has a process of its own, at the office's desk and at its moment."""

import gc
import os
from datetime import UTC, datetime

import pytest

from monitor.domain.errors import Refused
from monitor.services import preparing, rulebook
from monitor.services.desk import Desk
from monitor.settings import Settings
from monitor.tasks import apart

NOW = datetime(2026, 10, 9, 2, 24, tzinfo=UTC)


def seen(desk: Desk) -> tuple[int, datetime, int]:
    with desk.writing() as ctx:
        rulebook.publish(ctx, rulebook.shipped(desk.settings.data_dir))
        return os.getpid(), ctx.now, len(rulebook.current(ctx).catalogue)


def refused(desk: Desk) -> None:
    del desk
    raise Refused("现在不行。", remedy="请稍后再试。")


@pytest.fixture
def desk(tmp_path):
    desk = Desk.open(Settings(home=tmp_path), lambda: NOW, create=True)
    yield desk
    desk.database.dispose()


def test_work_done_apart_is_the_office_s_own_and_of_this_moment(desk):
    process, moment, rows = apart.run(seen, desk)

    assert process != os.getpid()
    assert moment == NOW
    with desk.reading() as ctx:
        assert len(rulebook.current(ctx).catalogue) == rows > 0


def test_what_goes_wrong_apart_is_told_here(desk):
    with pytest.raises(Refused, match="现在不行"):
        apart.run(refused, desk)


def test_a_process_that_only_reads_never_loads_the_database(tmp_path):
    settings = Settings(home=tmp_path)
    guide = rulebook.from_files(settings.data_dir).guide
    # A function of this module would bring the module along.
    heavy = "[m for m in ('sqlalchemy', 'sqlmodel') if m in __import__('sys').modules]"

    with apart.another_process() as pool:
        pool.submit(apart.wake_reader, settings, guide.words).result()
        letters = [("起火", "车间刚刚起火了，浓烟很大。")]
        (read,) = pool.submit(preparing.prepare_whole, settings, guide, letters).result()
        loaded = pool.submit(eval, heavy).result()

    assert read.suggested["suggested_urgency"] == "critical"
    assert loaded == []


def test_garbage_is_looked_for_as_before_whoever_ends_last():
    before = gc.get_threshold()
    first, second = apart.rarely_collecting(), apart.rarely_collecting()

    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert gc.get_threshold() != before
    second.__exit__(None, None, None)

    assert gc.get_threshold() == before
