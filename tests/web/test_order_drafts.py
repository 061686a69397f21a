"""Personal details for a reason on record; drafts that reach the head of the section."""

import pytest

from monitor.storage import drafts
from tests.web import casefile
from tests.web.casefile import ANSWER, NAME, PHONE, as_person, events


def test_personal_details_are_shown_once_for_a_reason_on_record(desk, act, signed_in):
    number = casefile.in_hand(desk)

    answer = act("zhou", number, "reveal", reason="首次联系")

    assert answer.status_code == 200
    assert NAME in answer.text
    assert PHONE in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert events(desk, number)[-1] == (
        "revealed",
        {"reason": "首次联系", "fields": ["name", "phone"]},
    )
    again = signed_in("zhou").get(f"/desk/orders/{number}").text
    assert NAME not in again
    assert PHONE not in again
    assert "陈** 138****0123" in again


@pytest.mark.parametrize("fields", [{}, {"reason": "好奇"}, {"reason": "其他", "other": " "}])
def test_without_a_reason_nothing_is_shown(desk, act, fields):
    number = casefile.in_hand(desk)

    answer = act("zhou", number, "reveal", **fields)

    assert answer.status_code == 422
    assert PHONE not in answer.text
    assert events(desk, number)[-1][0] == "sign"


def test_another_reason_is_written_out(desk, act):
    number = casefile.in_hand(desk)

    act("lin", number, "reveal", reason="其他", other="退件核对")

    assert events(desk, number)[-1][1]["reason"] == "其他：退件核对"


@pytest.mark.parametrize("username", ["sun", "wu", "zheng"])
def test_who_never_calls_the_requester_is_shown_nothing(desk, act, username):
    number = casefile.in_hand(desk)

    answer = act(username, number, "reveal", reason="首次联系")

    assert answer.status_code == 403
    assert PHONE not in answer.text


def test_what_the_handler_drafts_reaches_his_head(desk, act, signed_in):
    number = casefile.in_hand(desk)

    answer = act("li", number, "draft", answer="写到一半", note="内情", solved="partly")

    assert done_draft(answer, number)
    own = signed_in("li").get(f"/desk/orders/{number}").text
    assert "写到一半</textarea>" in own
    assert "存的草稿" not in own
    heads = signed_in("zhou").get(f"/desk/orders/{number}").text
    assert "写到一半</textarea>" in heads
    assert "李 10月9日 10:24 存的草稿" in heads


def test_the_newer_draft_is_the_heads_and_each_keeps_his_own(desk, act, signed_in, clock):
    number = casefile.in_hand(desk)
    act("zhou", number, "draft", answer="周先写的")
    clock.wait(minutes=1)
    act("li", number, "draft", answer="李后写的")

    assert "李后写的</textarea>" in signed_in("zhou").get(f"/desk/orders/{number}").text

    clock.wait(minutes=1)
    act("zhou", number, "draft", answer="周改过的")
    heads = signed_in("zhou").get(f"/desk/orders/{number}").text
    assert "周改过的</textarea>" in heads
    assert "存的草稿" not in heads
    assert "李后写的</textarea>" in signed_in("li").get(f"/desk/orders/{number}").text


def test_no_draft_of_before_the_last_version_hides_what_was_handed_back(
    desk, act, signed_in, clock
):
    number = casefile.in_hand(desk)
    act("li", number, "draft", answer="李的旧稿")
    clock.wait(minutes=1)
    act("zhou", number, "submit", answer=ANSWER, solved="partly")
    act("qian", number, "hand_back", findings="写明日期")

    for username in ("li", "zhou"):
        page = signed_in(username).get(f"/desk/orders/{number}").text
        assert f"{ANSWER}</textarea>" in page
        assert "李的旧稿" not in page


def test_a_draft_stays_in_the_section_that_wrote_it(desk, act, signed_in):
    number = casefile.in_hand(desk)
    act("li", number, "draft", answer="兑现科的草稿")
    act("zhou", number, "ask_return", ground="三定")
    act("qian", number, "redirect", reason="改派", section="factor")
    act("zhao", number, "sign")

    assert "兑现科的草稿" not in signed_in("zhao").get(f"/desk/orders/{number}").text
    assert signed_in("li").get(f"/desk/orders/{number}").status_code == 404


def done_draft(answer, number: str) -> bool:
    wanted = f"/desk/orders/{number}?done=draft&number={number}#editor"
    assert answer.status_code == 303, answer.text
    return answer.headers["location"] == wanted


def test_the_script_saves_without_a_page(desk, signed_in):
    number = casefile.in_hand(desk)
    browser = signed_in("li")
    data = {"csrf_token": browser.token("/desk/me"), "answer": "自动保存的话"}

    answer = browser.post(f"/desk/orders/{number}/draft", data=data, headers={"x-fragment": "yes"})

    assert (answer.status_code, answer.content) == (204, b"")
    assert kept_draft(desk, "li", number)["answer"] == "自动保存的话"


def kept_draft(desk, username: str, number: str) -> dict[str, str]:
    person = as_person(desk, username)
    with desk.reading(person) as ctx:
        found = drafts.load(ctx.session, ctx.keys, person.id, f"answer:{number}")
    return found[0] if found else {}


def test_a_draft_with_a_mark_of_secrecy_is_not_kept(desk, act):
    number = casefile.in_hand(desk)

    answer = act("li", number, "draft", answer="机密★5年 关于补贴的批复")

    assert answer.status_code == 422
    assert kept_draft(desk, "li", number) == {}


def test_texts_and_answers_are_put_into_the_draft(desk, act):
    source = casefile.in_review(desk)
    for username in ("qian", "wu"):
        act(username, source, "sign_off")
    number = casefile.in_hand(desk)

    act("li", number, "draft", answer="开头。", insert="T-001")
    text = kept_draft(desk, "li", number)["answer"]
    assert text.startswith(
        "开头。\n\n您好！您于2026年10月9日反映的技改设备补贴公示通过后一直未拨款"
    )
    assert "【待填：核实情况】" in text

    act("zhou", number, "draft", answer="", quote=source)
    assert kept_draft(desk, "zhou", number)["answer"] == ANSWER

    act("li", number, "draft", answer=f"请打{PHONE}。", mend="yes")
    assert kept_draft(desk, "li", number)["answer"] == "请打【电话】。"


def test_an_answer_of_another_section_is_not_quoted(desk, act):
    source = casefile.in_review(desk)
    act("qian", source, "hand_back", findings="改")
    act("zhou", source, "ask_return", ground="三定")
    act("qian", source, "redirect", reason="改派", section="factor")
    number = casefile.in_hand(desk)

    assert act("li", number, "draft", answer="", quote=source).status_code == 404
