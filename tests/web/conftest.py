"""A desk of its own for each test: the fixed cast, a clock that can be moved, a browser each."""

import re
import shutil
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from monitor.domain.vocabulary import Role
from monitor.services import people, rulebook
from monitor.services.desk import Desk
from monitor.settings import Settings
from monitor.storage.crypto import open_keys
from monitor.storage.db import Database
from monitor.storage.people import Person, Section
from monitor.web.app import create_app
from tests.web import casefile
from tests.web.posting import Sender

with warnings.catch_warnings():
    # It would rather have the successor of httpx, which nothing else here needs.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

PASSWORD = "correct-horse-battery"
_CHEAP = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
_HASH = _CHEAP.hash(PASSWORD)
SECTIONS = ("office", "funds", "factor", "policy")
CAST: dict[str, tuple[str, str | None, list[Role]]] = {
    "lin": ("林", None, [Role.DUTY]),
    "li": ("李", "funds", [Role.HANDLER]),
    "zhou": ("周", "funds", [Role.SECTION_HEAD]),
    "zhao": ("赵", "factor", [Role.SECTION_HEAD]),
    "qian": ("钱", "office", [Role.REVIEWER, Role.SECTION_HEAD]),
    "sun": ("孙", None, [Role.LEADER]),
    "wu": ("吴", None, [Role.SECRECY]),
    "zheng": ("郑", None, [Role.LEGAL]),
    "xiang": ("向", None, [Role.SYSTEM_ADMIN]),
    "an": ("安", None, [Role.SECURITY_ADMIN]),
    "shen": ("沈", None, [Role.AUDITOR]),
}


@dataclass
class HandClock:
    """A clock that stands still until it is moved; Friday 2026-10-09 10:24 in Shanghai."""

    now: datetime = field(default_factory=lambda: datetime(2026, 10, 9, 2, 24, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture(autouse=True, scope="package")
def cheap_hashes() -> Iterator[None]:
    """Tests sign in often; how strong the product's own hashes are is asked in tests/services."""
    strong, people._hasher = people._hasher, _CHEAP
    people._nobody.cache_clear()
    yield
    people._hasher = strong
    people._nobody.cache_clear()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Path:
    """A folder with the database and the keys of an office: copied for each test."""
    home = tmp_path_factory.mktemp("founded")
    shutil.copy(migrated_file, home / "desk.sqlite")
    settings = Settings(home=home)
    database = Database(settings.url, synchronous="OFF")
    keys = open_keys(settings.key_path, create=True)
    with Desk(settings, database, keys, HandClock()).writing() as ctx:
        rulebook.publish(ctx, rulebook.shipped(settings.data_dir))
        for position, code in enumerate(SECTIONS):
            section = Section(code=code, label=f"{code}科", position=position)
            section.office = code == "office"
            ctx.session.add(section)
        ctx.session.flush()
        for username, (name, code, roles) in CAST.items():
            person = Person(username=username, name=name, roles=[str(role) for role in roles])
            person.section, person.password_hash = code, _HASH
            ctx.session.add(person)
    database.dispose()
    return home


@pytest.fixture
def desk(tmp_path: Path, founded: Path, clock: HandClock) -> Iterator[Desk]:
    """An office with its cast and the shipped rules, on a SQLite file of its own."""
    home = tmp_path / "home"
    shutil.copytree(founded, home)
    settings = Settings(home=home, metrics_token="watching")
    database = Database(settings.url, synchronous="OFF")
    yield Desk(settings, database, open_keys(settings.key_path), clock, candid=True)
    database.dispose()


@pytest.fixture
def app(desk: Desk) -> FastAPI:
    return create_app(desk)


class Browser(TestClient):
    """A browser that follows no redirect and knows how to send the forms it was shown."""

    def token(self, path: str) -> str:
        """The form token on a page."""
        found = re.search(r'name="csrf(?:_token)?" value="([^"]+)"', self.get(path).text)
        assert found, f"no form on {path}"
        return found[1]

    def fill(self, path: str, shown_on: str, /, **fields: object):
        """Fill in and send a form that stands on a page."""
        data = {"csrf_token": self.token(shown_on), **fields}
        return self.post(path, data=data)

    def sign_in(self, username: str, password: str = PASSWORD):
        return self.fill("/login", "/login", username=username, password=password)


@pytest.fixture
def visitor(app: FastAPI) -> Callable[..., Browser]:
    """A browser of somebody who is not signed in: `visitor()`, or from another address."""

    def make(address: str = "127.0.0.1", **options: object) -> Browser:
        return Browser(
            app,
            base_url="http://localhost:8000",
            follow_redirects=False,
            client=(address, 50000),
            headers={"accept": "text/html"},
            **options,
        )

    return make


@pytest.fixture
def signed_in(visitor: Callable[..., Browser]) -> Callable[[str], Browser]:
    """The browser of one of the cast, signed in: `signed_in("lin")`."""

    def make(username: str) -> Browser:
        one = visitor()
        answer = one.sign_in(username)
        assert answer.status_code == 303, answer.text
        return one

    return make


@pytest.fixture
def act(desk: Desk, signed_in: Callable[[str], Browser]) -> Callable[..., object]:
    """Make a move as one of the cast: `act("lin", number, "merge", master=other)`."""
    return casefile.sender(desk, signed_in)


@pytest.fixture
def at_desk(signed_in):
    """Send to an order as one of the cast: `at_desk("zhou", number, "answer")`."""

    def make(username: str, number: str, part: str = "record") -> Sender:
        browser = signed_in(username)
        begin = f"/desk/orders/{number}/files/begin"
        return Sender(browser, begin, "/desk/uploads", browser.token("/desk/me"), part=part)

    return make
