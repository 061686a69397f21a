"""What was public can be taken down at once; what nobody consented to was never public."""

import pytest
from playwright.sync_api import expect

from tests.web import casefile

TITLE = "技改设备补贴公示通过后一直未拨款"


def test_a_withdrawn_answer_is_nowhere_at_once(office, visit, as_person):
    number = casefile.to_release(office.desk)
    qian = as_person(office, "qian")
    qian.goto(f"/desk/review/{number}")
    qian.keyboard.press("p")
    expect(qian.get_by_role("link", name="看公开页")).to_be_visible()
    reader = visit(office.address)
    assert found_in(reader, number) == {"page", "list", "search", "feed", "table", "machine"}

    qian.get_by_text("撤回公开", exact=True).first.click()
    qian.get_by_label("撤回理由").fill("公示数据有误，核对后再公开")
    qian.get_by_role("button", name="撤回公开").click()
    qian.get_by_role("button", name="确定").click()
    expect(qian.get_by_role("link", name="看公开页")).to_have_count(0)

    assert found_in(reader, number) == set()
    assert reader.goto(f"/answers/{number}").status == 404
    assert casefile.look(office.desk, number).state == "answered"


@pytest.mark.parametrize("consent", [False, None])
def test_what_nobody_consented_to_is_never_public(office, visit, as_person, consent):
    number = casefile.to_release(office.desk, consent=consent)
    qian = as_person(office, "qian")
    qian.goto(f"/desk/review/{number}")
    expect(qian.get_by_role("button", name="发布到网站")).to_be_disabled()
    qian.get_by_label("方式", exact=True).select_option("told")
    qian.get_by_role("button", name="登记答复，停答复时限").click()
    qian.goto(f"/desk/orders/{number}")

    assert casefile.look(office.desk, number).state == "answered"
    assert found_in(visit(office.address), number) == set()


def found_in(page, number: str) -> set[str]:
    """Through which public doors an order can be seen."""
    doors = {
        "page": f"/answers/{number}",
        "list": "/",
        "search": "/?q=技改设备",
        "feed": "/feed.xml",
        "table": "/answers.csv",
        "machine": "/api/v1/public/answers",
    }
    answers = {door: page.request.get(path) for door, path in doors.items()}
    return {door for door, answer in answers.items() if answer.ok and number in answer.text()}
