"""The guard: nothing of the child reaches us but frames, and it never outlives the block."""

import os
import signal
import sys
import tempfile
import time
from pathlib import Path

import pytest

from monitor.channels.sheet import Launched, SheetRefused, guard, launch, read
from monitor.domain.letters import Incoming
from tests.channels.conftest import Open
from tests.channels.making import row, rows, text, xlsx

GROWTH_MB = 40


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


@pytest.fixture
def instead(monkeypatch: pytest.MonkeyPatch):
    """Let the child run other code: a hostile file that took it over, or a broken one."""

    def replace(code: str) -> None:
        monkeypatch.setattr(guard, "LAUNCH", "import os, sys, time\n" + code)

    return replace


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("os.abort()", "died"),
        ("os.kill(os.getpid(), 11)", "died"),
        ("os.kill(os.getpid(), 24)", "time"),
        ("os.kill(os.getpid(), 9)", "time"),
        ("sys.exit(9)", "memory"),
        ("sys.exit(0)", "died"),
        ("sys.exit('a traceback')", "died"),
        ("os.write(1, b'rubbish, not a frame at all')", "died"),
        ("os.write(1, b'\\xff\\xff\\xff\\xff')", "died"),
        ("os.write(1, b'\\0\\0\\0\\3[1]')", "died"),
        ("os.write(1, b'\\0\\0\\0\\2{]')", "died"),
        ('os.write(1, b\'\\0\\0\\0\\x14{"refused": "nobody"}\')', "died"),
        ("time.sleep(30)", "time"),
        ("\nwhile True: pass", "time"),
    ],
)
def test_child_that_fails_becomes_a_sentence(code, expected, instead, opened: Open, capfd):
    instead(code)

    with pytest.raises(SheetRefused) as refusal, opened(xlsx(rows()), seconds=1.0):
        pass

    assert refusal.value.code == expected
    assert capfd.readouterr() == ("", "")


def test_child_gets_no_path_and_no_environment(instead, opened: Open, monkeypatch, tmp_path):
    seen = tmp_path / "seen"
    monkeypatch.setenv("MONITOR_KEY_FILE", "secret")
    instead(f"open({str(seen)!r}, 'w').write(repr((sys.argv, sorted(os.environ), os.getcwd())))")

    with pytest.raises(SheetRefused), opened(xlsx(rows()), "台账.xlsx"):
        pass

    told = seen.read_text(encoding="utf-8")
    assert "台账" not in told
    assert "MONITOR" not in told
    assert str(Path.cwd()) not in told.partition(", [")[2]


def test_child_is_gone_after_the_block(opened: Open):
    with opened(xlsx(rows(500))) as sheet:
        pid = sheet.child_pid
        next(sheet.rows)

    assert not alive(pid)


def test_child_is_gone_after_an_error_in_the_block(opened: Open):
    pids = []

    def stumble() -> None:
        with opened(xlsx(rows(500))) as sheet:
            pids.append(sheet.child_pid)
            raise LookupError

    with pytest.raises(LookupError):
        stumble()

    assert not alive(pids[0])


def test_child_that_looks_ahead_is_gone_whatever_became_of_the_office(tmp_path: Path):
    file = tmp_path / "rows.csv"
    file.write_bytes(text(rows(500)))
    launched: list[Launched] = []

    def stumble() -> None:
        with launch(file) as ahead:
            launched.append(ahead)
            raise LookupError

    with pytest.raises(LookupError):
        stumble()

    assert not alive(launched[0].guard.pid)
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(launched[0].fd)


def test_child_killed_between_rows_becomes_a_sentence(opened: Open):
    def read_on() -> None:
        with opened(text(rows(30_000))) as sheet:
            next(sheet.rows)
            os.kill(sheet.child_pid, signal.SIGKILL)
            list(sheet.rows)

    with pytest.raises(SheetRefused):
        read_on()


def test_time_of_the_reader_of_rows_is_not_counted(opened: Open):
    with opened(text(rows(3_000)), seconds=1.0) as sheet:
        next(sheet.rows)
        time.sleep(1.2)
        rest = list(sheet.rows)

    assert len(rest) == 2_999


def test_parent_holds_one_batch_at_a_time(opened: Open):
    data = text([rows()[0], *[row(n, text="企业来信" * 200) for n in range(20_000)]])
    before = resident_mb()
    most = 0.0

    with opened(data) as sheet:
        for one in sheet.rows:
            if sheet.count % 2_000 == 0:
                most = max(most, resident_mb())
            assert isinstance(one, Incoming)

    assert sheet.count == 20_000
    assert most - before < GROWTH_MB


def test_file_over_the_limit_is_refused_unread(opened: Open, columns, monkeypatch):
    with tempfile.TemporaryFile() as file:
        file.truncate((100 << 20) + 1)
        monkeypatch.setattr(sys, "executable", "/nonexistent")

        with (
            pytest.raises(SheetRefused) as refusal,
            read(
                file.fileno(), "a.xlsx", channel="hotline", now=None, columns=columns, marked=bool
            ),
        ):
            pass

    assert refusal.value.code == "too_large"
