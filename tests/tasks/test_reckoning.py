"""A year is announced: open clocks move with their events, ended ones never, killed or not."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from monitor.domain.vocabulary import Promise
from monitor.domain.workdays import SHANGHAI, local
from monitor.services import rulebook, upkeep
from monitor.services.clockwork import calendars, foretelling
from monitor.services.rulebook import changes
from monitor.settings import Settings
from monitor.steps import dispatch, merging
from monitor.steps.timing import pausing
from monitor.storage import history
from monitor.storage.deadlines import Clock
from monitor.storage.orders import Order
from monitor.storage.supervision.reckoning import ReckonRun
from monitor.tasks import reckoning
from tests.steps.conftest import MORNING, founded
from tests.steps.letters import letter, row
from tests.steps.test_clocks import HELP, HOUR, clock, due, taken
from tests.steps.test_supervising import finish

LATER = MORNING + timedelta(days=1)


@pytest.fixture
def office(database, tmp_path):
    return founded(Settings(home=tmp_path / "home"), database)


@pytest.fixture
def number(office):
    """Received on Monday 2026-09-21: due on the 29th, 中秋 between."""
    number = taken(office, letter(MORNING))
    office.on(number, MORNING + HOUR, "lin", dispatch.send, decision=HELP)
    return number


def changed_year(office, **more):
    """2026 with the 28th and 29th of September off as well."""
    shipped = json.loads((Settings().data_dir / "holidays" / "2026.json").read_text("utf-8"))
    off = {**shipped["off"], "2026-09-28": "试行放假", "2026-09-29": "试行放假"}
    return {**shipped, "off": off, "source": "补充通知", "version": 2, **more}


def publish(office, body):
    """The new table is in force, and a run is begun; its id and what was foretold."""

    def do(ctx):
        rules = rulebook.current(ctx)
        before = next(one for one in rules.bodies["holiday"] if one["year"] == 2026)
        change = calendars.difference(rules, calendars.with_year(rules, 2026, body), 2026)
        foretold = foretelling.preview(ctx, change)
        asked = changes.Change("holiday", "2026", body, local(ctx.now).date())
        rows = changes.drawn(ctx, [asked], "向", "补充通知")
        changes.apply(ctx, rows, {"funds", "policy", "factor"}, "rule_changed", kind="holiday")
        return calendars.begin(ctx, 2026, before, foretold.looked).id, foretold

    return office.at(LATER, "xiang", do)


def run(office, run_id):
    desk = replace(office.desk, clock=lambda: LATER)
    reckoning.go_on(desk, run_id)
    with desk.reading() as ctx:
        return ctx.session.get(ReckonRun, run_id)


def test_open_clocks_move_as_foretold_with_one_event_an_order(office, number):
    assert due(office, number, "answer").startswith("09-29")

    run_id, foretold = publish(office, changed_year(office))
    done = run(office, run_id)

    assert due(office, number, "answer") == "10-08 23:59:59"
    assert due(office, number, "submit").startswith("09-30")
    assert foretold.moved == done.moved == 2
    assert [(one, label) for one, label, *_ in foretold.first] == [
        (number, "答复"), (number, "内部提交"),
    ]  # fmt: skip
    with office.desk.reading() as ctx:
        events = [e.what for e in history.of_order(ctx.session, office.order(number).id)]
        assert events.count("due_moved") == 1
        assert upkeep.verify(ctx.session, ctx.keys).holds


def test_the_preview_foretells_each_clock_that_moves(office, number):
    """Of all kinds: by day and by hour, standing, merged, handed in within hours of the start."""
    friday = datetime(2026, 9, 25, 10, tzinfo=SHANGHAI)
    request = taken(office, letter(MORNING, channel="disclosure"))
    office.on(request, MORNING + HOUR, "lin", dispatch.send, decision=HELP)
    office.on(request, MORNING + 2 * HOUR, "zhou", dispatch.sign)
    office.on(
        request, MORNING + 3 * HOUR, "zhou", pausing.pause,
        cause="third_party", noticed_on=MORNING.date(), text="征求意见函已送达",
    )  # fmt: skip
    early = taken(office, letter(MORNING - timedelta(days=3), title="更早的一件"))
    office.on(early, MORNING + HOUR, "lin", merging.merge, master_number=number)
    for hour in range(4):
        late = taken(office, letter(MORNING, title=f"迟分办的第{hour}件"))
        when = datetime(2026, 9, 28, 15 + hour, tzinfo=SHANGHAI)
        office.on(late, when, "lin", dispatch.send, decision=HELP)
    taken(office, letter(friday, urgency="urgent", title="紧急"), friday)

    before = open_clocks(office)
    run_id, foretold = publish(office, changed_year(office))
    done = run(office, run_id)

    after = open_clocks(office)
    moved = {key for key, due_at in before.items() if after[key] != due_at}
    irregular = {("answer", number), ("submit", number)} & moved
    assert {
        (label, one, was, now) for one, label, was, now in foretold.first
    } == {
        (Promise(promise).label, one, before[promise, one], after[promise, one])
        for promise, one in moved - irregular
    }  # fmt: skip
    assert foretold.moved == len(moved - irregular) > 10
    assert done.moved == foretold.moved + bool(irregular)


def open_clocks(office):
    with office.desk.reading() as ctx:
        found = ctx.session.execute(
            select(Order.number, Clock.promise, Clock.due_at)
            .join(Order, Order.id == Clock.order_id)
            .where(Clock.ended_at.is_(None), Clock.cancelled_at.is_(None))
        )
        return {(promise, number): due_at for number, promise, due_at in found}


def test_a_clock_that_has_ended_and_one_that_the_upstream_set_stay(office, number):
    upstream = datetime(2026, 9, 29, 12, tzinfo=SHANGHAI)
    other = taken(office, row(MORNING, "T-1", upstream_due=upstream))
    office.on(number, MORNING + 2 * HOUR, "zhou", dispatch.sign)
    finish(office, number, MORNING + 3 * HOUR)
    before = [clock(office, number, "answer").due_at, clock(office, other, "answer").due_at]

    run_id, _ = publish(office, changed_year(office))
    run(office, run_id)

    assert [clock(office, number, "answer").due_at, clock(office, other, "answer").due_at] == before


def test_killed_between_two_chunks_it_goes_on_and_doubles_nothing(office, monkeypatch):
    numbers = [taken(office, letter(MORNING, title=f"第{n}件")) for n in range(7)]
    monkeypatch.setattr(calendars, "CHUNK", 2)
    run_id, _ = publish(office, changed_year(office))

    class Killed(BaseException):
        pass

    written, write = [], calendars.storage.write

    def dies(*given):
        written.append(1)
        if len(written) == 2:
            raise Killed
        write(*given)

    monkeypatch.setattr(calendars.storage, "write", dies)
    with pytest.raises(Killed):
        run(office, run_id)
    done = run(office, run_id)

    assert done.finished_at is not None
    assert {due(office, one, "answer") for one in numbers} == {"10-08 23:59:59"}
    with office.desk.reading() as ctx:
        for one in numbers:
            told = [e.what for e in history.of_order(ctx.session, office.order(one).id)]
            assert told.count("due_moved") == 1
        assert upkeep.verify(ctx.session, ctx.keys).holds


def test_a_master_stays_due_with_its_earliest_order(office, number):
    early = taken(office, letter(MORNING - timedelta(days=3), title="更早的一件"))
    master = taken(office, letter(MORNING, title="主单"))
    office.on(early, MORNING + HOUR, "lin", merging.merge, master_number=master)
    before = clock(office, master, "answer").due_at

    run_id, _ = publish(office, changed_year(office))
    run(office, run_id)

    assert clock(office, master, "answer").due_at >= before
    with office.desk.reading() as ctx:
        assert upkeep.verify(ctx.session, ctx.keys).holds


def test_announcing_what_was_taken_for_granted_clears_the_mark_and_moves_nothing(office):
    late = datetime(2026, 12, 29, 9, tzinfo=SHANGHAI)
    number = taken(office, letter(late), at=late)
    assert clock(office, number, "answer").provisional
    with office.desk.reading() as ctx:
        table = rulebook.current(ctx).calendar.table(2027)
    body = {
        "year": 2027, "source": "通知", "provisional": False, "version": 1,
        "off": {str(day): why for day, why in table.off.items()},
        "work": {str(day): why for day, why in table.work.items()},
    }  # fmt: skip

    def do(ctx):
        asked = changes.Change("holiday", "2027", body, date(2026, 9, 22))
        rows = changes.drawn(ctx, [asked], "向", "通知")
        changes.apply(ctx, rows, {"funds", "policy", "factor"}, "rule_changed", kind="holiday")
        return calendars.begin(ctx, 2027, None, 1).id

    before = clock(office, number, "answer").due_at
    run(office, office.at(LATER, "xiang", do))

    assert not clock(office, number, "answer").provisional
    assert clock(office, number, "answer").due_at == before
