"""The machine door as it was agreed: one record under one key, and where it stands."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlmodel import func, select

from monitor.domain.workdays import SHANGHAI, local
from monitor.services import upkeep
from monitor.services.desk import Desk
from monitor.services.office import machines
from monitor.settings import Settings
from monitor.storage import history, requesters
from monitor.storage.orders import Order, by_upstream
from monitor.web.app import create_app
from tests.founding import ruled
from tests.web.conftest import Browser

RECORD = {
    "channel": "hotline",
    "upstream_no": "12345-1",
    "received_at": "2026-10-09T09:12:00",
    "title": "技改补贴没有到账",
    "text": "我公司的技改补贴公示后一直没有拨款，请问何时兑现？",
    "name": "陈试样",
    "phone": "13800000123",
    "publish": True,
}
AT_ONCE = 8


class Machine(Browser):
    """A caller with a key."""

    def give(self, key: str | None = None, **changed: object):
        body = {name: value for name, value in {**RECORD, **changed}.items() if value is not None}
        return self.post(
            "/api/v1/orders", json=body, headers={"idempotency-key": key} if key else {}
        )

    def look(self, **asked: object):
        return self.get("/api/v1/orders", params=asked)


@pytest.fixture
def api_desk(database, tmp_path, clock) -> Desk:
    """An office on SQLite, and one on PostgreSQL."""
    settings = Settings(home=tmp_path / "home", database_url=database.url)
    return ruled(settings, database, clock, candid=True)


@pytest.fixture
def caller(api_desk):
    """Another connection of the same platform each time."""
    app = create_app(api_desk)
    with api_desk.writing() as ctx:
        token = machines.add_key(ctx, "热线平台")

    def make(token: str = token) -> Machine:
        client = Machine(app, base_url="http://localhost:8000", follow_redirects=False)
        client.headers["authorization"] = f"Bearer {token}"
        return client

    return make


@pytest.fixture
def machine(caller) -> Machine:
    return caller()


def count(desk: Desk) -> int:
    with desk.reading() as ctx:
        return ctx.session.exec(select(func.count()).select_from(Order)).one()


def stored(desk: Desk, upstream_no: str = RECORD["upstream_no"]) -> Order:
    with desk.reading() as ctx:
        return by_upstream(ctx.session, "hotline", [upstream_no])[upstream_no]


def test_a_record_becomes_an_order(api_desk, machine):
    answer = machine.give("k1")

    assert answer.status_code == 201
    told = answer.json()
    assert set(told) == {"id", "number", "state", "due"}
    order = stored(api_desk)
    assert (str(order.id), order.number) == (told["id"], told["number"])
    # Five working days of the platform's clock: the tenth is a working Saturday.
    assert told["due"] == "2026-10-15T23:59:59+08:00"
    assert (told["state"], order.consent, order.via) == (order.state, True, "api")
    with api_desk.reading() as ctx:
        [first] = history.of_order(ctx.session, order.id)
        verdict = upkeep.verify(ctx.session, ctx.keys)
    assert (first.what, first.actor) == ("register", "接口 热线平台")
    assert verdict.holds


def test_the_same_key_gives_the_first_answer_again(api_desk, machine, clock):
    first = machine.give("k1")
    clock.wait(days=3)
    again = machine.give("k1")

    assert (again.status_code, again.json()) == (201, first.json())
    assert count(api_desk) == 1


def test_another_body_under_a_used_key_is_refused(api_desk, machine):
    machine.give("k1")
    answer = machine.give("k1", text="另一件事情。")

    assert answer.status_code == 409
    assert "Idempotency-Key" in answer.json()["detail"]
    assert stored(api_desk).text == RECORD["text"]


def test_a_known_upstream_number_gives_its_order(api_desk, machine):
    first = machine.give()
    again = machine.give()

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["id"] == first.json()["id"]
    assert count(api_desk) == 1


def test_one_number_on_two_channels_is_two_orders(api_desk, machine):
    assert machine.give().json()["id"] != machine.give(channel="mailbox").json()["id"]
    assert count(api_desk) == 2


def test_a_key_of_one_caller_says_nothing_to_another(api_desk, caller):
    with api_desk.writing() as ctx:
        other = machines.add_key(ctx, "信箱")

    first = caller().give("k1")
    second = caller(other).give("k1", upstream_no="12345-2")

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] != second.json()["id"]


@pytest.mark.parametrize("key", ["the-same", None], ids=["same key", "same number"])
def test_eight_at_once_are_one(api_desk, caller, key):
    ready = Barrier(AT_ONCE)

    def send(client: Machine):
        ready.wait(30)
        return client.give(key)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(send, [caller() for _ in range(AT_ONCE)]))

    assert {answer.json()["id"] for answer in answers} == {str(stored(api_desk).id)}
    expected = [201] * AT_ONCE if key else [200] * (AT_ONCE - 1) + [201]
    assert sorted(answer.status_code for answer in answers) == expected
    assert count(api_desk) == 1


def test_eight_different_ones_at_once_are_eight(api_desk, caller):
    def send(place: int):
        return caller().give(f"k{place}", upstream_no=f"n{place}")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(send, range(AT_ONCE)))

    assert [answer.status_code for answer in answers] == [201] * AT_ONCE
    assert len({answer.json()["number"] for answer in answers}) == AT_ONCE
    with api_desk.reading() as ctx:
        assert upkeep.verify(ctx.session, ctx.keys).holds


def test_pages_follow_one_another(machine, clock):
    numbers = []
    for place in range(5):
        numbers.append(machine.give(upstream_no=f"n{place}").json()["number"])
        clock.wait(seconds=1)
    seen, after = [], None
    while True:
        page = machine.look(limit=2, **({"after": after} if after else {})).json()
        seen += [item["number"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break

    assert seen == numbers[::-1]


def test_one_order_is_found_by_its_upstream_number(machine):
    machine.give(upstream_no="n1")
    order = machine.give(upstream_no="n2").json()
    found = machine.look(upstream_no="n2", channel="hotline", state=order["state"]).json()

    assert found["next"] is None
    [item] = found["items"]
    assert {name: item[name] for name in order} == order
    assert (item["channel"], item["upstream_no"]) == ("hotline", "n2")
    assert machine.look(upstream_no="n2", channel="mailbox").json()["items"] == []


def test_nothing_personal_leaves(api_desk, machine):
    machine.give("k1")
    said = machine.give("k1").text + machine.look().text

    assert not [word for word in ("陈试样", "13800000123", "0123", "拨款") if word in said]
    with api_desk.reading() as ctx:
        kept = requesters.of_order(ctx.session, stored(api_desk).id)
        assert requesters.reveal(ctx.keys, kept).phone == "13800000123"


@pytest.mark.parametrize(
    ("text", "moment", "date_only"),
    [
        ("2026-10-08T09:12:00", datetime(2026, 10, 8, 9, 12, tzinfo=SHANGHAI), False),
        ("2026-10-08 09:12", datetime(2026, 10, 8, 9, 12, tzinfo=SHANGHAI), False),
        ("2026-10-08T01:12:00Z", datetime(2026, 10, 8, 9, 12, tzinfo=SHANGHAI), False),
        ("2026-10-08T10:12:00+09:00", datetime(2026, 10, 8, 9, 12, tzinfo=SHANGHAI), False),
        ("2026-10-08", datetime(2026, 10, 8, tzinfo=SHANGHAI), True),
        ("20261008", datetime(2026, 10, 8, tzinfo=SHANGHAI), True),
    ],
)
def test_a_time_without_offset_is_shanghais(api_desk, machine, text, moment, date_only):
    assert machine.give(received_at=text).status_code == 201
    order = stored(api_desk)
    assert (order.received_at, order.date_only) == (moment, date_only)
    [item] = machine.look().json()["items"]
    assert item["received_at"] == local(moment).isoformat()


def test_a_record_without_time_came_now(api_desk, machine, clock):
    assert machine.give(received_at=None).status_code == 201
    assert stored(api_desk).received_at == clock.now
    late = local(clock.now + timedelta(minutes=1)).isoformat()
    assert machine.give(upstream_no="n2", received_at=late).status_code == 422
