"""分办台: order of the queue, its tabs, filters and pages; a constant number of queries."""

import pytest
from sqlalchemy import text as sql

from monitor.domain.dispatch import Decision
from monitor.domain.vocabulary import Channel
from monitor.steps import dispatch
from monitor.storage import orders
from tests.web.casefile import as_person
from tests.web.waiting import asked, form, links, numbers, selected, waiting

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


def test_an_alarm_of_a_model_says_how_often_it_is_right(desk, signed_in):
    waiting(desk, urgency="urgent", learnt=0.21)

    page = signed_in("lin").get(INBOX).text

    assert "没有命中规则；这样的来件约 5 件里有 1 件紧急，宁可多提醒" in page
    assert "规则命中" not in page
