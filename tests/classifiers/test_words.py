"""Cutting keeps our words whole and loses nothing, whatever is written."""

import subprocess
import sys
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers import words


def test_normalising_unifies_widths_and_drops_what_nobody_sees():
    text = "\t　ＡＢＣ１２３，机\u200b密\ufeff　　第二行\n\n第三行\x00\ud800 "

    assert words.normalise(text) == "abc123,机密 第二行 第三行"


@given(st.text(max_size=80))
def test_normalising_twice_changes_nothing_more_for_cutting(text):
    plain = words.normalise(text)

    assert "".join(words.cutter().cut(plain)) == plain


@pytest.mark.parametrize("engine", ["rjieba", "jieba"])
def test_both_engines_keep_the_words_of_our_lexicon_whole(engine):
    cut = words.cutter(engine).cut("产业园的惠企资金和技改补贴还没兑付")

    assert {"产业园", "惠企资金", "技改补贴", "兑付"} <= set(cut)


def test_the_engine_names_its_version_and_its_lexicon():
    shipped = words.engine()

    words.use_lexicon(["只有一个词"])

    assert shipped.startswith("rjieba ")
    assert words.engine().split(" · ")[0] == shipped.split(" · ")[0]
    assert words.engine() != shipped


@pytest.mark.parametrize(
    ("text", "word", "seen"),
    [
        ("我要问设备补贴", "设备补贴", "设备补贴"),
        ("我要问设\u200b备补贴", "设备补贴", "设\u200b备补贴"),
        ("加我ＶＸ吧", "vx", "ＶＸ"),
        ("没有这个词", "设备", None),
    ],
)
def test_a_word_is_located_in_the_text_as_given(text, word, seen):
    span = words.locate(text, word)

    assert (text[span[0] : span[1]] if span else None) == seen


def test_importing_the_readers_loads_neither_an_engine_nor_the_learner():
    code = (
        "import sys, classifiers; "
        "print([m for m in ('jieba', 'rjieba', 'sklearn', 'numpy') if m in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_a_dictionary_in_use_is_never_added_to():
    text = "园区厂房的变压器经常跳闸停电，补贴款迟迟没有到账。" * 200
    shipped = words.lexicon()
    words.cutter("rjieba", shipped)
    stop = threading.Event()

    def cut() -> None:
        while not stop.is_set():
            words.cutter("rjieba", shipped).cut(text)

    cutting = [threading.Thread(target=cut) for _ in range(3)]
    for one in cutting:
        one.start()
    try:
        for place in range(20):
            # Only the common words differ: the dictionary stays the same.
            other = words.cutter("rjieba", (*shipped, f"- 常见{place}"))
            assert f"常见{place}" in other.common
            assert other.cut("没有到账") == words.cutter("rjieba", shipped).cut("没有到账")
    finally:
        stop.set()
        for one in cutting:
            one.join()


def test_another_lexicon_leaves_the_first_as_it_was():
    text = "青鸾湖云计算谷的厂房"
    shipped = words.lexicon()
    before = words.cutter("rjieba", shipped).cut(text)

    assert "青鸾湖云计算谷" in words.cutter("rjieba", (*shipped, "青鸾湖云计算谷")).cut(text)
    assert words.cutter("rjieba", shipped).cut(text) == before
