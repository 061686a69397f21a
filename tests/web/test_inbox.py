"""分办台: order of the queue, the panel, every act from it, and a constant number of queries."""

import pytest
from sqlalchemy import text as sql

from monitor.domain.dispatch import Decision
from monitor.domain.vocabulary import Channel
from monitor.steps import dispatch, review, triage
from monitor.storage import orders
from tests.web.casefile import as_person, in_review, look
from tests.web.waiting import TEXT, asked, form, links, numbers, selected, waiting

INBOX = "/desk/inbox"


def test_what_is_due_first_stands_first(desk, clock, signed_in):
    later = waiting(desk, "一般件")
    clock.wait(minutes=5)
    urgent = waiting(desk, "紧急件", urgency="urgent")
    clock.wait(minutes=5)

    page = signed_in("lin").get(INBOX).text

    assert numbers(page) == [urgent, later]
    assert selected(page) == urgent
    assert "剩 55 分钟" in page


def test_a_late_one_raises_an_alarm(desk, clock, signed_in):
    waiting(desk, urgency="urgent")
    clock.wait(minutes=70)

    page = signed_in("lin").get(INBOX).text

    assert "超 10 分钟" in page
    assert "1 件分办超时" in page


def test_the_address_names_the_order_in_hand(desk, clock, signed_in):
    first = waiting(desk, "第一件")
    clock.wait(minutes=1)
    second = waiting(desk, "第二件")
    lin = signed_in("lin")

    assert selected(lin.get(INBOX).text) == first
    page = lin.get(INBOX, params={"order": second}).text
    assert selected(page) == second
    assert "split is-open" in page
    assert "split is-open" not in lin.get(INBOX).text


def test_an_unknown_order_is_told_and_the_list_stays(desk, signed_in):
    number = waiting(desk)

    page = signed_in("lin").get(INBOX, params={"order": "HY20200101-001"})

    assert page.status_code == 200
    assert "没有找到 HY20200101-001" in page.text
    assert numbers(page.text) == [number]


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


def test_others_may_look_and_not_act(desk, signed_in):
    number = waiting(desk)

    for username in ("qian", "sun"):
        page = signed_in(username).get(INBOX)
        assert page.status_code == 200
        assert numbers(page.text) == [number]
        assert f'action="/desk/orders/{number}/' not in page.text
    for username in ("zhou", "li", "wu", "zheng", "xiang", "an", "shen"):
        assert signed_in(username).get(INBOX).status_code == 403


def test_filters_narrow_and_say_why_nothing_is_left(desk, signed_in):
    phone = waiting(desk, "来电", channel=Channel.PHONE)
    unsure = waiting(desk, "不确定", sure=0.4, urgency="urgent")
    lin = signed_in("lin")

    def shown(**params: str) -> list[str]:
        return numbers(lin.get(INBOX, params=params).text)

    assert shown(channel="phone") == [phone]
    assert shown(urgency="urgent") == [unsure]
    assert shown(human="1") == [unsure]
    assert shown(human="yes") == [unsure]
    assert sorted(shown(section="funds")) == sorted([phone, unsure])
    assert len(shown(channel="nonsense", urgency="nonsense")) == 2
    page = lin.get(INBOX, params={"channel": "visit"}).text
    assert "没有符合筛选条件的工单" in page
    assert "本栏共 2 件" in page


def test_an_empty_queue_says_what_was_done(desk, signed_in):
    lin = signed_in("lin")
    assert "没有待研判的工单" in lin.get(INBOX).text
    number = waiting(desk)
    lin.post(
        f"/desk/orders/{number}/dispatch",
        data=form(lin.get(INBOX).text, f"/desk/orders/{number}/dispatch"),
    )

    assert "今日已分办 1 件，最近一件 10:24" in lin.get(INBOX).text
    assert numbers(lin.get(INBOX, params={"tab": "today"}).text) == [number]
    assert numbers(lin.get(f"{INBOX}/today").text) == [number]


def test_a_recalled_order_is_no_longer_dispatched_today(desk, signed_in):
    number = waiting(desk)
    with desk.writing(as_person(desk, "lin")) as ctx:
        order = orders.get(ctx.session, ctx.person, number)
        dispatch.send(ctx, order, Decision("funds", "help", "normal", "funds"), seen=order.version)
        dispatch.recall(ctx, order, reason="弄错了", seen=order.version)
    lin = signed_in("lin")

    assert numbers(lin.get(f"{INBOX}/today").text) == []
    assert numbers(lin.get(INBOX).text) == [number]


def test_a_page_says_how_many_came_in_since(desk, clock, signed_in):
    waiting(desk)
    lin = signed_in("lin")
    fresh = links_of_refresh(lin.get(INBOX).text)

    assert "件新工单" not in lin.get(fresh, headers={"x-fragment": "none"}).text
    clock.wait(minutes=2)
    waiting(desk, "新的一件")
    waiting(desk, "又一件")

    fragment = lin.get(fresh).text
    assert "有 2 件新工单" in fragment
    assert "<html" not in fragment


def links_of_refresh(page: str) -> str:
    import re
    from html import unescape

    found = re.search(r'data-refresh-url="(/desk/inbox/fresh[^"]*)"', page)
    assert found
    return unescape(found[1])


def test_the_queue_alone_is_renewed(desk, clock, signed_in):
    number = waiting(desk, urgency="urgent")
    lin = signed_in("lin")
    clock.wait(minutes=10)

    fragment = lin.get(INBOX, headers={"x-fragment": "queue"}).text

    assert numbers(fragment) == [number]
    assert "剩 50 分钟" in fragment
    assert "<html" not in fragment


def test_pages_follow_one_another_without_gap_or_repeat(desk, clock, signed_in):
    made = []
    for place in range(65):
        clock.wait(seconds=1)
        made.append(waiting(desk, f"第{place}件", f"{place}号来件，内容各不相同{place * 7919}。"))
    lin = signed_in("lin")

    seen: list[str] = []
    address, pages = INBOX, 0
    while address:
        page = lin.get(address).text
        seen += numbers(page)
        pages += 1
        onward = [one for one in links(page, "after=") if "n=" in one and "order=" not in one]
        following = [one for one in onward if asked(one).get("n") == str(30 * pages)]
        address = following[0] if following else ""

    assert seen == made
    assert pages == 3


def test_historical_orders_have_a_tab_and_no_place_in_the_queue(desk, signed_in):
    number = waiting(desk)
    with desk.writing() as ctx:
        order = orders.get(ctx.session, as_person(desk, "lin"), number)
        order.historical = True
        ctx.session.add(order)
        ctx.session.execute(sql("UPDATE clock SET historical = true"))
    lin = signed_in("lin")

    assert numbers(lin.get(INBOX).text) == []
    assert numbers(lin.get(INBOX, params={"tab": "history"}).text) == [number]


@pytest.mark.parametrize("tab", ["triage", "returned", "direct", "declines", "today", "callback"])
def test_an_unknown_tab_and_every_known_one_answer(desk, signed_in, tab):
    waiting(desk)
    lin = signed_in("lin")

    assert lin.get(f"{INBOX}/{tab}").status_code == 200
    assert lin.get(f"{INBOX}/nonsense").status_code == 404
    assert lin.get(INBOX, params={"tab": "nonsense"}).status_code == 200


def test_the_number_of_queries_does_not_grow(desk, signed_in, count_queries):
    lin = signed_in("lin")
    counts = []
    made = 0
    for wanted in (1, 3, 50):
        while made < wanted:
            made += 1
            waiting(desk, f"第{made}件", f"{made}号来件，内容各不相同{made * 7919}。")
        lin.get(INBOX)
        with count_queries() as seen:
            assert lin.get(INBOX).status_code == 200
        counts.append(len(seen))

    assert len(set(counts)) == 1, counts


def test_the_queue_reads_no_more_than_its_page(desk, count_queries, signed_in):
    waiting(desk)
    lin = signed_in("lin")
    with count_queries() as seen:
        lin.get(INBOX)
    asked_for = [one for one in seen if "ORDER BY anon_1.at, anon_1.order_id" in one]

    with desk.reading() as ctx:
        plans = [
            str(row[3])
            for one in asked_for
            if "promise" in one and "EXISTS" not in one and "JOIN" not in one
            for row in ctx.session.connection().exec_driver_sql(
                f"EXPLAIN QUERY PLAN {one}", tuple([""] * one.count("?"))
            )
        ]

    assert plans
    assert all("ix_clock_running" in plan and "TEMP B-TREE" not in plan for plan in plans)
