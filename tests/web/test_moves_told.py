"""What may I do, what must I give, why not: people and machines are told what the page draws."""

import pytest

from monitor.domain.lifecycle import MOVES
from monitor.services.office import machines
from monitor.storage import orders
from monitor.storage.handling import branches
from monitor.web.orders import forms
from tests.web import casefile
from tests.web.casefile import as_person, look

TWO = "补贴什么时候拨付？\n\n厂房什么时候交付？"


def asked(browser, number: str) -> dict:
    answer = browser.get(f"/desk/orders/{number}/moves")
    assert answer.status_code == 200, answer.text
    return answer.json()


def by_name(told: dict) -> dict:
    return {move["name"]: move for move in told["moves"]}


def test_each_may_what_the_page_offers_him_and_no_more(desk, signed_in):
    number = casefile.in_hand(desk)

    head = by_name(asked(signed_in("zhou"), number))
    office = by_name(asked(signed_in("qian"), number))

    assert head["submit"]["allowed"]
    assert [field["name"] for field in head["submit"]["fields"]] == ["answer", "solved"]
    assert [field["label"] for field in head["ask_return"]["fields"]] == [
        "退单依据（三定或法规条款）"
    ]
    assert not office["submit"]["allowed"]
    assert "主办科室负责人" in office["submit"]["why"]
    assert not head["retract"]["allowed"]
    assert office["retract"]["allowed"]
    assert {field["name"] for field in head["contact"]["fields"]} >= {"way", "outcome"}


def test_another_section_is_told_nothing(desk, signed_in):
    number = casefile.in_hand(desk)

    assert signed_in("zhao").get(f"/desk/orders/{number}/moves").status_code == 404


def test_a_key_is_told_every_move_with_its_reason(desk, visitor):
    number = casefile.in_hand(desk)
    with desk.writing() as ctx:
        token = machines.add_key(ctx, "热线平台")
    machine = visitor()

    answer = machine.get(
        f"/api/v1/orders/{number}/moves", headers={"authorization": f"Bearer {token}"}
    )

    told = answer.json()
    assert answer.status_code == 200, answer.text
    assert told["state"] == "办理中"
    assert told["version"] == look(desk, number).version
    assert told["moves"]
    assert all(move["why"] and not move["allowed"] for move in told["moves"])
    assert machine.get(f"/api/v1/orders/{number}/moves").status_code == 401


@pytest.mark.parametrize("name", sorted(set(forms.FORMS) & set(MOVES)))
def test_a_form_asks_for_what_the_table_wants(name):
    drawn = {field.removesuffix("?") for field in forms.FORMS[name]}

    assert set(MOVES[name].given) <= drawn | {"answer", "solved"}


def test_a_letter_is_split_on_its_page(desk, act, signed_in):
    number = casefile.letter(desk)

    assert act("lin", number, "split", requests="只有一项").status_code == 422
    assert act("lin", number, "split", requests=TWO).status_code == 303

    page = signed_in("lin").get(f"/desk/orders/{number}").text
    with desk.reading(as_person(desk, "lin")) as ctx:
        order = orders.get(ctx.session, ctx.person, number)
        found = [child.number for child in branches.children(ctx.session, order.id)]
    assert len(found) == 2
    assert all(f"/desk/orders/{child}" in page for child in found)
    assert f"由 {number} 拆出" in signed_in("lin").get(f"/desk/orders/{found[0]}").text
    # The same form again makes no second pair.
    assert act("lin", number, "split", requests=TWO).status_code == 409


def test_a_requester_who_takes_it_back_ends_it(desk, act, signed_in):
    number = casefile.in_hand(desk)

    assert act("lin", number, "retract", reason="已解决").status_code == 422
    assert act("lin", number, "retract", reason="已解决", proof="十点来电").status_code == 303

    assert look(desk, number).state == "notified"
    assert "十点来电" in signed_in("lin").get(f"/desk/orders/{number}?story=all").text
