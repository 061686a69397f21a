"""Original and copy side by side: nothing lost, changes marked whole, numbers on their marks."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.web.reviewing import comparing
from monitor.web.reviewing.comparing import Mark
from monitor.web.views import Piece

LINES = st.text(alphabet="某甲乙丙，。\n 138【】", max_size=80)


def one(original, copy):
    return comparing.pairs([("letter", original, copy)])


def drawn(original, copy, left=(), right=()):
    pairs = one(original, copy)
    return [comparing.drawn(pair, {"letter": left}, {"letter": right}) for pair in pairs]


@given(LINES, LINES)
def test_no_sign_of_either_side_is_lost_or_doubled(original, copy):
    lefts, rights = [], []
    for left, right in drawn(original, copy):
        lefts.append("".join(piece.text for piece in left))
        rights.append("".join(piece.text for piece in right))

    assert [line for line in lefts if line.strip()] == [
        line for line in original.split("\n") if line.strip()
    ]
    assert [line for line in rights if line.strip()] == [
        line for line in copy.split("\n") if line.strip()
    ]


@given(LINES, LINES)
def test_each_paragraph_knows_where_it_begins(original, copy):
    for pair in one(original, copy):
        assert original[pair.left_at : pair.left_at + len(pair.left)] == pair.left
        assert copy[pair.right_at : pair.right_at + len(pair.right)] == pair.right


def test_what_was_replaced_is_struck_and_the_rest_stays():
    [(left, right)] = drawn("请打13800000123找我。", "请打【电话】找我。")

    assert left == [Piece("请打"), Piece("13800000123", "struck"), Piece("找我。")]
    assert right == [Piece("请打"), Piece("【电话】", "replaced"), Piece("找我。")]


def test_one_equal_sign_between_two_changes_is_no_text_that_stayed():
    [(left, _)] = drawn("陈某甲来电", "某先生来电")

    assert left == [Piece("陈某甲", "struck"), Piece("来电")]


def test_a_long_paragraph_shows_its_changes_and_not_itself():
    long = "本批补贴按批次拨付，请留意公告。" * 120
    [(left, right)] = drawn(
        f"我是陈试样，{long}电话13800000123。", f"我是某人，{long}电话【电话】。"
    )

    struck = [piece.text for piece in left if piece.kind == "struck"]
    assert struck == ["陈试样", "13800000123"]
    assert [piece.text for piece in right if piece.kind] == ["某人", "【电话】"]


def test_a_mark_frames_its_span_and_carries_its_number():
    text = "首段\n请打13800000123。"
    at = text.index("138")
    rows = drawn(text, text, right=[Mark(at, at + 11, "7")])

    assert rows[1][1] == [Piece("请打"), Piece("13800000123", "open", "7"), Piece("。")]
    assert all(not piece.kind for left, _ in rows for piece in left)


def test_a_mark_that_is_done_numbers_what_was_struck():
    text = "请打13800000123。"
    [(left, _)] = drawn(text, "请打【电话】。", left=[Mark(2, 13, "1", open=False)])

    assert left[1] == Piece("13800000123", "struck", "1")


def test_a_place_counts_paragraphs_through_all_parts():
    pairs = comparing.pairs([("title", "题", "题"), ("letter", "甲\n\n乙丙丁", "甲\n\n乙【】")])

    assert comparing.place(pairs, "letter", 4, 6, copy=False) == "第 3 段 2\u20133"
    assert comparing.place(pairs, "letter", 4, 5, copy=True) == "第 3 段 2"
    assert comparing.place(pairs, "answer", 0, 1, copy=True) == ""


@pytest.mark.parametrize(
    ("original", "copy"),
    [
        ("甲\n" * 10_000, "乙\n" * 10_000),
        ("甲\n乙\n" * 5_000, "乙\n甲\n" * 5_000),
        ("甲" * 20_000, "甲" * 19_000 + "乙" * 1_000),
        ("甲，乙。" * 5_000, "乙，甲。" * 5_000),
        ("甲乙" * 10_000, "乙甲" * 10_000),
    ],
)
def test_the_longest_letters_are_compared_at_once(original, copy):
    began = time.thread_time()
    drawn(original, copy)

    # Work that grows with the square would take minutes; a busy machine does not count.
    assert time.thread_time() - began < 10
