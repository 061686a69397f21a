"""A telephone of 390 pixels: nothing scrolls sideways, what one presses is large enough."""

import re

import pytest
from playwright.sync_api import expect

from tests.web import casefile

TALL = 44
# Where the work is done, and what is pressed there.
STAFF = {
    "inbox": ("lin", "/desk/inbox", ".foot-nav a"),
    "order in the inbox": ("lin", "/desk/inbox?order={triage}", ".split-foot .btn-primary"),
    "register": ("lin", "/desk/register", ".action-bar .btn-primary"),
    "import": ("lin", "/desk/import", "main .btn-primary"),
    "search": ("lin", "/desk/search", ".foot-nav a"),
    "section": ("zhou", "/desk/section", ".foot-nav a"),
    "order": ("zhou", "/desk/orders/{in_hand}?trace=answer", ".action-bar .btn-primary"),
    "reviews": ("qian", "/desk/review", ".foot-nav a"),
    "review": ("qian", "/desk/review/{in_review}", ".action-bar .btn-primary"),
    "dashboard": ("sun", "/desk/dashboard", ".foot-nav a"),
}
PUBLIC = {
    "/": ".btn-primary",
    "/letter": "main .btn-primary",
    "/status": "main .btn-primary",
    "/figures": "",
    "/login": "main .btn-primary",
    "/disclosure": "",
}


@pytest.fixture
def numbers(office):
    return {
        "triage": casefile.letter(office.desk),
        "in_hand": casefile.in_hand(office.desk),
        "in_review": casefile.in_review(office.desk),
    }


def test_staff_pages_fit_a_telephone(office, as_person, numbers):
    people = {}
    wrong = {}
    for name, (username, path, pressed) in STAFF.items():
        if username not in people:
            people[username] = as_person(office, username, width=390)
        people[username].goto(path.format(**numbers))
        if found := faults_of(people[username], pressed):
            wrong[name] = found
    assert wrong == {}


def test_public_pages_fit_a_telephone(office, visit, numbers):
    page = visit(office.address, width=390)
    wrong = {}
    for path, pressed in PUBLIC.items():
        page.goto(path)
        if found := faults_of(page, pressed):
            wrong[path] = found
    assert wrong == {}


def test_an_order_is_dispatched_with_the_thumb(office, as_person, numbers):
    lin = as_person(office, "lin", width=390, has_touch=True)
    lin.goto("/desk/inbox")
    expect(lin.locator("#panel")).to_be_hidden()
    lin.locator("[data-row] a").first.tap()
    expect(lin.locator("#panel")).to_be_visible()
    lin.get_by_role("button", name="采纳并分办").tap()
    expect(lin.locator(".inbox-done")).to_contain_text("已分办")


def test_the_buttons_of_a_review_keep_off_its_badges(office, as_person, numbers):
    casefile.in_review(office.desk)
    qian = as_person(office, "qian", width=390)
    qian.goto("/desk/review/{in_review}".format(**numbers))

    buttons = qian.locator(".head-row .btn")
    badges = qian.locator(".facts-line > *")
    lowest = max(box["y"] + box["height"] for box in map(box_of, buttons.all()))
    highest = min(box["y"] for box in map(box_of, badges.all()))
    assert buttons.count() >= 2
    assert highest - lowest >= 8


def test_the_bar_at_the_foot_counts_what_waits(office, as_person, numbers):
    lin = as_person(office, "lin", width=390)
    lin.goto("/desk/inbox")

    expect(lin.locator(".foot-nav a[aria-current] b")).to_be_visible()
    expect(lin.locator(".foot-nav a[aria-current] b")).to_have_text(re.compile("^1"))


def box_of(locator) -> dict[str, float]:
    """Where something stands on the screen."""
    return locator.bounding_box()


def faults_of(page, pressed: str) -> list[str]:
    """What does not fit, and which main buttons are lower than a thumb."""
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    found = [f"{wide} px too wide"] if wide > 0 else []
    if pressed:
        boxes = [one for one in page.locator(pressed).all() if one.is_visible()]
        assert boxes, f"nothing to press: {pressed} on {page.url}"
        for one in boxes:
            height = one.bounding_box()["height"]
            if height < TALL:
                found.append(f"{one.inner_text()!r} is {height} px high")
    return found


def test_the_queue_of_reviews_stands_in_cards(office, as_person, numbers):
    qian = as_person(office, "qian", width=390)
    qian.goto("/desk/review")

    row = qian.locator("[data-row]").first
    for cell in row.locator("td").all():
        box = box_of(cell)
        assert box is None or box["x"] + box["width"] <= 390
    assert box_of(row.locator(".q-title"))["width"] > 300


def test_a_page_opens_at_its_top_with_the_chosen_tab_in_sight(office, as_person, numbers):
    sun = as_person(office, "sun", width=390)
    sun.goto("/desk/dashboard")
    assert sun.locator(".tabline [aria-current]").count() == 1
    assert sun.evaluate("scrollY") == 0

    qian = as_person(office, "qian", width=390)
    qian.goto("/desk/review")
    last = qian.locator(".tabline a").last
    last.click()
    expect(last).to_have_attribute("aria-current", "page")
    box = box_of(last)
    assert 0 <= box["x"] < box["x"] + box["width"] <= 390
    assert qian.evaluate("scrollY") == 0
