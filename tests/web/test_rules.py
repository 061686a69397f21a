"""The office changes its own rules: tried out first, published as versions, taken back."""

import pytest
from sqlmodel import select

from monitor.domain.letters import Incoming
from monitor.domain.vocabulary import Channel, Via
from monitor.services import rulebook
from monitor.services.rulebook.shapes import SHAPES
from monitor.steps import intake
from monitor.storage import history
from monitor.storage import rulebook as storage
from monitor.storage.orders import Order

ROW = {
    "code": "2.99", "new": "yes", "seen": "0", "topic": "funds", "words": "冰雪装备\r\n造雪机",
    "section": "factor", "duty": "冰雪装备企业的诉求。", "before": "", "reason": "新职责",
}  # fmt: skip


@pytest.fixture
def admin(signed_in):
    return signed_in("xiang")


@pytest.fixture
def send(admin):
    def send(kind, shown_on=None, /, **given):
        return admin.fill(f"/admin/rules/{kind}", shown_on or "/desk/password", **given)

    return send


def _rules(desk):
    with desk.reading() as ctx:
        return rulebook.current(ctx)


def _versions(desk, kind, code):
    with desk.reading() as ctx:
        return storage.history(ctx.session, kind, code)


def _letter(desk, text):
    with desk.writing() as ctx:
        found = Incoming(Channel.MAILBOX, Via.LETTER_FORM, text, ctx.now)
        receipt = intake.receive_one(ctx, found)
        order = ctx.session.exec(select(Order).where(Order.number == receipt.number)).one()
        order.suggested_topic, order.suggested_section = "funds", "funds"
        ctx.session.add(order)
    return receipt.number


def test_every_kind_has_its_list_and_every_rule_its_form(admin, desk):
    overview = admin.get("/admin/rules")

    assert overview.status_code == 200
    for kind in SHAPES:
        assert f'href="/admin/rules/{kind}"' in overview.text
        assert admin.get(f"/admin/rules/{kind}").status_code == 200
        with desk.reading() as ctx:
            held = [one for one in storage.all_versions(ctx.session) if one.kind == kind]
        for one in held[:1]:
            assert admin.get(f"/admin/rules/{kind}/{one.code}").status_code == 200
            assert admin.get(f"/admin/rules/{kind}/{one.code}/{one.version}").status_code == 200


def test_a_change_is_tried_out_and_nothing_is_written(send, desk):
    number = _letter(desk, "我们买了造雪机，补贴什么时候到账？")

    answer = send("catalogue", **ROW)

    assert answer.status_code == 200
    assert number in answer.text
    assert "会变的 1 件" in answer.text
    assert "→ 2.99" in answer.text
    assert _versions(desk, "catalogue", "2.99") == []


def test_a_confirmed_change_is_a_version_with_its_event(send, desk):
    before = _rules(desk).catalogue[0].number

    answer = send("catalogue", confirmed="yes", **{**ROW, "before": before})

    assert answer.status_code == 303
    assert [row.number for row in _rules(desk).catalogue][:2] == ["2.99", before]
    [row] = _versions(desk, "catalogue", "2.99")
    assert (row.version, row.reason, row.published_by) == (1, "新职责", "向（xiang）")
    with desk.reading() as ctx:
        event = history.latest(ctx.session, limit=1)[0]
    assert event.what == "rule_changed"
    assert '"code":"2.99"' in event.details


def test_what_is_wrong_is_told_at_its_field_and_kept(send, desk):
    answer = send("catalogue", **{**ROW, "section": "nowhere", "duty": "", "reason": ""})

    assert answer.status_code == 422
    assert answer.text.count("请改正：") == 3
    assert "造雪机" in answer.text
    assert _versions(desk, "catalogue", "2.99") == []


def test_no_change_reaches_back(send):
    answer = send("catalogue", **{**ROW, "valid_from": "2020-01-01"})

    assert answer.status_code == 422
    assert "请填今天或以后" in answer.text


def test_a_later_day_leaves_today_alone(send, desk, clock):
    day = (clock.now.date().replace(day=1, month=clock.now.month % 12 + 1)).isoformat()
    send("catalogue", confirmed="yes", **{**ROW, "valid_from": day})

    assert "2.99" not in [row.number for row in _rules(desk).catalogue]
    clock.wait(days=32)
    assert "2.99" in [row.number for row in _rules(desk).catalogue]


def test_a_retired_rule_can_be_taken_back_into_force(send, desk):
    send("catalogue", confirmed="yes", **ROW)
    send("catalogue", code="2.99", act="retire", seen="1", reason="取消", confirmed="yes")
    assert "2.99" not in [row.number for row in _rules(desk).catalogue]

    again = {"act": "restore", "again": "1", "seen": "2", "reason": "恢复", "confirmed": "yes"}
    send("catalogue", code="2.99", **again)

    assert "2.99" in [row.number for row in _rules(desk).catalogue]
    assert [row.version for row in _versions(desk, "catalogue", "2.99")] == [3, 2, 1]


def test_a_topic_that_rows_point_at_is_not_retired(send, desk):
    answer = send("topic", code="funds", act="retire", seen="1", reason="试试")

    assert answer.status_code == 422
    assert "的上级主题已停用" in answer.text


def test_a_form_of_an_older_version_is_refused(send):
    send("catalogue", confirmed="yes", **ROW)

    answer = send("catalogue", **{**ROW, "new": "", "seen": "0"})

    assert answer.status_code == 409


def test_the_reviewer_reads_and_does_not_change(signed_in, desk):
    qian = signed_in("qian")

    assert qian.get("/admin/rules/topic").status_code == 200
    assert qian.get("/admin/rules/topic/funds").status_code == 200
    assert qian.fill("/admin/rules/catalogue", "/desk/password", **ROW).status_code == 403


def test_others_do_not_see_the_rules(signed_in):
    assert signed_in("zhou").get("/admin/rules").status_code == 403


@pytest.mark.parametrize("kind", sorted(set(SHAPES) - {"office"}))
def test_every_rule_can_be_published_again_and_the_book_still_stands(send, desk, kind):
    with desk.reading() as ctx:
        first = next(one for one in storage.all_versions(ctx.session) if one.kind == kind)

    code, held = first.code, str(first.version)
    again = {"act": "restore", "again": held, "seen": held, "reason": "试", "confirmed": "yes"}
    answer = send(kind, code=code, **again)

    assert answer.status_code == 303
    assert _rules(desk).words
    assert _versions(desk, kind, code)[0].version == first.version + 1
