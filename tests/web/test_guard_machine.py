"""JSON as machines send it."""

import pytest

from monitor.services.office import machines
from tests.web.toys import add_toys


@pytest.fixture(autouse=True)
def toys(app):
    add_toys(app)


@pytest.fixture
def machine(desk, visitor):
    with desk.writing() as ctx:
        token = machines.add_key(ctx, "热线平台")
    client = visitor()
    client.headers["authorization"] = f"Bearer {token}"
    return client


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"text": "a"}', 409),
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe{", 400),
        (b'{"text": "\\ud800"}', 422),
        (b'{"text": "a\\u0000b"}', 422),
        (b'{"\\ud800": "a"}', 422),
        (b'{"text": ' + b"[" * 5000 + b"]" * 5000 + b"}", 400),
        (b'{"text": ' + b"9" * 5000 + b"}", 400),
        (b'{"text": 1e999}', 422),
        (b"[]", 422),
        (b"null", 422),
    ],
)
def test_bad_json_is_refused(machine, body, status):
    answer = machine.post("/api/v1/toy", content=body, headers={"content-type": "application/json"})

    assert answer.status_code == status
    assert answer.json()["status"] == status


def test_a_machine_sends_json_only(machine):
    assert machine.post("/api/v1/toy", content=b"x" * 10).status_code == 415
