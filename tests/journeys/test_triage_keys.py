"""The keys of triage: each leads to where the next word is typed, Enter to the whole page."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import walking
from tests.web import casefile


@pytest.mark.parametrize(
    ("key", "label"), [("e", "主题"), ("m", "主单编号"), ("x", "不予受理的情形")]
)
def test_a_key_leads_into_its_form(office, as_person, key, label):
    casefile.letter(office.desk)
    lin = as_person(office, "lin")
    lin.goto("/desk/inbox")
    lin.keyboard.press(key)
    lin.wait_for_url(re.compile("do="))

    expect(lin.locator("#acts").get_by_label(label)).to_be_focused()


def test_the_key_of_an_order_leads_into_its_form(office, as_person):
    number = casefile.sent(office.desk)
    zhou = as_person(office, "zhou")
    zhou.goto(f"/desk/orders/{number}?do=ask_return#do-ask_return")

    box = zhou.locator("#do-ask_return").locator("select, textarea, input:not([type=hidden])")
    expect(box.first).to_be_focused()


def test_enter_opens_the_whole_page_and_back_returns_to_the_row(office, as_person):
    casefile.letter(office.desk)
    clicked = casefile.letter(office.desk, title="第二件")
    lin = as_person(office, "lin")
    lin.goto("/desk/inbox")
    lin.keyboard.press("j")
    expect(lin.locator("#panel h2").first).to_have_text("第二件")
    lin.keyboard.press("Enter")
    lin.wait_for_url(re.compile(f"/desk/orders/{clicked}"))

    lin.go_back()
    expect(lin.locator("#panel h2").first).to_have_text("第二件")


def test_back_tells_nothing_that_was_undone(office, as_person):
    casefile.letter(office.desk)
    lin = as_person(office, "lin")
    walking.accept_with_a_key(lin, "技改设备补贴公示通过后一直未拨款")
    lin.keyboard.press("z")
    expect(lin.locator(".inbox-done")).to_contain_text("已撤回")

    lin.go_back()
    lin.wait_for_url(re.compile("done=dispatch"))
    expect(lin.locator(".inbox-done")).to_have_count(0)
