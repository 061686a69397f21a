"""Who is called back and how long a file is kept: ordered, stable, within bounds, explained."""

import tomllib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.closing import retention, sampling
from monitor.domain.closing.retention import Outcome
from monitor.domain.closing.sampling import Rule, When
from monitor.domain.closing.selecting import Facts
from monitor.domain.errors import Incomplete
from tests.domain.shipped import DATA

numbers = st.builds(
    lambda day, n: f"HY202610{day:02d}-{n:03d}", st.integers(1, 28), st.integers(1, 2000)
)


def table(name):
    return tomllib.loads((DATA / "rulebook" / f"{name}.toml").read_text("utf-8"))[name_of(name)]


def name_of(name):
    return {"callbacks": "callback"}.get(name, name)


RULES = sampling.parse(table("callbacks"))


def told(**facts):
    given_ = {"number": "HY20261009-001", "channel": "mailbox", "request_type": "consult"}
    return sampling.draw(RULES, Facts(**{**given_, **facts}))


@given(numbers, st.integers(0, 100))
def test_a_lot_is_drawn_alike_each_time_and_says_how(number, share):
    rule = Rule(code="X", name="试", share=share)
    facts = Facts(number, "web")

    lot = sampling.draw([rule], facts)

    assert lot == sampling.draw([rule], facts)
    assert lot.drawn == (sampling.place(number) < share)
    outcome = "抽中" if lot.drawn else "未抽中"
    assert lot.words == f"抽样规则第 1 条（试），{share}%，本件{outcome}"


@given(numbers, st.integers(0, 99))
def test_a_larger_share_takes_in_whoever_a_smaller_one_took(number, share):
    facts = Facts(number, "web")

    smaller, larger = (
        sampling.draw([Rule(code="X", name="", share=s)], facts).drawn for s in (share, share + 1)
    )

    assert larger or not smaller


@pytest.mark.parametrize("share", [0, 10, 30, 50, 100])
def test_the_share_is_kept(share):
    drawn = sum(
        sampling.draw(
            [Rule(code="X", name="", share=share)], Facts(f"HY202610{d:02d}-{n:03d}", "web")
        ).drawn
        for d in range(1, 29)
        for n in range(1, 101)
    )

    # Four standard deviations of 2,800 lots.
    assert abs(drawn / 28 - share) <= 4 * (share * (100 - share) / 2800) ** 0.5


def test_the_first_rule_that_fits_decides():
    assert told(request_type="report").words == "抽样规则第 3 条（投诉、举报），100%，本件抽中"
    no_phone = told(request_type="report", holds=frozenset({When.NO_PHONE}))
    assert not no_phone.drawn
    assert no_phone.words.startswith("抽样规则第 2 条（")
    assert not told(urgency="critical", holds=frozenset({When.ASKED_NOT})).drawn
    assert told(holds=frozenset({When.LATE})).drawn
    assert told(holds=frozenset({When.AGAIN})).words.startswith("抽样规则第 4 条")
    assert told().words.startswith("抽样规则第 9 条（其他咨询、建议、表扬），30%")


def test_without_rules_everybody_is_called():
    assert sampling.draw((), Facts("HY20261009-001", "web")).drawn


@pytest.mark.parametrize("wrong", [{"share": 101}, {"share": -1}, {"tries": 0}, {"when": "never"}])
def test_a_wrong_rule_is_named(wrong):
    with pytest.raises(Incomplete, match="HF-1"):
        sampling.parse([{"code": "HF-1", "name": "试", "share": 30, **wrong}])


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, "10年"),
        ({"request_type": "complaint"}, "30年"),
        ({"urgency": "critical", "request_type": "complaint"}, "永久"),
        ({"holds": frozenset({Outcome.AGAIN})}, "30年"),
        ({"holds": frozenset({Outcome.UNSOLVED})}, "30年"),
    ],
)
def test_a_class_is_proposed_with_its_rule(facts, expected):
    rules = retention.parse(table("retention"))

    proposal = retention.propose(rules, Facts(**facts))

    assert proposal.retention == expected
    assert proposal.words.endswith(f"：{expected}")
    assert proposal.code in {rule.code for rule in rules}


def test_a_file_is_kept_until_the_end_of_its_last_year():
    assert retention.until(date(2026, 10, 9), "10年") == date(2036, 12, 31)
    assert retention.until(date(2026, 1, 1), "30年") == date(2056, 12, 31)
    assert retention.until(date(2026, 10, 9), "永久") is None


def test_nothing_is_thrown_away_for_want_of_a_rule():
    assert retention.propose((), Facts()).retention == "永久"
    with pytest.raises(Incomplete, match="BG-9"):
        retention.parse([{"code": "BG-9", "name": "试", "retention": "很久"}])
