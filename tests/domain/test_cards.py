"""Cards by rule: each moment worked out by hand against the shipped rules."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.errors import Incomplete
from monitor.domain.rulepack import Limit
from monitor.domain.supervision import cards
from monitor.domain.supervision.cards import Level, Watched
from monitor.domain.vocabulary import Arithmetic, Channel, Promise
from monitor.domain.workdays import SHANGHAI
from tests.domain.shipped import CALENDAR, toml

RULES = cards.parse(toml("rulebook/cards.toml")["card"])
DAYS, HOURS = Limit(Arithmetic.WORKING_DAYS, 5), Limit(Arithmetic.WALL_HOURS, 48)


def at(month, day, hour=0, minute=0, second=0):
    return datetime(2026, month, day, hour, minute, second, tzinfo=SHANGHAI)


# Received on Friday 9 October 2026; Saturday the 10th is a make-up day: 10, 12, 13, 14, 15.
ANSWER = Watched(Promise.ANSWER, Channel.MAILBOX, at(10, 9, 9), at(10, 15, 23, 59, 59), DAYS)


def moments(watched):
    return {one.rule.level: one.since for one in cards.ahead(RULES, watched, CALENDAR)}


def test_an_answer_of_five_days_is_warned_of_carded_chased_and_criticised_in_turn():
    assert moments(ANSWER) == {
        Level.WARN: at(10, 14, 8, 30),  # opening time of the working day before the last
        Level.YELLOW: at(10, 16),  # the first overdue day
        Level.CHASE: at(10, 16),
        Level.RED: at(10, 21),  # 16, 19 and 20 are three; the fourth begins
        Level.CRITICISM: at(10, 23),  # five working days after the last day: 16, 19 to 22
    }


def test_hours_are_warned_of_when_four_fifths_are_used():
    opinion = Watched(Promise.ANSWER, Channel.OPINION, at(10, 9, 9), at(10, 11, 9), HOURS)

    assert moments(opinion)[Level.WARN] == at(10, 9, 9) + timedelta(hours=38.4)
    assert moments(opinion)[Level.YELLOW] == at(10, 11, 9) + timedelta(microseconds=1)


def test_a_last_day_before_a_holiday_is_late_the_day_after_and_red_when_work_has_gone_on():
    before = replace(ANSWER, due_at=at(9, 30, 23, 59, 59), started_at=at(9, 23, 9))

    found = moments(before)

    assert found[Level.YELLOW] == at(10, 1)
    assert found[Level.RED] == at(10, 12)  # 8, 9 and the make-up Saturday 10 October are three


@pytest.mark.parametrize(("number", "level"), [(3, Level.RED), (4, Level.RAISED)])
def test_handling_again_and_again_is_red_and_then_raised(number, level):
    assert level in moments(replace(ANSWER, round=number))
    assert level not in {
        one.rule.level
        for one in cards.ahead(RULES, replace(ANSWER, round=number - 1), CALENDAR)
        if one.since == ANSWER.started_at
    }


def test_a_third_return_is_red_and_makes_a_problem_order():
    found = [one for one in cards.ahead(RULES, replace(ANSWER, returns=3), CALENDAR)
             if one.since == ANSWER.started_at]  # fmt: skip

    assert [one.rule.code for one in found] == ["KP-4", "DB-2"]


def test_what_has_ended_in_time_earns_nothing_and_what_ended_late_earns_up_to_its_end():
    ahead = cards.ahead(RULES, ANSWER, CALENDAR)

    assert not list(cards.earned(ahead, at(12, 1), ended_at=at(10, 15, 12)))
    late = [one.rule.level for one in cards.earned(ahead, at(12, 1), ended_at=at(10, 16, 10))]
    assert late == [Level.CHASE, Level.YELLOW]


@given(st.lists(st.integers(0, 60 * 24 * 30), min_size=1, max_size=12), st.booleans())
def test_when_the_watch_is_kept_does_not_change_which_cards_there_are(minutes, ends):
    """Rounds at any moments, late or missed: the same cards as one round at the end."""
    ahead = cards.ahead(RULES, ANSWER, CALENDAR)
    start = at(10, 9)
    rounds = sorted(start + timedelta(minutes=one) for one in minutes)
    ended_at = rounds[-1] if ends else None

    have = {}
    for moment in rounds:
        over = ended_at if ended_at is not None and moment >= ended_at else None
        for one in cards.earned(ahead, moment, over):
            have.setdefault(one.rule.level, one.since)
    once = {one.rule.level: one.since for one in cards.earned(ahead, rounds[-1], ended_at)}

    # A warning that nobody was there to give is not given for what is done.
    have.pop(Level.WARN, None)
    once.pop(Level.WARN, None)
    assert have == once


@given(st.datetimes(datetime(2026, 10, 1), datetime(2026, 11, 30), timezones=st.just(SHANGHAI)))
def test_the_next_look_is_never_after_the_next_card(now):
    ahead = cards.ahead(RULES, ANSWER, CALENDAR)

    again = cards.next_after(ahead, now)

    to_come = [one.since for one in ahead if one.since > now]
    assert again == (min(to_come) if to_come else None)


@pytest.mark.parametrize(
    "wrong",
    [{"level": "green"}, {"when": "someday"}, {"amount": -1}, {"amount": "x"},
     {"promises": ["lunch"]}, {"tells": ["everybody"]}, {"when": "round", "amount": 0}],
)  # fmt: skip
def test_a_rule_that_cannot_be_meant_is_named(wrong):
    body = {**toml("rulebook/cards.toml")["card"][0], **wrong}

    with pytest.raises(Incomplete, match="YJ-1"):
        cards.parse([body])


def test_every_rule_has_a_basis_and_tells_somebody():
    assert all(rule.basis and rule.tells for rule in RULES)
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert date(2026, 10, 10).weekday() == 5
