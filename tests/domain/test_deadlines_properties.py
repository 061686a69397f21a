"""What must hold for every receipt, amount and pause; equality with a slow reckoner."""

from datetime import date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain import deadlines
from monitor.domain.rulepack import Limit, Pause, Rule, Start
from monitor.domain.vocabulary import Arithmetic, Promise
from tests.domain.shipped import CALENDAR

CASES = settings(max_examples=150, deadline=None)
DAYS = st.dates(date(2018, 1, 1), date(2027, 12, 31))
MOMENTS = st.datetimes(datetime(2018, 1, 1), datetime(2027, 12, 31))
AMOUNTS = st.integers(0, 60)
KINDS = st.sampled_from([Arithmetic.WORKING_DAYS, Arithmetic.CALENDAR_DAYS])
ONE = timedelta(days=1)


def rule(arithmetic: Arithmetic, amount: int) -> Rule:
    limit = Limit(arithmetic, amount)
    return Rule("T-1", Promise.ANSWER, "试", limit, Start.RECEIPT, "试", 1, date(2000, 1, 1))


@st.composite
def pauses(draw: st.DrawFn, start: date) -> list[Pause]:
    spans = draw(st.lists(st.tuples(st.integers(-10, 60), st.integers(0, 20)), max_size=3))
    return [
        Pause(start + timedelta(days=at), start + timedelta(days=at + length))
        for at, length in spans
    ]


def slow_last_day(
    arithmetic: Arithmetic, amount: int, start: date, stands: list[Pause], extension: int
) -> date:
    """Steps from day to day, as a clerk would with a wall calendar."""

    def running(day: date) -> bool:
        return not any(pause.first <= day <= pause.last for pause in stands)

    def step(day: date, count: int) -> date:
        while count:
            day += ONE
            working = CALENDAR.classify(day).counts
            if running(day) and (working or arithmetic is Arithmetic.CALENDAR_DAYS):
                count -= 1
        return day

    def roll(day: date) -> date:
        while not (CALENDAR.classify(day).counts and running(day)):
            day += ONE
        return day

    first = step(start, amount)
    if arithmetic is Arithmetic.WORKING_DAYS:
        first = roll(first)
    return roll(step(first, extension))


@CASES
@given(st.data(), KINDS, AMOUNTS, MOMENTS, st.integers(0, 20))
def test_last_day_equals_the_slow_reckoner(data, arithmetic, amount, start, extension):
    stands = data.draw(pauses(start.date()))

    found = deadlines.due_at(
        rule(arithmetic, amount), start, CALENDAR, pauses=stands, extension_days=extension
    )

    expected = slow_last_day(arithmetic, amount, start.date(), stands, extension)
    assert found.date() == expected
    assert found.time() == time(23, 59, 59)


@CASES
@given(st.data(), KINDS, AMOUNTS, MOMENTS, st.integers(0, 20))
def test_trace_sums_to_the_amount(data, arithmetic, amount, start, extension):
    stands = data.draw(pauses(start.date()))

    due = deadlines.due(
        rule(arithmetic, amount), start, CALENDAR, pauses=stands, extension_days=extension
    )

    counted = [cell.number for cell in due.trace if cell.counts]
    assert counted == list(range(1, amount + extension + 1))
    assert due.trace[0].day == start.date()
    assert due.trace[-1].day == due.last_day
    assert due.trace[-1].mark == "due"
    assert [b.day - a.day for a, b in zip(due.trace, due.trace[1:], strict=False)] == [ONE] * (
        len(due.trace) - 1
    )


@CASES
@given(st.data(), st.sampled_from(Arithmetic), AMOUNTS, MOMENTS)
def test_pause_never_shortens_and_its_order_does_not_matter(data, arithmetic, amount, start):
    stands = data.draw(pauses(start.date()))
    one = rule(arithmetic, amount)

    plain = deadlines.due_at(one, start, CALENDAR)
    paused = deadlines.due_at(one, start, CALENDAR, pauses=stands)

    assert paused >= plain
    assert paused == deadlines.due_at(one, start, CALENDAR, pauses=stands[::-1])
    assert paused == deadlines.due_at(one, start, CALENDAR, pauses=[*stands, *stands])


@CASES
@given(st.sampled_from(Arithmetic), AMOUNTS, MOMENTS, st.timedeltas(timedelta(0), 20 * ONE))
def test_due_never_falls_when_receipt_or_amount_grow(arithmetic, amount, start, later):
    at = deadlines.due_at(rule(arithmetic, amount), start, CALENDAR)

    assert deadlines.due_at(rule(arithmetic, amount), start + later, CALENDAR) >= at
    assert deadlines.due_at(rule(arithmetic, amount + 1), start, CALENDAR) >= at


@CASES
@given(st.integers(1, 100), MOMENTS)
def test_working_hours_use_up_exactly_their_seconds(amount, start):
    start = start.replace(microsecond=0)

    at = deadlines.due_at(rule(Arithmetic.WORKING_HOURS, amount), start, CALENDAR)

    assert CALENDAR.working_seconds(start, at) == amount * 3600
    assert CALENDAR.working_seconds(start, at - timedelta(seconds=1)) < amount * 3600


@CASES
@given(DAYS, st.integers(-200, 200))
def test_working_days_add_and_subtract_inversely(day, count):
    landed = CALENDAR.add_workdays(day, count)

    assert CALENDAR.classify(landed).counts
    if count and CALENDAR.classify(day).counts:
        assert CALENDAR.add_workdays(landed, -count) == day
        assert CALENDAR.workdays_between(day, landed) == count


@CASES
@given(MOMENTS, MOMENTS, MOMENTS)
def test_working_seconds_add_up(a, b, c):
    whole = CALENDAR.working_seconds(a, c)

    assert CALENDAR.working_seconds(a, b) + CALENDAR.working_seconds(b, c) == whole
    assert CALENDAR.working_seconds(c, a) == -whole
