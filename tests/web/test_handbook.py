"""The handbook at the desk: a page for each role, every link and picture of it to be had."""

from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi.routing import iter_route_contexts

from monitor.web.pages import handbook

HOME = handbook.FOLDER
NAMES = [path.stem for path in sorted(HOME.glob("*.md"))]


class Drawn(HTMLParser):
    """The addresses that a page of the handbook leads to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.pictures: list[str] = []
        self.feed(page.partition('class="help-page"')[2].partition("</article>")[0])

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "a":
            self.links.append(found["href"])
        elif tag == "img":
            self.pictures.append(found["src"])


def test_every_written_page_is_in_the_list():
    assert sorted(handbook._ORDER) == NAMES


@pytest.fixture
def pages(signed_in):
    browser = signed_in("lin")
    return {name: browser.get(f"/desk/help/{name}").text for name in NAMES}


def test_every_page_is_drawn_with_its_pictures(pages):
    for name, page in pages.items():
        title = (HOME / f"{name}.md").read_text("utf-8").splitlines()[0].removeprefix("# ")
        files = [HOME / "pictures" / Path(one).name for one in Drawn(page).pictures]

        assert f"<h1>{title}</h1>" in page
        assert [path for path in files if not path.is_file()] == []


def test_a_written_line_that_ends_leaves_no_blank(pages):
    assert "右边是选中的一件" in pages["duty"]


def test_every_link_leads_to_a_page(app, pages):
    known = {context.path for context in iter_route_contexts(app.routes)}
    asked = {address.partition("?")[0] for page in pages.values() for address in Drawn(page).links}
    chapters = {f"/desk/help/{name}" for name in NAMES}

    assert asked - known <= chapters


@pytest.mark.parametrize(
    ("place", "page"),
    [
        ("/desk/inbox?tab=today", "duty"),
        ("/desk/import/7", "import"),
        ("/desk/review/HY20261009-001", "review"),
        ("/desk/section", "section"),
        ("/admin/audit", "administrators"),
    ],
)
def test_it_opens_at_the_place_where_one_is(signed_in, place, page):
    answer = signed_in("shen").get("/desk/help", params={"from": place})

    assert (answer.status_code, answer.headers["location"]) == (303, f"/desk/help/{page}")


@pytest.mark.parametrize(
    ("username", "page"),
    [("lin", "duty"), ("zhou", "section"), ("sun", "leader"), ("an", "administrators")],
)
def test_elsewhere_it_opens_at_ones_own_page(signed_in, username, page):
    answer = signed_in(username).get("/desk/help", params={"from": "//elsewhere.example/x"})

    assert (answer.status_code, answer.headers["location"]) == (303, f"/desk/help/{page}")


@pytest.mark.parametrize(
    "address",
    [
        "/desk/help/nothing",
        "/desk/help/..%2F..%2FREADME",
        "/desk/help/pictures/nothing.png",
        "/desk/help/pictures/..%2Findex.png",
    ],
)
def test_what_is_not_in_it_is_not_found(signed_in, address):
    assert signed_in("lin").get(address).status_code == 404


def test_a_picture_is_a_picture(signed_in):
    answer = signed_in("lin").get("/desk/help/pictures/inbox.png")

    assert answer.headers["content-type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")


def test_every_page_of_the_desk_leads_to_it(signed_in):
    page = signed_in("lin").get("/desk/inbox").text

    assert page.count('href="/desk/help?from=/desk/inbox"') == 2


def test_strangers_see_none_of_it(visitor):
    answer = visitor().get("/desk/help/duty")

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login?")
