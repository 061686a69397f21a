"""What goes another way: recall, decline by two, merge and un-merge, answer at once."""

import re

from playwright.sync_api import expect

from tests.journeys import walking
from tests.web import casefile

OTHER = "技改设备补贴第二批什么时候拨付"


def test_a_dispatch_is_recalled_before_it_is_signed_for(office, as_person):
    number = casefile.letter(office.desk)
    lin = as_person(office, "lin")
    walking.accept_with_a_key(lin, "技改设备补贴公示通过后一直未拨款")
    lin.keyboard.press("z")
    expect(lin.locator("#panel .panel-facts")).to_contain_text(number)
    expect(lin.locator("#panel .panel-facts")).to_contain_text("待研判")

    walking.accept_with_a_key(lin, "技改设备补贴公示通过后一直未拨款")
    zhou = as_person(office, "zhou")
    zhou.goto("/desk/section")
    zhou.locator("[data-row]").get_by_role("button", name="签收").first.click()
    expect(zhou.locator("#said")).to_contain_text("已签收")
    with lin.expect_response(lambda answer: answer.request.method == "POST") as sent:
        lin.keyboard.press("z")
    assert sent.value.status == 409
    expect(lin.get_by_role("alert")).to_be_visible()
    assert casefile.look(office.desk, number).state == "in_hand"


def test_two_persons_decline_and_the_lawful_way_is_named(office, as_person):
    number = casefile.letter(office.desk)
    lin, qian = as_person(office, "lin"), as_person(office, "qian")
    for granted in (False, True):
        lin.goto(f"/desk/inbox?order={number}")
        lin.keyboard.press("x")
        lin.get_by_label("不予受理的情形").select_option(index=1)
        lin.get_by_label("告知的渠道").fill("示范市人民法院诉讼服务中心")
        lin.get_by_label("理由").fill("已进入诉讼程序")
        lin.get_by_role("button", name="提请不予受理").click()
        lin.goto(f"/desk/inbox?order={number}")
        expect(lin.locator("#panel")).to_contain_text("等办公室决定")

        qian.goto("/desk/review?tab=declines")
        qian.locator(f"#row-{number} a").first.click()
        move = "decline" if granted else "refuse_decline"
        walking.open_deed(qian, move, 理由="核对过，情况属实")
        walking.expect_done(qian, "已告知" if granted else "待研判")
    assert casefile.look(office.desk, number).state == "notified"


def test_a_repeat_is_merged_and_taken_out_again(office, as_person):
    first = casefile.letter(office.desk)
    second = casefile.letter(office.desk, title=OTHER)
    lin = as_person(office, "lin")
    lin.goto(f"/desk/inbox?order={second}")
    expect(lin.locator(".similar")).to_contain_text(first)
    lin.keyboard.press("d")
    expect(lin.get_by_text("相同的说法已标出")).to_be_visible()
    lin.keyboard.press("m")
    expect(lin.get_by_label("主单编号")).to_have_value(first)
    lin.get_by_role("button", name="并入主单").click()
    expect(lin.locator(".inbox-done")).to_contain_text("已并单")
    assert casefile.look(office.desk, second).state == "merged"

    lin.goto(f"/desk/orders/{second}")
    expect(lin.get_by_role("link", name=f"已并入 {first}")).to_be_visible()
    walking.open_deed(lin, "unmerge", 理由="另一批次，不是同一件事")
    walking.expect_done(lin, "待研判")
    lin.goto("/desk/inbox")
    expect(lin.locator("[data-row]")).to_have_count(2)


def test_what_can_be_answered_at_once_goes_to_review_without_a_section(office, as_person):
    number = casefile.letter(office.desk)
    lin = as_person(office, "lin")
    lin.goto(f"/desk/inbox?order={number}")
    lin.get_by_role("link", name="直接答复").last.click()
    lin.get_by_label("公开答复").fill("您好！依据《惠企资金兑现办法》第十二条，本月底前拨付。")
    lin.get_by_label("答复依据").fill("《惠企资金兑现办法》第十二条")
    lin.get_by_role("button", name="提交审核").click()
    lin.wait_for_url(re.compile("done=answer_at_once"))
    assert casefile.look(office.desk, number).state == "in_review"

    qian = as_person(office, "qian")
    qian.goto(f"/desk/review/{number}")
    qian.keyboard.press("r")
    expect(qian.get_by_label("审核意见")).to_be_focused()
    qian.keyboard.type("请写明批次")
    qian.get_by_role("button", name="退回修改").click()
    qian.wait_for_url(re.compile("done=hand_back"))
    assert casefile.look(office.desk, number).state == "triage"
    lin.goto("/desk/inbox/direct")
    expect(lin.locator(f"#row-{number}")).to_be_visible()
    lin.goto(f"/desk/inbox?order={number}&do=answer_at_once")
    expect(lin.get_by_label("公开答复")).to_have_value(re.compile("第十二条，本月底前拨付"))


def test_a_letter_sent_again_after_going_back_is_the_same_letter(office, visit):
    page = visit(office.address)
    code = walking.write_letter(page)

    page.go_back()
    expect(page.get_by_role("button", name="提交来信")).to_be_visible()
    again = walking.write_letter(page)

    assert again == code
    expect(page.get_by_text("没有重复登记")).to_be_visible()
    lin = visit(office.address)
    walking.sign_in(lin, "lin")
    expect(lin.locator("[data-row]")).to_have_count(1)
