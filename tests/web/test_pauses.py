"""A clock that stands, on the page: offered where a law allows, with its days, told in words."""

import pytest

from monitor.domain.vocabulary import Channel
from tests.web import casefile


@pytest.fixture
def number(desk):
    return casefile.in_hand(desk, channel=Channel.DISCLOSURE)


def moves(signed_in, who, number):
    told = signed_in(who).get(f"/desk/orders/{number}/moves").json()["moves"]
    return {move["name"]: move for move in told}


def today(signed_in, number):
    page = signed_in("li").get(f"/desk/orders/{number}").text
    return page.split('name="noticed_on"')[1].split('value="')[1][:10]


def test_a_third_party_is_asked_and_answers(act, signed_in, number):
    day = today(signed_in, number)

    asked = act("li", number, "pause_clock", cause="third_party", noticed_on=day, text="某公司")
    page = signed_in("li").get(f"/desk/orders/{number}").text
    ended = act("li", number, "resume_clock", received_on=day, outcome="不同意公开")

    assert asked.status_code == ended.status_code == 303
    assert "对方的意见" in page
    assert "恢复计时" in signed_in("li").get(f"/desk/orders/{number}").text


def test_a_correction_is_asked_for_with_its_term_and_its_article(act, signed_in, number):
    offered = moves(signed_in, "li", number)
    assert offered["ask_correction"]["allowed"]
    assert "receive_correction" not in offered

    wrong = act("li", number, "ask_correction", text="请补正文号", way="电话", until="下周")

    assert wrong.status_code == 422
    assert "请补正文号" in wrong.text


def test_a_letter_to_the_leaders_offers_no_pause(desk, signed_in):
    offered = moves(signed_in, "li", casefile.in_hand(desk))

    assert not {"pause_clock", "ask_correction", "resume_clock"} & set(offered)
