"""Every route there is, for every role and for a stranger: nobody reaches anything by guessing."""

import re
from uuid import UUID

import pytest
from fastapi.routing import iter_route_contexts

from monitor.web.guard import Area, area_of
from tests.web import casefile
from tests.web.conftest import CAST

NOWHERE = "HY20261009-999"
# Fields enough for any form: what is refused is refused for whose the order is.
FIELDS = {
    "seen": "1", "topic": "funds", "request_type": "help", "urgency": "normal", "section": "funds",
    "answer": "您好！依据《办法》第一条办理。", "basis": "《办法》第一条", "reason": "核对过",
    "master": NOWHERE, "code": "lawsuit", "told": "人民法院", "ground": "三定规定第四条",
    "handler": "li", "way": "电话", "at": "2026-10-09T10:00", "outcome": "说明情况", "text": "说明",
    "plan": "分两步", "review_on": "2026-12-01", "opinion": "同意", "findings": "改一处",
    "contacted": "yes", "satisfied": "满意", "solved": "solved", "retention": "10 年",
    "title": "标题", "letter": "来信", "note": "等财政", "other": "",
}  # fmt: skip
# What a stranger is told at a public address that needs something he has not got.
_EMPTY_HANDED = {"/metrics": {401}, "/answers/{number}": {404}, "/invite/{token}": {404}}
_EMPTY_HANDED["/api/v1/public/answers/{number}"] = {404}
_EMPTY_HANDED |= {"/answers/{number}/files/{n}": {404}, "/letter/files/{upload}": {404}}


def routes(app, area: Area):
    """Method, pattern and roles of every route in one area."""
    for context in iter_route_contexts(app.routes):
        path = context.path or ""
        if area_of(path) is area and not path.startswith("/static"):
            roles = frozenset(getattr(context.original_route, "roles", ()))
            for method in sorted(context.methods or ()):
                yield method, path, roles


def address(pattern: str, number: str) -> str:
    """An address of a route, for one order and with made-up other parts."""
    filled = pattern.replace("{number}", number)
    filled = re.sub(r"\{(tab|name)\}", "today", filled)
    return re.sub(r"\{[^}]*\}", str(UUID(int=7)), filled)


@pytest.fixture
def theirs(desk):
    """An order of the section funds, in hand there."""
    return casefile.in_hand(desk)


def test_there_is_something_to_walk(app):
    assert len(list(routes(app, Area.STAFF))) > 50
    assert len(list(routes(app, Area.PUBLIC))) > 10
    assert len(list(routes(app, Area.MACHINE))) > 1


def test_a_stranger_is_turned_away_whatever_he_sends(app, visitor, theirs):
    stranger = visitor()
    reached = {}
    for method, pattern, _ in [*routes(app, Area.STAFF), *routes(app, Area.MACHINE)]:
        path = address(pattern, theirs)
        for kind in ("application/x-www-form-urlencoded", "application/json", "image/png"):
            answer = stranger.request(
                method, path, content=b"\xff{" * 50, headers={"content-type": kind}
            )
            page = method == "GET" and area_of(path) is Area.STAFF
            expected = (303, f"/login?next={path}") if page else (401, None)
            if (answer.status_code, answer.headers.get("location")) != expected:
                reached[(method, path, kind)] = answer.status_code
    assert reached == {}


@pytest.mark.parametrize("username", CAST)
def test_a_role_is_let_in_where_it_belongs_and_nowhere_else(app, signed_in, theirs, username):
    browser = signed_in(username)
    roles = set(CAST[username][2])
    token = browser.token("/desk/me")
    wrong = {}
    for method, pattern, allowed in routes(app, Area.STAFF):
        if pattern in {"/logout", "/desk/password"}:
            continue
        path = address(pattern, NOWHERE)
        body = {"data": {"csrf_token": token, **FIELDS}} if method == "POST" else {}
        answer = browser.request(method, path, **body)
        refused = answer.status_code == 403 and "您的岗位不能打开这一页" in answer.text
        if refused is not roles.isdisjoint(allowed) or answer.status_code >= 500:
            wrong[(method, path)] = answer.status_code
    assert wrong == {}


@pytest.mark.parametrize("username", ["zhao", "li"])
def test_another_section_s_order_is_as_good_as_none(app, desk, signed_in, username):
    """For 赵 what 周 has in hand, and for 李 what nobody has sent on yet."""
    number = casefile.in_hand(desk) if username == "zhao" else casefile.letter(desk)
    before = casefile.events(desk, number)
    browser = signed_in(username)
    token = browser.token("/desk/me")
    told = {}
    walked = 0
    for method, pattern, allowed in routes(app, Area.STAFF):
        if "{number}" not in pattern or set(CAST[username][2]).isdisjoint(allowed):
            continue
        walked += 1
        body = {"data": {"csrf_token": token, **FIELDS}} if method == "POST" else {}
        answers = [
            browser.request(method, address(pattern, one), **body) for one in (number, NOWHERE)
        ]
        texts = [
            re.sub(r"nonce=\S+", "", answer.text.replace(one, "…"))
            for answer, one in zip(answers, (number, NOWHERE), strict=True)
        ]
        if [answer.status_code for answer in answers] != [404, 404] or texts[0] != texts[1]:
            told[(method, pattern)] = [answer.status_code for answer in answers]
    assert walked > 25
    assert told == {}
    assert casefile.events(desk, number) == before


def test_another_section_s_order_is_in_no_list(desk, signed_in):
    number = casefile.in_hand(desk)
    zhao = signed_in("zhao")
    title = "技改设备补贴"
    for path in ("/desk/section", "/desk/search", f"/desk/search?q={title}",
                 f"/desk/search?q={number}", "/desk/search.csv", "/desk/dashboard"):  # fmt: skip
        answer = zhao.get(path)
        assert answer.status_code == 200, path
        assert f"/desk/orders/{number}" not in answer.text, path
        assert f"{title}公示" not in answer.text, path


def test_administrators_see_no_order_anywhere(app, desk, signed_in):
    number = casefile.in_hand(desk)
    for username in ("xiang", "an", "shen"):
        browser = signed_in(username)
        for method, pattern, _ in routes(app, Area.STAFF):
            if method != "GET":
                continue
            answer = browser.get(address(pattern, number))
            shown = answer.status_code == 200 and (
                casefile.TEXT in answer.text or casefile.NAME in answer.text
            )
            assert not shown, (username, pattern)


def test_every_public_address_answers_a_stranger(app, visitor, theirs):
    stranger = visitor()
    wrong = {}
    for method, pattern, _ in routes(app, Area.PUBLIC):
        if method != "GET":
            continue
        answer = stranger.get(address(pattern, theirs))
        if answer.status_code not in _EMPTY_HANDED.get(pattern, {200}):
            wrong[pattern] = answer.status_code
        assert casefile.PHONE not in answer.text
        assert casefile.NAME not in answer.text
    assert wrong == {}


def test_what_is_not_published_is_told_like_what_does_not_exist(visitor, theirs):
    stranger = visitor()
    for pattern in ("/answers/{}", "/api/v1/public/answers/{}"):
        there, nowhere = stranger.get(pattern.format(theirs)), stranger.get(pattern.format(NOWHERE))
        assert (there.status_code, nowhere.status_code) == (404, 404)
        assert there.text.replace(theirs, "…") == nowhere.text.replace(NOWHERE, "…")
