"""What a letter shows beside its labels: opinion, missing facts, several requests."""

import pytest

from classifiers.letter import missing, opinion, requests

SERIOUS = (
    "网友发帖称开发区某厂昨夜爆炸，已有3人死亡，视频阅读量超过120万，转发5.2万，冲上热搜，"
    "评论里骂声一片"
)


@pytest.mark.parametrize(
    ("text", "level", "tone"),
    [
        (SERIOUS, "grave", "negative"),
        ("朋友圈刷屏，上百名工人聚集在门口，质疑官商勾结", "major", "negative"),
        ("二十多家企业联名，说园区乱收费，很不满", "larger", "negative"),
        ("帖子说园区停车收费贵，阅读量 800，转发 12", "ordinary", "neutral"),
        ("阅读量达12万，转发1.5万", "major", "neutral"),
        ("网友点赞投促局办事高效，感谢窗口的同志", "ordinary", "positive"),
        ("澄清：并没有爆炸，也没有人员死亡", "ordinary", "neutral"),
        # A rumour, an old picture, a drill: what they tell has not happened here; the spread has.
        ("网传某厂爆炸、已有3人死亡。经核实，画面是外地旧视频", "ordinary", "neutral"),
        ("消防演练模拟火灾，多人送医，围观群众聚集", "ordinary", "neutral"),
        ("网传某厂爆炸，阅读量达12万，属谣言", "major", "negative"),
        ("网传某厂爆炸、已有3人死亡，请官方辟谣", "grave", "neutral"),
        # What others only claim, or call a rumour against the facts, is none.
        ("官方通报与事实不符，实际已有3人死亡，厂区发生爆炸", "grave", "neutral"),
        ("厂里昨天爆炸，已有3人死亡。领导却说是谣言，不让我们发声。", "grave", "negative"),
        ("对外宣称系不实信息，但爆炸确实发生，已有3人死亡", "grave", "neutral"),
        ("昨天仓库爆炸，已有3人死亡。企业平时消防演练走过场。", "grave", "neutral"),
        ("昨天仓库爆炸，已有3人死亡。上月才做过演练。", "grave", "neutral"),
        ("上周有演练。今天仓库真的爆炸了。不是谣言。", "major", "neutral"),
        # Whoever is hurt has come to harm, however few have read of it.
        ("帖子转发 210，货车在坡道侧翻，司机胳膊骨折", "larger", "neutral"),
        ("工地上钢管砸伤一人", "larger", "neutral"),
        ("昨天叉车翻了，师傅的腿被压断", "larger", "neutral"),
        ("孩子从滑梯上掉下来，缝了七针", "larger", "neutral"),
        ("有人头晕恶心，已送医院", "larger", "neutral"),
        ("食堂出事，十几人住院，家长群里都在传", "major", "neutral"),
        ("12名学生呕吐，家长拍了视频", "major", "neutral"),
        ("没有人受伤，货车也没有侧翻", "ordinary", "neutral"),
        ("澄清：并未骨折，也没有人住院", "ordinary", "neutral"),
        ("演练：模拟货车侧翻，多人受伤", "ordinary", "neutral"),
        ("网传货车侧翻、多人骨折，系旧视频", "ordinary", "neutral"),
        ("门面转让打骨折价", "ordinary", "neutral"),
        ("住院报销比例太低，住院部停车贵", "ordinary", "neutral"),
        ("看材料看得头昏脑胀", "ordinary", "neutral"),
        # How far it has spread: the press, the lists, the numbers.
        ("省级媒体来电核实", "major", "neutral"),
        ("记者已到，要采访负责人", "major", "neutral"),
        ("记者正在采访村民", "major", "neutral"),
        ("挂在热搜第三", "major", "neutral"),
        ("上了同城热搜", "larger", "neutral"),
        ("视频播放300万", "major", "neutral"),
        ("阅读 120 余万", "major", "neutral"),
        ("阅读量：10w+", "major", "neutral"),
        ("没有记者来，也没上热搜", "ordinary", "neutral"),
        ("商家想蹭热搜", "ordinary", "neutral"),
        ("我是记者，想采访贵局", "ordinary", "neutral"),
        ("我留言 2024年就发过", "ordinary", "neutral"),
        ("大家对答复并不满意", "ordinary", "negative"),
        ("没有不满，就是问问", "ordinary", "neutral"),
        ("", "ordinary", "neutral"),
        ("nothing to see here, 120 views", "ordinary", "neutral"),
    ],
)
def test_level_and_tone_follow_the_words_and_what_denies_them(text, level, tone):
    found = opinion.read(text)

    assert (found.level, found.tone) == (level, tone)
    for mark in (*found.level_marks, *found.tone_marks):
        assert text[mark.start : mark.end] == mark.text
    assert bool(found.level_marks) is (level != "ordinary")


def test_the_greatest_number_of_each_measure_is_kept():
    text = "昨天阅读量8000，今天播放量已超120万；转发3,200，评论5.2万条，点赞上万"

    assert opinion.read(text).heat == {"阅读": 1_200_000, "转评赞": 52_000}


@pytest.mark.parametrize(
    ("text", "heat"),
    [
        ("阅读 800 转发 12", {"阅读": 800, "转评赞": 12}),
        ("120万播放 3.2万点赞", {"阅读": 1_200_000, "转评赞": 32_000}),
        ("播放破300万，转发5.2k", {"阅读": 3_000_000, "转评赞": 5200}),
        ("300多万播放，评论：96 条", {"阅读": 3_000_000, "转评赞": 96}),
        ("浏览www.example.cn，网友留言 2024年3月已发", {}),
    ],
)
def test_numbers_are_read_with_blanks_units_and_signs_but_dates_are_none(text, heat):
    assert opinion.read(text).heat == heat


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        ("我公司在东湖产业园，今年5月起停电，请协调，联系电话13800000123", []),
        ("厂里停电三天了，请协调供电，在青石工业园，打138 0000 0123", ["who"]),
        ("我们要投诉，态度太差", ["where", "since", "contact"]),
        ("坏了", ["who", "where", "what", "since", "contact"]),
        ("", ["who", "where", "what", "since", "contact"]),
        ("please help", ["who", "where", "what", "since", "contact"]),
    ],
)
def test_facts_that_no_word_tells_are_missed_with_a_question(text, lacks):
    found = missing.lacking(text)

    assert [one.code for one in found] == lacks
    assert all(one.ask.endswith("？") for one in found)


def test_what_a_kind_of_letter_can_do_without_is_not_asked_for():
    text = "我们厂的技改补贴要备哪些材料？电话13800000123"

    assert [one.code for one in missing.lacking(text)] == ["where", "since"]
    assert [one.code for one in missing.lacking(text, "help")] == ["where", "since"]
    assert [one.code for one in missing.lacking(text, "suggestion")] == ["where"]
    assert missing.lacking(text, "consult") == ()


@pytest.mark.parametrize(
    ("text", "begin"),
    [
        (
            "请教：一、引荐是否须先签协议；二、奖励怎么算？三、归属怎么认定？",
            ["一、", "二、", "三、"],
        ),
        ("诉求：1.查明线路产权；2.提前通知停电；3.赔偿1.5万元。", ["1.", "2.", "3."]),
        ("想问：第一，补贴几时报；第二，场地谁来找？", ["第一", "第二"]),
        ("问一下技改补贴什么时候报？另外，厂门口的路灯坏了，请派人修。", ["问一下", "另外"]),
        ("老灌渠要改线：一是水利有意见，二是民房未拆，三是证没下来。恳请牵头开会。", []),
        ("就一件事，请帮我查补贴进度，另外谢谢", []),
        ("请查一下补贴到哪一步了，还有就是厂门口路灯坏了，请派人修", ["请查一下", "还有就是"]),
        ("地怎么批的，再就是听说要涨价", []),
        ("2.5万元没有到账，请查", []),
        ("", []),
        ("1. one thing 2. another", []),
    ],
)
def test_requests_are_told_apart_where_each_asks_something(text, begin):
    found = requests.split(text)

    assert len(found) == len(begin)
    for one, head in zip(found, begin, strict=True):
        assert one.text.startswith(head)
        assert text[one.start : one.end] == one.text
    assert len(requests.proposed(text).split("\n\n")) == max(1, len(begin))


def test_every_proposed_request_is_led_in_as_the_letter_is():
    said = requests.proposed("我公司设在东湖产业园。请教：1、能否增容？2、路灯谁来修？")

    assert said.split("\n\n") == [
        "我公司设在东湖产业园。请教：1、能否增容？", "我公司设在东湖产业园。请教：2、路灯谁来修？",
    ]  # fmt: skip
