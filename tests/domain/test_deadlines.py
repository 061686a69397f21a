"""Hand-worked due dates: each row was counted on paper, the reasoning stands beside it."""

from datetime import date, datetime

import pytest

from monitor.domain import deadlines
from monitor.domain.rulepack import Pause
from monitor.domain.vocabulary import Urgency
from monitor.domain.workdays import SHANGHAI
from tests.domain.shipped import CALENDAR, PACK

DAY_CLOCKS = [
    # 国庆 2026: 1 to 7 October off, Saturday 10 October worked
    ("LX-1", "2026-09-28T09:12", "2026-10-10", "29 30 | 8 9 and make-up Saturday 10"),
    ("LX-1", "2026-09-28T00:00", "2026-10-10", "first minute of the same day: no difference"),
    ("LX-1", "2026-09-28T23:59", "2026-10-10", "after hours of the same day: no difference"),
    ("LX-1", "2026-09-30T16:00", "2026-10-13", "8 9 10 | 12 13"),
    ("LX-1", "2026-10-03T10:00", "2026-10-13", "received on a holiday: 8 is day 1"),
    ("LX-1", "2026-10-07T10:00", "2026-10-13", "received on 调休: 8 is day 1"),
    ("LX-1", "2026-10-09T09:38", "2026-10-15", "make-up Saturday 10 is day 1, then 12-15"),
    ("LX-1", "2026-10-10T09:00", "2026-10-16", "received on a make-up Saturday: day zero; 12-16"),
    ("LX-1", "2026-10-11T09:00", "2026-10-16", "received on a Sunday: 12-16"),
    ("LX-1", "2026-09-18T09:00", "2026-09-24", "make-up Sunday 20 is day 1, then 21-24"),
    ("LX-1", "2026-09-19T09:00", "2026-09-24", "received on Saturday: Sunday 20 is day 1"),
    ("LX-1", "2026-09-22T09:00", "2026-09-30", "23 24 | 中秋 25-27 | 28 29 30"),
    # 春节 2026: 15 to 23 February off, Saturdays 14 and 28 worked
    ("LX-1", "2026-02-12T09:00", "2026-02-26", "13, make-up 14 | 24 25 26"),
    ("LX-1", "2026-02-13T09:00", "2026-02-27", "make-up 14 | 24 25 26 27"),
    ("LX-1", "2026-02-14T09:00", "2026-02-28", "24 25 26 27, make-up 28"),
    ("LX-1", "2026-02-17T09:00", "2026-02-28", "received at 春节: 24 is day 1, 28 is day 5"),
    ("LX-1", "2026-02-24T09:00", "2026-03-02", "25 26 27, make-up 28 | Monday 2 March"),
    # the other holidays of 2026
    ("LX-1", "2025-12-26T09:00", "2026-01-05", "29 30 31 | make-up Sunday 4 January, 5"),
    ("LX-1", "2025-12-31T09:00", "2026-01-08", "make-up Sunday 4 is day 1, then 5-8"),
    ("LX-1", "2026-04-03T09:00", "2026-04-13", "清明 4-6 | 7 8 9 10 | 13"),
    ("LX-1", "2026-04-30T09:00", "2026-05-11", "1-5 May off | 6 7 8, make-up 9 | 11"),
    ("LX-1", "2026-06-18T09:00", "2026-06-26", "端午 19-21 | 22-26"),
    # 2025 and, from the built-in tables, 2024 and 2020
    ("LX-1", "2025-01-24T09:00", "2025-02-07", "make-up Sunday 26, 27 | 5 6 7 February"),
    ("LX-1", "2025-02-06T09:00", "2025-02-12", "7, make-up Saturday 8 | 10 11 12"),
    ("LX-1", "2025-04-25T09:00", "2025-05-06", "make-up Sunday 27, 28 29 30 | 6 May"),
    ("LX-1", "2025-09-26T09:00", "2025-10-10", "make-up Sunday 28, 29 30 | 9 10"),
    ("LX-1", "2025-10-08T09:00", "2025-10-14", "9 10, make-up Saturday 11 | 13 14"),
    ("LX-1", "2024-09-27T09:00", "2024-10-10", "make-up Sunday 29, 30 | 8 9 10"),
    ("LX-1", "2023-09-28T09:00", "2023-10-11", "29 to 6 off | make-up 7 and 8, then 9 10 11"),
    ("LX-1", "2023-01-19T09:00", "2023-01-31", "20 | 春节 21-27 | make-up 28 and 29, 30 31"),
    ("LX-1", "2022-09-30T18:20", "2022-10-12", "after hours: no difference; make-up 8 9, 10-12"),
    ("LX-1", "2021-09-24T09:00", "2021-09-30", "make-up Sunday 26, then 27-30"),
    ("LX-1", "2021-02-05T09:00", "2021-02-18", "make-up Sunday 7, 8 9 10 | 春节 11-17 | 18"),
    ("LX-1", "2020-01-17T09:00", "2020-01-23", "make-up Sunday 19, 20 21 22 23"),
    ("LX-1", "2020-01-22T09:00", "2020-02-06", "23 | 春节 lengthened to 2 February | 3 4 5 6"),
    # other lengths
    ("LX-1.complex", "2026-09-28T09:00", "2026-10-23", "five by 10, then 12-16 and 19-23"),
    ("JC-1", "2026-05-08T09:00", "2026-05-12", "make-up Saturday 9 | 11 12"),
    ("FOI-1", "2026-02-10T09:00", "2026-02-26", "11 12 13, make-up 14 | 24 25 26"),
    ("FOI-2", "2026-09-10T09:00", "2026-10-14", "11, 14-18, 20, 21-24, 28-30 = 14 | 8 9 10, 12-14"),
    ("FOI-3", "2026-09-22T09:00", "2026-10-20", "23 24 | 28 29 30 | 8 9 10 | 12-16 | 19 20"),
    ("IN.publish", "2026-10-10T15:00", "2026-10-16", "answered on the make-up Saturday: 12-16"),
    ("IN.callback", "2026-09-29T15:00", "2026-10-09", "30 | 8 9"),
    # nought days: the day itself, or the next working day
    ("IN.triage", "2026-10-09T18:40", "2026-10-09", "after hours, the hour never matters"),
    ("IN.triage", "2026-10-17T10:00", "2026-10-19", "Saturday: Monday"),
    ("IN.triage", "2026-10-10T10:00", "2026-10-10", "make-up Saturday is a working day"),
    ("HL-0", "2026-10-02T10:00", "2026-10-08", "a holiday: the first working day after it"),
    # calendar days; a last day on a rest day rolls forward
    ("XF-1", "2026-08-03T09:00", "2026-08-18", "3 + 15 = Tuesday 18"),
    ("XF-1", "2026-08-07T09:00", "2026-08-24", "7 + 15 = Saturday 22, so Monday 24"),
    ("XF-1", "2026-09-05T09:00", "2026-09-20", "5 + 15 = Sunday 20, worked: it stays"),
    ("XF-1", "2026-09-10T09:00", "2026-09-28", "10 + 15 = 中秋 25, so Monday 28"),
    ("XF-1", "2026-09-19T09:00", "2026-10-08", "19 + 15 = 4 October, so Thursday 8"),
    ("XF-2", "2026-08-03T09:00", "2026-10-08", "3 August + 60 = 2 October, so Thursday 8"),
]

HOURS_CLOCKS = [
    ("YQ-2", "2026-09-30T15:00", {}, "2026-10-02T15:00", "48 hours run through the holiday"),
    ("YQ-2", "2026-09-30", {"date_only": True}, "2026-10-02T08:30", "from opening time"),
    ("YQ-1", "2026-10-01T22:00", {}, "2026-10-02T03:00", "5 hours, night or not"),
    ("YQ-1.briefing", "2026-10-01T22:00", {}, "2026-10-02T22:00", "24 hours"),
    ("LX-1.ack", "2026-10-09T16:00", {}, "2026-10-10T16:00", "24 hours by the clock"),
    ("IN.triage", "2026-10-09T09:38", "urgent", "2026-10-09T10:38", "one hour of the morning"),
    ("IN.triage", "2026-09-29T11:30", "urgent", "2026-09-29T14:00", "half before, half after noon"),
    ("IN.triage", "2026-09-29T12:30", "urgent", "2026-09-29T14:30", "noon break: from 13:30"),
    ("IN.triage", "2026-09-29T16:30", "urgent", "2026-09-29T17:30", "ends with the day, not after"),
    ("IN.triage", "2026-09-30T17:00", "urgent", "2026-10-08T09:00", "half an hour | half on 8"),
    (
        "IN.triage",
        "2026-10-10T17:00",
        "urgent",
        "2026-10-12T09:00",
        "make-up Saturday, then Monday",
    ),
    ("IN.triage", "2026-02-21T10:00", "urgent", "2026-02-24T09:30", "春节: from opening on 24"),
    ("IN.triage", "2026-10-09T06:00", "critical", "2026-10-09T09:30", "before opening"),
    ("IN.sign", "2026-09-28T09:31", "urgent", "2026-09-28T11:31", "two hours of the morning"),
    ("IN.sign", "2026-09-28T16:31", "urgent", "2026-09-29T09:31", "59 minutes | 61 minutes"),
    ("IN.contact", "2026-09-28T09:12", "urgent", "2026-09-28T11:12", "2 hours by the clock"),
    ("IN.contact", "2026-10-09T16:00", {}, "2026-10-10T16:00", "24 hours by the clock"),
]

THIRD = Pause(date(2026, 9, 21), date(2026, 10, 8), "征求第三方意见")
FIRST_HALF = Pause(date(2026, 9, 21), date(2026, 9, 30), "征求第三方意见")
SECOND_HALF = Pause(date(2026, 9, 28), date(2026, 10, 8), "征求其他机关意见")
GOLDEN_WEEK = Pause(date(2026, 10, 1), date(2026, 10, 7), "征求第三方意见")
ANSWERED_ON_12 = Pause(date(2026, 9, 22), date(2026, 10, 12), "征求第三方意见")
AUGUST = Pause(date(2026, 8, 10), date(2026, 8, 14), "停表")
PAUSED = [
    ("FOI-2", "2026-09-10", [THIRD], 0, "2026-10-26", "7 by 20 | 9 10 = 9, 12-16, 19-23, 26"),
    ("FOI-2", "2026-09-10", [FIRST_HALF, SECOND_HALF], 0, "2026-10-26", "overlap counts once"),
    ("FOI-2", "2026-09-10", [SECOND_HALF, FIRST_HALF], 0, "2026-10-26", "in either order"),
    ("FOI-2", "2026-09-10", [GOLDEN_WEEK], 0, "2026-10-14", "standing on rest days costs nothing"),
    ("FOI-2", "2026-09-10", [THIRD], 20, "2026-11-23", "26 October + 27-30, 2-6, 9-13, 16-20, 23"),
    ("FOI-2", "2026-09-10", [], 20, "2026-11-11", "14 October + 15 16, 19-23, 26-30, 2-6, 9 10 11"),
    # 补正 received on 18 September begins anew; a third party asked on 21; then an extension
    ("FOI-2", "2026-09-18", [], 0, "2026-10-22", "20-24 | 28 29 30 | 8 9 10, 12-16 = 16, 19-22"),
    ("FOI-2", "2026-09-18", [ANSWERED_ON_12], 0, "2026-11-05", "20 21 | 13-16, 19-23, 26-30, 2-5"),
    ("FOI-2", "2026-09-18", [ANSWERED_ON_12], 20, "2026-12-03", "5 November + 6, 9-27, 30, 1-3"),
    ("LX-1", "2026-09-28", [], 5, "2026-10-16", "10 October + 12-16"),
    ("XF-1", "2026-08-03", [AUGUST], 0, "2026-08-24", "18 + 5 = Sunday 23, so Monday 24"),
    ("XF-2", "2026-08-03", [], 30, "2026-11-02", "60 + 30 = Sunday 1 November, so Monday 2"),
    ("HL-0", "2026-10-09", [], 1, "2026-10-10", "one working day more: make-up Saturday"),
    ("HL-0", "2026-10-02", [], 1, "2026-10-09", "rolled to 8, then one working day"),
]


@pytest.mark.parametrize(("code", "start", "last", "why"), DAY_CLOCKS)
def test_day_clock_ends_as_worked_by_hand(code, start, last, why):
    due = deadlines.due(PACK.find(code), datetime.fromisoformat(start), CALENDAR)

    assert due.at.isoformat() == f"{last}T23:59:59+08:00", why
    assert due.last_day == date.fromisoformat(last)
    assert not due.provisional


@pytest.mark.parametrize(("code", "start", "given", "at", "why"), HOURS_CLOCKS)
def test_hours_clock_ends_as_worked_by_hand(code, start, given, at, why):
    given = {"urgency": Urgency(given)} if isinstance(given, str) else given

    due = deadlines.due(PACK.find(code), datetime.fromisoformat(start), CALENDAR, **given)

    assert due.at.isoformat() == f"{at}:00+08:00", why
    assert sum(cell.seconds for cell in due.trace) == due.limit.amount * 3600


@pytest.mark.parametrize(("code", "start", "pauses", "extension", "last", "why"), PAUSED)
def test_pause_and_extension_end_as_worked_by_hand(code, start, pauses, extension, last, why):
    due = deadlines.due(
        PACK.find(code),
        datetime.fromisoformat(start),
        CALENDAR,
        pauses=pauses,
        extension_days=extension,
    )

    assert due.last_day == date.fromisoformat(last), why


def test_hours_clock_stands_on_paused_days():
    sign, opinion = PACK.find("IN.sign"), PACK.find("YQ-2")
    saturday = Pause(date(2026, 10, 10), date(2026, 10, 10))
    holiday = Pause(date(2026, 10, 1), date(2026, 10, 1))

    # one hour on Friday the 9th, Saturday stands, one hour on Monday the 12th
    at = deadlines.due_at(
        sign,
        datetime(2026, 10, 9, 16, 30),
        CALENDAR,
        urgency=Urgency.URGENT,
        pauses=[saturday],
    )
    later = deadlines.due_at(opinion, datetime(2026, 9, 30, 15), CALENDAR, pauses=[holiday])

    assert at == datetime(2026, 10, 12, 9, 30, tzinfo=SHANGHAI)
    assert later == datetime(2026, 10, 3, 15, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("answer", "days", "not_before", "at", "why"),
    [
        ("2026-10-10T23:59:59", 1, None, "2026-10-09T17:30", "Friday before the make-up Saturday"),
        ("2026-10-08T23:59:59", 1, None, "2026-09-30T17:30", "the last day before 国庆"),
        ("2026-02-24T23:59:59", 1, None, "2026-02-14T17:30", "the make-up Saturday before 春节"),
        ("2026-10-12T23:59:59", 2, None, "2026-10-09T17:30", "two back: 10, 9"),
        ("2026-10-11T23:59:59", 1, None, "2026-10-10T17:30", "upstream due on a Sunday"),
        ("2026-10-09T23:59:59", 1, "2026-10-09T09:00", "2026-10-09T17:30", "came the same day"),
        ("2026-10-09T23:59:59", 1, "2026-10-09T18:00", "2026-10-09T23:59:59", "came after hours"),
        ("2026-10-09T12:00:00", 0, None, "2026-10-09T12:00", "never after the answer itself"),
    ],
)
def test_hand_in_lies_before_the_answer(answer, days, not_before, at, why):
    earliest = datetime.fromisoformat(not_before) if not_before else None

    found = deadlines.before(datetime.fromisoformat(answer), days, CALENDAR, not_before=earliest)

    assert found == datetime.fromisoformat(at).replace(tzinfo=SHANGHAI), why


@pytest.mark.parametrize(
    ("start", "last", "provisional"),
    [
        ("2026-12-24", "2026-12-31", False),  # 25 28 29 30 31: leans on 2026 alone
        ("2026-12-28", "2027-01-05", True),  # 29 30 31 | 元旦 1 January | 4 5
        ("2027-09-29", "2027-10-11", True),  # 30 | 1-5 October off by statute | 6 7 8 | 11
    ],
)
def test_year_not_announced_is_provisional(start, last, provisional):
    due = deadlines.due(PACK.find("LX-1"), datetime.fromisoformat(start), CALENDAR)

    assert (due.last_day.isoformat(), due.provisional) == (last, provisional)
    assert ("暂定" in due.sentence) is provisional
    assert ("暂定" in due.calendar) is provisional


def test_moment_with_another_offset_is_read_in_shanghai():
    # 16:30 UTC on the 27th is already the 28th in Shanghai
    start = datetime.fromisoformat("2026-09-27T16:30:00+00:00")

    assert deadlines.due_at(PACK.find("LX-1"), start, CALENDAR).date() == date(2026, 10, 10)
