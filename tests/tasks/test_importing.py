"""Rows into orders: chunk by chunk, counted, with texts read ahead by a second process."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import func, select

from monitor.domain.errors import SecrecyMarked
from monitor.domain.letters import Incoming, Requester, RowError
from monitor.domain.vocabulary import Channel, Via
from monitor.services import upkeep
from monitor.storage import history, imports
from monitor.storage.orders import Order, Reading
from monitor.tasks import importing, sheets
from tests.tasks.conftest import HEADER, LIN, NOW, Killed, row


def letter(number: int, text: str = "技改补贴公示后一直没有拨款。") -> Incoming:
    return Incoming(
        channel=Channel.HOTLINE,
        via=Via.SHEET,
        text=f"{text}{number}",
        upstream_no=f"T{number:04d}",
        received_at=NOW - timedelta(hours=1),
        requester=Requester(name="陈试样", phone="13800000123"),
        row=number + 2,
    )


def count(desk) -> int:
    with desk.reading() as ctx:
        return ctx.session.exec(select(func.count()).select_from(Order)).one()


def test_every_row_is_counted_once(desk, upload):
    bad = RowError(9, "受理时间", "时间看不懂。", "请改正。")
    rows = [letter(0), letter(1), bad, letter(0), letter(2, "机密★ 不得外传"), letter(3)]
    told: list[int] = []
    tally = importing.store(desk, LIN, rows, progress=lambda t: told.append(t.read))

    assert (tally.read, tally.created, tally.unchanged, tally.rejected) == (6, 3, 1, 2)
    assert told == [2, 4, 6]
    assert [error["row"] for error in tally.errors] == [9, 4]
    assert count(desk) == 3
    assert "不得外传" not in str(tally.errors)


def test_a_chunk_without_a_good_row_is_counted_and_the_next_one_taken(desk, upload):
    bad = [RowError(n, "受理时间", "时间看不懂。", "请改正。") for n in range(1, 3)]

    tally = importing.store(desk, LIN, [*bad, letter(0)])

    assert (tally.read, tally.created, tally.rejected) == (3, 1, 2)


def test_a_rehearsal_says_the_same_and_writes_nothing(desk, upload):
    rows = [letter(n) for n in range(5)] + [letter(1), letter(2, "别的内容。")]
    rehearsed = importing.rehearse(desk, LIN, rows)
    assert count(desk) == 0
    stored = importing.store(desk, LIN, rows)

    assert rehearsed == stored
    assert (stored.read, stored.created, stored.unchanged, stored.rejected) == (7, 5, 1, 1)


def test_a_chunk_that_dies_takes_only_itself_along(desk, upload, dies):
    dies(3)
    with pytest.raises(Killed):
        importing.store(desk, LIN, [letter(n) for n in range(9)])
    assert count(desk) == 4

    tally = importing.store(desk, LIN, [letter(n) for n in range(9)])
    assert (tally.created, tally.unchanged, count(desk)) == (5, 4, 9)
    with desk.reading() as ctx:
        assert upkeep.verify(ctx.session, ctx.keys).holds


def test_chunks_of_one_transaction_are_stored_together_or_not_at_all(
    desk, upload, dies, monkeypatch
):
    monkeypatch.setattr(importing, "_TOGETHER", 2)
    told: list[int] = []
    dies(2)
    with pytest.raises(Killed):
        importing.store(desk, LIN, [letter(n) for n in range(9)])
    assert count(desk) == 4

    tally = importing.store(
        desk, LIN, [letter(n) for n in range(9)], progress=lambda t: told.append(t.read)
    )
    assert told == [4, 8, 9]
    assert (tally.created, tally.unchanged, count(desk)) == (5, 4, 9)
    with desk.reading() as ctx:
        assert upkeep.verify(ctx.session, ctx.keys).holds


def test_texts_read_ahead_are_read_alike(database, desk):
    if not database.embedded:
        pytest.skip("a second process reads texts, whatever the database")
    tally = importing.store(desk, LIN, (letter(n) for n in range(600)))

    assert (tally.read, tally.created, count(desk)) == (600, 600, 600)


def test_a_file_taken_in_keeps_its_record(desk, tmp_path):
    file = tmp_path / "转办.csv"
    file.write_text("\n".join([HEADER, row(1), row(2)]), encoding="utf-8")
    tally, told = sheets.take_file(desk, file, Channel.HOTLINE)

    assert (tally.read, tally.created, told["unknown"]) == (2, 2, [])
    with desk.reading() as ctx:
        [run] = imports.recent(ctx.session)
        [event] = [e for e in history.latest(ctx.session) if e.what == "imported"]
    assert (run.state, run.read, run.created, run.name) == ("done", 2, 2, ".csv")
    assert event.actor == "命令行导入"


def test_a_large_file_is_read_ahead_like_a_small_one(database, desk, tmp_path, monkeypatch):
    if not database.embedded:
        pytest.skip("a second process reads texts, whatever the database")
    monkeypatch.setattr(sheets, "_LARGE", 1)
    monkeypatch.setattr(importing, "CHUNK", 20)
    file = tmp_path / "转办.csv"
    file.write_text("\n".join([HEADER, *(row(n) for n in range(200))]), encoding="utf-8")

    tally, _ = sheets.take_file(desk, file, Channel.HOTLINE)

    assert (tally.read, tally.created, count(desk)) == (200, 200, 200)
    with desk.reading() as ctx:
        said = ctx.session.exec(select(Reading)).all()
        suggested = ctx.session.exec(select(Order.suggested_urgency)).all()
    assert len(said) == 200
    assert all(one.findings["urgency"]["label"] and one.engine for one in said)
    assert all(suggested)


def test_a_marked_file_is_refused_and_noted(desk, tmp_path):
    file = tmp_path / "转办.csv"
    file.write_text("\n".join(["机密★", HEADER, row(1)]), encoding="utf-8")
    with pytest.raises(SecrecyMarked):
        sheets.take_file(desk, file, Channel.HOTLINE)

    assert count(desk) == 0
    with desk.reading() as ctx:
        assert "secrecy_refused" in [event.what for event in history.latest(ctx.session)]


HELPED = """
import sys, time
from pathlib import Path
from monitor.services import rulebook
from monitor.settings import Settings
from monitor.tasks import importing
if __name__ == "__main__":
    settings = Settings(home=Path(sys.argv[1]))
    guide = rulebook.from_files(settings.data_dir).guide
    with importing.readers(settings, guide, ahead=True) as prepare:
        prepare([("", "一段文字")]).result()
        print("ready", flush=True)
        time.sleep(60)
"""


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks at processes by /proc")
def test_the_reader_of_a_killed_import_goes_with_it(tmp_path):
    script = tmp_path / "helped.py"
    script.write_text(HELPED, encoding="utf-8")
    root = Path(importing.__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, script, tmp_path],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(root)},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        assert children
        process.send_signal(signal.SIGKILL)

    alive = children
    for _ in range(100):
        alive = [child for child in alive if Path(f"/proc/{child}/cmdline").exists()]
        if not alive:
            break
        time.sleep(0.1)
    assert alive == []
