"""Sending, recalling, signing, returning, declining, merging: the total clock never moves."""

from datetime import timedelta

import pytest

from monitor.domain.dispatch import Decision
from monitor.domain.errors import Incomplete, NotAllowed, NotFound, Refused, Stale
from monitor.domain.vocabulary import State
from monitor.services import rulebook
from monitor.steps import dispatch, intake, merging, parts, triage
from monitor.storage import deadlines, orders
from tests.steps.conftest import MORNING
from tests.steps.letters import letter

HOUR = timedelta(hours=1)
TO_FUNDS = Decision("funds", "help", "normal", "funds")


@pytest.fixture
def number(office):
    """A letter that waits for triage."""
    return office.at(MORNING, "public", lambda ctx: intake.receive(ctx, [letter(MORNING)]))[
        0
    ].number


def clock(office, number, promise):
    with office.desk.reading() as ctx:
        found = deadlines.of_order(ctx.session, office.order(number).id)
    return [one for one in found if one.promise == promise][-1]


def send(office, number, decision=TO_FUNDS, at=MORNING + HOUR):
    return office.on(number, at, "lin", dispatch.send, decision=decision)


def test_dispatch_ends_triage_and_starts_the_clocks_of_the_section(office, number):
    send(office, number)

    assert office.order(number).state == State.AWAITING_SIGN
    assert clock(office, number, "triage").ended_at == MORNING + HOUR
    assert clock(office, number, "contact").started_at == MORNING
    assert clock(office, number, "submit").due_at < clock(office, number, "answer").due_at


def test_a_decision_names_every_field_that_is_wrong(office, number):
    with pytest.raises(Incomplete) as refusal:
        send(office, number, Decision("nowhere", "help", "normal", "nobody", ("funds",)))

    assert set(refusal.value.fields) == {"topic", "section"}
    assert office.order(number).topic is None


ACCUSED = "我要举报政策兑现科有人故意压着材料，请查处，也请营商环境科帮忙。"


def report(office, topic, section, co_sections=()):
    given = letter(MORNING, text=ACCUSED)
    number = office.at(MORNING, "public", lambda ctx: intake.receive(ctx, [given]))[0].number
    send(office, number, Decision(topic, "report", "normal", section, co_sections))
    return office.order(number)


@pytest.mark.parametrize(
    ("section", "co_sections", "field"),
    [("funds", (), "section"), ("personnel", ("funds",), "co_sections")],
)
def test_a_report_never_goes_to_the_section_that_it_names(office, section, co_sections, field):
    with pytest.raises(Incomplete, match="依法不得转给它") as refusal:
        report(office, "conduct", section, co_sections)

    assert set(refusal.value.fields) == {field}


def test_a_report_goes_to_another_section_and_to_one_whose_duty_its_topic_is(office):
    assert report(office, "conduct", "personnel").section == "personnel"
    assert report(office, "funds", "funds").section == "funds"


def test_a_returned_report_is_not_passed_on_to_the_section_that_it_names(office):
    number = report(office, "funds", "funds").number
    office.on(number, MORNING + 2 * HOUR, "zhou", dispatch.ask_return, ground="三定规定第3条")

    with pytest.raises(Incomplete, match="依法不得转给它"):
        office.on(
            number, MORNING + 3 * HOUR, "qian", dispatch.adjudicate,
            granted=True, reason="请改派", section="environment",
        )  # fmt: skip

    assert office.order(number).section == "funds"


def test_a_section_that_a_report_names_is_not_asked_to_help_later(office):
    number = report(office, "conduct", "personnel").number
    office.on(number, MORNING + 2 * HOUR, "peng", dispatch.sign)

    with pytest.raises(Incomplete, match="依法不得转给它") as refusal:
        office.on(number, MORNING + 3 * HOUR, "peng", parts.ask, co_section="funds", text="核对")

    assert set(refusal.value.fields) == {"co_section"}
    assert office.order(number).co_sections == []


def test_a_row_of_the_catalogue_is_no_ground_for_another_section(office, number):
    rows = rulebook.from_files(office.desk.settings.data_dir).guide.rows_of("funds")
    row = next(row for row in rows if row.section == "funds")
    other = Decision("funds", "help", "normal", "personnel", catalogue_row=row.number)

    send(office, number, other)

    assert office.order(number).catalogue_row == ""


def test_another_section_does_not_see_the_order(office, number):
    send(office, number)

    with pytest.raises(NotFound):
        office.on(number, MORNING + 2 * HOUR, "zhao", dispatch.sign)


def test_a_stale_version_is_refused_with_who_changed_it(office, number):
    send(office, number)

    def late(ctx):
        order = orders.get(ctx.session, ctx.person, number)
        dispatch.recall(ctx, order, reason="错了", seen=1)

    with pytest.raises(Stale, match="林"):
        office.at(MORNING + 2 * HOUR, "lin", late)


def test_recall_before_sign_for_leaves_the_answer_clock_alone(office, number):
    send(office, number)
    due = clock(office, number, "answer").due_at

    office.on(number, MORNING + 2 * HOUR, "lin", dispatch.recall, reason="应转要素科")

    assert office.order(number).state == State.TRIAGE
    assert office.order(number).section is None
    assert clock(office, number, "sign").cancelled_at is not None
    assert clock(office, number, "answer").due_at == due


def test_recall_after_sign_for_is_refused(office, number):
    send(office, number)
    office.on(number, MORNING + 2 * HOUR, "zhou", dispatch.sign)

    with pytest.raises(Refused):
        office.on(number, MORNING + 3 * HOUR, "lin", dispatch.recall, reason="错了")


def test_a_return_that_is_granted_goes_to_another_section_on_the_same_clock(office, number):
    send(office, number)
    before = clock(office, number, "answer")
    office.on(number, MORNING + 2 * HOUR, "zhou", dispatch.ask_return, ground="三定第 4 条")

    office.on(number, MORNING + 3 * HOUR, "qian", dispatch.adjudicate, granted=True,
              reason="属要素保障", section="factor")  # fmt: skip

    order = office.order(number)
    assert (order.state, order.section, order.returns) == (State.AWAITING_SIGN, "factor", 1)
    assert clock(office, number, "answer").due_at == before.due_at
    assert clock(office, number, "answer").section == "factor"


def test_a_forced_dispatch_is_final(office, number):
    send(office, number)
    office.on(number, MORNING + 2 * HOUR, "zhou", dispatch.ask_return, ground="不归我科")
    office.on(number, MORNING + 3 * HOUR, "qian", dispatch.adjudicate, granted=False,
              reason="目录 2.1 明确")  # fmt: skip

    with pytest.raises(Refused, match="强制派发"):
        office.on(number, MORNING + 4 * HOUR, "zhou", dispatch.ask_return, ground="还是不归")


def test_declining_needs_two_persons(office, number):
    office.on(number, MORNING + HOUR, "lin", triage.ask_decline, code="litigation",
              told="人民法院", reason="已起诉")  # fmt: skip
    with pytest.raises(Refused, match="不予受理"):
        send(office, number)
    with pytest.raises(NotAllowed):
        office.on(number, MORNING + 2 * HOUR, "ren", triage.decide_decline, granted=True,
                  reason="同意")  # fmt: skip

    office.on(number, MORNING + 3 * HOUR, "qian", triage.decide_decline, granted=True,
              reason="同意")  # fmt: skip

    assert office.order(number).state == State.NOTIFIED
    assert clock(office, number, "answer").ended_at == MORNING + 3 * HOUR


def test_a_refused_decline_lets_the_order_go_on(office, number):
    office.on(number, MORNING + HOUR, "lin", triage.ask_decline, code="repeat", told="无",
              reason="重复")  # fmt: skip
    office.on(number, MORNING + 2 * HOUR, "qian", triage.decide_decline, granted=False,
              reason="有新事实")  # fmt: skip

    send(office, number, at=MORNING + 3 * HOUR)

    assert office.order(number).state == State.AWAITING_SIGN


def test_duty_answers_at_once_without_a_section(office, number):
    decision = Decision("policy", "consult", "normal")
    office.on(number, MORNING + HOUR, "lin", triage.answer_at_once, decision=decision,
              answer="可以。", basis="办法第 3 条")  # fmt: skip

    assert office.order(number).state == State.IN_REVIEW
    assert office.order(number).section is None


def test_merge_follows_the_earliest_and_unmerge_gives_everything_back(office, number):
    later = office.at(
        MORNING + timedelta(days=2), "public",
        lambda ctx: intake.receive(ctx, [letter(MORNING + timedelta(days=2))]),
    )[0].number  # fmt: skip
    due = clock(office, later, "answer").due_at
    early = clock(office, number, "answer").due_at

    office.on(number, MORNING + timedelta(days=2), "lin", merging.merge, master_number=later)
    assert office.order(number).state == State.MERGED
    assert clock(office, later, "answer").due_at == early

    office.on(number, MORNING + timedelta(days=3), "lin", merging.unmerge, reason="不是一回事")
    assert office.order(number).state == State.TRIAGE
    assert clock(office, later, "answer").due_at == due
    assert clock(office, number, "answer").due_at == early
    assert clock(office, number, "answer").cancelled_at is None


def test_an_order_cannot_be_merged_into_itself_or_a_merged_one(office, number):
    with pytest.raises(Refused):
        office.on(number, MORNING + HOUR, "lin", merging.merge, master_number=number)
