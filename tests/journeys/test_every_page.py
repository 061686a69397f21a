"""Every page of every role and of the public: no error, nothing refused, nobody else asked."""

import pytest

from monitor.web.guard import Area, area_of
from tests.web import casefile

CAST = ("lin", "li", "zhou", "zhao", "qian", "sun", "wu", "zheng", "xiang", "an", "shen")


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
