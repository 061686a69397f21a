"""Call-back and archive on the pages: the lot told, tries, poor ones to the office, files kept."""

import re

import pytest

from tests.web import casefile
from tests.web.casefile import look
from tests.web.waiting import form, numbers

HEARD = {"contacted": "yes", "satisfied": "满意", "solved": "solved"}
POOR = {"contacted": "yes", "satisfied": "不满意", "solved": "unsolved", "reason": "没有到账"}


@pytest.fixture
def act(desk, signed_in):
    return casefile.sender(desk, signed_in)


@pytest.fixture
def answered(desk, act):
    number = casefile.to_release(desk)
    assert act("qian", number, "release").status_code == 303
    assert look(desk, number).state == "answered"
    casefile.settle(desk, number)
    return number


def page(signed_in, username, number, query=""):
    answer = signed_in(username).get(f"/desk/orders/{number}{query}")
    assert answer.status_code == 200, answer.text
    return answer.text


def test_the_queue_shows_whom_to_ring_with_the_lot_and_no_number(signed_in, answered):
    text = signed_in("lin").get("/desk/inbox", params={"tab": "callback"}).text

    assert "抽样规则第 8 条（求助），100%，本件抽中" in text
    assert f'action="/desk/orders/{answered}/call_back"' in text
    assert casefile.PHONE not in text


def test_revealing_for_a_call_opens_the_form_that_goes_on_to_the_next(signed_in, act, answered):
    shown = act("lin", answered, "reveal", reason="回访")

    assert casefile.PHONE in shown.text
    assert 'value="/desk/inbox?tab=callback"' in shown.text


def test_a_try_in_vain_stays_in_the_queue_until_three_are_logged(desk, signed_in, act, answered):
    for _ in range(2):
        act("lin", answered, "call_back", contacted="no", reason="无人接听")
        desk.clock.wait(hours=1)
    early = act("lin", answered, "close_unreached")
    assert early.status_code == 409
    assert "才打了 2 次" in early.text
    act("lin", answered, "call_back", contacted="no", reason="关机")
    assert "已打 3 次未联系上" in page(signed_in, "lin", answered)
    assert act("lin", answered, "close_unreached").status_code == 303
    assert look(desk, answered).state == "to_archive"
    assert "共打 3 次" in page(signed_in, "lin", answered, "?story=all")


def test_who_was_reached_must_say_whether_he_is_satisfied(act, answered):
    refused = act("lin", answered, "call_back", contacted="yes")

    assert refused.status_code == 422
    assert "是否满意" in refused.text


def test_a_poor_one_waits_at_the_offices_desk(desk, signed_in, act, answered):
    act("lin", answered, "call_back", **POOR)

    queue = signed_in("qian").get("/desk/review", params={"tab": "poor"}).text
    assert answered in queue
    text = page(signed_in, "qian", answered)
    assert "回访结果不好，先决定是否发回重办" in text
    assert 'id="do-keep_closed"' in text
    assert act("qian", answered, "archive", retention="10年").status_code == 409
    assert act("qian", answered, "rework", reason="请当面说明").status_code == 303
    assert (look(desk, answered).state, look(desk, answered).round) == ("awaiting_sign", 2)
    assert answered not in signed_in("qian").get("/desk/review", params={"tab": "poor"}).text


def test_an_archived_order_leaves_the_queues_and_stays_found(desk, signed_in, act, answered):
    act("lin", answered, "call_back", **HEARD)
    text = page(signed_in, "qian", answered, "?do=archive")
    assert "保管规则第 5 条（一般件）：10年" in text
    assert re.search(r'<option value="10年" selected>', text)
    queue = signed_in("qian").get("/desk/review", params={"tab": "archive"}).text
    assert answered in queue

    act("qian", answered, "archive", retention="10年")

    qian, lin, zhou = (signed_in(one) for one in ("qian", "lin", "zhou"))
    for tab in ("mine", "others", "release", "answered", "archive", "poor"):
        assert answered not in qian.get("/desk/review", params={"tab": tab}).text
    for tab in ("triage", "callback", "direct"):
        assert answered not in numbers(lin.get("/desk/inbox", params={"tab": tab}).text)
    for tab in ("sign", "in_hand", "due_today", "review", "co"):
        assert answered not in zhou.get("/desk/section", params={"tab": tab}).text
    assert answered in lin.get("/desk/search", params={"q": answered}).text
    assert "保管至 2036-12-31" in page(signed_in, "lin", answered)


def test_a_file_is_taken_out_by_the_office_with_a_reason(desk, signed_in, act, answered):
    act("lin", answered, "call_back", **HEARD)
    act("qian", answered, "archive", retention="10年")
    assert "不可用：“重新打开”由办公室办理" in page(signed_in, "lin", answered)

    assert act("qian", answered, "reopen").status_code == 422
    assert act("qian", answered, "reopen", reason="有新证据").status_code == 303
    assert look(desk, answered).state == "to_archive"
    assert act("qian", answered, "rework", reason="有新证据").status_code == 303
    assert "重新打开：有新证据" in page(signed_in, "qian", answered, "?story=all").replace(
        "<b>", ""
    ).replace("</b>", "")


def test_a_wrong_call_back_is_corrected_beside_the_old_one(signed_in, act, answered):
    act("lin", answered, "call_back", **POOR)

    fixed = act("lin", answered, "correct_call_back", satisfied="满意", solved="solved")

    assert fixed.status_code == 303
    text = page(signed_in, "lin", answered)
    assert "<s>已联系上，不满意，未解决，没有到账</s>" in text
    assert "更正为，满意，已解决" in text
    assert answered not in signed_in("qian").get("/desk/review", params={"tab": "poor"}).text


def test_a_page_of_finished_orders_is_filed_at_once(desk, signed_in, act):
    made = [casefile.to_release(desk, title=f"第{place}件") for place in range(3)]
    for number, heard in zip(made, (HEARD, HEARD, POOR), strict=True):
        act("qian", number, "release")
        casefile.settle(desk, number)
        act("lin", number, "call_back", **heard)
    qian = signed_in("qian")
    page_before = qian.get("/desk/review", params={"tab": "archive"}).text
    assert "归档本页可归档的 2 件" in page_before
    assert "另有 1 件要等" in page_before
    assert "等决定是否发回重办" in page_before

    sent = qian.post("/desk/bulk", data=form(page_before, "/desk/bulk"))
    again = qian.post("/desk/bulk", data=form(page_before, "/desk/bulk"))

    assert again.headers["location"] == sent.headers["location"]
    assert "共 2 件：办成 2 件，没有办成 0 件" in qian.get(sent.headers["location"]).text
    assert [look(desk, one).state for one in made] == ["archived", "archived", "to_archive"]
    assert [event for event, _ in casefile.events(desk, made[0])].count("archive") == 1
    assert "保管规则第 5 条" in page(signed_in, "lin", made[0])
    after = qian.get("/desk/review", params={"tab": "archive"}).text
    assert "归档本页可归档的" not in after


def test_one_changed_meanwhile_is_named_and_left(desk, signed_in, act, answered):
    act("lin", answered, "call_back", **HEARD)
    qian = signed_in("qian")
    fields = form(qian.get("/desk/review", params={"tab": "archive"}).text, "/desk/bulk")
    act("qian", answered, "rework", reason="有新证据")

    report = qian.get(qian.post("/desk/bulk", data=fields).headers["location"]).text

    assert "办成 0 件，没有办成 1 件" in report
    assert look(desk, answered).state == "awaiting_sign"


def test_many_are_filed_only_by_the_office(desk, signed_in, act, answered):
    act("lin", answered, "call_back", **HEARD)
    pick = f"{answered}:{casefile.seen(desk, answered)}"

    refused = signed_in("lin").fill("/desk/bulk", "/desk/me", deed="archive", pick=[pick])

    assert refused.status_code == 403
    assert look(desk, answered).state == "to_archive"


def test_the_office_reads_in_the_queue_why_one_is_displeased(signed_in, act, answered):
    act("lin", answered, "call_back", **POOR)

    queue = signed_in("qian").get("/desk/review", params={"tab": "poor"}).text

    assert "回访：不满意，未解决，没有到账" in queue
