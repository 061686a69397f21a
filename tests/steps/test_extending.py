"""More time for an answer: asked before expiry, decided by whom the rule names, told, within it."""

from datetime import datetime, timedelta

import pytest

from monitor.domain.dispatch import Decision
from monitor.domain.errors import Incomplete, Refused
from monitor.domain.workdays import SHANGHAI
from monitor.steps import dispatch
from monitor.steps.timing import extending
from tests.steps.conftest import MORNING
from tests.steps.letters import letter, row
from tests.steps.test_clocks import HELP, HOUR, clock, due, taken

DAY = timedelta(days=1)
# Received on Monday 2026-09-21, in hand the same day.
WHY = "等财政批复"
TOLD = {"way": "电话", "outcome": "已说明要晚几天"}


@pytest.fixture
def number(office):
    """A letter in hand of the section of funds."""
    number = taken(office, letter(MORNING))
    office.on(number, MORNING + HOUR, "lin", dispatch.send, decision=HELP)
    office.on(number, MORNING + 2 * HOUR, "zhou", dispatch.sign)
    return number


def asked(office, number, days=3, at=MORNING + DAY):
    office.on(number, at, "zhou", extending.ask, days=days, reason=WHY)


def test_a_granted_extension_moves_answer_and_hand_in_by_working_days(office, number):
    before = due(office, number, "answer"), due(office, number, "submit")
    asked(office, number, 1)
    assert (due(office, number, "answer"), due(office, number, "submit")) == before

    office.on(number, MORNING + DAY + HOUR, "qian", extending.grant, **TOLD)

    after = due(office, number, "answer"), due(office, number, "submit")
    assert clock(office, number, "answer").extension == 1
    assert after[0] > before[0]
    assert after[1] > before[1]


def test_a_refused_extension_moves_nothing_and_keeps_its_reason(office, number):
    before = due(office, number, "answer")
    asked(office, number)

    office.on(number, MORNING + DAY + HOUR, "qian", extending.refuse, reason="抓紧办理")

    assert due(office, number, "answer") == before


def test_nobody_grants_what_he_has_asked_for_and_no_stranger_decides(office, number):
    asked(office, number)

    for who in ("zhou", "lin", "sun"):
        with pytest.raises(Refused):
            office.on(number, MORNING + DAY + HOUR, who, extending.grant, **TOLD)


def test_the_requester_must_have_been_told(office, number):
    asked(office, number)

    with pytest.raises(Incomplete):
        office.on(number, MORNING + DAY + HOUR, "qian", extending.grant, way="", outcome="")


def test_a_second_request_waits_for_the_first_and_a_second_extension_is_refused(office, number):
    asked(office, number, 1)
    with pytest.raises(Refused, match="已经申请过"):
        asked(office, number, 1)
    office.on(number, MORNING + DAY + HOUR, "qian", extending.grant, **TOLD)

    with pytest.raises(Refused, match="最多延期 1 次"):
        asked(office, number, 1, at=MORNING + DAY + 2 * HOUR)


@pytest.mark.parametrize("days", [0, 99, None])
def test_days_beyond_the_rule_are_refused_by_field(office, number, days):
    with pytest.raises(Incomplete) as refusal:
        asked(office, number, days)

    assert "days" in refusal.value.fields


def test_after_expiry_nothing_is_asked_for_nor_granted(office, number):
    last = clock(office, number, "answer").due_at
    asked(office, number, 1)

    with pytest.raises(Refused, match="不能再延期"):
        office.on(number, last + HOUR, "qian", extending.grant, **TOLD)
    office.on(number, last + HOUR, "qian", extending.refuse, reason="已过期")
    with pytest.raises(Refused, match="不能延期"):
        asked(office, number, 1, at=last + 2 * HOUR)


def test_what_the_upstream_has_set_is_extended_there(office):
    given = datetime(2026, 9, 29, 23, 59, 59, tzinfo=SHANGHAI)
    number = taken(office, row(MORNING, "A1", upstream_due=given))
    office.on(number, MORNING + HOUR, "lin", dispatch.send,
              decision=Decision("funds", "help", "normal", "funds"))  # fmt: skip
    office.on(number, MORNING + 2 * HOUR, "zhou", dispatch.sign)

    with pytest.raises(Refused, match="上级平台"):
        asked(office, number, 1)
