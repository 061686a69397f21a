"""A closed tab, a session that ran out, a colleague at the same desk: what was typed stays."""

import re

from playwright.sync_api import expect

from tests.journeys.served import PASSWORD
from tests.web import casefile

OUTCOME = "电话里说明了拨付安排，对方同意等到月底"


def contact_form(page, number):
    page.goto(f"/desk/orders/{number}")
    deed = page.locator("#do-contact")
    deed.locator("summary").click()
    deed.get_by_label("方式").select_option(index=1)
    return deed.get_by_label("联系结果")


def begin(page, number):
    """Type into the contact log until the page says that it is kept."""
    box = contact_form(page, number)
    box.fill(OUTCOME)
    expect(page.locator("#do-contact [data-keep-note]")).to_contain_text("已存为草稿")


def test_a_closed_tab_loses_nothing(office, as_person):
    number = casefile.in_hand(office.desk)
    li = as_person(office, "li")
    begin(li, number)

    again = li.context.new_page()
    li.close()
    again.goto(f"/desk/orders/{number}")

    expect(again.locator("#do-contact").get_by_label("联系结果")).to_have_value(OUTCOME)
    expect(again.locator("#do-contact [data-keep-note]")).to_contain_text("没有提交的内容已放回")
    again.goto("/desk/drafts")
    expect(again.locator(".card")).to_contain_text(f"{number} 记录联系")
    expect(again.get_by_label("联系结果")).to_have_value(OUTCOME)


def test_what_was_sent_is_a_draft_no_longer(office, as_person):
    number = casefile.in_hand(office.desk)
    li = as_person(office, "li")
    begin(li, number)

    li.locator("#do-contact").get_by_role("button", name="记录联系").click()
    li.wait_for_url(re.compile("done=contact"))

    expect(li.locator("#do-contact").get_by_label("联系结果")).to_have_value("")
    li.goto("/desk/drafts")
    expect(li.locator("#main")).to_contain_text("没有草稿")


def test_a_draft_can_be_thrown_away_where_it_was_put_back(office, as_person):
    number = casefile.in_hand(office.desk)
    li = as_person(office, "li")
    begin(li, number)
    li.reload()

    li.get_by_role("button", name="不要了，清空").click()

    expect(li.locator("#do-contact [data-keep-note]")).to_have_text("已清空")
    expect(li.locator("#do-contact").get_by_label("联系结果")).to_have_value("")
    li.goto("/desk/drafts")
    expect(li.locator("#main")).to_contain_text("没有草稿")


def typing_past_the_session(office, as_person, number):
    """Li types into the contact form after his session has run out."""
    li = as_person(office, "li")
    box = contact_form(li, number)
    office.clock.wait(hours=9)
    box.fill(OUTCOME)
    return li


def sign_in(page, username):
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()


def test_a_session_that_ran_out_loses_nothing(office, as_person):
    number = casefile.in_hand(office.desk)
    li = typing_past_the_session(office, as_person, number)
    expect(li.locator("#do-contact [data-keep-note]")).to_contain_text("登录已过期")

    li.locator("#do-contact").get_by_role("button", name="记录联系").click()
    expect(li.get_by_role("heading", name="登录已过期，内容没有丢")).to_be_visible()
    sign_in(li, "li")
    li.wait_for_url(re.compile(f"/desk/orders/{number}"))

    expect(li.locator("#do-contact").get_by_label("联系结果")).to_have_value(OUTCOME)
    li.locator("#do-contact").get_by_role("button", name="记录联系").click()
    li.wait_for_url(re.compile("done=contact"))
    expect(li.locator("#main")).to_contain_text(OUTCOME)


def test_what_one_typed_is_not_given_to_the_colleague_who_signs_in(office, as_person):
    number = casefile.in_hand(office.desk)
    li = typing_past_the_session(office, as_person, number)
    li.locator("#do-contact").get_by_role("button", name="记录联系").click()

    sign_in(li, "zhou")
    li.wait_for_url(re.compile(f"/desk/orders/{number}"))

    expect(li.locator("#said")).to_contain_text("属于另一位同事")
    assert OUTCOME not in li.content()
    li.goto("/desk/drafts")
    expect(li.locator("#main")).to_contain_text("没有草稿")


def test_signing_in_again_in_another_tab_lets_the_first_go_on(office, as_person):
    number = casefile.in_hand(office.desk)
    li = typing_past_the_session(office, as_person, number)
    expect(li.locator("#do-contact [data-keep-note]")).to_contain_text("登录已过期")
    other = li.context.new_page()
    other.goto("/login")
    sign_in(other, "li")
    other.wait_for_url(re.compile("/desk/"))
    other.close()

    with li.expect_response(re.compile("/desk/drafts/one")):
        li.evaluate("window.dispatchEvent(new Event('focus'))")
    li.locator("#do-contact").get_by_role("button", name="记录联系").click()

    li.wait_for_url(re.compile("done=contact"))


def test_a_form_of_one_transaction_is_sent_though_it_was_kept(office, as_person):
    an = as_person(office, "an")
    an.goto("/admin/security")
    an.get_by_label("名称").fill("演示平台")
    expect(an.locator("form[action='/admin/security/keys'] [data-keep-note]")).to_contain_text(
        "已存为草稿"
    )

    an.get_by_role("button", name="增加密钥").click()

    expect(an.locator("#f-key")).to_be_visible()
    an.goto("/desk/me")
    an.goto("/desk/drafts")
    expect(an.locator("#main")).to_contain_text("没有草稿")


def test_what_was_typed_about_one_rule_never_enters_another(office, as_person):
    xiang = as_person(office, "xiang")
    xiang.goto("/admin/rules/card/YJ-1")
    ticked = xiang.locator("input[type=checkbox]:checked").count()
    edit = xiang.locator("form").filter(has_text="先试算，看影响")
    edit.get_by_label("名称").fill("剩两个工作日")
    expect(edit.locator("[data-keep-note]")).to_contain_text("已存为草稿")

    xiang.goto("/admin/rules/card/YJ-2")
    xiang.wait_for_load_state("networkidle")
    expect(xiang.get_by_label("名称")).not_to_have_value("剩两个工作日")

    xiang.goto("/admin/rules/card/YJ-1")
    expect(xiang.get_by_label("名称")).to_have_value("剩两个工作日")
    assert xiang.locator("input[type=checkbox]:checked").count() == ticked > 1

    edit.get_by_label("名称").fill("剩三个工作日")
    edit.get_by_label("数值").fill("很多")
    edit.get_by_label("为什么改").fill("试一试")
    edit.get_by_role("button", name="先试算").click()
    xiang.wait_for_load_state("networkidle")
    expect(xiang.get_by_label("名称")).to_have_value("剩三个工作日")
