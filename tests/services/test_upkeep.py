"""The chains of what happened: whoever changes, removes, cuts or adds is found and named."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, update
from sqlmodel import select

from monitor.domain.letters import Incoming
from monitor.domain.vocabulary import Channel, Via
from monitor.services import rulebook, upkeep
from monitor.services.context import seal_head
from monitor.services.desk import Desk
from monitor.settings import Settings
from monitor.steps import intake
from monitor.storage import history
from monitor.storage.crypto import open_keys
from monitor.storage.history import Event, Seal, SystemHead
from monitor.storage.orders import Order
from tests.services.made_orders import NOW


@pytest.fixture
def moment():
    return [NOW - timedelta(days=1)]


@pytest.fixture
def desk(tmp_path, database, moment) -> Desk:
    """Two orders of three events each, received yesterday, and a system chain."""
    settings = Settings(home=tmp_path)
    keys = open_keys(settings.key_path, create=True)
    desk = Desk(settings, database, keys, lambda: moment[0])
    with desk.writing() as ctx:
        rulebook.publish(ctx, rulebook.shipped(settings.data_dir))
    for place in range(2):
        with desk.writing() as ctx:
            text = f"第{place}件：补贴公示以后什么时候到账？"
            letter = Incoming(Channel.MAILBOX, Via.LETTER_FORM, text, ctx.now)
            number = intake.receive_one(ctx, letter).number
            order = ctx.session.exec(select(Order).where(Order.number == number)).one()
            ctx.record("note", order, text="一")
            ctx.record("note", order, text="二")
            ctx.record_system("exported", rows=1)
    moment[0] = NOW
    return desk


def verdict(desk):
    with desk.reading() as ctx:
        return upkeep.verify(ctx.session, ctx.keys)


def first(desk):
    """The chain of the first order."""
    with desk.reading() as ctx:
        return ctx.session.exec(select(Order).order_by(Order.number)).first().id.hex


def tamper(desk, *statements):
    with desk.database.transaction() as session:
        for statement in statements:
            session.execute(statement)


def of(chain, sequence):
    return (Event.chain == chain) & (Event.sequence == sequence)


def broken(desk):
    found = verdict(desk)
    assert not found.holds
    return found.broken


def test_what_nobody_touched_holds(desk):
    found = verdict(desk)

    assert (found.holds, found.broken) == (True, "")
    assert found.chains == 3
    assert found.events >= 8


def test_an_empty_office_holds(tmp_path, database):
    desk = Desk(Settings(home=tmp_path), database, open_keys(tmp_path / "k", create=True), None)
    with desk.database.reading() as session:
        assert upkeep.verify(session, desk.keys).holds


@pytest.mark.parametrize(
    "change", [{"what": "archive"}, {"actor": "旁人"}, {"details": "{}"}, {"at": NOW}]
)
def test_a_changed_event_is_named(desk, change):
    chain = first(desk)
    tamper(desk, update(Event).where(of(chain, 2)).values(**change))

    assert broken(desk) == f"工单链 {chain[:8]}…：第 2 条事件与前一条接不上，被改动"


def test_a_changed_event_with_a_hash_of_its_own_breaks_the_next(desk):
    chain = first(desk)
    with desk.reading() as ctx:
        old = ctx.session.exec(select(Event).where(of(chain, 2))).one()
        row = history.link(chain, 2, "note", "旁人", old.at, old.details, old.previous)
    tamper(desk, update(Event).where(of(chain, 2)).values(actor="旁人", hash=row["hash"]))

    assert "第 3 条事件与前一条接不上" in broken(desk)


def test_a_removed_event_is_missing(desk):
    chain = first(desk)
    tamper(desk, delete(Event).where(of(chain, 2)))

    assert broken(desk) == f"工单链 {chain[:8]}…：第 2 条事件缺失"


def test_a_cut_chain_is_short(desk):
    chain = first(desk)
    tamper(desk, delete(Event).where(of(chain, 3)))

    assert "应有 3 条，实有 2 条" in broken(desk)


def test_an_added_event_is_one_too_many(desk):
    chain = first(desk)
    with desk.database.transaction() as session:
        last = session.exec(select(Event).where(of(chain, 3))).one()
        history.append(session, [history.link(chain, 4, "archive", "旁人", NOW, "{}", last.hash)])

    assert "应有 3 条，实有 4 条" in broken(desk)


def test_a_head_that_was_written_anew_has_a_false_signature(desk):
    chain = first(desk)
    with desk.database.transaction() as session:
        last = session.exec(select(Event).where(of(chain, 3))).one()
        row = history.link(chain, 4, "archive", "旁人", NOW, "{}", last.hash)
        history.append(session, [row])
        order = session.exec(select(Order).order_by(Order.number)).first()
        order.event_count, order.event_head = 4, row["hash"]
        session.add(order)

    assert "链头的签名不符" in broken(desk)


def test_a_chain_signed_with_another_key_is_found(desk, tmp_path):
    chain = first(desk)
    other = open_keys(tmp_path / "other.keys", create=True)
    with desk.database.transaction() as session:
        order = session.exec(select(Order).order_by(Order.number)).first()
        order.event_mac = seal_head(other, chain, order.event_count, order.event_head)
        session.add(order)

    assert "链头的签名不符" in broken(desk)


def test_a_removed_order_leaves_its_events(desk):
    chain = first(desk)
    _erase(desk, chain, events=False)

    assert broken(desk) == f"工单链 {chain[:8]}…：事件还在，工单或链头已不在"


def test_removed_events_leave_their_order(desk):
    chain = first(desk)
    tamper(desk, delete(Event).where(Event.chain == chain))

    assert broken(desk) == f"工单链 {chain[:8]}…：应有 3 条事件，一条也没有"


def test_a_system_chain_without_its_head_is_found(desk):
    tamper(desk, delete(SystemHead))

    assert broken(desk).startswith("系统链 ")


def _erase(desk, chain, *, events):
    """Take an order out with all that leans on it, as an intruder with the database would."""
    with desk.database.transaction() as session:
        order = session.exec(select(Order).order_by(Order.number)).first()
        assert order.id.hex == chain
        for table in reversed(Order.metadata.sorted_tables):
            column = table.columns.get("order_id")
            if column is not None:
                session.execute(delete(table).where(column == order.id))
        if events:
            session.execute(delete(Event).where(Event.chain == chain))
        session.delete(order)


def test_only_the_seal_finds_an_order_that_is_gone_with_its_events(desk):
    _seal(desk)
    assert verdict(desk).seals == 1
    _erase(desk, first(desk), events=True)

    assert broken(desk).startswith("2026-10-08 的日封：封存时 3 条链")


def test_only_the_seal_finds_a_chain_put_back_to_an_earlier_state(desk):
    chain = first(desk)
    _seal(desk)
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
    _seal(desk)
    tamper(desk, update(Seal).values(events=Seal.events - 1))

    assert "签名不符，封条被改动" in broken(desk)


def test_a_seal_that_was_torn_off_is_missed(desk):
    _seal(desk)
    tamper(desk, delete(Seal))

    assert broken(desk).startswith("2026-10-08 的日封")


def test_a_state_that_no_event_led_to_is_found(desk):
    chain = first(desk)
    tamper(desk, update(Order).where(Order.id == UUID(chain)).values({"state": "archived"}))

    assert "状态被改动" in broken(desk)


def test_each_finished_day_is_sealed_once(desk, moment):
    assert [str(day) for day in _seal(desk)] == ["2026-10-08"]
    assert _seal(desk) == []
    moment[0] = NOW + timedelta(days=2)
    assert [str(day) for day in _seal(desk)] == ["2026-10-09", "2026-10-10"]
    assert verdict(desk).seals == 3


def test_what_happens_after_a_seal_does_not_break_it(desk):
    _seal(desk)
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
    _seal(desk)

    assert verdict(desk).holds


def _seal(desk):
    with desk.writing() as ctx:
        return upkeep.seal_days(ctx)
