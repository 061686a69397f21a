"""What is sent to us: tokens, origins, characters, marks of secrecy; nothing typed is lost."""

from typing import Annotated
from uuid import uuid4

import pytest
from fastapi import Form, Query
from pydantic import BaseModel

from monitor.domain.errors import Refused, Stale
from monitor.domain.vocabulary import Role
from monitor.storage import history
from monitor.storage.people import Login
from monitor.web.deps import Ctx, Number, PublicCtx, Seen
from monitor.web.guard import desk_router, machine_router, public_router

MARKED = "机密★10年 关于云鹤三号工程的内部材料"


class Note(BaseModel):
    """A form as pages declare it."""

    text: str
    tags: list[str] = []


@pytest.fixture(autouse=True)
def toy(app):
    """A page with one form of each kind."""
    staff, public, machine = desk_router(Role.DUTY), public_router(), machine_router()

    @staff.post("/desk/note")
    def note(ctx: Ctx, form: Annotated[Note, Form()]) -> dict[str, object]:
        return {"text": form.text, "tags": form.tags}

    @staff.post("/desk/orders/{number}/toy")
    def stale(ctx: Ctx, number: Number, seen: Seen, text: Annotated[str, Form()]) -> None:
        raise Stale("周（zhou）在 10:02 改过这张工单：签收。", remedy="请看对照后，在新版上继续。")

    @public.post("/write")
    def write(ctx: PublicCtx, text: Annotated[str, Form()]) -> dict[str, str]:
        return {"text": text}

    @machine.post("/api/v1/toy")
    def take(ctx: Ctx, note: Note) -> str:
        raise Refused("够了。")

    for router in (staff, public, machine):
        app.include_router(router)


def post(client, path="/desk/note", shown_on="/desk/me", headers=None, **fields):
    data = {"csrf_token": client.token(shown_on), "text": "a", **fields}
    return client.post(path, data=data, headers=headers)


def test_a_form_of_ours_is_accepted(signed_in, visitor):
    answer = post(signed_in("lin"), text=" 一，\r\n二\t", tags=["x", "y"])
    public = post(visitor(), "/write", "/login", text="来信")

    assert answer.json() == {"text": " 一，\r\n二\t", "tags": ["x", "y"]}
    assert public.json() == {"text": "来信"}


def test_the_token_may_come_in_a_header(signed_in):
    lin = signed_in("lin")
    token = lin.token("/desk/me")

    answer = lin.post("/desk/note", data={"text": "a"}, headers={"x-csrf-token": token})

    assert answer.status_code == 200


@pytest.mark.parametrize("token", ["", "x", "é" * 64, "0" * 64])
def test_a_form_without_our_token_is_refused(signed_in, token):
    answer = post(signed_in("lin"), csrf_token=token)

    assert answer.status_code == 403
    assert "提交未被接受" in answer.text


def test_a_token_of_another_session_or_of_a_visitor_is_refused(signed_in, visitor):
    lin, other = signed_in("lin"), signed_in("lin")

    assert post(lin, csrf_token=other.token("/desk/me")).status_code == 403
    assert post(lin, csrf_token=visitor().token("/login")).status_code == 403


def test_a_visitor_without_our_cookie_is_refused(visitor):
    one = visitor()
    token = one.token("/login")
    one.cookies.clear()

    assert one.post("/write", data={"csrf_token": token, "text": "a"}).status_code == 403
    one.cookies.set("visitor", "made-up.0000")
    assert one.post("/write", data={"csrf_token": token, "text": "a"}).status_code == 403


def test_a_token_twice_is_none(signed_in):
    lin = signed_in("lin")
    token = lin.token("/desk/me")

    assert post(lin, csrf_token=[token, token]).status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "http://localhost:8000"}, 200),
        ({"origin": "http://localhost:8000", "sec-fetch-site": "same-origin"}, 200),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, 200),
        ({"origin": "null"}, 403),
        ({"origin": "http://localhost:9000"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "http://[half"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
    ],
)
def test_a_form_of_another_site_is_refused(signed_in, headers, status):
    assert post(signed_in("lin"), headers=headers).status_code == status


@pytest.mark.parametrize("bad", ["a\x00b", "\x07", "a\x0bb", "\ufffe"])
def test_characters_that_cannot_be_kept_are_refused(signed_in, bad):
    lin = signed_in("lin")

    in_a_value, in_a_name = post(lin, text=bad), post(lin, **{f"x{bad}": "1"})

    assert (in_a_value.status_code, in_a_name.status_code) == (422, 422)


@pytest.mark.parametrize("raw", [b"text=%ED%A0%80", b"text=%ff%fe", b"text=\xc4\xe3\xba\xc3"])
def test_bytes_that_are_no_text_are_refused(signed_in, raw):
    lin = signed_in("lin")
    body = raw + b"&csrf_token=" + lin.token("/desk/me").encode()
    kind = {"content-type": "application/x-www-form-urlencoded"}

    assert lin.post("/desk/note", content=body, headers=kind).status_code == 422


@pytest.mark.parametrize(
    "charset", ["gb18030", "utf-7", "punycode", "undefined", "hex", "nonsense"]
)
def test_odd_charsets_are_refused(signed_in, charset):
    lin = signed_in("lin")
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=b"):
        headers = {"content-type": f"{kind}; charset={charset}"}
        answer = lin.post("/desk/note", content=b"--b--", headers=headers)
        assert answer.status_code == 400


def test_a_field_given_twice_is_refused_where_one_is_meant(signed_in):
    assert post(signed_in("lin"), text=["a", "b"]).status_code == 400


def test_too_many_fields_are_refused(signed_in):
    lin = signed_in("lin")

    assert post(lin, **{f"f{n}": "x" for n in range(300)}).status_code == 400
    parts = [(f"f{n}", (None, "x")) for n in range(300)]
    assert lin.post("/desk/note", files=parts).status_code == 400


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"--b\r\n\r\nx", "multipart/form-data", 400),
        (b"--b\r\nbroken", "multipart/form-data; boundary=b", 403),
        (b"broken", "multipart/form-data; boundary=b", 400),
        (b"\xff\xfe", "text/plain", 403),
        (b"{}", "application/json", 403),
    ],
)
def test_broken_bodies_are_refused(signed_in, body, kind, status):
    answer = signed_in("lin").post("/desk/note", content=body, headers={"content-type": kind})

    assert answer.status_code == status


def test_missing_and_long_fields_are_named_in_words(signed_in):
    lin = signed_in("lin")
    token = lin.token("/desk/me")

    page = lin.post("/desk/note", data={"csrf_token": token})
    asked = lin.post(
        "/desk/orders/HY1/toy",
        data={"csrf_token": token, "seen": "9" * 20, "text": "写好的"},
        headers={"accept": "application/json"},
    )

    assert page.status_code == 422
    assert "内容：没有填写" in page.text
    assert asked.json()["fields"] == {"seen": "数值过大"}


def test_somebody_else_was_faster_and_what_was_typed_is_shown(signed_in):
    lin = signed_in("lin")
    fields = {"seen": "3", "text": "写了很久的说明 <b>13800000123</b>"}

    answer = post(lin, "/desk/orders/HY20261009-016/toy", **fields)

    assert answer.status_code == 409
    assert "周（zhou）在 10:02 改过这张工单：签收。" in answer.text
    assert "写了很久的说明 &lt;b&gt;13800000123&lt;/b&gt;" in answer.text
    assert 'href="/desk/orders/HY20261009-016"' in answer.text
    assert lin.token("/desk/me") not in answer.text.partition("<main")[2]


def test_a_fragment_is_refused_as_a_fragment(signed_in):
    lin = signed_in("lin")

    answer = post(
        lin, "/desk/orders/HY1/toy", headers={"x-fragment": "panel"}, seen="1", text="写好的"
    )

    assert answer.status_code == 409
    assert "<html" not in answer.text
    assert "写好的" in answer.text


def test_a_password_is_never_shown_again(signed_in):
    lin = signed_in("lin")
    fields = {"old": "an-old-secret", "password": "x" * 2000, "password_again": "y"}

    answer = lin.fill("/desk/password", "/desk/me", **fields)

    assert answer.status_code == 422
    assert "an-old-secret" not in answer.text
    assert "xxxx" not in answer.text


@pytest.mark.parametrize("where", ["text", "tags", "anything"])
def test_a_mark_of_secrecy_is_refused_without_a_trace(signed_in, desk, tmp_path, caplog, where):
    answer = post(signed_in("lin"), **{where: MARKED})

    assert answer.status_code == 422
    assert "密级标志" in answer.text
    assert "云鹤三号工程" not in answer.text
    with desk.reading() as ctx:
        event = history.latest(ctx.session)[0]
        assert (event.what, event.actor) == ("secrecy_refused", "林（lin）")
        assert event.details == '{"door":"/desk/note"}'
    assert "云鹤三号" not in caplog.text
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or "云鹤三号".encode() not in file.read_bytes()


def test_the_public_is_refused_a_mark_as_well(visitor, desk):
    answer = post(visitor(), "/write", "/login", text=MARKED)

    assert answer.status_code == 422
    with desk.reading() as ctx:
        assert history.latest(ctx.session)[0].actor == "公众"


def test_the_name_of_a_file_is_looked_at(signed_in):
    lin = signed_in("lin")
    data = {"csrf_token": lin.token("/desk/me"), "text": "a"}

    answer = lin.post("/desk/note", data=data, files={"file": (MARKED + ".xlsx", b"x")})

    assert answer.status_code == 422


@pytest.fixture
def machine(desk, visitor):
    from monitor.services import people

    with desk.writing() as ctx:
        token = people.add_key(ctx, "热线平台")
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


def test_bytes_sent_bare_are_read_as_utf8(signed_in):
    lin = signed_in("lin")
    body = "text=咨询&csrf_token=".encode() + lin.token("/desk/me").encode()
    kind = {"content-type": "application/x-www-form-urlencoded"}

    assert lin.post("/desk/note", content=body, headers=kind).json()["text"] == "咨询"


def test_a_commit_that_fails_is_not_followed_by_a_200(app, desk, signed_in):
    router = desk_router(Role.DUTY)

    @router.post("/desk/deed")
    def deed(ctx: Ctx, known: Annotated[bool, Query()]) -> str:
        # Only the commit notices that nobody is behind this session.
        ctx.session.connection().exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        ctx.record_system("deed")
        if not known:
            login = Login(secret_hash="x", person_id=uuid4(), started_at=ctx.now, seen_at=ctx.now)
            ctx.session.add(login)
        return "done"

    app.include_router(router)
    lin = signed_in("lin")
    token = {"x-csrf-token": lin.token("/desk/me")}
    object.__setattr__(desk, "candid", False)

    answer = lin.post("/desk/deed?known=no", headers=token)

    assert answer.status_code == 500
    assert "编号" in answer.text
    assert "FOREIGN" not in answer.text
    desk.database.engine.dispose()
    assert lin.post("/desk/deed?known=yes", headers=token).status_code == 200
    with desk.reading() as ctx:
        assert [one.what for one in history.latest(ctx.session)].count("deed") == 1
