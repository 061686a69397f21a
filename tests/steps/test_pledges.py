"""What an answer promises: proposed from its words, confirmed to a clock, watched until kept."""

from datetime import date, datetime

import pytest

from monitor.domain.errors import Incomplete, NotAllowed, Refused
from monitor.domain.vocabulary import Promise, State
from monitor.domain.workdays import SHANGHAI
from monitor.services import upkeep
from monitor.services.handling import pledging as promised
from monitor.services.supervision import sweeping
from monitor.steps import callback, casework, dispatch, merging, publishing, review, triage
from monitor.steps.timing import pledging
from monitor.storage import deadlines
from monitor.storage.handling import pledges
from monitor.storage.supervision import cards
from tests.steps.conftest import MORNING
from tests.steps.letters import letter
from tests.steps.test_clocks import HELP, HOUR, taken

ANSWER = "首批补贴将于9月30日前拨付，余款在十五个工作日内拨付。依据为《兑现办法》。"


def at(month: int, day: int, hour: int = 10) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=SHANGHAI)


def answered(office, recorded=MORNING + 6 * HOUR, told=None):
    number = taken(office, letter(MORNING, consent=None))
    office.on(number, MORNING + HOUR, "lin", dispatch.send, decision=HELP)
    office.on(number, MORNING + 2 * HOUR, "zhou", dispatch.sign)
    office.on(number, MORNING + 3 * HOUR, "zhou", casework.submit, answer=ANSWER, solved="partly")
    assert not rows(office, number)
    office.on(number, MORNING + 4 * HOUR, "qian", review.sign_off, opinion="同意")
    office.on(number, recorded, "qian", publishing.record_answer, way="told", at=told)
    return number


@pytest.fixture
def number(office):
    """Answered on Monday 2026-09-21, not to be published."""
    return answered(office)


def rows(office, number):
    order_id = office.order(number).id
    with office.desk.reading() as ctx:
        found = pledges.of_order(ctx.session, order_id)
        ctx.session.expunge_all()
    return found


def offered(office, number, move):
    order = office.order(number)
    with office.desk.reading() as ctx:
        return [code for code, _ in promised.options(ctx, order, move)]


def clocks(office, number):
    order_id = office.order(number).id
    with office.desk.reading() as ctx:
        return [
            (c.rule, f"{c.due_on:%m-%d}", c.late)
            for c in deadlines.of_order(ctx.session, order_id)
            if c.promise == Promise.PLEDGE
        ]


def test_the_words_of_the_answer_are_proposed_and_each_is_decided(office, number):
    # 22-24 3, 28-30 6, 8-10 October 9, 12-16 14, Monday 19 October 15.
    assert [(one.quote, str(one.due_on), one.fate) for one in rows(office, number)] == [
        ("首批补贴将于9月30日前拨付", "2026-09-30", "proposed"),
        ("余款在十五个工作日内拨付", "2026-10-19", "proposed"),
    ]
    first, second = offered(office, number, "confirm_pledge")
    with pytest.raises(NotAllowed):
        office.on(number, at(9, 22), "lin", pledging.confirm, pledge=first, due_on=None)
    for day in (date(2026, 9, 20), date(2029, 1, 1)):
        with pytest.raises(Incomplete, match="承诺日期须在"):
            office.on(number, at(9, 22), "zhou", pledging.confirm, pledge=first, due_on=day)
    with pytest.raises(Incomplete, match="没有这项承诺"):
        office.on(number, at(9, 22), "zhou", pledging.confirm, pledge="x", due_on=None)

    office.on(number, at(9, 22), "zhou", pledging.confirm, pledge=first, due_on=None)
    office.on(number, at(9, 22), "zhou", pledging.drop, pledge=second, reason="引用规定")

    assert clocks(office, number) == [("CN-1", "09-30", None)]
    assert [one.fate for one in rows(office, number)] == ["confirmed", "dropped"]
    with office.desk.reading() as ctx:
        assert upkeep.verify(ctx.session, ctx.keys).holds


def test_it_is_watched_after_the_answer_and_nothing_is_filed_before_it_is_kept(office, number):
    first, second = offered(office, number, "confirm_pledge")
    office.on(number, at(9, 22), "lin", callback.call_back, contacted=True, satisfied="满意",
              solved="solved")  # fmt: skip
    with pytest.raises(Refused, match="承诺"):
        office.on(number, at(9, 22), "qian", callback.archive, retention="10年")
    office.on(number, at(9, 22), "zhou", pledging.confirm, pledge=first, due_on=None)
    office.on(number, at(9, 22), "zhou", pledging.drop, pledge=second, reason="引用规定")
    order_id = office.order(number).id

    def levels(when):
        office.at(when, "system", lambda ctx: sweeping.settle(ctx, order_id))
        with office.desk.reading() as ctx:
            mine = {
                c.id for c in deadlines.of_order(ctx.session, order_id) if c.promise == "pledge"
            }
            given = cards.of_order(ctx.session, order_id)
            return sorted(c.level for c in given if c.clock_id in mine and not c.lifted_at)

    assert levels(at(9, 28)) == []
    assert levels(at(9, 29)) == ["warn"]
    assert levels(at(10, 8)) == ["warn", "yellow"]
    with pytest.raises(Refused, match="承诺"):
        office.on(number, at(10, 8), "qian", callback.archive, retention="10年")

    office.on(number, at(10, 8), "zhou", pledging.keep, pledge=first, proof="回单 0012 号")

    assert clocks(office, number) == [("CN-1", "09-30", True)]
    assert levels(at(10, 8, 11)) == []
    [kept, _] = rows(office, number)
    assert (kept.fate, kept.proof, kept.kept_at) == ("kept", "回单 0012 号", at(10, 8))
    office.on(number, at(10, 8, 12), "qian", callback.archive, retention="10年")


def test_it_is_promised_anew_once_with_the_old_clock_beside(office, number):
    first, second = offered(office, number, "confirm_pledge")
    office.on(number, at(9, 22), "zhou", pledging.drop, pledge=second, reason="引用规定")
    office.on(number, at(9, 22), "zhou", pledging.confirm, pledge=first, due_on=date(2026, 9, 25))
    with pytest.raises(NotAllowed):
        office.on(number, at(9, 28), "zhou", pledging.renew, pledge=first,
                  due_on=date(2026, 10, 20), reason="等资金")  # fmt: skip

    office.on(number, at(9, 28), "qian", pledging.renew, pledge=first,
              due_on=date(2026, 10, 20), reason="等资金")  # fmt: skip

    assert clocks(office, number) == [("CN-1", "09-25", True), ("CN-1", "10-20", None)]
    [again] = offered(office, number, "keep_pledge")
    assert offered(office, number, "renew_pledge") == []
    with pytest.raises(Refused, match="只能重新承诺一次"):
        office.on(number, at(10, 8), "qian", pledging.renew, pledge=again,
                  due_on=date(2026, 11, 20), reason="再等")  # fmt: skip
    office.on(number, at(10, 9), "zhou", pledging.keep, pledge=again, proof="回单")
    assert clocks(office, number)[1] == ("CN-1", "10-20", False)


def test_what_was_told_earlier_than_it_was_recorded_is_promised_from_then(office):
    number = answered(office, recorded=at(10, 9), told=at(9, 21, 16))
    first, _ = offered(office, number, "confirm_pledge")

    office.on(number, at(10, 9, 11), "zhou", pledging.confirm, pledge=first, due_on=None)

    assert clocks(office, number) == [("CN-1", "09-30", None)]
    order_id = office.order(number).id
    with office.desk.reading() as ctx:
        [begun] = [
            c.started_at for c in deadlines.of_order(ctx.session, order_id) if c.promise == "pledge"
        ]
    assert begun == at(9, 21, 16)


def test_an_order_taken_up_again_does_not_end_with_a_promise_open(office, number):
    first, second = offered(office, number, "confirm_pledge")
    office.on(number, at(9, 22), "zhou", pledging.confirm, pledge=first, due_on=None)
    office.on(number, at(9, 22), "zhou", pledging.drop, pledge=second, reason="引用规定")
    office.on(number, at(9, 23, 9), "qian", callback.rework, reason="回访不满意")
    office.on(number, at(9, 23), "lin", dispatch.recall, reason="先研判")
    master = taken(office, letter(at(9, 23), title="同一件事"))
    with pytest.raises(Refused, match="不能并单"):
        office.on(number, at(9, 23, 11), "lin", merging.merge, master_number=master)
    office.on(number, at(9, 23, 11), "lin", triage.ask_decline, code="litigation",
              told="人民法院", reason="已起诉")  # fmt: skip

    with pytest.raises(Refused, match="承诺"):
        office.on(number, at(9, 23, 12), "qian", triage.decide_decline, granted=True,
                  reason="同意")  # fmt: skip

    assert clocks(office, number) == [("CN-1", "09-30", None)]
    office.on(number, at(9, 24), "qian", pledging.keep, pledge=first, proof="回单")
    office.on(number, at(9, 24), "qian", triage.decide_decline, granted=True, reason="同意")
    assert office.order(number).state == State.NOTIFIED
