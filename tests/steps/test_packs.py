"""Packs of rules are switched on and off; what was promised under one stays promised."""

from monitor.services import reckoning, rulebook
from tests.steps.conftest import MORNING
from tests.steps.letters import row
from tests.steps.test_clocks import clock, taken


def switched(office, pack, version, *, in_force):
    """A pack of rules is switched on or off from today on."""

    def publish(ctx):
        found = rulebook.current(ctx).bodies["pack"]
        old = next(body for body in found if body["code"] == pack)
        body = {**old, "in_force": in_force, "version": version}
        since = MORNING.date()
        assert rulebook.publish(ctx, [rulebook.Entry("pack", pack, version, since, 1, body)]) == 1

    office.at(MORNING, "system", publish)


def told_limit(office, number):
    with office.desk.reading() as ctx:
        told = reckoning.story(ctx, clock(office, number, "answer"))
    assert told.at == clock(office, number, "answer").due_at
    return told.limit.amount


def test_a_pack_switched_on_or_off_moves_no_promise_that_was_made(office):
    before = taken(office, row(MORNING, "B1"))
    switched(office, "b1", 2, in_force=True)
    under = taken(office, row(MORNING, "B2"))
    promised = told_limit(office, before), told_limit(office, under)
    switched(office, "b1", 3, in_force=False)

    assert promised[0] != promised[1]
    assert (told_limit(office, before), told_limit(office, under)) == promised
