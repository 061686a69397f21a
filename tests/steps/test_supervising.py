"""The watch gives each card once, lifts it when its reason is gone, and people chase and raise."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.domain.errors import Incomplete, NotAllowed, Refused
from monitor.domain.workdays import SHANGHAI
from monitor.services import upkeep
from monitor.services.supervision import sweeping
from monitor.steps import casework, dispatch, publishing, review
from monitor.steps.supervision import chasing
from monitor.steps.timing import extending
from monitor.storage import history
from monitor.storage.supervision import cards
from tests.steps.conftest import MORNING
from tests.steps.letters import letter, row
from tests.steps.test_clocks import HELP, HOUR, taken

DAY = timedelta(days=1)
# Received on Monday 2026-09-21, five working days, 中秋 on the 25th: due at the end of the 29th.
LATE = datetime(2026, 9, 30, 9, tzinfo=SHANGHAI)
RED = datetime(2026, 10, 10, 9, tzinfo=SHANGHAI)


@pytest.fixture
def number(office):
    number = taken(office, letter(MORNING))
    office.on(number, MORNING + HOUR, "lin", dispatch.send, decision=HELP)
    office.on(number, MORNING + 2 * HOUR, "zhou", dispatch.sign)
    office.on(number, MORNING + 3 * HOUR, "zhou", casework.assign, handler="li")
    office.on(
        number, MORNING + 3 * HOUR, "li", casework.contact, way="电话", outcome="通话", at=None
    )
    return number


def sweep(office, now):
    return sweeping.sweep(replace(office.desk, clock=lambda: now))


def given(office, number):
    with office.desk.reading() as ctx:
        found = cards.of_order(ctx.session, office.order(number).id)
    return [(card.level, card.lifted_at is None) for card in found]


def levels(office, number):
    return sorted(level for level, _ in given(office, number))


def events(office, number, what):
    with office.desk.reading() as ctx:
        found = history.of_order(ctx.session, office.order(number).id)
    return [event for event in found if event.what == what]


def test_nothing_is_carded_before_its_time_and_each_card_comes_once(office, number):
    assert sweep(office, MORNING + 4 * HOUR).given == 0

    warned = sweep(office, datetime(2026, 9, 28, 10, tzinfo=SHANGHAI))
    assert (warned.given, levels(office, number)) == (1, ["warn"])

    assert sweep(office, LATE).given == 2
    assert sweep(office, LATE).given == 0
    assert sweep(office, LATE + HOUR).looked == 0
    assert levels(office, number) == ["chase", "warn", "yellow"]


def test_a_watch_that_stood_still_gives_the_same_cards_when_it_runs_again(office, number):
    sweep(office, RED)

    assert levels(office, number) == ["chase", "red", "warn", "yellow"]


def test_those_concerned_are_named_on_the_card_and_in_the_history(office, number):
    sweep(office, RED)

    with office.desk.reading() as ctx:
        found = {card.level: card for card in cards.of_order(ctx.session, office.order(number).id)}
    # Only the gravest of what came at once is told.
    assert found["red"].told
    assert not found["yellow"].told
    assert len(events(office, number, "card_given")) == 4
    told = "".join(event.details for event in events(office, number, "card_given"))
    assert "13800000123" not in told


def test_an_answer_lifts_the_cards_and_what_ended_late_between_two_rounds_is_carded_too(
    office, number
):
    finish(office, number, LATE)

    assert given(office, number) == []
    sweep(office, LATE + DAY)

    assert dict(given(office, number)) == {"chase": False, "yellow": False}
    assert upkeep_holds(office)


def test_cards_are_lifted_in_the_same_deed_that_answers(office, number):
    sweep(office, LATE)
    assert any(standing for _, standing in given(office, number))

    finish(office, number, LATE + HOUR)

    assert not any(standing for _, standing in given(office, number))
    assert events(office, number, "card_lifted")


def test_an_extension_takes_the_warning_back_and_it_comes_again_in_its_turn(office, number):
    office.on(number, MORNING + DAY, "zhou", extending.ask, days=3, reason="等财政批复")
    warned = datetime(2026, 9, 28, 10, tzinfo=SHANGHAI)
    sweep(office, warned)
    office.on(number, warned + HOUR, "qian", extending.grant, way="电话", outcome="已告知")

    sweep(office, warned + 2 * HOUR)
    assert given(office, number) == [("warn", False)]

    sweep(office, datetime(2026, 10, 8, 10, tzinfo=SHANGHAI))
    assert ("warn", True) in given(office, number)


def test_a_clock_that_jumps_back_and_forward_doubles_nothing(office, number):
    for now in (LATE, LATE - DAY, LATE + DAY, LATE, LATE + timedelta(hours=25)):
        sweep(office, now)

    assert levels(office, number) == ["chase", "warn", "yellow"]


def test_history_taken_over_is_never_carded(office):
    old = taken(office, row(MORNING - timedelta(days=400), "T-1"))

    sweep(office, LATE)

    assert given(office, old) == []


def test_a_third_return_makes_a_problem_order(office):
    number = taken(office, letter(MORNING))
    office.on(number, MORNING + HOUR, "lin", dispatch.send, decision=HELP)
    now = MORNING + 2 * HOUR
    for head, other in (("zhou", "factor"), ("zhao", "funds"), ("zhou", "")):
        office.on(number, now, head, dispatch.ask_return, ground="三定规定")
        if other:
            office.on(number, now + HOUR, "qian", dispatch.adjudicate, granted=True,
                      reason="再看", section=other)  # fmt: skip
        now += 2 * HOUR

    sweep(office, now)

    assert {"red", "raised"} <= set(levels(office, number))


def test_a_chase_tells_the_section_and_is_not_repeated_at_once(office, number):
    card = office.on(number, MORNING + DAY, "lin", chasing.chase, text="请抓紧")
    assert card.told

    with pytest.raises(Refused, match="已经催办过"):
        office.on(number, MORNING + DAY + HOUR / 2, "qian", chasing.chase)
    office.on(number, MORNING + DAY + 2 * HOUR, "qian", chasing.chase)

    assert levels(office, number) == ["chase", "chase"]


def test_a_chase_makes_nobodys_work_out_of_date(office, number):
    before = office.order(number).version

    office.on(number, MORNING + DAY, "lin", chasing.chase)

    assert office.order(number).version == before


def test_a_chase_by_hand_does_not_stand_for_the_one_by_rule(office, number):
    office.on(number, LATE, "lin", chasing.chase)

    sweep(office, LATE + HOUR)

    assert levels(office, number).count("chase") == 2


@pytest.mark.parametrize("who", ["li", "wu"])
def test_handlers_and_secrecy_officers_chase_nobody(office, number, who):
    with pytest.raises(NotAllowed):
        office.on(number, MORNING + DAY, who, chasing.chase)


def test_supervision_wants_a_reason_and_stays_until_it_is_lifted(office, number):
    with pytest.raises(Incomplete):
        office.on(number, MORNING + DAY, "sun", chasing.supervise, reason=" ")
    office.on(number, MORNING + DAY, "sun", chasing.supervise, reason="久拖不决")
    with pytest.raises(Refused, match="已经在督办"):
        office.on(number, MORNING + DAY, "qian", chasing.supervise, reason="再督")

    sweep(office, MORNING + DAY + HOUR)
    assert given(office, number) == [("listed", True)]
    office.on(number, MORNING + 2 * DAY, "sun", chasing.lift, reason="已有进展")

    assert given(office, number) == [("listed", False)]
    with pytest.raises(Refused):
        office.on(number, MORNING + 2 * DAY, "sun", chasing.lift, reason="再解除")


def test_a_card_that_a_person_lifted_does_not_come_back_by_itself(office, number):
    sweep(office, LATE)
    office.on(number, LATE + HOUR, "sun", chasing.lift, reason="上级平台延误")

    sweep(office, LATE + DAY)

    assert ("yellow", True) not in given(office, number)


def test_one_order_that_fails_does_not_stop_the_round(office, number, monkeypatch):
    other = taken(office, letter(MORNING, text="厂房什么时候交付？"))
    wrong = office.order(other).id
    settle = sweeping.settle

    def settled(ctx, order_id):
        if order_id == wrong:
            raise ValueError
        return settle(ctx, order_id)

    monkeypatch.setattr(sweeping, "settle", settled)
    swept = sweep(office, LATE)

    assert swept.failed == [wrong]
    assert "yellow" in levels(office, number)
    monkeypatch.undo()
    sweep(office, LATE)
    assert "yellow" in levels(office, other)


def finish(office, number, now):
    """Answered and sent by whoever must sign."""
    office.on(number, now, "zhou", casework.submit, answer="月底到账。", solved="solved")
    for who in ("qian", "wu", "sun"):
        order = office.order(number)
        if order.state == "in_review":
            try:
                office.on(number, now, who, review.sign_off, opinion="")
            except (NotAllowed, Refused):
                continue
    office.on(number, now, "qian", publishing.record_answer, way="told", at=now)


def upkeep_holds(office):
    with office.desk.reading() as ctx:
        return upkeep.verify(ctx.session, ctx.keys).holds
