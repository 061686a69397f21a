"""The chains of what happened: whoever changes, removes, cuts or adds is found and named."""

from uuid import UUID

import pytest
from sqlalchemy import delete, update
from sqlmodel import select

from monitor.services import upkeep
from monitor.services.context import seal_head
from monitor.services.desk import Desk
from monitor.settings import Settings
from monitor.storage import history
from monitor.storage.crypto import open_keys
from monitor.storage.history import Event, SystemHead
from monitor.storage.orders import Order
from tests.services.chained import broken, erase, first, name, of, tamper, verdict
from tests.services.made_orders import NOW


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

    assert broken(desk) == f"{name(desk, chain)}：第 2 条事件与前一条接不上，被改动"


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

    assert broken(desk) == f"{name(desk, chain)}：第 2 条事件缺失"


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
    erase(desk, chain, events=False)

    assert broken(desk) == f"工单链 {chain}：事件还在，工单或链头已不在"


def test_removed_events_leave_their_order(desk):
    chain = first(desk)
    tamper(desk, delete(Event).where(Event.chain == chain))

    assert broken(desk) == f"{name(desk, chain)}：应有 3 条事件，一条也没有"


def test_a_system_chain_without_its_head_is_found(desk):
    tamper(desk, delete(SystemHead))

    assert broken(desk).startswith("系统链 ")


def test_a_state_that_no_event_led_to_is_found(desk):
    chain = first(desk)
    tamper(desk, update(Order).where(Order.id == UUID(chain)).values({"state": "archived"}))

    assert "状态被改动" in broken(desk)
