"""Who has how much: the load of each handler, its numbers' orders, and what is one's own."""

import html
import re

import pytest

from tests.web import casefile
from tests.web.waiting import numbers

DESK = "/desk/section"


@pytest.fixture
def act(desk, signed_in):
    return casefile.sender(desk, signed_in)


def loads(text):
    """The table as it reads: name, then in hand, due today, late, each with its address."""
    body = re.search(r'<details class="loads".*?<tbody>(.*?)</tbody>', text, re.S)
    lines = re.findall(r"<tr>(.*?)</tr>", body[1], re.S) if body else []
    found = {}
    for line in lines:
        name = re.sub(r"<.*?>", "", re.search(r"<th.*?>(.*?)</th>", line, re.S)[1]).strip()
        cells = re.findall(r'<td class="num">(.*?)</td>', line, re.S)
        found[name] = [
            (
                int(re.sub(r"<.*?>", "", one)),
                html.unescape((re.findall('href="(.*?)"', one) or [""])[0]),
            )
            for one in cells
        ]
    return found


def test_each_number_leads_to_exactly_those_orders(desk, clock, signed_in, act):
    mine = [casefile.in_hand(desk) for _ in range(3)]
    for number in mine[:2]:
        act("zhou", number, "assign", handler="li")
    clock.wait(days=14)
    fresh = casefile.in_hand(desk)
    casefile.sender(desk, signed_in)("zhou", fresh, "assign", handler="li")
    zhou = signed_in("zhou")

    shown = loads(zhou.get(DESK, params={"tab": "in_hand"}).text)

    assert {name: [n for n, _ in cells] for name, cells in shown.items()} == {
        "未交办": [1, 0, 1], "李": [3, 0, 2], "周": [0, 0, 0],
    }  # fmt: skip
    for cells in shown.values():
        for number, href in cells:
            assert bool(href) == bool(number)
            if href:
                assert len(numbers(zhou.get(href).text)) == number
    assert set(numbers(zhou.get(shown["李"][2][1]).text)) == set(mine[:2])


def test_the_least_loaded_is_offered_first(desk, signed_in, act):
    given, open_one = casefile.in_hand(desk), casefile.in_hand(desk)
    act("zhou", given, "assign", handler="li")
    text = signed_in("zhou").get(f"/desk/orders/{open_one}", params={"do": "assign"}).text

    options = re.findall(r'<option value="(\w+)">(.*?（在办 .*?）)</option>', text)

    assert options == [
        ("zhou", "周（在办 0，今日到期 0，超期 0）"), ("li", "李（在办 1，今日到期 0，超期 0）"),
    ]  # fmt: skip


def test_a_handler_begins_with_what_is_his_own(desk, signed_in, act):
    given, other = casefile.in_hand(desk), casefile.in_hand(desk)
    act("zhou", given, "assign", handler="li")
    li = signed_in("li")

    assert numbers(li.get(DESK).text) == [given]
    assert "我承办的" in li.get(DESK).text
    assert set(numbers(li.get(DESK, params={"tab": "in_hand"}).text)) == {given, other}
    assert 'class="loads"' not in li.get(DESK).text


def test_what_nobody_was_given_stands_out_and_can_be_given_again(desk, signed_in, act):
    number = casefile.in_hand(desk)
    zhou = signed_in("zhou")
    assert zhou.get(DESK, params={"tab": "in_hand"}).text.count("未交办") == 2

    act("zhou", number, "assign", handler="li")
    assert act("zhou", number, "assign", handler="zhou").status_code == 303
    text = zhou.get(DESK, params={"tab": "mine"}).text
    assert numbers(text) == [number]
    assert "未交办" not in text


def test_an_unknown_handler_in_the_address_shows_everything(desk, signed_in):
    number = casefile.in_hand(desk)

    text = signed_in("zhou").get(DESK, params={"tab": "in_hand", "handler": "zhao"}).text

    assert numbers(text) == [number]
