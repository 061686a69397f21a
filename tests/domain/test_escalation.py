"""Who is told in whose place, and one step up: a table of places, absences and stand-ins."""

from datetime import date, datetime
from uuid import UUID

import pytest

from monitor.domain.supervision import escalation, rota
from monitor.domain.supervision.cards import Receiver
from monitor.domain.supervision.escalation import Absences, Told
from monitor.domain.workdays import SHANGHAI
from tests.domain.shipped import CALENDAR

HANDLER, HEAD, DUTY, REVIEWER, OFFICE, LEADER = (
    Receiver.HANDLER, Receiver.SECTION_HEAD, Receiver.DUTY, Receiver.REVIEWER,
    Receiver.OFFICE_HEAD, Receiver.LEADER,
)  # fmt: skip
NAMES = ("li", "bei", "zhou", "lin", "ren", "qian", "sun", "tang")
LI, BEI, ZHOU, LIN, REN, QIAN, SUN, TANG = (UUID(int=number) for number in range(8))
PLACES = {
    HANDLER: [LI], HEAD: [ZHOU], DUTY: [LIN, REN], REVIEWER: [TANG], OFFICE: [QIAN], LEADER: [SUN],
}  # fmt: skip
ALL = (HANDLER, HEAD, OFFICE, LEADER)


def absent(*people, **stand_ins):
    words = {one: f"{NAMES[one.int]}请假" for one in people}
    return Absences(words, {UUID(int=NAMES.index(key)): by for key, by in stand_ins.items()})


def told(tells, absences, places=PLACES):
    found = escalation.reach(tells, lambda step: places.get(step, []), absences)
    return [(NAMES[one.person.int], one.step, one.note) for one in found]


@pytest.mark.parametrize(
    ("tells", "absences", "expected"),
    [
        ((HANDLER,), absent(), [("li", HANDLER, "")]),
        # A deputy of somebody who is here hears of it beside him.
        ((HANDLER,), absent(li=[BEI]), [("li", HANDLER, ""), ("bei", HANDLER, "")]),
        # Away: the stand-in in his place, and nobody else.
        ((HANDLER,), absent(LI, li=[BEI]), [("bei", HANDLER, "li请假，由您代班")]),
        ((HANDLER,), absent(LI), [("zhou", HEAD, "li请假，转告科室负责人")]),
        # The stand-in is away as well, or stands in round about: one step up.
        ((HANDLER,), absent(LI, BEI, li=[BEI]), [("zhou", HEAD, "li请假，转告科室负责人")]),
        ((HANDLER,), absent(LI, BEI, li=[BEI], bei=[LI]),
         [("zhou", HEAD, "li请假，转告科室负责人")]),
        ((HANDLER,), absent(LI, ZHOU), [("qian", OFFICE, "li请假、zhou请假，转告办公室负责人")]),
        ((HANDLER,), absent(LI, ZHOU, zhou=[TANG]),
         [("tang", HEAD, "li请假，转告科室负责人；zhou请假，由您代班")]),
        # Whoever is named anyway is told once, in the higher place, with the reason.
        ((HANDLER, HEAD), absent(LI), [("zhou", HEAD, "li请假，转告科室负责人")]),
        ((HANDLER, HEAD), absent(LI, li=[ZHOU]), [("zhou", HEAD, "li请假，由您代班")]),
        # One of several is enough: the place is manned.
        ((DUTY,), absent(LIN), [("ren", DUTY, "")]),
        ((DUTY,), absent(LIN, REN), [("qian", OFFICE, "lin请假、ren请假，转告办公室负责人")]),
        ((REVIEWER,), absent(TANG), [("qian", OFFICE, "tang请假，转告办公室负责人")]),
        # Nothing is above the leaders: it waits for them.
        ((LEADER,), absent(SUN), [("sun", LEADER, "")]),
        (ALL, absent(LI, ZHOU, QIAN, SUN),
         [("sun", LEADER, "li请假、zhou请假、qian请假，转告分管领导")]),
    ],
)  # fmt: skip
def test_whoever_is_away_is_replaced_or_it_goes_one_step_up(tells, absences, expected):
    assert told(tells, absences) == expected


def test_a_place_that_nobody_holds_is_passed_over_only_on_the_way_up():
    without_head = {**PLACES, HEAD: []}

    assert told((HEAD,), absent(), without_head) == []
    assert told((HANDLER,), absent(LI), without_head) == [
        ("qian", OFFICE, "li请假，转告办公室负责人")
    ]


@pytest.mark.parametrize(
    ("step", "unseen", "absences", "expected"),
    [
        (HANDLER, [LI], absent(), [Told(ZHOU, HEAD)]),
        (HEAD, [ZHOU], absent(), [Told(QIAN, OFFICE)]),
        (OFFICE, [QIAN], absent(), [Told(SUN, LEADER)]),
        (LEADER, [SUN], absent(), []),
        (DUTY, [LIN, REN], absent(), [Told(QIAN, OFFICE)]),
        (REVIEWER, [TANG], absent(), [Told(QIAN, OFFICE)]),
        # He did not look as head of the office's own section: the leader, not himself again.
        (HEAD, [QIAN], absent(), [Told(SUN, LEADER)]),
        (HANDLER, [LI], absent(ZHOU), [Told(QIAN, OFFICE, "zhou请假，转告办公室负责人")]),
    ],
)
def test_what_nobody_has_seen_goes_one_step_up(step, unseen, absences, expected):
    assert escalation.rise(step, unseen, lambda one: PLACES[one], absences) == expected


@pytest.mark.parametrize(
    ("now", "until"),
    [
        # Friday 9 October 2026 is followed by the make-up Saturday, Sunday is free.
        ((9, 9, 0), (9, 14, 30)),
        ((9, 16, 30), (10, 11, 30)),
        ((10, 16, 30), (12, 11, 30)),
        ((11, 22, 0), (12, 14, 0)),
    ],
)
def test_hours_to_look_are_office_hours(now, until):
    day, hour, minute = now
    found = escalation.look_after(
        CALENDAR, datetime(2026, 10, day, hour, minute, tzinfo=SHANGHAI), 4
    )

    assert found == datetime(2026, 10, until[0], *until[1:], tzinfo=SHANGHAI)
    assert escalation.look_after(CALENDAR, found, 0) is None


TODAY = date(2026, 10, 9)


def test_a_week_is_copied_only_to_days_to_come_on_which_nobody_is_yet():
    first, one, two = date(2026, 10, 5), frozenset({"lin"}), frozenset({"ren"})
    plan = {date(2026, 9, day): one for day in (28, 29, 30)}
    plan |= {date(2026, 10, 2): one, date(2026, 10, 3): one, date(2026, 10, 10): two}

    assert rota.copied(plan, first, TODAY) == {date(2026, 10, 9): one}
    assert rota.fault_of_day(date(2026, 10, 8), TODAY)
    assert not rota.fault_of_day(TODAY, TODAY)


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (None, TODAY, "first_day"),
        (TODAY, None, "last_day"),
        (date(2026, 10, 12), date(2026, 10, 11), "last_day"),
        (date(2026, 10, 1), date(2026, 10, 8), "last_day"),
        (TODAY, date(2029, 1, 1), "last_day"),
        (date(2026, 10, 1), date(2026, 10, 20), "first_day"),
        (date(2026, 10, 1), date(2026, 10, 19), None),
        (date(2026, 10, 22), date(2026, 10, 23), None),
    ],
)
def test_a_time_away_that_cannot_be_names_its_field(first, last, field):
    taken = [(date(2026, 10, 20), date(2026, 10, 21))]

    assert list(rota.fault_of_span(first, last, TODAY, taken)) == ([field] if field else [])
