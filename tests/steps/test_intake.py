"""The one door in: repeats of a number, changes upstream, refusals, history."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import func, select

from monitor.domain.dispatch import Decision
from monitor.domain.errors import Incomplete, SecrecyMarked
from monitor.domain.letters import Requester
from monitor.domain.vocabulary import State
from monitor.domain.workdays import SHANGHAI
from monitor.services import upkeep
from monitor.steps import dispatch, intake
from monitor.storage import deadlines, orders, requesters
from monitor.storage.history import Event
from monitor.storage.orders import Order
from tests.steps.conftest import MORNING
from tests.steps.letters import TEXT, letter, row


def take(office, *records, at=MORNING):
    return office.at(at, "system", lambda ctx: intake.receive(ctx, records))


def count(office, table) -> int:
    with office.desk.reading() as ctx:
        return ctx.session.exec(select(func.count()).select_from(table)).one()


def test_a_new_record_waits_for_triage_with_its_clocks(office):
    receipt = take(office, letter(MORNING))[0]

    order = office.order(receipt.number)
    with office.desk.reading() as ctx:
        clocks = {c.promise: c for c in deadlines.of_order(ctx.session, order.id)}
    assert receipt.outcome == "created"
    assert order.state == State.TRIAGE
    assert set(clocks) == {"triage", "ack", "answer"}
    assert clocks["answer"].rule == "LX-1.answer"


def test_the_same_sheet_twice_creates_nothing_and_writes_no_event(office):
    records = [row(MORNING, f"N{n}", text=f"{TEXT}第 {n} 件") for n in range(5)]
    take(office, *records)
    events = count(office, Event)

    again = take(office, *records)

    assert [receipt.outcome for receipt in again] == ["unchanged"] * 5
    assert count(office, Order) == 5
    assert count(office, Event) == events


def test_a_changed_row_updates_only_the_upstream_part(office):
    number = take(office, row(MORNING, "N1"))[0].number
    office.on(number, MORNING, "lin", dispatch.send,
              decision=Decision("funds", "help", "normal", "funds"))  # fmt: skip

    changed = row(MORNING, "N1", text=TEXT + "补充：设备已经投产。", upstream={"status": "已转派"})
    receipt = take(office, changed, at=MORNING + timedelta(hours=1))[0]

    order = office.order(number)
    with office.desk.reading() as ctx:
        wordings = orders.originals(ctx.session, order.id)
    assert receipt.outcome == "updated"
    assert order.state == State.AWAITING_SIGN
    assert (order.topic, order.section) == ("funds", "funds")
    assert order.upstream["status"] == "已转派"
    assert [wording.text for wording in wordings] == [TEXT, order.text]


def test_a_blank_cell_erases_nothing(office):
    number = take(office, row(MORNING, "N1", place="东湖产业园"))[0].number

    receipt = take(office, row(MORNING, "N1", place="", requester=Requester()))[0]

    assert receipt.outcome == "unchanged"
    assert office.order(number).place == "东湖产业园"


def test_the_same_number_twice_in_one_file_keeps_the_first(office):
    other = row(MORNING, "N1", text="另一件事，请核实。")
    first, second, third = take(office, row(MORNING, "N1"), row(MORNING, "N1"), other)

    assert [first.outcome, second.outcome, third.outcome] == ["created", "unchanged", "rejected"]
    assert third.error is not None
    again = take(office, row(MORNING, "N1"), row(MORNING, "N1"), other)
    assert [receipt.outcome for receipt in again] == ["unchanged", "unchanged", "rejected"]
    assert third.error.column == "工单编号"
    assert TEXT not in third.error.message


@pytest.mark.parametrize(
    "hidden",
    [
        {"text": "机密★10年 关于某项目的情况"},
        {"title": "秘密☆ 某事"},
        {"place": "绝 密 ★"},
        {"source": {"备注": "机密★5年"}},
        {"upstream": {"remark": "秘密★"}},
        {"requester": Requester(name="机密★")},
    ],
)
def test_a_mark_anywhere_is_refused_and_only_the_refusal_is_kept(office, hidden):
    receipt = take(office, row(MORNING, "N1", **hidden))[0]

    assert receipt.outcome == "rejected"
    assert count(office, Order) == 0
    with office.desk.reading() as ctx:
        written = " ".join(event.details for event in ctx.session.exec(select(Event)))
        kinds = [event.what for event in ctx.session.exec(select(Event))]
    assert "secrecy_refused" in kinds
    assert "★" not in written


def test_a_single_record_with_a_mark_raises(office):
    with pytest.raises(SecrecyMarked) as refusal:
        office.at(MORNING, "public", lambda ctx: intake.receive_one(
            ctx, letter(MORNING, text="密级：机密\n某事"))
        )  # fmt: skip

    assert "某事" not in refusal.value.message


@pytest.mark.parametrize(
    ("given_", "field"),
    [
        ({"text": "  "}, "text"),
        ({"text": "字" * 20_001}, "text"),
        ({"received_at": MORNING + timedelta(minutes=1)}, "received_at"),
        ({"received_at": datetime(1999, 12, 31, 12, tzinfo=UTC)}, "received_at"),
        ({"received_at": datetime(1, 1, 1, tzinfo=SHANGHAI)}, "received_at"),
    ],
)
def test_what_cannot_be_taken_names_its_field(office, given_, field):
    with pytest.raises(Incomplete) as refusal:
        office.at(MORNING, "public", lambda ctx: intake.receive_one(
            ctx, letter(MORNING, **given_))
        )  # fmt: skip

    assert set(refusal.value.fields) == {field}


def test_one_form_gives_one_order_and_one_code(office):
    def send(ctx):
        return intake.receive_one(ctx, letter(MORNING), form_token="once")

    first, second = (office.at(MORNING, "public", send) for _ in range(2))

    assert first.number == second.number
    assert first.code == second.code
    assert count(office, Order) == 1


def test_a_row_with_its_answer_becomes_an_answered_order_with_true_times(office):
    answered_at = MORNING - timedelta(days=1)
    record = row(MORNING - timedelta(days=11), "N1", answer="已拨付。", answered_at=answered_at)

    number = take(office, record)[0].number

    order = office.order(number)
    with office.desk.reading() as ctx:
        (clock,) = deadlines.of_order(ctx.session, order.id)
    assert order.state == State.ANSWERED
    assert clock.ended_at == answered_at
    assert clock.wall_seconds == 10 * 86_400
    assert clock.late is True


def test_a_record_from_long_before_the_office_is_history(office):
    old, new = take(office, row(MORNING - timedelta(days=91), "N1"), row(MORNING, "N2"))

    assert office.order(old.number).historical is True
    assert office.order(new.number).historical is False


def test_an_upstream_deadline_wins_and_a_new_one_moves_the_clock(office):
    due = MORNING + timedelta(days=2)
    number = take(office, row(MORNING, "N1", upstream_due=due))[0].number
    order = office.order(number)

    take(office, row(MORNING, "N1", upstream_due=due + timedelta(days=1)))

    with office.desk.reading() as ctx:
        clock = next(c for c in deadlines.of_order(ctx.session, order.id) if c.promise == "answer")
    assert clock.due_at == due + timedelta(days=1)
    assert clock.given_due is True


def test_personal_details_are_encrypted_and_found_by_exact_phone_only(office):
    number = take(office, letter(MORNING))[0].number
    order = office.order(number)

    with office.desk.reading() as ctx:
        stored = requesters.of_order(ctx.session, order.id)
        assert stored is not None
        found = requesters.with_phone(ctx.session, ctx.keys, "138 0000 0123")
        details = requesters.reveal(ctx.keys, stored)
    assert found == [order.id]
    assert details.name == "陈某"
    assert b"13800000123" not in (stored.phone or b"")


@settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(numbers=st.lists(st.integers(0, 12), max_size=25), twist=st.integers(0, 3))
def test_counts_always_tie_and_a_second_import_changes_nothing(office, numbers, twist):
    records = [row(MORNING, f"P{twist}-{n}", text=f"{TEXT}之 {n}") for n in numbers]

    first = take(office, *records)
    second = take(office, *records)

    assert len(first) == len(second) == len(records)
    assert {receipt.outcome for receipt in second} <= {"unchanged"}
    with office.desk.reading() as ctx:
        assert upkeep.verify(ctx.session, ctx.keys).holds
