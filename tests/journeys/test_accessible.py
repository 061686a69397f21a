"""Every page answers to WCAG 2.1 AA, as far as a machine can tell: axe finds no violation."""

from axe_playwright_python.sync_playwright import Axe

from monitor.web.guard import Area, area_of
from tests.web import casefile

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
    # What passed is told by one example, not by every place of the page.
    "resultTypes": ["violations"],
    # Nothing of a page lies elsewhere, and no page holds another.
    "preload": False,
    "iframes": False,
}
# Each looks at what those before it may not open.
CAST = ("qian", "lin", "zhou", "sun", "wu", "xiang", "an", "shen")


def violations(page) -> list[str]:
    """What axe found on the page as it stands, by rule and place."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']}: {node['target'][0]}" for one in found for node in one["nodes"][:3]]


def shown(page, path: str) -> bool:
    """Whether the address gave this person a page to look at."""
    answer = page.goto(path)
    return answer.status == 200 and answer.text().lstrip().startswith("<!doctype html>")


def test_no_page_of_the_desk_is_closed_to_anybody(office, as_person, places):
    looked_at: set[str] = set()
    wrong = {}
    for username in CAST:
        page = as_person(office, username)
        roles = set(casefile.as_person(office.desk, username).roles)
        own = {path for path, allowed in places.items() if not allowed or roles & set(allowed)}
        for path in sorted(own - looked_at):
            if area_of(path) is not Area.STAFF or not shown(page, path):
                continue
            looked_at.add(path)
            if found := violations(page):
                wrong[path] = found

    assert len(looked_at) > 40
    assert wrong == {}


def test_no_public_page_is_closed_to_anybody(office, visit, places):
    page = visit(office.address)
    wrong = {}
    for path in places:
        if area_of(path) is not Area.PUBLIC or not shown(page, path):
            continue
        if found := violations(page):
            wrong[path] = found

    assert wrong == {}
