"""The duty roster and who is away: planned, copied, taken back; one truth with the deputies."""

import json
from datetime import date, timedelta

import pytest
from sqlmodel import select

from monitor.domain.errors import DeskError, Incomplete, NotAllowed, Refused, Stale
from monitor.services.notices import receivers
from monitor.services.office import deputies, leaves, roster
from monitor.services.people import standing_for
from monitor.settings import Settings
from monitor.storage import people as stored
from monitor.storage.history import Event
from monitor.storage.people import Deputy
from tests.steps.conftest import MORNING, founded

# Monday 2026-09-21; its Friday is 中秋.
MONDAY, FRIDAY = MORNING.date(), date(2026, 9, 25)
DAY, WEEK = timedelta(days=1), timedelta(days=7)


@pytest.fixture
def office(database, tmp_path):
    return founded(Settings(home=tmp_path / "home"), database)


def plan(office, who, wanted, now=MORNING, first=MONDAY, seen=None):
    return office.at(
        now, who,
        lambda ctx: roster.plan_week(
            ctx, first, wanted, roster.edition(ctx) if seen is None else seen
        ),
    )  # fmt: skip


def planned(office, first=MONDAY):
    with office.desk.reading() as ctx:
        found = roster.planned(ctx, first, first + 6 * DAY)
    return {day: [one.username for one in those] for day, those in found.items()}


def enter(office, who, username, first=MONDAY, last=FRIDAY, deputy="", now=MORNING):
    return office.at(
        now, who, lambda ctx: leaves.enter(ctx, username, "leave", first, last, deputy)
    )


def told(office, kind):
    with office.desk.reading() as ctx:
        found = ctx.session.exec(select(Event).where(Event.what == kind).order_by(Event.sequence))
        return [json.loads(event.details) for event in found]


def test_a_week_is_planned_copied_and_taken_back_with_its_events(office):
    plan(office, "qian", {MONDAY: ["lin", "ren"], FRIDAY: ["ren"]})
    plan(office, "lin", {MONDAY: ["ren"], FRIDAY: ["ren"]})
    assert planned(office) == {MONDAY: ["ren"], FRIDAY: ["ren"]}

    nobody = office.at(MORNING, "lin", lambda ctx: roster.plan_week(
        ctx, MONDAY, {MONDAY: ["ren"], FRIDAY: ["ren"]}, roster.edition(ctx)))  # fmt: skip
    assert nobody is None
    office.at(MORNING, "lin", lambda ctx: roster.copy_last_week(
        ctx, MONDAY + WEEK, roster.edition(ctx)))  # fmt: skip
    assert planned(office, MONDAY + WEEK) == {MONDAY + WEEK: ["ren"], FRIDAY + WEEK: ["ren"]}

    office.at(MORNING, "qian", lambda ctx: roster.undo(ctx, 3))
    office.at(MORNING, "qian", lambda ctx: roster.undo(ctx, 2))
    assert planned(office, MONDAY + WEEK) == {}
    assert planned(office) == {MONDAY: ["lin", "ren"], FRIDAY: ["ren"]}
    assert [one["taken"] for one in told(office, "duty_changed")] == [
        [], [["2026-09-21", "lin"]], [],
    ]  # fmt: skip
    assert len(told(office, "duty_undone")) == 2


@pytest.mark.parametrize(
    ("who", "wanted", "now", "seen", "refusal"),
    [
        ("zhou", {MONDAY: ["lin"]}, MORNING, None, NotAllowed),
        ("sun", {MONDAY: ["lin"]}, MORNING, None, NotAllowed),
        ("qian", {MONDAY: ["lin"]}, MORNING, 7, Stale),
        ("qian", {MONDAY: ["li"]}, MORNING, None, Incomplete),
        ("qian", {MONDAY: ["lin"]}, MORNING + DAY, None, Incomplete),
        ("qian", {MONDAY + WEEK: ["lin"]}, MORNING, None, Incomplete),
    ],
)
def test_what_may_not_be_planned_is_refused_and_changes_nothing(
    office, who, wanted, now, seen, refusal
):
    with pytest.raises(refusal):
        plan(office, who, wanted, now, seen=seen)

    assert planned(office) == {}


def test_days_that_are_over_stay_and_their_change_cannot_be_taken_back(office):
    plan(office, "qian", {MONDAY: ["lin"], FRIDAY: ["lin"]})

    plan(office, "qian", {FRIDAY: ["ren"]}, MORNING + DAY)

    assert planned(office) == {MONDAY: ["lin"], FRIDAY: ["ren"]}
    office.at(MORNING + DAY, "qian", lambda ctx: roster.undo(ctx, 2))
    with pytest.raises(Refused):
        office.at(MORNING + DAY, "qian", lambda ctx: roster.undo(ctx, 1))


def test_a_head_enters_leave_and_the_stand_in_is_the_one_deputyship_there_is(office):
    absence = enter(office, "zhou", "li", deputy="zhou")

    with office.desk.reading() as ctx:
        [row] = ctx.session.exec(select(Deputy)).all()
        li, zhou = (stored.by_username(ctx.session, name) for name in ("li", "zhou"))
        assert (row.id, row.person_id, row.deputy_id) == (absence.deputy_id, li.id, zhou.id)
        [leave] = leaves.told(ctx, MONDAY)
        assert [one.name for one in leave.covered] == ["周"]
        assert standing_for(ctx, zhou, li.id, stored.sections(ctx.session)) is not None
    assert told(office, "leave_entered") == [
        {"username": "li", "first_day": "2026-09-21", "last_day": "2026-09-25"}
    ]

    office.at(MORNING, "zhou", lambda ctx: leaves.end(ctx, absence.id))
    with office.desk.reading() as ctx:
        assert leaves.told(ctx, MONDAY) == []
        assert deputies.told(ctx) == []
    assert len(told(office, "leave_ended")) == len(told(office, "deputy_ended")) == 1


def test_a_deputyship_that_stands_already_is_pointed_to_and_outlives_the_leave(office):
    def himself(ctx):
        person = stored.by_username(ctx.session, "tang")
        return deputies.appoint(ctx, person, "qian", MONDAY, FRIDAY, "").id

    term = office.at(MORNING, "tang", himself)
    absence = enter(office, "qian", "tang")
    assert (absence.deputy_id, absence.named) == (term, False)

    office.at(MORNING, "qian", lambda ctx: leaves.end(ctx, absence.id))

    with office.desk.reading() as ctx:
        assert [one.id for one in deputies.told(ctx)] == [term]


@pytest.mark.parametrize(
    ("who", "username", "deputy", "refusal", "field"),
    [
        # Not his section, not a handler, not a head.
        ("zhou", "chu", "", NotAllowed, None),
        ("zhou", "zhou", "", NotAllowed, None),
        ("li", "li", "", NotAllowed, None),
        ("lin", "li", "", NotAllowed, None),
        ("xiang", "li", "", NotAllowed, None),
        # A stand-in of another section is not a section head's to name.
        ("zhou", "li", "chu", Incomplete, "deputy"),
        # What signs, reviews or decides is not handed on by heads.
        ("qian", "tang", "li", Incomplete, "deputy"),
        ("qian", "wu", "li", Incomplete, "deputy"),
        ("qian", "sun", "qian", Incomplete, "deputy"),
        ("qian", "zheng", "li", Incomplete, "deputy"),
        ("qian", "an", "li", Incomplete, "deputy"),
        ("qian", "li", "xiang", Incomplete, "deputy"),
        ("qian", "li", "li", Incomplete, "deputy"),
        ("qian", "li", "nobody", Incomplete, "deputy"),
    ],
)
def test_nobody_enters_or_hands_on_more_than_he_may(office, who, username, deputy, refusal, field):
    with pytest.raises(refusal) as caught:
        enter(office, who, username, deputy=deputy)

    if field:
        assert list(caught.value.fields) == [field]
    with office.desk.reading() as ctx:
        assert leaves.told(ctx, MONDAY) == deputies.told(ctx) == []


def test_the_office_head_enters_leave_for_everybody_and_names_within_the_same_limit(office):
    enter(office, "qian", "wu")
    enter(office, "qian", "zhou", deputy="li")
    enter(office, "qian", "lin", deputy="ren")

    with office.desk.reading() as ctx:
        found = leaves.told(ctx, MONDAY)
        assert {one.person.username: [c.name for c in one.covered] for one in found} == {
            "wu": [], "zhou": ["李"], "lin": ["任"],
        }  # fmt: skip


def test_a_time_away_twice_or_a_stand_in_in_the_way_names_the_field(office):
    enter(office, "zhou", "li", deputy="zhou")

    for first, deputy, field in ((FRIDAY, "", "first_day"), (FRIDAY + DAY, "", None)):
        if field is None:
            enter(office, "zhou", "li", first, first + DAY, deputy)
            continue
        with pytest.raises(Incomplete) as caught:
            enter(office, "zhou", "li", first, first + DAY, deputy)
        assert list(caught.value.fields) == [field]


def test_an_own_deputy_of_the_account_page_stays_within_what_was_allowed_before(office):
    def by(who):
        person = lambda ctx: stored.by_username(ctx.session, "tang")  # noqa: E731
        return office.at(
            MORNING, who,
            lambda ctx: deputies.appoint(ctx, person(ctx), "qian", MONDAY, FRIDAY, ""),
        )  # fmt: skip

    for stranger in ("zhou", "qian", "lin"):
        with pytest.raises(DeskError):
            by(stranger)
    assert by("xiang").id


def test_who_is_on_duty_is_told_by_the_roster_and_all_when_nobody_is(office):
    plan(office, "qian", {MONDAY: ["ren"]})

    def on(now):
        def names(ctx):
            return [one.username for one in receivers.on_duty(ctx, stored.everyone(ctx.session))]

        return office.at(now, "system", names)

    assert (on(MORNING), on(MORNING + DAY)) == (["ren"], ["lin", "ren"])
