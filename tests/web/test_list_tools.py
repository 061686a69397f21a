"""Saved views, chosen columns, and a table that is the list."""

import csv
import io

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.domain.vocabulary import Channel
from monitor.reports.orders import HEADINGS
from monitor.services import rulebook
from monitor.services.reading import redact
from monitor.storage import search
from tests.web import casefile
from tests.web.casefile import as_person
from tests.web.test_search import SEARCH, system_events, table
from tests.web.waiting import asked, links, numbers, waiting

VIEWS = "/desk/views"


def keep(browser, name: str, query: str, **more: str) -> str:
    """Save a view; the address it leads to."""
    answer = browser.fill(VIEWS, SEARCH, name=name, query=query, **more)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def view_of(address: str) -> str:
    return asked(address)["view"]


def test_a_view_is_an_address_under_a_name(desk, signed_in):
    phone = waiting(desk, "来电", channel=Channel.PHONE)
    waiting(desk, "别的渠道")
    lin = signed_in("lin")

    address = keep(lin, "电话来件", "channel=phone&cols=number,title&after=HY1&n=30&nonsense=1")

    assert asked(address) == {"channel": "phone", "cols": "number,title", "view": view_of(address)}
    assert lin.get(f"{VIEWS}/{view_of(address)}").headers["location"] == address
    page = lin.get(address).text
    assert numbers(page) == [phone]
    assert "电话来件" in page
    assert f"{VIEWS}/{view_of(address)}/remove" in page
    assert len(system_events(desk, "view_saved")) == 1


def test_a_view_is_renamed_changed_and_removed(desk, signed_in):
    waiting(desk)
    lin = signed_in("lin")
    address = keep(lin, "甲", "channel=phone")
    one = f"{VIEWS}/{view_of(address)}"

    changed = lin.fill(one, SEARCH, name="乙", query="channel=web").headers["location"]
    assert asked(changed)["channel"] == "web"
    assert ">乙" in lin.get(SEARCH).text
    assert lin.fill(VIEWS, SEARCH, name="乙", query="").status_code == 422
    assert lin.fill(VIEWS, SEARCH, name=" ", query="").status_code == 422
    assert lin.fill(VIEWS, SEARCH, name="长" * 31, query="").status_code == 422
    assert lin.fill(f"{one}/remove", SEARCH).status_code == 303
    assert lin.get(one).status_code == 404
    assert len(system_events(desk, "view_changed")) == len(system_events(desk, "view_removed")) == 1


def test_the_list_opens_with_the_default_view(desk, signed_in):
    waiting(desk)
    lin = signed_in("lin")
    address = keep(lin, "电话", "channel=phone")
    one = f"{VIEWS}/{view_of(address)}"

    assert lin.get(SEARCH).status_code == 200
    lin.fill(f"{one}/first", SEARCH, first="yes")
    assert lin.get(SEARCH).headers["location"] == address
    assert lin.get(SEARCH, params={"all": "1"}).status_code == 200
    assert lin.get(SEARCH, params={"q": "补贴"}).status_code == 200
    lin.fill(f"{one}/remove", f"{SEARCH}?all=1")
    assert lin.get(SEARCH).status_code == 200


def test_a_shared_view_shows_each_what_he_may_see(desk, signed_in):
    number = casefile.sent(desk)
    waiting(desk, "还没有分办")
    qian, zhou, zhao = signed_in("qian"), signed_in("zhou"), signed_in("zhao")
    shared = keep(qian, "全部在办", "state=open", shared="all")
    keep(qian, "只有办公室", "state=open", shared="section")
    keep(qian, "只有我", "state=open")
    one = f"{VIEWS}/{view_of(shared)}"

    assert len(numbers(qian.get(shared).text)) == 2
    assert numbers(zhou.get(one).headers["location"] and zhou.get(shared).text) == [number]
    assert numbers(zhao.get(shared).text) == []
    page = zhou.get(SEARCH).text
    assert "全部在办" in page
    assert "只有办公室" not in page
    assert "只有我" not in page
    for path in (one, f"{one}/remove"):
        assert zhou.fill(path, SEARCH, name="改名").status_code == 404
    assert zhou.fill(VIEWS, SEARCH, name="共享", query="", shared="all").status_code == 409
    zhou.fill(f"{one}/first", SEARCH, first="yes")
    assert zhou.get(SEARCH).headers["location"] == shared
    qian.fill(one, SEARCH, name="全部在办", shared="")
    assert zhou.get(one).status_code == 404
    assert zhou.get(SEARCH).status_code == 200


def test_chosen_columns_stay_in_the_address_for_the_person_and_in_the_table(desk, signed_in):
    number = waiting(desk, "<b>来电</b>", channel=Channel.PHONE)
    lin = signed_in("lin")
    codes = [("code", "title"), ("place", "2"), ("code", "number"), ("place", "9"),
             ("code", "channel"), ("place", "1"), ("code", "nonsense"), ("place", "3"),
             ("code", "state"), ("place", "")]  # fmt: skip
    data = {
        "code": [v for k, v in codes if k == "code"],
        "place": [v for k, v in codes if k == "place"],
    }

    answer = lin.fill("/desk/columns", SEARCH, query="channel=phone", **data)

    assert asked(answer.headers["location"])["cols"] == "channel,title,number"
    page = lin.get(f"{SEARCH}?channel=phone").text
    assert numbers(page) == [number]
    heads = [page.index(f'<th scope="col">{title}</th>') for title in ("渠道", "标题", "受理编号")]
    assert heads == sorted(heads)
    assert "<b>来电" not in page
    assert table(lin) == [["渠道", "标题", "受理编号"], ["咨询电话", "<b>来电</b>", number]]
    assert table(lin, cols="state")[0] == ["状态"]
    assert table(signed_in("qian"))[0][0] == "受理编号"
    assert lin.fill("/desk/columns", SEARCH, code=["title"], place=[""]).status_code == 422
    lin.fill("/desk/columns", SEARCH, plain="yes")
    assert "状态、主办科室" in lin.get(SEARCH).text


def test_no_column_holds_a_person_who_wrote():
    titles = "".join(heading.title for heading in HEADINGS.values())

    assert not any(word in titles for word in ("姓名", "电话", "证", "住址", "邮箱", "诉求人"))


def test_the_workbook_holds_text_and_no_formula(desk, signed_in):
    waiting(desk, "=HYPERLINK(1)")
    waiting(desk, "请打我电话13800000188谈补贴")
    lin = signed_in("lin")

    answer = lin.get(f"{SEARCH}.xlsx", params={"cols": "title,number"})

    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}
    titles = {row[0] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert kinds == {"s"}
    assert "=HYPERLINK(1)" in titles
    assert not any("13800000188" in title for title in titles)
    (event,) = system_events(desk, "exported")
    assert '"kind":"xlsx"' in event


@pytest.fixture
def bureau(desk, clock):
    """A few dozen orders of every kind, so that filters have something to part."""
    for place in range(36):
        clock.wait(minutes=7)
        title = ["补贴没到账", "厂房租金", "=1+1 展会报名"][place % 3]
        about = ["公示通过后没有拨款", "园区电费", "补贴 ABC 公司"][place % 3]
        text = f"{place}号：{about}{place * 7919}。"
        channel = [Channel.PHONE, Channel.MAILBOX, Channel.HOTLINE][place % 3]
        if place % 4 == 0:
            casefile.sent(desk, title=title, text=text, channel=channel, upstream_no=f"U-{place}1")
        elif place % 7 == 0:
            casefile.in_review(desk, title=title, text=text, channel=channel)
        else:
            waiting(desk, title, text, channel=channel,
                    urgency=["normal", "urgent"][place % 2])  # fmt: skip
    return desk


FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "q": st.sampled_from(
            ["补贴", "补", "公司 abc", "园区", "009-01", "U-8", "没有的词", "ＡＢＣ"]
        ),
        "state": st.sampled_from(["open", "triage", "awaiting_sign", "in_review", "answered"]),
        "channel": st.sampled_from(["phone", "mailbox", "hotline", "web"]),
        "section": st.sampled_from(["funds", "-", "factor"]),
        "topic": st.sampled_from(["funds", "factor"]),
        "urgency": st.sampled_from(["urgent", "normal"]),
        "from": st.sampled_from(["2026-10-08", "2026-10-09", "2026-10-10"]),
        "to": st.sampled_from(["2026-10-09", "2026-10-11"]),
        "late": st.just("1"),
        "like": st.sampled_from(["HY20261009-001", "HY20261009-003"]),
        "cols": st.lists(
            st.sampled_from(sorted(HEADINGS)), min_size=1, max_size=6, unique=True
        ).map(",".join),
    },
)


def test_the_table_is_the_list_page_by_page(bureau, signed_in, monkeypatch):
    from monitor.web.queues import exporting, ranking, wanted

    monkeypatch.setattr(wanted, "PAGES", (5, 100, 500))
    monkeypatch.setattr(ranking, "WINDOW", 8)
    monkeypatch.setattr(exporting, "CHUNK", 7)
    browsers = {name: signed_in(name) for name in ("lin", "zhou")}

    @settings(
        max_examples=60, deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )  # fmt: skip
    @given(params=FILTERS, name=st.sampled_from(["lin", "zhou"]))
    def check(params: dict[str, str], name: str) -> None:
        browser = browsers[name]
        first = browser.get(SEARCH, params=params)
        if first.status_code == 404:
            assert browser.get(f"{SEARCH}.csv", params=params).status_code == 404
            return
        walked, pages, address = [], 0, ""
        page = first.text
        while True:
            walked += numbers(page)
            pages += 1
            onward = [one for one in links(page, "after=") if asked(one).get("n") == str(5 * pages)]
            address = next(
                (one for one in onward if "picked" not in one and "export" not in one), ""
            )
            if not address:
                break
            page = browser.get(address).text
        body = browser.get(f"{SEARCH}.csv", params=params).content.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(body)))
        codes = params.get("cols", "").split(",") if params.get("cols") else []
        if codes:
            assert rows[0] == [HEADINGS[code].title for code in codes]
        with bureau.reading(as_person(bureau, name)) as ctx:
            known = {one.number: one for one in search.numbered(ctx.session, ctx.person, walked)}
            rules = rulebook.current(ctx)
        assert len(rows) - 1 == len(walked) == len(set(walked))
        place = codes.index("number") if codes and "number" in codes else 0
        if not codes or "number" in codes:
            assert [row[place] for row in rows[1:]] == walked
        if "title" in codes:
            shown = [redact(rules, known[one].title) for one in walked]
            wanted_titles = [f"'{title}" if title.startswith("=") else title for title in shown]
            assert [row[codes.index("title")] for row in rows[1:]] == wanted_titles

    check()


@pytest.mark.parametrize(
    "params", [{"cols": "number,title,due,handler"}, {"q": "来件"}, {"like": "HY20261009-001"}]
)
def test_the_number_of_queries_does_not_grow(desk, signed_in, count_queries, params):
    lin = signed_in("lin")
    keep(lin, "电话", "channel=phone")
    counts, made = [], 1
    waiting(desk, "第一件来件", "道路塌陷，货车侧翻。")
    for wanted in (2, 4):
        while made < wanted:
            made += 1
            waiting(desk, f"第{made}件来件", "道路塌陷，货车侧翻。" + "！" * made)
        lin.get(SEARCH, params=params)
        with count_queries() as seen:
            assert lin.get(SEARCH, params=params).status_code == 200
        counts.append(len(seen))

    assert len(set(counts)) == 1, counts
