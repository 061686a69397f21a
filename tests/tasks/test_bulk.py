"""A deed for many orders on both databases: each once, whoever goes on with it, and when."""

import threading
from datetime import UTC, datetime
from itertools import count

import pytest

from monitor.domain.dispatch import Decision
from monitor.domain.vocabulary import Role, State
from monitor.services import upkeep
from monitor.settings import Settings
from monitor.steps import dispatch
from monitor.storage import history, orders, people, search
from monitor.storage.lists import bulk as runs
from monitor.storage.people import Person, Section
from monitor.tasks import bulk
from monitor.tasks.bulk import Pick
from tests.founding import ruled
from tests.web.waiting import waiting

NOW = datetime(2026, 10, 9, 2, 24, tzinfo=UTC)
MANY = 12


@pytest.fixture
def office(database, tmp_path):
    """A dozen orders that wait for one section; the desk, who signs, the numbers."""
    settings = Settings(home=tmp_path, database_url=database.url)
    desk = ruled(settings, database, lambda: NOW)
    with desk.writing() as ctx:
        for code in ("office", "funds"):
            ctx.session.add(Section(code=code, label=code, office=code == "office"))
        ctx.session.flush()
        for name, code, role in (("lin", None, Role.DUTY), ("zhou", "funds", Role.SECTION_HEAD)):
            ctx.session.add(Person(username=name, name=name, section=code, roles=[str(role)]))
    with desk.reading() as ctx:
        sections = people.sections(ctx.session)
        lin, zhou = (
            people.acting(people.by_username(ctx.session, name), sections)
            for name in ("lin", "zhou")
        )
    made = [
        waiting(desk, f"第{place}件", f"{place}号补贴{place * 7919}。") for place in range(MANY)
    ]
    for number in made:
        with desk.writing(lin) as ctx:
            order = orders.get(ctx.session, lin, number)
            dispatch.send(ctx, order, Decision("funds", "help", "normal", "funds"), seen=1)
    return desk, zhou, made


def begun(desk, zhou, made):
    with desk.writing(zhou) as ctx:
        seen = {one.number: one.version for one in search.numbered(ctx.session, zhou, made)}
        return bulk.begin(ctx, "sign", [Pick(number, seen[number]) for number in made], {})


def signed(desk, zhou, made) -> list[int]:
    with desk.reading(zhou) as ctx:
        found = {one.number: one for one in search.numbered(ctx.session, zhou, made)}
        return [
            [event.what for event in history.of_order(ctx.session, found[number].id)].count("sign")
            for number in made
        ]


def test_two_who_go_on_at_once_do_each_order_once(office):
    desk, zhou, made = office
    run = begun(desk, zhou, made)
    threads = [threading.Thread(target=bulk.go_on, args=(desk, run)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert signed(desk, zhou, made) == [1] * MANY
    with desk.reading(zhou) as ctx:
        assert runs.counts(ctx.session, run) == {runs.DONE: MANY}
        assert runs.unfinished(ctx.session) == []
        assert {one.state for one in search.numbered(ctx.session, zhou, made)} == {State.IN_HAND}
    with desk.reading() as ctx:
        assert upkeep.verify(ctx.session, ctx.keys).holds


def test_what_dies_in_the_middle_is_gone_on_with(office, monkeypatch):
    desk, zhou, made = office
    run = begun(desk, zhou, made)
    turn = count(1)

    def sign_or_die(ctx, order, seen, given):
        dispatch.sign(ctx, order, seen=seen)
        if next(turn) == 5:
            raise KeyboardInterrupt

    monkeypatch.setitem(bulk.DEEDS, "sign", sign_or_die)
    with pytest.raises(KeyboardInterrupt):
        bulk.go_on(desk, run)
    assert signed(desk, zhou, made) == [1] * 4 + [0] * (MANY - 4)
    with desk.reading(zhou) as ctx:
        assert [one.id for one in runs.unfinished(ctx.session)] == [run]

    bulk.go_on(desk, run)

    assert signed(desk, zhou, made) == [1] * MANY


def test_the_same_form_begins_one_run_and_another_form_another(office):
    desk, zhou, made = office

    first, again = begun(desk, zhou, made), begun(desk, zhou, made)

    assert first == again
    assert begun(desk, zhou, made[:3]) != first
