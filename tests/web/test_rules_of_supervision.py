"""Cards, notices and announcements are rules like others: tried on open orders, versions, back."""

from datetime import timedelta

import pytest

from monitor.services import rulebook
from monitor.services.rulebook import carrying
from monitor.services.supervision import sweeping
from monitor.storage import rulebook as storage
from monitor.storage.supervision import cards
from tests.web import casefile

RULE = {
    "code": "KP-1", "seen": "2", "name": "超期", "level": "yellow", "when": "late", "amount": "0",
    "promises": ["answer"], "tells": ["handler", "section_head"], "seen_within": "2",
    "basis": "本单位决定", "reason": "从严",
}  # fmt: skip


@pytest.fixture
def send(signed_in):
    def send(kind, /, **given):
        # A session ends while the clock is moved on.
        return signed_in("xiang").fill(f"/admin/rules/{kind}", "/desk/password", **given)

    return send


@pytest.fixture
def late(desk, clock):
    """An order that nobody answered, three weeks later, with its cards."""
    number = casefile.in_hand(desk)
    clock.wait(days=21)
    sweeping.sweep(desk)
    return number


def standing(desk, number):
    with desk.reading() as ctx:
        found = cards.of_order(ctx.session, casefile.look(desk, number).id)
        return sorted(one.level for one in found if one.lifted_at is None)


def test_a_change_is_tried_on_the_open_orders_and_takes_no_card_back(send, desk, late, clock):
    held = standing(desk, late)
    assert {"yellow", "red"} <= set(held)

    tried = send("card", **{**RULE, "amount": "300"})

    assert tried.status_code == 200
    assert "按现行规则共" in tried.text
    assert late in tried.text
    assert "会变的 1 件" in tried.text

    assert send("card", confirmed="yes", **{**RULE, "amount": "300"}).status_code == 303
    clock.wait(minutes=5)
    assert sweeping.sweep(desk).lifted == 0
    assert standing(desk, late) == held


def test_a_version_is_taken_back_and_what_is_new_gives_its_card(send, desk, late, clock):
    with desk.reading() as ctx:
        [newest, *_] = storage.history(ctx.session, "card", "KP-1")
    send("card", confirmed="yes", **{**RULE, "amount": "300"})
    back = {"act": "restore", "again": "2", "seen": "3", "reason": "恢复", "confirmed": "yes"}
    send("card", code="KP-1", **back)
    with desk.reading() as ctx:
        [restored] = [one for one in rulebook.current(ctx).cards if one.code == "KP-1"]
    assert (restored.amount, restored.version) == (newest.body["amount"], 4)

    new = {"code": "TS-1", "new": "yes", "seen": "0", "name": "超期一周", "level": "listed",
           "when": "late", "amount": "5"}  # fmt: skip
    assert send("card", confirmed="yes", **{**RULE, **new}).status_code == 303
    clock.wait(minutes=5)
    sweeping.sweep(desk)
    assert "listed" in standing(desk, late)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"amount": "x"}, "amount"),
        ({"when": "round", "amount": "0"}, "amount"),
        ({"when": "used", "amount": "180"}, "amount"),
        ({"when": "by_hand"}, "when"),
        ({"level": "chase", "when": "chased"}, "when"),
        ({"level": "purple"}, "level"),
        ({"tells": []}, "tells"),
        ({"promises": ["nothing"]}, "promises"),
        ({"basis": ""}, "basis"),
        ({"seen_within": "99999"}, "seen_within"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(send, desk, given, field):
    answer = send("card", **{**RULE, **given})

    assert answer.status_code == 422
    assert f'id="f-{field}-error"' in answer.text


def test_quiet_hours_are_changed_from_a_day_on(send, desk, clock):
    day = (clock.now + timedelta(days=3)).date().isoformat()
    given = {"code": "notices", "seen": "1", "quiet_from": "20:00", "quiet_until": "08:00",
             "digest_over": "3", "reason": "早睡", "valid_from": day}  # fmt: skip

    wrong = send("notice", **{**given, "quiet_from": "晚上"})
    assert wrong.status_code == 422
    assert "应写成 21:00 的样子" in wrong.text
    assert "照写下时的规则" in send("notice", **given).text
    send("notice", confirmed="yes", **given)

    with desk.reading() as ctx:
        assert f"{rulebook.current(ctx).notices.quiet_from:%H}" == "21"
    clock.wait(days=4)
    with desk.reading() as ctx:
        assert f"{rulebook.current(ctx).notices.quiet_from:%H}" == "20"


def test_a_step_is_announced_and_no_longer_by_choice_from_the_moves(send, desk, signed_in):
    form = signed_in("xiang").get("/admin/rules/announce/new").text
    assert '<option value="answer' in form or '<option value="notify' in form

    new = {"code": "sign", "new": "yes", "seen": "0", "tells": ["office_head"], "reason": "要知道"}
    assert send("announce", confirmed="yes", **new).status_code == 303
    wrong = send("announce", **{**new, "code": "nonsense"})
    assert (wrong.status_code, "请从列表中选择" in wrong.text) == (422, True)
    with desk.reading() as ctx:
        assert "sign" in rulebook.current(ctx).notices.announced

    send("announce", code="sign", act="retire", seen="1", reason="太多", confirmed="yes")
    with desk.reading() as ctx:
        assert "sign" not in rulebook.current(ctx).notices.announced


def test_the_rules_of_supervision_travel_with_the_configuration(send, desk):
    send("card", confirmed="yes", **{**RULE, "amount": "2"})
    with desk.reading() as ctx:
        packed = carrying.pack(ctx)
    send("card", confirmed="yes", **{**RULE, "seen": "3", "amount": "9"})

    with desk.writing() as ctx:
        made = carrying.plan(ctx, packed)
        assert [(one.kind, one.code) for one in made.rules] == [("card", "KP-1")]
        carrying.carry_out(ctx, made)

    with desk.reading() as ctx:
        [rule] = [one for one in rulebook.current(ctx).cards if one.code == "KP-1"]
    assert rule.amount == 2


def test_what_no_lesson_can_go_by_is_refused_at_its_field(send, desk):
    rule = {
        "code": "learning", "seen": "1", "held_out_share": "20", "fewest_held_out": "30",
        "most_examples": "10000", "gate_margin": "1", "auto": "yes", "reason": "试",
        "confirmed": "yes",
    }  # fmt: skip

    loose = send("learning", auto_precision="60", **rule)
    sound = send("learning", auto_precision="99", **rule)

    assert (loose.status_code, sound.status_code) == (422, 303)
    assert "应在 98 到 100 之间" in loose.text
    with desk.reading() as ctx:
        assert rulebook.current(ctx).learning.auto_precision == 99
