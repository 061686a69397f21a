"""Review and publish: what each role sees and does, what blocks."""

from functools import cache

import pytest

from tests.web import casefile
from tests.web.casefile import ANSWER, TEXT, look
from tests.web.reviewing import forms, page, reword


@pytest.fixture
def signed_in(signed_in):
    """Each of the cast keeps one browser: a form is sent with the token it was shown with."""
    return cache(signed_in)


def test_the_queue_tells_whose_turn_it_is(desk, signed_in, act):
    number = casefile.in_review(desk)

    assert number in signed_in("qian").get("/desk/review").text
    assert number not in signed_in("wu").get("/desk/review").text
    assert "等办公室审核签" in signed_in("wu").get("/desk/review?tab=others").text

    act("qian", number, "sign_off")
    assert number not in signed_in("qian").get("/desk/review").text
    assert number in signed_in("wu").get("/desk/review").text


@pytest.mark.parametrize("tab", ["mine", "others", "release", "answered", "returns", "declines"])
def test_every_tab_says_why_it_is_empty(signed_in, tab):
    answer = signed_in("qian").get(f"/desk/review?tab={tab}")

    assert answer.status_code == 200
    assert 'class="nothing' in answer.text


def test_an_unknown_tab_is_the_first(signed_in):
    assert "没有等您审核的答复" in signed_in("qian").get("/desk/review?tab=x").text


def test_what_waits_for_one_is_found_behind_many_that_wait_for_others(
    desk, signed_in, act, monkeypatch
):
    monkeypatch.setattr("monitor.web.pages.review._MOST", 2)
    numbers = [casefile.in_review(desk, title=f"第{place}件") for place in range(5)]
    act("qian", numbers[-1], "sign_off")

    assert numbers[-1] in signed_in("wu").get("/desk/review").text


def test_the_number_of_queries_does_not_grow(desk, signed_in, count_queries):
    qian = signed_in("qian")
    counts = []
    for more in (1, 2):
        for place in range(more):
            casefile.in_review(desk, title=f"第{more}{place}件")
        qian.get("/desk/review")
        with count_queries() as seen:
            qian.get("/desk/review")
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_the_bar_signs_names_who_is_next_and_hands_back(desk, signed_in, act):
    number = casefile.in_review(desk)
    text = page(signed_in, "qian", number)
    assert "通过，送保密审查员" in text
    assert "通过只签办公室审核一道，不发布" in text

    answer = act("qian", number, "hand_back", opinion="写明拨付日期", next="/desk/review")

    assert answer.headers["location"].startswith("/desk/review?done=hand_back")
    assert f"退回修改：{number}。" in signed_in("qian").get(answer.headers["location"]).text
    assert look(desk, number).state == "in_hand"
    assert casefile.events(desk, number)[-1][1]["findings"] == "写明拨付日期"


def test_handing_back_wants_its_reason(desk, act):
    number = casefile.in_review(desk)

    answer = act("qian", number, "hand_back", opinion=" ", next=f"/desk/review/{number}")

    assert answer.status_code == 422
    assert look(desk, number).state == "in_review"


def test_the_secrecy_officer_signs_no_copy_that_is_still_open(desk, signed_in, act):
    number = casefile.in_review(desk)
    reword(act, desk, number, letter=f"{TEXT}\n请打13800000123。")
    act("qian", number, "sign_off")

    text = page(signed_in, "wu", number)
    assert "吴，待您签" in text
    assert "由办公室审核发布" in text
    assert forms(text, "/copy") == []
    answer = act("wu", number, "sign_off", next=f"/desk/review/{number}")

    assert answer.status_code == 409
    assert "1 处待处理" in answer.text


def test_who_is_not_in_the_chain_looks_and_has_no_button(desk, signed_in):
    number = casefile.in_review(desk)

    text = page(signed_in, "zheng", number)

    assert "sign_off" not in text
    assert "hand_back" not in text
    assert "法律顾问、分管领导：本件不需要" in text


def test_legal_joins_the_chain_when_the_reviewer_asks(desk, signed_in, act):
    number = casefile.in_review(desk)

    act("qian", number, "sign_off", ask_legal="yes")
    act("wu", number, "sign_off")

    assert "郑，待您签" in page(signed_in, "zheng", number)
    assert number in signed_in("zheng").get("/desk/review").text


def test_the_author_does_not_review_his_own_words(desk, signed_in, act):
    number = casefile.letter(desk)
    decided = {"topic": "funds", "request_type": "help", "urgency": "normal"}
    act("lin", number, "answer_at_once", answer=ANSWER, basis="《办法》", **decided)
    assert look(desk, number).state == "in_review"

    assert "值班员" in signed_in("qian").get("/desk/review").text


def test_a_letter_without_consent_has_no_copy_and_is_only_answered(desk, signed_in, act):
    number = casefile.in_review(desk, consent=False)
    text = page(signed_in, "qian", number)
    assert "只答复本人，不公开" in text
    assert "通过，可以答复" in text
    assert '诉求人未同意公开，只能答复本人。<a href="#consent">' in text

    act("qian", number, "sign_off")
    assert "登记答复，停答复时限" in page(signed_in, "qian", number)
    answer = act(
        "qian", number, "record_answer",
        way="told", at="2026-10-09T10:20", note="本人接听", next=f"/desk/review/{number}",
    )  # fmt: skip

    assert answer.status_code == 303
    assert "本人接听" in page(signed_in, "qian", number)


def test_published_then_withdrawn(desk, signed_in, visitor, act):
    number = casefile.to_release(desk)
    text = page(signed_in, "qian", number)
    assert "发布到网站，同时回复诉求人" in text
    assert "现在不能发布" not in text

    act("qian", number, "release", next=f"/desk/review/{number}")
    assert f'href="/answers/{number}"' in page(signed_in, "qian", number)
    assert visitor().get(f"/answers/{number}").status_code == 200

    act("qian", number, "withdraw", reason="内容有误", next=f"/desk/review/{number}")
    assert visitor().get(f"/answers/{number}").status_code == 404


def test_withheld_for_a_reason(desk, signed_in, act):
    number = casefile.to_release(desk)

    act("qian", number, "withhold", reason="涉及商业秘密", next=f"/desk/review/{number}")

    text = page(signed_in, "qian", number)
    assert "本局已决定不公开" in text
    assert "已决定不公开。" in text


def test_without_an_answer_there_is_nothing_to_review(desk, signed_in):
    number = casefile.in_hand(desk)

    answer = signed_in("qian").get(f"/desk/review/{number}")

    assert answer.status_code == 409
    assert "还没有答复稿" in answer.text


@pytest.mark.parametrize("username", ["lin", "li", "zhou", "zhao", "xiang", "an", "shen"])
def test_who_reviews_nothing_is_not_let_in(desk, signed_in, username):
    number = casefile.in_review(desk)
    browser = signed_in(username)

    assert browser.get("/desk/review").status_code in {403, 404}
    assert browser.get(f"/desk/review/{number}").status_code in {403, 404}


def test_the_longest_letter_is_drawn(desk, signed_in):
    long = "请打13800000123，" + "本批补贴何时拨付。\r\n" * 1_500
    number = casefile.in_review(desk, text=long)

    assert "m-struck" in page(signed_in, "sun", number)
