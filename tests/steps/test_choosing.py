"""Rules chosen by hand and clocks reckoned anew: from the same receipt, the old one beside."""

from datetime import timedelta

import pytest

from monitor.domain.errors import Incomplete, NotAllowed, Refused
from monitor.domain.vocabulary import Channel
from monitor.services import upkeep
from monitor.services.handling import rechoosing
from monitor.steps import dispatch, merging
from monitor.steps.timing import choosing, extending
from monitor.storage import deadlines, orders
from tests.steps.conftest import MORNING
from tests.steps.letters import letter, row
from tests.steps.test_clocks import HELP, HOUR, clock, due, in_review, new_version, taken

LATER = MORNING + 4 * HOUR


@pytest.fixture
def number(office):
    """Received on Monday 2026-09-21, 中秋 25 to 27: five working days end on the 29th..."""
    number = taken(office, letter(MORNING))
    office.on(number, MORNING + HOUR, "lin", dispatch.send, decision=HELP)
    return number


def choose(office, number, who, rule="LX-1.complex", when=LATER):
    office.on(number, when, who, choosing.choose, rule=rule, reason="涉及三个部门")


def stored(office, number):
    with office.desk.reading() as ctx:
        found = deadlines.of_order(ctx.session, office.order(number).id)
        ctx.session.expunge_all()
        return found


def test_a_complex_letter_gets_its_fifteen_days_from_the_same_receipt(office, number):
    before = due(office, number, "answer"), due(office, number, "submit")

    choose(office, number, "qian")

    # 22-24 3, 28-30 6, 8-10 October 9, 12-16 14, Monday 19 October 15.
    assert due(office, number, "answer") == "10-19 23:59:59"
    assert due(office, number, "submit") == "10-16 17:30:00"
    assert clock(office, number, "answer").started_at == MORNING
    [old] = [one for one in stored(office, number) if one.aside]
    assert (old.promise, old.rule, old.cancelled_at) == ("answer", "LX-1.answer", LATER)
    assert "涉及三个部门" in old.aside
    assert before == ("09-29 23:59:59", "09-28 17:30:00")
    assert [c.promise for c in stored(office, number) if c.promise == "answer"][-1:] == ["answer"]
    with office.desk.reading() as ctx:
        told = deadlines.standing(ctx.session, office.order(number).id)[3]
        assert told == clock(office, number, "answer").due_at
        assert upkeep.verify(ctx.session, ctx.keys).holds


def test_the_duty_officer_chooses_before_dispatch_and_the_choice_outlives_it(office):
    number = taken(office, letter(MORNING))
    with pytest.raises(NotAllowed):
        choose(office, number, "qian", when=MORNING + HOUR)

    choose(office, number, "lin", when=MORNING + HOUR)
    office.on(number, MORNING + 2 * HOUR, "lin", dispatch.send, decision=HELP)

    assert clock(office, number, "answer").rule == "LX-1.complex"
    assert due(office, number, "answer") == "10-19 23:59:59"
    with pytest.raises(NotAllowed):
        choose(office, number, "lin", rule="LX-1.answer")
    choose(office, number, "qian", rule="LX-1.answer")
    assert due(office, number, "answer") == "09-29 23:59:59"


def test_a_great_incident_is_declared_and_its_briefing_is_timed_too(office):
    number = taken(office, letter(MORNING, channel=Channel.OPINION))
    assert due(office, number, "answer") == "09-23 08:00:00"

    choose(office, number, "lin", rule="YQ-1.first", when=MORNING + HOUR)
    choose(office, number, "lin", rule="YQ-1.briefing", when=MORNING + HOUR)
    choose(office, number, "lin", rule="YQ-1.assess", when=MORNING + HOUR)

    assert due(office, number, "answer") == "09-21 13:00:00"
    assert due(office, number, "publish") == "09-22 08:00:00"
    assert due(office, number, "triage") == "09-21 09:00:00"


def test_an_upstream_deadline_and_an_ended_clock_never_move(office):
    given = taken(office, row(MORNING, "T-1", upstream_due=MORNING + timedelta(days=9)))
    before = clock(office, given, "answer").due_at
    for rule in ("XF-2", "LX-1.complex"):
        with pytest.raises(Incomplete):
            choose(office, given, "lin", rule=rule, when=MORNING + HOUR)
    assert clock(office, given, "answer").due_at == before

    answered = taken(office, letter(MORNING))
    in_review(office, answered)
    with office.desk.reading() as ctx:
        order = orders.by_ids(ctx.session, [office.order(answered).id])
        promises = {c.rule.promise for c in rechoosing.choices(ctx, next(iter(order.values())))}
    assert "triage" not in promises


def test_an_extension_stays_and_is_not_granted_twice(office, number):
    office.on(number, MORNING + 2 * HOUR, "zhou", dispatch.sign)
    office.on(number, MORNING + 3 * HOUR, "zhou", extending.ask, days=2, reason="等批复")
    office.on(number, MORNING + 3 * HOUR, "qian", extending.grant, way="电话", outcome="已告知")

    choose(office, number, "qian")

    # Two working days after 19 October.
    assert due(office, number, "answer") == "10-21 23:59:59"
    with pytest.raises(Refused):
        office.on(number, LATER, "zhou", extending.ask, days=1, reason="再等")


def test_a_changed_rule_moves_nothing_until_a_person_reckons_anew(office, number):
    new_version(office, 9)
    before = due(office, number, "answer")

    office.on(number, LATER, "qian", choosing.rereckon, clock="answer", reason="规则有误，已更正")

    assert before == "09-29 23:59:59"
    # Nine working days from the 21st: 22-24 3, 28-30 6, 8-10 October 9.
    assert due(office, number, "answer") == "10-10 23:59:59"
    assert clock(office, number, "answer").rule_version == 2
    with pytest.raises(Incomplete):
        office.on(number, LATER, "qian", choosing.rereckon, clock="answer", reason="再来")
    with pytest.raises(Incomplete):
        office.on(number, LATER, "qian", choosing.rereckon, clock="triage", reason="已结束")


def test_a_master_stays_due_with_its_earliest_order_whatever_is_chosen(office):
    early = taken(office, letter(MORNING - timedelta(days=3), title="更早的一件"))
    master = taken(office, letter(MORNING, title="主单"))
    office.on(early, MORNING + HOUR, "lin", merging.merge, master_number=master)
    before = due(office, master, "answer")

    choose(office, master, "lin")

    assert due(office, master, "answer") == before
    office.on(early, LATER, "lin", merging.unmerge, reason="不是一件")
    assert due(office, master, "answer") == "10-19 23:59:59"


def test_a_closed_order_has_no_clock_to_choose_for(office, number):
    other = taken(office, letter(MORNING, title="主单"))
    child = taken(office, letter(MORNING, title="并入"))
    office.on(child, MORNING + HOUR, "lin", merging.merge, master_number=other)

    with pytest.raises(Refused):
        choose(office, child, "qian")
