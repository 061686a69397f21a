"""The board: every number opens its orders, a section sees its own, the export is harmless."""

import csv
import re
from html import unescape
from io import StringIO
from urllib.parse import parse_qsl

import pytest

from monitor.domain.access import Acting
from monitor.domain.vocabulary import Role
from monitor.services import figures
from monitor.storage.deadlines import Clock
from monitor.storage.orders import Order
from monitor.storage.people import Section
from tests.services.made_orders import Made

BOARD = "/desk/dashboard"
LINK = re.compile(r'<a[^>]*href="/desk/search\?([^"]+)"[^>]*>(.*?)</a>', re.S)
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']", re.I)
LEADER = Acting("孙", frozenset({Role.LEADER}))
HEAD = Acting("周", frozenset({Role.SECTION_HEAD}), section="funds")


@pytest.fixture
def orders(desk):
    made = Made(5, count=200)
    with desk.database.transaction() as session:
        made.store(session)
    return made


def numbers_of(html):
    """(number, address) of every link whose words are a number."""
    for address, words in LINK.findall(html):
        text = re.sub(r"<title>.*?</title>|<[^>]+>|[\s,件]|–", "", words)
        found = re.search(r"<b>(\d[\d,]*)</b>", words)
        digits = found[1] if found else text
        if digits.replace(",", "").isdigit():
            yield int(digits.replace(",", "")), dict(parse_qsl(unescape(address)))


@pytest.mark.parametrize(
    "address",
    [
        BOARD,
        f"{BOARD}?by=channel&historical=yes",
        f"{BOARD}?by=month&from=2026-08-01&to=2026-10-31",
        f"{BOARD}?by=topic&channel=phone",
        f"{BOARD}?section=factor",
        f"{BOARD}?as_of=2026-09-20",
    ],
)
@pytest.mark.parametrize(("name", "person"), [("sun", LEADER), ("zhou", HEAD)])
def test_every_number_on_the_page_opens_exactly_its_orders(
    desk, orders, signed_in, name, person, address
):
    answer = signed_in(name).get(address)

    assert answer.status_code == 200
    found = list(numbers_of(answer.text))
    assert len(found) >= 5
    with desk.reading(person) as ctx:
        for number, behind in found:
            assert figures.count(ctx, behind) == number, behind


def test_bars_and_numbers_need_no_inline_style_or_script(orders, signed_in):
    answer = signed_in("sun").get(BOARD)

    assert not INLINE.search(answer.text)
    assert answer.text.count("<rect") > 12


@pytest.mark.parametrize("name", ["lin", "li", "zhou", "qian", "sun", "wu", "zheng"])
def test_everyone_at_the_desk_may_see_it(signed_in, name):
    answer = signed_in(name).get(BOARD)

    assert answer.status_code == 200
    assert "按时答复率" in answer.text
    assert "没有答复超期的工单" in answer.text


@pytest.mark.parametrize("name", ["xiang", "an", "shen"])
@pytest.mark.parametrize("address", [BOARD, f"{BOARD}/figures.csv"])
def test_administrators_may_not(signed_in, name, address):
    assert signed_in(name).get(address).status_code == 403


def test_a_section_reads_nothing_of_another(desk, orders, signed_in):
    with desk.writing() as ctx:
        for order in orders.orders:
            if order["section"] != "funds" and not order["co_sections"]:
                ctx.session.get(Order, order["id"]).title = "别科的标题"

    html = signed_in("zhou").get(BOARD).text

    assert "factor科" not in html
    assert "别科的标题" not in html
    assert "funds科" in html


def test_too_few_are_listed_without_a_percent(desk, signed_in):
    made = Made(3, count=6)
    with desk.database.transaction() as session:
        made.store(session)

    html = signed_in("sun").get(f"{BOARD}?from=2026-08-01&to=2026-10-31").text

    assert "到期不足 10 件，只列不排名" in html
    assert "样本不足" in html
    assert not re.search(r"\d\.\d</b>%", html)


def test_definitions_stand_beside_the_rates(orders, signed_in):
    html = signed_in("sun").get(BOARD).text

    assert html.count("<summary>口径") == 6
    assert "分母：答复时限的到期日在统计期内的工单" in html
    assert "口径第 1 版" in html


def test_looking_back_says_so_and_leaves_out_what_has_no_past(orders, signed_in):
    html = signed_in("sun").get(f"{BOARD}?as_of=2026-09-20").text

    assert "回看 2026年9月20日 23:59" in html
    assert "在办件龄" not in html
    assert "as_of=2026-09-20T23%3A59%3A59%2B08%3A00" in html
    assert 'value="2026-08-22"' in html


@pytest.mark.parametrize(
    "wrong",
    ["from=1", "from=2026-10-09&to=2026-10-01", "by=weather", "channel=pigeon", "as_of=never",
     "section=%27", "as_of=0001-01-01", "to=9999-12-31"],
)  # fmt: skip
def test_an_address_that_makes_no_sense_is_answered_in_words(signed_in, wrong):
    answer = signed_in("sun").get(f"{BOARD}?{wrong}")

    assert answer.status_code == 422


def test_the_export_holds_the_numbers_of_the_page(desk, orders, signed_in):
    answer = signed_in("sun").get(f"{BOARD}/figures.csv?by=channel")
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))

    with desk.reading(LEADER) as ctx:
        first, last = "2026-09-10", "2026-10-09"
        report = figures.rates_report(ctx, *map(type(ctx.now.date()).fromisoformat, (first, last)),
                                      "channel")  # fmt: skip
    total = report["rates"][4]["total"]
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    assert ["按时答复率", "合计", str(total["numerator"]), str(total["denominator"])] in [
        row[:4] for row in rows
    ]


def test_a_cell_that_looks_like_a_formula_stays_text(desk, orders, signed_in):
    with desk.writing() as ctx:
        ctx.session.get(Section, "funds").label = "=1+1"
        ctx.session.get(Section, "factor").label = "@x"

    text = signed_in("sun").get(f"{BOARD}/figures.csv").content.decode("utf-8-sig")
    cells = [cell for row in csv.reader(StringIO(text)) for cell in row]

    assert "'=1+1" in cells
    assert "'@x" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_the_number_of_queries_does_not_grow(desk, signed_in, count_queries):
    browser = signed_in("sun")
    seen = []
    for count in (1, 3, 50):
        made = Made(8, count=count)
        with desk.database.transaction() as session:
            session.execute(Clock.__table__.delete())
            session.execute(Order.__table__.delete())
            made.store(session)
        browser.get(BOARD)
        with count_queries() as statements:
            browser.get(BOARD)
        seen.append(len(statements))

    assert seen[0] == seen[1] == seen[2]


def test_old_letters_show_how_long_they_took(desk, signed_in):
    made = Made(4, count=60)
    for order in made.orders:
        order["historical"] = True
    for clock in made.clocks:
        clock["historical"] = True
    with desk.database.transaction() as session:
        made.store(session)
    browser = signed_in("sun")

    without = browser.get(f"{BOARD}?from=2026-08-01&to=2026-10-31").text
    with_old = browser.get(f"{BOARD}?from=2026-08-01&to=2026-10-31&historical=yes").text

    assert "rate.answer.ended" not in without
    assert "rate.answer.ended" in unescape(with_old)
