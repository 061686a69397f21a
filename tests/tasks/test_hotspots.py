"""The office's hot issues: found by the job, kept under one name, joined by what comes later."""

from datetime import timedelta

import pytest

from monitor.domain.access import Acting
from monitor.domain.errors import Incomplete, NotAllowed
from monitor.domain.letters import Incoming
from monitor.domain.vocabulary import Channel, Role, Via
from monitor.services.supervision import hot
from monitor.settings import Settings
from monitor.steps import intake
from monitor.steps.supervision import judging
from monitor.storage import history
from monitor.storage.supervision import hot as storage
from monitor.tasks import hotspots
from tests.classifiers.hot_letters import BEGIN, bundle
from tests.founding import ruled

OFFICE = Acting("钱", frozenset({Role.REVIEWER}), office=True, username="qian")
OTHER = Acting("赵", frozenset({Role.SECTION_HEAD}), section="factor", username="zhao")
PLACE = "青禾家园"


@pytest.fixture
def clock():
    return [BEGIN + timedelta(days=21)]


@pytest.fixture
def desk(tmp_path, database, clock):
    return ruled(Settings(home=tmp_path), database, lambda: clock[0])


def take(desk, letters):
    with desk.writing() as ctx:
        for letter in letters:
            intake.receive_one(
                ctx,
                Incoming(
                    Channel.MAILBOX, Via.LETTER_FORM, letter.text, letter.at, title=letter.title
                ),
            )


def of_place(desk, who=OFFICE):
    with desk.reading(who) as ctx:
        return [one for one in hot.seen(ctx) if PLACE in one.issue.name]


def test_an_issue_keeps_its_name_and_its_address_and_takes_later_letters_in(desk, clock):
    letters = [one for one in bundle(1, each=7) if not one.number.startswith("n")]
    mine = [one for one in letters if one.number.startswith(PLACE)]
    take(desk, [one for one in letters if one is not mine[0]])
    hotspots.watch(desk)
    [first] = of_place(desk)

    assert first.hot
    assert first.count == len(mine) - 1
    assert hotspots.watch(desk) == 0  # nothing new was registered: nothing is read
    clock[0] += timedelta(days=1)
    take(desk, [mine[0]])
    assert hotspots.watch(desk) == 0
    [later] = of_place(desk)
    assert (later.issue.id, later.issue.name) == (first.issue.id, first.issue.name)
    assert later.count == len(mine)


def test_few_alike_within_days_are_a_sign_that_the_office_judges_once(desk, clock):
    letters = [one for one in bundle(3, days=3, each=4) if one.number.startswith(PLACE)]
    clock[0] = BEGIN + timedelta(days=4)
    take(desk, letters)
    hotspots.watch(desk)
    [sign] = of_place(desk)

    assert sign.early
    assert not sign.hot
    with desk.reading(OFFICE) as ctx:
        assert hot.signs(ctx) == [sign]
    with desk.writing(OTHER) as ctx, pytest.raises(NotAllowed):
        judging.judge(ctx, sign.issue.id, "noted")
    with desk.writing(OFFICE) as ctx, pytest.raises(Incomplete):
        judging.judge(ctx, sign.issue.id, "dismissed")
    with desk.writing(OFFICE) as ctx:
        judging.judge(ctx, sign.issue.id, "dismissed", reason="同一人多次来信")
        assert hot.signs(ctx) == []
        [event] = history.latest_of_system(ctx.session, ["hot_judged"])
        assert "同一人" not in str(event.details)


def test_a_section_sees_no_issue_of_others(desk):
    take(desk, [one for one in bundle(1, each=7) if one.number.startswith(PLACE)])
    hotspots.watch(desk)

    assert of_place(desk)
    assert of_place(desk, OTHER) == []
    with desk.reading(OTHER) as ctx:
        issue = storage.alive(ctx.session, BEGIN.date())[0]
        assert hot.one(ctx, issue) is None
