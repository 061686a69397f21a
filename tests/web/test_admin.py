"""The three administrators: each his own page, no order, no personal detail, the chains proved."""

import re
from pathlib import Path

import pytest
from sqlalchemy import update

import monitor
from monitor.services import upkeep
from monitor.storage import history
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
    assert "值守还没有开始过" in text


OPEN = {
    "xiang": ("/admin/sections", "/admin/sections/funds", "/admin/people", "/admin/people/zhou"),
    "an": ("/admin/roles", "/admin/roles/zhou"),
}


@pytest.mark.parametrize(("username", "pages"), OPEN.items())
def test_each_works_on_pages_of_his_own(signed_in, username, pages):
    own = signed_in(username)
    others = [signed_in(one) for one in (*PAGES, "zhou", "qian") if one != username]

    for page in pages:
        assert own.get(page).status_code == 200, page
        assert {one.get(page).status_code for one in others} == {403}


def test_the_machines_door_obeys_channels(signed_in, visitor):
    an = signed_in("an")
    made = an.fill(
        "/admin/security/keys", "/admin/security", name="热线", channels=["hotline"],
        expires="2026-12-31",
    )  # fmt: skip
    token = re.search(r"mk_[\w-]+", made.text)[0]
    caller = visitor()
    caller.headers["authorization"] = f"Bearer {token}"

    text = "补贴什么时候到账？"
    assert caller.post("/api/v1/orders", json={"channel": "web", "text": text}).status_code == 403
    assert (
        caller.post("/api/v1/orders", json={"channel": "hotline", "text": text}).status_code == 201
    )
    page = an.get("/admin/security").text
    assert token not in page
    assert "从未" not in page
    key = re.search(r"keys/([0-9a-f-]{36})/revoke", page)[1]
    an.fill(f"/admin/security/keys/{key}/revoke", "/admin/security")
    assert caller.get("/api/v1/orders").status_code == 401


def test_from_an_invitation_to_work(signed_in, visitor):
    xiang, an = signed_in("xiang"), signed_in("an")
    made = xiang.fill(
        "/admin/people", "/admin/people", username="he", name="何", section="funds",
        roles=["handler"],
    )  # fmt: skip
    address = re.search(r'value="http://[^/]+(/invite/[^"]+)"', made.text)[1]
    he, word = visitor(), "a-fresh-long-word"
    he.fill(address, address, password=word, password_again=word)

    waiting = he.get("/desk/section")
    assert waiting.status_code == 403
    assert "还没有岗位" in waiting.text
    assert "申请" in an.get("/admin/roles").text
    an.fill("/admin/roles/he", "/admin/roles/he", roles=["handler"], reason="新来")

    assert he.sign_in("he", word).status_code == 303
    assert he.get("/desk/section").status_code == 200
    assert xiang.fill("/admin/people", "/admin/people", username="he", name="何").status_code == 409


def test_effects_are_shown_before_a_head_is_disabled(signed_in, desk):
    xiang = signed_in("xiang")

    shown = xiang.fill("/admin/people/zhou/disable", "/admin/people/zhou")
    assert "唯一的负责人" in shown.text
    assert signed_in("zhou").get("/desk/section").status_code == 200
    done = xiang.fill("/admin/people/zhou/disable", "/admin/people/zhou", sure="yes")
    assert done.status_code == 303
    assert "停用" in xiang.get("/admin/people?state=closed").text


def test_a_session_ends_where_the_security_administrator_ends_it(signed_in):
    lin, an = signed_in("lin"), signed_in("an")
    page = an.get("/admin/security").text
    started = re.search(r'sessions/lin/end".*?name="started" value="([^"]+)"', page, re.S)[1]

    an.fill("/admin/security/sessions/lin/end", "/admin/security", started=started)

    assert lin.get("/desk/inbox").status_code == 303


def test_a_deputy_signs_for_the_absent_but_not_what_he_wrote(desk, signed_in):
    number = casefile.in_review(desk)
    qian, zhou, li = signed_in("qian"), signed_in("zhou"), signed_in("li")
    days = {"first_day": "2026-10-09", "last_day": "2026-10-10", "reason": "出差"}
    qian.fill("/desk/deputy", "/desk/me", deputy="zhou", **days)

    zhou.fill("/desk/stand-in", "/desk/me", username="qian")
    page = zhou.get(f"/desk/review/{number}").text
    assert "代 钱" in page
    sent = zhou.fill(f"/desk/orders/{number}/sign_off", "/desk/me", seen=version(desk, number))
    assert sent.status_code == 403
    assert "撰稿人不得审核" in sent.text
    zhou.fill("/desk/stand-back", "/desk/me")
    assert zhou.get("/desk/review").status_code == 403

    for one in re.findall(r"/desk/deputy/\d+/end", qian.get("/desk/me").text):
        qian.fill(one, "/desk/me")
    qian.fill("/desk/deputy", "/desk/me", deputy="li", **days)
    li.fill("/desk/stand-in", "/desk/me", username="qian")
    sent = li.fill(f"/desk/orders/{number}/sign_off", "/desk/me", seen=version(desk, number))
    assert sent.status_code == 303, sent.text
    with desk.reading() as ctx:
        last = history.of_order(ctx.session, casefile.look(desk, number).id)[-1]
    assert last.actor == "李 代 钱（li 代 qian）"


def version(desk, number):
    return casefile.look(desk, number).version


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
    assert "事件链断裂：工单 HY" in text
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
