"""Words are found by their numbers, and only those that are known."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from classifiers import words
from classifiers.prepared import prepare
from classifiers.reading.vocabulary import Vocabulary, hashed

SIGNS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6)


def numbers(known, asked):
    """The numbers of words that stand in a text of their own each."""
    codes = np.frombuffer("".join(asked).encode("utf-32-le"), dtype=np.uint32)
    ends = np.cumsum(list(map(len, asked)))
    starts = ends - list(map(len, asked))
    origin = np.repeat(starts, list(map(len, asked)))
    return Vocabulary(known).numbers(hashed(codes, starts, ends, origin)).tolist()


@given(st.lists(SIGNS, unique=True, min_size=1, max_size=60), st.lists(SIGNS, min_size=1))
def test_a_known_word_has_its_number_and_no_other_word_has_one(known, others):
    asked = [*known, *others]

    found = numbers(known, asked)

    place = {word: number for number, word in enumerate(known)}
    assert found == [place.get(word, -1) for word in asked]


def test_every_word_of_a_large_vocabulary_is_found():
    known = [
        f"{first}{second}" for first in map(chr, range(0x4E00, 0x4E90)) for second in "的一是不"
    ]

    assert numbers(known, known) == list(range(len(known)))


def test_nothing_is_known_to_an_empty_vocabulary():
    assert numbers([], ["补贴", "a"]) == [-1, -1]


def test_words_are_found_wherever_in_their_text_they_stand():
    known = ["补贴", "什么", "到账"]
    prepared = prepare(["到账了吗\n补贴什么时候到账？" * 3, "什么\n补贴", "", "没有"])
    rows, starts, ends = prepared.spans_of_tokens
    origin = prepared.bounds[0][prepared.places_of_codes[0]]

    found = Vocabulary(known).numbers(hashed(prepared.codes, starts, ends, origin)).tolist()

    tokens = [word for text in prepared.tokens for word in text]
    assert found == [known.index(word) if word in known else -1 for word in tokens]
    assert rows.tolist() == [row for row, text in enumerate(prepared.tokens) for _ in text]


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=120)), min_size=1, max_size=5))
def test_a_word_is_in_the_title_or_the_ending_if_all_of_it_is(messages):
    prepared = prepare([f"{title}\n{text}" for title, text in messages])
    _, titles, endings = prepared.places_of_tokens

    inside: list[list[bool]] = [[], []]
    for text, tokens, title, ending in zip(
        prepared.texts, prepared.tokens, prepared.titles, prepared.endings, strict=True
    ):
        assert "".join(tokens) == text
        start = 0
        for word in tokens:
            inside[0].append(start + len(word) <= title)
            inside[1].append(start >= len(text) - ending)
            start += len(word)
    assert titles.tolist() == np.flatnonzero(inside[0]).tolist()
    assert endings.tolist() == np.flatnonzero(inside[1]).tolist()


def test_an_engine_cuts_a_text_into_words_that_are_the_text_together():
    strange = words.normalise("\u3000１２ａＢ—😀\ufeff㐀龥\n\tﬁ№Ⅷ　：，")

    for engine in ("rjieba", "jieba"):
        assert "".join(words.cutter(engine).cut(strange)) == strange
