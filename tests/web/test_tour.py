"""The first-day tour: every step explains something that is there; begun once, left, taken up."""

import re
import tomllib
from collections import Counter

import pytest

from monitor.domain.vocabulary import Role
from monitor.services import people
from monitor.settings import Settings
from tests.web import casefile
from tests.web.conftest import CAST

STEPS = tomllib.loads((Settings().data_dir / "tour.toml").read_text("utf-8"))["step"]
TOURED = {
    "lin": Role.DUTY, "li": Role.HANDLER, "zhou": Role.SECTION_HEAD, "qian": Role.REVIEWER,
    "sun": Role.LEADER, "xiang": Role.SYSTEM_ADMIN, "an": Role.SECURITY_ADMIN,
    "shen": Role.AUDITOR,
}  # fmt: skip
WORD = "a-fresh-long-word"


def invited(desk, visitor, username: str, roles: list[Role]):
    """Somebody new who has just set his first password; his browser and where it was led."""
    with desk.writing() as ctx:
        section = "funds" if Role.HANDLER in roles else None
        person = people.create(ctx, username, "何", roles or [Role.DUTY], section=section)
        person.roles = [str(role) for role in roles]
        token = people.invite(ctx, person)
    browser, address = visitor(), f"/invite/{token}"
    answer = browser.fill(address, address, password=WORD, password_again=WORD)
    return browser, answer.headers["location"]


def test_each_role_has_four_to_six_steps_in_few_words():
    counts = Counter(step["role"] for step in STEPS)

    assert set(counts) == {role.value for role in TOURED.values()}
    assert all(4 <= count <= 6 for count in counts.values()), counts
    assert all(len(step["sentence"]) <= 70 and len(step["heading"]) <= 12 for step in STEPS)


@pytest.mark.parametrize("username", TOURED)
def test_every_step_stands_beside_what_it_explains(desk, signed_in, username):
    casefile.letter(desk)
    casefile.in_review(desk)
    browser = signed_in(username)
    count = len(re.findall("<li><h3>", browser.get("/desk/tour").text))
    mine = [step for step in STEPS if step["role"] in CAST[username][2]]

    assert 4 <= count <= len(mine)
    for place in range(1, count + 1):
        answer = browser.fill("/desk/tour", "/desk/tour", place=str(place))
        page = browser.get(answer.headers["location"])
        assert page.status_code == 200, answer.headers["location"]
        kind, name = re.search(r'data-anchor="([.#])([\w-]+)"', page.text).groups()
        attribute = "class" if kind == "." else "id"
        body = page.text.split('<section class="tour"')[0].split("<body")[1]
        assert re.search(rf'{attribute}="(?:[^"]* )?{name}[ "]', body), (place, name)


def test_the_first_login_begins_the_tour_and_no_other_does(desk, visitor):
    he, led = invited(desk, visitor, "he", [Role.HANDLER])

    assert led == "/desk/tour"
    assert "何，欢迎" in he.get("/desk/tour").text
    step = he.fill("/desk/tour", "/desk/tour", place="1").headers["location"]
    assert step == "/desk/section?tour=1"
    assert 'id="tour"' in he.get(step).text
    assert visitor().sign_in("he", WORD).headers["location"] == "/desk"


def test_who_has_no_role_yet_is_led_when_he_has_one(desk, visitor, signed_in):
    _, led = invited(desk, visitor, "he", [])
    assert led == "/desk"

    signed_in("an").fill("/admin/roles/he", "/admin/roles/he", roles=["duty"], reason="新来")

    assert visitor().sign_in("he", WORD).headers["location"] == "/desk/tour"
    assert visitor().fill(
        "/login", "/login", username="he", password=WORD, next="/desk/register"
    ).headers["location"] == "/desk/register"  # fmt: skip


def test_a_tour_is_left_and_taken_up_and_ended(desk, visitor):
    he, _ = invited(desk, visitor, "he", [Role.HANDLER])
    he.fill("/desk/tour", "/desk/tour", place="2")

    left = he.fill("/desk/tour/leave", "/desk/tour", place="2")
    assert left.headers["location"] == "/desk/section"
    assert "接着看第 2 步" in he.get("/desk/tour").text
    assert he.sign_in("he", WORD).headers["location"] == "/desk"
    done = he.fill("/desk/tour", "/desk/tour", place="5")
    assert done.headers["location"] == "/desk/tour"
    assert "再看一遍" in he.get("/desk/tour").text
    assert he.sign_in("he", WORD).headers["location"] == "/desk"


def test_who_was_here_before_is_not_led_but_finds_it(signed_in, visitor):
    assert visitor().sign_in("lin").headers["location"] == "/desk"
    assert "/desk/tour" in signed_in("lin").get("/desk/inbox").text


@pytest.mark.parametrize("asked", ["0", "7", "99", "abc", "-1", "１", "2"])
def test_no_box_where_the_step_is_another_pages(signed_in, asked):
    page = signed_in("lin").get(f"/desk/register?tour={asked}")

    assert page.status_code == 200
    assert 'id="tour"' not in page.text


@pytest.mark.parametrize("place", ["0", "x", "99999999999999"])
def test_a_place_that_is_none_is_refused(signed_in, place):
    lin = signed_in("lin")

    assert lin.fill("/desk/tour", "/desk/tour", place=place).status_code == 422
    assert lin.fill("/desk/tour/leave", "/desk/tour", place=place).status_code == 422
