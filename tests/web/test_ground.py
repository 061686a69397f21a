"""The training ground: begun anew by its system administrator, and never in an office."""

import pytest

from monitor.domain.errors import Incomplete, NotAllowed, Refused
from monitor.services.office import ground
from monitor.storage.people import Demonstration
from tests.web.casefile import as_person

PAGE = "/admin/ground"


@pytest.fixture
def bureau(desk):
    """The desk of a demonstration as `monitor demo` serves it."""
    desk.settings.demo = True
    (desk.settings.home / ground.MARK).write_text("")
    with desk.writing() as ctx:
        ground.mark(ctx, took=17)
    return desk


def unmake(desk, what: str) -> None:
    """Take one of the marks of a demonstration away."""
    if what == "no file":
        (desk.settings.home / ground.MARK).unlink()
    elif what == "no row":
        with desk.writing() as ctx:
            ctx.session.delete(ctx.session.get(Demonstration, 1))
    elif what == "served as an office":
        desk.settings.demo = False
    else:
        desk.settings.database_url = "postgresql://desk@localhost/desk"


MARKS = ["no file", "no row", "served as an office", "a database of its own"]


@pytest.mark.parametrize("without", MARKS)
def test_what_is_no_demonstration_is_never_reset(bureau, without):
    unmake(bureau, without)

    with bureau.writing(as_person(bureau, "xiang")) as ctx, pytest.raises(Refused):
        ground.ask_reset(ctx, "重置")

    assert ground.asked(bureau.settings) == ""


@pytest.mark.parametrize("without", MARKS)
def test_the_page_of_an_office_has_no_form_and_takes_none(bureau, signed_in, without):
    xiang = signed_in("xiang")
    unmake(bureau, without)

    shown = xiang.get(PAGE).text
    answer = xiang.fill(PAGE, "/desk/me", typed="重置")

    assert 'name="typed"' not in shown
    assert "不能重置" in shown
    assert answer.status_code == 409
    assert ground.asked(bureau.settings) == ""


@pytest.mark.parametrize("typed", ["", "重", "重置吧", "yes"])
def test_the_word_must_be_typed(bureau, signed_in, typed):
    with bureau.writing(as_person(bureau, "xiang")) as ctx, pytest.raises(Incomplete):
        ground.ask_reset(ctx, typed)

    answer = signed_in("xiang").fill(PAGE, PAGE, typed=typed)

    assert answer.status_code == 422
    assert "重置”两个字" in answer.text
    assert ground.asked(bureau.settings) == ""


@pytest.mark.parametrize("username", ["lin", "qian", "sun", "an", "shen"])
def test_nobody_but_the_system_administrator_resets(bureau, signed_in, username):
    with bureau.writing(as_person(bureau, username)) as ctx, pytest.raises(NotAllowed):
        ground.ask_reset(ctx, "重置")

    browser = signed_in(username)
    assert browser.get(PAGE).status_code == 403
    assert browser.fill(PAGE, "/desk/me", typed="重置").status_code == 403
    assert PAGE not in browser.get("/desk/me").text


def test_it_is_told_what_will_happen_and_then_asked_for(bureau, signed_in):
    xiang = signed_in("xiang")

    assert PAGE in xiang.get("/admin/office").text
    page = xiang.get(PAGE).text
    answer = xiang.fill(PAGE, PAGE, typed=" 重置 ")

    assert "退出登录" in page
    assert "30 秒" in page
    assert answer.status_code == 200
    assert "ground.js" in answer.text
    assert "/login" in answer.text
    assert ground.asked(bureau.settings) == ground.ASKED
    with bureau.reading() as ctx:
        assert ground.took(ctx) == 17


def test_the_banner_of_an_office_leads_nowhere(signed_in):
    assert PAGE not in signed_in("xiang").get("/admin/office").text
