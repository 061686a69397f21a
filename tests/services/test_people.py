"""Accounts, sessions, keys and limits, on both databases."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pwdlib import PasswordHash
from sqlmodel import select

from monitor.domain.errors import Incomplete, NotFound, Refused
from monitor.domain.vocabulary import Role
from monitor.services import limits, people
from monitor.services.desk import Desk
from monitor.services.office import machines
from monitor.settings import Settings
from monitor.storage import people as stored
from monitor.storage.crypto import open_keys
from monitor.storage.db import Database
from monitor.storage.doors import ApiKey, Attempt
from monitor.storage.people import Person, Section

START = datetime(2026, 10, 9, 2, 24, tzinfo=UTC)
PASSWORD = "correct-horse-battery"


@pytest.fixture
def moment() -> list[datetime]:
    """The time of the desk; change the only item to let time pass."""
    return [START]


@pytest.fixture
def office(tmp_path: Path, database: Database, moment: list[datetime]) -> Desk:
    settings = Settings(home=tmp_path)
    keys = open_keys(settings.key_path, create=True)
    desk = Desk(settings, database, keys, lambda: moment[0])
    with desk.writing() as ctx:
        ctx.session.add(Section(code="funds", label="政策兑现科"))
        ctx.session.flush()
        people.create(ctx, "Zhou", "周", [Role.SECTION_HEAD], section="funds", password=PASSWORD)
    return desk


def zhou(ctx) -> Person:
    found = stored.by_username(ctx.session, "zhou")
    assert found is not None
    return found


def test_a_password_is_stored_as_a_strong_hash(office, monkeypatch):
    # Tests of the pages sign in often and use a cheap one.
    monkeypatch.setattr(people, "_hasher", PasswordHash.recommended())
    with office.writing() as ctx:
        chen = people.create(ctx, "chen", "陈", [Role.DUTY], password=PASSWORD)
        kept = chen.password_hash

    assert kept.startswith("$argon2id$")
    assert "m=65536" in kept
    assert PASSWORD not in kept


def test_a_password_is_proved_by_itself_only(office):
    with office.reading() as ctx:
        person = zhou(ctx)
        right = people.proves(person, PASSWORD)
        wrong = people.proves(person, PASSWORD + "x")
        nobody = people.proves(None, PASSWORD)
        endless = people.proves(person, PASSWORD + "x" * 100_000)
        person.active = False
        dismissed = people.proves(person, PASSWORD)
        waiting = people.proves(Person(username="a", name="a", roles=[]), "")

    assert (right, wrong, nobody, endless, dismissed, waiting) == (True, *[False] * 5)


def test_a_session_opens_for_its_person(office):
    with office.writing() as ctx:
        secret = people.sign_in(ctx, zhou(ctx))

    with office.reading() as ctx:
        found = people.signed_in(ctx, secret)
        assert people.signed_in(ctx, secret + "x") is None
    assert found is not None
    assert found.person.label == "周（zhou）"
    assert found.person.roles == {Role.SECTION_HEAD}
    assert found.person.section == "funds"
    assert found.worth_noting is False


def test_a_session_used_after_a_minute_is_worth_noting(office, moment):
    with office.writing() as ctx:
        secret = people.sign_in(ctx, zhou(ctx))
    moment[0] += timedelta(hours=7)
    with office.writing() as ctx:
        found = people.signed_in(ctx, secret)
        assert found is not None
        assert found.worth_noting
        people.note_seen(ctx, secret)
    moment[0] += timedelta(hours=4)

    with office.reading() as ctx:
        assert people.signed_in(ctx, secret) is not None


def test_a_session_is_over_when_signed_out_idle_or_old(office, moment):
    with office.writing() as ctx:
        left, idle = people.sign_in(ctx, zhou(ctx)), people.sign_in(ctx, zhou(ctx))
        people.sign_out(ctx, left)
        people.sign_out(ctx, left)
        people.sign_out(ctx, "no-such-secret")
        assert people.signed_in(ctx, left) is None
    moment[0] += people.IDLE

    with office.reading() as ctx:
        assert people.signed_in(ctx, idle) is None


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"username": ""}, Incomplete),
        ({"username": "周"}, Incomplete),
        ({"username": "a" * 33}, Incomplete),
        ({"username": "../x"}, Incomplete),
        ({"username": "zhou"}, Refused),
        ({"username": " ZHOU"}, Refused),
        ({"roles": []}, Incomplete),
        ({"section": "nowhere"}, Incomplete),
        ({"password": "short"}, Incomplete),
    ],
)
def test_a_bad_account_is_refused(office, given, error):
    whole = {"username": "new", "name": "新", "roles": [Role.DUTY], **given}

    with pytest.raises(error), office.writing() as ctx:
        people.create(ctx, whole.pop("username"), whole.pop("name"), whole.pop("roles"), **whole)


@pytest.mark.parametrize(
    ("username", "password", "fine"),
    [
        ("lin", "nine-char", False),
        ("lin", "x" * 129, False),
        ("lin", "1234567890", False),
        ("lin", "PASSWORD123", False),
        ("lin", "abababababab", False),
        ("linlinlinlin", "LinLinLinLin", False),
        ("linlinlinlin", "linlinlinlin123", False),
        ("lin", "three-green-lanterns", True),
        ("lin", "招商引资工作十条经验", True),
        ("", "three-green-lanterns", True),
    ],
)
def test_passwords_that_are_guessed_first_are_refused(username, password, fine):
    if fine:
        people.check_password(username, password)
        return
    with pytest.raises(Incomplete) as refusal:
        people.check_password(username, password)
    assert refusal.value.fields["password"]
    assert password not in refusal.value.message


def test_a_reset_closes_the_old_ways_in(office):
    with office.writing() as ctx:
        secret = people.sign_in(ctx, zhou(ctx))
    with office.writing() as ctx:
        token = people.reset(ctx, " Zhou ")

    with office.writing() as ctx:
        assert people.signed_in(ctx, secret) is None
        assert not people.proves(zhou(ctx), PASSWORD)
        person = people.accept_invite(ctx, token, "a-new-and-long-one")
        assert people.proves(person, "a-new-and-long-one")
        with pytest.raises(NotFound):
            people.accept_invite(ctx, token, "another-long-one")
    with pytest.raises(NotFound), office.writing() as ctx:
        people.reset(ctx, "nobody")


def test_a_key_is_told_once_and_stored_blind(office):
    with office.writing() as ctx:
        token = machines.add_key(ctx, " 热线平台 ")

    with office.reading() as ctx:
        key = ctx.session.exec(select(ApiKey)).one()
        found = machines.key_in_force(office.database, office.keys, token)
        assert found is not None
        assert machines.as_machine(found).label == "接口 热线平台"
        assert machines.key_in_force(office.database, office.keys, token.upper()) is None
        assert token.startswith("mk_")
        assert token not in key.mac
        assert key.name == "热线平台"


def test_a_revoked_key_ends_at_once(office):
    with office.writing() as ctx:
        token = machines.add_key(ctx, "a")
    assert machines.key_in_force(office.database, office.keys, token) is not None

    with office.writing() as ctx:
        machines.revoke_key(ctx, "a")
    assert machines.key_in_force(office.database, office.keys, token) is None


def test_a_name_of_a_key_is_given_once(office):
    with office.writing() as ctx:
        machines.add_key(ctx, "a")
        machines.revoke_key(ctx, "a")
        with pytest.raises(Refused):
            machines.add_key(ctx, "a")
        with pytest.raises(Incomplete):
            machines.add_key(ctx, " ")
        with pytest.raises(NotFound):
            machines.revoke_key(ctx, "b")


def test_a_limit_counts_by_subject_and_window(office, moment):
    limit = limits.Limit("lookup", "address", 3)

    def spend(subject="192.0.2.1"):
        with office.writing() as ctx:
            return limits.spend(ctx, (limit, subject))

    for _ in range(3):
        spend()
    with pytest.raises(limits.TooMany):
        spend()
    spend("192.0.2.2")
    moment[0] += limits.WINDOW
    spend()


def test_a_try_that_turns_out_well_is_given_back(office):
    limit = limits.Limit("lookup", "address", 2)
    for _ in range(10):
        with office.writing() as ctx:
            spent = limits.spend(ctx, (limit, "a"), (limits.LOOKUP_ADDRESS, "a"))
        with office.writing() as ctx:
            limits.give_back(ctx, spent)

    with office.reading() as ctx:
        assert ctx.session.exec(select(Attempt)).all() == []


def test_a_full_count_spends_nothing(office):
    one, two = limits.Limit("d", "one", 5), limits.Limit("d", "two", 1)
    with office.writing() as ctx:
        limits.spend(ctx, (two, "a"))
    for _ in range(9):
        with pytest.raises(limits.TooMany), office.writing() as ctx:
            limits.spend(ctx, (one, "a"), (two, "a"))

    with office.reading() as ctx:
        assert len(ctx.session.exec(select(Attempt)).all()) == 1


def test_forgetting_one_subject_keeps_the_others(office):
    limit = limits.Limit("d", "k", 1)
    with office.writing() as ctx:
        limits.spend(ctx, (limit, "a"))
        limits.spend(ctx, (limit, "b"))
        limits.forget(ctx, limit, "a")
        limits.spend(ctx, (limit, "a"))
        with pytest.raises(limits.TooMany):
            limits.spend(ctx, (limit, "b"))
