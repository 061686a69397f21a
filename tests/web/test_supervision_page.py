"""督办台: what is late or stuck, at whom; chased with one press, supervised with a reason."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.domain.workdays import SHANGHAI
from monitor.services.supervision import sweeping
from tests.web import casefile

PAGE = "/desk/supervision"


@pytest.fixture
def late(desk):
    """An order in hand whose answer is overdue, with its cards given."""
    number = casefile.in_hand(desk)
    desk.clock.now = datetime(2026, 11, 4, 10, tzinfo=SHANGHAI)
    sweeping.sweep(replace(desk, candid=False))
    return number


def test_what_is_late_stands_there_with_its_card_and_with_whom_it_is_stuck(signed_in, late):
    page = signed_in("qian").get(PAGE).text

    assert late in page
    assert "红牌" in page
    assert "未交办" in page
    assert "催 1 次" in page


def test_a_section_head_sees_his_own_and_no_other(signed_in, late):
    assert late in signed_in("zhou").get(PAGE).text
    assert late not in signed_in("zhao").get(PAGE).text


def test_handlers_have_no_such_desk(signed_in, late):
    assert signed_in("li").get(PAGE).status_code == 403


def test_one_press_chases_and_comes_back_to_the_list(desk, act, signed_in, late):
    desk.clock.now += timedelta(hours=2)
    answer = act("qian", late, "chase", next=f"{PAGE}?tab=late")

    assert answer.status_code == 303
    assert answer.headers["location"].startswith(PAGE)
    page = signed_in("qian").get(answer.headers["location"]).text
    assert f"已催办 {late}" in page
    assert "催 2 次" in page


def test_a_supervised_order_stands_in_its_tab_and_on_its_page(act, signed_in, late):
    assert act("sun", late, "supervise", reason="久拖不决，限三日办结").status_code == 303

    assert late in signed_in("sun").get(f"{PAGE}?tab=listed").text
    order = signed_in("zhou").get(f"/desk/orders/{late}").text
    assert "久拖不决，限三日办结" in order
    assert "预警与督办" in order


def test_without_a_reason_nothing_is_supervised(act, late):
    answer = act("sun", late, "supervise", reason="")

    assert answer.status_code == 422
    assert "请填写理由" in answer.text


def test_nothing_late_says_so(signed_in):
    assert "没有答复超期的工单" in signed_in("qian").get(PAGE).text


def test_strange_addresses_are_taken_for_the_plain_one(signed_in, late):
    for query in ("?tab=nonsense", "?section=nowhere", "?after=HY20000101-001&n=9"):
        assert signed_in("qian").get(PAGE + query).status_code == 200


def test_each_section_is_counted_for_those_who_see_all(signed_in, late):
    assert "卡在哪个科室" in signed_in("qian").get(PAGE).text
    assert "卡在哪个科室" not in signed_in("zhou").get(PAGE).text
