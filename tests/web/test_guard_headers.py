"""Hosts, sizes, headers and files: what every answer carries, and what is refused at the door."""

import pytest
from starlette.responses import PlainTextResponse

from monitor.domain.vocabulary import Role
from monitor.web.door import host_name
from monitor.web.guard import desk_router, public_router

EVERY_ANSWER = {
    "content-security-policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/login", 200),
        ("GET", "/healthz", 200),
        ("GET", "/nothing", 404),
        ("DELETE", "/login", 405),
        ("BREW", "/login", 405),
        ("GET", "/desk", 303),
        ("POST", "/desk", 401),
        ("POST", "/login", 403),
        ("POST", "/api/v1/orders", 401),
        ("GET", "/api/v1/openapi.json", 200),
        ("GET", "/api/v1/docs", 200),
        ("GET", "/static/app.css", 200),
        ("GET", "/static/vendor/css/vendor/tabler.min.css", 200),
        ("GET", "/static/", 404),
        ("GET", "/static/vendor/css", 404),
        ("GET", "/static/../app.py", 404),
        ("GET", "/static/%2e%2e/app.py", 404),
        ("GET", "/x%00y", 404),
        ("GET", "/login?next=%00", 400),
        ("GET", "/boom", 500),
    ],
)
def test_every_answer_carries_the_headers(app, desk, visitor, method, path, status):
    router = public_router()
    router.get("/boom")(lambda: 1 / 0)
    app.include_router(router)
    object.__setattr__(desk, "candid", False)

    answer = visitor().request(method, path)

    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in EVERY_ANSWER} == EVERY_ANSWER
    assert "server" not in answer.headers
    assert "<script>" not in answer.text
    assert " style=" not in answer.text
    assert "onclick" not in answer.text


def test_what_is_personal_is_never_kept_by_a_browser(signed_in, visitor):
    lin = signed_in("lin")

    for client, path in ((lin, "/desk/me"), (lin, "/desk/nothing"), (visitor(), "/login")):
        assert client.get(path).headers["cache-control"] == "no-store"


def test_files_may_be_kept_because_their_address_changes(visitor):
    one = visitor()

    named = one.get("/static/app.css?v=abc").headers["cache-control"]
    plain = one.get("/static/vendor/css/vendor/tabler.min.css").headers["cache-control"]

    assert named == "public, max-age=31536000, immutable"
    assert plain == "public, max-age=86400"


def test_the_unexpected_is_a_page_with_a_number_and_nothing_else(app, desk, visitor, caplog):
    router = public_router()

    @router.get("/boom")
    def boom() -> None:
        raise KeyError("13800000123")

    app.include_router(router)
    object.__setattr__(desk, "candid", False)
    one = visitor()

    page = one.get("/boom")
    told = one.get("/boom", headers={"accept": "application/json"}).json()

    assert page.status_code == 500
    assert "系统出错" in page.text
    assert "13800000123" not in page.text + caplog.text
    assert told["incident"] in caplog.text
    assert "KeyError" in caplog.text


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("LOCALHOST:8000", 200),
        ("127.0.0.1:1", 200),
        ("[::1]:8000", 200),
        ("evil.example", 400),
        ("localhost.evil.example", 400),
        ("localhost:8000@evil.example", 400),
        ("localhost:80:80", 400),
        ("", 400),
    ],
)
def test_only_our_own_names_are_answered(visitor, host, status):
    assert visitor().get("/login", headers={"host": host}).status_code == status


@pytest.mark.parametrize(
    ("host", "name"), [("A.b:80", "a.b"), ("[::1]:80", "[::1]"), ("a:b", "a:b"), ("a:", "a")]
)
def test_a_name_is_read_without_its_port(host, name):
    assert host_name(host) == name


def test_a_body_that_says_it_is_too_large_is_refused_unread(signed_in):
    lin = signed_in("lin")
    big = {"content-length": str(11 * 1024 * 1024)}

    assert lin.post("/desk/password", content=b"x", headers=big).status_code == 413
    assert lin.post("/login", content=b"x", headers=big).status_code == 413
    assert lin.post("/login", content=b"x", headers={"content-length": "9" * 30}).status_code == 400


def chunks(megabytes):
    for _ in range(megabytes):
        yield b"a" * 1024 * 1024


@pytest.mark.parametrize(
    "kind",
    ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "application/json"],
)
def test_a_body_that_grows_too_large_is_refused(signed_in, desk, visitor, kind):
    lin = signed_in("lin")
    headers = {"content-type": kind, "x-csrf-token": lin.token("/desk/me")}

    answer = lin.post("/desk/password", content=chunks(11), headers=headers)

    assert answer.status_code == 413


def test_sheets_may_be_larger_for_those_who_import(app, signed_in, visitor):
    from fastapi import UploadFile

    router = desk_router(Role.DUTY)

    @router.post("/desk/import/toy")
    def take(file: UploadFile) -> int:
        return len(file.file.read())

    app.include_router(router)
    lin, wu = signed_in("lin"), signed_in("wu")

    def send(client, megabytes):
        headers = {"x-csrf-token": client.token("/desk/me")}
        sheet = {"file": ("a.csv", b"".join(chunks(megabytes)))}
        return client.post("/desk/import/toy", files=sheet, headers=headers)

    assert send(lin, 20).json() == 20 * 1024 * 1024
    assert send(wu, 20).status_code == 403
    too_long = {"content-length": str(101 * 1024 * 1024)}
    assert lin.post("/desk/import/toy", content=b"", headers=too_long).status_code == 413
    assert visitor().post("/desk/import/toy", content=chunks(20)).status_code == 401


def test_head_is_get_without_the_body(visitor):
    answer = visitor().head("/login")

    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["content-length"]) > 1000


def test_a_page_may_tighten_its_own_headers(app, visitor):
    router = public_router()
    own = {"content-security-policy": "default-src 'none'", "cache-control": "public, max-age=60"}
    router.get("/own")(lambda: PlainTextResponse("x", headers=own))
    app.include_router(router)

    answer = visitor().get("/own")

    assert {name: answer.headers[name] for name in own} == own


def test_the_document_names_only_the_machine_door(visitor):
    document = visitor().get("/api/v1/openapi.json").json()

    assert document["paths"]
    assert [path for path in document["paths"] if not path.startswith("/api/v1/")] == []
    assert document["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
