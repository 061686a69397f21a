"""Co-sections: asked with a clock of their own, urged, returned, excused, asked again."""

from datetime import timedelta

import pytest
from sqlmodel import select

from monitor.domain.dispatch import Decision
from monitor.domain.errors import DeskError, Incomplete, NotAllowed, NotFound, Refused
from monitor.domain.vocabulary import Promise
from monitor.domain.workdays import local
from monitor.services import reckoning
from monitor.services.handling import parts as beam
from monitor.steps import callback, casework, dispatch, intake, parts, publishing, review
from monitor.storage import answers, deadlines
from monitor.storage.people import Person
from tests.steps.conftest import MORNING
from tests.steps.letters import letter

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TOGETHER = Decision(
    "funds", "help", "normal", "funds", ("finance", "policy"), "", (("finance", "核对到账金额。"),)
)
# Monday 2026-09-21 08:00; Friday 25 is the Mid-Autumn holiday until 27, a working week after it.


def taken(office, decision=TOGETHER):
    made = office.at(MORNING, "system", lambda ctx: intake.receive(ctx, [letter(MORNING)]))
    number = made[0].number
    office.on(number, MORNING + 2 * HOUR, "lin", dispatch.send, decision=decision)
    return number


def signed(office, decision=TOGETHER):
    number = taken(office, decision)
    office.on(number, MORNING + 3 * HOUR, "zhou", dispatch.sign)
    return number


def head(office, section):
    with office.desk.reading() as ctx:
        staff = ctx.session.exec(select(Person).where(Person.section == section))
        return next(one.username for one in staff if "section_head" in one.roles)


def standing(office, number, section, round_=1):
    with office.desk.reading() as ctx:
        found = beam.standing(ctx, office.order(number))
    return [one for one in found if (one.part.section, one.part.round) == (section, round_)][-1]


def clocks(office, number, section):
    with office.desk.reading() as ctx:
        found = deadlines.of_order(ctx.session, office.order(number).id)
    return [one for one in found if one.promise == Promise.CO and one.section == section]


def due(clock):
    return f"{local(clock.due_at):%m-%d %H:%M}"


def test_each_co_section_is_asked_and_has_a_clock_of_its_own(office):
    number = taken(office)

    asked = standing(office, number, "finance")
    assert asked.part.wanted == "核对到账金额。"
    assert standing(office, number, "policy").part.wanted == beam.AS_ITS_DUTIES
    # Dispatched on Monday: 22, 23, 24, at the end of office hours.
    assert [due(one) for one in clocks(office, number, "finance")] == ["09-24 17:30"]
    assert asked.clock.rule == "IN.co"
    assert asked.missing


@pytest.mark.parametrize(
    ("urgency", "hour", "expected"),
    # Two and four working hours of 8:30 to 12:00 and 13:30 to 17:30.
    [("critical", 1, "09-21 11:00"), ("urgent", 1, "09-21 14:30"), ("urgent", 8, "09-22 11:00")],
)
def test_what_is_urgent_is_owed_in_working_hours(office, urgency, hour, expected):
    made = office.at(MORNING, "system", lambda ctx: intake.receive(ctx, [letter(MORNING)]))
    number = made[0].number
    decision = Decision("funds", "help", urgency, "funds", ("finance",))

    office.on(number, MORNING + hour * HOUR, "lin", dispatch.send, decision=decision)

    assert [due(one) for one in clocks(office, number, "finance")] == [expected]


def test_an_opinion_ends_its_clock_alone(office):
    number = signed(office)

    office.on(number, MORNING + DAY, head(office, "finance"), parts.give, text="金额无误。")

    (own,) = clocks(office, number, "finance")
    (other,) = clocks(office, number, "policy")
    assert (own.ended_at, own.late) == (MORNING + DAY, False)
    assert other.ended_at is None
    assert standing(office, number, "finance").given.text == "金额无误。"


def test_lateness_is_the_co_sections_own(office):
    number = signed(office)

    office.on(number, MORNING + 4 * DAY, head(office, "finance"), parts.give, text="金额无误。")

    with office.desk.reading() as ctx:
        found = deadlines.of_order(ctx.session, office.order(number).id)
    assert [(one.promise, one.section) for one in found if one.late] == [("co", "finance")]


def test_a_returned_opinion_stays_and_is_owed_anew(office):
    number = signed(office)
    office.on(number, MORNING + DAY, head(office, "finance"), parts.give, text="无意见。")

    office.on(number, MORNING + DAY + HOUR, "zhou", parts.hand_back, co_section="finance",
              reason="请写明金额")  # fmt: skip

    now = standing(office, number, "finance")
    assert (now.given, now.returned.text, now.returned.reason) == (None, "无意见。", "请写明金额")
    # Returned on Tuesday: 23, 24, and Monday after the holiday.
    assert [due(one) for one in clocks(office, number, "finance")] == ["09-24 17:30", "09-28 17:30"]
    office.on(number, MORNING + 2 * DAY, head(office, "finance"), parts.give, text="金额 30 万。")
    assert [one.text for one in standing(office, number, "finance").texts] == [
        "无意见。", "金额 30 万。",
    ]  # fmt: skip
    assert standing(office, number, "finance").given.text == "金额 30 万。"
    assert all(one.ended_at for one in clocks(office, number, "finance"))


def test_the_story_of_the_clock_ends_where_the_clock_does(office):
    number = signed(office)

    with office.desk.reading() as ctx:
        (clock,) = clocks(office, number, "finance")
        assert reckoning.story(ctx, clock).at == clock.due_at


def test_an_answer_without_a_part_says_why(office):
    number = signed(office)
    office.on(number, MORNING + DAY, head(office, "finance"), parts.give, text="金额无误。")
    given = {"answer": "已列入拨付计划。", "solved": "solved"}

    with pytest.raises(Incomplete, match="还缺政策法规科的协办意见") as refusal:
        office.on(number, MORNING + DAY + HOUR, "zhou", casework.submit, **given)
    assert set(refusal.value.fields) == {"without"}
    version = office.on(number, MORNING + DAY + HOUR, "zhou", casework.submit,
                        without="当事人急等答复", **given)  # fmt: skip

    assert version.missing_parts == "缺政策法规科的协办意见。理由：当事人急等答复"


def test_an_answer_with_every_part_needs_no_reason(office):
    number = signed(office, Decision("funds", "help", "normal", "funds", ("finance",)))
    office.on(number, MORNING + DAY, head(office, "finance"), parts.give, text="金额无误。")

    office.on(number, MORNING + DAY + HOUR, "zhou", casework.submit, answer="已列入计划。",
              solved="solved")  # fmt: skip

    with office.desk.reading() as ctx:
        assert answers.latest(ctx.session, office.order(number).id).missing_parts == ""


def test_an_excused_section_owes_and_sees_nothing_any_more(office):
    number = signed(office)
    who = head(office, "finance")

    office.on(
        number, MORNING + DAY, "zhou", parts.excuse, co_section="finance", reason="不涉及金额"
    )

    assert office.order(number).co_sections == ["policy"]
    assert clocks(office, number, "finance")[0].cancelled_at == MORNING + DAY
    with pytest.raises(NotFound):
        office.on(number, MORNING + DAY + HOUR, who, parts.give, text="金额无误。")
    office.on(number, MORNING + 2 * DAY, "zhou", parts.ask, co_section="finance", text="还是要核")
    assert standing(office, number, "finance").part.wanted == "还是要核"


def test_a_co_section_moves_nothing_else(office):
    number = signed(office)
    who = head(office, "finance")

    for step, given in (
        (casework.submit, {"answer": "好", "solved": "solved"}),
        (dispatch.ask_return, {"ground": "不归我"}),
        (casework.assign, {"handler": "li"}),
        (casework.contact, {"way": "电话", "outcome": "通", "at": None}),
        (parts.hand_back, {"co_section": "policy", "reason": "不好"}),
        (parts.urge, {"co_section": "policy"}),
        (parts.excuse, {"co_section": "policy", "reason": "不要"}),
        (parts.ask, {"co_section": "factor", "text": "也来"}),
    ):
        with pytest.raises(NotAllowed):
            office.on(number, MORNING + DAY, who, step, **given)


def test_whoever_is_not_asked_gives_nothing(office):
    number = signed(office)

    with pytest.raises(NotAllowed):
        office.on(number, MORNING + DAY, "zhou", parts.give, text="我也说两句")
    with pytest.raises(NotFound):
        office.on(number, MORNING + DAY, "zhao", parts.give, text="我也说两句")


def test_what_cannot_be_asked_of_a_co_section_says_why(office):
    number = signed(office)

    for step, given in (
        (parts.ask, {"co_section": "funds", "text": "自己"}),
        (parts.ask, {"co_section": "nowhere", "text": "无此科"}),
        (parts.ask, {"co_section": "finance", "text": "再请一次"}),
        (parts.hand_back, {"co_section": "finance", "reason": "还没交"}),
        (parts.urge, {"co_section": "factor"}),
    ):
        with pytest.raises(DeskError) as refusal:
            office.on(number, MORNING + DAY, "zhou", step, **given)
        assert refusal.value.remedy or getattr(refusal.value, "fields", None)


def test_an_urged_section_is_seen_to_be_urged(office):
    number = signed(office)

    office.on(number, MORNING + DAY, "zhou", parts.urge, co_section="finance")
    office.on(number, MORNING + DAY + HOUR, "zhou", parts.urge, co_section="finance")

    assert standing(office, number, "finance").part.urged == 2
    office.on(number, MORNING + 2 * DAY, head(office, "finance"), parts.give, text="无误。")
    with pytest.raises(Refused, match="已经提交"):
        office.on(number, MORNING + 2 * DAY, "zhou", parts.urge, co_section="finance")


def test_a_recalled_dispatch_asks_nobody(office):
    number = taken(office)

    office.on(number, MORNING + 3 * HOUR, "lin", dispatch.recall, reason="分错")

    assert standing(office, number, "finance").closed
    assert clocks(office, number, "finance")[0].cancelled_at == MORNING + 3 * HOUR
    office.on(number, MORNING + 4 * HOUR, "lin", dispatch.send, decision=TOGETHER)
    assert standing(office, number, "finance").missing
    assert len(clocks(office, number, "finance")) == 2


def test_a_redirected_order_keeps_its_parts_but_the_new_leads(office):
    number = signed(office)
    office.on(number, MORNING + DAY, head(office, "policy"), parts.give, text="条款如下。")
    office.on(number, MORNING + DAY, "zhou", dispatch.ask_return, ground="三定规定第 3 条")

    office.on(number, MORNING + DAY + HOUR, "qian", dispatch.adjudicate, granted=True,
              reason="属财务", section="finance")  # fmt: skip

    assert office.order(number).co_sections == ["policy"]
    assert standing(office, number, "finance").closed
    assert standing(office, number, "policy").given.text == "条款如下。"
    assert {one.section for one in clocks(office, number, "policy")} == {"policy"}


def test_a_new_round_asks_again_and_keeps_the_old_part(office):
    number = signed(office)
    who = head(office, "finance")
    office.on(number, MORNING + DAY, who, parts.give, text="金额无误。")
    office.on(number, MORNING + DAY + HOUR, "zhou", casework.submit, answer="已列入计划。",
              solved="solved", without="政策科意见随后补")  # fmt: skip
    for step, name in enumerate(("qian", "wu"), start=2):
        office.on(number, MORNING + DAY + step * HOUR, name, review.sign_off, opinion="同意")
    office.on(number, MORNING + DAY + 4 * HOUR, "qian", publishing.record_answer, way="told",
              at=None)  # fmt: skip
    assert clocks(office, number, "policy")[0].cancelled_at == MORNING + DAY + 4 * HOUR

    office.on(number, MORNING + 2 * DAY, "qian", callback.rework, reason="回访不满意")

    old, new = standing(office, number, "finance"), standing(office, number, "finance", 2)
    assert (old.closed, old.given.text) == (True, "金额无误。")
    assert (new.missing, new.part.wanted) == (True, "核对到账金额。")
    # Half of three days, rounded up: 24, and Monday 28 after the holiday.
    assert due(new.clock) == "09-28 17:30"
    assert standing(office, number, "policy", 2).missing
