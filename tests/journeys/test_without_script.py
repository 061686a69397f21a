"""Without JavaScript every step of the way is a link or a form."""

import pytest
from playwright.sync_api import expect

from tests.journeys import walking
from tests.web import casefile

TITLE = "技改设备补贴公示通过后一直未拨款"


@pytest.fixture
def plain(as_person, office):
    """A person whose browser runs no script."""
    return lambda username: as_person(office, username, java_script_enabled=False)


def test_a_record_goes_its_way_without_script(office, plain, visit):
    writer = visit(office.address, java_script_enabled=False)
    walking.write_letter(writer)
    lin = plain("lin")
    lin.goto("/desk/inbox")
    lin.locator("[data-row]").get_by_role("link", name=walking.TITLE).click()
    lin.get_by_role("button", name="采纳并分办").click()
    expect(lin.locator(".inbox-done")).to_contain_text("已分办至政策兑现科")

    zhou = plain("zhou")
    zhou.goto("/desk/section")
    zhou.locator("[data-row]").get_by_role("button", name="签收").first.click()
    zhou.goto("/desk/section?tab=in_hand")
    zhou.get_by_role("link", name=walking.TITLE).click()
    walking.log_contact(zhou)
    zhou.locator("#submit-answer").fill(casefile.ANSWER + "电话13800000123。")
    zhou.get_by_role("button", name="保存草稿").last.click()
    expect(zhou.locator("#checks")).to_contain_text("含手机号")
    zhou.get_by_role("button", name="把个人信息全部遮去").click()
    expect(zhou.locator("#submit-answer")).not_to_have_value("13800000123")
    zhou.get_by_label("已解决", exact=True).check()
    zhou.get_by_role("button", name="提交答复，送办公室审核").click()
    walking.expect_done(zhou, "待审核")

    for username in ("qian", "wu"):
        reviewer = plain(username)
        reviewer.goto("/desk/review")
        reviewer.get_by_role("link", name=walking.TITLE).click()
        reviewer.get_by_role("button", name="通过，").click()
    qian = plain("qian")
    qian.goto("/desk/review?tab=release")
    qian.get_by_role("link", name=walking.TITLE).click()
    qian.get_by_role("button", name="发布到网站，同时回复诉求人").click()
    expect(qian.get_by_role("link", name="看公开页")).to_be_visible()
    writer.goto("/")
    expect(writer.get_by_role("link", name=walking.TITLE)).to_be_visible()


def test_the_clock_is_explained_and_values_are_changed_by_links(office, plain):
    number = casefile.letter(office.desk)
    lin = plain("lin")
    lin.goto(f"/desk/inbox?order={number}")
    lin.locator(".sug", has_text="紧急程度").get_by_role("link", name="紧急", exact=True).click()
    expect(lin.locator(".sug", has_text="紧急程度").locator(".sug-value")).to_have_text("紧急")
    lin.get_by_role("button", name="采纳并分办").click()
    lin.goto(f"/desk/orders/{number}")
    lin.locator("a[href*='trace=answer']").first.click()
    expect(lin.locator("#trace")).to_contain_text("收件日")
    expect(lin.locator("#trace")).to_contain_text("补班")
