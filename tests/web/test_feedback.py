"""回填 at the desk: see what waits, make the table, take it, take it back."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from monitor.domain.access import Acting
from monitor.domain.letters import Incoming
from monitor.domain.vocabulary import Channel, Via
from monitor.steps import intake
from tests.web import casefile, open_house


@pytest.fixture
def answered(desk):
    """An answered order of the platform."""
    with desk.writing(Acting("导入")) as ctx:
        record = Incoming(
            Channel.HOTLINE, Via.SHEET, casefile.TEXT, ctx.now - timedelta(hours=2),
            title="补贴何时到账", upstream_no="R001",
        )  # fmt: skip
        number = intake.receive_one(ctx, record).number
    open_house.walk(desk, number, "answered")
    return number


def send(browser, path="/desk/feedback", **fields):
    fields["csrf"] = browser.token("/desk/feedback")
    return browser.post(path, data=fields)


def table_of(browser) -> str:
    return re.search(r"/desk/feedback/([0-9a-f-]{36})\.xlsx", browser.get("/desk/feedback").text)[1]


def test_what_waits_is_listed_with_its_number(signed_in, answered):
    page = signed_in("lin").get("/desk/feedback").text

    assert "1 件等待回填" in page
    assert "R001" in page
    assert f'href="/desk/orders/{answered}"' in page


def test_a_table_is_made_and_taken_again_and_again(signed_in, answered):
    browser = signed_in("qian")

    assert send(browser, template="city", count=1).status_code == 303
    files = [browser.get(f"/desk/feedback/{table_of(browser)}.xlsx") for _ in range(2)]

    sheets = [load_workbook(BytesIO(file.content)).active for file in files]
    assert [[cell.value for cell in sheet["A"]] for sheet in sheets] == [["工单编号", "R001"]] * 2
    assert "attachment" in files[0].headers["content-disposition"]
    assert "没有等待回填的答复" in browser.get("/desk/feedback").text


def test_a_second_click_makes_no_second_table(signed_in, answered):
    browser = signed_in("qian")
    send(browser, template="city", count=1)

    again = send(browser, template="city", count=1)

    assert again.status_code == 409
    assert "没有等待回填的答复" in again.text


def test_a_table_that_the_platform_never_got_is_taken_back(signed_in, answered):
    browser = signed_in("qian")
    send(browser, template="city", count=1)
    undo = f"/desk/feedback/{table_of(browser)}/undo"

    assert send(browser, undo, reason="").status_code == 422
    assert send(browser, undo, reason="平台拒收").status_code == 303
    page = browser.get("/desk/feedback").text
    assert "1 件等待回填" in page
    assert "平台拒收" in page


def test_an_empty_desk_says_what_will_stand_here(signed_in):
    page = signed_in("lin").get("/desk/feedback").text

    assert "没有等待回填的答复" in page
    assert "还没有生成过回填表" in page


@pytest.mark.parametrize("username", ["li", "zhou", "sun", "xiang"])
def test_only_duty_and_office_hand_over(signed_in, username):
    assert signed_in(username).get("/desk/feedback").status_code == 403


def test_an_unknown_table_is_not_found(signed_in):
    address = "/desk/feedback/00000000-0000-0000-0000-000000000000.xlsx"

    assert signed_in("lin").get(address).status_code == 404
