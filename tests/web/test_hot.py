"""热点线索: the page, the banner, the way to exactly the orders, what the office says."""

import re

import pytest

from monitor.tasks import hotspots
from tests.classifiers.hot_letters import bundle
from tests.web import casefile

PAGE = "/desk/hot"
PLACE = "青禾家园"


@pytest.fixture
def letters(desk):
    """Seven letters about one matter at one place, just come in; the job has run."""
    numbers = [
        casefile.letter(desk, title=one.title, text=one.text)
        for one in bundle(1, each=7)
        if one.number.startswith(PLACE)
    ]
    hotspots.watch(desk)
    return numbers


def test_an_issue_leads_to_exactly_its_orders(signed_in, letters):
    browser = signed_in("lin")
    page = browser.get(PAGE).text
    address = re.search(r'href="(/desk/search\?figure=hot[^"]+)"', page)[1]

    listed = browser.get(address.replace("&amp;", "&")).text

    assert PLACE in page
    assert set(re.findall(r"HY\d{8}-\d+", listed)) == set(letters)
    assert "热点：" in listed


def test_board_inbox_and_panel_tell_of_it(signed_in, letters):
    browser = signed_in("lin")
    inbox = browser.get(f"/desk/inbox?order={letters[0]}").text

    assert "处苗头" in inbox
    assert re.search(r"与热点“[^”]*青禾[^”]*”同类 6 件", inbox)
    assert PLACE in signed_in("sun").get("/desk/dashboard").text


def test_the_office_says_what_it_makes_of_a_sign(signed_in, letters):
    page = signed_in("qian").get(PAGE).text
    address = re.search(rf'href="({PAGE}/[0-9a-f-]{{36}})"', page)[1]

    assert "记下处置" not in signed_in("lin").get(address).text
    browser = signed_in("qian")
    answer = browser.fill(f"{address}/judge", address, judged="opened", number=letters[0])
    assert answer.status_code == 303
    assert "已立主动治理单" in browser.get(address).text
    assert "处苗头" not in browser.get("/desk/dashboard").text
    refused = browser.fill(f"{address}/judge", address, judged="dismissed", reason=" ")
    assert refused.status_code == 422


def test_another_section_sees_neither_issue_nor_orders(signed_in, letters):
    address = re.search(rf'href="({PAGE}/[0-9a-f-]{{36}})"', signed_in("lin").get(PAGE).text)[1]
    browser = signed_in("zhao")

    assert PLACE not in browser.get(PAGE).text
    assert browser.get(address).status_code == 404
    assert PLACE not in browser.get(f"/desk/search?figure=hot.{address[-36:]}").text


def test_an_empty_page_says_why(signed_in):
    page = signed_in("lin").get(PAGE).text

    assert "现在没有热点" in page


def test_the_number_of_queries_does_not_grow(desk, signed_in, letters, count_queries):
    browser = signed_in("sun")
    browser.get(PAGE)
    with count_queries() as few:
        browser.get(PAGE)
    desk.clock.wait(hours=1)
    for one in bundle(9, each=7):
        if not one.number.startswith(("n", PLACE)):
            casefile.letter(desk, title=one.title, text=one.text)
    hotspots.watch(desk)
    browser.get(PAGE)
    with count_queries() as many:
        page = browser.get(PAGE).text

    assert "云溪大厦" in page
    assert len(many) == len(few)
