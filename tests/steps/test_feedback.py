"""Answers go back to the platform: each once, in a table that the desk itself can read again."""

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from monitor.domain.dispatch import Decision
from monitor.domain.errors import Incomplete, Refused
from monitor.reports import feedback as drawn
from monitor.steps import casework, dispatch, feedback, intake, publishing, review
from monitor.storage import history
from tests.steps.conftest import MORNING
from tests.steps.letters import letter, row

HOUR = timedelta(hours=1)
LATER = MORNING + 10 * HOUR
ANSWER = "=您好，补贴已列入第四季度用款计划。"


@pytest.fixture
def answered(office):
    """An order of the platform that was answered; its own number."""

    def make(upstream: str, **given) -> str:
        record = row(MORNING, upstream, **given)
        number = office.at(MORNING, "system", lambda ctx: intake.receive(ctx, [record]))[0].number
        decision = Decision("funds", "help", "normal", "funds")
        office.on(number, MORNING + HOUR, "lin", dispatch.send, decision=decision)
        office.on(number, MORNING + 2 * HOUR, "zhou", dispatch.sign)
        office.on(number, MORNING + 3 * HOUR, "zhou", casework.contact, way="电话",
                  outcome="接通", at=None)  # fmt: skip
        office.on(number, MORNING + 4 * HOUR, "zhou", casework.submit, answer=ANSWER,
                  solved="partly", note="已报用款计划")  # fmt: skip
        office.on(number, MORNING + 5 * HOUR, "qian", review.sign_off, opinion="同意")
        office.on(number, MORNING + 6 * HOUR, "qian", publishing.record_answer, way="fed_back",
                  at=None)  # fmt: skip
        return number

    return make


def hand_over(office, **given):
    return office.at(LATER, "qian", lambda ctx: feedback.hand_over(ctx, "city", **given))


def cells(office, batch) -> list[dict[str, object]]:
    body = office.at(LATER, "qian", lambda ctx: drawn.as_xlsx(ctx, batch))
    lines = list(load_workbook(BytesIO(body)).active.iter_rows(values_only=True))
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def test_a_table_says_how_the_matter_ended(office, answered):
    answered("R001")

    [line] = cells(office, hand_over(office))

    assert line["工单编号"] == "R001"
    assert line["办理单位"] == "政策兑现科"
    assert line["办理情况"] == "已报用款计划"
    assert line["公开答复"] == ANSWER
    assert line["答复时间"] == "2026-09-21 14:00:00"
    assert line["联系时间"] == "2026-09-21 11:00:00"
    assert line["是否解决"] == "部分解决"
    assert not line["是否满意"]


def test_an_answer_is_never_handed_over_twice(office, answered):
    answered("R001")
    first = hand_over(office)
    answered("R002")

    second = hand_over(office)

    assert [line["工单编号"] for line in cells(office, first)] == ["R001"]
    assert [line["工单编号"] for line in cells(office, second)] == ["R002"]
    with pytest.raises(Refused):
        hand_over(office)


def test_a_table_holds_no_more_than_was_seen_waiting(office, answered):
    for number in ("R001", "R002", "R003"):
        answered(number)

    assert hand_over(office, most=2).count == 2
    assert hand_over(office).count == 1


def test_what_is_handed_over_stands_in_the_history_of_the_order(office, answered):
    number = answered("R001")
    batch = hand_over(office)
    office.at(LATER, "qian", lambda ctx: feedback.undo(ctx, batch.id, reason="平台拒收"))

    with office.desk.reading() as ctx:
        said = [event.what for event in history.of_order(ctx.session, office.order(number).id)]
    assert said[-2:] == ["handed_over", "handover_undone"]


def test_an_undone_table_gives_its_answers_free_once(office, answered):
    answered("R001")
    batch = hand_over(office)

    with pytest.raises(Incomplete):
        office.at(LATER, "qian", lambda ctx: feedback.undo(ctx, batch.id, reason=" "))
    office.at(LATER, "qian", lambda ctx: feedback.undo(ctx, batch.id, reason="平台拒收"))

    assert hand_over(office).count == 1
    with pytest.raises(Refused):
        office.at(LATER, "qian", lambda ctx: feedback.undo(ctx, batch.id, reason="再作废"))


def test_only_what_the_platform_sent_goes_back_to_it(office, answered):
    answered("R001")
    office.at(MORNING, "system", lambda ctx: intake.receive(ctx, [letter(MORNING)]))
    office.at(MORNING, "system", lambda ctx: intake.receive(ctx, [row(MORNING, "R009")]))

    assert [line["工单编号"] for line in cells(office, hand_over(office))] == ["R001"]


def test_what_came_with_its_answer_goes_back_only_when_asked_for(office):
    came = row(MORNING, "R001", answer="已拨付。", answered_at=MORNING + HOUR)
    office.at(LATER, "system", lambda ctx: intake.receive(ctx, [came]))

    with pytest.raises(Refused):
        hand_over(office)
    with pytest.raises(Refused):
        hand_over(office, imported=True, since=LATER)
    assert hand_over(office, imported=True, since=MORNING).count == 1


def test_an_unknown_template_names_those_there_are(office):
    with pytest.raises(Incomplete, match="city"):
        office.at(LATER, "qian", lambda ctx: feedback.hand_over(ctx, "province"))
