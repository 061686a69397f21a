"""One letter from the public form to the public page, by the people whose job it is."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import served, walking
from tests.journeys.walking import NAME, PHONE, TITLE

ANSWER = (
    "您好！依据《示范市惠企资金兑现办法》第十二条，本批技改设备补贴将于10月30日前拨付到账。"
    f"\n如未到账，请拨打13800000777咨询，我们也会拨打您的电话{PHONE}告知。"
)


@pytest.fixture(params=["sqlite", "postgresql"])
def office(request, tmp_path, learnt, clock):
    """On both databases."""
    url = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    desk = served.found(tmp_path / "home", url, learnt, clock)
    with served.in_thread(desk, clock) as office:
        yield office
    desk.database.dispose()


def test_a_letter_is_answered_published_and_counted(office, visit, as_person):
    writer = visit(office.address)
    code = walking.write_letter(writer)
    walking.looks_like_a_code(code)
    writer.reload()
    expect(writer.locator(".code-board")).not_to_contain_text(code)

    lin = as_person(office, "lin")
    number = walking.accept_with_a_key(lin, TITLE)

    zhou = as_person(office, "zhou")
    zhou.goto("/desk/section")
    zhou.locator("[data-row]").get_by_role("button", name="签收").first.click()
    expect(zhou.locator("#said")).to_contain_text(f"已签收 {number}")
    zhou.goto(f"/desk/orders/{number}")
    walking.log_contact(zhou)
    zhou.locator("#submit-answer").fill(ANSWER)
    expect(zhou.locator("[data-draft-note]")).to_contain_text("已自动保存")
    expect(zhou.locator("#checks")).to_contain_text("含手机号")
    again = zhou.context.new_page()
    zhou.close()
    again.goto(f"/desk/orders/{number}")
    expect(again.locator("#submit-answer")).to_have_value(ANSWER)
    again.get_by_label("已解决", exact=True).check()
    again.get_by_role("button", name="提交答复，送办公室审核").click()
    walking.expect_done(again, "待审核")

    qian = as_person(office, "qian")
    qian.goto(f"/desk/review/{number}")
    expect(qian.get_by_role("button", name="发布到网站")).to_be_disabled()
    mask_what_is_left(qian, number)
    walking.sign_off(qian, number)
    walking.sign_off(as_person(office, "wu"), number)

    qian.goto("/desk/review?tab=release")
    qian.get_by_role("link", name=TITLE).click()
    qian.get_by_role("button", name="发布到网站，同时回复诉求人").click()
    expect(qian.get_by_role("link", name="看公开页")).to_be_visible()

    told_to_everybody(visit(office.address), number)
    told_to_the_writer(visit(office.address), code)
    counted_on_the_dashboard(as_person(office, "sun"), office, number)


def mask_what_is_left(page, number):
    """The copy as proposed still shows what the reviewer wants hidden: he rewords it."""
    expect(page.locator("#findings")).to_contain_text(NAME)
    expect(page.locator("#findings tr.is-open")).to_have_count(0)
    page.get_by_text("修改公开稿", exact=True).click()
    letter = page.get_by_label("公开来信")
    assert PHONE not in letter.input_value()
    letter.fill(letter.input_value() + "回电请打13800000123。")
    page.get_by_role("button", name="保存公开稿并重新扫描").click()
    still_open = page.locator("#findings tr.is-open")
    expect(still_open).to_contain_text("手机号")
    still_open.get_by_role("button", name="遮蔽").click()
    expect(still_open).to_have_count(0)
    expect(page).to_have_url(re.compile(number))


def told_to_everybody(page, number):
    """Page, search, feed, table and JSON show the redacted text, and never the person."""
    page.goto("/")
    page.get_by_label("搜标题、来信或答复").fill("技改设备补贴")
    page.get_by_role("button", name="搜索").click()
    page.get_by_role("link", name=TITLE).click()
    expect(page).to_have_url(re.compile(f"/answers/{number}$"))
    expect(page.locator(".answer")).to_contain_text("10月30日前拨付到账")
    for path in ("/", "/feed.xml", "/answers.csv", "/api/v1/public/answers"):
        text = page.request.get(path).text()
        assert number in text, path
    for path in (f"/answers/{number}", f"/api/v1/public/answers/{number}", "/", "/feed.xml"):
        text = page.request.get(path).text()
        assert PHONE not in text, path
        assert NAME not in text, path
    page.goto(f"/?q={PHONE}")
    expect(page.locator("ul.answers")).to_have_count(0)


def told_to_the_writer(page, code):
    """Code and last digits open the answer; the address holds neither."""
    page.goto("/status")
    page.get_by_label("查询码").fill(code.lower().replace(" ", ""))
    page.get_by_label("电话后四位").fill("9999")
    page.get_by_role("button", name="查询", exact=True).click()
    expect(page.locator(".notebox").first).to_contain_text("对不上")
    page.get_by_label("查询码").fill(code.lower().replace(" ", ""))
    page.get_by_label("电话后四位").fill(PHONE[-4:])
    page.get_by_role("button", name="查询", exact=True).click()
    expect(page.locator(".status-answer")).to_contain_text("10月30日前拨付到账")
    assert page.url.endswith("/status")
    page.get_by_role("button", name="结束查询").click()
    expect(page.get_by_label("电话后四位")).to_be_visible()


def counted_on_the_dashboard(page, office, number):
    """Once its answer falls due it is one of one, and the number opens exactly this order."""
    office.clock.wait(days=12)
    walking.sign_in(page, "sun")
    page.goto("/desk/dashboard")
    rate = page.locator(".rate", has_text="按时答复率")
    expect(rate).to_contain_text("1 / 1")
    rate.get_by_role("link", name=re.compile("按时 1 件")).click()
    expect(page.locator("[data-row]")).to_have_count(1)
    expect(page.locator("[data-row]")).to_contain_text(number)
