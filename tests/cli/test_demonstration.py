"""The demonstration bureau: the same on every machine, sound on every day and hour."""

import re
import shutil
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import col, select

from monitor.cli import demonstration
from monitor.cli.demonstration_times import Days
from monitor.domain import review
from monitor.domain.numbers import is_order_number, registration_day
from monitor.domain.supervision import rota
from monitor.domain.vocabulary import Channel, RequestType, Role, State, Urgency
from monitor.domain.workdays import SHANGHAI, local
from monitor.services import people, rulebook, upkeep
from monitor.services.desk import Desk
from monitor.services.office import leaves, roster
from monitor.settings import Settings
from monitor.steps import intake
from monitor.storage import answers, orders, requesters
from monitor.storage import people as stored
from monitor.storage.answers import Publication
from monitor.storage.casework import Contact
from monitor.storage.deadlines import Clock
from monitor.storage.history import Event
from monitor.storage.orders import Order

MONDAY_MORNING = datetime(2026, 11, 23, 10, 24, tzinfo=SHANGHAI)
NATIONAL_DAY_AT_NIGHT = datetime(2026, 10, 1, 3, 0, tzinfo=SHANGHAI)
JUST_AFTER_MIDNIGHT = datetime(2027, 3, 3, 0, 2, tzinfo=SHANGHAI)
MOMENTS = (MONDAY_MORNING, NATIONAL_DAY_AT_NIGHT, JUST_AFTER_MIDNIGHT)


@pytest.fixture(scope="module")
def bureau(learnt, migrated_file, tmp_path_factory):
    """A bureau as of a moment, built once unless it is wanted anew."""
    opened = []
    known = {}

    def make(today: datetime, *, anew: bool = False) -> Desk:
        if today in known and not anew:
            return known[today]
        home = tmp_path_factory.mktemp("bureau") / "home"
        shutil.copytree(learnt, home)
        shutil.copy(migrated_file, home / "desk.sqlite")
        desk = Desk.open(Settings(home=home), lambda: today.astimezone(UTC), synchronous="OFF")
        demonstration.build(desk, desk.settings.data_dir, today, lambda _line: None)
        opened.append(desk)
        known[today] = desk
        return desk

    yield make
    for desk in opened:
        desk.database.dispose()


@pytest.fixture(scope="module", params=MOMENTS, ids=lambda moment: f"{moment:%m-%d %H:%M}")
def shown(request, bureau):
    """A bureau and the moment at which it is shown."""
    return bureau(request.param), request.param


@pytest.fixture
def ctx(shown):
    with shown[0].reading() as ctx:
        yield ctx


def all_of(ctx, table, *where):
    return list(ctx.session.exec(select(table).where(*where)))


def late(clock: Clock, now: datetime) -> bool:
    return clock.ended_at is None and clock.cancelled_at is None and clock.due_at < now


def test_every_state_is_there_in_believable_numbers(ctx) -> None:
    states = Counter(order.state for order in all_of(ctx, Order))
    assert set(states) == set(State)
    assert 235 <= states.total() <= 260
    wanted = {"triage": 42, "return_pending": 3, "awaiting_sign": 8, "deferred": 4, "merged": 4}
    wanted |= {"in_review": 9, "to_release": 4, "notified": 2}
    assert {state: states[state] for state in wanted} == wanted
    assert 55 <= states["in_hand"] <= 70


def test_nothing_lies_in_the_future_and_all_is_chained(ctx, shown) -> None:
    now = shown[1]
    found = all_of(ctx, Order)
    assert all(o.received_at <= o.registered_at <= now for o in found)
    assert min(o.received_at for o in found) > now - timedelta(days=92)
    assert not any(o.historical for o in found)
    assert all(event.at <= now for event in all_of(ctx, Event))
    assert upkeep.verify(ctx.session, ctx.keys).holds


def test_every_date_in_an_answer_is_near_the_day_on_which_it_was_given(ctx) -> None:
    found = all_of(ctx, answers.Answer)
    assert not [one.text for one in found if "{" in one.text]
    told = 0
    for one in found:
        given = local(one.at).date()
        for month, day in re.findall(r"(?<!年)(?<![0-9])([0-9]{1,2})月([0-9]{1,2})日", one.text):
            told += 1
            near = [date(given.year + n, int(month), int(day)) for n in (-1, 0, 1)]
            assert min(abs((one - given).days) for one in near) < 220
    assert told > 40


def test_no_letter_holds_an_open_place(ctx) -> None:
    assert not [order.text for order in all_of(ctx, Order) if "{" in order.text]


def test_numbers_are_unique_and_tell_their_day(ctx) -> None:
    found = all_of(ctx, Order)
    assert len({order.number for order in found}) == len(found)
    for order in found:
        assert is_order_number(order.number)
        assert order.number[2:10] == f"{registration_day(order.registered_at):%Y%m%d}"
    upstream = [order.upstream_no for order in found if order.channel == Channel.HOTLINE]
    assert len(set(upstream)) == len(upstream) > 100
    assert all(number and len(number) == 18 and number.isdigit() for number in upstream)


def test_only_what_was_agreed_to_and_signed_is_public(ctx) -> None:
    chain = rulebook.current(ctx).chain
    released = all_of(ctx, Publication, col(Publication.released).is_(True))
    assert 35 <= sum(row.withdrawn_at is None for row in released) <= 45
    assert {row.withdraw_reason for row in released if row.withdrawn_at} >= {"发回重办"}
    by_id = orders.by_ids(ctx.session, [row.order_id for row in released])
    for row in released:
        order = by_id[row.order_id]
        assert order.consent is True
        needs = review.required(
            chain,
            channel=Channel(order.channel),
            request_type=RequestType(order.request_type),
            urgency=Urgency(order.urgency),
            will_be_public=True,
            legal_asked=order.legal_asked,
        )
        signed = {
            Role(sign.role)
            for sign in answers.sign_offs(ctx.session, row.answer_id)
            if sign.copy_hash == row.text_hash
        }
        assert signed >= {need.role for need in needs}, order.title


def test_the_bureau_is_well_run_and_has_work_to_do(ctx, shown) -> None:
    now = shown[1]
    clocks = {
        promise: all_of(ctx, Clock, Clock.promise == promise) for promise in ("sign", "answer")
    }
    rates = {}
    for promise, found in clocks.items():
        ended = [clock for clock in found if clock.ended_at]
        over = sum(late(clock, now) for clock in found)
        rates[promise] = sum(not clock.late for clock in ended) / (len(ended) + over)
    assert 0.975 < rates["sign"] < 1
    assert 0.90 < rates["answer"] < 0.97
    owed = [clock for clock in clocks["answer"] if late(clock, now)]
    assert len(owed) == 3
    soon = [
        clock
        for clock in clocks["answer"]
        if clock.ended_at is None and now <= clock.due_at <= now + timedelta(hours=1)
    ]
    assert len(soon) == 2
    waiting = all_of(ctx, Order, Order.state == "triage")
    ids = {order.id for order in waiting}
    mine = [c for c in all_of(ctx, Clock, Clock.promise == "triage") if c.order_id in ids]
    assert sum(late(clock, now) for clock in mine) == 2
    twice = all_of(ctx, Order, Order.returns == 2)
    assert [order.state for order in twice] == ["in_hand"]
    assert len(all_of(ctx, Order, Order.round == 2, Order.state == "in_hand")) == 1
    assert any(order.confidence < 0.6 for order in waiting)


def test_the_desk_of_monday_shows_three_within_the_hour(bureau) -> None:
    hour = MONDAY_MORNING + timedelta(hours=1)
    with bureau(MONDAY_MORNING).reading() as ctx:
        found = all_of(ctx, Clock, Clock.promise == "triage", col(Clock.ended_at).is_(None))
        assert sum(MONDAY_MORNING <= clock.due_at < hour for clock in found) == 3


def test_people_work_in_office_hours(ctx, shown) -> None:
    days = Days(rulebook.current(ctx).calendar, shown[1])
    for contact in all_of(ctx, Contact):
        at = local(contact.at)
        assert days.calendar.classify(at.date()).counts
        assert days.calendar.opening(at.date()) <= at <= days.calendar.closing(at.date())


def test_the_letter_that_is_told_can_be_looked_up(ctx, shown) -> None:
    lines = "\n".join(demonstration.welcome(shown[0], "http://127.0.0.1:8000"))
    assert demonstration.LETTER_CODE in lines
    assert demonstration.PASSWORD in lines
    order = orders.by_lookup(ctx.session, intake.lookup_mac(ctx, demonstration.LETTER_CODE))
    assert order is not None
    assert answers.published(ctx.session, order.id) is not None
    requester = requesters.of_order(ctx.session, order.id)
    assert requesters.tail_matches(ctx.keys, requester, demonstration.LETTER_TAIL)
    phones = [requesters.reveal(ctx.keys, row).phone for row in all_of(ctx, requesters.Requester)]
    assert all(phone.startswith("1380000") and len(phone) == 11 for phone in phones)


def test_every_account_has_the_one_password(ctx, shown) -> None:
    found = demonstration.accounts(shown[0].settings.data_dir)
    assert [account.username for account in found[:3]] == ["lin", "li", "zhou"]
    hashes = set()
    for account in found:
        person = stored.by_username(ctx.session, account.username)
        assert person is not None
        hashes.add(person.password_hash)
    assert len(hashes) == 1
    assert people.proves(person, demonstration.PASSWORD)


def test_two_builds_of_one_moment_are_the_same(bureau) -> None:
    told = []
    for one in (bureau(MONDAY_MORNING), bureau(MONDAY_MORNING, anew=True)):
        with one.reading() as ctx:
            found = sorted(all_of(ctx, Order), key=lambda order: order.number)
            told.append(
                [
                    (o.number, o.title, o.state, o.section, o.received_at, o.event_count)
                    for o in found
                ]
            )
    assert told[0] == told[1]


def test_the_roster_about_today_is_filled_and_a_handler_is_away_with_a_stand_in(ctx, shown) -> None:
    today = local(shown[1]).date()
    planned = roster.planned(ctx, rota.monday(today), rota.week(rota.monday(today))[-1])
    assert len(planned) == 7

    here, ahead = leaves.told(ctx, today)
    assert (here.now, [one.whole for one in here.covered]) == (True, [True])
    assert here.person.roles == [Role.HANDLER]
    assert (ahead.now, list(ahead.covered)) == (False, [])
