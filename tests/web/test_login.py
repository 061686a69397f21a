"""Signing in and out, sessions, passwords, invitations; what a guesser learns: nothing."""

import re
from statistics import median
from time import perf_counter

import pytest
from pwdlib import PasswordHash
from sqlmodel import select

from monitor.services import people
from monitor.storage import history
from monitor.storage.people import Login, Person
from tests.web.conftest import PASSWORD


def without_token(text: str) -> str:
    return re.sub(r'(name="csrf\w*" value=|/static/\S+\?v=)"?[0-9a-f]+"?', "", text)


def system_events(desk) -> list[tuple[str, str, str]]:
    with desk.reading() as ctx:
        return [(one.what, one.actor, one.details) for one in history.latest(ctx.session)]


def test_signing_in_opens_the_desk(visitor, desk):
    lin = visitor()

    answer = lin.fill("/login", "/login", username="lin", password=PASSWORD, next="/desk/me")

    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/me")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    assert lin.get("/desk/me").status_code == 200
    secret = lin.cookies["session"]
    with desk.reading() as ctx:
        stored = ctx.session.exec(select(Login.secret_hash)).one()
    assert secret not in stored
    assert len(secret) >= 43


def test_a_login_name_is_read_kindly(visitor):
    assert visitor().sign_in(" LIN ").status_code == 303


def test_cookies_are_secure_when_asked_for(desk, visitor, monkeypatch):
    monkeypatch.setattr(desk.settings, "secure_cookies", True)

    answer = visitor().get("/login")

    assert "; Secure" in answer.headers["set-cookie"]


@pytest.mark.parametrize(
    "to",
    ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "desk", "",
     "/\t/evil.example", "/desk\r\nx: y"],
)  # fmt: skip
def test_next_stays_in_the_house(visitor, to):
    from monitor.web.pages.login import local

    assert local(to) == "/desk"


def test_known_and_unknown_accounts_look_alike(visitor, desk):
    with desk.writing() as ctx:
        gone = ctx.session.exec(select(Person).where(Person.username == "sun")).one()
        gone.active = False
        ctx.session.add(gone)
    one, names = visitor(), ("lin", "nobody", "sun")

    answers = [one.sign_in(name, "wrong-password") for name in names]

    pages = {
        without_token(answer.text).replace(f'value="{name}"', "")
        for answer, name in zip(answers, names, strict=True)
    }
    assert [answer.status_code for answer in answers] == [401] * 3
    assert len(pages) == 1
    assert len({tuple(sorted(answer.headers)) for answer in answers}) == 1


def test_an_unknown_account_takes_as_long_as_a_known_one(monkeypatch):
    monkeypatch.setattr(people, "_hasher", PasswordHash.recommended())
    people._nobody.cache_clear()
    known = Person(username="a", name="a", roles=[], password_hash=people.hashed("a-long-password"))

    def took(person):
        start = perf_counter()
        people.proves(person, "wrong-password")
        return perf_counter() - start

    people.proves(None, "first")
    for_known = median(took(known) for _ in range(5))
    for_nobody = median(took(None) for _ in range(5))
    people._nobody.cache_clear()

    assert 0.5 < for_known / for_nobody < 2


def test_an_account_locks_and_says_nothing_about_the_right_password(visitor, clock):
    one = visitor()
    for name in ("lin", "nobody"):
        tries = [one.sign_in(name, "wrong-password").status_code for _ in range(10)]
        assert tries == [401] * 10

    locked = [one.sign_in("lin"), one.sign_in("lin", "wrong-again"), one.sign_in("nobody")]

    assert [answer.status_code for answer in locked] == [429] * 3
    assert len({without_token(answer.text) for answer in locked}) == 1
    assert locked[0].headers["retry-after"] == "900"
    clock.wait(minutes=16)
    assert one.sign_in("lin").status_code == 303


def test_a_success_clears_the_counter_of_the_account_only(visitor):
    one = visitor()
    for _ in range(9):
        one.sign_in("lin", "wrong-password")

    assert one.sign_in("lin").status_code == 303
    assert [one.sign_in("lin", "wrong-password").status_code for _ in range(10)] == [401] * 10
    assert one.sign_in("lin", "wrong-password").status_code == 429


def test_spraying_many_accounts_from_one_address_is_stopped(visitor):
    one, elsewhere = visitor("192.0.2.7"), visitor("192.0.2.8")

    answers = [one.sign_in(f"account{n}", "Spring-2026-pass").status_code for n in range(60)]

    assert answers == [401] * 40 + [429] * 20
    assert one.sign_in("lin").status_code == 429
    assert elsewhere.sign_in("lin").status_code == 303


def test_forged_proxy_headers_count_for_nothing(visitor):
    one = visitor("192.0.2.7")
    statuses = []
    for n in range(41):
        forged = {"x-forwarded-for": f"203.0.113.{n}", "forwarded": f"for=203.0.113.{n}"}
        one.headers.update(forged)
        statuses.append(one.sign_in(f"account{n}", "Spring-2026-pass").status_code)

    assert statuses == [401] * 40 + [429]


def test_tries_and_events_name_nobody(visitor, desk):
    visitor("192.0.2.7").sign_in("my-own-password-typed-as-name", "wrong-password")

    events = system_events(desk)
    with desk.reading() as ctx:
        rows = ctx.session.connection().exec_driver_sql("SELECT * FROM attempt").all()

    assert events[0][0] == "login_failed"
    assert "my-own-password" not in f"{events} {rows}"
    assert "192.0.2.7" not in f"{events} {rows}"


def test_signing_in_and_out_are_events(signed_in, desk):
    lin = signed_in("lin")

    answer = lin.fill("/logout", "/desk/me")

    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert [(what, actor) for what, actor, _ in system_events(desk)[:2]] == [
        ("logout", "林（lin）"),
        ("login", "林（lin）"),
    ]


def test_a_session_ends_at_the_server(signed_in):
    lin = signed_in("lin")
    secret = lin.cookies["session"]
    lin.fill("/logout", "/desk/me")
    lin.cookies.set("session", secret)

    assert lin.get("/desk/me").status_code == 303


def test_a_session_changes_its_secret_at_every_login(signed_in):
    lin = signed_in("lin")
    old = lin.cookies["session"]
    lin.sign_in("lin")

    assert lin.cookies["session"] != old
    lin.cookies.clear()
    lin.cookies.set("session", old)
    assert lin.get("/desk/me").status_code == 303


def test_a_planted_session_is_never_adopted(visitor):
    lin = visitor()
    lin.cookies.set("session", "planted-by-somebody")
    lin.sign_in("lin")

    assert "planted-by-somebody" not in [cookie.value for cookie in lin.cookies.jar][-1:]


@pytest.mark.parametrize(
    ("username", "awake", "asleep"),
    [("lin", {"hours": 7.9}, {"hours": 8}), ("xiang", {"minutes": 29}, {"minutes": 30})],
)
def test_an_idle_session_ends(signed_in, clock, username, awake, asleep):
    person = signed_in(username)

    clock.wait(**awake)
    assert person.get("/desk/me").status_code == 200
    clock.wait(**asleep)
    assert person.get("/desk/me").status_code == 303


def test_a_session_ends_after_twelve_hours_however_busy(signed_in, clock):
    lin = signed_in("lin")
    statuses = []
    for _ in range(12):
        statuses.append(lin.get("/desk/me").status_code)
        clock.wait(hours=1)

    assert statuses == [200] * 12
    assert lin.get("/desk/me").status_code == 303


def test_being_here_is_written_once_a_minute(signed_in, clock, desk):
    lin = signed_in("lin")

    def seen():
        with desk.reading() as ctx:
            return ctx.session.exec(select(Login.seen_at)).one()

    first = seen()
    clock.wait(seconds=59)
    lin.get("/desk/me")
    assert seen() == first
    clock.wait(seconds=1)
    lin.get("/desk/me")
    assert seen() == clock.now


def test_a_dismissed_person_is_out_at_once(signed_in, desk):
    lin = signed_in("lin")
    with desk.writing() as ctx:
        person = ctx.session.exec(select(Person).where(Person.username == "lin")).one()
        person.active = False
        ctx.session.add(person)

    assert lin.get("/desk/me").status_code == 303
