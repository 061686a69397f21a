"""Orders on paper: everything on file, nobody's details, several with a page each."""

from classifiers import sensitive
from tests.web import casefile
from tests.web.casefile import in_review, sent
from tests.web.test_search import system_events
from tests.web.waiting import waiting

PRINT = "/desk/print"


def test_the_paper_holds_what_is_on_file_and_no_person(desk, signed_in):
    number = in_review(
        desk, title="<b>补贴</b>没到账", text="我是陈试样，电话13800000123。补贴公示后没有拨款。"
    )
    act = casefile.sender(desk, signed_in)
    act("zhou", number, "note", text="已问财政，回电13800000188。")
    zhou = signed_in("zhou")

    answer = zhou.get(f"/desk/orders/{number}/print")
    page = answer.text

    assert answer.status_code == 200
    assert "13800000" not in page
    assert "陈试样" not in page
    assert "138****0123" in page
    assert "<b>补贴" not in page
    assert sensitive.redact(casefile.ANSWER, sensitive.scan(casefile.ANSWER)) in page
    for word in (
        "来件原文",
        "时限",
        "公开答复",
        "审核签批",
        "内部说明",
        "经过",
        "提交答复",
        number,
    ):
        assert word in page, word
    assert page.count('class="inside"') >= 2
    assert system_events(desk, "exported") == []
    assert signed_in("zhao").get(f"/desk/orders/{number}/print").status_code == 404


def test_several_stand_in_the_order_asked_for_and_the_rest_is_named(desk, signed_in):
    first, second = sent(desk, title="甲件"), sent(desk, title="乙件")
    foreign = waiting(desk, "丙件")
    zhou = signed_in("zhou")

    page = zhou.get(PRINT, params={"numbers": f"{second},{foreign},{first},{second},x"}).text

    assert page.count('<table class="sheet">') == 2
    assert page.index("乙件") < page.index("甲件")
    assert "丙件" not in page
    assert f"1 件没有列入（不存在，或不属于您的科室）：{foreign}" in page
    assert zhou.get(PRINT, params={"numbers": foreign}).status_code == 404
    assert zhou.get(PRINT).status_code == 404
    many = ",".join(f"HY20261009-{place:03d}" for place in range(101))
    assert zhou.get(PRINT, params={"numbers": many}).status_code == 409
