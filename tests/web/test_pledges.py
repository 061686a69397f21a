"""Promised days on the pages: foreseen in review, decided after the answer, shown as they wait."""

import pytest

from tests.web import casefile


@pytest.fixture
def number(desk):
    return casefile.in_review(desk)


def test_a_promise_goes_from_the_words_to_the_desks_and_is_kept(desk, act, signed_in, number):
    address = f"/desk/orders/{number}"
    review = signed_in("qian").get(address).text
    assert "答复里的承诺" in review
    assert "答复后由人确认" in review
    casefile.answer_reviewed(desk, number)
    moves = signed_in("li").get(f"{address}/moves").json()["moves"]
    offered = {move["name"]: move for move in moves}
    [code] = offered["confirm_pledge"]["fields"][0]["options"]
    assert "keep_pledge" not in offered

    wrong = act("li", number, "confirm_pledge", pledge=code, due_on="下月")
    done = act("li", number, "confirm_pledge", pledge=code, due_on="")

    assert (wrong.status_code, done.status_code) == (422, 303)
    assert "待兑现" in signed_in("li").get(address).text
    watch = signed_in("qian").get("/desk/supervision", params={"tab": "pledges"}).text
    section = signed_in("li").get("/desk/section", params={"tab": "pledges"}).text
    assert number in watch
    assert number in section
    assert act("li", number, "keep_pledge", pledge=code, proof="回单 0012 号").status_code == 303
    assert "已兑现" in signed_in("li").get(address).text
    assert number not in signed_in("qian").get("/desk/supervision?tab=pledges").text
