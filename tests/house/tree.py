"""The files of the repository, as the house rules look at them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {".venv", ".git", "var", "dist", "build", "node_modules", "test-results", "screenshots"}
PICTURES = {".png", ".jpg", ".jpeg", ".gif", ".ico", ".webp", ".woff2"}


@cache
def files() -> tuple[Path, ...]:
    """Every file that is or would be committed."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0 and listed.stdout:
        paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    else:
        paths = [path for path in ROOT.rglob("*") if not NOT_OURS & set(path.parts)]
    return tuple(sorted(path for path in paths if path.is_file()))


def named(path: Path) -> str:
    """The path as one says it: from the root of the repository."""
    return path.relative_to(ROOT).as_posix()


def code(*folders: str) -> list[Path]:
    """The Python files below some folders of the repository."""
    return [
        path for path in files() if path.suffix == ".py" and named(path).startswith(tuple(folders))
    ]


def texts() -> Iterator[tuple[str, str]]:
    """Name and text of every file that is text."""
    for path in files():
        if path.suffix.lower() in PICTURES:
            continue
        try:
            yield named(path), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=named(path))
