"""Real letters are read whole; the tests skip where they are not at hand."""

import os
from collections import Counter
from pathlib import Path

import pytest

from monitor.channels import sheet
from monitor.domain.letters import Incoming, RowError
from monitor.domain.vocabulary import Channel
from tests.channels.conftest import NOW, ROOT, marked

LETTERS = ROOT.parent / "shared" / "data"


def read(name: str, columns: sheet.Columns) -> tuple[sheet.Sheet, list[Incoming | RowError]]:
    path = LETTERS / name
    if not path.is_file():
        pytest.skip("real letters are not at hand")
    fd = os.open(path, os.O_RDONLY)
    try:
        with sheet.read(
            fd, path.name, channel=Channel.MAILBOX, now=NOW, columns=columns, marked=marked
        ) as found:
            return found, list(found.rows)
    finally:
        os.close(fd)


@pytest.mark.parametrize(
    ("name", "count", "answered", "days", "unknown"),
    [
        ("letters_with_replies.xlsx", 1703, 1703, 0, ()),
        ("messages_with_votes.xlsx", 4326, 0, 14, ()),
        ("labelled_messages.xlsx", 290, 0, 0, ()),
    ],
)
def test_real_letters_are_read_whole(name, count, answered, days, unknown, columns):
    found, letters = read(name, columns)

    assert Counter(type(one) for one in letters) == {Incoming: count}
    assert sum(one.answered_at is not None for one in letters) == answered
    assert sum(one.date_only for one in letters) == days
    assert found.unknown == unknown
    assert not any("." in (one.upstream_no or "") for one in letters)
    assert all(one.text and one.text == one.text.strip() for one in letters)


def test_real_topic_tree_is_no_sheet_of_letters(columns):
    with pytest.raises(sheet.SheetRefused) as refusal:
        read("category_tree.xlsx", columns)

    assert refusal.value.code == "missing"
    assert Path(LETTERS).is_dir()
