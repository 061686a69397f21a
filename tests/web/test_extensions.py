"""More time on the page: asked with its terms shown, decided from the list of the office."""

from datetime import datetime

import pytest

from monitor.domain.vocabulary import Channel
from monitor.domain.workdays import SHANGHAI
from tests.web import casefile


@pytest.fixture
def number(desk):
    return casefile.in_hand(desk)


def test_the_head_asks_and_the_office_decides_from_its_list(act, signed_in, number):
    order = f"/desk/orders/{number}"
    terms = signed_in("zhou").get(order).text

    asked = act("zhou", number, "ask_extension", days="1", reason="等财政批复")
    waiting = signed_in("qian").get("/desk/review?tab=extensions").text
    decision = signed_in("qian").get(order).text
    granted = act("qian", number, "extend", way="电话", outcome="已说明晚一天")

    assert "最多 5 天" in terms
    assert asked.status_code == granted.status_code == 303
    assert number in waiting
    assert "申请延长 1 天：等财政批复" in decision
    assert "同意延期" in signed_in("zhou").get(order).text


def test_what_is_no_number_is_refused_by_its_field_and_nothing_is_lost(act, number):
    answer = act("zhou", number, "ask_extension", days="两天", reason="等财政批复")

    assert answer.status_code == 422
    assert "请填写延长几天" in answer.text
    assert "等财政批复" in answer.text


def test_what_the_upstream_has_set_says_so_and_breaks_nothing(desk, signed_in):
    due = datetime(2026, 10, 30, 23, 59, 59, tzinfo=SHANGHAI)
    number = casefile.in_hand(desk, channel=Channel.HOTLINE, upstream_no="A1", upstream_due=due)

    told = signed_in("zhou").get(f"/desk/orders/{number}/moves").json()

    [asking] = [move for move in told["moves"] if move["name"] == "ask_extension"]
    assert not asking["allowed"]
    assert "上级平台" in asking["why"]
