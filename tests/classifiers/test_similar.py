"""Repeats and retold letters are found by their wording; strangers are not."""

import os
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from classifiers.similar import BANDS, fingerprint, keywords, resemblance, shared

LETTER = (
    "关于设备补贴未到账的咨询\n我公司前年在产业园投产，去年三月按通知申报了设备补贴八十万元，"
    "公示期早已结束，到现在没有拨付，多次打电话都说在走流程，请给一个准信。"
)
RETOLD = (
    "补贴什么时候给\n你们好，我们企业前年在产业园投产，设备补贴八十万元公示期早已结束，"
    "可是到现在没有拨付，问了好几回都说在走流程，究竟哪天能拿到？"
)
STRANGER = (
    "人才公寓怎么申请\n我是今年毕业的研究生，想了解青年人才公寓的户型和租金，要准备哪些证件？"
)


@given(st.text(max_size=120))
def test_a_fingerprint_is_eight_signed_numbers_and_always_the_same(text):
    bands = fingerprint(text)

    assert len(bands) == BANDS
    assert all(-(2**63) <= band < 2**63 for band in bands)
    assert fingerprint(text) == bands


def test_a_fingerprint_is_the_same_in_every_process():
    code = f"from classifiers.similar import fingerprint; print(fingerprint({LETTER!r}))"
    seen = set()
    for seed in ("0", "1"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"}
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env=environment,
        )
        seen.add(done.stdout.strip())

    assert seen == {str(fingerprint(LETTER))}


def test_a_fingerprint_never_changes_between_releases():
    assert fingerprint("设备补贴何时拨付")[:2] == (2123206683076627407, 2291276015847349660)


def test_blanks_widths_and_punctuation_leave_the_fingerprint_alone():
    untidy = "\n\t　" + LETTER.replace("，", " , ").replace("八", "八\u200b").replace(
        "\n", "\r\n\r\n"
    )

    assert fingerprint(untidy) == fingerprint(LETTER)


def test_nearly_the_same_text_shares_a_band_and_a_stranger_none():
    edited = LETTER.replace("请给一个准信", "请尽快给一个准信，谢谢")

    assert set(fingerprint(edited)) & set(fingerprint(LETTER))
    assert not set(fingerprint(STRANGER)) & set(fingerprint(LETTER))


def test_resemblance_ranks_the_same_the_quoted_the_retold_and_the_stranger():
    quoted = "转来一封来信，请阅处。" + LETTER + "以上情况请核实后答复来信人，并抄送办公室。" * 3

    assert resemblance(LETTER, LETTER) == 1
    assert resemblance(LETTER, quoted) > 0.6
    assert 0.35 <= resemblance(LETTER, RETOLD) < resemblance(LETTER, quoted)
    assert resemblance(LETTER, STRANGER) < 0.15


@given(st.text(max_size=60), st.text(max_size=60))
def test_resemblance_is_a_share_and_the_same_both_ways(one, other):
    assert 0 <= resemblance(one, other) <= 1
    assert resemblance(one, other) == resemblance(other, one)


def test_a_scrap_or_nothing_resembles_nothing():
    assert resemblance("", "") == 0
    assert resemblance("您好", LETTER + "您好") < 0.1


def test_the_phrases_shared_are_shown_longest_first():
    phrases = shared(LETTER, RETOLD)

    assert phrases[0] == "前年在产业园投产"
    assert all(phrase in LETTER.replace("，", ",") for phrase in phrases)
    assert sorted(phrases, key=len, reverse=True) == list(phrases)


def test_keywords_are_the_telling_words_and_follow_given_weights():
    plain = keywords(LETTER)
    weighed = keywords(LETTER, dict.fromkeys(keywords(LETTER, k=99), 1.0) | {"流程": 9.0}, k=1)

    assert "设备补贴" in plain
    assert "产业园" in plain
    assert not {"多次", "没有", "现在"} & set(plain[:3])
    assert weighed == ("流程",)
    assert keywords("") == ()
