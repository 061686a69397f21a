"""What the machine door refuses: before the body is looked at, and because of it."""

import json

import pytest
from sqlmodel import func, select

from monitor.services.office import machines
from monitor.storage import history
from monitor.storage.orders import Order

GOOD = {"channel": "hotline", "text": "我公司的技改补贴公示后一直没有拨款。"}
JSON = {"content-type": "application/json"}
FIELDS = ("text", "title", "name", "phone", "upstream_no")
SECRET = "某项目的部署情况不得外传"


@pytest.fixture
def stranger(visitor):
    client = visitor()
    client.headers["accept"] = "application/json"
    return client


@pytest.fixture
def machine(desk, stranger):
    with desk.writing() as ctx:
        stranger.headers["authorization"] = f"Bearer {machines.add_key(ctx, '热线平台')}"
    return stranger


def stored(desk) -> int:
    with desk.reading() as ctx:
        return ctx.session.exec(select(func.count()).select_from(Order)).one()


@pytest.mark.parametrize(
    "given",
    ["", "Bearer", "Bearer ", "Bearer mk_wrong", "Basic bGluOmxpbg==", "Bearer mk_\xe9", "mk_x"],
)
def test_without_a_key_the_body_is_not_looked_at(stranger, given):
    headers = {**JSON, "authorization": given.encode("latin-1")} if given else JSON
    for body in (b"{", b'{"channel": "nowhere"}', b"\xff" * 64, b""):
        answer = stranger.post("/api/v1/orders", content=body, headers=headers)

        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.json()["status"] == 401


def test_a_stranger_learns_nothing_from_the_list(stranger):
    assert stranger.get("/api/v1/orders", params={"limit": "odd"}).status_code == 401
    assert stranger.get("/api/v1/nothing").status_code == 401


def test_a_session_of_a_person_opens_no_machine_door(signed_in):
    client = signed_in("lin")

    assert client.get("/api/v1/orders").status_code == 401
    assert client.post("/api/v1/orders", json=GOOD).status_code == 401


def test_a_revoked_key_ends_at_once(desk, machine):
    assert machine.get("/api/v1/orders").status_code == 200
    with desk.writing() as ctx:
        machines.revoke_key(ctx, "热线平台")

    assert machine.get("/api/v1/orders").status_code == 401
    assert machine.post("/api/v1/orders", json=GOOD).status_code == 401


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"channel": "nowhere"}, "channel"),
        ({"channel": None}, "channel"),
        ({"channel": "HOTLINE"}, "channel"),
        ({"text": None}, "text"),
        ({"text": ""}, "text"),
        ({"text": " \n\t "}, "text"),
        ({"text": "长" * 20_001}, "text"),
        ({"text": 7}, "text"),
        ({"state": "answered"}, "state"),
        ({"number": "HY20261009-001"}, "number"),
        ({"title": "长" * 201}, "title"),
        ({"name": "长" * 61}, "name"),
        ({"phone": "1" * 41}, "phone"),
        ({"upstream_no": ""}, "upstream_no"),
        ({"upstream_no": "9" * 65}, "upstream_no"),
        ({"publish": "maybe"}, "publish"),
        ({"received_at": "昨天"}, "received_at"),
        ({"received_at": "2026-13-01"}, "received_at"),
        ({"received_at": "2026-02-30T10:00"}, "received_at"),
        ({"received_at": "1999-12-31"}, "received_at"),
        ({"received_at": "0001-01-01T00:00+14:00"}, "received_at"),
        ({"received_at": "9999-12-31T23:59:59-12:00"}, "received_at"),
        ({"received_at": "2026-10-09T23:00"}, "received_at"),
        ({"received_at": 1791504000}, "received_at"),
    ],
    ids=lambda given: json.dumps(given)[:40] if isinstance(given, dict) else given,
)
def test_a_record_with_a_fault_is_refused_by_name(desk, machine, changed, field):
    answer = machine.post("/api/v1/orders", json={**GOOD, **changed})

    assert answer.status_code == 422
    assert field in answer.json()["fields"]
    assert stored(desk) == 0


@pytest.mark.parametrize("odd", ["\\ud800", "\\u0000", "\\u001b", "\\uffff"])
def test_what_cannot_be_written_is_refused(desk, machine, odd):
    for field in FIELDS:
        body = json.dumps({**GOOD, field: "OD"}).replace("OD", f"一{odd}二")
        answer = machine.post("/api/v1/orders", content=body, headers=JSON)

        assert answer.status_code == 422
    assert stored(desk) == 0


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"limit": "9" * 20}, 422),
        ({"limit": "-1"}, 422),
        ({"limit": "0"}, 422),
        ({"limit": "201"}, 422),
        ({"limit": "²"}, 422),
        ({"channel": "nowhere"}, 422),
        ({"state": "nowhere"}, 422),
        ({"after": "HY20261009-999"}, 404),
        ({"after": "9" * 33}, 422),
        ({"after": ""}, 422),
        ({"after": "nonsense"}, 422),
        ({"after": "HY20261009-001x"}, 422),
        ({"upstream_no": ""}, 422),
        ({"upstream_no": "9" * 65}, 422),
        ({"upstream_no": "无此编号"}, 200),
    ],
)
def test_odd_questions_of_the_list(machine, asked, status):
    assert machine.get("/api/v1/orders", params=asked).status_code == status


@pytest.mark.parametrize("key", ["k" * 201, "", "ключ", "k\x07", "é", "k\tk", "k\x7f"])
def test_an_idempotency_key_has_bounds(desk, machine, key):
    headers = {b"idempotency-key": key.encode()}
    answer = machine.post("/api/v1/orders", json=GOOD, headers=headers)

    assert answer.status_code == 422
    assert "Idempotency-Key" in answer.json()["fields"]
    assert stored(desk) == 0


@pytest.mark.parametrize("key", ["k", "k" * 200, "~ !a b", "0f8f-é".encode().hex()])
def test_a_printable_idempotency_key_is_taken(desk, machine, key):
    for status in (201, 201):
        headers = {"idempotency-key": key}
        assert machine.post("/api/v1/orders", json=GOOD, headers=headers).status_code == status
    assert stored(desk) == 1


@pytest.mark.parametrize(
    ("at", "status"),
    [
        ("2026-10-09", 201),
        ("2026-10-09T09:12", 201),
        ("2026-10-09 09:12:30.25", 201),
        ("2026-10-09T01:12:00Z", 201),
        ("2026-10-09T09:12:00+0800", 201),
        ("2024-02-29T09:12:00+08:00", 201),
        ("2023-02-29", 422),
        ("2026-04-31", 422),
        ("20261009", 201),
        ("20230229", 422),
        ("2026-1009", 422),
        ("2026-W41-5", 422),
        ("2026-10-09T24:00", 422),
        ("1999-12-31T23:59:59", 422),
        ("2100-01-01", 422),
    ],
)
def test_times_are_taken_as_the_document_says(desk, machine, at, status):
    answer = machine.post("/api/v1/orders", json={**GOOD, "received_at": at})

    assert answer.status_code == status
    assert stored(desk) == (status == 201)


@pytest.mark.parametrize("mark", ["机密★", "绝 密 ☆ 20年", "秘\u200b密★", "【机密】", "Ｓ机密 ★"])
def test_a_mark_of_secrecy_leaves_no_trace(desk, machine, caplog, mark):
    for field in FIELDS:
        words = f"{mark}\n{SECRET}" if field == "text" else f"{mark} {SECRET}"
        answer = machine.post(
            "/api/v1/orders", json={**GOOD, field: words}, headers={"idempotency-key": "k1"}
        )

        assert answer.status_code == 422, field
        assert SECRET not in answer.text + caplog.text
    assert stored(desk) == 0
    with desk.reading() as ctx:
        events = [e for e in history.latest(ctx.session) if e.what == "secrecy_refused"]
    assert len(events) == len(FIELDS)
    assert {event.actor for event in events} == {"接口 热线平台"}
    assert {event.details for event in events} == {'{"door":"/api/v1/orders"}'}
    for file in desk.settings.home.rglob("*"):
        assert file.is_dir() or SECRET.encode() not in file.read_bytes()


def test_a_refused_record_may_be_sent_again_without_its_mark(machine):
    first = {**GOOD, "text": f"机密★\n{SECRET}"}
    headers = {"idempotency-key": "k1"}

    assert machine.post("/api/v1/orders", json=first, headers=headers).status_code == 422
    assert machine.post("/api/v1/orders", json=GOOD, headers=headers).status_code == 201
