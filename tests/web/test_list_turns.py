"""Orders that are due at the same time stand by their numbers, on every list and every page."""

from datetime import timedelta

import pytest

from monitor.domain.access import Acting
from monitor.domain.dispatch import Decision
from monitor.domain.letters import Incoming
from monitor.domain.vocabulary import Channel, Via
from monitor.steps import dispatch, intake, triage
from monitor.storage import orders
from tests.web.casefile import as_person
from tests.web.waiting import asked, links, numbers, read_as

MANY = 65


@pytest.fixture
def made(desk) -> list[str]:
    """Received, registered and due at the same moment: most in one sheet, the last alone."""
    found = []
    for many in (MANY - 1, 1):
        with desk.writing(Acting("导入")) as ctx:
            at = ctx.now - timedelta(minutes=40)
            letters = [
                Incoming(Channel.HOTLINE, Via.SHEET, f"第{len(found) + n}件：补贴未到账。", at)
                for n in range(many)
            ]
            given = {"topic": "funds", "sure": 0.9, "urgency": "normal", "kind": "help"}
            read = [read_as("", letter.text, **given) for letter in letters]
            found += [one.number for one in intake.receive(ctx, letters, prepared=read)]
    return found


def walked(browser, address: str) -> list[str]:
    """Every order of a list, page after page."""
    seen: list[str] = []
    pages = 0
    while address:
        page = browser.get(address).text
        seen += numbers(page)
        pages += 1
        onward = [one for one in links(page, "after=") if asked(one).get("n") == str(30 * pages)]
        address = next((one for one in onward if "order=" not in one), "")
    return seen


def test_the_triage_desk(made, signed_in):
    assert walked(signed_in("lin"), "/desk/inbox") == made


def test_the_sections_desk(desk, made, signed_in):
    lin = as_person(desk, "lin")
    for number in reversed(made):
        with desk.writing(lin) as ctx:
            order = orders.get(ctx.session, lin, number)
            decision = Decision("funds", "help", "normal", "funds")
            dispatch.send(ctx, order, decision, seen=order.version)

    assert walked(signed_in("zhou"), "/desk/section?tab=sign") == made


def test_the_search(made, signed_in):
    assert walked(signed_in("lin"), "/desk/search?channel=hotline") == made[::-1]


def test_what_the_office_decides(desk, made, signed_in):
    lin = as_person(desk, "lin")
    for number in reversed(made[:9]):
        with desk.writing(lin) as ctx:
            order = orders.get(ctx.session, lin, number)
            given = {"code": "other_organ", "told": "市税务局 12366", "reason": "不属本局"}
            triage.ask_decline(ctx, order, **given, seen=order.version)

    page = signed_in("qian").get("/desk/review?tab=declines").text
    assert sorted(made[:9], key=page.index) == made[:9]
