"""Every hostile sheet is done or refused with a sentence; none hurts the process that asked."""

import re

import pytest

from monitor.channels.sheet import SheetRefused
from monitor.channels.sheet.refusals import SENTENCES
from monitor.domain.errors import SecrecyMarked
from monitor.domain.letters import Incoming, RowError
from tests.channels.conftest import Open
from tests.channels.hostile import CASES
from tests.channels.making import TEXT, Case, Marked, Taken, Turned

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_hostile_sheet_is_done_or_refused(case: Case, opened: Open):
    data = case.build()

    match case.expected:
        case Taken(rows, rejected, check):
            with opened(data, case.file) as sheet:
                found = list(sheet.rows)
            taken = [one for one in found if isinstance(one, Incoming)]
            errors = [one for one in found if isinstance(one, RowError)]
            assert (len(taken), len(errors)) == (rows, rejected)
            assert sheet.count == len(found)
            assert all(CHINESE.search(error.message) for error in errors)
            assert not any(TEXT in error.message + error.remedy for error in errors)
            if check:
                check(taken, errors)
        case Turned(codes):
            with pytest.raises(SheetRefused) as refusal, opened(data, case.file) as sheet:
                list(sheet.rows)
            assert refusal.value.code in codes
            assert CHINESE.search(refusal.value.message)
            assert CHINESE.search(refusal.value.remedy)
            assert TEXT not in refusal.value.message
        case Marked():
            with pytest.raises(SecrecyMarked) as refusal, opened(data, case.file):
                pass
            assert "★" not in refusal.value.message + refusal.value.remedy


def test_hostile_sheets_are_many_and_differently_named():
    assert len(CASES) >= 80
    assert len({case.name for case in CASES}) == len(CASES)


def test_hostile_sheets_expect_known_codes():
    expected = {
        code for case in CASES if isinstance(case.expected, Turned) for code in case.expected.codes
    }

    assert expected <= set(SENTENCES)
