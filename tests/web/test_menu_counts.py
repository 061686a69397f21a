"""The bar at the foot of a narrow screen says the same numbers as the navigation at the side."""

import re

import pytest

from tests.web import casefile

_SIDE = re.compile(r'<li><a href="([^"]+)".*?</li>', re.DOTALL)
_FOOT = re.compile(r'<a href="([^"]+)".*?</a>', re.DOTALL)
_COUNT = re.compile(r'<b class="(\w+)">(\d+)')


def counts(part: str, pattern: re.Pattern[str]) -> dict[str, tuple[str, ...]]:
    """What each address of a menu is counted with: kind and number, if any."""
    found = {}
    for match in pattern.finditer(part):
        count = _COUNT.search(match[0])
        found[match[1]] = count.groups() if count else ()
    return found


@pytest.mark.parametrize(
    ("username", "path", "waiting"),
    [("lin", "/desk/inbox", "2"), ("zhou", "/desk/section", "1"), ("qian", "/desk/review", "1")],
)
def test_both_menus_count_alike(desk, signed_in, username, path, waiting):
    for _ in range(2):
        casefile.letter(desk)
    casefile.sent(desk)
    casefile.in_review(desk)

    page = signed_in(username).get(path).text

    side = counts(page.partition('<nav class="side"')[2].partition("</nav>")[0], _SIDE)
    foot = counts(page.partition('<nav class="foot-nav"')[2].partition("</nav>")[0], _FOOT)
    assert foot[path] == ("waits", waiting)
    assert foot == {href: side[href] for href in foot}
