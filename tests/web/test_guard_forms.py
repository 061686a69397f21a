"""Forms as they arrive: tokens, origins, characters, missing and repeated fields."""

import pytest

from tests.web.toys import add_toys, post


@pytest.fixture(autouse=True)
def toys(app):
    add_toys(app)


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
    assert "填写有误" in in_a_value.text
    assert "还缺必填内容" not in in_a_value.text


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


def test_bytes_sent_bare_are_read_as_utf8(signed_in):
    lin = signed_in("lin")
    body = "text=咨询&csrf_token=".encode() + lin.token("/desk/me").encode()
    kind = {"content-type": "application/x-www-form-urlencoded"}

    assert lin.post("/desk/note", content=body, headers=kind).json()["text"] == "咨询"
