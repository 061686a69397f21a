"""Clocks that lean on one another, on a second round, on a new version of their rule."""

from datetime import date, datetime, timedelta

import pytest

from monitor.domain.access import Acting
from monitor.domain.dispatch import Decision
from monitor.domain.errors import Refused
from monitor.domain.vocabulary import Promise, Role, State
from monitor.domain.workdays import SHANGHAI, local
from monitor.services import reckoning, rulebook
from monitor.services.aligning import follow_children
from monitor.steps import callback, casework, dispatch, intake, merging, publishing, review, triage
from monitor.storage import answers, deadlines, orders, search
from tests.steps.conftest import MORNING
from tests.steps.letters import letter, row

HOUR = timedelta(hours=1)
HELP = Decision("funds", "help", "normal", "funds")


def taken(office, record, at=MORNING):
    return office.at(at, "system", lambda ctx: intake.receive(ctx, [record]))[0].number


def clock(office, number, promise, round_=1):
    with office.desk.reading() as ctx:
        found = deadlines.of_order(ctx.session, office.order(number).id)
    return [one for one in found if one.promise == promise and one.round == round_][-1]


def due(office, number, promise, round_=1):
    return f"{local(clock(office, number, promise, round_).due_at):%m-%d %H:%M:%S}"


def in_review(office, number, decision=HELP):
    office.on(number, MORNING + HOUR, "lin", dispatch.send, decision=decision)
    office.on(number, MORNING + 2 * HOUR, "zhou", dispatch.sign)
    office.on(number, MORNING + 3 * HOUR, "zhou", casework.submit, answer="已经列入拨付计划。",
              solved="solved")  # fmt: skip


def signed(office, number, *who):
    for step, name in enumerate(who, start=4):
        office.on(number, MORNING + step * HOUR, name, review.sign_off, opinion="同意")


def answered(office, number):
    in_review(office, number)
    signed(office, number, "qian", "wu")
    office.on(number, MORNING + 6 * HOUR, "qian", publishing.record_answer, way="told", at=None)


def new_version(office, days):
    """LX-1 changes from yesterday on."""

    def publish(ctx):
        shipped = rulebook.shipped(office.desk.settings.data_dir)
        old = next(entry for entry in shipped if entry.code == "national:LX-1.answer")
        since = date(2026, 9, 20)
        body = {**old.body, "version": 2, "amount": days, "valid_from": since.isoformat()}
        entry = rulebook.Entry("deadline", old.code, 2, since, old.position, body)
        assert rulebook.publish(ctx, [*shipped, entry]) == 1
        assert rulebook.publish(ctx, [*shipped, entry]) == 0

    office.at(MORNING, "system", publish)


def test_what_was_received_before_a_new_version_keeps_the_old_limit(office):
    new_version(office, 3)

    old = taken(office, letter(datetime(2026, 9, 18, 9, 0, tzinfo=SHANGHAI)))
    new = taken(office, letter(MORNING))

    assert (clock(office, old, "answer").rule_version, due(office, old, "answer")) == (
        1, "09-24 23:59:59",
    )  # fmt: skip
    assert (clock(office, new, "answer").rule_version, due(office, new, "answer")) == (
        2, "09-24 23:59:59",
    )  # fmt: skip


def test_a_running_clock_is_told_by_the_version_it_was_reckoned_by(office):
    number = taken(office, letter(MORNING))
    new_version(office, 3)

    with office.desk.reading() as ctx:
        story = reckoning.story(ctx, clock(office, number, "answer"))

    assert story.version == 1
    assert story.at == clock(office, number, "answer").due_at


def test_a_new_upstream_deadline_moves_the_hand_in_and_is_shown(office):
    first = datetime(2026, 9, 29, 23, 59, 59, tzinfo=SHANGHAI)
    second = datetime(2026, 9, 24, 18, 0, tzinfo=SHANGHAI)
    number = taken(office, row(MORNING, "A1", upstream_due=first))
    office.on(number, MORNING + HOUR, "lin", dispatch.send, decision=HELP)
    assert due(office, number, "submit") == "09-28 17:30:00"

    taken(office, row(MORNING, "A1", upstream_due=second))

    assert due(office, number, "answer") == "09-24 18:00:00"
    assert due(office, number, "submit") == "09-23 17:30:00"
    assert office.order(number).upstream_due == second


def test_an_earlier_child_brings_the_masters_hand_in_forward(office):
    early = taken(office, letter(MORNING - timedelta(days=4)))
    master = taken(office, letter(MORNING))
    office.on(master, MORNING + HOUR, "lin", dispatch.send, decision=HELP)

    office.on(early, MORNING + 2 * HOUR, "lin", merging.merge, master_number=master)
    assert due(office, master, "answer") == "09-23 23:59:59"
    assert due(office, master, "submit") == "09-22 17:30:00"

    office.on(early, MORNING + 3 * HOUR, "lin", merging.unmerge, reason="不是一件事")
    assert due(office, master, "answer") == "09-29 23:59:59"
    assert due(office, master, "submit") == "09-28 17:30:00"


def test_deciding_on_the_master_forgets_no_earlier_child(office):
    early = taken(office, row(MORNING - timedelta(days=4), "B1"))
    master = taken(office, row(MORNING, "B2"))
    office.on(early, MORNING + HOUR, "lin", merging.merge, master_number=master)
    assert due(office, master, "answer") == "09-23 23:59:59"

    consult = Decision("funds", "consult", "normal", "funds")
    office.on(master, MORNING + 2 * HOUR, "lin", dispatch.send, decision=consult)

    assert clock(office, master, "answer").rule == "HL-1.answer"
    assert due(office, master, "answer") == "09-23 23:59:59"


def test_a_deadline_of_a_merged_order_moves_its_master(office):
    child = taken(office, row(MORNING, "C1"))
    master = taken(office, row(MORNING, "C2"))
    office.on(child, MORNING + HOUR, "lin", merging.merge, master_number=master)

    earlier = datetime(2026, 9, 23, 17, 0, tzinfo=SHANGHAI)
    taken(office, row(MORNING, "C1", upstream_due=earlier))

    assert due(office, master, "answer") == "09-23 17:00:00"


def test_a_second_round_has_half_of_the_first(office):
    number = taken(office, letter(MORNING))
    answered(office, number)

    office.on(number, MORNING + 7 * HOUR, "qian", callback.rework, reason="回访不满意")

    assert due(office, number, "answer", 2) == "09-24 23:59:59"
    with office.desk.reading() as ctx:
        story = reckoning.story(ctx, clock(office, number, "answer", 2))
    assert story.at == clock(office, number, "answer", 2).due_at


def test_a_second_round_is_due_when_the_upstream_says(office):
    given = datetime(2026, 10, 20, 18, 0, tzinfo=SHANGHAI)
    number = taken(office, row(MORNING, "D1", upstream_due=given, consent=True))
    answered(office, number)

    office.on(number, MORNING + 7 * HOUR, "qian", callback.rework, reason="上级平台发回")

    assert due(office, number, "answer", 2) == "10-20 18:00:00"
    assert clock(office, number, "answer", 2).given_due


def test_what_was_joined_to_the_first_round_does_not_hurry_the_second(office):
    child = taken(office, letter(MORNING - timedelta(days=4)))
    number = taken(office, letter(MORNING))
    office.on(child, MORNING, "lin", merging.merge, master_number=number)
    answered(office, number)
    later = MORNING + timedelta(days=8)
    office.on(number, later, "qian", callback.rework, reason="回访不满意")
    before = due(office, number, "answer", 2)

    duty = Acting("林", frozenset({Role.DUTY}))

    def follow(ctx):
        follow_children(ctx, orders.get(ctx.session, duty, number))

    office.at(later, "system", follow)

    assert due(office, number, "answer", 2) == before


def test_an_answer_ends_the_first_contact_that_nobody_logged(office):
    number = taken(office, letter(MORNING))
    answered(office, number)

    assert clock(office, number, "contact").ended_at == MORNING + 6 * HOUR


def test_sending_back_ends_the_wait_for_publication(office):
    number = taken(office, letter(MORNING))
    answered(office, number)
    assert clock(office, number, "publish").cancelled_at is None

    office.on(number, MORNING + 7 * HOUR, "qian", callback.rework, reason="回访不满意")

    assert clock(office, number, "publish").cancelled_at == MORNING + 7 * HOUR


def test_nothing_is_archived_before_publication_is_decided(office):
    number = taken(office, letter(MORNING))
    answered(office, number)
    office.on(number, MORNING + 7 * HOUR, "lin", callback.call_back, contacted=True,
              satisfied="满意")  # fmt: skip

    with pytest.raises(Refused, match="没有决定不公开"):
        office.on(number, MORNING + 8 * HOUR, "qian", callback.archive, retention="10年")
    office.on(number, MORNING + 8 * HOUR, "qian", publishing.withhold, reason="涉及他人")
    office.on(number, MORNING + 9 * HOUR, "qian", callback.archive, retention="10年")

    with office.desk.reading() as ctx:
        left = deadlines.running(ctx.session, [office.order(number).id], list(Promise))
    assert [one.promise for one in left] == []


def test_nothing_is_merged_while_a_refusal_is_being_decided(office):
    number, master = taken(office, letter(MORNING)), taken(office, letter(MORNING))
    office.on(number, MORNING + HOUR, "lin", triage.ask_decline, code="other_organ",
              told="市住建局", reason="不属本局职责")  # fmt: skip

    with pytest.raises(Refused, match="是否不予受理"):
        office.on(number, MORNING + 2 * HOUR, "lin", merging.merge, master_number=master)


def test_an_upstream_that_takes_consent_back_leaves_no_order_stuck_in_review(office):
    number = taken(office, row(MORNING, "E1", consent=True))
    in_review(office, number)
    signed(office, number, "qian")

    taken(office, row(MORNING, "E1", consent=False))
    signed(office, number, "qian")

    assert office.order(number).state == State.TO_RELEASE


def test_an_upstream_that_takes_consent_back_withdraws_what_was_published(office):
    number = taken(office, row(MORNING, "F1", consent=True))
    in_review(office, number)
    signed(office, number, "qian", "wu")
    office.on(number, MORNING + 6 * HOUR, "qian", publishing.release)

    taken(office, row(MORNING, "F1", consent=False))

    with office.desk.reading() as ctx:
        assert answers.published(ctx.session, office.order(number).id) is None
        assert search.matching(ctx.session, "拨付计划", public=True) == []


def test_an_upstream_that_takes_consent_back_ends_the_wait_for_publication(office):
    number = taken(office, row(MORNING, "G1", consent=True))
    answered(office, number)

    taken(office, row(MORNING, "G1", consent=False))

    assert clock(office, number, "publish").cancelled_at is not None
    with office.desk.reading() as ctx:
        (decision,) = answers.publications(ctx.session, office.order(number).id)
    assert (decision.released, decision.reason) == (False, "上级平台改为不公开")
