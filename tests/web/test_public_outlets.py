"""What goes out of the house beside the list: feed, table, figures, papers; whole and harmless."""

import csv
import io
import re
from xml.etree import ElementTree

import pytest

from tests.web import open_house
from tests.web.open_house import API, LETTER, PAPERS, body, do, many, walk, write

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def published(desk, visitor) -> str:
    """The number of a letter with personal details that was released."""
    number, _ = write(visitor())
    return walk(desk, number, "published")


def test_hostile_words_are_words_everywhere(desk, visitor):
    evil = '<script>alert("1")</script>&amp;]]><b>'
    number, _ = write(visitor(), title=f"技改补贴{evil}", text=f"补贴{evil}")
    walk(desk, number, "published", answer=f"答复{evil}\x85\u2028补贴")
    browser = visitor()

    for path in ("/", f"/answers/{number}", "/?q=script"):
        assert "<script" not in body(browser, path)
    entry = ElementTree.fromstring(browser.get("/feed.xml").content).find(f"{ATOM}entry")
    assert entry.find(f"{ATOM}title").text == f"技改补贴{evil}"
    assert evil in entry.find(f"{ATOM}content").text


def test_the_feed_is_atom(desk, published, visitor):
    many(desk, 2)
    answer = visitor().get("/feed.xml")

    feed = ElementTree.fromstring(answer.content)

    assert answer.headers["content-type"].startswith("application/atom+xml")
    assert feed.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated", "author"):
        assert feed.find(f"{ATOM}{name}") is not None
    entries = feed.findall(f"{ATOM}entry")
    ids = [entry.find(f"{ATOM}id").text for entry in entries]
    assert len(set(ids)) == len(entries) == 3
    assert all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", id_) for id_ in ids)
    moments = [entry.find(f"{ATOM}updated").text for entry in entries]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00", at) for at in moments)
    assert moments == sorted(moments, reverse=True)
    links = [entry.find(f"{ATOM}link").get("href") for entry in entries]
    assert f"http://localhost:8000/answers/{published}" in links


def test_the_table_holds_the_search_and_no_formula(desk, published, visitor):
    number, _ = write(visitor(), title="=HYPERLINK(1)技改补贴", text="@SUM(1)什么时候到账？")
    walk(desk, number, "published", answer="-1+2 补贴月底到账")
    many(desk, 1)
    browser = visitor()

    rows = list(csv.DictReader(io.StringIO(body(browser, "/answers.csv?q=补贴"))))

    assert {row["编号"] for row in rows} == {published, number}
    cells = [cell for row in rows for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert "'=HYPERLINK(1)技改补贴" in cells
    assert 'href="/answers.csv?q=%E8%A1%A5%E8%B4%B4"' in body(browser, "/?q=补贴")


def test_the_machine_reads_the_same_as_people(published, visitor):
    browser = visitor()

    page = browser.get(API, params={"q": "补贴"}).json()
    whole = browser.get(f"{API}/{published}").json()

    assert [item["number"] for item in page["items"]] == [published]
    assert page["total"] == page["page"] == page["pages"] == 1
    assert whole["title"] == LETTER["title"]
    assert whole["topic"] == "funds"
    assert "letter" not in page["items"][0]
    assert browser.get(f"{API}/x").json()["title"] == "没有找到"
    assert API in browser.get("/api/v1/openapi.json").text


def test_the_figures_count_and_are_explained(desk, visitor, clock):
    for late in (False, True, False):
        number, _ = write(visitor(), text=f"补贴第{late}批什么时候到账{clock.now}")
        walk(desk, number, "to_release")
        if late:
            clock.wait(days=10)
        do(desk, "qian", number, open_house.RELEASE)
    clock.wait(days=30)

    page = body(visitor(), "/figures")

    row = re.search(r'<th scope="row">10月</th>(.*?)</tr>', page, re.S)[1]
    assert re.findall(r'class="num">(\d+)<', row) == ["2", "3"]
    assert "件数少，不算" in row
    assert "按时答复率" in page
    assert "不足 10 件" in page
    assert "2 / 3" in body(visitor(), "/")


def test_figures_are_not_counted_for_every_stranger(desk, published, visitor, count_queries, clock):
    browser = visitor()
    browser.get("/figures")

    with count_queries() as seen:
        browser.get("/figures")
    assert not [statement for statement in seen if "FROM clock" in statement]

    clock.wait(minutes=11)
    with count_queries() as seen:
        browser.get("/figures")
    assert [statement for statement in seen if "FROM clock" in statement]


@pytest.mark.parametrize("path", [*PAPERS, "/", "/status", "/letter"])
def test_a_public_page_stands_alone(visitor, path):
    answer = visitor().get(path)

    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1
    # A script of our own may help with files; none stands in the page.
    assert not re.search(
        r'<script(?! src="/static/[a-z]+\.js\?v=\w+" defer></script>)', answer.text
    )
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', answer.text)
    assert 'class="skip"' in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_an_empty_house_says_so(visitor):
    page = body(visitor(), "/")

    assert "还没有公开的答复" in page
    assert ElementTree.fromstring(visitor().get("/feed.xml").content).tag == f"{ATOM}feed"


def test_how_to_apply_names_the_law_and_the_time(visitor):
    page = body(visitor(), "/disclosure")

    assert "政府信息公开条例第二十九条" in page
    assert "20 个工作日" in page
