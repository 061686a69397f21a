"""工单: words, numbers, filters, figures, phones; what is exported is what is filtered."""

import csv
import io

import pytest

from monitor.domain.vocabulary import Channel
from monitor.storage import history
from tests.web.casefile import in_hand, sent
from tests.web.waiting import asked, links, numbers, waiting

SEARCH = "/desk/search"


def table(browser, **params: str) -> list[list[str]]:
    answer = browser.get(f"{SEARCH}.csv", params=params)
    assert answer.status_code == 200
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def system_events(desk, what: str) -> list[str]:
    with desk.reading() as ctx:
        chain = f"sys:{ctx.now:%Y-%m-%d}"
        events = ctx.session.exec(
            history.select(history.Event).where(history.Event.chain == chain)
        ).all()
        return [event.details for event in events if event.what == what]


def test_without_words_everything_is_listed_newest_first(desk, clock, signed_in):
    first = waiting(desk)
    clock.wait(minutes=1)
    second = waiting(desk, "第二件")

    assert numbers(signed_in("lin").get(SEARCH).text) == [second, first]


def test_words_are_found_in_title_and_text_and_marked(desk, clock, signed_in):
    number = waiting(desk, "园区道路塌陷", "货车在雨天侧翻，<b>无人修补</b>，请处理。")
    waiting(desk, "别的事", "补贴没有到账的事情。")
    lin = signed_in("lin")

    page = lin.get(SEARCH, params={"q": "塌陷 侧翻"}).text

    assert numbers(page) == [number]
    assert '园区道路<mark class="m-evidence">塌陷</mark>' in page
    assert '<mark class="m-evidence">侧翻</mark>' in page
    assert "<b>无人修补" not in page
    assert numbers(lin.get(SEARCH, params={"q": "塌 补贴"}).text) == []


def test_a_number_finds_its_order(desk, signed_in):
    number = waiting(desk)
    waiting(desk, "另一件", upstream_no="SZ-2026-77")
    lin = signed_in("lin")

    assert numbers(lin.get(SEARCH, params={"q": number}).text) == [number]
    assert numbers(lin.get(SEARCH, params={"q": number.lower()}).text) == [number]
    assert len(numbers(lin.get(SEARCH, params={"q": "SZ-2026-77"}).text)) == 1


@pytest.mark.parametrize("words", ["？？", "%", "'", '"', "*", "——", "()", "_"])
def test_a_query_without_a_character_says_so_and_lists_nothing(desk, signed_in, words):
    waiting(desk)
    lin = signed_in("lin")

    page = lin.get(SEARCH, params={"q": words})

    assert page.status_code == 200
    assert numbers(page.text) == []
    assert "里没有可以检索的字" in page.text
    assert len(table(lin, q=words)) == 1


@pytest.mark.parametrize(
    "words", ["a OR b", "NEAR(补贴 公示)", '补贴" OR "x', "补贴*", "-补贴", "补"]
)
def test_odd_queries_are_only_words(desk, signed_in, words):
    waiting(desk)

    assert signed_in("lin").get(SEARCH, params={"q": words}).status_code == 200


def test_filters_narrow(desk, signed_in):
    phone = waiting(desk, "来电", channel=Channel.PHONE, urgency="urgent")
    land = waiting(desk, "用地", topic="factor")
    given = sent(desk)
    lin = signed_in("lin")

    def shown(**params: str) -> list[str]:
        return sorted(numbers(lin.get(SEARCH, params=params).text))

    assert shown(state="triage") == sorted([phone, land])
    assert shown(state="open") == sorted([phone, land, given])
    assert shown(state="awaiting_sign") == [given]
    assert shown(state="answered") == []
    assert shown(channel="phone") == [phone]
    assert shown(urgency="urgent") == [phone]
    assert shown(topic="factor") == [land]
    assert shown(section="funds") == [given]
    assert shown(section="-") == sorted([phone, land])
    assert shown(**{"from": "2026-10-09", "to": "2026-10-09"}) == sorted([phone, land, given])
    assert shown(to="2026-10-08") == []
    assert shown(state="awaiting_sign", channel="phone") == []


def test_late_ones_are_found(desk, clock, signed_in):
    number = in_hand(desk)
    clock.wait(days=30)
    waiting(desk, "新的一件")
    lin = signed_in("lin")

    assert numbers(lin.get(SEARCH, params={"late": "1"}).text) == [number]


def test_a_number_of_the_dashboard_opens_its_orders(desk, signed_in):
    waiting(desk)
    number = sent(desk)
    lin = signed_in("lin")

    page = lin.get(SEARCH, params={"figure": "now.sign"}).text

    assert numbers(page) == [number]
    assert "待签收" in page
    assert "不限于这个数" in page
    assert len(table(lin, figure="now.sign")) == 2


@pytest.mark.parametrize(
    "params",
    [{"from": "2026-13-01"}, {"to": "gestern"}, {"figure": "nonsense"}, {"from": "0001-01-01"}],
)
def test_what_cannot_be_read_is_refused_with_a_reason(desk, signed_in, params):
    answer = signed_in("lin").get(SEARCH, params=params)

    assert answer.status_code == 422


def test_a_section_finds_its_own_orders_only(desk, signed_in):
    number = sent(desk, text="我公司的技改设备补贴没有拨款，盼望答复。")
    waiting(desk, "补贴", "也是补贴的事，还没有分办。")

    assert numbers(signed_in("zhou").get(SEARCH, params={"q": "补贴"}).text) == [number]
    page = signed_in("zhao").get(SEARCH, params={"q": "补贴"}).text
    assert numbers(page) == []
    assert "只查得到本科室的工单" in page
    assert len(table(signed_in("zhao"))) == 1


def test_nothing_found_says_what_was_looked_for(desk, signed_in):
    waiting(desk)

    page = (
        signed_in("lin")
        .get(SEARCH, params={"q": "不存在的词", "state": "in_hand", "channel": "phone"})
        .text
    )

    assert "没有符合条件的工单" in page
    assert "“不存在的词”、办理中、咨询电话" in page


def test_a_phone_is_asked_for_by_form_and_leaves_an_event(desk, signed_in):
    number = waiting(desk, phone="13800000199")
    waiting(desk, "别人的")
    lin = signed_in("lin")

    page = lin.fill(f"{SEARCH}/phone", SEARCH, phone="138 0000 0199")

    assert page.status_code == 200
    assert numbers(page.text) == [number]
    assert "138****0199" in page.text
    assert "13800000199" not in page.text
    (event,) = system_events(desk, "phone_searched")
    assert "0199" not in event
    assert lin.fill(f"{SEARCH}/phone", SEARCH, phone="0199").status_code == 422
    assert numbers(lin.fill(f"{SEARCH}/phone", SEARCH, phone="13800000100").text) == []


@pytest.mark.parametrize("words", ["13800000123", "138 0000 0123 设备", "110101199003078515"])
def test_a_number_of_a_person_is_not_looked_for_by_address(desk, signed_in, words):
    browser = signed_in("lin")

    answer = browser.get(SEARCH, params={"q": words}, follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, SEARCH)
    assert "没有查：电话和身份证号会留在浏览器的地址里" in browser.get(SEARCH).text


def test_only_duty_and_office_may_ask_for_a_phone(desk, signed_in):
    for username in ("zhou", "sun", "wu"):
        browser = signed_in(username)
        assert "按电话查" not in browser.get(SEARCH).text
        answer = browser.fill(f"{SEARCH}/phone", SEARCH, phone="13800000123")
        assert answer.status_code == 403


def test_the_export_is_what_is_filtered_without_personal_details(desk, signed_in):
    waiting(desk, "=HYPERLINK(1)", channel=Channel.PHONE)
    waiting(desk, "请打我电话13800000188谈补贴", channel=Channel.PHONE)
    waiting(desk, "别的渠道")
    lin = signed_in("lin")

    rows = table(lin, channel="phone")

    assert len(rows) == 3
    titles = {row[4] for row in rows[1:]}
    assert "'=HYPERLINK(1)" in titles
    text = "\n".join(map(",".join, rows))
    assert "13800000188" not in text
    assert "陈试样" not in text
    (event,) = system_events(desk, "exported")
    assert '"count":2' in event


def test_an_export_goes_over_all_pages(desk, clock, signed_in, monkeypatch):
    from monitor.web.queues import exporting

    monkeypatch.setattr(exporting, "CHUNK", 2)
    made = [waiting(desk, f"第{place}件") for place in range(5)]

    rows = table(signed_in("lin"))

    assert sorted(row[0] for row in rows[1:]) == sorted(made)


def test_an_export_that_is_too_large_is_refused(desk, signed_in, monkeypatch):
    from monitor.web.queues import exporting

    monkeypatch.setattr(exporting, "MOST_EXPORTED", 1)
    waiting(desk)
    waiting(desk, "第二件")

    answer = signed_in("lin").get(f"{SEARCH}.csv")

    assert answer.status_code == 409
    assert system_events(desk, "exported") == []


@pytest.mark.parametrize("words", ["", "来件"])
def test_pages_follow_one_another(desk, clock, signed_in, words):
    made = []
    for place in range(35):
        clock.wait(seconds=1)
        made.append(waiting(desk, f"第{place}件来件", f"{place}号内容{place * 7919}。"))
    lin = signed_in("lin")

    page = lin.get(SEARCH, params={"q": words}).text
    onward = next(one for one in links(page, "after=") if asked(one).get("n") == "30")
    rest = lin.get(onward).text

    assert numbers(page) + numbers(rest) == made[::-1]
    assert "第 31–35 件，共 35 件" in rest


@pytest.mark.parametrize("params", [{}, {"q": "来件"}, {"figure": "now.triage"}, {"late": "1"}])
def test_the_number_of_queries_does_not_grow(desk, signed_in, count_queries, params):
    lin = signed_in("lin")
    counts, made = [], 0
    for wanted in (1, 3, 50):
        while made < wanted:
            made += 1
            waiting(desk, f"第{made}件来件", f"{made}号内容{made * 7919}。")
        lin.get(SEARCH, params=params)
        with count_queries() as seen:
            assert lin.get(SEARCH, params=params).status_code == 200
        counts.append(len(seen))

    assert len(set(counts)) == 1, counts
