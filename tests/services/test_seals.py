"""The daily seals: what only they find, and what they cost."""

import sys
from datetime import timedelta

from sqlalchemy import delete, update
from sqlmodel import select

from monitor.services.context import seal_head
from monitor.storage import history
from monitor.storage.history import Event, Seal
from monitor.storage.orders import Order
from tests.services.chained import broken, erase, first, of, seal, tamper, verdict
from tests.services.made_orders import NOW


def test_only_the_seal_finds_an_order_that_is_gone_with_its_events(desk):
    seal(desk)
    assert verdict(desk).seals == 1
    erase(desk, first(desk), events=True)

    assert broken(desk).startswith("2026-10-08 的日封：封存时 3 条链")


def test_only_the_seal_finds_a_chain_put_back_to_an_earlier_state(desk):
    chain = first(desk)
    seal(desk)
    with desk.database.transaction() as session:
        second = session.exec(select(Event).where(of(chain, 2))).one()
        order = session.exec(select(Order).order_by(Order.number)).first()
        order.event_count, order.event_head = 2, second.hash
        # As an old copy of the database would hold it, signed by ourselves at the time.
        order.event_mac = seal_head(desk.keys, chain, 2, second.hash)
        session.add(order)
        session.execute(delete(Event).where(of(chain, 3)))

    assert "2026-10-08 的日封" in broken(desk)


def test_a_seal_that_was_changed_is_found(desk):
    seal(desk)
    tamper(desk, update(Seal).values(events=Seal.events - 1))

    assert "签名不符，封条被改动" in broken(desk)


def test_a_seal_that_was_torn_off_is_missed(desk):
    seal(desk)
    tamper(desk, delete(Seal))

    assert broken(desk).startswith("2026-10-08 的日封")


def test_each_finished_day_is_sealed_once(desk, moment):
    assert [str(day) for day in seal(desk)] == ["2026-10-08"]
    assert seal(desk) == []
    moment[0] = NOW + timedelta(days=2)
    assert [str(day) for day in seal(desk)] == ["2026-10-09", "2026-10-10"]
    assert verdict(desk).seals == 3


def test_what_happens_after_a_seal_does_not_break_it(desk):
    seal(desk)
    with desk.writing() as ctx:
        order = ctx.session.exec(select(Order).order_by(Order.number)).first()
        ctx.record("note", order, text="三")

    assert verdict(desk).holds


def test_a_deed_begun_before_midnight_and_written_after_it_breaks_no_seal(desk, moment):
    midnight = NOW.replace(hour=0, minute=0)
    for at in (midnight + timedelta(seconds=1), midnight - timedelta(seconds=1)):
        moment[0] = at
        with desk.writing() as ctx:
            order = ctx.session.exec(select(Order).order_by(Order.number)).first()
            ctx.record("note", order, text="跨夜")
    moment[0] = NOW
    seal(desk)

    assert verdict(desk).holds


def test_a_seal_torn_out_of_the_middle_is_named_by_its_own_day(desk, moment):
    moment[0] = NOW + timedelta(days=2)
    with desk.writing() as ctx:
        ctx.record_system("exported", rows=1)
    moment[0] = NOW + timedelta(days=4)
    seal(desk)
    tamper(desk, delete(Seal).where(Seal.day == NOW.date()))

    assert broken(desk) == "2026-10-09 的日封：事件里记着封过，封条已不在"
    assert [str(day) for day in seal(desk)] == ["2026-10-09"]
    assert verdict(desk).holds


def test_a_seal_moved_to_another_moment_is_found(desk):
    seal(desk)
    tamper(desk, update(Seal).values(until=NOW + timedelta(days=9)))

    assert "签名不符，封条被改动" in broken(desk)


def test_an_event_dated_back_into_a_sealed_day_breaks_its_seal(desk, moment):
    moment[0] = NOW + timedelta(days=3)
    seal(desk)
    moment[0] = NOW
    with desk.writing() as ctx:
        order = ctx.session.exec(select(Order).order_by(Order.number)).first()
        ctx.record("note", order, text="补写")

    assert broken(desk).startswith("2026-10-09 的日封")


def test_a_walk_costs_the_same_however_many_days_are_sealed(desk, moment):
    noted = 500
    with desk.writing() as ctx:
        order = ctx.session.exec(select(Order).order_by(Order.number)).first()
        for _ in range(noted):
            ctx.record("note", order, text="一")
    moment[0] = NOW + timedelta(days=1)
    seal(desk)
    few = _calls(lambda: verdict(desk))
    moment[0] = NOW + timedelta(days=61)
    assert len(seal(desk)) == 60
    many = _calls(lambda: verdict(desk))

    assert verdict(desk).seals == 62
    # Were each event counted again for each seal, there would be `noted` more a seal.
    assert many - few < 60 * noted / 2


def test_sealing_one_more_day_reads_that_day_alone(desk, moment, monkeypatch):
    seal(desk)
    moment[0] = NOW + timedelta(days=1)
    real, read = history.walk, []
    monkeypatch.setattr(
        history, "walk", lambda *given, **span: (read.append(e) or e for e in real(*given, **span))
    )
    seal(desk)

    assert read
    assert {event.at.astimezone(NOW.tzinfo).date() for event in read} == {NOW.date()}


def _calls(deed):
    """How many functions are called by a deed."""
    made = [0]

    def count(_frame, event, _argument):
        made[0] += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        deed()
    finally:
        sys.setprofile(None)
    return made[0]
