"""Run a command as its user does: arguments in, exit code and both streams out."""

import io
import json
import os
import shutil
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest

from monitor import cli
from monitor.cli import speaking
from tests.founding import for_all_workers


@dataclass(frozen=True)
class Done:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """The one document on stdout, which holds nothing else."""
        assert self.code == 0, self.err
        return json.loads(self.out)


class Command:
    """`monitor` on one home."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def __call__(self, *words: object, stdin: str = "") -> Done:
        streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2)]
        argv, read, mask = sys.argv, sys.stdin, os.umask(0o022)
        sys.argv = ["monitor", "--home", str(self.home), *map(str, words)]
        sys.stdin = io.StringIO(stdin)
        try:
            with redirect_stdout(streams[0]), redirect_stderr(streams[1]):
                cli.main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        finally:
            sys.argv, sys.stdin = argv, read
            os.umask(mask)
            speaking.chosen.clear()
        texts = []
        for stream in streams:
            stream.flush()
            texts.append(stream.buffer.getvalue().decode())
        return Done(code, *texts)


@pytest.fixture(scope="session")
def founded_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Done]:
    """An office made by `monitor init`, models and all; copied for each test."""

    def make(folder: Path) -> None:
        done = Command(folder / "home")("init", "--name", "示范市投资促进局")
        assert done.code == 0, done.err
        (folder / "done.json").write_text(json.dumps(asdict(done)), encoding="utf-8")

    made = for_all_workers(tmp_path_factory, "founded-by-command", make)
    return made / "home", Done(**json.loads((made / "done.json").read_text("utf-8")))


@pytest.fixture
def monitor(founded_once: tuple[Path, Done], tmp_path: Path) -> Command:
    """The commands on an office of this test's own."""
    home = tmp_path / "home"
    shutil.copytree(founded_once[0], home)
    return Command(home)


@pytest.fixture
def nowhere(tmp_path: Path) -> Command:
    """The commands where no office was ever made."""
    return Command(tmp_path / "empty")


@pytest.fixture
def sheet(tmp_path: Path) -> Callable[..., Path]:
    """Write a CSV as the city's platform exports it: header, then rows."""

    def write(*rows: str, header: str = "工单编号,受理时间,标题,主要内容,来电人,联系电话") -> Path:
        path = tmp_path / f"rows-{len(list(tmp_path.iterdir()))}.csv"
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return path

    return write
