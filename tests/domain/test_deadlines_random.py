"""Twenty-five thousand clocks of every kind against a clerk who steps from day to day."""

import random
from datetime import date, datetime, time, timedelta

import pytest

from monitor.domain import deadlines
from monitor.domain.rulepack import Closes, Limit, Pause, Rule, Start, is_late
from monitor.domain.vocabulary import Arithmetic, Promise
from monitor.domain.workdays import SHANGHAI
from tests.domain.shipped import CALENDAR

CASES = 5_000
ONE = timedelta(days=1)
FIRST, LAST = datetime(2018, 1, 1), datetime(2027, 12, 31)
BLOCKS = [(time(8, 30), time(12)), (time(13, 30), time(17, 30))]
AMOUNTS = {
    Arithmetic.WORKING_DAYS: 60,
    Arithmetic.CALENDAR_DAYS: 90,
    Arithmetic.WORKING_HOURS: 100,
    Arithmetic.WALL_HOURS: 240,
}
YEARS = {year: CALENDAR.table(year) for year in range(2017, 2030)}


def works(day):
    """Read off the year's sheet: worked if it says so, else a weekday that it does not free."""
    table = YEARS[day.year]
    return day in table.work or (day.weekday() < 5 and day not in table.off)


class Clerk:
    """Knows which days stand, and counts the others one by one."""

    def __init__(self, pauses):
        self.standing = {
            pause.first + ONE * number
            for pause in pauses
            for number in range((pause.last - pause.first).days + 1)
        }

    def day_clock(self, arithmetic, amount, day, extension):
        day = self.counted(day, amount, only_work=arithmetic is Arithmetic.WORKING_DAYS)
        if arithmetic is Arithmetic.WORKING_DAYS:
            day = self.rolled(day)
        day = self.counted(day, extension, only_work=arithmetic is Arithmetic.WORKING_DAYS)
        return self.rolled(day)

    def hours_clock(self, arithmetic, hours, at, extension):
        left = timedelta(hours=hours)
        while left:
            day, blocks = at.date(), [(time(0), None)]
            if arithmetic is Arithmetic.WORKING_HOURS:
                blocks = BLOCKS if works(day) else []
            for opens, closes in blocks if day not in self.standing else []:
                begin = max(at, datetime.combine(day, opens))
                end = (
                    datetime.combine(day, closes) if closes else datetime.combine(day + ONE, opens)
                )
                used = min(left, max(end - begin, timedelta(0)))
                left -= used
                if used and not left:
                    at = begin + used
            if left:
                at = datetime.combine(day + ONE, time(0))
        return datetime.combine(self.counted(at.date(), extension, only_work=True), at.time())

    def counted(self, day, count, *, only_work):
        while count:
            day += ONE
            if day not in self.standing and (works(day) or not only_work):
                count -= 1
        return day

    def rolled(self, day):
        while day in self.standing or not works(day):
            day += ONE
        return day


def before_the_answer(answer, days, *, not_before):
    """So many working days before the answer's day; one fewer as long as that is past."""
    for count in range(days, -1, -1):
        day = answer.date()
        while count == days == 0 and not works(day):
            day -= ONE
        left = count
        while left:
            day -= ONE
            left -= works(day)
        while not works(day):
            day += ONE
        at = min(datetime.combine(day, BLOCKS[-1][1]), answer)
        if at > not_before:
            return at
    return answer


def drawn_pauses(dice, start):
    pauses = []
    for _ in range(dice.choice([0, 1, 1, 2, 3])):
        first = start.date() + ONE * dice.randint(-10, 60)
        pauses.append(Pause(first, first + ONE * dice.randint(0, 30)))
    return pauses


def drawn_moment(dice):
    return FIRST + timedelta(seconds=dice.randrange(int((LAST - FIRST).total_seconds())))


@pytest.mark.parametrize("arithmetic", AMOUNTS)
def test_random_clock_equals_the_clerk(arithmetic):
    dice = random.Random(f"2018-2027 {arithmetic}")
    for _ in range(CASES):
        start, amount = drawn_moment(dice), dice.randint(0, AMOUNTS[arithmetic])
        pauses, extension = drawn_pauses(dice, start), dice.choice([0, 0, 1, 5, 20])
        closes, date_only = dice.choice(list(Closes)), dice.random() < 0.2
        limit = Limit(arithmetic, amount, closes)
        rule = Rule("T-1", Promise.ANSWER, "试", limit, Start.RECEIPT, "试", 1, date(2000, 1, 1))

        due = deadlines.due_at(
            rule, start, CALENDAR, date_only=date_only, pauses=pauses, extension_days=extension
        )

        clerk = Clerk(pauses)
        if limit.in_days:
            day = clerk.day_clock(arithmetic, amount, start.date(), extension)
            ends = BLOCKS[-1][1] if closes is Closes.CLOSING else time(23, 59, 59)
            expected = datetime.combine(day, ends)
        else:
            begin = datetime.combine(start.date(), BLOCKS[0][0]) if date_only else start
            expected = clerk.hours_clock(arithmetic, amount, begin, extension)
        case = (start, amount, pauses, extension, closes, date_only)
        assert due == expected.replace(tzinfo=SHANGHAI), case
        late = expected + timedelta(seconds=1)
        assert not is_late(arithmetic, due, expected, closes), case
        assert is_late(arithmetic, due, late, closes), case


def test_random_hand_in_equals_the_clerk():
    dice = random.Random("hand-in")
    for _ in range(CASES):
        answer, days = drawn_moment(dice), dice.randint(0, 5)
        not_before = answer - ONE * dice.randint(0, 12)

        found = deadlines.before(answer, days, CALENDAR, not_before=not_before)

        expected = before_the_answer(answer, days, not_before=not_before)
        assert found == expected.replace(tzinfo=SHANGHAI), (answer, days, not_before)
