"""A letter with several requests, a requester who takes it back, a matter passed on and on."""

from datetime import datetime, timedelta

import pytest

from monitor.domain.dispatch import Decision
from monitor.domain.errors import Incomplete, NotAllowed, Refused
from monitor.domain.vocabulary import Promise, Solved
from monitor.domain.workdays import SHANGHAI
from monitor.services import upkeep
from monitor.steps import (
    branching,
    callback,
    casework,
    dispatch,
    intake,
    merging,
    publishing,
    review,
    triage,
)
from monitor.storage import answers, deadlines, requesters
from monitor.storage.handling import branches
from tests.steps.letters import letter

NINE = datetime(2026, 9, 21, 9, 0, tzinfo=SHANGHAI)
FUNDS = Decision("funds", "help", "normal", "funds")
TWO = "一、技改补贴什么时候拨付？\n\n二、招商承诺的厂房什么时候交付？"


def later(minutes: int) -> datetime:
    return NINE + timedelta(minutes=minutes)


def received(office, **given) -> str:
    given = {"consent": False, **given}
    return office.at(
        later(1), "system", lambda ctx: intake.receive_one(ctx, letter(NINE, **given))
    ).number


def clocks(office, number, promise):
    with office.desk.database.transaction() as session:
        found = deadlines.of_order(session, office.order(number).id)
        return [clock for clock in found if clock.promise == promise]


def answered(office, number, words, start):
    """From triage to the recorded answer."""
    for minute, who, step, given in (
        (0, "lin", dispatch.send, {"decision": FUNDS}),
        (1, "zhou", dispatch.sign, {}),
        (2, "zhou", casework.submit, {"answer": words, "solved": "solved"}),
        (3, "qian", review.sign_off, {"opinion": ""}),
        (4, "qian", publishing.record_answer, {"way": "told", "at": None}),
    ):
        office.on(number, later(start + minute), who, step, **given)


def holds(office):
    with office.desk.database.transaction() as session:
        verdict = upkeep.verify(session, office.desk.keys)
    assert verdict.holds, verdict.broken


def test_a_split_letter_is_answered_when_the_last_of_its_orders_is(office):
    number = received(office)

    first, second = office.on(number, later(10), "lin", branching.split, requests=TWO)
    answered(office, first, "补贴月底到账。", 20)

    assert office.order(number).state == "in_hand"

    answered(office, second, "厂房十月交付。", 40)

    parent = office.order(number)
    assert parent.state == "to_archive"
    with office.desk.database.transaction() as session:
        told = answers.latest(session, parent.id)
        assert "补贴月底到账。" in told.text
        assert "厂房十月交付。" in told.text
        assert told.solved == Solved.SOLVED
    (clock,) = clocks(office, number, Promise.ANSWER)
    assert clock.ended_at == later(44)
    holds(office)


def test_a_letter_sent_back_is_answered_by_its_section_not_by_its_old_orders(office):
    number = received(office)
    first, second = office.on(number, later(10), "lin", branching.split, requests=TWO)
    answered(office, first, "补贴月底到账。", 20)
    answered(office, second, "厂房十月交付。", 40)
    office.on(number, later(50), "qian", callback.rework, reason="两项合起来还有出入")
    office.on(number, later(51), "lin", dispatch.send, decision=FUNDS)
    office.on(number, later(52), "zhou", dispatch.sign)

    office.on(first, later(53), "qian", callback.rework, reason="金额有误")
    office.on(first, later(54), "zhou", dispatch.sign)
    office.on(first, later(55), "lin", branching.retract, reason="不再要求", proof="来电录音")

    assert office.order(number).state == "in_hand"
    office.on(number, later(60), "zhou", casework.submit, answer="合并说明。", solved="solved")
    assert office.order(number).state == "in_review"


def test_a_letter_recalled_and_split_waits_for_its_orders_alone(office):
    number = received(office)
    office.on(number, later(5), "lin", dispatch.send, decision=FUNDS)
    office.on(number, later(6), "lin", dispatch.recall, reason="两件事")

    first, second = office.on(number, later(10), "lin", branching.split, requests=TWO)

    assert office.order(number).section is None
    answered(office, first, "补贴月底到账。", 20)
    answered(office, second, "厂房十月交付。", 40)
    assert office.order(number).state == "to_archive"


def test_the_orders_of_a_letter_keep_its_receipt_and_its_requester(office):
    number = received(office)

    found = office.on(number, later(300), "lin", branching.split, requests=TWO)

    (own,) = clocks(office, number, Promise.ANSWER)
    for child in found:
        (clock,) = clocks(office, child, Promise.ANSWER)
        assert clock.started_at == NINE
        assert clock.due_at == own.due_at
        with office.desk.database.transaction() as session:
            order = office.order(child)
            assert branches.parent(session, order.id).number == number
            stored = requesters.of_order(session, order.id)
            assert requesters.reveal(office.desk.keys, stored).phone == "13800000123"


def test_a_letter_of_one_request_is_not_split(office):
    number = received(office)

    with pytest.raises(Incomplete) as refusal:
        office.on(number, later(10), "lin", branching.split, requests="只有一项")

    assert set(refusal.value.fields) == {"requests"}


def test_a_split_letter_and_its_orders_are_not_split_or_merged_again(office):
    number = received(office)
    first, second = office.on(number, later(10), "lin", branching.split, requests=TWO)

    with pytest.raises(Refused, match="子单"):
        office.on(first, later(11), "lin", branching.split, requests=TWO)
    with pytest.raises(Refused, match="子单"):
        office.on(first, later(11), "lin", merging.merge, master_number=second)
    with pytest.raises(Refused, match="子单"):
        office.on(
            number, later(11), "sun", casework.defer,
            reason="等", plan="等", review_on=later(1_000).date() + timedelta(days=20),
        )  # fmt: skip


def test_a_letter_whose_orders_are_all_taken_back_ends_with_them(office):
    number = received(office)
    found = office.on(number, later(10), "lin", branching.split, requests=TWO)

    for child in found:
        office.on(child, later(20), "lin", branching.retract, reason="已解决", proof="来电 9:20")

    assert office.order(number).state == "notified"
    assert all(not deadlines_running(office, one) for one in (number, *found))


def deadlines_running(office, number):
    with office.desk.database.transaction() as session:
        found = deadlines.of_order(session, office.order(number).id)
        return [clock for clock in found if clock.ended_at is None and clock.cancelled_at is None]


def test_what_its_requester_takes_back_ends_with_its_proof(office):
    number = received(office)
    office.on(number, later(10), "lin", dispatch.send, decision=FUNDS)
    office.on(number, later(11), "zhou", dispatch.sign)

    with pytest.raises(Incomplete):
        office.on(number, later(12), "lin", branching.retract, reason="已解决", proof=" ")
    with pytest.raises(NotAllowed):
        office.on(number, later(12), "zhou", branching.retract, reason="已解决", proof="短信")
    office.on(number, later(12), "lin", branching.retract, reason="已解决", proof="9:12 来电")

    assert office.order(number).state == "notified"
    assert deadlines_running(office, number) == []
    holds(office)


def test_the_third_return_is_decided_by_the_head_of_the_office_alone(office):
    number = received(office)
    office.at(later(2), "system", hire_reviewer)
    office.on(number, later(10), "lin", dispatch.send, decision=FUNDS)
    for start, who, other in ((20, "zhou", "factor"), (30, "zhao", "funds")):
        office.on(number, later(start), who, dispatch.ask_return, ground="三定规定")
        office.on(
            number, later(start + 1), "second", dispatch.adjudicate,
            granted=True, reason="改派", section=other,
        )  # fmt: skip
    office.on(number, later(40), "zhou", dispatch.ask_return, ground="三定规定")

    with pytest.raises(NotAllowed, match="办公室负责人"):
        office.on(number, later(41), "second", dispatch.adjudicate, granted=False, reason="终审")
    office.on(number, later(42), "qian", dispatch.adjudicate, granted=False, reason="终审")

    with pytest.raises(Refused, match="强制派发"):
        office.on(number, later(43), "zhou", dispatch.ask_return, ground="三定规定")
    assert office.order(number).returns == 3


def hire_reviewer(ctx):
    from monitor.domain.vocabulary import Role
    from monitor.services import people

    people.create(ctx, "second", "冯", [Role.REVIEWER], section="info")


def test_a_declined_branch_counts_as_finished(office):
    number = received(office)
    first, second = office.on(number, later(10), "lin", branching.split, requests=TWO)
    office.on(
        first, later(11), "lin", triage.ask_decline,
        code="litigation", told="市中级人民法院", reason="在诉讼中",
    )  # fmt: skip
    office.on(first, later(12), "qian", triage.decide_decline, granted=True, reason="同意")
    answered(office, second, "厂房十月交付。", 20)

    parent = office.order(number)
    assert parent.state == "to_archive"
    with office.desk.database.transaction() as session:
        assert "另行告知" in answers.latest(session, parent.id).text
