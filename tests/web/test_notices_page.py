"""提醒 on the page: a bell that counts, a list that is read, a stream that tells the count."""

import pytest

from tests.web import casefile

PAGE = "/desk/notices"


@pytest.fixture
def told(desk):
    """周 was sent an order."""
    return casefile.sent(desk)


def test_the_bell_counts_what_is_unread_and_the_list_links_to_it(signed_in, told):
    zhou = signed_in("zhou")
    page = zhou.get(PAGE).text

    assert f"/desk/orders/{told}" in page
    assert "未读 1 条" in page
    assert "<b>1</b>" in zhou.get("/desk/section").text.split("bar-bell")[1][:400]
    assert told not in signed_in("zhao").get(PAGE).text


def test_opening_the_order_reads_its_notices(signed_in, told):
    zhou = signed_in("zhou")
    zhou.get(f"/desk/orders/{told}")

    assert "都看过了" in zhou.get(PAGE).text


def test_all_are_read_with_one_press_and_a_strange_place_is_refused(signed_in, told):
    zhou = signed_in("zhou")
    newest = zhou.get(PAGE).text.split('name="upto" value="')[1].split('"')[0]

    assert zhou.fill(f"{PAGE}/read", PAGE, upto=newest).status_code == 303
    assert "都看过了" in zhou.get(PAGE).text
    assert zhou.fill(f"{PAGE}/read", PAGE, upto="x").status_code == 422
    assert zhou.get(f"{PAGE}?before=1").status_code == 200


def test_the_stream_tells_the_count(signed_in, told):
    answer = signed_in("zhou").get(f"{PAGE}/stream")

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert "data: 1\n" in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_an_address_for_mail_is_kept_checked_and_dropped(desk, signed_in):
    zhou = signed_in("zhou")

    assert zhou.fill("/desk/me/mail", "/desk/me", mail="zhou@bureau.example").status_code == 303
    assert "zhou@bureau.example" in zhou.get("/desk/me").text
    assert zhou.fill("/desk/me/mail", "/desk/me", mail="not an address").status_code == 422
    assert zhou.fill("/desk/me/mail", "/desk/me", mail="").status_code == 303
    assert "zhou@bureau.example" not in zhou.get("/desk/me").text


def test_administrators_have_no_bell(signed_in):
    assert "bar-bell" not in signed_in("xiang").get("/admin/office").text
