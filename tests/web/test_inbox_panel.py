"""分办台: what the panel suggests, and every act from it."""

import pytest

from monitor.domain.dispatch import Decision
from monitor.steps import dispatch, review, triage
from monitor.storage import orders
from tests.web.casefile import as_person, in_review, look
from tests.web.waiting import TEXT, asked, form, links, numbers, selected, waiting

INBOX = "/desk/inbox"


def test_evidence_is_marked_and_everything_is_escaped(desk, signed_in):
    waiting(desk, "标题<b>粗</b>", "补贴款<script>alert(1)</script>没有到账，请尽快办理。")

    page = signed_in("lin").get(INBOX).text

    assert '<mark class="m-evidence">补贴款<sup>1</sup></mark>' in page
    assert "<script>alert" not in page
    assert "标题<b>粗" not in page


def test_the_suggestion_is_shown_with_its_rule_and_its_clocks(desk, signed_in):
    waiting(desk, urgency="urgent")

    page = signed_in("lin").get(INBOX).text

    assert "规则命中" in page
    assert "规则 JJ-03" in page
    assert "派单目录" in page
    assert "采纳后启动的时限" in page
    assert "分办后 2 个工作小时" in page
    assert "将转<b>funds科</b>主办" in page


def test_accepting_dispatches_and_takes_the_next_in_hand(desk, clock, signed_in):
    number = waiting(desk, "先办这件")
    clock.wait(minutes=1)
    following = waiting(desk, "下一件")
    lin = signed_in("lin")
    given = form(lin.get(INBOX).text, f"/desk/orders/{number}/dispatch")

    answer = lin.post(f"/desk/orders/{number}/dispatch", data=given)

    assert answer.status_code == 303
    assert look(desk, number).section == "funds"
    page = lin.get(answer.headers["location"]).text
    assert selected(page) == following
    assert "已分办至funds科" in page
    assert "签收限" in page
    assert 'role="status"' in page


def test_a_dispatch_is_taken_back_from_the_box(desk, signed_in):
    number = waiting(desk)
    lin = signed_in("lin")
    given = form(lin.get(INBOX).text, f"/desk/orders/{number}/dispatch")
    page = lin.get(lin.post(f"/desk/orders/{number}/dispatch", data=given).headers["location"]).text

    back = lin.post(
        f"/desk/orders/{number}/recall", data=form(page, f"/desk/orders/{number}/recall")
    )

    assert back.status_code == 303
    assert look(desk, number).state == "triage"
    assert selected(lin.get(back.headers["location"]).text) == number


def test_once_signed_for_there_is_no_way_back(desk, signed_in):
    number = waiting(desk)
    lin = signed_in("lin")
    given = form(lin.get(INBOX).text, f"/desk/orders/{number}/dispatch")
    address = lin.post(f"/desk/orders/{number}/dispatch", data=given).headers["location"]
    with desk.writing(as_person(desk, "zhou")) as ctx:
        order = orders.get(ctx.session, ctx.person, number)
        dispatch.sign(ctx, order, seen=order.version)

    page = lin.get(address).text

    assert "撤回分办" not in page
    assert "已分办" in page


def test_below_sixty_percent_a_person_chooses(desk, signed_in):
    number = waiting(desk, sure=0.55)
    lin = signed_in("lin")

    page = lin.get(INBOX).text

    assert "需人工" in page
    assert "选定并分办" in page
    assert "采纳并分办" not in page
    given = form(page, f"/desk/orders/{number}/dispatch")
    assert "section" not in given
    assert '<select class="input" name="section" required>' in page
    refused = lin.post(f"/desk/orders/{number}/dispatch", data=given)
    assert refused.status_code == 422
    chosen = lin.post(f"/desk/orders/{number}/dispatch", data={**given, "section": "factor"})
    assert chosen.status_code == 303
    assert look(desk, number).section == "factor"


def test_an_order_without_any_reading_asks_a_person(desk, signed_in):
    from tests.web.casefile import letter

    letter(desk)

    page = signed_in("lin").get(INBOX).text

    assert "需人工" in page


def test_a_link_puts_another_value_in_place(desk, signed_in):
    number = waiting(desk)
    lin = signed_in("lin")
    page = lin.get(INBOX).text
    other = next(one for one in links(page, "set_topic") if asked(one)["set_topic"] == "factor")

    page = lin.get(other).text

    given = form(page, f"/desk/orders/{number}/dispatch")
    assert given["topic"] == ["factor"]
    assert given["section"] == ["factor"]
    assert "已改选，建议是惠企资金兑现" in page
    kind = next(one for one in links(page, "set_type") if "complaint" in one)
    assert asked(kind)["set_topic"] == "factor"
    given = form(lin.get(kind).text, f"/desk/orders/{number}/dispatch")
    assert given["topic"] == ["factor"]
    assert given["request_type"] == ["complaint"]


@pytest.mark.parametrize("name", ["set_topic", "set_type", "set_urgency", "set_section"])
def test_a_value_that_does_not_exist_changes_nothing(desk, signed_in, name):
    number = waiting(desk)

    page = signed_in("lin").get(INBOX, params={"order": number, name: "nonsense'\"<"})

    assert page.status_code == 200
    given = form(page.text, f"/desk/orders/{number}/dispatch")
    assert (given["topic"], given["section"]) == (["funds"], ["funds"])


def test_the_edit_form_offers_all_that_is_decided(desk, signed_in):
    number = waiting(desk)

    page = signed_in("lin").get(INBOX, params={"order": number, "do": "dispatch"}).text

    for name in ("topic", "request_type", "urgency", "section"):
        assert f'name="{name}" required' in page
    assert 'name="co_sections"' in page
    assert '<option value="funds" selected>funds科</option>' in page


def test_copies_are_flagged_and_merged(desk, clock, signed_in):
    first = waiting(desk, "补贴没到账", ago=50)
    clock.wait(minutes=1)
    second = waiting(desk, "还是补贴没到账", TEXT + "谢谢！")
    lin = signed_in("lin")

    page = lin.get(INBOX, params={"order": second}).text

    assert page.count("疑似重复 1") >= 2
    given = form(page, f"/desk/orders/{second}/merge")
    assert given["master"] == [first]
    answer = lin.post(f"/desk/orders/{second}/merge", data=given)
    assert answer.status_code == 303
    assert look(desk, second).state == "merged"
    assert "已并单" in lin.get(answer.headers["location"]).text


def test_a_matter_told_in_other_words_is_found(desk, signed_in):
    waiting(desk, "补贴", "技改设备补贴公示通过后一直没有拨款，不知道卡在哪个环节。")
    again = waiting(
        desk, "拨款", "请问我们的技改设备补贴公示通过了，什么时候拨款？卡在哪个环节了？"
    )

    page = signed_in("lin").get(INBOX, params={"order": again}).text

    assert "疑似重复 1 件" in page


def test_the_same_letter_about_another_place_is_never_offered_for_merging(desk, signed_in):
    there = waiting(desk, "云杉花园停水", "云杉花园停水三天了，物业不管，老人孩子没法做饭洗澡。")
    here = waiting(desk, "丽景花园停水", "丽景花园停水三天了，物业不管，老人孩子没法做饭洗澡。")

    page = signed_in("lin").get(INBOX, params={"order": here}).text

    assert "疑似重复 0 件" in page
    assert "疑似重复，地点不同 1 件" in page
    assert "本件“丽景花园”，那件“云杉花园”" in page
    assert f"/desk/orders/{here}/merge" not in page
    assert f"beside={there}" in page
    assert page.count("疑似重复，地点不同 1") == 3  # a fact of both rows, the heading


def test_two_orders_are_laid_side_by_side(desk, signed_in):
    first = waiting(desk, "补贴没到账")
    second = waiting(desk, "还是补贴没到账", TEXT + "谢谢！")

    page = signed_in("lin").get(INBOX, params={"order": second, "beside": first}).text

    assert "收起对照" in page
    assert page.count('<mark class="m-evidence">') >= 2


def test_duty_answers_at_once_from_a_draft(desk, signed_in):
    number = waiting(desk)
    lin = signed_in("lin")
    page = lin.get(INBOX, params={"order": number, "do": "answer_at_once"}).text
    given = form(page, f"/desk/orders/{number}/answer_at_once")
    typed = {**given, "answer": "您好！补贴已在拨付。", "basis": "惠企资金兑现办法第12条"}

    assert numbers(lin.get(INBOX, params={"tab": "direct"}).text) == []
    lin.post(f"/desk/orders/{number}/draft", data=typed)
    assert numbers(lin.get(INBOX, params={"tab": "direct"}).text) == [number]
    page = lin.get(INBOX, params={"order": number, "do": "answer_at_once"}).text
    assert "您好！补贴已在拨付。" in page
    answer = lin.post(f"/desk/orders/{number}/answer_at_once", data=typed)

    assert answer.status_code == 303, answer.text
    assert look(desk, number).state == "in_review"


def test_a_direct_answer_handed_back_waits_for_its_writer(desk, signed_in):
    number = waiting(desk)
    decision = Decision("funds", "help", "normal")
    with desk.writing(as_person(desk, "lin")) as ctx:
        order = orders.get(ctx.session, ctx.person, number)
        triage.answer_at_once(
            ctx, order, decision, answer="您好！已在拨付。", basis="办法第12条", seen=order.version
        )
    with desk.writing(as_person(desk, "qian")) as ctx:
        order = orders.get(ctx.session, ctx.person, number)
        review.hand_back(ctx, order, findings="请写明日期", seen=order.version)

    page = signed_in("lin").get(INBOX, params={"tab": "direct"}).text

    assert numbers(page) == [number]


def test_an_answer_of_another_order_is_quoted_without_personal_details(desk, signed_in):
    answered = in_review(desk)
    number = waiting(desk)

    page = (
        signed_in("lin")
        .get(INBOX, params={"order": number, "do": "answer_at_once", "quote": answered})
        .text
    )

    assert "本批补贴将于10月30日前拨付到账" in page
    assert f"参照 {answered} 的答复" in page


def test_a_refusal_to_accept_waits_for_the_office(desk, signed_in):
    number = waiting(desk)
    lin = signed_in("lin")
    assert "不予受理待决" not in lin.get(INBOX).text
    page = lin.get(INBOX, params={"order": number, "do": "ask_decline"}).text
    given = form(page, f"/desk/orders/{number}/ask_decline")

    lin.post(
        f"/desk/orders/{number}/ask_decline",
        data={**given, "code": "other_organ", "told": "住建局窗口", "reason": "物业维修事项"},
    )

    page = lin.get(INBOX, params={"tab": "declines"}).text
    assert numbers(page) == [number]
    assert "不予受理待决" in page
    assert "正在等办公室决定" in page
    assert f'action="/desk/orders/{number}/dispatch"' not in page
    assert (
        f"/desk/orders/{number}?do=decline"
        in signed_in("qian").get(INBOX, params={"tab": "declines"}).text
    )


def test_the_panel_says_what_the_letter_lacks_and_how_many_requests_it_has(desk, signed_in):
    number = waiting(desk, "两件事", "请教：一、技改补贴怎么申报；二、厂房租金能否缓交？")
    lin = signed_in("lin")

    page = lin.get(INBOX).text
    whole = lin.get(f"/desk/orders/{number}?do=split").text

    assert "还没有写明：谁、在哪里、何时起" in page
    assert "看来有 2 项诉求" in page
    assert "请教：一、技改补贴怎么申报；\n\n请教：二、厂房租金能否缓交？" in whole


def test_an_opinion_item_gets_a_level_and_a_tone_with_their_words(desk, signed_in):
    waiting(desk, "网帖", "网上传开了，上百名工人聚集，阅读量12万，大家很气愤。", channel="opinion")

    page = signed_in("lin").get(INBOX).text

    assert "舆情建议定为重大，情绪负面，阅读 120000" in page
    assert "“上百名工人”" in page
