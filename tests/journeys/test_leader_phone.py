"""The leader on a telephone: what waits, what is late, an order's story, sign or hand back."""

import re
from dataclasses import replace

from playwright.sync_api import expect

from monitor.domain.vocabulary import Urgency
from tests.journeys import walking
from tests.web import casefile

TALL, WIDE = 44, 390


def thumb(locator) -> None:
    """Press what a thumb can hit: tall enough, on the screen, not under another."""
    locator.scroll_into_view_if_needed()
    box = locator.bounding_box()
    assert box["height"] >= TALL
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= WIDE
    locator.tap()


def phone(as_person, office):
    """Sun's telephone."""
    return as_person(office, "sun", width=WIDE, has_touch=True, is_mobile=True)


def waiting_for_the_leader(office, as_person) -> str:
    """An urgent answer that the office and the secrecy officer have signed."""
    urgent = replace(casefile.DECISION, urgency=Urgency.URGENT)
    number = casefile.in_review(office.desk, decision=urgent)
    for username in ("qian", "wu"):
        walking.sign_off(as_person(office, username), number)
    return number


def test_the_leader_reads_the_story_and_signs(office, as_person):
    number = waiting_for_the_leader(office, as_person)
    sun = phone(as_person, office)
    sun.goto("/desk")
    expect(sun.locator(".foot-nav [aria-current]")).to_contain_text("待我审核")

    sun.locator(f"#row-{number} a").first.tap()
    sun.get_by_role("link", name="整张工单").tap()
    expect(sun.locator("#story")).to_contain_text("提交答复")
    sun.go_back()
    thumb(sun.get_by_role("button", name=re.compile("^通过")))

    expect(sun.locator("main")).to_contain_text(f"审核通过：{number}")
    assert casefile.look(office.desk, number).state == "to_release"


def test_the_leader_hands_back_with_his_reason(office, as_person):
    number = waiting_for_the_leader(office, as_person)
    sun = phone(as_person, office)
    sun.goto(f"/desk/review/{number}")

    sun.get_by_placeholder("审核意见").fill("请写明拨付的具体日期")
    thumb(sun.get_by_role("button", name="退回修改"))

    sun.wait_for_url(re.compile("done=hand_back"))
    assert casefile.look(office.desk, number).state == "in_hand"


def test_what_is_late_is_one_tap_away(office, as_person):
    number = casefile.in_hand(office.desk)
    office.clock.wait(days=30)
    sun = phone(as_person, office)
    sun.goto("/desk")

    late = sun.locator(".foot-nav").get_by_role("link", name=re.compile("答复超期"))
    expect(late).to_contain_text("1")
    thumb(late)

    row = sun.locator("[data-row]")
    expect(row).to_have_count(1)
    expect(row).to_contain_text(number)
    expect(row).to_contain_text("超")
