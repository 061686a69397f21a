"""When a new model may take over, and from which confidence on a reading may decide alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.errors import Incomplete
from monitor.domain.learning import gate
from monitor.domain.learning.gate import Comparison, LearningRules, Tried
from tests.domain.shipped import DATA

SHIPPED = {
    "held_out_share": 20, "fewest_held_out": 30, "most_examples": 10_000, "gate": False,
    "gate_margin": 1, "auto": False, "auto_precision": 98, "auto_not_types": ["report"],
}  # fmt: skip


def test_nothing_goes_alone_and_no_model_changes_unless_the_office_says_so():
    import tomllib

    text = (DATA / "rulebook" / "learning.toml").read_text("utf-8")
    rules = gate.parse(tomllib.loads(text)["learning"])

    assert (rules.auto, rules.gate) == (False, False)
    assert not Comparison(500, new=0.9, old=0.1).passes(rules)


@pytest.mark.parametrize(
    ("field", "value"),
    [("auto_precision", 97), ("auto_precision", 101), ("held_out_share", 0),
     ("held_out_share", 51), ("fewest_held_out", 0), ("most_examples", 59)],
)  # fmt: skip
def test_rules_out_of_bounds_are_refused_by_field(field, value):
    with pytest.raises(Incomplete) as refused:
        gate.parse([SHIPPED | {field: value}])

    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize(("decided", "held"), [(0, 0), (59, 0), (60, 30), (150, 30), (1000, 200)])
def test_the_newest_share_is_held_back_once_there_is_enough(decided, held):
    assert gate.parse([SHIPPED]).held_out(decided) == held


def test_the_gate_asks_for_the_whole_margin():
    rules = LearningRules(gate=True, gate_margin=2)

    assert Comparison(100, new=0.82, old=0.80).passes(rules)
    assert not Comparison(100, new=0.8199, old=0.80).passes(rules)


def test_a_short_history_of_luck_is_not_enough_to_go_alone():
    assert gate.alone([Tried(0.99, right=True)] * 100, 98).threshold is None


def test_a_long_clean_history_lets_the_sure_ones_go():
    history = [Tried(0.95, right=True)] * 300 + [Tried(0.5, right=False)] * 100

    found = gate.alone(history, 98)

    assert (found.threshold, found.gone, found.wrong, found.n) == (0.95, 300, 0, 400)
    assert (found.share, found.precision) == (0.75, 1.0)


@given(
    st.lists(st.builds(Tried, st.sampled_from([0.5, 0.7, 0.9, 0.99]), st.booleans()), max_size=300),
    st.integers(98, 100),
)
def test_what_would_have_gone_alone_is_exactly_what_is_at_least_as_sure(history, precision):
    found = gate.alone(history, precision)

    if found.threshold is None:
        assert (found.gone, found.wrong) == (0, 0)
    else:
        gone = [one for one in history if one.confidence >= found.threshold]
        assert (found.gone, found.wrong) == (len(gone), sum(not one.right for one in gone))
        assert found.precision * 100 >= precision
