"""A late order: chased, refused more time, carded red, raised, answered, and lifted."""

import re

from playwright.sync_api import expect

from monitor.services.supervision import sweeping
from tests.web import casefile


def test_a_late_order_is_chased_raised_answered_and_lifted(office, as_person):
    number = casefile.in_hand(office.desk)
    order = f"/desk/orders/{number}"
    office.clock.wait(days=11)
    sweeping.sweep(office.desk)

    qian = as_person(office, "qian")
    qian.goto("/desk/supervision")
    expect(qian.locator(f"#row-{number}")).to_contain_text("黄牌")
    qian.keyboard.press("j")
    qian.keyboard.press("c")
    qian.wait_for_url(re.compile("done=chase"))
    expect(qian.locator(f"#row-{number}")).to_contain_text("催 2 次")

    zhou = as_person(office, "zhou")
    zhou.goto(order)
    asked = zhou.locator("#do-ask_extension")
    expect(asked).to_contain_text("不能延期")
    expect(zhou.locator(".order-facts")).to_contain_text("黄牌")

    office.clock.wait(days=8)
    sweeping.sweep(office.desk)
    # Eight days later everybody signs in anew.
    zhou = as_person(office, "zhou")
    zhou.goto(order)
    expect(zhou.locator(".order-facts")).to_contain_text("红牌")

    sun = as_person(office, "sun")
    sun.goto(f"{order}?do=raise_up#do-raise_up")
    deed = sun.locator("#do-raise_up")
    deed.get_by_label("理由").fill("超期多日，请分管领导协调")
    deed.get_by_role("button", name="提级督办").click()
    expect(sun.locator(".order-facts")).to_contain_text("提级督办")

    casefile.answer(office.desk, number)
    sun.goto(order)
    expect(sun.locator(".order-facts")).not_to_contain_text("提级督办")
    expect(sun.locator(".watch-list")).to_contain_text("“答复”已办")
    sun.goto("/desk/supervision?tab=listed")
    expect(sun.get_by_text("没有在督办的工单")).to_be_visible()
