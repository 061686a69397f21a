"""A real browser before a real server; every page is watched for errors and foreign requests."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.routing import iter_route_contexts
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from monitor.domain.vocabulary import Role
from monitor.web.app import create_app
from tests.journeys import served, walking
from tests.journeys.served import Office, RunningClock, Served
from tests.web import casefile

PATIENCE = 30_000
DESKTOP = {"width": 1440, "height": 900}
# What stands in an address besides an order: one of each that every bureau has.
_KNOWN = {
    "/admin/sections/{code}": "/admin/sections/funds",
    "{username}": "li",
    "{kind}/{code}": "topic/funds",
    "{kind}": "catalogue",
    "{version}": "1",
}
# Not pages: files to keep, fragments for the script, what a machine reads.
_NO_PAGE = re.compile(
    r"\.(csv|xlsx|xml|json)$|/fresh$|/clocks$|^/(healthz|metrics|static|api)|^/invite"
)
# A refusal with a status is a page of ours, not a fault of one; 5xx are caught by their status.
_STATUS = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What lies here is a journey."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """The chromium of the machine, told to leave the network alone."""
    found = map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser"))
    path = os.environ.get("CHROMIUM") or next(filter(None, found), "")
    if not Path(path).is_file():
        pytest.fail("没有找到 chromium：请运行 make test，或用 CHROMIUM 指明它在哪里。")
    quiet = (
        "--no-sandbox --disable-gpu --disable-dev-shm-usage --disable-background-networking "
        "--disable-component-update --disable-default-apps --disable-extensions --disable-sync "
        "--no-first-run --no-default-browser-check --metrics-recording-only "
        # Else it draws pages of its own window beside each of ours, a quarter of the work.
        "--disable-features=PreloadTopChromeWebUI,TopChromeWebUIUsesSpareRenderer,"
        "SpareRendererForSitePerProcess"
    )
    return {**browser_type_launch_args, "executable_path": path, "args": quiet.split()}


@pytest.fixture(scope="session")
def browser_context_args() -> dict:
    """A browser in Shanghai."""
    return {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": DESKTOP}


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """For a module, not for the session: its event loop would forbid another test its own."""
    with sync_playwright() as found:
        expect.set_options(timeout=PATIENCE)
        yield found


@pytest.fixture(scope="module")
def browser(playwright: Playwright, browser_type_launch_args: dict) -> Iterator[Browser]:
    found = playwright.chromium.launch(**browser_type_launch_args)
    yield found
    found.close()


@pytest.fixture
def desk(tmp_path: Path, sqlite_url: str, learnt: Path, clock: RunningClock):
    """A new bureau on SQLite."""
    desk = served.found(tmp_path / "home", sqlite_url, learnt, clock)
    yield desk
    desk.database.dispose()


@pytest.fixture
def clock() -> RunningClock:
    return RunningClock()


@pytest.fixture
def office(desk, clock: RunningClock) -> Iterator[Office]:
    """The bureau, served from a thread."""
    with served.in_thread(desk, clock) as office:
        yield office


@pytest.fixture
def process(desk) -> Iterator[Served]:
    """The bureau, served by `monitor serve`; the test starts it."""
    running = Served(desk)
    yield running
    running.stop()


@pytest.fixture
def places(office: Office) -> dict[str, frozenset[Role]]:
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
            for blank, known in _KNOWN.items():
                address = address.replace(blank, known)
            found[re.sub(r"\{[^}]*\}", "00000000-0000-4000-8000-000000000000", address)] = roles
    return found


@pytest.fixture
def faults() -> Iterator[list[str]]:
    """What went wrong on any page of any browser; must be empty at the end."""
    found: list[str] = []
    yield found
    assert found == []


Visit = Callable[..., Page]


@pytest.fixture
def visit(new_context, faults: list[str]) -> Visit:
    """A window of a browser of its own: `visit(address)`, `visit(address, width=390)`."""

    def open_window(address: str, *, width: int = 0, **options: object) -> Page:
        context = new_context(base_url=address, **options)
        context.set_default_timeout(PATIENCE)
        watch(context, address, faults)
        page = context.new_page()
        if width:
            page.set_viewport_size({"width": width, "height": 844})
        return page

    return open_window


@pytest.fixture
def as_person(visit: Visit) -> Callable[..., Page]:
    """A window of one of the cast, signed in: `as_person(office, "lin")`."""

    def enter(office: Office | Served, username: str, **options: object) -> Page:
        page = visit(office.address, **options)
        walking.sign_in(page, username)
        return page

    return enter


def watch(context: BrowserContext, address: str, faults: list[str]) -> None:
    """Note script errors, refused content, server errors and requests to anybody else."""

    def on_console(message) -> None:
        # Where a test stops the server, the bell finds nobody for a moment and asks again.
        bell = message.location.get("url", "").endswith("/desk/notices/stream")
        if message.type == "error" and not bell and not _STATUS.match(message.text):
            faults.append(f"console: {message.text} on {message.page.url}")

    def on_request(request) -> None:
        if not request.url.startswith((address + "/", "data:", "blob:", "about:")):
            faults.append(f"foreign: {request.url}")

    def on_response(response) -> None:
        wrong = response.status >= 500 or (response.status >= 400 and "/static/" in response.url)
        if wrong:
            faults.append(f"{response.status}: {response.url}")

    context.on("console", on_console)
    context.on("weberror", lambda error: faults.append(f"script: {error.error}"))
    context.on("request", on_request)
    context.on("response", on_response)
