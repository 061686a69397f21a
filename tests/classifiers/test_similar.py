"""Repeats and retold letters are found by their wording; strangers and other places are told."""

import os
import random
import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from classifiers import words
from classifiers.similar import (
    BANDS,
    Letter,
    closeness,
    differing,
    fingerprint,
    keywords,
    likeness,
    nearness,
    places,
    resemblance,
    shared,
)

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
# Codes of districts, as machines write them in place of names.
HERE, THERE, CITY = "A3" + "区", "B7" + "区", "A" + "市"
HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), max_size=80)
LONG = st.permutations([chr(0x4E10 + 7 * place) for place in range(70)]).map("".join)
# Punctuation, blanks and marks that nobody sees.
NOTHING = st.lists(st.sampled_from("，。！？ 、；：\n\t　“”（）-…\u200b\ufeff"), max_size=6)
NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}


@given(st.text(max_size=120))
def test_a_fingerprint_is_a_few_numbers_and_always_the_same(text):
    bands = fingerprint(text)

    assert 1 <= len(bands) <= BANDS
    assert sorted(set(bands)) == list(bands)
    assert all(0 <= band < 2**40 for band in bands)
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
    assert fingerprint("设备补贴何时拨付")[:2] == (126033780433, 386466249848)


@given(HAN, NOTHING, st.integers(0, 80))
def test_what_nobody_reads_changes_neither_likeness_nor_fingerprint(text, nothing, at):
    untidy = text[:at] + "".join(nothing) + text[at:]

    assert fingerprint(untidy) == fingerprint(text)
    assert resemblance(untidy, text) == (1 if text else 0)


@given(st.text(st.sampled_from("ABCxyz019！（），中文补贴"), max_size=40))
def test_full_width_letters_read_like_narrow_ones(text):
    wide = "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)

    assert fingerprint(wide) == fingerprint(text)
    assert resemblance(wide, text.translate(NARROW)) == resemblance(text, text)


@given(LONG, st.sampled_from(["尊敬的领导：您好！", "各位领导好，我是一名普通市民。", "你好，"]))
def test_a_greeting_hides_no_repeat(text, greeting):
    greeted = f"{greeting}{text}恳请答复，谢谢！"

    assert resemblance(greeted, text) > 0.95
    assert len(set(fingerprint(greeted)) & set(fingerprint(text))) > BANDS / 4


@given(LONG, st.randoms(use_true_random=False))
def test_a_part_of_a_letter_is_found_whatever_was_left_out(text, chance):
    part = text[: len(text) // 2] if chance.random() < 0.5 else text[len(text) // 2 :]

    assert resemblance(part, text) >= nearness()
    assert set(fingerprint(part)) & set(fingerprint(text))


@given(st.text(max_size=60), st.text(max_size=60))
@example("的", "了")
@example("12", "34")
@example("⒜", "")
def test_resemblance_is_a_share_and_the_same_both_ways(one, other):
    assert 0 <= resemblance(one, other) <= 1
    assert resemblance(one, other) == resemblance(other, one)
    speaks = any(char.isalnum() for char in words.normalise(one))
    assert resemblance(one, one) == (1 if speaks else 0)


def test_resemblance_ranks_the_same_the_quoted_the_retold_and_the_stranger():
    quoted = "转来一封来信，请阅处。" + LETTER + "以上情况请核实后答复来信人，并抄送办公室。" * 3

    assert resemblance(LETTER, LETTER) == 1
    assert resemblance(LETTER, quoted) > 0.9
    assert likeness() <= resemblance(LETTER, RETOLD) < resemblance(LETTER, quoted)
    assert resemblance(LETTER, STRANGER) < 0.1


def test_nearly_the_same_text_shares_a_band_and_a_stranger_none():
    edited = LETTER.replace("请给一个准信", "请尽快给一个准信，谢谢")

    assert set(fingerprint(edited)) & set(fingerprint(LETTER))
    assert not set(fingerprint(STRANGER)) & set(fingerprint(LETTER))


def test_a_scrap_or_nothing_resembles_nothing():
    assert resemblance("", "") == 0
    assert resemblance("您好", LETTER + "您好") < 0.1


def test_an_address_of_a_page_weighs_no_more_than_a_word():
    page = "见 https://www.example.gov.cn/abc/defgh/ijklm.html "

    assert resemblance(page + LETTER, page + STRANGER) < 0.2


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        (f"{HERE}的路灯坏了半年", f"{THERE}的路灯坏了半年", (HERE, THERE)),
        ("青竹湖镇的路没人修", "白石滩镇的路没人修", ("青竹湖镇", "白石滩镇")),
        ("住在东岭路旁，噪音很大", "住在南桥路旁，噪音很大", ("东岭路", "南桥路")),
        ("云杉花园停水三天", "丽景花园停水三天", ("云杉花园", "丽景花园")),
        # One says more, or puts it in another way: that is no other place.
        ("云杉花园停水三天", f"{HERE}星河街道云杉花园停水三天", None),
        ("云杉花园小区停水三天", "云杉花园停水三天", None),
        ("我们小区停水三天", "咱们小区停水三天", None),
        (f"{CITY}停水三天", f"{HERE}停水三天", None),
        ("停水 3 天了", "停水 5 天了", None),
        ("二号路积水", "2号路积水，东岭路也积水", None),
        ("十二号路积水", "12号路积水，东岭路也积水", None),
        # A village may lie in the town, a district in the city.
        ("星河镇的路没人修", "石溪村的路没人修", None),
        ("石溪市的路没人修", "星河区的路没人修", None),
    ],
)
def test_another_place_is_told_by_the_shape_of_its_name(one, other, told):
    assert differing(one, other) == told
    assert differing(other, one) == (told and told[::-1])


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        # The road, the house, the stage or the gate is the same: the place around it tells.
        ("白鹭智造园2号路积水", "青槐产业园2号路积水", ("白鹭智造园", "青槐产业园")),
        ("星河大厦A座3号楼停电", "云杉大厦A座3号楼停电", ("星河大厦", "云杉大厦")),
        ("石溪街道一期东门积水", "星河街道一期东门积水", ("石溪街道", "星河街道")),
        # A park is told by its name, whatever it is for and however its kind is called.
        ("石溪科技园电费高", "梧桐小微创业园电费高", ("石溪科技园", "梧桐小微创业园")),
        ("白鹭科技产业园停电", "青槐科技产业园停电", ("白鹭科技产业园", "青槐科技产业园")),
        ("白鹭云聚园停电", "青槐物流港停电", ("白鹭云聚园", "青槐物流港")),
        ("白鹭园区停电", "青槐创业基地停电", ("白鹭园区", "青槐创业基地")),
    ],
)
def test_the_place_around_tells_where_what_lies_in_it_is_called_the_same(one, other, told):
    assert differing(one, other) == told
    assert differing(other, one) == told[::-1]


@pytest.mark.parametrize(
    "other",
    [
        "2号路积水",
        "青槐园区2号路积水",
        "青槐高新科技园2号路积水",
        "入驻青槐小微企业创业园，2号路积水",
        "青槐产业园区二号路积水",
        # These name no park: what it is for and words of letters are no names.
        "小微企业创业园2号路积水",
        "高新技术产业园2号路积水",
        "我们园区2号路积水",
        "昨晚园区2号路积水",
        "投诉产业园2号路积水",
        # What may lie around it or in it is no other place.
        "石溪经济开发区2号路积水",
        "星河大厦2号路积水",
    ],
)
def test_a_park_in_other_words_or_without_a_name_is_no_other_place(other):
    assert differing("青槐产业园2号路积水", other) is None
    assert differing(other, "青槐产业园2号路积水") is None


def test_numerals_of_roads_and_houses_are_read_as_figures():
    written, figures = "沿河二号路第十二栋二〇一号积水", "沿河2号路第12栋201号积水"

    assert resemblance(written, figures) == resemblance(figures, figures)
    # What stands in the index keeps its words.
    assert fingerprint(written) != fingerprint(figures)


@given(HAN, HAN)
def test_no_letter_is_about_another_place_than_itself_or_a_part_of_it(one, more):
    assert differing(one, one) is None
    assert differing(one, f"{one}，{more}") is None


def test_places_are_named_once_in_their_order():
    named = [place.name for place in places(f"{HERE}星河街道，云杉花园。云杉花园！星河街道")]

    assert named == [HERE, "星河街道", "云杉花园"]


def test_a_letter_knows_its_place_from_title_and_field():
    here = Letter("每天半夜施工，无法休息", title="云杉花园旁施工")
    there = Letter("每天半夜施工，无法休息", place="丽景花园")

    assert here.resemblance(there) == 1
    assert here.elsewhere(there) == ("云杉花园", "丽景花园")


def test_moved_sentences_are_still_the_same_letter():
    parts = [part for part in LETTER.split("，") if part]
    random.Random(3).shuffle(parts)

    assert resemblance("，".join(parts), LETTER) > 0.6


@given(HAN, st.lists(HAN, max_size=4))
def test_closeness_is_a_share_for_each_text(text, others):
    assert all(0 <= near <= 1 for near in closeness(text, others))
    assert len(closeness(text, others)) == len(others)


def test_what_every_text_says_brings_none_nearer():
    asked = "请问设备补贴什么时候拨付"
    near, far = closeness(asked, ["请问设备补贴到账没有", "请问人才公寓什么时候分配"])

    assert near > far
    assert closeness(asked, []) == []


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
