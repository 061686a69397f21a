"""Nobody reaches anything by guessing: every address, every role."""

import asyncio
import re

import pytest
from fastapi.routing import iter_route_contexts
from starlette.testclient import TestClient

from monitor.domain.vocabulary import Role
from monitor.web.app import create_app
from monitor.web.guard import Area, GuardedRoute, area_of, desk_router, public_router
from tests.web.conftest import CAST

MAY_NOT = "没有权限"


def routes(app):
    """Method, address with made-up parts, and the guarded route of everything there is."""
    for context in iter_route_contexts(app.routes):
        path = re.sub(r"\{[^}]*\}", "HY20261009-001", context.path or "")
        for method in sorted(context.methods or ()):
            yield method, path, context.original_route


def ask(client: TestClient, method: str, path: str):
    return client.request(method, path, headers={"accept": "application/json"})


def test_every_staff_and_machine_address_has_a_guard(app):
    closed = [
        (method, path, route)
        for method, path, route in routes(app)
        if area_of(path) is not Area.PUBLIC
    ]

    assert len(closed) > 5
    assert [path for _, path, route in closed if not isinstance(route, GuardedRoute)] == []
    assert [
        path for _, path, route in closed if area_of(path) is Area.STAFF and not route.roles
    ] == []


def test_a_stranger_reaches_no_closed_address(app, visitor):
    stranger = visitor()

    reached = {
        (method, path): answer.status_code
        for method, path, _ in routes(app)
        if area_of(path) is not Area.PUBLIC
        and (answer := ask(stranger, method, path)).status_code != 401
    }

    assert reached == {}


@pytest.mark.parametrize("username", CAST)
def test_a_role_reaches_its_own_addresses_only(app, signed_in, username):
    roles = set(CAST[username][2])
    client = signed_in(username)
    client.post = None  # the walk must not sign out on its way

    wrong = {}
    for method, path, route in routes(app):
        if area_of(path) is not Area.STAFF or path == "/logout":
            continue
        answer = ask(client, method, path)
        refused = answer.status_code == 403 and answer.json()["title"] == MAY_NOT
        if refused is not roles.isdisjoint(route.roles):
            wrong[(method, path)] = answer.status_code

    assert wrong == {}


@pytest.mark.parametrize("path", ["/desk/nothing", "/desk/orders/x/y", "/admin", "/admin/x/y"])
def test_unknown_addresses_look_like_known_ones_to_a_stranger(visitor, path):
    stranger = visitor()

    page = stranger.get(path)
    sent = stranger.post(path, data={"a": "b"})

    assert (page.status_code, page.headers["location"]) == (303, f"/login?next={path}")
    assert sent.status_code == 401


def test_unknown_addresses_of_the_machine_door_ask_for_a_key(visitor):
    answer = visitor().post("/api/v2/anything", json={})

    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("path", "status"), [("/desk/password", 401), ("/api/v1/orders", 401), ("/nothing", 404)]
)
def test_what_is_refused_is_answered_before_the_body_is_looked_at(app, path, status):
    answers = []

    async def receive():
        pytest.fail("somebody looked at the body")

    async def send(message):
        answers.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "http_version": "1.1",
        "server": ("localhost", 8000),
        "client": ("127.0.0.1", 1),
        "headers": [
            (b"host", b"localhost"),
            (b"content-type", b"application/json"),
            (b"content-length", b"5000"),
        ],
    }
    asyncio.run(app(scope, receive, send))

    assert answers[0]["status"] == status


def test_a_role_that_may_not_is_told_so_before_its_body_is_looked_at(app, signed_in):
    router = desk_router(Role.LEADER)

    @router.post("/desk/leaders-only")
    def deed() -> None:
        raise AssertionError

    app.include_router(router)
    li = signed_in("li")

    answer = li.post("/desk/leaders-only", content=b"\xff" * 100, headers={"content-type": "a/b"})

    assert answer.status_code == 403
    assert MAY_NOT in answer.text
    assert "分管领导" in answer.text


def test_a_router_cannot_lie_in_a_foreign_area():
    with pytest.raises(ValueError, match="lies in the area staff"):
        public_router().get("/desk/x")(lambda: None)
    with pytest.raises(ValueError, match="lies in the area public"):
        desk_router(Role.DUTY).get("/x")(lambda: None)
    with pytest.raises(ValueError, match="name the roles"):
        desk_router()


def test_an_unguarded_staff_address_stops_the_start(desk, monkeypatch):
    from fastapi import APIRouter

    from monitor.web import app as building
    from monitor.web.navigation import Page

    router = APIRouter()
    router.get("/desk/open-to-all")(lambda: None)
    monkeypatch.setattr(building, "PAGES", (Page(router, "漏"),))

    with pytest.raises(RuntimeError, match="/desk/open-to-all has no guard"):
        create_app(desk)


def test_a_revoked_key_opens_nothing(desk, visitor):
    from monitor.services.office import machines

    with desk.writing() as ctx:
        token = machines.add_key(ctx, "12345")
    machine = visitor()
    headers = {"authorization": f"Bearer {token}"}
    before = machine.get("/api/v1/orders", headers=headers).status_code
    with desk.writing() as ctx:
        machines.revoke_key(ctx, "12345")

    after = machine.get("/api/v1/orders", headers=headers).status_code

    assert (before, after) == (200, 401)


def test_a_session_does_not_open_the_machine_door(signed_in):
    assert signed_in("lin").get("/api/v1/orders").status_code == 401


def test_metrics_need_the_token(visitor):
    stranger = visitor()

    assert stranger.get("/metrics").status_code == 401
    assert stranger.get("/metrics", headers={"authorization": "Bearer x"}).status_code == 401
    told = stranger.get("/metrics", headers={"authorization": "Bearer watching"})
    assert 'desk_clocks_running{promise="answer"} 0' in told.text
