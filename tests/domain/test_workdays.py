"""The work calendar against the State Council's notices, and its office hours."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from monitor.domain.errors import Incomplete
from monitor.domain.workdays import (
    SHANGHAI,
    Calendar,
    OfficeHours,
    YearTable,
    not_before,
    packaged_year,
    parse_year,
)
from tests.domain.shipped import CALENDAR, TABLES

# Days off that fall on weekdays, and weekend days that are worked, as the notices list them.
NOTICES = """
2018 off 0101 0215 0216 0219 0220 0221 0405 0406 0430 0501
2018 off 0618 0924 1001 1002 1003 1004 1005 1231
2018 work 0211 0224 0408 0428 0929 0930 1229
2019 off 0101 0204 0205 0206 0207 0208 0405 0501 0502 0503
2019 off 0607 0913 1001 1002 1003 1004 1007
2019 work 0202 0203 0428 0505 0929 1012
2020 off 0101 0124 0127 0128 0129 0130 0131 0406 0501 0504
2020 off 0505 0625 0626 1001 1002 1005 1006 1007 1008
2020 work 0119 0426 0509 0628 0927 1010
2021 off 0101 0211 0212 0215 0216 0217 0405 0503 0504 0505
2021 off 0614 0920 0921 1001 1004 1005 1006 1007
2021 work 0207 0220 0425 0508 0918 0926 1009
2022 off 0103 0131 0201 0202 0203 0204 0404 0405 0502 0503
2022 off 0504 0603 0912 1003 1004 1005 1006 1007
2022 work 0129 0130 0402 0424 0507 1008 1009
2023 off 0102 0123 0124 0125 0126 0127 0405 0501 0502 0503
2023 off 0622 0623 0929 1002 1003 1004 1005 1006
2023 work 0128 0129 0423 0506 0625 1007 1008
2024 off 0101 0212 0213 0214 0215 0216 0404 0405 0501 0502
2024 off 0503 0610 0916 0917 1001 1002 1003 1004 1007
2024 work 0204 0218 0407 0428 0511 0914 0929 1012
2025 off 0101 0128 0129 0130 0131 0203 0204 0404 0501 0502
2025 off 0505 0602 1001 1002 1003 1006 1007 1008
2025 work 0126 0208 0427 0928 1011
2026 off 0101 0102 0216 0217 0218 0219 0220 0223 0406 0501
2026 off 0504 0505 0619 0925 1001 1002 1005 1006 1007
2026 work 0104 0214 0228 0509 0920 1010
"""


def noticed(year: int, kind: str) -> list[str]:
    lines = [line.split() for line in NOTICES.split("\n") if line.startswith(f"{year} {kind} ")]
    return [day for line in lines for day in line[2:]]


def exceptions(calendar: Calendar, year: int) -> tuple[list[str], list[str]]:
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    days = [day for day in days if day.year == year]
    off = [d for d in days if d.weekday() < 5 and not calendar.classify(d).counts]
    work = [d for d in days if d.weekday() >= 5 and calendar.classify(d).counts]
    return [f"{d:%m%d}" for d in off], [f"{d:%m%d}" for d in work]


@pytest.mark.parametrize("year", range(2018, 2027))
def test_calendar_follows_the_notice_of_the_year(year):
    assert exceptions(CALENDAR, year) == (noticed(year, "off"), noticed(year, "work"))
    assert not CALENDAR.table(year).provisional


@pytest.mark.parametrize("year", [2025, 2026])
def test_shipped_year_agrees_with_the_package(year):
    package = Calendar({year: packaged_year(year)})

    assert exceptions(package, year) == exceptions(CALENDAR, year)
    assert "国办发明电" in TABLES[year].source


def test_shipped_table_beats_the_package():
    moved = YearTable(2, "通知", {}, {date(2026, 10, 3): "补班"})
    calendar = Calendar({2026: moved})

    assert calendar.classify(date(2026, 10, 1)).why == "工作日"
    assert calendar.classify(date(2026, 10, 3)).why == "补班"
    assert calendar.edition(date(2026, 1, 1), date(2026, 1, 2)) == "2026 年第 2 版"


@pytest.mark.parametrize(
    ("day", "counts", "why"),
    [
        (date(2026, 10, 1), False, "国庆节"),
        (date(2026, 10, 5), False, "放假"),
        (date(2026, 10, 7), False, "调休"),
        (date(2026, 10, 10), True, "补班"),
        (date(2026, 10, 12), True, "工作日"),
        (date(2026, 10, 17), False, "周六"),
        (date(2026, 10, 18), False, "周日"),
        (date(2026, 2, 16), False, "春节"),
        (date(2024, 10, 4), False, "调休"),  # from the package, in this desk's words
        (date(2024, 2, 13), False, "放假"),
        (date(2020, 10, 1), False, "中秋节、国庆节"),
    ],
)
def test_day_says_why(day, counts, why):
    judged = CALENDAR.classify(day)

    assert (judged.counts, judged.why, judged.provisional) == (counts, why, False)


def test_year_without_notice_is_provisional_and_never_an_error():
    calendar = Calendar({})

    assert calendar.table(2060).provisional
    assert calendar.classify(date(2060, 10, 1)).why == "国庆节"
    assert calendar.classify(date(2060, 10, 1)).provisional
    assert calendar.classify(date(2060, 3, 6)).why == "周六"
    assert calendar.edition(date(2026, 12, 1), date(2027, 1, 4)).startswith("2026 年内置、2027 年")
    assert calendar.provisional_between(date(2026, 12, 31), date(2060, 1, 1))
    assert not calendar.provisional_between(date(2000, 1, 1), date(2026, 12, 31))


def test_neighbouring_working_days():
    holiday = date(2026, 10, 3)

    assert CALENDAR.next_workday(holiday) == date(2026, 10, 8)
    assert CALENDAR.previous_workday(holiday) == date(2026, 9, 30)
    assert CALENDAR.add_workdays(holiday, 0) == date(2026, 10, 8)
    assert CALENDAR.add_workdays(date(2026, 10, 10), 0) == date(2026, 10, 10)
    assert CALENDAR.add_workdays(date(2026, 10, 8), -3) == date(2026, 9, 28)
    assert CALENDAR.workdays_between(date(2026, 9, 28), date(2026, 10, 10)) == 5
    assert CALENDAR.workdays_between(date(2026, 10, 10), date(2026, 9, 28)) == -5


@pytest.mark.parametrize(
    ("start", "end", "minutes", "why"),
    [
        ("2026-10-09T09:00", "2026-10-09T10:30", 90, "within the morning"),
        ("2026-10-09T11:30", "2026-10-09T14:00", 60, "noon break is free"),
        ("2026-10-09T06:00", "2026-10-09T22:00", 450, "a whole day is 7.5 hours"),
        ("2026-09-30T17:00", "2026-10-08T09:00", 60, "国庆 is free"),
        ("2026-10-10T08:30", "2026-10-10T12:00", 210, "make-up Saturday is worked"),
        ("2026-10-11T00:00", "2026-10-11T23:59", 0, "Sunday"),
        ("2025-12-31T08:30", "2026-01-05T17:30", 1350, "31 December, make-up Sunday 4, 5 January"),
        ("2026-10-09T10:30", "2026-10-09T09:00", -90, "backwards is negative"),
    ],
)
def test_working_seconds_as_worked_by_hand(start, end, minutes, why):
    found = CALENDAR.working_seconds(datetime.fromisoformat(start), datetime.fromisoformat(end))

    assert found == minutes * 60, why


def test_utc_is_read_in_shanghai():
    start = datetime(2026, 10, 9, 0, 30, tzinfo=UTC)

    assert CALENDAR.working_seconds(start, start + timedelta(hours=1)) == 3600
    assert CALENDAR.opening(date(2026, 10, 9)) == start


def test_office_hours_are_data():
    summer = OfficeHours(((time(9), time(12)), (time(14), time(18))))
    calendar = Calendar(TABLES, summer)

    assert calendar.closing(date(2026, 10, 9)) == datetime(2026, 10, 9, 18, tzinfo=SHANGHAI)
    assert calendar.working_seconds(datetime(2026, 10, 9), datetime(2026, 10, 10)) == 7 * 3600
    with pytest.raises(Incomplete, match="办公时间为空"):
        Calendar(TABLES, OfficeHours(()))


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"year": "2026"}, "缺少年份"),
        ({"year": 2026, "off": ["2026-01-01"]}, "日期: 事由"),
        ({"year": 2026, "off": {"2026-02-30": "春节"}}, "不存在的日期"),
        ({"year": 2026, "off": {"2027-01-01": "元旦"}}, "别的年份"),
        (
            {"year": 2026, "off": {"2026-01-04": "元旦"}, "work": {"2026-01-04": "补班"}},
            "既放假又补班",
        ),
    ],
)
def test_wrong_year_file_is_refused_with_a_sentence(document, message):
    with pytest.raises(Incomplete, match=message):
        parse_year(document)


@pytest.mark.parametrize(
    ("told", "meant"),
    [("10:24:00", "10:24:31"), ("10:25:00", "10:25:00"), ("10:23:00", "10:23:00")],
)
def test_what_is_told_to_the_minute_does_not_precede_what_it_follows(told, meant):
    day = date(2026, 10, 9)
    first = datetime.combine(day, time(10, 24, 31), SHANGHAI)

    at = not_before(first, datetime.combine(day, time.fromisoformat(told), SHANGHAI))

    assert at == datetime.combine(day, time.fromisoformat(meant), SHANGHAI)
