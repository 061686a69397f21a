"""A call, registered while talking: the keyboard alone, suggestions, a draft that stays."""

import re

from playwright.sync_api import expect

from tests.journeys.walking import LETTER, PHONE


def test_a_call_is_registered_by_keyboard_alone(office, as_person):
    lin = as_person(office, "lin")
    lin.goto("/desk/inbox")
    lin.keyboard.press("n")
    lin.wait_for_url(re.compile("/desk/register"))

    expect(lin.get_by_label("姓名或单位")).to_be_focused()
    lin.keyboard.type("陈试样")
    tab_to(lin, "phone")
    lin.keyboard.type(PHONE)
    tab_to(lin, "text")
    lin.keyboard.insert_text(LETTER)
    expect(lin.locator("#suggestions")).to_contain_text("惠企资金兑现")
    expect(lin.locator("#suggestions")).to_contain_text("政策兑现科")
    tab_to(lin, "title")
    lin.keyboard.insert_text("来电问设备补贴何时拨付")
    expect(lin.locator("[data-draft-note]")).to_contain_text("已自动保存")
    lin.keyboard.press("Escape")
    lin.keyboard.press("s")

    expect(lin.locator("#said")).to_contain_text(re.compile(r"已登记 HY\d+-001，查询码"))
    expect(lin.locator("#panel h2").first).to_have_text("来电问设备补贴何时拨付")
    lin.goto("/desk/register")
    expect(lin.get_by_label("诉求内容")).to_have_value("")


def test_a_closed_window_keeps_what_was_typed_and_only_for_its_writer(office, as_person):
    lin = as_person(office, "lin")
    lin.goto("/desk/register")
    lin.get_by_label("诉求内容").fill("来电说到一半，电话断了，稍后再打。")
    expect(lin.locator("[data-draft-note]")).to_contain_text("已自动保存")
    again = lin.context.new_page()
    lin.close()

    again.goto("/desk/register")
    expect(again.get_by_label("诉求内容")).to_have_value("来电说到一半，电话断了，稍后再打。")
    other = as_person(office, "ren")
    other.goto("/desk/register")
    expect(other.get_by_label("诉求内容")).to_have_value("")

    again.get_by_role("button", name="清空草稿").click()
    again.get_by_role("button", name="确定").click()
    expect(again.get_by_label("诉求内容")).to_have_value("")


def tab_to(page, name: str) -> None:
    """Press Tab until the field has the focus."""
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == name:
            return
    raise AssertionError(f"Tab does not lead to {name}")
