"""Every list of the desks asks its question on SQLite and on PostgreSQL alike."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import uuid4

import pytest

from monitor.domain.access import Acting
from monitor.domain.dispatch import Decision
from monitor.domain.vocabulary import Role
from monitor.services.likeness import nearness
from monitor.settings import Settings
from monitor.steps import dispatch
from monitor.storage import deadlines, orders
from monitor.storage.index import sharing
from monitor.storage.lists import opened, views
from monitor.storage.people import Person, Section
from monitor.web.pages import section
from monitor.web.queues import searching, shelves
from monitor.web.queues.shelves import SHELVES, Filters
from monitor.web.queues.wanted import Asked
from tests.founding import ruled
from tests.web.waiting import TEXT, waiting

NOW = datetime(2026, 10, 9, 2, 24, tzinfo=UTC)
LIN = Acting("林", frozenset({Role.DUTY}), id=uuid4(), username="lin")
ZHOU = Acting("周", frozenset({Role.SECTION_HEAD}), "funds", id=uuid4(), username="zhou")


@pytest.fixture
def office(database, tmp_path):
    """Three copies of one matter in triage, and a fourth that waits for its section."""
    settings = Settings(home=tmp_path, database_url=database.url)
    seconds = count()
    desk = ruled(settings, database, lambda: NOW + timedelta(seconds=next(seconds)), candid=True)
    with desk.writing() as ctx:
        for code in ("office", "funds", "factor"):
            ctx.session.add(Section(code=code, label=code, office=code == "office"))
    made = [waiting(desk, f"补贴第{place}件", TEXT + "！" * place) for place in range(4)]
    with desk.writing(LIN) as ctx:
        order = orders.get(ctx.session, LIN, made[3])
        decision = Decision("funds", "help", "normal", "funds", ("factor",))
        dispatch.send(ctx, order, decision, seen=order.version)
    return desk, made


def test_every_tab_of_the_triage_desk(office):
    desk, made = office
    filters = Filters("mailbox", "funds", "normal", human=False)
    with desk.reading(LIN) as ctx:
        found = {
            code: [order.number for order in shelves.listed(ctx, shelf, Filters(), "")[0]]
            for code, shelf in SHELVES.items()
        }
        narrowed = {
            code: [order.number for order in shelves.listed(ctx, shelf, filters, "")[0]]
            for code, shelf in SHELVES.items()
        }
        onward = {
            code: [order.number for order in shelves.listed(ctx, shelf, filters, made[0])[0]]
            for code, shelf in SHELVES.items()
        }
        counts = {code: shelves.count(ctx, shelf) for code, shelf in SHELVES.items()}
        milliseconds = int(NOW.timestamp() * 1000)
        numbers = (shelves.alarms(ctx), shelves.unsure(ctx))
        arrived = (
            shelves.arrived_since(ctx, milliseconds),
            shelves.arrived_since(ctx, milliseconds + 60_000),
        )

    wanted = {code: [] for code in SHELVES} | {"triage": made[:3], "today": made[3:]}
    assert found == wanted
    assert narrowed == wanted
    assert onward == {**wanted, "triage": made[1:3]}
    assert counts == {code: len(of) for code, of in wanted.items()}
    assert numbers == ((0, 0), 0)
    assert arrived == (3, 0)


def test_every_tab_of_the_section_desk(office):
    desk, _ = office
    with desk.reading(ZHOU) as ctx:
        found = {
            code: (
                section._count(ctx, tab),
                len(deadlines.page(ctx.session, section._query(ctx, tab), limit=30)),
            )
            for code, tab in section.TABS.items()
        }

    assert found == dict.fromkeys(section.TABS, (0, 0)) | {"sign": (1, 1)}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (Asked(), [3, 2, 1, 0]),
        (Asked(q="设备 补贴"), [3, 2, 1, 0]),
        (Asked(q="补"), [3, 2, 1, 0]),
        (Asked(q="塌陷"), []),
        (Asked(q="009-003"), [2]),
        (Asked(q="HY20261009-001"), [0]),
        (Asked(q="２０２６1009002", state="triage"), [1]),
        (Asked(like="HY20261009-001", state="triage"), [2, 1]),
        (Asked(state="triage", topic="funds", urgency="normal"), [2, 1, 0]),
        (Asked(q="律师函", state="awaiting_sign", section="funds"), [3]),
        (Asked(state="answered"), []),
        (Asked(late="1"), []),
        (Asked(figure="now.triage"), [2, 1, 0]),
        (Asked(**{"from": "2026-10-09", "to": "2026-10-09"}), [3, 2, 1, 0]),
    ],
)
def test_every_kind_of_search(office, asked, found):
    desk, made = office
    with desk.reading(LIN) as ctx:
        rows, more = searching.listed(ctx, asked, limit=30)
        assert [made.index(order.number) for order in rows] == found
        assert not more
        assert searching.count(ctx, asked) == len(found)
        if len(found) > 1:
            rest, _ = searching.listed(ctx, asked, limit=30, after=made[found[0]])
            assert [made.index(order.number) for order in rest] == found[1:]


def test_what_was_opened_last_and_the_views_offered(office):
    desk, made = office
    with desk.writing() as ctx:
        ids = {}
        for who in (LIN, ZHOU):
            person = Person(username=who.username, name=who.name, section=who.section, roles=[])
            ctx.session.add(person)
            ctx.session.flush()
            ids[who] = person.id
    lin, zhou = replace(LIN, id=ids[LIN]), replace(ZHOU, id=ids[ZHOU])
    for place in (0, 1, 3, 1):
        with desk.writing(lin) as ctx:
            order = orders.get(ctx.session, lin, made[place])
            opened.note(ctx.session, lin.id, order.id, ctx.now)
            opened.note(ctx.session, zhou.id, order.id, ctx.now)
    with desk.writing(lin) as ctx:
        for name, shared in (("甲", ""), ("乙", "all"), ("丙", "section")):
            ctx.session.add(
                views.SavedView(
                    person_id=lin.id, name=name, query="", shared=shared, section="funds",
                    at=ctx.now,
                )
            )  # fmt: skip
    for who, seen, offered in ((lin, [1, 3, 0], "丙乙甲"), (zhou, [3], "丙乙")):
        with desk.reading(who) as ctx:
            last = [made.index(order.number) for order in opened.last(ctx.session, who)]
            assert last == seen
            assert {view.name for view in views.offered(ctx.session, who)} == set(offered)


def test_copies_are_counted_for_a_whole_page(office):
    desk, made = office
    with desk.reading(LIN) as ctx:
        known = [orders.get(ctx.session, LIN, number) for number in made]
        counted = nearness.counted(ctx, known)

        assert set(counted.values()) == {nearness.Repeats(same=3)}
        assert len(nearness.of_order(ctx, known[0])) == 3


def test_what_may_be_repeated_stays_within_what_one_may_see_and_tells_places_apart(office):
    desk, made = office
    moved = waiting(desk, "云杉花园旁的补贴", f"云杉花园旁：{TEXT}")
    there = waiting(desk, "丽景花园旁的补贴", f"丽景花园旁：{TEXT}")
    part = TEXT[: len(TEXT) * 2 // 3].replace("没有", "未")
    with desk.reading(LIN) as ctx:
        orders_here = [orders.get(ctx.session, LIN, number) for number in (moved, there)]
        near = nearness.of_order(ctx, orders_here[0], most=9)
        places = {one.order.number: one.elsewhere for one in near}
        counted = nearness.counted(ctx, orders_here)
        found = {one.order.number for one in nearness.of_text(ctx, part, most=9)}
        unlike = nearness.of_text(ctx, "人才公寓的户型和租金怎么查，要准备哪些证件？")

    assert places == dict.fromkeys(made) | {there: ("云杉花园", "丽景花园")}
    assert [one.elsewhere is None for one in near] == [True] * 4 + [False]
    assert counted[orders_here[0].id] == nearness.Repeats(same=3, elsewhere=1)  # of the newest
    assert found == {*made, moved, there}
    assert unlike == []
    with desk.reading(ZHOU) as ctx:
        assert [one.order.number for one in nearness.of_text(ctx, TEXT)] == [made[3]]
        assert nearness.counted(ctx, orders_here) == {}


def test_the_newest_that_hold_a_word_are_named_whole_words_only(office):
    desk, made = office
    other = waiting(desk, "函件", "供应商已发来催款函 KTV 3 号，请过问。")
    with desk.reading(LIN) as ctx:
        held = sharing.holding(ctx.session, ["律师函", "供应商", "ktv", "补律", "’"])
        owners = sharing.owners_of(ctx.session, held["供应商"])
        newest = [orders.by_ids(ctx.session, [owners[one]]) for one in held["供应商"]]

    assert [len(held[word]) for word in ("律师函", "供应商", "ktv", "补律")] == [4, 5, 1, 0]
    assert "’" not in held
    assert next(iter(newest[0].values())).number == other
    assert {order.number for one in newest for order in one.values()} == {*made, other}
