"""Every page of every role and of the public: no error, nothing refused, nobody else asked."""

import re

import pytest
from fastapi.routing import iter_route_contexts

from monitor.web.app import create_app
from monitor.web.guard import Area, area_of
from tests.web import casefile

CAST = ("lin", "li", "zhou", "zhao", "qian", "sun", "wu", "zheng", "xiang", "an", "shen")
# Not pages: files to keep, fragments for the script, what a machine reads.
_NO_PAGE = re.compile(r"\.(csv|xml|json)$|/fresh$|/clocks$|^/(healthz|metrics|static|api)|^/invite")


@pytest.fixture
def places(office):
    """Every address of a page, with orders and their numbers put in."""
    orders = {
        "triage": casefile.letter(office.desk),
        "sent": casefile.sent(office.desk),
        "in_hand": casefile.in_hand(office.desk),
        "in_review": casefile.in_review(office.desk),
        "to_release": casefile.to_release(office.desk),
    }
    found = {}
    for context in iter_route_contexts(create_app(office.desk).routes):
        path = context.path or ""
        if "GET" not in (context.methods or ()) or _NO_PAGE.search(path):
            continue
        roles = getattr(context.original_route, "roles", frozenset())
        numbers = orders.values() if "{number}" in path else [""]
        for number in numbers:
            address = path.replace("{number}", number)
            address = re.sub(r"\{(tab|name)\}", "today", address)
            found[re.sub(r"\{[^}]*\}", "00000000-0000-4000-8000-000000000000", address)] = roles
    return found


@pytest.mark.parametrize("username", CAST)
def test_every_page_of_a_role_is_clean(office, as_person, places, username):
    page = as_person(office, username)
    roles = set(casefile.as_person(office.desk, username).roles)
    links = page.locator(".side a[href^='/']").evaluate_all(
        "found => found.map(one => one.getAttribute('href'))"
    )
    own = {path for path, allowed in places.items() if roles & set(allowed)}
    closed = {
        path: answer.status
        for path in [*links, *sorted(own - set(links))]
        if (answer := page.goto(path)).status != 200 and path in links
    }

    assert len(links) > 1
    assert closed == {}


def test_every_public_page_is_clean(office, visit, places):
    page = visit(office.address)
    wrong = {}
    for path in places:
        if area_of(path) is Area.PUBLIC and "{" not in path:
            answer = page.goto(path)
            if answer.status not in {200, 404}:
                wrong[path] = answer.status
    assert wrong == {}
