"""Figures: every number opens exactly its orders, sums tie, the past can be counted again."""

from datetime import date, datetime, timedelta
from urllib.parse import parse_qsl

import pytest

from monitor.domain.access import Acting
from monitor.domain.errors import Incomplete
from monitor.domain.figures import PROMISES
from monitor.domain.vocabulary import Channel, Promise, Role
from monitor.domain.workdays import SHANGHAI
from monitor.services import figures, rulebook
from monitor.services.context import Context
from monitor.services.figures import FigureQuery
from monitor.settings import Settings
from monitor.storage.crypto import open_keys
from monitor.storage.deadlines import Clock
from monitor.storage.orders import Order
from monitor.storage.people import Section
from tests.services.made_orders import NOW, SECTIONS, Made

THEN = datetime(2026, 9, 25, 15, 0, tzinfo=SHANGHAI)
FIRST, LAST = date(2026, 9, 1), date(2026, 10, 9)
LEADER = Acting("孙", frozenset({Role.LEADER}))
HEAD = Acting("周", frozenset({Role.SECTION_HEAD}), section="funds")
STRANGER = Acting("向", frozenset({Role.SYSTEM_ADMIN}))


@pytest.fixture
def keys(tmp_path):
    return open_keys(tmp_path / "desk.keys", create=True)


@pytest.fixture
def desk(database, keys):
    """A context of anybody at any moment over an office with rules and sections."""
    settings = Settings()
    with database.transaction() as session:
        ctx = Context(session, NOW, LEADER, keys, settings)
        rulebook.publish(ctx, rulebook.shipped(settings.data_dir))
        session.add_all(
            Section(code=code, label=f"{code}科", position=place)
            for place, code in enumerate(SECTIONS[1:])
        )

    def of(session, person=LEADER, now=NOW):
        return Context(session, now, person, keys, settings)

    return of


def shown(ctx, query, by):
    """Every number that the dashboard shows, with its address."""
    measured = figures.measure(ctx, query, by)
    for table in measured.rates():
        for row in (*table.rows, table.total):
            yield row.numerator, row.met
            yield row.denominator, row.due
            yield row.denominator - row.numerator, row.late
        yield table.open, table.open_query
    for table in measured.latencies():
        for row in (*table.rows, table.total):
            yield row.n, row.query
    standing = figures.standing(ctx, query)
    counts = [count for tile in standing.tiles for count in (tile.count, *tile.parts)]
    counts += [*standing.in_hand.values(), *standing.late.values()]
    counts += [count for row in standing.ages for count in (row.all, row.late, row.today)]
    counts += [count for row in figures.weeks(ctx, query) for count in (row.met, row.late)]
    counts += figures.channels(ctx, query)
    for count in counts:
        yield count.number, count.query


ONLY = [
    {},
    {"historical": True},
    {"channel": "phone"},
    {"section": "funds"},
    {"section": "-", "historical": True},
    {"topic": "funds"},
    {"topic": "-"},
    {"as_of": THEN},
    {"as_of": THEN, "section": "factor", "topic": "policy", "historical": True},
    {"month": "2026-09"},
]


@pytest.mark.parametrize("person", [LEADER, HEAD], ids=["leader", "head"])
def test_every_number_opens_exactly_its_orders(database, desk, person):
    with database.transaction() as session:
        Made(7).store(session)

    with database.reading() as session:
        ctx = desk(session, person)
        seen = 0
        for place, only in enumerate(ONLY):
            by = (*figures.GROUPS, None)[place % 5]
            query = FigureQuery(figure="rate", first=FIRST, last=LAST, **only)
            for number, behind in shown(ctx, query, by):
                address = dict(parse_qsl(behind.text))
                assert figures.count(ctx, address) == number, (by, address)
                assert figures.title(ctx, figures.parse(address))
                seen += number

    assert seen > (2000 if person is LEADER else 300)


@pytest.mark.parametrize("by", figures.GROUPS)
def test_rows_tie_with_their_total(database, desk, by):
    with database.transaction() as session:
        Made(11).store(session)

    with database.reading() as session:
        tables = figures.rates(desk(session), FIRST, LAST, by)
        alone = figures.rates(desk(session), FIRST, LAST)
        used = figures.latencies(desk(session), FIRST, LAST, by)

    for table, whole in zip(tables, alone, strict=True):
        assert sum(row.numerator for row in table.rows) == table.total.numerator
        assert sum(row.denominator for row in table.rows) == table.total.denominator
        assert whole.total.numerator == table.total.numerator > 0
        assert whole.total.denominator == table.total.denominator
        assert len(whole.rows) == 1
    for table in used:
        assert sum(row.n for row in table.rows) == table.total.n > 0


@pytest.mark.parametrize("by", [*figures.GROUPS, None])
def test_the_past_is_counted_as_it_stood(database, desk, by):
    made = Made(13)
    with database.transaction() as session:
        made.store(session, until=THEN)
    with database.reading() as session:
        before = figures.rates_report(desk(session, now=THEN), FIRST, LAST, by)
        late = figures.tiles(desk(session, now=THEN))[1].count.number
    with database.transaction() as session:
        session.execute(Clock.__table__.delete())
        session.execute(Order.__table__.delete())
        made.store(session)

    with database.reading() as session:
        ctx = desk(session)
        again = figures.rates_report(ctx, FIRST, LAST, by, as_of=THEN)
        looked_back = FigureQuery(figure="now", as_of=THEN)

        assert again == before
        assert figures.tiles(ctx, looked_back)[1].count.number == late
        assert figures.rates_report(ctx, FIRST, LAST, by)["rates"] != before["rates"]


def test_now_as_a_past_moment_counts_the_same(database, desk):
    with database.transaction() as session:
        Made(17).store(session)

    with database.reading() as session:
        ctx = desk(session)
        assert figures.rates_report(ctx, FIRST, LAST, "section", as_of=NOW) == figures.rates_report(
            ctx, FIRST, LAST, "section"
        )


def test_nothing_is_late_before_its_time(database, desk):
    with database.transaction() as session:
        Made(17).store(session)

    with database.reading() as session:
        ctx = desk(session)
        tomorrow = NOW + timedelta(days=1)
        ahead = figures.rates_report(ctx, FIRST, LAST, as_of=tomorrow)
        assert ahead["rates"] == figures.rates_report(ctx, FIRST, LAST)["rates"]


def test_a_section_counts_its_own_orders_only(database, desk):
    with database.transaction() as session:
        Made(19).store(session)

    with database.reading() as session:
        ctx = desk(session, HEAD)
        tables = figures.rates(ctx, FIRST, LAST, "section")
        other = figures.rates(ctx, FIRST, LAST, section="factor")
        nobody = figures.rates(desk(session, STRANGER), FIRST, LAST)

    assert {row.key for table in tables for row in table.rows} == {"funds"}
    assert all(table.total.denominator == 0 for table in (*other, *nobody))


def test_historical_orders_count_only_when_asked_for(database, desk):
    made = Made(23)
    with database.transaction() as session:
        made.store(session)
    old = {order["id"] for order in made.orders if order["historical"]}

    with database.reading() as session:
        ctx = desk(session)
        query = FigureQuery(figure="rate.answer.due", first=FIRST, last=LAST, historical=True)
        with_old = set(session.execute(figures.behind(ctx, query)).scalars())
        without = set(
            session.execute(figures.behind(ctx, query.of(query.figure, historical=False))).scalars()
        )

    assert with_old & old
    assert with_old - old == without


def test_an_order_of_two_rounds_counts_once_and_late(database, desk):
    made = Made(1, count=1)
    made.clocks.clear()
    order = made.orders[0]
    order |= {"historical": False, "received_at": THEN, "registered_at": THEN}
    for late, section in ((True, "funds"), (False, "factor")):
        made._clock(order, Promise.ANSWER, THEN, runs=False)
        due = THEN + timedelta(hours=3 if late else 6)
        made.clocks[-1] |= {
            "due_at": due, "due_on": due.date(), "section": section, "late": late,
            "ended_at": THEN + timedelta(hours=5), "cancelled_at": None,
            "wall_seconds": 18_000, "work_seconds": 9_000,
        }  # fmt: skip
    with database.transaction() as session:
        made.store(session)

    with database.reading() as session:
        answer = figures.rates(desk(session), FIRST, LAST, "section")[4]

    assert [(row.key, row.numerator, row.denominator) for row in answer.rows] == [("funds", 0, 1)]


def test_the_report_is_plain_values(database, desk):
    with database.transaction() as session:
        Made(29).store(session)

    with database.reading() as session:
        report = figures.rates_report(desk(session), FIRST, LAST, "channel")

    assert [rate["code"] for rate in report["rates"]] == [str(promise) for promise in PROMISES]
    answer = report["rates"][4]
    assert answer["label"] == "按时答复率"
    row = answer["rows"][0]
    assert row["rate"] == row["numerator"] / row["denominator"]
    assert row["label"] == Channel(row["key"]).label
    assert (
        report["latencies"][4]["rows"][0]["p90_wall_seconds"]
        >= (report["latencies"][4]["rows"][0]["median_wall_seconds"])
    )


def test_the_number_of_queries_does_not_grow(database, desk, count_queries):
    seen = []
    for count in (1, 150):
        made = Made(31, count=count)
        with database.transaction() as session:
            session.execute(Clock.__table__.delete())
            session.execute(Order.__table__.delete())
            made.store(session)
        with database.reading() as session:
            ctx = desk(session)
            rulebook.current(ctx)
            query = FigureQuery(figure="rate", first=FIRST, last=LAST)
            with count_queries() as statements:
                figures.measure(ctx, query, "section")
                figures.standing(ctx, query)
                figures.weeks(ctx, query)
                figures.channels(ctx, query)
                figures.overdue(ctx, query)
            seen.append(len(statements))

    assert seen[0] == seen[1]


@pytest.mark.parametrize(
    "address",
    [
        {},
        {"figure": "rate.answer"},
        {"figure": "rate.answer.due"},
        {"figure": "rate.answer.due", "from": "2026-10-09", "to": "2026-10-01"},
        {"figure": "rate.other.due", "from": "2026-10-01", "to": "2026-10-09"},
        {"figure": "now.everything"},
        {"figure": "received", "from": "9999-12-31"},
        {"figure": "received", "from": "yesterday"},
        {"figure": "received", "as_of": "0001-01-01T00:00:00+14:00"},
        {"figure": "received", "channel": "pigeon"},
        {"figure": "received", "section": "a' OR 1=1"},
        {"figure": "received", "topic": "\ud800"},
        {"figure": "received", "month": "2026-13"},
    ],
)
def test_an_address_that_is_none_is_refused(address):
    with pytest.raises(Incomplete):
        figures.parse(address)
