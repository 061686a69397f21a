"""What people do on the pages, as often as journeys need it."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.served import PASSWORD

NAME, PHONE = "陈试样", "13800000123"
TITLE = "技改设备补贴公示通过后一直没有拨款"
LETTER = (
    f"我是{NAME}，电话{PHONE}。我公司2025年申报的技改设备补贴四月公示通过，至今半年没有拨款，"
    "问了三次都说在走流程。请问卡在哪个环节，什么时候能到账？"
)
_CODE = re.compile(r"(?:[0-9A-HJ-NP-TV-Z]{4} ){3}[0-9A-HJ-NP-TV-Z]{4}")


def fill_letter(
    page: Page, *, title: str = TITLE, text: str = LETTER, publish: bool = True
) -> None:
    """Fill in the public letter form."""
    page.goto("/letter")
    page.get_by_label("求助").check()
    page.get_by_label("标题").fill(title)
    page.get_by_label("内容").fill(text)
    page.get_by_label("姓名").fill(NAME)
    page.get_by_label("手机号").fill(PHONE)
    page.get_by_label("同意公开" if publish else "不同意，只答复我本人", exact=True).check()


def write_letter(page: Page, **letter: Any) -> str:
    """Send a letter by the public form; the 查询码, as it is shown this once."""
    fill_letter(page, **letter)
    page.get_by_role("button", name="提交来信").click()
    expect(page.locator(".code-board")).to_contain_text("请抄下查询码")
    return page.locator(".code-board b").inner_text()


def looks_like_a_code(code: str) -> None:
    """Four groups of four characters that nobody takes for another."""
    assert _CODE.fullmatch(code), code


def log_contact(page: Page) -> None:
    """Write down a call to the requester, on the page of the order."""
    deed = page.locator("#do-contact")
    deed.locator("summary").first.click()
    deed.get_by_label("方式").select_option("电话")
    deed.get_by_label("联系结果").fill("核对了批次和金额，对方要到账时间。")
    deed.get_by_role("button", name="记录联系").click()
    expect_done(page, "办理中")


def sign_in(page: Page, username: str) -> None:
    """Sign in by the form."""
    page.goto("/login")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(re.compile("/(desk|admin)"))


def accept_with_a_key(page: Page, title: str) -> str:
    """Take the suggestion for the order in hand with `a`; its number."""
    page.goto("/desk/inbox")
    expect(page.locator("#panel h2").first).to_have_text(title)
    expect(page.locator(".sug-grid")).to_contain_text("惠企资金兑现")
    page.keyboard.press("a")
    expect(page.locator(".inbox-done")).to_contain_text("已分办至政策兑现科")
    return re.search(r"number=(HY[\d-]+)", page.url)[1]


def sign_off(page: Page, number: str) -> None:
    """Give one's signature with the key of the review page."""
    page.goto("/desk/review")
    page.locator(f"#row-{number} a").first.click()
    # The list may show a sheet of its own: a key pressed on it would be lost with it.
    page.wait_for_url(re.compile(rf"/desk/review/{number}"))
    expect(page.get_by_role("button", name="通过，")).to_be_visible()
    page.keyboard.press("a")
    page.wait_for_url(re.compile(r"done=sign_off"))


def expect_done(page: Page, state: str) -> None:
    """The page of the order says what was done and where the order stands now."""
    expect(page.locator(".notebox[role=status]").first).to_contain_text(f"现在是“{state}”")


def open_deed(page: Page, move: str, **fields: str) -> None:
    """Open the form of a move in 可办的事, fill it in by its labels, and send it."""
    deed = page.locator(f"#do-{move}")
    if not deed.locator("details[open]").count():
        deed.locator("summary").first.click()
    for label, value in fields.items():
        box = deed.get_by_label(label)
        if box.evaluate("box => box.tagName") == "SELECT":
            box.select_option(value)
        else:
            box.fill(value)
    deed.locator("button[type=submit]").click()
