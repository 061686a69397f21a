"""The hostile set: every file is named for what it is, or taken with all that it hides shown."""

import tempfile

import pytest

from monitor.attachments import FileRefused, inspect
from tests.attachments.hostile import REFUSED, TAKEN


def look(name: str, data: bytes):
    """What the guarded child says of these bytes."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        file.seek(0)
        return inspect(file.fileno(), name)


def test_there_are_enough_of_them():
    assert len(REFUSED) + len(TAKEN) >= 40


@pytest.mark.parametrize("case", REFUSED)
def test_what_means_harm_is_refused_by_its_name(case):
    hostile = REFUSED[case]

    with pytest.raises(FileRefused) as refused:
        look(hostile.name, hostile.make())

    assert (refused.value.code, hostile.says in refused.value.message + refused.value.remedy) == (
        hostile.code,
        True,
    ), refused.value.message
    assert refused.value.remedy


@pytest.mark.parametrize("case", TAKEN)
def test_what_hides_something_is_taken_and_told(case):
    hiding = TAKEN[case]

    found = look(hiding.name, hiding.make())

    assert found.kind.code == hiding.kind
    for code, words in hiding.traces:
        assert any(one.code == code and words in one.text for one in found.traces), found.traces
