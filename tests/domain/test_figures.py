"""The arithmetic of figures: nearest rank, spans of weeks, months and ages, words."""

import math
import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import figures
from monitor.domain.errors import Incomplete
from monitor.domain.vocabulary import Promise
from monitor.domain.workdays import Calendar, parse_year

DATA = Path(__file__).parents[2] / "data"
SHIPPED = tomllib.loads((DATA / "rulebook" / "figures.toml").read_text(encoding="utf-8"))
CALENDAR = Calendar(
    dict(
        [parse_year({"year": 2026, "off": {"2026-10-01": "国庆节", "2026-10-02": "国庆节"}})],
    )
)


def test_every_rate_says_what_it_counts_and_leaves_out():
    for rate in figures.parse(SHIPPED).rates:
        assert rate.definition.endswith("。")
        assert rate.numerator
        assert rate.denominator
        assert "截至时还没有到期、也没有办完的不计" in rate.exclusions
        assert rate.smallest >= 1
        assert rate.target is None or 0 < rate.target <= 1


def test_the_rates_follow_the_life_of_an_order():
    assert figures.PROMISES == (
        Promise.TRIAGE,
        Promise.SIGN,
        Promise.CONTACT,
        Promise.SUBMIT,
        Promise.ANSWER,
        Promise.PUBLISH,
    )


@pytest.mark.parametrize(
    "change",
    [
        {"rates": {}},
        {"dashboard": {}},
        {"dashboard": {**SHIPPED["dashboard"], "age_days": [5, 3]}},
        {"dashboard": {**SHIPPED["dashboard"], "age_days": []}},
        {"rates": {**SHIPPED["rates"], "sign": {"smallest": "many"}}},
    ],
)
def test_a_malformed_book_is_refused(change):
    with pytest.raises(Incomplete):
        figures.parse({**SHIPPED, **change})


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], [None, None]),
        ([5], [5, 5]),
        ([4, 1, 3, 2], [2, 4]),
        (list(range(1, 11)), [5, 9]),
        (list(range(1, 12)), [6, 10]),
    ],
)
def test_median_and_ninth_decile_by_nearest_rank(values, expected):
    assert figures.nearest_ranks(values, figures.MEDIAN_AND_P90) == expected


@given(st.lists(st.integers(0, 10**7), min_size=1), st.floats(0.01, 1))
def test_nearest_rank_is_a_value_that_part_of_them_do_not_exceed(values, part):
    (value,) = figures.nearest_ranks(values, (part,))

    assert value in values
    assert sum(one <= value for one in values) >= part * len(values) - 1e-6
    assert sum(one < value for one in values) < math.ceil(part * len(values))


def test_a_share_of_nothing_is_none():
    assert figures.share(0, 0) is None
    assert figures.share(3, 4) == 0.75


def test_weeks_begin_on_monday_and_end_with_today():
    weeks = figures.weeks_until(date(2026, 10, 9), 3)

    assert [(week.label, week.first, week.last) for week in weeks] == [
        ("9-21", date(2026, 9, 21), date(2026, 9, 27)),
        ("9-28", date(2026, 9, 28), date(2026, 10, 4)),
        ("10-5", date(2026, 10, 5), date(2026, 10, 11)),
    ]


@given(st.dates(date(2026, 1, 15), date(2026, 12, 15)), st.integers(0, 60))
def test_every_day_of_receipt_has_one_age(today, back):
    day = date.fromordinal(today.toordinal() - back)
    spans = figures.ages(today, CALENDAR, [1, 3, 5])
    (span,) = [span for span in spans if span.holds(day)]

    age = CALENDAR.workdays_between(day, today)
    place = sum(age > bound for bound in (1, 3, 5))
    assert spans.index(span) == place


def test_ages_are_told_in_working_days():
    labels = [span.label for span in figures.ages(date(2026, 10, 9), CALENDAR, [1, 3, 5])]

    assert labels == ["1 日内", "2 至 3 日", "4 至 5 日", "5 日以上"]


def test_a_month_has_all_its_days():
    assert figures.month_span("2026-12") == figures.Span(
        "2026年12月", date(2026, 12, 1), date(2026, 12, 31)
    )
    assert figures.month_span("2028-02").last == date(2028, 2, 29)
    for wrong in ("2026-13", "2026", "", "2026-1", "2026-10-01", "9999-12"):
        with pytest.raises(Incomplete):
            figures.month_span(wrong)


def test_the_latest_days_hold_today():
    assert figures.latest_days(date(2026, 10, 9), 30) == (date(2026, 9, 10), date(2026, 10, 9))


def test_spans_of_time_are_told_in_one_unit():
    day = figures.day_seconds(CALENDAR)

    assert day == 27_000
    assert figures.duration_words(None) == ""
    assert figures.duration_words(720) == "12 分钟"
    assert figures.duration_words(5 * 3600) == "5.0 小时"
    assert figures.duration_words(3 * 86_400) == "3.0 天"
    assert figures.duration_words(54_000, day) == "2.0 工作日"


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (0, [0, 1, 2, 3]),
        (4, [0, 2, 4, 6]),
        (51, [0, 20, 40, 60]),
        (140, [0, 50, 100, 150]),
        (151, [0, 100, 200, 300]),
    ],
)
def test_an_axis_ends_at_a_round_number(most, expected):
    assert figures.ticks(most) == expected
