"""起草助手: off unless set up; gets no personal detail; its words never leave unread."""

import orjson
import pytest

from tests.services.test_drafting import program
from tests.web import casefile

__all__ = ["program"]
DRAFT = "您好：来信收悉。奖励资金已列入本季度拨付计划，〔待填：到账日期〕前到账。"


@pytest.fixture
def number(desk):
    return casefile.in_hand(desk)


@pytest.fixture
def helper(program, monkeypatch):
    """A program of the house that proposes a draft."""
    program.says = orjson.dumps({"choices": [{"message": {"content": DRAFT}}]})
    monkeypatch.setenv("MONITOR_DRAFT_URL", f"http://127.0.0.1:{program.server_port}/v1")
    monkeypatch.setenv("MONITOR_DRAFT_MODEL", "house-7b")
    return program


def ask(browser, number, **fields):
    here = f"/desk/orders/{number}"
    return browser.fill(f"{here}/machine_draft", here, **fields)


def test_without_a_program_there_is_nothing_to_press_and_nothing_to_ask(signed_in, number):
    browser = signed_in("zhou")

    assert "起草助手" not in browser.get(f"/desk/orders/{number}").text
    assert ask(browser, number).status_code == 409


def test_a_draft_is_marked_and_what_was_typed_stays(signed_in, number, helper):
    browser = signed_in("zhou")

    assert ask(browser, number, answer="我先写了半句").status_code == 303

    page = browser.get(f"/desk/orders/{number}").text
    assert "机器草稿，未经核对" in page
    assert "house-7b" in page
    assert "我先写了半句" in page


def test_the_program_gets_no_personal_detail(desk, signed_in, helper):
    text = "我叫陈试样，电话13800000123，补贴公示后没有到账。"
    number = casefile.in_hand(desk, text=text)

    ask(signed_in("zhou"), number)

    [(_, _, body)] = helper.asked
    told = str(body)
    assert "补贴公示后没有到账" in told
    assert "13800000123" not in told
    assert "陈试样" not in told


def test_a_stranger_to_the_order_cannot_ask(signed_in, number, helper):
    assert ask_as(signed_in("zhao"), number).status_code == 404
    assert ask_as(signed_in("qian"), number).status_code == 403
    assert helper.asked == []


def ask_as(browser, number):
    return browser.fill(f"/desk/orders/{number}/machine_draft", "/desk/me")


def test_untouched_words_must_be_accepted_or_changed(desk, signed_in, act, number, helper):
    helper.says = helper.says.replace("〔待填：到账日期〕".encode(), "12月31日".encode())
    ask(signed_in("zhou"), number)
    words = DRAFT.replace("〔待填：到账日期〕", "12月31日")

    refused = act("zhou", number, "submit", answer=words, solved="solved")

    assert refused.status_code == 422
    assert "勾选已逐句核对" in refused.text
    assert casefile.look(desk, number).state == "in_hand"
    done = act("zhou", number, "submit", answer=words, solved="solved", accepted="yes")
    assert done.status_code == 303
    assert "machine_draft_accepted" in dict(casefile.events(desk, number))


def test_a_changed_draft_is_the_writers_own(desk, signed_in, act, number, helper):
    ask(signed_in("zhou"), number)

    words = "您好：奖励资金已于11月拨付到贵公司账户，请查收。"
    done = act("zhou", number, "submit", answer=words, solved="solved")

    assert done.status_code == 303
    assert casefile.look(desk, number).state == "in_review"


def handed_in(signed_in, act, number, answer, **more):
    """An answer goes to review after the program proposed its draft; how the reviewer sees it."""
    ask(signed_in("zhou"), number)
    assert act("zhou", number, "submit", answer=answer, solved="solved", **more).status_code == 303
    return signed_in("qian").get(f"/desk/review/{number}").text


def test_the_reviewer_is_told_that_a_machines_draft_was_accepted(signed_in, act, number, helper):
    helper.says = helper.says.replace("〔待填：到账日期〕".encode(), "12月31日".encode())
    words = DRAFT.replace("〔待填：到账日期〕", "12月31日")

    page = handed_in(signed_in, act, number, words, accepted="yes")

    assert "答复第 1 稿（机器起草，撰稿人已逐句核对后采用）" in page
    assert "撰稿人改过" not in page


def test_the_mark_stands_over_an_answer_that_is_not_published_too(desk, signed_in, act, helper):
    helper.says = helper.says.replace("〔待填：到账日期〕".encode(), "12月31日".encode())
    words = DRAFT.replace("〔待填：到账日期〕", "12月31日")
    number = casefile.in_hand(desk, consent=False)

    page = handed_in(signed_in, act, number, words, accepted="yes")

    assert 'class="meta">机器起草，撰稿人已逐句核对后采用</span>' in page


def test_the_reviewer_is_told_that_a_machines_draft_was_changed(signed_in, act, number, helper):
    words = DRAFT.replace("〔待填：到账日期〕前到账", "11月20日前到贵公司账户")

    page = handed_in(signed_in, act, number, words)

    assert "答复第 1 稿（机器起草，撰稿人改过）" in page
    assert "逐句核对" not in page


def test_an_answer_in_the_writers_own_words_bears_no_mark(signed_in, act, number, helper):
    page = handed_in(signed_in, act, number, "您好：奖励已于11月拨付到贵公司账户，请查收。")

    assert "机器起草" not in page


def test_only_the_version_that_was_accepted_bears_the_mark(signed_in, act, number, helper, clock):
    helper.says = helper.says.replace("〔待填：到账日期〕".encode(), "12月31日".encode())
    words = DRAFT.replace("〔待填：到账日期〕", "12月31日")
    handed_in(signed_in, act, number, words, accepted="yes")
    clock.wait(minutes=5)
    assert act("qian", number, "hand_back", findings="请按实际重写").status_code == 303

    own = "您好：奖励已于11月拨付到贵公司账户，请查收。"
    assert act("zhou", number, "submit", answer=own, solved="solved").status_code == 303

    assert "机器起草" not in signed_in("qian").get(f"/desk/review/{number}").text


def test_a_program_that_fails_is_a_sentence_and_nothing_is_lost(signed_in, number, helper):
    helper.status = 500
    browser = signed_in("zhou")

    answer = ask(browser, number, answer="写了一半")

    assert answer.status_code == 409
    assert "照常自己写" in answer.text
    assert "写了一半" in browser.get(f"/desk/orders/{number}").text
