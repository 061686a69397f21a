"""Who is away is replaced in what is told; a red card that nobody looks at goes up by steps."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from sqlmodel import col, select

from monitor.services import rulebook
from monitor.services.rulebook import Change, changes
from monitor.services.supervision import escalating
from monitor.steps import casework, dispatch
from monitor.steps.supervision import chasing
from monitor.storage import people as stored
from monitor.storage.people import Deputy
from monitor.storage.supervision import cards, notices
from monitor.storage.supervision.notices import Notice
from monitor.storage.supervision.roster import Absence, DutyDay
from tests.steps.conftest import MORNING
from tests.steps.letters import letter
from tests.steps.test_clocks import HELP, HOUR, taken
from tests.steps.test_supervising import RED, events, given, sweep

# RED is the make-up Saturday 2026-10-10 at nine; four office hours are over at 14:30.
SEEN_BY = RED.replace(hour=14, minute=30)
MONDAY, TUESDAY = RED + timedelta(days=2, hours=3), RED + timedelta(days=3, hours=3)
FIRST, LAST = date(2026, 9, 1), date(2026, 10, 31)


@pytest.fixture
def number(office):
    """An order in the hands of 李, answered by nobody."""
    number = taken(office, letter(MORNING))
    office.on(number, MORNING + HOUR, "lin", dispatch.send, decision=HELP)
    office.on(number, MORNING + 2 * HOUR, "zhou", dispatch.sign)
    office.on(number, MORNING + 3 * HOUR, "zhou", casework.assign, handler="li")
    return number


def person(ctx, username) -> UUID:
    return stored.by_username(ctx.session, username).id


def away(office, username, deputy=None):
    def enter(ctx):
        row = None
        if deputy:
            row = Deputy(
                person_id=person(ctx, username), deputy_id=person(ctx, deputy), first_day=FIRST,
                last_day=LAST, made_at=ctx.now, made_by="系统",
            )  # fmt: skip
            ctx.session.add(row)
            ctx.session.flush()
        ctx.session.add(
            Absence(
                person_id=person(ctx, username), kind="leave", first_day=FIRST, last_day=LAST,
                deputy_id=row.id if row else None, made_at=ctx.now, made_by="系统",
            )
        )  # fmt: skip

    office.at(MORNING, "system", enter)


def told(office, kind):
    """Who has notices of a kind: name, place, note."""
    with office.desk.reading() as ctx:
        names = stored.names(ctx.session)
        found = ctx.session.exec(select(Notice).where(Notice.kind == kind).order_by(col(Notice.id)))
        return [(names[one.person_id], one.step, one.note) for one in found]


def escalate(office, now):
    return escalating.escalate(replace(office.desk, clock=lambda: now)).told


def look(office, number, username, now):
    order = office.order(number).id
    office.at(
        now,
        "system",
        lambda ctx: notices.read(ctx.session, person(ctx, username), now, order_id=order),
    )


def test_a_stand_in_is_told_in_place_of_the_one_who_is_away(office, number):
    away(office, "li", "chu")

    sweep(office, RED)

    assert told(office, "red") == [
        ("褚", "handler", "李请假，由您代班"),
        ("周", "section_head", ""),
        ("钱", "office_head", ""),
        ("孙", "leader", ""),
    ]


def test_without_a_stand_in_the_notice_goes_up_and_says_so_without_a_reason(office, number):
    away(office, "li")
    away(office, "zhou")

    sweep(office, RED)

    assert told(office, "red") == [
        ("钱", "office_head", "李请假、周请假，转告办公室负责人"),
        ("孙", "leader", ""),
    ]


def test_the_duty_of_today_hears_of_what_no_section_has_and_all_where_nobody_is_planned(office):
    number = taken(office, letter(MORNING))
    warned = MORNING + timedelta(days=2)
    with office.desk.writing() as ctx:
        ctx.session.add(DutyDay(day=date(2026, 9, 30), person_id=person(ctx, "ren")))

    office.on(number, warned, "qian", chasing.chase)
    assert {name for name, _, _ in told(office, "chase")} == {"林", "任"}
    office.on(number, datetime(2026, 9, 30, 10, tzinfo=MORNING.tzinfo), "qian", chasing.chase)

    assert [name for name, step, _ in told(office, "chase") if step == "duty"] == ["林", "任", "任"]


def test_a_red_card_that_nobody_looks_at_goes_up_once_a_step_until_it_is_seen(office, number):
    sweep(office, RED)
    assert escalate(office, SEEN_BY - timedelta(minutes=1)) == 0
    look(office, number, "qian", RED + HOUR)
    look(office, number, "sun", RED + HOUR)

    # Of the handler to the section head, of the section head to the office head.
    assert [escalate(office, SEEN_BY), escalate(office, SEEN_BY)] == [2, 0]
    assert told(office, "unseen") == [("周", "section_head", ""), ("钱", "office_head", "")]
    # The head of the office looked at the card, not at what was passed up; the leader hears.
    assert escalate(office, MONDAY) == 0
    assert [escalate(office, TUESDAY), escalate(office, TUESDAY + timedelta(days=9))] == [0, 0]
    assert len(events(office, number, "card_unseen")) == 2


def test_a_card_that_was_seen_or_lifted_goes_nowhere(office, number):
    sweep(office, RED)
    for username in ("li", "zhou", "qian", "sun"):
        look(office, number, username, RED + HOUR)
    assert escalate(office, SEEN_BY) == 0

    office.on(number, RED + HOUR, "qian", chasing.raise_up, reason="拖得太久")
    office.on(number, RED + HOUR, "qian", chasing.lift, reason="已经办了")
    assert escalate(office, TUESDAY) == 0


def test_two_rounds_at_once_tell_each_once(office, number):
    sweep(office, RED)

    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda _: escalate(office, SEEN_BY), range(4)))

    assert sum(counts) == len(told(office, "unseen"))
    assert len(set(told(office, "unseen"))) == len(told(office, "unseen"))
    assert len(events(office, number, "card_unseen")) == len(told(office, "unseen"))


def test_a_changed_rule_takes_no_card_back_and_gives_the_next_one_by_its_new_wording(
    office, number
):
    sweep(office, RED)
    assert ("red", True) in given(office, number)

    def later(ctx):
        rules = rulebook.current(ctx)
        body = next(one for one in rules.bodies["card"] if one["code"] == "KP-2")
        change = Change("card", "KP-2", {**body, "amount": 30}, RED.date())
        rows = changes.drawn(ctx, [change], "系统")
        changes.apply(ctx, rows, stored.sections(ctx.session), "rule_changed")

    office.at(RED + HOUR, "system", later)
    swept = sweep(office, RED + 2 * HOUR)

    assert (swept.lifted, swept.failed) == (0, [])
    assert ("red", True) in given(office, number)
    with office.desk.reading() as ctx:
        [red] = [one for one in cards.of_order(ctx.session, office.order(number).id)
                 if one.level == "red"]  # fmt: skip
        rules = rulebook.current(replace(ctx, now=RED + HOUR))
    assert red.rule_version < next(one.version for one in rules.cards if one.code == "KP-2")
