"""The office keeps its people: a newcomer invited, a deputy who signs in another's name, a key."""

import re
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect

from tests.web import casefile

NEW_PASSWORD = "seven-quiet-rivers-9"


def test_a_newcomer_is_invited_and_sets_a_password(office, as_person, visit):
    xiang = as_person(office, "xiang")
    xiang.goto("/admin/people")
    xiang.get_by_role("textbox", name="用户名").fill("gu")
    xiang.get_by_role("textbox", name="姓名", exact=True).fill("顾")
    xiang.locator("#f-new-section").select_option("funds")
    xiang.get_by_label("承办人").check()
    xiang.get_by_role("button", name="增加并生成邀请").click()
    shown = xiang.locator("main input[readonly]").first.input_value()
    invitation = re.search(r"/invite/[\w-]+", shown)[0]

    newcomer = visit(office.address)
    newcomer.goto(invitation)
    newcomer.locator("input[name=password]").fill(NEW_PASSWORD)
    newcomer.locator("input[name=password_again]").fill(NEW_PASSWORD)
    newcomer.locator("main button[type=submit]").click()

    newcomer.wait_for_url(re.compile("/desk"))
    expect(newcomer.locator(".bar-person")).to_be_visible()
    other = visit(office.address)
    assert other.goto(invitation).status in {404, 410}


def test_a_deputy_acts_in_the_name_of_the_head(office, as_person):
    number = casefile.sent(office.desk)
    zhou, li = as_person(office, "zhou"), as_person(office, "li")
    zhou.goto("/desk/me")
    zhou.locator("summary", has_text="指定代理人").click()
    form = zhou.locator("form[action='/desk/deputy']")
    form.get_by_label("代理人").select_option(value="li")
    form.get_by_label("从").fill("2026-10-09")
    form.get_by_label("到（含）").fill("2026-10-12")
    form.get_by_role("button", name="指定代理").click()
    expect(zhou.locator("main")).to_contain_text("代理，2026-10-09 至 2026-10-12")

    li.goto("/desk/me")
    li.get_by_role("button", name=re.compile("代.*周.*办事")).click()
    li.goto(f"/desk/orders/{number}")
    li.get_by_role("button", name="签收").first.click()
    li.wait_for_url(re.compile("done=sign"))

    li.goto(f"/desk/orders/{number}?story=all")
    expect(li.locator("#story")).to_contain_text("代 周")


def test_a_key_is_made_used_and_revoked(office, as_person):
    an = as_person(office, "an")
    an.goto("/admin/security")
    an.get_by_label("名称").fill("演示平台")
    an.get_by_role("button", name="增加密钥").click()
    secret = an.locator("#f-key").input_value()

    def ask():
        address = f"{office.address}/api/v1/orders?upstream_no=none"
        return urlopen(Request(address, headers={"authorization": f"Bearer {secret}"}))

    assert ask().status == 200
    an.goto("/admin/security")
    assert secret not in an.content()
    an.locator("tr", has_text="演示平台").get_by_role("button", name="作废").click()
    an.get_by_role("button", name="确定").click()
    expect(an.locator("main")).to_contain_text("已作废")

    with pytest.raises(HTTPError, match="401"):
        ask()
