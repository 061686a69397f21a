"""One answer out of two sections, in browsers: asked, given, taken over, or not waited for."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import walking
from tests.journeys.test_accessible import violations
from tests.web import casefile

ASKED, GIVEN = "核对用地面积和厂房水电", "实测用地 30 亩，厂房水电已于上月接通。"
ANSWER = "您好！依据《惠企资金兑现办法》第十二条，本批补贴将于10月30日前拨付到账。"


@pytest.fixture
def shared(office, as_person) -> str:
    """An order of funds in hand, to which duty asked factor to contribute."""
    number = casefile.letter(office.desk)
    lin = as_person(office, "lin")
    lin.goto(f"/desk/inbox?order={number}&do=dispatch")
    acts = lin.locator("#acts")
    acts.get_by_label("主办科室").select_option("政策兑现科")
    acts.locator("summary").filter(has_text="协办科室").click()
    for suggested in acts.get_by_role("checkbox", checked=True).all():
        suggested.uncheck()
    acts.get_by_role("checkbox", name="要素保障科").check()
    acts.get_by_label("请要素保障科协办什么").fill(ASKED)
    acts.get_by_role("button", name="分办").click()
    expect(lin.locator(".inbox-done")).to_contain_text("已分办至政策兑现科")
    zhou = as_person(office, "zhou")
    zhou.goto("/desk/section")
    zhou.locator("[data-row]").get_by_role("button", name="签收").click()
    expect(zhou.locator("#said")).to_contain_text(f"已签收 {number}")
    return number


def at_lead(office, as_person, number: str) -> Page:
    page = as_person(office, "zhou")
    page.goto(f"/desk/orders/{number}")
    return page


def test_the_part_of_a_co_section_becomes_part_of_the_answer(office, as_person, shared):
    zhao = as_person(office, "zhao")
    zhao.goto("/desk/section?tab=co")
    row = zhao.locator(f"#row-{shared}")
    expect(row).to_contain_text(f"请协办：{ASKED}")
    expect(row.locator(".q-until")).to_contain_text(re.compile("协办 10月13日"))
    assert violations(zhao) == []
    row.get_by_role("link", name="写意见").click()
    zhao.get_by_label("本科室的协办意见").fill(GIVEN)
    expect(zhao.locator("#part-form [data-draft-note]")).to_contain_text("已自动保存")
    zhao.reload()
    expect(zhao.get_by_label("本科室的协办意见")).to_have_value(GIVEN)
    assert violations(zhao) == []
    zhao.locator("#part-form").get_by_role("button", name="提交协办意见").click()
    zhao.wait_for_url(re.compile("done=give_part"))
    zhao.goto("/desk/section?tab=co")
    expect(zhao.locator("[data-row]")).to_have_count(0)

    zhou = at_lead(office, as_person, shared)
    zhou.locator("#submit-answer").fill(ANSWER)
    zhou.get_by_role("button", name="采用，接到答复后面").click()
    expect(zhou.locator("#submit-answer")).to_have_value(
        re.compile(rf"到账。\n\n要素保障科意见：\n{GIVEN}")
    )
    assert violations(zhou) == []
    zhou.get_by_label("已解决", exact=True).check()
    zhou.get_by_role("button", name="提交答复，送办公室审核").click()
    walking.expect_done(zhou, "待审核")

    qian = as_person(office, "qian")
    qian.goto(f"/desk/review/{shared}")
    expect(qian.locator(".card").filter(has_text="协办意见").first).to_contain_text(GIVEN)
    expect(qian.locator("main")).to_contain_text("要素保障科意见：")
    assert violations(qian) == []


def test_a_part_that_is_not_waited_for_wants_a_reason(office, as_person, shared):
    zhou = at_lead(office, as_person, shared)
    expect(zhou.locator("#part-factor")).to_contain_text("待提交")
    zhou.locator("#submit-answer").fill(ANSWER)
    zhou.get_by_label("已解决", exact=True).check()
    zhou.get_by_role("button", name="提交答复，送办公室审核").click()
    expect(zhou.locator("#submit-without-error")).to_be_visible()
    expect(zhou.locator("#submit-answer")).to_have_value(ANSWER)
    zhou.locator("#submit-without").fill("诉求人明日出国，面积不影响拨付")
    zhou.get_by_role("button", name="提交答复，送办公室审核").click()
    walking.expect_done(zhou, "待审核")

    qian = as_person(office, "qian")
    qian.goto(f"/desk/review/{shared}")
    expect(qian.locator("main")).to_contain_text(
        "缺要素保障科的协办意见。理由：诉求人明日出国，面积不影响拨付"
    )


def test_a_co_section_is_reminded_and_its_poor_part_comes_back(office, as_person, shared):
    zhou = at_lead(office, as_person, shared)
    zhou.locator("#part-factor").get_by_role("button", name="催请").click()
    expect(zhou.locator("#part-factor")).to_contain_text("已催 1 次")
    zhao = as_person(office, "zhao", width=390)
    zhao.goto("/desk/section?tab=co")
    expect(zhao.locator(f"#row-{shared}")).to_contain_text("已催 1 次")
    zhao.goto(f"/desk/orders/{shared}#parts")
    zhao.get_by_label("本科室的协办意见").fill("无意见。")
    zhao.locator("#part-form").get_by_role("button", name="提交协办意见").click()
    zhao.wait_for_url(re.compile("done=give_part"))

    zhou.reload()
    part = zhou.locator("#part-factor")
    part.locator("summary").filter(has_text="退回").click()
    part.get_by_label("退回的理由").fill("请写明实测面积")
    part.get_by_role("button", name="退回重写").click()
    expect(part).to_contain_text("已退回，待重新提交")
    zhao.goto("/desk/section?tab=co")
    zhao.locator(f"#row-{shared} a").first.click()
    expect(zhao.locator("#part-factor")).to_contain_text("请写明实测面积")
