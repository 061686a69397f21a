"""Call-backs drawn, tried, heard, corrected; poor ones decided; files kept and taken out again."""

from datetime import date, timedelta

import pytest

from monitor.domain.closing.sampling import place
from monitor.domain.dispatch import Decision
from monitor.domain.errors import Incomplete, NotAllowed, Refused
from monitor.domain.letters import Requester
from monitor.domain.vocabulary import Ask, Promise, State
from monitor.services.handling import closing
from monitor.steps import callback, casework, dispatch, intake, publishing, review
from monitor.storage import casework as records
from monitor.storage import deadlines, history
from monitor.storage.handling import closings
from tests.steps.conftest import MORNING
from tests.steps.letters import letter

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def answered(office, kind="help", no_callback=False, **given):
    given.setdefault("consent", None)
    made = office.at(MORNING, "system", lambda ctx: intake.receive(ctx, [letter(MORNING, **given)]))
    number = made[0].number
    decision = Decision("funds", kind, "normal", "funds")
    office.on(number, MORNING + HOUR, "lin", dispatch.send, decision=decision)
    office.on(number, MORNING + 2 * HOUR, "zhou", dispatch.sign)
    office.on(number, MORNING + 3 * HOUR, "zhou", casework.contact, way="电话", outcome="通了",
              at=None, no_callback=no_callback)  # fmt: skip
    office.on(number, MORNING + 3 * HOUR, "zhou", casework.submit, answer="已列入计划。",
              solved="solved")  # fmt: skip
    office.on(number, MORNING + 4 * HOUR, "qian", review.sign_off, opinion="同意")
    office.on(number, MORNING + 5 * HOUR, "qian", publishing.record_answer, way="told", at=None)
    return number


def called(office, number, at=MORNING + 6 * HOUR, who="lin", **said):
    said = {"contacted": True, "satisfied": "满意", "solved": "solved", **said}
    return office.on(number, at, who, callback.call_back, **said)


def poor(office):
    number = answered(office)
    called(office, number, satisfied="不满意", solved="unsolved", reason="没有到账")
    return number


def waiting(office, number):
    with office.desk.reading() as ctx:
        return records.open_request(ctx.session, office.order(number).id, Ask.REWORK)


def told(office, number):
    with office.desk.reading() as ctx:
        return history.of_order(ctx.session, office.order(number).id)


def test_whoever_left_no_phone_goes_on_to_the_archive_with_the_reason(office):
    number = answered(office, requester=Requester(name="陈某"))

    assert office.order(number).state == State.TO_ARCHIVE
    last = told(office, number)[-1]
    assert (last.what, last.actor, last.at) == ("spare_call_back", "系统", MORNING + 5 * HOUR)
    assert "第 2 条" in last.details
    with office.desk.reading() as ctx:
        clocks = deadlines.of_order(ctx.session, office.order(number).id)
    assert [c.cancelled_at is not None for c in clocks if c.promise == Promise.CALLBACK] == [True]


def test_whoever_asked_not_to_be_called_is_not(office):
    assert office.order(answered(office, no_callback=True)).state == State.TO_ARCHIVE


def test_a_complaint_is_always_called_back(office):
    assert office.order(answered(office, "complaint")).state == State.ANSWERED


def test_a_consultation_is_called_back_by_its_lot(office):
    number = answered(office, "consult")

    drawn = place(number) < 30
    assert office.order(number).state == (State.ANSWERED if drawn else State.TO_ARCHIVE)
    with office.desk.reading() as ctx:
        assert closing.drawn(ctx, office.order(number)).drawn == drawn


def test_tries_in_vain_are_logged_and_end_nothing_before_the_third(office):
    number = answered(office)
    for hour in (6, 7):
        called(office, number, MORNING + hour * HOUR, contacted=False, satisfied="", solved="",
               reason="无人接听")  # fmt: skip
    with pytest.raises(Refused, match="才打了 2 次"):
        office.on(number, MORNING + 8 * HOUR, "lin", callback.close_unreached)
    assert office.order(number).state == State.ANSWERED

    called(office, number, MORNING + DAY, contacted=False, satisfied="", solved="")
    office.on(number, MORNING + DAY, "lin", callback.close_unreached)

    assert office.order(number).state == State.TO_ARCHIVE
    with office.desk.reading() as ctx:
        rows = closings.callbacks(ctx.session, office.order(number).id)
    assert [(one.contacted, one.reason) for one in rows] == [
        (False, "无人接听"), (False, "无人接听"), (False, ""),
    ]  # fmt: skip


def test_who_was_reached_says_whether_he_is_satisfied(office):
    number = answered(office)

    with pytest.raises(Incomplete, match="是否满意"):
        called(office, number, satisfied="")
    with pytest.raises(Incomplete, match="须记下原因"):
        called(office, number, satisfied="不满意")


def test_a_poor_result_waits_for_the_office(office):
    number = poor(office)

    assert waiting(office, number).grounds == "回访：不满意，未解决，没有到账"
    with pytest.raises(Refused, match="等办公室决定"):
        office.on(number, MORNING + DAY, "qian", callback.archive, retention="10年")
    with pytest.raises(NotAllowed):
        office.on(number, MORNING + DAY, "lin", callback.keep_closed, reason="算了")


def test_the_office_sends_a_poor_one_back(office):
    number = poor(office)

    office.on(number, MORNING + DAY, "qian", callback.rework, reason="请当面说明")

    order = office.order(number)
    assert (order.state, order.round) == (State.AWAITING_SIGN, 2)
    with office.desk.reading() as ctx:
        (request,) = records.requests(ctx.session, [order.id])[order.id]
    assert (request.granted, request.reason) == (True, "请当面说明")


def test_the_office_lets_a_poor_one_stand(office):
    number = poor(office)

    office.on(number, MORNING + DAY, "qian", callback.keep_closed, reason="已当面解释")
    assert waiting(office, number) is None
    office.on(number, MORNING + DAY, "qian", callback.archive, retention="30年")
    assert office.order(number).state == State.ARCHIVED


def test_nothing_is_let_stand_that_nobody_asked_about(office):
    number = answered(office)
    called(office, number)

    with pytest.raises(Refused, match="没有待决定"):
        office.on(number, MORNING + DAY, "qian", callback.keep_closed, reason="已解释")


def test_a_call_back_is_corrected_the_same_day_beside_the_old_row(office):
    number = poor(office)

    office.on(number, MORNING + 7 * HOUR, "lin", callback.correct, satisfied="满意",
              solved="solved")  # fmt: skip

    assert waiting(office, number) is None
    with office.desk.reading() as ctx:
        old, new = closings.callbacks(ctx.session, office.order(number).id)
    assert (old.satisfied, new.satisfied, new.corrects) == ("不满意", "满意", old.id)


def test_a_correction_may_make_it_poor(office):
    number = answered(office)
    called(office, number)

    office.on(number, MORNING + 7 * HOUR, "qian", callback.correct, satisfied="不满意",
              reason="听错了")  # fmt: skip

    assert waiting(office, number) is not None


def test_only_its_writer_or_the_office_corrects_and_only_that_day(office):
    number = answered(office)
    called(office, number)

    with pytest.raises(NotAllowed, match="登记人本人"):
        office.on(number, MORNING + 7 * HOUR, "ren", callback.correct, satisfied="满意")
    with pytest.raises(Refused, match="当天"):
        office.on(number, MORNING + DAY, "lin", callback.correct, satisfied="满意")


def test_a_file_has_its_class_and_last_day_and_can_be_taken_out(office):
    number = answered(office, "complaint")
    called(office, number)
    with office.desk.reading() as ctx:
        told_ = closing.proposed(ctx, office.order(number))
    assert (told_.retention, told_.code) == ("30年", "BG-2")

    office.on(number, MORNING + DAY, "qian", callback.archive, retention="10年")

    with office.desk.reading() as ctx:
        filing = closings.filing(ctx.session, office.order(number).id)
    assert (filing.retention, filing.proposed, filing.until) == (
        "10年", "30年", date(2036, 12, 31),
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        office.on(number, MORNING + 2 * DAY, "lin", callback.reopen, reason="想再看看")
    office.on(number, MORNING + 2 * DAY, "qian", callback.reopen, reason="新证据")
    assert office.order(number).state == State.TO_ARCHIVE
    with office.desk.reading() as ctx:
        assert closings.filing(ctx.session, office.order(number).id) is None
    office.on(number, MORNING + 2 * DAY, "qian", callback.rework, reason="新证据")
    assert office.order(number).round == 2
