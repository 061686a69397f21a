"""What stands for the title of a letter that came without one."""

import pytest

from monitor.domain.letters import headline


def test_the_head_of_the_text_stands_for_a_title():
    assert headline("园区  停水\n两天了") == "园区 停水 两天了"
    assert headline("字" * 31) == "字" * 29 + "…"
    for said in ("2026年10月9日申报了120万元", "2026-10-09 09:30停电，1234567元"):
        assert headline(said) == said


@pytest.mark.parametrize(
    "number",
    ["13800000123", "138 0000 0123", "138-0000-0123", "\uff11\uff13800000123",
     "一三八零零零零零幺二三", "36010219900307123X", "6222 0000 0000 0000", "86000123"],
)  # fmt: skip
def test_a_long_number_never_stands_in_it(number):
    assert headline(f"我的号码是{number}，请回电") == "我的号码是***，请回电"
