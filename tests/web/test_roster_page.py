"""值班表: read by everybody, planned by the week, leave entered by heads; faults name the field."""

import re

import pytest

from monitor.services.office import roster
from monitor.storage.supervision import notices
from tests.web.casefile import as_person

PAGE = "/desk/roster"
# The clock of the tests stands at Friday 2026-10-09; Saturday is a make-up day.
WEEK = "2026-10-05"


def seen(browser, address=f"{PAGE}?plan=yes"):
    return re.search(r'name="seen" value="(\d+)"', browser.get(address).text)[1]


@pytest.mark.parametrize("who", ["lin", "li", "zhao", "sun", "wu", "xiang", "an", "shen"])
def test_everybody_reads_the_roster_and_its_empty_state(signed_in, who):
    text = signed_in(who).get(PAGE).text

    assert "这一周还没有排班" in text
    assert "没有人请假、外出" in text
    assert ("排这一周" in text) is (who == "lin")


def test_a_week_is_planned_shown_and_taken_back(signed_in):
    lin = signed_in("lin")
    turns = ["2026-10-09:lin", "2026-10-10:lin", "2026-10-11:lin"]

    answer = lin.fill(PAGE, f"{PAGE}?plan=yes", day=WEEK, on=turns, seen=seen(lin))

    assert answer.status_code == 303
    text = lin.get(PAGE).text
    assert "加 3 人次" in text
    assert re.search(r'title="国庆节补班"|title="补班"', text)
    assert "今天值班：林" in text
    month = signed_in("zhou").get(f"{PAGE}?view=month").text
    assert month.count('class="ro-name">林') == 3

    number = re.search(r"changes/(\d+)/undo", text)[1]
    assert lin.fill(f"{PAGE}/changes/{number}/undo", PAGE).status_code == 303
    assert "已撤回" in lin.get(PAGE).text
    assert "这一周还没有排班" in lin.get(PAGE).text


def test_two_who_plan_at_once_do_not_overwrite_one_another(signed_in):
    lin, qian = signed_in("lin"), signed_in("qian")
    before = seen(qian)
    lin.fill(PAGE, f"{PAGE}?plan=yes", day=WEEK, on=["2026-10-09:lin"], seen=seen(lin))

    answer = qian.fill(PAGE, f"{PAGE}?plan=yes", day=WEEK, on=["2026-10-10:lin"], seen=before)

    assert answer.status_code == 409
    assert "值班表刚才有人改过" in answer.text


def test_last_week_is_copied_to_the_days_on_which_nobody_is_yet(signed_in, desk):
    lin = signed_in("lin")
    with desk.writing(as_person(desk, "qian")) as ctx:
        today = ctx.now.date()
        roster.plan_week(ctx, today.replace(day=5), {today: ["lin"]}, 0)

    lin.fill(f"{PAGE}/copy", f"{PAGE}?day=2026-10-16", day="2026-10-12", seen=seen(lin, PAGE))

    assert "已照上周排好 1 天" in lin.get(f"{PAGE}?day=2026-10-16").text


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"username": ""}, "username"),
        ({"first_day": ""}, "first_day"),
        ({"first_day": "昨天"}, "first_day"),
        ({"last_day": "2026-10-01"}, "last_day"),
        ({"kind": "sick"}, "kind"),
        ({"deputy": "zhao"}, "deputy"),
    ],
)
def test_a_wrong_leave_names_the_field_and_keeps_what_was_typed(signed_in, fields, field):
    zhou = signed_in("zhou")
    given = {"username": "li", "kind": "out", "first_day": "2026-10-12", "last_day": "2026-10-14",
             "deputy": ""} | fields  # fmt: skip

    answer = zhou.fill(f"{PAGE}/leaves", PAGE, **given)

    assert answer.status_code == 422
    assert f'id="f-{field}-error"' in answer.text
    if field != "last_day":
        assert 'value="2026-10-14"' in answer.text


def test_leave_is_entered_shown_without_a_reason_and_taken_back(signed_in):
    zhou = signed_in("zhou")
    given = {"username": "li", "kind": "leave", "first_day": "2026-10-09",
             "last_day": "2026-10-14", "deputy": "zhou"}  # fmt: skip

    assert zhou.fill(f"{PAGE}/leaves", PAGE, **given).status_code == 303

    text = zhou.get(PAGE).text
    assert "李请假，周代班" in text
    assert "事由" not in re.sub("不记事由", "", text)
    assert "（本科室）" in text
    assert "代李办事" in re.sub(r"\s", "", text)
    stranger = signed_in("zhao")
    number = re.search(r"leaves/(\d+)/end", text)[1]
    assert "李请假" in stranger.get(PAGE).text
    assert stranger.fill(f"{PAGE}/leaves/{number}/end", PAGE).status_code == 403

    zhou.fill(f"{PAGE}/leaves/{number}/end", PAGE)
    assert "没有人请假、外出" in zhou.get(PAGE).text


def test_the_office_keeps_nobody_else_from_the_forms(signed_in):
    for who in ("li", "sun", "xiang"):
        assert signed_in(who).fill(PAGE, PAGE, day=WEEK, seen="0").status_code == 403
        assert "登记请假" not in signed_in(who).get(PAGE).text


def test_a_notice_in_anothers_place_says_so_on_the_page(signed_in, desk):
    with desk.writing() as ctx:
        row = {"person_id": as_person(desk, "zhou").id, "kind": "red", "urgent": True,
               "about": "红牌：答复时限", "key": "k", "at": ctx.now, "number": "",
               "order_id": None, "read_at": None, "note": "李请假，转告科室负责人", "step": "",
               "card_id": None, "up_at": None}  # fmt: skip
        notices.tell(ctx.session, row, [], ctx.now)

    assert "李请假，转告科室负责人" in signed_in("zhou").get("/desk/notices").text


@pytest.mark.parametrize(
    "query", ["?day=x", "?day=9999-12-31", "?day=0001-01-01", "?view=month&day=2098-12-31"]
)
def test_strange_addresses_show_a_week_all_the_same(signed_in, query):
    assert signed_in("lin").get(f"{PAGE}{query}").status_code == 200


def test_as_many_questions_for_many_as_for_one(signed_in, count_queries):
    qian = signed_in("qian")

    def ask():
        with count_queries() as found:
            qian.get(PAGE)
        return len(found)

    def away(username):
        qian.fill(f"{PAGE}/leaves", PAGE, username=username, kind="leave",
                  first_day="2026-10-09", last_day="2026-10-14", deputy="")  # fmt: skip

    away("li")
    ask()
    one = ask()
    for username in ("zhao", "zhou", "wu"):
        away(username)
    ask()
    assert ask() == one
