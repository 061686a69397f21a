"""Clocks beside the answer: corrections, third parties, the review of what is on account."""

from datetime import date, datetime

import pytest

from monitor.domain.errors import Incomplete
from monitor.domain.vocabulary import Channel, Promise
from monitor.domain.workdays import SHANGHAI
from monitor.services import upkeep
from monitor.services.supervision import sweeping
from monitor.steps import casework, dispatch
from monitor.steps.timing import pausing
from monitor.storage import deadlines
from monitor.storage.supervision import cards, desk
from tests.steps.conftest import MORNING
from tests.steps.letters import letter
from tests.steps.test_clocks import HELP, HOUR, taken

PLAN = {"reason": "等省里资金", "plan": "每周调度一次"}


def at(month: int, day: int, hour: int = 10) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=SHANGHAI)


def in_hand(office, **more):
    number = taken(office, letter(MORNING, **more))
    office.on(number, MORNING + HOUR, "lin", dispatch.send, decision=HELP)
    office.on(number, MORNING + 2 * HOUR, "zhou", dispatch.sign)
    return number


def kept(office, number, promise):
    """Rule, first day, last day, whether it ended and was late, of the clocks of a kind."""
    with office.desk.reading() as ctx:
        found = deadlines.of_order(ctx.session, office.order(number).id)
        return [
            (c.rule, f"{c.started_at.astimezone(SHANGHAI):%m-%d}", f"{c.due_on:%m-%d}", c.late)
            for c in found
            if c.promise == promise and c.cancelled_at is None
        ]


def swept(office, number, when, promise):
    """The cards of a kind of clock that stand after a round of the watch: rule and level."""
    order_id = office.order(number).id
    office.at(when, "system", lambda ctx: sweeping.settle(ctx, order_id))
    with office.desk.reading() as ctx:
        mine = {c.id for c in deadlines.of_order(ctx.session, order_id) if c.promise == promise}
        found = cards.of_order(ctx.session, order_id)
        return sorted(
            (card.rule, card.level)
            for card in found
            if card.clock_id in mine and card.lifted_at is None
        )


def test_a_third_party_has_its_own_clock_that_ends_or_is_late(office):
    number = in_hand(office, channel=Channel.DISCLOSURE)
    office.on(number, at(9, 22), "zhou", pausing.pause, cause="third_party",
              noticed_on=date(2026, 9, 22), text="某公司")  # fmt: skip
    # Delivered on the 22nd: 23 24 | 28 29 30 | 8 9 10 | 12-16 | 19 20 October.
    assert kept(office, number, Promise.CONSULT) == [("FOI-3", "09-22", "10-20", None)]
    assert swept(office, number, at(10, 20, 9), Promise.CONSULT) == []
    assert swept(office, number, at(10, 21, 9), Promise.CONSULT) == [("YJ-3", "warn")]

    office.on(number, at(10, 22), "zhou", pausing.resume, received_on=date(2026, 10, 22),
              outcome="不同意")  # fmt: skip

    assert kept(office, number, Promise.CONSULT) == [("FOI-3", "09-22", "10-20", True)]
    assert swept(office, number, at(10, 22, 11), Promise.CONSULT) == []
    with office.desk.reading() as ctx:
        assert upkeep.verify(ctx.session, ctx.keys).holds


def test_a_correction_is_told_in_its_time_and_waited_for_until_its_day(office):
    number = in_hand(office, channel=Channel.DISCLOSURE)
    office.on(number, at(9, 23), "zhou", pausing.ask_correction, text="补文号", way="电话",
              until=date(2026, 10, 12))  # fmt: skip

    # From receipt on Monday the 21st: 22 23 24 | 28 29 30 | 8 October.
    assert kept(office, number, Promise.CORRECTION) == [
        ("FOI-1", "09-21", "10-08", False), ("FOI-1.wait", "09-23", "10-12", None),
    ]  # fmt: skip
    assert swept(office, number, at(10, 13, 9), Promise.CORRECTION) == [("YJ-3", "warn")]
    office.on(number, at(10, 13), "zhou", pausing.receive_correction, received_on=date(2026, 10, 9))
    assert kept(office, number, Promise.CORRECTION)[1] == ("FOI-1.wait", "09-23", "10-12", False)


def test_what_is_on_account_comes_up_on_its_day_and_is_looked_at_again(office):
    number = in_hand(office)
    for day in (date(2026, 9, 21), date(2026, 10, 22), date(2026, 12, 1)):
        with pytest.raises(Incomplete, match="复查日期须在"):
            office.on(number, at(9, 21, 15), "sun", casework.defer, review_on=day, **PLAN)
    office.on(number, at(9, 21, 15), "sun", casework.defer, review_on=date(2026, 10, 12), **PLAN)
    assert kept(office, number, Promise.REVIEW) == [("GZ-1", "09-21", "10-12", None)]
    assert swept(office, number, at(10, 12, 8), Promise.REVIEW) == []

    assert swept(office, number, at(10, 12, 9), Promise.REVIEW) == [("YJ-4", "warn")]
    sun = office.at(at(10, 12), "sun", lambda ctx: ctx.person)
    with office.desk.reading() as ctx:
        waits = desk.due_by(sun, Promise.REVIEW, at(10, 13, 0))
        assert ctx.session.execute(waits).one().order_id == office.order(number).id
    office.on(number, at(10, 12, 11), "sun", casework.defer_on, review_on=date(2026, 11, 9), **PLAN)

    assert kept(office, number, Promise.REVIEW) == [
        ("GZ-1", "09-21", "10-12", False), ("GZ-1", "10-12", "11-09", None),
    ]  # fmt: skip
    assert swept(office, number, at(10, 12, 12), Promise.REVIEW) == []
    # Nobody looked: the day after, a yellow card.
    late = swept(office, number, at(11, 10, 9), Promise.REVIEW)
    assert late == [("KP-1", "yellow"), ("YJ-4", "warn")]
    office.on(number, at(11, 10, 10), "zhou", casework.resume, reason="资金下达")
    assert kept(office, number, Promise.REVIEW)[1][3] is True
    assert office.order(number).state == "in_hand"
