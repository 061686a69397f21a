"""Finding: parts of numbers, companies however written, what stands first, what is alike."""

import pytest

from monitor.storage.lists import opened
from tests.web import casefile
from tests.web.casefile import as_person, sent
from tests.web.test_search import SEARCH, table
from tests.web.waiting import asked, links, numbers, waiting


def found(browser, **params: str) -> list[str]:
    answer = browser.get(SEARCH, params=params)
    assert answer.status_code == 200, answer.text
    return numbers(answer.text)


def test_a_part_of_a_number_finds_its_order(desk, signed_in):
    own = waiting(desk)
    theirs = waiting(desk, "另一件", upstream_no="SZ-2026-7781")
    lin = signed_in("lin")

    assert found(lin, q=own[-8:]) == [own]
    assert found(lin, q=own.replace("-", "")[-4:]) == [own]
    assert found(lin, q=own.lower()) == [own]
    assert found(lin, q="7781") == [theirs]
    assert found(lin, q="ｓｚ-2026-77") == [theirs]
    assert found(lin, q="26-778") == [theirs]
    page = lin.get(SEARCH, params={"q": own[-8:]}).text
    assert f'<mark class="m-evidence">{own[-8:]}</mark>' in page


def test_a_number_stands_first_then_titles_then_the_newest(desk, clock, signed_in):
    made = {}
    for name, title, text in (
        ("text", "别的事", "请按 HY20261009-005 的办法处理补贴。"),
        ("title", "补贴没到账", "盼复。"),
        ("newer", "又一件别的事", "也说到补贴一句。"),
        ("none", "用地", "用地指标不够。"),
        ("number", "第五件", "编号正好是这个。"),
    ):
        clock.wait(minutes=1)
        made[name] = waiting(desk, title, text)
    lin = signed_in("lin")

    assert made["number"] == "HY20261009-005"
    assert found(lin, q="HY20261009-005") == [made["number"], made["text"]]
    assert found(lin, q="补贴") == [made["title"], made["newer"], made["text"]]
    assert [row[0] for row in table(lin, q="补贴")[1:]] == found(lin, q="补贴")


@pytest.mark.parametrize(
    "words",
    [
        "示例（集团）ＡＢ公司",
        "示例(集团)ab公司",
        "示例（集团)Ab公司",
        "示例 集团 ab",
        "集团",
        "ａｂ",
        "例",
    ],
)
def test_a_company_is_found_however_it_is_written(desk, signed_in, words):
    narrow = waiting(desk, "反映拖欠", "我在示例(集团)AB公司上班，工资拖欠。")
    wide = waiting(desk, "反映拖欠", "我在示例（集团）ＡＢ公司上班，工资拖欠三个月。")
    waiting(desk, "别的事", "补贴没有到账的事情。")

    assert set(found(signed_in("lin"), q=words)) == {narrow, wide}


def test_a_wide_hit_is_marked_as_it_was_written(desk, signed_in):
    waiting(desk, "反映拖欠", "我在<b>ＡＢ</b>公司上班。")
    page = signed_in("lin").get(SEARCH, params={"q": "ab"}).text

    assert '&lt;b&gt;<mark class="m-evidence">ＡＢ</mark>&lt;/b&gt;' in page


def test_pages_go_on_where_the_ranking_ends(desk, clock, signed_in, monkeypatch):
    from monitor.web.queues import ranking

    monkeypatch.setattr(ranking, "WINDOW", 7)
    for place in range(40):
        clock.wait(seconds=1)
        title = "补贴的事" if place % 3 == 0 else "别的事"
        waiting(desk, title, f"{place}号说到补贴{place * 7919}。")
    lin = signed_in("lin")

    page = lin.get(SEARCH, params={"q": "补贴"}).text
    onward = next(one for one in links(page, "after=") if asked(one).get("n") == "30")
    whole = numbers(page) + numbers(lin.get(onward).text)

    assert len(whole) == len(set(whole)) == 40
    assert [row[0] for row in table(lin, q="补贴")[1:]] == whole


def test_what_is_alike_is_listed_with_how_much_and_why(desk, signed_in):
    text = "我公司的设备投资补贴公示通过后至今没有到账，供应商已发来律师函，请局长过问。"
    first = waiting(desk, "补贴未到账", text)
    copy = waiting(desk, "补贴还是没到", text + "盼复。")
    sent_on = sent(
        desk, title="设备补贴", text="设备投资补贴公示通过后没有到账，供应商发来律师函。"
    )
    waiting(desk, "别的事", "园区道路塌陷，货车侧翻。")
    lin = signed_in("lin")

    page = lin.get(SEARCH, params={"like": first}).text
    assert numbers(page) == [copy, sent_on]
    assert "相似 " in page
    assert "都说到：" in page
    assert found(lin, like=first, state="awaiting_sign") == [sent_on]
    assert [row[0] for row in table(lin, like=first)[1:]] == [copy, sent_on]
    assert f"/desk/search?like={first}" in lin.get(f"/desk/orders/{first}").text
    assert "没有与" in lin.get(SEARCH, params={"like": first, "q": "塌陷"}).text
    assert signed_in("zhao").get(SEARCH, params={"like": first}).status_code == 404


def test_what_was_opened_last_is_remembered_for_oneself_alone(desk, clock, signed_in):
    made = [
        sent(desk, title=f"第{place}件补贴", text=f"{place}号说到补贴。") for place in range(22)
    ]
    zhou, lin = signed_in("zhou"), signed_in("lin")
    assert 'id="recent"' not in zhou.get(SEARCH).text
    for number in [*made, made[3]]:
        clock.wait(seconds=1)
        assert zhou.get(f"/desk/orders/{number}").status_code == 200

    with desk.reading(as_person(desk, "zhou")) as ctx:
        seen = [order.number for order in opened.last(ctx.session, ctx.person)]
    assert seen == [made[3], *[one for one in made[:1:-1] if one != made[3]]][:20]
    assert 'id="recent"' in zhou.get(SEARCH).text
    assert 'id="recent"' not in lin.get(SEARCH).text


def test_a_page_is_whole_when_it_cannot_be_noted(desk, signed_in, monkeypatch):
    from sqlalchemy.exc import OperationalError

    number = casefile.in_hand(desk)
    zhou = signed_in("zhou")

    def refuse(*_given: object) -> None:
        raise OperationalError("INSERT", {}, Exception("disk full"))

    monkeypatch.setattr(opened, "note", refuse)

    assert zhou.get(f"/desk/orders/{number}").status_code == 200


def test_another_sections_order_is_forgotten_when_it_goes(desk, signed_in):
    number = sent(desk)
    zhou = signed_in("zhou")
    zhou.get(f"/desk/orders/{number}")
    casefile._do(
        desk, "lin", number,
        lambda ctx, order: casefile.dispatch.recall(ctx, order, reason="分错", seen=order.version),
    )  # fmt: skip

    assert number not in zhou.get(SEARCH).text
