"""A mark of a state secret is found in any writing; the mere word is left alone."""

import time

import pytest

from classifiers.secrecy import secrecy_mark

MARKS = [
    "机密★10年",
    "秘密☆",
    "绝密★长期",
    "机 密 ★ 5 年",
    "机　密　★",
    "机\u200b密\u200b★10年",
    "机\ufeff\u00ad密 ★",
    "秘密\u2060⭐3年",
    "机密*10年",
    "机密＊１０年",
    "机密*",
    "秘密级★",
    "机密（★5年）",
    "机·密★",
    "机̲密̲★",
    "機密★",
    "密级：机密",
    "密级:秘密",
    "密 级　机 密",
    "密级\t绝密",
    "【密级】秘密",
    "保密等级：机密",
    "【机密】",
    "[绝密] 关于调整的通知",
    "【机密 5年】关于某事",
    "〔秘密〕",
    "（机密）关于报送情况的函",
    "关于报送情况的函（机密）",
    "机密",
    "  机　密  ",
    "000012\n机密\n关于某事的请示",
    "份号：000123 秘密 1年",
    "第3页 共8页  机密",
    "机密 特急",
    "— 绝密 —",
    "**机密**",
    "内部资料 机密 ★",
    "内部资料 机密 注意保存",
    "绝密文件 不得外传",
    "机\n密\n★\n5年",
    "★机密 请勿外传",
    "★绝密 方案不得外传",
    "☆机密\u3000关于某方案",
    "★秘密5年 会议纪要",
    "★秘密★",
    "第一行\u2028机密\u2028正文",
    "机密&#9733;10年",
    "&#26426;&#23494;★",
    "标题\n正文很长。" * 40 + "\n机密\n",
    "机" + "\u200b" * 5000 + "密★",
    "机密" + "\u200b" * 5000 + "★",
    "密级" + "\u200b" * 5000 + "：" + " " * 5000 + "机密",
    "商业秘密★，机密★5年",
]
WORDS = [
    "商业秘密",
    "涉及商业秘密的材料请标注",
    "商业秘密★核心",
    "请保密",
    "请为我保密，谢谢",
    "机密文件柜采购咨询",
    "秘密举报某单位",
    "秘密举报",
    "保守秘密",
    "《中华人民共和国保守国家秘密法》",
    "国家秘密法",
    "绝密配方",
    "我们有绝密配方★★★★★好吃",
    "不泄露国家秘密，不侵犯商业秘密",
    "手机密码忘记了★",
    "司机密切配合",
    "国家秘密的密级分为绝密、机密、秘密三级",
    "商业**秘密**应当保护",
    "这是公开的秘密。",
    "★秘密花园项目★",
    "是否保密：是",
    "密级：公开",
    "（秘密举报电话）12345",
    "这件事（机密）外人不知道，只有我们知道",
    "",
    "普通的一封信",
]


@pytest.mark.parametrize("text", MARKS)
def test_a_mark_is_found_and_its_place_is_exact(text):
    hit = secrecy_mark(text)

    assert hit is not None
    assert hit.kind == "secrecy"
    assert text[hit.start : hit.end] == hit.text


@pytest.mark.parametrize("text", WORDS)
def test_a_word_in_a_sentence_is_no_mark(text):
    assert secrecy_mark(text) is None


@pytest.mark.parametrize("mark", [mark for mark in MARKS if "\n" not in mark])
def test_a_mark_is_found_in_the_middle_of_a_letter(mark):
    assert secrecy_mark(f"关于厂房租金的咨询\n{mark}\n我们想问一下租金减免怎么申请。")


@pytest.mark.parametrize(
    "text",
    [
        "机密" * 50_000,
        "机 " * 100_000,
        "机" + " " * 200_000,
        "密级" * 50_000,
        "【" * 100_000 + "密",
    ],
)
def test_no_text_makes_the_search_slow(text):
    began = time.thread_time()

    secrecy_mark(text)

    assert time.thread_time() - began < 5
