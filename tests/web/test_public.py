"""The public side: what was released and nothing else, found, listed, fed and counted."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.storage.answers import Answer
from tests.web import open_house
from tests.web.casefile import look
from tests.web.open_house import (
    API,
    EMAIL,
    LETTER,
    NAME,
    NOTE,
    PAPERS,
    PHONE,
    body,
    do,
    many,
    walk,
    write,
)

PLACES = ("/", "/?q=补贴", "/?topic=funds", "/feed.xml", "/answers.csv", API, f"{API}?q=补贴")


@pytest.fixture
def published(desk, visitor) -> str:
    """The number of a letter with personal details that was released."""
    number, _ = write(visitor())
    return walk(desk, number, "published")


def listed(page: str) -> list[str]:
    return re.findall(r'<h2><a href="/answers/([^"]+)"', page)


def everywhere(browser, number: str) -> dict[str, bool]:
    """Where a number or its title can be seen, and whether its own pages open."""
    seen = {path: number in body(browser, path) for path in PLACES}
    for path in (f"/answers/{number}", f"{API}/{number}"):
        seen[path] = browser.get(path).status_code == 200
    return seen


def test_a_released_answer_is_everywhere(published, visitor):
    seen = everywhere(visitor(), published)

    assert all(seen.values()), seen


def test_the_list_tells_topic_type_dates_and_days_used(desk, visitor, clock):
    number, _ = write(visitor())
    walk(desk, number, "to_release")
    clock.wait(days=4)
    do(desk, "qian", number, open_house.RELEASE)

    page = body(visitor(), "/")

    assert listed(page) == [number]
    assert "<span>惠企资金兑现，求助</span>" in page
    assert "10月9日来信，10月13日答复，第 3 个工作日（限 5 个）" in page
    assert "本批补贴将于10月30日前拨付到账" in page
    assert "第 1–1 件，共 1 件" in page
    assert "惠企资金兑现 1</a>" in page


def test_a_late_answer_says_so(desk, visitor, clock):
    number, _ = write(visitor())
    walk(desk, number, "to_release")
    clock.wait(days=10)
    do(desk, "qian", number, open_house.RELEASE)

    assert "第 7 个工作日（限 5 个，迟 2 个）" in body(visitor(), f"/answers/{number}")


def test_one_answer_shows_the_redacted_letter_and_the_answer(published, visitor):
    page = body(visitor(), f"/answers/{published}")

    assert f"<h1>{LETTER['title']}</h1>" in page
    assert "我公司的技改设备补贴公示通过后一直没有拨款" in page
    assert "本批补贴将于10月30日前拨付到账" in page


def test_no_personal_detail_is_in_any_public_byte(desk, published, visitor):
    with desk.reading() as ctx:
        source = look(desk, published)
        stored = ctx.session.get(Answer, _answer_id(ctx, source))
        # The data could leak: it stands in the original and in the answer as it was handed in.
        assert NAME in source.text
        assert PHONE in stored.text
        assert NOTE in stored.note
    browser = visitor()
    paths = [*PLACES, *PAPERS, f"/answers/{published}", f"{API}/{published}", "/letter?q=补贴"]

    for path in paths:
        text = body(browser, path)
        for secret in (NAME, PHONE, EMAIL, NOTE, "zhou", "qian", source.id.hex, str(source.id)):
            assert secret not in text, (path, secret)


def _answer_id(ctx, order):
    from monitor.storage import answers

    return answers.latest(ctx.session, order.id).id


@pytest.mark.parametrize("state", ["triage", "in_review", "to_release", "answered"])
def test_what_was_not_released_is_nowhere(desk, visitor, state):
    number, _ = write(visitor())
    if state != "triage":
        walk(desk, number, state)

    assert not any(everywhere(visitor(), number).values())


def test_a_letter_without_consent_is_nowhere(desk, visitor):
    number, _ = write(visitor(), publish="no")
    walk(desk, number, "answered")

    assert not any(everywhere(visitor(), number).values())


def test_a_withdrawn_answer_is_gone_from_everywhere_at_once(desk, published, visitor):
    do(desk, "qian", published, open_house.WITHDRAW)

    browser = visitor()
    assert not any(everywhere(browser, published).values())
    assert "共 0 件" in body(browser, "/")
    assert browser.get("/letter?q=补贴").text.count("/answers/") == 0


def test_a_consent_that_is_no_more_hides_the_answer_whoever_changed_it(desk, published, visitor):
    for consent in (False, None):
        with desk.writing() as ctx:
            order = look(desk, published)
            order.consent = consent
            ctx.session.add(order)

        assert not any(everywhere(visitor(), published).values())


def test_every_unknown_number_is_refused_alike(desk, published, visitor):
    unpublished, _ = write(visitor())
    browser = visitor()

    pages = [browser.get(f"/answers/{n}") for n in (unpublished, "HY20200101-001", "x", "9" * 20)]

    assert [page.status_code for page in pages] == [404] * 4
    assert len({page.text for page in pages}) == 1


def test_search_and_topic_narrow_the_list_and_its_counts(desk, published, visitor):
    roads = many(desk, 2)
    browser = visitor()

    assert listed(body(browser, "/?q=设备补贴")) == [published]
    assert listed(body(browser, "/?q=道路 通车")) == roads[::-1]
    assert listed(body(browser, "/?topic=policy")) == roads[::-1]
    assert listed(body(browser, "/?q=通车&topic=funds")) == []
    assert len(listed(body(browser, "/?topic=nonsense"))) == 3
    assert "没有找到" in body(browser, "/?q=没有这样的词")
    assert "政策咨询 2" in body(browser, "/?q=通车")


@pytest.mark.parametrize("q", ["，。！", "%", "***", '"', "☆★", "—— ……"])
def test_a_query_without_a_character_says_so_and_lists_nothing(published, visitor, q):
    page = visitor().get("/", params={"q": q})
    answer = visitor().get(API, params={"q": q}).json()

    assert page.status_code == 200
    assert listed(page.text) == []
    assert "请输入汉字、字母或数字" in page.text
    assert (answer["items"], answer["total"]) == ([], 0)
    assert "请输入" in answer["note"]


def test_pages_hold_ten_and_meet_at_their_edges(desk, visitor):
    numbers = many(desk, 23)[::-1]
    browser = visitor()

    pages = [listed(body(browser, f"/?page={n}")) for n in (1, 2, 3)]

    assert [*pages[0], *pages[1], *pages[2]] == numbers
    assert [len(page) for page in pages] == [10, 10, 3]
    assert 'href="/?page=2" rel="next"' in body(browser, "/")
    assert 'href="/?page=2" rel="prev"' in body(browser, "/?page=3")
    assert "第 21–23 件，共 23 件" in body(browser, "/?page=3")


@pytest.mark.parametrize(
    ("page", "shown"),
    [("99999999999999999999", 2), ("9" * 5000, 2), ("0", 1), ("-1", 1), ("1e3", 1), ("²", 1),
     ("٢", 1), ("", 1), ("２", 1), ("3", 2), ("0x2", 1), ("2 ", 1)],
)  # fmt: skip
def test_a_nonsense_page_is_the_nearest_there_is(desk, visitor, page, shown):
    many(desk, 12)

    answer = visitor().get(API, params={"page": page})

    assert answer.status_code == 200
    assert (answer.json()["page"], answer.json()["pages"]) == (shown, 2)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(q=st.text(max_size=60), page=st.text(max_size=25), topic=st.text(max_size=12))
def test_whatever_is_asked_never_breaks(published, visitor, q, page, topic):
    browser = visitor()
    for path in ("/", API, "/answers.csv", "/letter"):
        asked = {"q": q, "page": page, "topic": topic}
        asked = {name: text.encode("utf-8", "replace") for name, text in asked.items()}
        assert browser.get(path, params=asked).status_code in {200, 400}


@pytest.mark.parametrize(
    "query", ["q=%ff%fe", "q=%ED%A0%80", "q[]=1", "q=a&q=b", "page=%00", "q=" + "%25" * 9000]
)
def test_odd_addresses_never_break(published, visitor, query):
    assert visitor().get(f"/?{query}").status_code in {200, 400, 414}


def test_the_list_asks_as_much_for_one_as_for_many(desk, visitor, count_queries, clock):
    browser = visitor()
    counts = []
    for more in (1, 2, 9):
        many(desk, more)
        browser.get("/")
        with count_queries() as seen:
            browser.get("/?q=通车")
        counts.append(len(seen))

    assert len(set(counts)) == 1, counts
