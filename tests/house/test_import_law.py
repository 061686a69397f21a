"""The import law: kept by the tree as it is, and broken by each sin it was written against."""

import shutil
import subprocess
import sys

import pytest

from tests.house.tree import ROOT

SINS = [
    ("monitor/steps/intake.py", "from monitor.steps import triage", "a step never calls a step"),
    ("monitor/domain/numbers.py", "import sqlmodel", "rules are pure"),
    ("monitor/storage/orders.py", "from monitor.services import context", "imports flow down"),
    ("monitor/services/context.py", "from monitor.services import lifecycle", "services stand"),
    ("monitor/storage/crypto.py", "import sqlmodel", "texts are read without a database"),
    ("classifiers/finding.py", "import monitor.settings", "readers only read"),
    ("monitor/extra/__init__.py", "", "imports flow down"),
]


def lint(folder):
    # One cache a folder: the planted tree must not be answered from the real one's.
    return subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_import_law_is_kept():
    result = lint(ROOT)

    assert result.returncode == 0, result.stdout + result.stderr
    assert " 0 broken" in result.stdout


@pytest.mark.parametrize(("place", "line", "contract"), SINS)
def test_the_import_law_notices_a_sin(tmp_path, place, line, contract):
    for package in ("monitor", "classifiers"):
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    room = tmp_path / place
    room.parent.mkdir(exist_ok=True)
    with room.open("a", encoding="utf-8") as page:
        page.write(f"\n{line}\n" if line else '"""A floor nobody planned."""\n')

    result = lint(tmp_path)

    assert result.returncode != 0
    assert contract in result.stdout + result.stderr
