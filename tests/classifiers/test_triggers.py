"""Words are found in texts exactly where they stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.reading.triggers import Triggers

# Few signs, so that words meet one another and reach over the ends of texts.
SIGNS = "火灾水电ab"
WORDS = st.sets(st.text(SIGNS, min_size=2, max_size=4), max_size=8)
TEXTS = st.lists(st.text(f"{SIGNS}，\n😀", max_size=12), max_size=6)


@given(WORDS, TEXTS)
def test_a_word_is_present_where_it_stands_and_nowhere_else(words, texts):
    found = Triggers(words).present(texts)

    wanted = {place: {word for word in words if word in text} for place, text in enumerate(texts)}
    assert found == {place: here for place, here in wanted.items() if here}


def test_a_word_of_one_character_is_refused_by_name():
    with pytest.raises(ValueError, match="火"):
        Triggers(["起火", "火"])


def test_half_of_a_sign_beyond_the_basic_plane_does_no_harm():
    assert Triggers(["起火"]).present(["\ud83d起火\ude00"]) == {0: {"起火"}}
