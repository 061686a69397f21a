"""A newcomer's first day: an invitation, the first password, the tour to its end, and no second."""

import re

import pytest
from playwright.sync_api import expect

from monitor.domain.vocabulary import Role
from monitor.services import people
from tests.journeys.test_accessible import violations

WORD = "a-fresh-long-word"


@pytest.fixture
def invitation(office):
    with office.desk.writing() as ctx:
        person = people.create(ctx, "newcomer", "何", [Role.HANDLER], section="funds")
        return f"/invite/{people.invite(ctx, person)}"


def test_a_newcomer_is_led_once(office, visit, invitation):
    he = visit(office.address)
    he.goto(invitation)
    for field in he.locator("input[type=password]").all():
        field.fill(WORD)
    he.locator("main button[type=submit]").click()
    expect(he.get_by_text("何，欢迎")).to_be_visible()
    assert violations(he) == []
    he.get_by_role("button", name="开始").click()

    box = he.locator("#tour")
    expect(box).to_be_focused()
    expect(box).to_contain_text("导览 1 / 4")
    expect(he.locator(".tour-here")).to_have_count(1)
    assert violations(he) == []
    he.keyboard.press("ArrowRight")
    expect(box).to_contain_text("导览 2 / 4")
    he.keyboard.press("ArrowLeft")
    expect(box).to_contain_text("导览 1 / 4")
    he.keyboard.press("Escape")
    expect(box).to_have_count(0)
    expect(he.locator("#said")).to_contain_text("已离开导览")

    he.locator(".bar-person summary").click()
    he.locator(".bar-drop").get_by_role("link", name="入门导览").click()
    he.get_by_role("button", name="从头看").or_(he.get_by_role("button", name="开始")).click()
    for place in range(1, 5):
        expect(box).to_contain_text(f"导览 {place} / 4")
        box.get_by_role("button", name="下一步" if place < 4 else "看完了").click()
    expect(he.locator("#said")).to_contain_text("导览看完了")

    again = visit(office.address)
    again.goto("/login")
    again.get_by_label("用户名").fill("newcomer")
    again.get_by_label("密码").fill(WORD)
    again.get_by_role("button", name="登录").click()
    expect(again).to_have_url(re.compile("/desk/section$"))
    expect(again.locator("#tour")).to_have_count(0)


def test_on_a_phone_the_box_leaves_what_it_explains_free(office, as_person):
    lin = as_person(office, "lin", width=390)
    lin.goto("/desk/tour")
    lin.get_by_role("button", name="开始").click()
    for place in range(1, 6):
        expect(lin.locator("#tour")).to_contain_text(f"导览 {place} / 5")
        box = lin.locator("#tour").bounding_box()
        assert box["y"] + box["height"] <= 844 + 1
        assert box["x"] == 0
        assert box["width"] == 390
        here = lin.locator(".tour-here")
        if here.count():
            assert here.bounding_box()["y"] < box["y"] - 30, place
        lin.locator("#tour").get_by_role("button", name=re.compile("下一步|看完了")).click()
    expect(lin.locator("#said")).to_contain_text("导览看完了")
