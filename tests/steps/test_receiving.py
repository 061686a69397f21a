"""条例 31: from which day a request for disclosure counts as received, by how it came."""

from datetime import date, datetime

import pytest

from monitor.domain.errors import Incomplete, Refused
from monitor.domain.vocabulary import Arrival, Channel, Promise, Via
from monitor.domain.workdays import SHANGHAI
from monitor.services import upkeep
from monitor.services.supervision import sweeping
from monitor.steps import branching, casework, dispatch
from monitor.steps.timing import receiving
from monitor.storage import deadlines
from monitor.storage.supervision import cards
from tests.steps.conftest import MORNING
from tests.steps.letters import letter
from tests.steps.test_clocks import HELP, HOUR, taken


def at(day: int, hour: int = 10) -> datetime:
    return datetime(2026, 9, day, hour, tzinfo=SHANGHAI)


def request(office, **more):
    return taken(office, letter(MORNING, channel=Channel.DISCLOSURE, **more))


def kept(office, number, *promises):
    order_id = office.order(number).id
    with office.desk.reading() as ctx:
        return [
            (c.promise, f"{c.started_at.astimezone(SHANGHAI):%m-%d}", f"{c.due_on:%m-%d}", c.late)
            for c in deadlines.of_order(ctx.session, order_id)
            if c.promise in promises
        ]


def confirm(office, number, when, on, who="lin"):
    office.on(number, when, who, receiving.confirm, way="电话", received_on=on)


@pytest.mark.parametrize("arrival", Arrival)
def test_the_way_it_came_decides_whether_the_limit_runs(office, arrival):
    number = request(office, arrival=arrival)

    found = kept(office, number, Promise.ANSWER, Promise.RECEIVE)

    waits = arrival in {Arrival.LETTER, Arrival.ONLINE, Arrival.FAX}
    assert found == [
        ("receive", "09-21", "09-21", None) if waits else ("answer", "09-21", "10-26", None)
    ]


def test_what_machines_bring_came_online_and_a_sheet_tells_a_day_that_is_settled(office):
    by_api = request(office, via=Via.API, arrival=None)
    by_sheet = request(office, via=Via.SHEET, arrival=None)

    assert office.order(by_api).arrival == "online"
    assert kept(office, by_api, Promise.ANSWER) == []
    assert [promise for promise, *_ in kept(office, by_sheet, Promise.ANSWER)] == ["answer"]


def test_confirmed_the_limit_runs_from_that_day_and_the_hand_in_with_it(office):
    number = request(office, arrival=Arrival.ONLINE)
    with pytest.raises(Refused, match="确认收到"):
        office.on(number, MORNING + HOUR, "lin", branching.split, requests="一项\n\n另一项")
    office.on(number, MORNING + HOUR, "lin", dispatch.send, decision=HELP)
    assert kept(office, number, Promise.ANSWER, Promise.SUBMIT) == []
    order_id = office.order(number).id
    office.at(at(22, 9), "system", lambda ctx: sweeping.settle(ctx, order_id))
    with office.desk.reading() as ctx:
        assert "KP-1" in {card.rule for card in cards.of_order(ctx.session, order_id)}
    for wrong in (date(2026, 9, 20), date(2026, 9, 24)):
        with pytest.raises(Incomplete, match="确认之日"):
            confirm(office, number, at(23), wrong)

    confirm(office, number, at(23), date(2026, 9, 22))

    # 23 24 2, 28-30 5, 8-10 October 8, 12-16 13, 19-23 18, 26 27 20.
    assert kept(office, number, Promise.ANSWER) == [("answer", "09-22", "10-27", None)]
    assert kept(office, number, Promise.SUBMIT)[0][2] == "10-26"
    assert kept(office, number, Promise.RECEIVE) == [("receive", "09-21", "09-21", True)]
    with pytest.raises(Refused):
        confirm(office, number, at(23, 11), date(2026, 9, 23))
    with office.desk.reading() as ctx:
        assert upkeep.verify(ctx.session, ctx.keys).holds


def test_confirmed_the_same_day_it_counts_from_when_it_came(office):
    number = request(office, arrival=Arrival.FAX)

    confirm(office, number, MORNING + 2 * HOUR, date(2026, 9, 21))

    assert kept(office, number, Promise.ANSWER) == [("answer", "09-21", "10-26", None)]
    assert kept(office, number, Promise.RECEIVE) == [("receive", "09-21", "09-21", False)]


def test_who_has_handed_in_before_the_receipt_was_confirmed_owes_no_second_hand_in(office):
    number = request(office, arrival=Arrival.ONLINE)
    office.on(number, MORNING + HOUR, "lin", dispatch.send, decision=HELP)
    office.on(number, MORNING + 2 * HOUR, "zhou", dispatch.sign)
    office.on(
        number, MORNING + 3 * HOUR, "zhou", casework.submit, answer="已查到。", solved="solved"
    )

    confirm(office, number, at(22), date(2026, 9, 22), who="qian")

    assert kept(office, number, Promise.SUBMIT) == []
    assert kept(office, number, Promise.ANSWER) == [("answer", "09-22", "10-27", None)]


def test_an_upstream_deadline_wins_once_the_receipt_is_confirmed(office):
    number = request(office, arrival=Arrival.ONLINE, upstream_due=at(29, 12))

    confirm(office, number, at(22), date(2026, 9, 22))

    assert kept(office, number, Promise.ANSWER) == [("answer", "09-22", "09-29", None)]
