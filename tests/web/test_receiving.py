"""待确认收到 on the page: a badge in the place of the answer's limit, and the move that ends it."""

from monitor.domain.vocabulary import Arrival, Channel
from tests.web import casefile


def test_a_request_that_came_online_waits_for_both_sides(desk, act, signed_in):
    number = casefile.letter(desk, channel=Channel.DISCLOSURE, arrival=Arrival.ONLINE)
    address = f"/desk/orders/{number}"
    assert "待确认收到" in signed_in("lin").get(address).text
    moves = signed_in("lin").get(f"{address}/moves").json()["moves"]
    assert next(move for move in moves if move["name"] == "confirm_receipt")["allowed"]
    today = desk.clock().astimezone().date().isoformat()

    early = act("lin", number, "confirm_receipt", way="电话", received_on="2020-01-01")
    done = act("lin", number, "confirm_receipt", way="电话", received_on=today)

    assert (early.status_code, done.status_code) == (422, 303)
    page = signed_in("lin").get(address).text
    assert "待确认收到" not in page
    moves = signed_in("lin").get(f"{address}/moves").json()["moves"]
    assert "confirm_receipt" not in {move["name"] for move in moves}
