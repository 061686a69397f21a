"""科室台: only the own section's orders, each on its tab, signed for in the row."""

from datetime import timedelta

import pytest

from monitor.domain.dispatch import Decision
from monitor.domain.vocabulary import Channel
from monitor.services.desk import Desk
from monitor.steps import dispatch, review
from monitor.storage import orders
from tests.web.casefile import as_person, in_hand, in_review, letter, look, sent
from tests.web.waiting import form, numbers

DESK = "/desk/section"


def test_each_state_has_its_tab(desk, signed_in):
    signs, holds, waits = sent(desk), in_hand(desk), in_review(desk)
    zhou = signed_in("zhou")

    def shown(tab: str) -> list[str]:
        return numbers(zhou.get(DESK, params={"tab": tab}).text)

    assert numbers(zhou.get(DESK).text) == [signs]
    assert shown("in_hand") == [holds]
    assert shown("review") == [waits]
    assert shown("handed_back") == []
    assert shown("deferred") == []
    assert shown("answered") == []
    assert shown("nonsense") == [signs]


def test_another_section_sees_nothing_of_it(desk, signed_in):
    number = sent(desk)
    zhao = signed_in("zhao")

    for tab in ("sign", "in_hand", "due_today", "handed_back", "co", "review", "answered"):
        page = zhao.get(DESK, params={"tab": tab})
        assert page.status_code == 200
        assert number not in page.text
    assert "办公室分办后会出现在这里" in zhao.get(DESK).text


def test_whoever_belongs_to_no_section_is_not_let_in(signed_in):
    for username in ("lin", "sun", "wu", "xiang"):
        assert signed_in(username).get(DESK).status_code == 403


def test_co_handled_orders_stand_on_their_own_tab(desk, signed_in):
    number = letter(desk)
    with desk.writing(as_person(desk, "lin")) as ctx:
        order = orders.get(ctx.session, ctx.person, number)
        decision = Decision("funds", "help", "normal", "funds", ("factor",), "2.1")
        dispatch.send(ctx, order, decision, seen=order.version)
    zhao = signed_in("zhao")

    assert numbers(zhao.get(DESK).text) == []
    page = zhao.get(DESK, params={"tab": "co"}).text
    assert numbers(page) == [number]
    assert "主办 funds科" in page
    assert f'action="/desk/orders/{number}/sign"' not in page


def test_signing_in_the_row_comes_back_to_the_list(desk, signed_in):
    number = sent(desk)
    zhou = signed_in("zhou")
    given = form(zhou.get(DESK).text, f"/desk/orders/{number}/sign")

    answer = zhou.post(f"/desk/orders/{number}/sign", data=given)

    assert answer.status_code == 303
    assert look(desk, number).state == "in_hand"
    page = zhou.get(answer.headers["location"]).text
    assert f"已签收 {number}" in page
    assert "没有待签收的工单" in page


def test_the_head_gives_an_order_to_a_handler(desk, signed_in):
    number = in_hand(desk)
    zhou = signed_in("zhou")
    page = zhou.get(DESK, params={"tab": "in_hand"}).text
    given = form(page, f"/desk/orders/{number}/assign")

    answer = zhou.post(f"/desk/orders/{number}/assign", data={**given, "handler": "li"})

    assert answer.status_code == 303, answer.text
    page = zhou.get(answer.headers["location"]).text
    assert "承办 李" in page
    assert f'action="/desk/orders/{number}/assign"' not in page
    assert "/assign" not in signed_in("li").get(DESK, params={"tab": "in_hand"}).text


def test_a_handed_back_answer_has_its_tab(desk, signed_in):
    number = in_review(desk)
    with desk.writing(as_person(desk, "qian")) as ctx:
        order = orders.get(ctx.session, ctx.person, number)
        review.hand_back(ctx, order, findings="请写明到账日期", seen=order.version)
    zhou = signed_in("zhou")

    assert numbers(zhou.get(DESK, params={"tab": "handed_back"}).text) == [number]
    assert numbers(zhou.get(DESK, params={"tab": "in_hand"}).text) == [number]


def test_a_returned_order_stays_in_sight(desk, signed_in):
    number = sent(desk)
    zhou = signed_in("zhou")
    assert "已退单" not in zhou.get(DESK).text
    with desk.writing(as_person(desk, "zhou")) as ctx:
        order = orders.get(ctx.session, ctx.person, number)
        dispatch.ask_return(ctx, order, ground="三定规定第3条", seen=order.version)

    assert numbers(zhou.get(DESK, params={"tab": "returned"}).text) == [number]


def test_a_row_shows_the_clock_that_is_due_first(desk, clock, signed_in):
    sent(desk)

    page = signed_in("zhou").get(DESK).text

    assert "首次联系 " in page
    clock.wait(days=1)
    assert "超 " in signed_in("zhou").get(DESK).text


def test_what_is_due_today_stands_apart(desk, clock, signed_in):
    number = in_hand(desk)
    due = due_of(desk, number)
    zhou = signed_in("zhou")
    assert numbers(zhou.get(DESK, params={"tab": "due_today"}).text) == []

    clock.now = due - timedelta(hours=3)

    assert numbers(signed_in("zhou").get(DESK, params={"tab": "due_today"}).text) == [number]


def due_of(desk: Desk, number: str):
    from monitor.storage import deadlines

    with desk.reading(as_person(desk, "zhou")) as ctx:
        order = orders.get(ctx.session, ctx.person, number)
        clocks = deadlines.of_order(ctx.session, order.id)
        return next(one.due_at for one in clocks if one.promise == "submit")


def test_the_desk_opens_on_what_waits_for_a_signature_else_on_what_is_in_hand(desk, signed_in):
    zhou = signed_in("zhou")
    assert "没有待签收的工单" in zhou.get(DESK).text

    hands = in_hand(desk)
    assert numbers(zhou.get(DESK).text) == [hands]
    signs = sent(desk, channel=Channel.HOTLINE)
    assert numbers(zhou.get(DESK).text) == [signs]


@pytest.mark.parametrize("tab", ["sign", "in_hand", "answered"])
def test_the_number_of_queries_does_not_grow(desk, signed_in, count_queries, tab):
    zhou = signed_in("zhou")
    make = {"sign": sent, "in_hand": in_hand, "answered": answered}[tab]
    counts, made = [], 0
    for wanted in (1, 3, 50 if tab == "sign" else 12):
        while made < wanted:
            make(desk, channel=Channel.HOTLINE)
            made += 1
        address = f"{DESK}?tab={tab}"
        assert len(numbers(zhou.get(address).text)) == min(wanted, 30)
        with count_queries() as seen:
            zhou.get(address)
        counts.append(len(seen))

    assert len(set(counts)) == 1, counts


def answered(desk: Desk, **more: object) -> str:
    """An order in 已答复, answered with two signatures."""
    from monitor.steps import publishing

    number = in_review(desk, **{**more, "consent": False})
    with desk.writing(as_person(desk, "qian")) as ctx:
        order = orders.get(ctx.session, ctx.person, number)
        review.sign_off(ctx, order, opinion="", seen=order.version)
    with desk.writing(as_person(desk, "qian")) as ctx:
        order = orders.get(ctx.session, ctx.person, number)
        publishing.record_answer(
            ctx, order, way="fed_back", at=ctx.now, note="", seen=order.version
        )
    return number
