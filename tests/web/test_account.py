"""Changing a password, and setting the first one by invitation."""

import pytest

from monitor.domain.vocabulary import Role
from monitor.services import people
from monitor.services.desk import PUBLIC
from tests.web.conftest import PASSWORD


def change(lin, old=PASSWORD, new="a-new-and-long-one", again=None):
    return lin.fill(
        "/desk/password", "/desk/me", old=old, password=new, password_again=again or new
    )


def test_a_new_password_ends_every_other_session(signed_in, visitor):
    lin, elsewhere = signed_in("lin"), signed_in("lin")

    answer = change(lin)

    assert answer.status_code == 303
    assert "密码已改" in lin.get("/desk/me").text
    assert "密码已改" not in lin.get("/desk/me").text
    assert elsewhere.get("/desk/me").status_code == 303
    assert visitor().sign_in("lin").status_code == 401
    assert visitor().sign_in("lin", "a-new-and-long-one").status_code == 303


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"old": "not-the-old-one"}, "原密码不对"),
        ({"again": "something-else-1"}, "不一样"),
        ({"new": "short"}, "至少 10 个字符"),
        ({"new": "1234567890"}, "太容易猜到"),
        ({"new": "aaaaaaaaaaaa"}, "太容易猜到"),
        ({"new": "lin1234567"}, None),
        ({"new": "Lin-12345x"}, None),
    ],
)
def test_a_bad_change_of_password_changes_nothing(signed_in, visitor, given, said):
    answer = change(signed_in("lin"), **given)

    if said:
        assert answer.status_code == 422
        assert said in answer.text
        assert visitor().sign_in("lin").status_code == 303


def test_guessing_the_old_password_locks_as_well(signed_in):
    lin = signed_in("lin")

    statuses = [change(lin, old="not-the-old-one").status_code for _ in range(11)]

    assert statuses == [422] * 10 + [429]


def test_an_invitation_sets_the_first_password_once(visitor, desk):
    with desk.writing() as ctx:
        token = people.invite(ctx, people.create(ctx, "admin", "系统管理员", [Role.SYSTEM_ADMIN]))
    admin, address = visitor(), f"/invite/{token}"
    fields = {"password": "a-fresh-long-word", "password_again": "a-fresh-long-word"}

    unlike = admin.fill(address, address, **{**fields, "password_again": "another-long-word"})
    weak = admin.fill(address, address, password="admin12345", password_again="admin12345")
    answer = admin.fill(address, address, **fields)

    assert (unlike.status_code, weak.status_code) == (422, 422)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/tour")
    assert admin.get("/desk/me").status_code == 200
    assert visitor().get(address).status_code == 404
    assert visitor().sign_in("admin", "a-fresh-long-word").status_code == 303


def test_a_late_or_replaced_invitation_opens_nothing(visitor, desk, clock):
    with desk.writing() as ctx:
        first = people.reset(ctx, "lin")
        second = people.reset(ctx, "lin")

    assert visitor().get(f"/invite/{first}").status_code == 404
    assert visitor().get(f"/invite/{second}").status_code == 200
    clock.wait(hours=72)
    assert visitor().get(f"/invite/{second}").status_code == 404
    assert visitor().get("/invite/guess").status_code == 404
    assert visitor().sign_in("lin").status_code == 401


def test_a_public_page_never_acts_for_who_is_signed_in(app, signed_in):
    from monitor.web.deps import PublicReading
    from monitor.web.guard import public_router

    router = public_router()

    @router.get("/who-else")
    def who(ctx: PublicReading) -> str:
        return ctx.person.name

    app.include_router(router)

    assert signed_in("lin").get("/who-else").json() == PUBLIC.name
