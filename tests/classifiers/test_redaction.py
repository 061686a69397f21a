"""Whatever way a number is written, nothing of it is left in the text for the public."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from classifiers import sensitive

DIGITS = "0123456789"


def _as(other):
    table = str.maketrans(DIGITS, other)
    return lambda number: number.translate(table)


def _parted(mark):
    return lambda number: mark.join(number)


def _in_three(mark):
    return lambda number: mark.join((number[:3], number[3:7], number[7:]))


WRITINGS = {
    "plain": str,
    "full width": _as("０１２３４５６７８９"),
    "Chinese": _as("零一二三四五六七八九"),
    "Chinese round nought": _as("〇一二三四五六七八九"),
    "yao": _as("零幺二三四五六七八九"),
    "bank": _as("零壹贰叁肆伍陆柒捌玖"),
    "circled": _as("⓪①②③④⑤⑥⑦⑧⑨"),
    "bold": _as("𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"),
    **{f"parted by {mark!r}": _parted(mark) for mark in " -._·*~,，、/\u3000\u200b"},
    **{f"in three by {mark!r}": _in_three(mark) for mark in (" ", "-", "—", "(")},
    "letter o": lambda number: number.replace("0", "o"),
    "letter l": lambda number: number.replace("1", "l"),
    "spoken and parted": lambda number: " ".join(_as("零一二三四五六七八九")(number)),
    "broken over lines": lambda number: f"{number[:4]}\n{number[4:]}",
}
AROUND = st.sampled_from(
    ["请打{}联系我。", "联系方式：{}", "{}", "我公司电话{}，请回电", "号码 {} 已停用", "（{}）"]
)
PHONE = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@st.composite
def id_card(draw):
    home = draw(st.sampled_from(["110101", "320106", "510104"]))
    born = draw(st.dates(min_value=_day(1950), max_value=_day(2005))).strftime("%Y%m%d")
    body = f"{home}{born}{draw(st.integers(0, 999)):03}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(char) * weight for char, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


@st.composite
def bank_card(draw):
    body = "62" + draw(st.from_regex(r"[0-9]{16}", fullmatch=True))
    doubled = [int(char) * (2 - at % 2) for at, char in enumerate(reversed(body))]
    rest = sum(value - 9 if value > 9 else value for value in doubled) % 10
    return f"{body}{(10 - rest) % 10}"


def _day(year):
    import datetime

    return datetime.date(year, 1, 1)


def _left(text):
    """How many digits of any writing are left; masks may hold a 一 of their own."""
    plain = unicodedata.normalize("NFKC", re.sub("【[^】]*】", "", text))
    return len(re.findall("[0-9〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]", plain))


def _redacted(text):
    return sensitive.redact(text, sensitive.scan(text))


@pytest.mark.parametrize("writing", WRITINGS)
@given(number=st.one_of(PHONE, id_card(), bank_card()), around=AROUND)
def test_no_digit_of_a_number_is_left(writing, number, around):
    text = around.format(WRITINGS[writing](number))

    assert _left(_redacted(text)) == 0, text


@given(st.text(max_size=200))
@example("商业秘密")
@example("【涉商业秘密】和商业秘密")
def test_redaction_reads_any_text_and_is_done_after_the_first_time(text):
    once = _redacted(text)

    assert _redacted(once) == once


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("青山村村民杜试样去施工", "青山村村民某某去施工"),
        ("我爸刘试柱也是被骗的", "我爸某某也是被骗的"),
        ("同事陈试可以作证", "同事某某可以作证"),
        ("求助人钟试样，龙试样，龙样均住此处", "求助人某某，某某，某某均住此处"),
        ("我的妻子陈试样于三月来访", "我的妻子某某于三月来访"),
        ("尊敬的胡市长：您好", "尊敬的某市长：您好"),
        ("请拨打7000110咨询", "请拨打【座机】咨询"),
        ("电话：7000110、8000670", "电话：【座机】、【座机】"),
        ("车辆为沪BN8305，已驶离", "车辆为【车牌号】，已驶离"),
        ("青山镇大坪村水塘组100号的村民", "【地址】的村民"),
    ],
)
def test_what_stands_around_tells_a_name_a_number_a_place(text, public):
    assert _redacted(text) == public


@pytest.mark.parametrize(
    "text",
    [
        "业主付费，学生毕业，群众路线",
        "居民安全问题，村民代表大会，老人高龄",
        "高校长期补课，全市长期以来",
        "费用1200000、2300000元",
        "第A12345号公告",
        "1、3、5、7、9、11、13、15号楼",
        "2026年10月9日，共86万元，占173.5亩",
    ],
)
def test_everyday_words_and_figures_stay(text):
    assert _redacted(text) == text
