"""After the answer, in browsers: rung, displeased, handled again; filed, found, taken out."""

import re

import pytest
from playwright.sync_api import expect

from monitor.steps import publishing
from tests.journeys import walking
from tests.journeys.test_accessible import violations
from tests.web import casefile

TITLE = "技改设备补贴公示通过后一直未拨款"


@pytest.fixture
def answered(office) -> str:
    """An answered order whose writer is to be called back."""
    number = casefile.to_release(office.desk)
    casefile._do(
        office.desk,
        "qian",
        number,
        lambda ctx, order: publishing.release(ctx, order, seen=order.version),
    )
    casefile.settle(office.desk, number)
    return number


def heard(page, number: str, satisfied: str, solved: str, reason: str = "") -> None:
    """Write down a call-back in the panel of the queue."""
    page.goto("/desk/inbox?tab=callback")
    acts = page.locator("#acts")
    expect(acts.locator("form")).to_have_attribute("action", re.compile(number))
    acts.get_by_label("已联系上").check()
    acts.get_by_label(solved, exact=True).check()
    acts.get_by_label("是否满意").select_option(satisfied)
    if reason:
        acts.get_by_label("原因或情况").fill(reason)
    acts.get_by_role("button", name="登记回访，下一件").click()
    expect(page.locator(".inbox-done")).to_contain_text("已回访")


def test_a_poor_call_back_begins_a_new_round(office, as_person, answered):
    lin = as_person(office, "lin")
    lin.goto("/desk/inbox?tab=callback")
    expect(lin.locator("#acts")).to_contain_text("本件抽中")
    assert violations(lin) == []
    heard(lin, answered, "不满意", "未解决", "至今没有到账")
    expect(lin.locator("[data-row]")).to_have_count(0)

    qian = as_person(office, "qian")
    qian.goto("/desk/review?tab=poor")
    assert violations(qian) == []
    qian.locator(f"#row-{answered} a").first.click()
    expect(qian.locator("main")).to_contain_text("至今没有到账")
    assert violations(qian) == []
    walking.open_deed(qian, "rework", 理由="请与财政核实后当面说明")
    walking.expect_done(qian, "待签收")
    qian.goto("/desk/review?tab=poor")
    expect(qian.locator("[data-row]")).to_have_count(0)

    zhou = as_person(office, "zhou")
    zhou.goto("/desk/section?tab=sign")
    expect(zhou.locator(f"#row-{answered} .q-left")).to_contain_text(re.compile("剩|余|分|时|天"))
    zhou.locator("[data-row]").get_by_role("button", name="签收").click()
    zhou.goto(f"/desk/orders/{answered}")
    expect(zhou.locator("main")).to_contain_text("第 2 轮")
    expect(zhou.locator("main")).to_contain_text("请与财政核实后当面说明")
    order = casefile.look(office.desk, answered)
    assert (order.state, order.round) == ("in_hand", 2)


def test_a_filed_order_is_found_and_taken_out_by_the_office(office, as_person, answered):
    lin, qian = as_person(office, "lin"), as_person(office, "qian")
    heard(lin, answered, "满意", "已解决")
    qian.goto("/desk/review?tab=archive")
    assert violations(qian) == []
    qian.locator(f"#row-{answered} a").first.click()
    expect(qian.get_by_label("保管期限")).to_have_value("10年")
    expect(qian.locator("#do-archive")).to_contain_text("保管规则第 5 条")
    walking.open_deed(qian, "archive")
    walking.expect_done(qian, "已归档")

    for page, path in (
        (lin, "/desk/inbox"),
        (lin, "/desk/inbox?tab=callback"),
        (qian, "/desk/review?tab=answered"),
        (qian, "/desk/review?tab=archive"),
        (qian, "/desk/review?tab=poor"),
    ):
        page.goto(path)
        expect(page.locator(f"#row-{answered}")).to_have_count(0)
    lin.goto(f"/desk/search?q={TITLE}")
    lin.get_by_role("link", name=TITLE).first.click()
    expect(lin.locator("main")).to_contain_text("保管至 2036-12-31")
    assert violations(lin) == []
    expect(lin.get_by_role("button", name="重新打开")).to_be_disabled()

    qian.goto(f"/desk/orders/{answered}")
    walking.open_deed(qian, "reopen", 理由="诉求人补充了新的材料")
    walking.expect_done(qian, "待归档")
    qian.goto("/desk/review?tab=archive")
    expect(qian.locator(f"#row-{answered}")).to_be_visible()
