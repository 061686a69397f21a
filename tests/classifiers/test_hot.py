"""Hot issues: found without names, one place and one matter each, and never renamed."""

import random
import re
import tomllib
from datetime import timedelta

import numpy as np
import pytest

from classifiers.hot import Known, Letter, find
from classifiers.hot.linking import average_linkage
from classifiers.words import shipped_data
from tests.classifiers.hot_letters import BEGIN, ISSUES, about, bundle


@pytest.fixture(scope="module")
def rules():
    return tomllib.loads((shipped_data() / "rulebook" / "hot.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def found(rules):
    return find(bundle(1), rules)


def test_every_issue_is_found_whole_and_pure(found):
    for place in ISSUES:
        best = max(found, key=lambda one: sum(m.startswith(place) for m in one.members))

        assert {m[: len(place)] for m in best.members} == {place}
        assert len(best.members) >= 7


def test_a_name_is_made_of_the_members_own_words_and_tells_the_place(found):
    for place, (_, texts) in ISSUES.items():
        best = max(found, key=lambda one: sum(m.startswith(place) for m in one.members))
        said = place + ISSUES[place][0] + "".join(texts)

        assert place[:2] in best.name
        assert all(pair in said for pair in re.findall(r"(?=(\w\w))", best.name)[:2])
        assert any(place[:2] in one for one in best.places)


def test_nothing_is_hot_where_everybody_writes_of_something_else(rules):
    alone = [letter for letter in bundle(2) if letter.number.startswith("n")]

    assert [one for one in find(alone, rules) if len(one.members) > 6] == []


def test_the_same_letters_give_the_same_issues_in_any_order(rules, found):
    letters = bundle(1)
    random.Random(3).shuffle(letters)

    assert find(letters, rules) == found


@pytest.mark.parametrize("seed", [4, 5])
def test_adding_a_day_changes_no_old_name_and_takes_no_member(rules, seed):
    letters = bundle(seed, days=14, each=9)
    before = {}
    for day in sorted({letter.at.date() for letter in letters}):
        now = find([one for one in letters if one.at.date() <= day], rules)
        held = {number: one.name for one in now for number in one.members}
        for name, members in before.items():
            assert {held.get(number) for number in members} == {name}
        before = {one.name: one.members for one in now}
    assert before


def test_the_same_matter_at_another_place_is_another_issue(rules):
    letters = bundle(6)
    moved = [
        Letter(f"other{one.number}", one.at, one.title.replace("青禾家园", "白鹭新村"),
               one.text.replace("青禾家园", "白鹭新村"))
        for one in letters if one.number.startswith("青禾家园")
    ]  # fmt: skip

    for one in find(letters + moved, rules):
        assert len({number.startswith("other") for number in one.members}) == 1


def test_copies_of_one_text_are_not_many_voices(rules):
    dice = random.Random(7)
    one = about("云溪大厦", 0, BEGIN, dice)
    copies = [Letter(f"c{n}", BEGIN + timedelta(minutes=n), one.title, one.text) for n in range(6)]

    assert find(copies, rules) == []


def test_a_known_issue_keeps_its_name_and_takes_new_letters_in(rules, found):
    place = next(iter(ISSUES))
    best = max(found, key=lambda one: sum(m.startswith(place) for m in one.members))
    letters = bundle(1)
    later = about(place, 99, letters[0].at + timedelta(days=25), random.Random(8))
    known = [Known("早先的名字", frozenset(best.members), best.places)]
    settled = frozenset(letter.number for letter in letters)

    again = find([*letters, later], rules, known, settled)

    assert [one.name for one in again] == ["早先的名字"]
    assert set(again[0].members) == {*best.members, later.number}


def test_linkage_joins_by_the_mean_and_not_by_the_nearest():
    chain = np.array([[0, 0.9, 0.1], [0.9, 0, 0.5], [0.1, 0.5, 0]])

    assert average_linkage(chain, 0.4) == [[0, 1], [2]]
    assert average_linkage(chain, 0.3) == [[0, 1, 2]]


def test_no_place_and_no_matter_stands_in_the_rules(rules):
    words = [*rules["words"]["place_ends"], *rules["words"]["breaks"]]

    assert max(map(len, words)) <= 4
    assert not {pair for place in ISSUES for pair in (place[:2],)} & set(words)
