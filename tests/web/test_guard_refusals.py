"""Refusals: what was typed is kept, a marked text leaves no trace, a lost write is no 200."""

from typing import Annotated
from uuid import uuid4

import pytest
from fastapi import Query

from monitor.domain.vocabulary import Role
from monitor.storage import history
from monitor.storage.people import Login
from monitor.web.deps import Ctx
from monitor.web.guard import desk_router
from tests.web.toys import add_toys, post

MARKED = "机密★10年 关于云鹤三号工程的内部材料"


@pytest.fixture(autouse=True)
def toys(app):
    add_toys(app)


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
    assert lin.post("/desk/deed?known=yes", headers=token).status_code == 200
    with desk.reading() as ctx:
        assert [one.what for one in history.latest(ctx.session)].count("deed") == 1
