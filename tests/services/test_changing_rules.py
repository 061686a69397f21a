"""New versions of rules on both databases: in force from their day, whatever else is published."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.errors import Incomplete
from monitor.domain.letters import Incoming
from monitor.domain.vocabulary import Channel, Via
from monitor.domain.workdays import local
from monitor.services import rulebook, trials
from monitor.services.rulebook import Change, carrying, changes
from monitor.steps import intake
from monitor.storage import people
from monitor.storage import rulebook as storage
from monitor.storage.rulebook import RuleVersion
from tests.founding import lay_models
from tests.services.made_orders import NOW

TODAY = local(NOW).date()


def _publish(ctx, *asked):
    rows = changes.drawn(ctx, asked, "向", "试")
    changes.apply(ctx, rows, people.sections(ctx.session), "rule_changed")


def _topic(label, day=TODAY, *, retire=False):
    body = {"code": "roads", "label": label, "parent": "", "order": 9}
    return Change("topic", "roads", body, day, retire=retire)


def test_a_version_holds_from_its_day_and_is_read_at_once(desk):
    with desk.writing() as ctx:
        _publish(ctx, _topic("道路"), _topic("道路与桥梁", TODAY + timedelta(days=3)))
        assert rulebook.current(ctx).topics["roads"].label == "道路"
        book = storage.all_versions(ctx.session)

    held = storage.holding([one for one in book if one.code == "roads"], TODAY + timedelta(days=3))
    assert [one.body["label"] for one in held] == ["道路与桥梁"]


def test_a_rule_goes_between_two_others_again_and_again(desk):
    with desk.writing() as ctx:
        first, second = (row.number for row in rulebook.current(ctx).catalogue[:2])
        body = {"topic": "policy", "section": "x", "words": ["甲"], "duty": "试"}
        ctx.session.add(people.Section(code="x", label="某科"))
        ctx.session.flush()
        for number in ("9.1", "9.2", "9.3"):
            asked = Change("catalogue", number, {**body, "number": number}, TODAY, before=second)
            _publish(ctx, asked)
        numbers = [row.number for row in rulebook.current(ctx).catalogue]

    assert numbers[:5] == [first, "9.1", "9.2", "9.3", second]


def test_what_would_break_the_book_is_refused_and_nothing_is_written(desk):
    with desk.writing() as ctx:
        before = len(storage.all_versions(ctx.session))
        body = dict(next(b for b in rulebook.current(ctx).bodies["topic"] if b["code"] == "funds"))
        with pytest.raises(Incomplete, match="停用"):
            _publish(ctx, Change("topic", "funds", body, TODAY, retire=True))

        assert len(storage.all_versions(ctx.session)) == before


def test_an_upgrade_leaves_alone_what_the_office_changed(desk):
    with desk.writing() as ctx:
        body = {**rulebook.current(ctx).bodies["pack"][1], "in_force": True}
        _publish(ctx, Change("pack", body["code"], body, TODAY))

        assert rulebook.ship(ctx) == 0
        assert rulebook.current(ctx).bodies["pack"][1]["in_force"] is True


def test_a_carried_configuration_is_the_same_on_the_second_day(desk, moment):
    with desk.writing() as ctx:
        _publish(ctx, _topic("道路"))
        content = carrying.pack(ctx)
    moment[0] = NOW + timedelta(days=40)

    with desk.reading() as ctx:
        assert not carrying.plan(ctx, content).changes


VERSIONS = st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=8)


@given(VERSIONS, st.integers(0, 10))
def test_the_version_in_force_is_the_last_that_began(made, after):
    rows = [
        RuleVersion(
            kind="topic", code="a", version=number, valid_from=TODAY + timedelta(days=days),
            valid_to=TODAY + timedelta(days=days - 1) if retired else None, body={},
            published_at=NOW, published_by="x",
        )
        for number, (days, retired) in enumerate(made, 1)
    ]  # fmt: skip
    begun = [(days, number, retired) for number, (days, retired) in enumerate(made, 1)]
    last = max((one for one in begun if one[0] <= after), default=None)

    held = [row.version for row in storage.holding(rows, TODAY + timedelta(days=after))]

    assert held == ([last[1]] if last and not last[2] else [])


def test_a_trial_of_urgency_rules_lets_the_model_have_its_say(desk, learnt):
    lay_models(learnt, desk.settings.models_dir, desk.keys.purpose("models"))
    text = "企业停产搬迁有没有补助，请问去哪里申请？"
    with desk.writing() as ctx:
        intake.receive_one(ctx, Incoming(Channel.MAILBOX, Via.LETTER_FORM, text, ctx.now))
        before = rulebook.current(ctx)
        (held,) = [one for one in before.bodies["urgency"] if one["code"] == "JJ-11"]
        firm = Change("urgency", "JJ-11", {**held, "yields": False}, TODAY)
        after = changes.preview(ctx, changes.drawn(ctx, [firm], "向", "试"), TODAY)

        tried = trials.urgencies(ctx, before, after)

    assert [(one.was, one.would, one.rule_would) for one in tried.moved] == [
        ("一般", "紧急", "JJ-11")
    ]
