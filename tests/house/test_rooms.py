"""Rooms of the house: their names, their size, how many a folder holds, their first line."""

from collections import Counter

import pytest

from scripts import house_map
from tests.house.tree import ROOT, code, files, named, parsed

NAMELESS = {"utils", "util", "helpers", "helper", "common", "core", "base", "misc", "manager"}
LONGEST = 300
MOST_ROOMS = 14
MOST_PAGES = 40
WRITTEN = {".py", ".html", ".js", ".css", ".sh"}
HOUSE = ("monitor/", "classifiers/")
# A migration is a record of one change, not a room one works in.
RECORDS = "monitor/storage/migrations/versions/"


def test_no_module_has_a_name_that_says_nothing():
    bad = [
        named(path)
        for path in code(*HOUSE, "tests/", "benchmarks/")
        for part in path.relative_to(ROOT).with_suffix("").parts
        if part.lower() in NAMELESS
    ]

    assert bad == []


def test_no_file_is_longer_than_one_can_keep_in_mind():
    long = {
        named(path): lines
        for path in files()
        if path.suffix in WRITTEN
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }

    assert long == {}


def test_no_folder_has_too_many_rooms():
    rooms = Counter(
        named(path.parent)
        for path in code(*HOUSE)
        if path.name != "__init__.py" and not named(path).startswith(RECORDS)
    )

    # Pages are leaves: they do not know each other, so more of them burden nobody.
    most = {"monitor/web/pages": MOST_PAGES}
    crowded = {folder: n for folder, n in rooms.items() if n > most.get(folder, MOST_ROOMS)}
    assert crowded == {}


@pytest.mark.parametrize("folder", HOUSE)
def test_every_room_says_in_one_line_what_it_is_for(folder):
    silent = []
    for path in code(folder):
        tree = parsed(path)
        if not tree.body:
            continue
        statement = tree.body[0]
        text = getattr(getattr(statement, "value", None), "value", None)
        first, _, rest = text.partition("\n") if isinstance(text, str) else ("", "", "")
        # One line for itself: a blank line follows when there is more to say.
        if not first.strip() or (rest and rest.split("\n")[0].strip()):
            silent.append(named(path))

    assert silent == []


def test_every_package_is_one():
    folders = {path.parent for path in code(*HOUSE)}
    bare = {
        named(folder)
        for folder in folders
        if not (folder / "__init__.py").exists() and "migrations" not in folder.parts
    }

    assert bare == set()


def test_the_map_shows_the_house_as_it_is():
    paper = (ROOT / "docs" / "house.md").read_text(encoding="utf-8")

    assert paper == house_map.paper_with(paper), "run: make map"
