"""The copy under review: what was found, masked, kept for a reason, undone."""

import html
from functools import cache

import pytest

from tests.web import casefile
from tests.web.casefile import TEXT
from tests.web.reviewing import PRIVATE, copy_of, forms, page, reword, send


@pytest.fixture
def signed_in(signed_in):
    """Each of the cast keeps one browser: a form is sent with the token it was shown with."""
    return cache(signed_in)


def test_original_and_copy_stand_side_by_side_with_what_was_masked(desk, signed_in):
    number = casefile.in_review(desk, text=PRIVATE)

    text = page(signed_in, "qian", number)

    assert '<s class="m-struck">13800000123<sup>' in text
    assert '<mark class="m-replaced">【电话】</mark>' in text
    assert "换为“【电话】”" in text
    assert "<b>0 处</b>待处理" in text
    # A line break is one sign on both sides, however the letter was sent.
    assert text.count(html.escape(TEXT)) >= 2
    assert "\r" not in text
    assert "未发现：" in text


def test_an_open_finding_blocks_and_is_masked_by_its_button(desk, signed_in, act):
    number = casefile.in_review(desk)
    reword(act, desk, number, letter=f"{TEXT}\n请打13800000123。")

    text = page(signed_in, "qian", number)
    assert '<mark class="m-open">13800000123<sup>' in text
    assert '公开稿还有 1 处待处理。<a href="#findings">去处理</a>' in text
    assert 'id="findings"' in text
    masked = next(form for form in forms(text, "/copy") if "【电话】" in dict(form)["letter"])
    answer = send(signed_in("qian"), f"/desk/orders/{number}/copy", masked)

    assert answer.status_code == 303, answer.text
    assert copy_of(desk, number).letter == f"{TEXT}\n请打【电话】。"
    assert "<b>0 处</b>待处理" in page(signed_in, "qian", number)


def test_a_finding_is_kept_for_a_reason_and_stays_kept(desk, signed_in, act):
    number = casefile.in_review(desk)
    reword(act, desk, number, letter=f"{TEXT}\n请打0571-88000123或13800000123。")
    text = page(signed_in, "qian", number)
    keep = next(
        form
        for form in forms(text, "/copy")
        if any(name == "kept" and "0571" in value for name, value in form)
    )

    answer = send(
        signed_in("qian"), f"/desk/orders/{number}/copy", keep, kept_reason="园区公开的办公电话"
    )

    assert answer.status_code == 303, answer.text
    text = page(signed_in, "qian", number)
    assert "保留：园区公开的办公电话" in text
    assert "<b>1 处</b>待处理" in text
    rest = next(form for form in forms(text, "/copy") if "【电话】" in dict(form)["letter"])
    send(signed_in("qian"), f"/desk/orders/{number}/copy", rest)
    assert "保留：园区公开的办公电话" in page(signed_in, "qian", number)
    assert "0571-88000123" in copy_of(desk, number).letter


def test_what_no_reason_can_keep_is_offered_no_reason(desk, signed_in, act):
    number = casefile.in_review(desk)
    reword(act, desk, number, letter=f"{TEXT}\n身份证号110101199003070038。")

    text = page(signed_in, "qian", number)

    assert "不得保留" in text
    assert "写明理由保留" not in text


def test_a_masking_is_undone_for_a_reason(desk, signed_in):
    number = casefile.in_review(desk, text=PRIVATE)
    text = page(signed_in, "qian", number)
    back = next(form for form in forms(text, "/copy") if "13800000123" in dict(form)["letter"])

    send(signed_in("qian"), f"/desk/orders/{number}/copy", back, kept_reason="公开的服务电话")

    copy = copy_of(desk, number)
    assert "请打13800000123" in copy.letter
    assert "110101199003070038" not in copy.letter
    text = page(signed_in, "qian", number)
    assert "保留：公开的服务电话" in text
    assert "<b>0 处</b>待处理" in text


def test_everything_open_is_masked_at_once(desk, signed_in, act):
    number = casefile.in_review(desk)
    reword(act, desk, number, letter=f"{TEXT}\n请打13800000123或test@example.com。")
    text = page(signed_in, "qian", number)
    assert "全部遮蔽" in text

    send(signed_in("qian"), f"/desk/orders/{number}/copy", forms(text, "/copy")[0])

    assert "<b>0 处</b>待处理" in page(signed_in, "qian", number)


def test_a_change_of_the_copy_voids_the_signatures(desk, signed_in, act):
    number = casefile.in_review(desk)
    act("qian", number, "sign_off", opinion="同意")
    reword(act, desk, number, letter=f"{TEXT}（有删节）")

    text = page(signed_in, "qian", number)

    assert "“同意”" not in text
    assert "钱，待您签" in text


def test_a_copy_that_was_changed_meanwhile_is_not_overwritten(desk, signed_in, act, clock):
    number = casefile.in_review(desk)
    old = forms(page(signed_in, "qian", number), "/copy")[-1]
    reword(act, desk, number, letter=f"{TEXT}（有删节）")
    clock.wait(minutes=1)

    answer = send(signed_in("qian"), f"/desk/orders/{number}/copy", old)

    assert answer.status_code == 409
    assert copy_of(desk, number).letter.endswith("（有删节）")
