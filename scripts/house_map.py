"""Draw the rooms of docs/house.md anew from the first line of every file."""

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAPER = ROOT / "docs" / "house.md"
BEGIN, END = "<!-- rooms: drawn by `make map` -->", "<!-- end of rooms -->"
NOT_ROOMS = ("monitor/storage/migrations/",)
COLUMN = 26


def purpose(path: Path) -> str:
    """The first line of a file's docstring."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return text.partition("\n")[0].rstrip(".")


def rooms(folder: Path) -> list[Path]:
    """The files of a folder, its menu first, then its subfolders' files."""
    here = sorted(folder.glob("*.py"), key=lambda path: (path.name != "__init__.py", path.name))
    below = [path for sub in sorted(folder.iterdir()) if sub.is_dir() for path in rooms(sub)]
    return here + below


def drawn() -> str:
    """The whole tree as text: a line a room, a head a folder."""
    lines: list[str] = []
    folder = None
    for package in ("classifiers", "monitor"):
        for path in rooms(ROOT / package):
            name = path.relative_to(ROOT).as_posix()
            if name.startswith(NOT_ROOMS):
                continue
            if path.parent != folder:
                folder = path.parent
                lines.append(f"{folder.relative_to(ROOT).as_posix()}/")
            lines.append(f"  {path.name:<{COLUMN}}{purpose(path)}".rstrip())
    return "\n".join(lines)


def paper_with(text: str) -> str:
    """The paper with its rooms drawn anew."""
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n```\n{drawn()}\n```\n{END}{tail}"


if __name__ == "__main__":
    old = PAPER.read_text(encoding="utf-8")
    new = paper_with(old)
    if "--check" in sys.argv:
        sys.exit(0 if old == new else "docs/house.md 的房间图已过时，请执行 make map")
    PAPER.write_text(new, encoding="utf-8")
