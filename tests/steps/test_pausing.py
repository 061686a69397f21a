"""Where the law lets a disclosure clock stand: third parties, corrections; once, in time, told."""

from datetime import date, datetime, timedelta

import pytest

from monitor.domain.dispatch import Decision
from monitor.domain.errors import Incomplete, NotAllowed, Refused
from monitor.domain.vocabulary import Channel
from monitor.domain.workdays import SHANGHAI, local
from monitor.steps import dispatch
from monitor.steps.timing import extending, pausing
from tests.steps.conftest import MORNING
from tests.steps.letters import letter
from tests.steps.test_clocks import HOUR, clock, due, taken

# Received on Monday 2026-09-21; 25 to 27 September and 1 to 7 October are off; 20 September
# and 10 October are worked.
CONSULT = Decision("disclosure", "consult", "normal", "funds")
ASKED = {"text": "请补正文号", "way": "电话"}


def at(month: int, day: int, hour: int = 10) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=SHANGHAI)


@pytest.fixture
def number(office):
    """A request for disclosure in hand of the section of funds."""
    number = taken(office, letter(MORNING, channel=Channel.DISCLOSURE))
    office.on(number, MORNING + HOUR, "lin", dispatch.send, decision=CONSULT)
    office.on(number, MORNING + 2 * HOUR, "li", dispatch.sign)
    return number


def paused(office, number, when, cause="third_party"):
    office.on(
        number, when, "li", pausing.pause, cause=cause, noticed_on=when.date(), text="征求某公司"
    )


def resumed(office, number, when):
    office.on(number, when, "li", pausing.resume, received_on=when.date(), outcome="不同意公开")


def test_without_a_pause_the_twentieth_working_day_is_the_last(office, number):
    # 22-24 Sept 3, 28-30 Sept 6, 8-10 Oct 9, 12-16 Oct 14, 19-23 Oct 19, 26 Oct 20.
    assert due(office, number, "answer") == "10-26 23:59:59"


def test_days_of_consulting_a_third_party_do_not_count(office, number):
    hand_in = due(office, number, "submit")
    paused(office, number, at(9, 23))
    # Delivered on the 23rd, the 15th working day is 21 October: so long it may stand.
    # 15 working days after 26 October: 4 that week, 5, 5, and Monday 16 November.
    assert due(office, number, "answer") == "11-16 23:59:59"

    resumed(office, number, at(9, 29))

    # Only 24, 28 and 29 September stood: three working days after 26 October.
    assert due(office, number, "answer") == "10-29 23:59:59"
    assert due(office, number, "submit") > hand_in


def test_an_answer_on_the_day_of_the_notice_costs_nothing_and_changes_nothing(office, number):
    before = due(office, number, "answer")
    paused(office, number, at(9, 23))

    resumed(office, number, at(9, 23, 16))

    assert due(office, number, "answer") == before
    assert clock(office, number, "answer").pauses == []


def test_who_stays_silent_stops_the_clock_no_longer_than_the_law_gives_him(office, number):
    paused(office, number, at(9, 23))
    most = due(office, number, "answer")

    resumed(office, number, at(11, 5))

    assert due(office, number, "answer") == most


def test_two_grounds_one_after_the_other_both_count_and_never_at_once(office, number):
    paused(office, number, at(9, 23))
    with pytest.raises(Refused, match="已经因"):
        paused(office, number, at(9, 24), "co_organ")
    resumed(office, number, at(9, 24))
    paused(office, number, at(9, 29), "co_organ")
    resumed(office, number, at(9, 30))

    # 24 and 30 September stood.
    assert due(office, number, "answer") == "10-28 23:59:59"


def test_a_correction_begins_the_limit_anew_and_keeps_the_old_clock_beside(office, number):
    office.on(number, at(9, 22), "li", pausing.ask_correction, until=date(2026, 10, 9), **ASKED)
    office.on(number, at(9, 29), "li", pausing.receive_correction, received_on=date(2026, 9, 29))

    # From 29 Sept: 30 Sept 1, 8-10 Oct 4, 12-16 Oct 9, 19-23 Oct 14, 26-30 Oct 19, 2 Nov 20.
    assert due(office, number, "answer") == "11-02 23:59:59"
    assert local(clock(office, number, "answer").started_at).date() == date(2026, 9, 29)
    assert clock(office, number, "contact").ended_at is not None
    assert office.order(number).received_at == MORNING


def test_a_correction_is_asked_for_once_only(office, number):
    office.on(number, at(9, 22), "li", pausing.ask_correction, until=date(2026, 10, 9), **ASKED)
    office.on(number, at(9, 24), "li", pausing.receive_correction, received_on=date(2026, 9, 24))

    with pytest.raises(Refused, match="只能有一次"):
        office.on(
            number, at(9, 28), "li", pausing.ask_correction, until=date(2026, 10, 20), **ASKED
        )


def test_after_seven_working_days_no_correction_can_be_asked_for(office, number):
    # The seventh working day after 21 September is 8 October.
    with pytest.raises(Refused, match="10月8日 前告知"):
        office.on(
            number, at(10, 9), "li", pausing.ask_correction, until=date(2026, 10, 20), **ASKED
        )


def test_correction_then_third_party_then_extension(office, number):
    office.on(number, at(9, 22), "li", pausing.ask_correction, until=date(2026, 10, 9), **ASKED)
    office.on(number, at(9, 29), "li", pausing.receive_correction, received_on=date(2026, 9, 29))
    paused(office, number, at(10, 9))
    resumed(office, number, at(10, 13))
    # 10, 12 and 13 October stood: 2 November becomes 5 November.
    assert due(office, number, "answer") == "11-05 23:59:59"

    office.on(number, at(10, 20), "zhou", extending.ask, days=5, reason="等会商")
    office.on(number, at(10, 21), "qian", extending.grant, way="电话", outcome="已说明")

    assert due(office, number, "answer") == "11-12 23:59:59"


def test_only_after_its_term_an_uncorrected_request_counts_as_given_up(office, number):
    office.on(number, at(9, 22), "li", pausing.ask_correction, until=date(2026, 10, 9), **ASKED)

    with pytest.raises(Refused, match="还没有过"):
        office.on(number, at(10, 9), "qian", pausing.abandon, reason="没有补正")
    with pytest.raises(NotAllowed):
        office.on(number, at(10, 10), "zhou", pausing.abandon, reason="没有补正")
    office.on(number, at(10, 10), "qian", pausing.abandon, reason="没有补正")

    assert office.order(number).state == "notified"
    assert clock(office, number, "answer").cancelled_at is not None


def test_no_other_clock_may_stand(office):
    number = taken(office, letter(MORNING))
    office.on(number, MORNING + HOUR, "lin", dispatch.send, decision=CONSULT)
    office.on(number, MORNING + 2 * HOUR, "li", dispatch.sign)

    with pytest.raises(Refused, match="没有法律规定"):
        paused(office, number, at(9, 22))


@pytest.mark.parametrize("day", [date(2026, 9, 18), date(2026, 9, 24)])
def test_a_notice_before_the_receipt_or_tomorrow_is_refused_by_its_field(office, number, day):
    with pytest.raises(Incomplete) as refusal:
        office.on(
            number, at(9, 23), "li", pausing.pause, cause="third_party", noticed_on=day,
            text="征求某公司",
        )  # fmt: skip

    assert "noticed_on" in refusal.value.fields


def test_after_expiry_nothing_stands_any_more(office, number):
    with pytest.raises(Refused, match="已经到期"):
        paused(office, number, at(10, 27) + timedelta(hours=1))
