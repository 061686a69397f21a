"""The checks beside an answer, what is set aside, and what the reviewer sees of both."""

import re

import pytest

from monitor.storage import answers
from tests.web import casefile

LETTER = "请问：补贴卡在哪个环节；什么时候能够到账；第三批，是否需要重新报送材料。"
ANSWER = "您好！补贴已到财政复核环节。我局将尽快拨付到位。具体情况请与财政部门联系。感谢监督。"


@pytest.fixture
def number(desk):
    return casefile.in_hand(desk, text=LETTER)


@pytest.fixture
def writer(signed_in):
    return signed_in("zhou")


def form(writer, **fields):
    return {"csrf_token": writer.token("/desk/me"), "answer": ANSWER, **fields}


def keys(page, name):
    return re.findall(rf'name="{name}" value="([^"]*)"', page)


def draft(writer, number, **fields):
    """Save as a button does, without any script; the page that follows."""
    answer = writer.post(f"/desk/orders/{number}/draft", data=form(writer, **fields))
    assert answer.status_code in {200, 303}
    return writer.get(f"/desk/orders/{number}").text


def test_points_are_lettered_in_the_letter_before_a_word_is_written(number, writer):
    text = writer.get(f"/desk/orders/{number}").text

    assert re.findall(r'<mark class="m-evidence">[^<]*<sup>([A-C])</sup>', text) == ["A", "B", "C"]


def test_numbers_tie_a_check_to_its_place_in_the_answer(number, writer):
    page = draft(writer, number)

    (mark,) = re.findall(r'<mark class="m-remind">请与财政部门联系<sup>(\d)</sup></mark>', page)
    item = page.index("疑似推诿用语")
    assert f'class="find-mark">{mark}<' in page[item - 300 : item]
    assert "3 项答了 2 项" in page
    assert "没有发现个人信息和密级标志" in page


def test_a_missing_point_is_taken_over_or_set_aside_without_script(number, writer):
    page = draft(writer, number)
    (key,) = keys(page, "point")

    taken = draft(writer, number, point=key)
    aside = draft(writer, number, dismiss=key)
    again = draft(writer, number, dismissed=key, recall=key)

    assert "补要点 C" in page
    assert "第三批，是否需要重新报送材料" in taken[taken.index('name="answer"') :]
    assert "【待填：结论】" in taken
    assert "补要点" not in aside
    assert "已忽略 1 处，审核人看得到" in aside
    assert "补要点 C" in again


def test_what_was_set_aside_stays_with_the_version_and_is_seen_by_the_reviewer(
    desk, number, writer, signed_in
):
    page = draft(writer, number)
    (key,) = keys(page, "point")
    fields = {"solved": "partly", "dismissed": key, "seen": casefile.seen(desk, number)}
    writer.post(f"/desk/orders/{number}/submit", data=form(writer, **fields))

    page = signed_in("qian").get(f"/desk/review/{number}").text

    with desk.reading() as ctx:
        order = casefile.look(desk, number)
        kept = answers.reading_of(ctx.session, answers.latest(ctx.session, order.id).id)
    assert kept.findings["dismissed"] == [key]
    assert "重新报送" not in str(kept.findings)
    assert f"<b>{kept.score}</b> 分" in page
    assert "撰稿人已忽略" in page
    assert 'value="疑似推诿用语：“请与财政部门联系”" form="sign-form"' in page


def test_findings_that_are_ticked_become_the_reason_for_handing_back(desk, signed_in):
    number = casefile.in_review(desk)
    act = casefile.sender(desk, signed_in)

    act("qian", number, "hand_back", opinion="请修改。", reasons=["依据不在清单：“《某办法》”"])

    (details,) = [told for what, told in casefile.events(desk, number) if what == "hand_back"]
    assert details["findings"] == "请修改。\n依据不在清单：“《某办法》”"


def test_a_reason_for_handing_back_names_nobody(desk, signed_in):
    asked = "请问：补贴卡在哪个环节；第三批，是否需要重新报送材料，请打13800000123告诉我。"
    number = casefile.in_review(desk, text=asked)

    page = signed_in("qian").get(f"/desk/review/{number}").text

    reasons = re.findall(r'name="reasons" value="([^"]*)"', page)
    assert any("重新报送材料" in one for one in reasons)
    assert not any("13800000123" in one for one in reasons)


def test_handing_back_still_wants_a_reason(desk, signed_in):
    number = casefile.in_review(desk)

    refused = casefile.sender(desk, signed_in)("qian", number, "hand_back", opinion=" ")

    assert refused.status_code == 422
    assert casefile.look(desk, number).state == "in_review"


def test_the_checks_follow_the_rules_of_the_office(number, writer, signed_in):
    cited = ANSWER + "依据《本局奖补兑现办法》办理。"
    before = draft(writer, number, answer=cited)
    admin = signed_in("xiang")
    asked = {"seen": "0", "reason": "新办法", "confirmed": "yes"}

    sent = admin.fill(
        "/admin/rules/citation", "/desk/password", code="YJ-900", name="本局奖补兑现办法", **asked
    )

    assert sent.status_code == 303, sent.text
    assert "依据不在清单" in before
    assert "依据不在清单" not in draft(writer, number, answer=cited)
