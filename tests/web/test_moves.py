"""Moves by their addresses: who may, what follows, what a refusal keeps, what is written down."""

import pytest

from monitor.storage import answers, casework, orders
from monitor.web.pages import moves
from tests.web import casefile
from tests.web.casefile import ANSWER, as_person, events, look, seen

MOVES = sorted(route.path.rpartition("/")[2] for route in moves.router.routes)


def done(answer, number: str, move: str) -> bool:
    wanted = f"/desk/orders/{number}?done={move}&number={number}"
    assert answer.status_code == 303, answer.text
    return answer.headers["location"] == wanted


def test_a_letter_walks_to_the_archive(desk, act):
    number = casefile.letter(desk)
    decision = {"topic": "funds", "request_type": "help", "urgency": "normal", "section": "funds"}

    assert done(act("lin", number, "dispatch", **decision), number, "dispatch")
    assert done(act("zhou", number, "sign"), number, "sign")
    assert done(act("zhou", number, "assign", handler="li"), number, "assign")
    called = {"way": "电话", "at": "2026-10-09T10:20", "outcome": "已说明"}
    assert done(act("li", number, "contact", **called), number, "contact")
    assert done(act("li", number, "note", text="等财政"), number, "note")
    # What promises nothing has nothing to be kept before it is filed.
    words = "您好！依据《惠企资金兑现办法》第十二条，本批补贴已经拨付到账。"
    assert done(act("zhou", number, "submit", answer=words, solved="solved"), number, "submit")
    assert done(act("qian", number, "sign_off", opinion="可以"), number, "sign_off")
    assert done(act("wu", number, "sign_off"), number, "sign_off")
    assert done(act("qian", number, "release"), number, "release")
    heard = {"contacted": "yes", "satisfied": "满意", "solved": "solved"}
    assert done(act("lin", number, "call_back", **heard), number, "call_back")
    assert done(act("qian", number, "archive", retention="10年"), number, "archive")

    assert look(desk, number).state == "archived"
    assert [what for what, _ in events(desk, number)] == [
        *("register", "dispatch", "sign", "assign", "contact", "note", "submit", "sign_off"),
        *("sign_off", "approve", "release", "call_back", "archive"),
    ]


def test_what_interrupts_the_walk(desk, act):
    number = casefile.sent(desk)

    assert done(act("lin", number, "recall", reason="分错"), number, "recall")
    asked = {"code": "other_organ", "told": "市税务局 12366", "reason": "不属本局"}
    assert done(act("lin", number, "ask_decline", **asked), number, "ask_decline")
    refused = act("qian", number, "refuse_decline", reason="属本局")
    assert done(refused, number, "refuse_decline")
    at_once = {
        "topic": "funds",
        "request_type": "consult",
        "urgency": "normal",
        "answer": ANSWER,
        "basis": "《办法》第十二条",
    }
    assert done(act("lin", number, "answer_at_once", **at_once), number, "answer_at_once")
    assert done(act("qian", number, "hand_back", findings="写明日期"), number, "hand_back")
    assert look(desk, number).state == "triage"

    declined = casefile.letter(desk)
    act("lin", declined, "ask_decline", **asked)
    assert done(act("qian", declined, "decline", reason="同意"), declined, "decline")
    assert look(desk, declined).state == "notified"

    returned = casefile.in_hand(desk)
    assert done(act("zhou", returned, "ask_return", ground="三定"), returned, "ask_return")
    away = act("qian", returned, "redirect", reason="应由要素科", section="factor")
    assert done(away, returned, "redirect")
    act("zhao", returned, "ask_return", ground="三定")
    assert done(act("qian", returned, "force", reason="就是你科"), returned, "force")
    assert (look(desk, returned).section, look(desk, returned).forced) == ("factor", True)


def test_waiting_merging_withholding_withdrawing(desk, act):
    waiting = casefile.in_hand(desk)
    plan = {"reason": "等省里", "plan": "下月再办", "review_on": "2026-11-02"}
    assert done(act("sun", waiting, "defer", **plan), waiting, "defer")
    assert done(act("zhou", waiting, "resume", reason="省里已批"), waiting, "resume")

    repeat = casefile.letter(desk)
    assert done(act("lin", repeat, "merge", master=waiting), repeat, "merge")
    assert done(act("lin", repeat, "unmerge", reason="不是一件事"), repeat, "unmerge")

    kept = casefile.to_release(desk)
    assert done(act("qian", kept, "withhold", reason="涉第三方"), kept, "withhold")
    told = {"way": "told", "at": "2026-10-09T10:24"}
    assert done(act("qian", kept, "record_answer", **told), kept, "record_answer")

    public = casefile.to_release(desk)
    act("qian", public, "release")
    assert done(act("qian", public, "withdraw", reason="有误"), public, "withdraw")
    assert done(act("qian", public, "rework", reason="没答全"), public, "rework")
    assert (look(desk, public).round, look(desk, public).state) == (2, "awaiting_sign")


def test_the_public_copy_is_reworded_with_reasons_for_what_stays(desk, act):
    number = casefile.in_review(desk)
    words = {"title": "补贴何时拨付", "letter": "来信问补贴。", "answer": "将于月底拨付。"}

    kept = {"kept": ["answer:name:某某", "letter:phone:x"], "kept_reason": ["公众人物", ""]}
    answer = act("qian", number, "copy", **words, **kept)

    assert done(answer, number, "copy")
    with desk.reading(as_person(desk, "qian")) as ctx:
        order = orders.get(ctx.session, ctx.person, number)
        copy = answers.copy_of(ctx.session, answers.latest(ctx.session, order.id).id)
        assert copy.title == "补贴何时拨付"
        assert copy.kept == [
            {"part": "answer", "kind": "name", "text": "某某", "reason": "公众人物"}
        ]


@pytest.mark.parametrize("move", MOVES)
def test_another_sections_order_is_not_found(desk, act, move):
    number = casefile.sent(desk)

    answer = act("zhao", number, move, reason="x")

    assert answer.status_code == 404
    assert "技改设备" not in answer.text
    assert len(events(desk, number)) == 2


@pytest.mark.parametrize("move", MOVES)
def test_strangers_and_administrators_stay_outside(desk, visitor, signed_in, move):
    number = casefile.letter(desk)

    assert visitor().post(f"/desk/orders/{number}/{move}", data={"seen": "x"}).status_code == 401
    browser = signed_in("xiang")
    data = {"csrf_token": browser.token("/desk/me"), "seen": 1}
    assert browser.post(f"/desk/orders/{number}/{move}", data=data).status_code == 403


def test_what_is_not_ones_act_is_refused_and_kept(desk, act):
    number = casefile.in_hand(desk)

    answer = act("li", number, "submit", answer="一段辛苦写成的答复", solved="solved")

    assert answer.status_code == 403
    assert "由主办科室负责人办理" in answer.text
    assert "一段辛苦写成的答复</textarea>" in answer.text
    assert look(desk, number).state == "in_hand"


def test_an_old_page_gets_told_who_changed_what_and_loses_nothing(desk, act):
    number = casefile.in_hand(desk)
    before = seen(desk, number)
    act("li", number, "note", text="先记一笔")

    answer = act("zhou", number, "submit", answer="我的长答复", solved="partly", seen=before)

    assert answer.status_code == 409
    assert "李（li） 在 10:24 改过这张工单：内部说明" in answer.text
    assert "我的长答复</textarea>" in answer.text
    assert f'name="seen" value="{before + 1}"' in answer.text
    assert 'href="#story"' in answer.text
    assert look(desk, number).state == "in_hand"


def test_what_no_form_holds_any_more_is_copied_out(desk, act):
    number = casefile.letter(desk)
    decision = {"topic": "funds", "request_type": "help", "urgency": "normal", "section": "funds"}
    act("lin", number, "dispatch", **decision)

    told = "市税务局，电话见门户"
    answer = act("lin", number, "ask_decline", seen=1, code="other_organ", told=told, reason="",
                 next="/desk/inbox")  # fmt: skip

    assert answer.status_code == 409
    assert f"{told}</textarea>" in answer.text
    assert "您的改动还没有保存，抄在下面" in answer.text
    assert answer.text.count("<textarea") == 1
    assert look(desk, number).topic == "funds"


def test_a_refused_decision_changes_nothing(desk, act):
    number = casefile.letter(desk)
    act("lin", number, "note", text="改版本")

    decision = {"topic": "funds", "request_type": "help", "urgency": "normal", "section": "funds"}
    answer = act("lin", number, "dispatch", seen=1, **decision)

    assert answer.status_code == 409
    assert (look(desk, number).topic, look(desk, number).section) == (None, None)


def test_a_double_click_does_it_once_and_harms_nobody(desk, act, clock):
    number = casefile.sent(desk)
    before = seen(desk, number)

    assert done(act("zhou", number, "sign", seen=before), number, "sign")
    assert done(act("zhou", number, "sign", seen=before), number, "sign")
    clock.wait(seconds=60)

    assert act("zhou", number, "sign", seen=before).status_code == 409
    assert [what for what, _ in events(desk, number)].count("sign") == 1


def test_what_is_missing_is_said_at_its_field(desk, act):
    number = casefile.in_hand(desk)

    answer = act("li", number, "contact", way="电话", at="2026-10-09T10:00", outcome="")

    assert answer.status_code == 422
    assert 'href="#contact-outcome"' in answer.text
    assert "请填写联系结果" in answer.text
    assert '<option value="电话" selected>' in answer.text
    assert 'value="2026-10-09T10:00"' in answer.text


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2026-10-09T10:25", "联系时间不能晚于现在"),
        ("2026-10-08T10:25", "联系时间早于收件时间"),
        ("昨天下午", "时间无法识别"),
        ("0001-01-01T00:00", ""),
    ],
)
def test_a_time_that_cannot_be_is_refused_and_kept(desk, act, at, words):
    number = casefile.in_hand(desk)

    answer = act("li", number, "contact", way="电话", at=at, outcome="已说明情况")

    assert answer.status_code == 422
    assert words in answer.text
    assert "已说明情况" in answer.text


def test_times_of_forms_are_those_of_shanghai(desk, act):
    number = casefile.in_hand(desk)

    act("li", number, "contact", way="电话", at="2026-10-09T10:02", outcome="已说明")

    with desk.reading(as_person(desk, "lin")) as ctx:
        order = orders.get(ctx.session, ctx.person, number)
        (entry,) = casework.contacts(ctx.session, order.id)
        assert entry.at.isoformat() == "2026-10-09T02:02:00+00:00"


def test_next_leads_back_within_the_house(desk, act):
    number = casefile.sent(desk)

    answer = act("zhou", number, "sign", next="/desk/section?tab=sign&done=note#row")

    wanted = f"/desk/section?tab=sign&done=sign&number={number}#row"
    assert answer.headers["location"] == wanted


@pytest.mark.parametrize(
    "elsewhere",
    ["//evil.example", "https://evil.example/", "/\\evil.example", "desk", "/desk\u2028"],
)
def test_next_never_leads_out_of_the_house(desk, act, elsewhere):
    number = casefile.sent(desk)

    assert done(act("zhou", number, "sign", next=elsewhere), number, "sign")


def test_a_form_of_another_page_is_refused_with_all_that_it_held(desk, act):
    number = casefile.sent(desk)

    answer = act("lin", number, "recall", seen=1, reason="分错科室", next="/desk/inbox")

    assert answer.status_code == 409
    assert "分错科室</textarea>" in answer.text
