"""A rule chosen by hand, on the page: offered with what it comes to; the old reckoning stays."""

from tests.web import casefile


def test_the_office_chooses_the_longer_limit_and_both_reckonings_are_seen(desk, act, signed_in):
    number = casefile.in_hand(desk)
    address = f"/desk/orders/{number}"
    told = signed_in("qian").get(f"{address}/moves").json()["moves"]
    offered = {move["name"]: move for move in told}
    options = offered["choose_rule"]["fields"][0]["options"]
    assert offered["choose_rule"]["allowed"]
    assert "LX-1.complex" in options
    assert "LX-1.answer" not in options
    assert "已经" not in offered["rereckon"]["why"]

    refused = act("qian", number, "choose_rule", rule="HL-1.answer", reason="试")
    done = act("qian", number, "choose_rule", rule="LX-1.complex", reason="涉及三个部门")

    assert (refused.status_code, done.status_code) == (422, 303)
    page = signed_in("qian").get(address).text
    assert "答复原按 LX-1 第 1 版" in page
    assert "涉及三个部门" in page
    old = page.split("aside-clocks")[1].split('href="')[1].split('"')[0]
    assert "原来的答复时限怎么算的" in signed_in("qian").get(old.split("#")[0]).text
    assert "choose_rule" not in {
        move["name"] for move in signed_in("li").get(f"{address}/moves").json()["moves"]
    }
