"""The three administrators: each his own page, no order, no personal detail, the chains proved."""

import re
from pathlib import Path

import pytest
from sqlalchemy import update

import monitor
from monitor.services import upkeep
from monitor.storage.history import Event
from monitor.web.pages import admin
from tests.web import casefile
from tests.web.casefile import NAME, PHONE, TEXT, events

PAGES = {"xiang": "/admin/office", "an": "/admin/security", "shen": "/admin/audit"}


@pytest.mark.parametrize(("username", "page"), PAGES.items())
def test_each_begins_at_his_own_page(signed_in, username, page):
    browser = signed_in(username)

    assert browser.get("/admin").headers["location"] == page
    assert browser.get(page).status_code == 200


@pytest.mark.parametrize(("username", "page"), PAGES.items())
def test_none_opens_anothers_page(signed_in, username, page):
    browser = signed_in(username)

    for other in set(PAGES.values()) - {page}:
        assert browser.get(other).status_code in {403, 404}


@pytest.mark.parametrize("username", ["lin", "zhou", "qian", "sun"])
def test_nobody_else_opens_any(signed_in, username):
    browser = signed_in(username)

    for page in ("/admin", *PAGES.values()):
        assert browser.get(page).status_code in {403, 404}


@pytest.mark.parametrize(("username", "page"), PAGES.items())
def test_no_page_shows_a_word_of_a_letter(desk, signed_in, username, page):
    number = casefile.in_review(desk)
    text = signed_in(username).get(page).text

    for secret in (TEXT, NAME, PHONE, "技改设备补贴"):
        assert secret not in text
    assert signed_in(username).get(f"/desk/orders/{number}").status_code in {403, 404}


def test_the_office_shows_people_sections_and_rules(signed_in):
    text = signed_in("xiang").get("/admin/office").text

    assert "funds科" in text
    assert "LX-1" in text
    assert "时间表还没有运行过" in text


def test_failed_tries_are_counted(visitor, signed_in):
    visitor().sign_in("lin", "wrong-password-here")

    text = signed_in("an").get("/admin/security").text

    assert "没有失败的尝试" not in text
    assert "还没有接口密钥" in text


def test_the_history_is_told_in_words_and_paged(desk, signed_in, monkeypatch):
    casefile.in_review(desk)
    shen = signed_in("shen")

    text = shen.get("/admin/audit").text
    assert "签收" in text
    assert "周（zhou）" in text
    assert shen.get("/admin/audit?before=1").status_code == 200
    assert shen.get("/admin/audit?before=0").status_code == 422
    assert shen.get("/admin/audit?before=99999999999999999999").status_code == 422


def test_whole_chains_are_said_to_be_whole_and_the_check_is_on_record(desk, signed_in):
    casefile.in_review(desk)
    shen = signed_in("shen")

    answer = shen.fill("/admin/audit/verify", "/admin/audit")

    assert answer.status_code == 303
    text = shen.get("/admin/audit").text
    assert "事件链完好" in text
    assert "核对事件链" in text


def test_a_broken_chain_is_named(desk, signed_in):
    number = casefile.in_review(desk)
    assert events(desk, number)
    with desk.database.transaction() as session:
        session.execute(update(Event).where(Event.what == "sign").values(actor="旁人"))
    shen = signed_in("shen")

    shen.fill("/admin/audit/verify", "/admin/audit")

    text = shen.get("/admin/audit").text
    assert "事件链断裂：工单链" in text
    with desk.reading() as ctx:
        assert not upkeep.verify(ctx.session, ctx.keys).holds


def test_every_event_has_a_word_of_its_own():
    sources = [path.read_text() for path in Path(monitor.__file__).parent.rglob("*.py")]
    written = {
        name
        for text in sources
        for name in re.findall(r"\.record(?:_system)?\(\s*\"([a-z_]+)\"", text)
    }

    assert "sealed" in written
    assert written - set(admin.WORDS) == set()


@pytest.mark.parametrize("username", PAGES)
def test_who_may_search_no_order_is_offered_no_search(signed_in, username):
    assert 'role="search"' not in signed_in(username).get(PAGES[username]).text
    assert 'role="search"' in signed_in("lin").get("/desk/inbox").text
