"""Co-sections on the pages: asked at dispatch, written at their desk, joined to one answer."""

import re

import pytest
from sqlmodel import select

from monitor.storage.drafts import Draft
from monitor.storage.handling.parts import Part
from tests.web import casefile
from tests.web.casefile import ANSWER, as_person, look, seen
from tests.web.waiting import form, numbers

DECIDED = {"topic": "funds", "request_type": "help", "urgency": "normal", "section": "funds"}
TO_FACTOR = {"co_sections": "factor", "ask_of": ["factor", "policy"], "ask": ["核对用地面积", ""]}


@pytest.fixture
def act(desk, signed_in):
    return casefile.sender(desk, signed_in)


@pytest.fixture
def shared(desk, act):
    """An order of funds in hand, to which factor was asked to contribute."""
    number = casefile.letter(desk)
    assert act("lin", number, "dispatch", **DECIDED, **TO_FACTOR).status_code == 303
    assert act("zhou", number, "sign").status_code == 303
    return number


def page(signed_in, username, number, query=""):
    answer = signed_in(username).get(f"/desk/orders/{number}{query}")
    assert answer.status_code == 200, answer.text
    return answer.text


def test_what_is_asked_at_dispatch_stands_at_the_co_sections_desk(desk, signed_in, shared):
    text = signed_in("zhao").get("/desk/section", params={"tab": "co"}).text

    assert numbers(text) == [shared]
    assert "请协办：核对用地面积" in text
    assert "主办 funds科" in text
    assert re.search(r"协办 10月1\d日", text)


def test_words_without_a_tick_are_not_lost(desk, act):
    number = casefile.letter(desk)

    answer = act("lin", number, "dispatch", **DECIDED, ask_of=["factor"], ask=["核对用地面积"])

    assert answer.status_code == 422
    assert "请同时勾选" in answer.text
    assert 'value="核对用地面积"' in answer.text
    assert look(desk, number).state == "triage"


def test_the_co_section_writes_its_part_and_nothing_else(signed_in, act, shared):
    text = page(signed_in, "zhao", shared)

    assert 'id="part-form"' in text
    assert 'id="editor"' not in text
    assert "核对用地面积" in text
    assert act("zhao", shared, "give_part", text="实测 30 亩。").status_code == 303
    assert "实测 30 亩。" in page(signed_in, "zhao", shared)
    desk_page = signed_in("zhao").get("/desk/section", params={"tab": "co_given"}).text
    assert numbers(desk_page) == [shared]
    assert act("zhao", shared, "submit", answer="我来答", solved="solved").status_code == 403


def test_an_empty_opinion_says_what_is_missing(act, shared):
    answer = act("zhao", shared, "give_part", text="  ")

    assert answer.status_code == 422
    assert "提交协办意见还缺：内容" in answer.text


def test_a_begun_opinion_is_kept_for_its_writer(desk, signed_in, act, shared):
    assert act("zhao", shared, "part_draft", text="写了一半").status_code == 303

    assert "写了一半" in page(signed_in, "zhao", shared)
    assert "写了一半" not in page(signed_in, "zhou", shared)
    act("zhao", shared, "give_part", text="写完了")
    with desk.reading() as ctx:
        assert ctx.session.exec(select(Draft)).all() == []


def test_nobody_else_keeps_a_draft_of_a_part(act, shared):
    answer = act("zhou", shared, "part_draft", text="不该我写")

    assert answer.status_code == 409
    assert "没有协办这件" in answer.text


def test_the_lead_sees_what_is_missing_and_takes_over_what_is_given(signed_in, act, shared):
    text = page(signed_in, "zhou", shared)
    assert "还缺 factor科" in text
    assert "采用" not in text
    assert "为什么不等factor科的协办意见" in text

    act("zhao", shared, "give_part", text="实测 30 亩。")
    assert "采用，接到答复后面" in page(signed_in, "zhou", shared)
    act("zhou", shared, "draft", answer="您好。", adopt="factor")

    written = re.search(r'<textarea class="writing".*?>\n(.*?)</textarea>',
                        page(signed_in, "zhou", shared), re.S)  # fmt: skip
    assert written
    assert written[1] == "您好。\n\nfactor科意见：\n实测 30 亩。"


def test_handing_in_without_a_part_needs_a_reason_that_the_reviewer_reads(signed_in, act, shared):
    refused = act("zhou", shared, "submit", answer=ANSWER, solved="solved")
    assert refused.status_code == 422
    assert "还缺factor科的协办意见" in refused.text
    assert 'id="submit-without-error"' in refused.text

    given = {"answer": ANSWER, "solved": "solved", "without": "诉求人明日出国"}
    assert act("zhou", shared, "submit", **given).status_code == 303

    review = signed_in("qian").get(f"/desk/review/{shared}").text
    assert "缺factor科的协办意见。理由：诉求人明日出国" in review


def test_the_reviewer_reads_the_parts(signed_in, act, shared):
    act("zhao", shared, "give_part", text="实测 30 亩。")
    act("zhou", shared, "submit", answer=ANSWER, solved="solved")

    review = signed_in("qian").get(f"/desk/review/{shared}").text

    assert "实测 30 亩。" in review
    assert "协办意见" in review


def test_returned_urged_excused_and_asked_again(desk, signed_in, act, shared):
    zhou = signed_in("zhou")
    shown = zhou.get(f"/desk/orders/{shared}").text
    urged = form(shown, f"/desk/orders/{shared}/urge_part")
    assert zhou.post(f"/desk/orders/{shared}/urge_part", data=urged).status_code == 303
    assert "已催 1 次" in signed_in("zhao").get("/desk/section", params={"tab": "co"}).text

    act("zhao", shared, "give_part", text="无意见。")
    judged = {"co_section": "factor", "reason": "请写明面积"}
    assert act("zhou", shared, "return_part", **judged).status_code == 303
    assert "退回：请写明面积" in page(signed_in, "zhao", shared)
    assert act("zhou", shared, "excuse_part", **judged).status_code == 303
    assert signed_in("zhao").get(f"/desk/orders/{shared}").status_code == 404
    asked = {"co_section": "factor", "text": "再核一次"}
    assert act("qian", shared, "ask_part", **asked).status_code == 303
    story = page(signed_in, "qian", shared, "?story=all")
    for words in ("请科室协办", "退回协办意见", "催请协办", "免去协办", "：factor科，请写明面积"):
        assert words in story


def test_the_tile_of_a_co_section_tells_its_story(signed_in, shared):
    text = page(signed_in, "zhou", shared, "?trace=co.factor")

    assert "协办 factor科" in text
    assert "IN.co" in text
    assert 'id="trace"' in text


def test_an_office_without_co_sections_shows_no_card(desk, signed_in):
    number = casefile.in_hand(desk)

    assert 'id="parts"' not in page(signed_in, "zhou", number)
    assert seen(desk, number) == 3
    assert as_person(desk, "zhou").section == "funds"


def test_a_part_of_before_the_clocks_is_listed_without_one(desk, signed_in, shared):
    with desk.writing() as ctx:
        for part in ctx.session.exec(select(Part)):
            part.clock_id = None

    text = signed_in("zhao").get("/desk/section", params={"tab": "co"}).text

    assert numbers(text) == [shared]
    assert "不计时限" in text
    assert "核对用地面积" in page(signed_in, "zhao", shared)
    assert 'name="deed" value="sign"' not in text
