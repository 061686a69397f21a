"""Urgency is read by coded rules; a denied, past or rehearsed danger is none."""

import tomllib

import pytest

from classifiers.urgency import LEVELS, UrgencyReader


@pytest.fixture
def reader(rules):
    return UrgencyReader(rules.urgency)


@pytest.mark.parametrize(
    ("text", "level", "code", "word"),
    [
        ("3号厂房起火了，快来人", "critical", "JJ-02", "起火"),
        ("园区天然气管道泄漏，味道很大", "critical", "JJ-02", "天然气管道泄漏"),
        ("货梯坏了，两名工人被困", "critical", "JJ-01", "工人被困"),
        ("上百名工人围在门口讨薪", "critical", "JJ-03", "上百名工人围在门口讨薪"),
        ("企业被停电两天，生产线全停", "urgent", "JJ-11", "停电两天"),
        ("申报系统打不开，今天截止", "urgent", "JJ-13", "今天截止"),
        ("投资方准备撤资", "urgent", "JJ-14", "撤资"),
        ("【急】请协调用电", "urgent", "JJ-19", "【急】"),
        ("再不给钱我就要跳楼", "critical", "JJ-01", "跳楼"),
        ("你们不解决我们就集体上访", "critical", "JJ-03", "集体上访"),
        ("没有人管的煤气泄漏", "critical", "JJ-02", "煤气泄漏"),
        ("楼道堆满纸箱，特别容易着火", "critical", "JJ-02", "着火"),
        ("不断有工人晕倒", "critical", "JJ-01", "晕倒"),
        ("电梯困人了，救命啊", "critical", "JJ-01", "电梯困人"),
        ("刚才有人在门口喝了农药", "critical", "JJ-01", "喝了农药"),
        ("车间的燃气泄漏报警器一直响", "critical", "JJ-02", "报警器一直响"),
        ("不会着火吧？电线一直冒烟", "critical", "JJ-02", "电线一直冒烟"),
        ("万一发生火灾，消防车进不来", "urgent", "JJ-15", "万一发生火灾"),
        ("这还不紧急吗", "urgent", "JJ-19", "紧急"),
        ("银行要抽贷，企业快倒闭了", "urgent", "JJ-11", "抽贷"),
        ("报名截止时间是明天", "urgent", "JJ-13", "截止时间是明天"),
    ],
)
def test_a_rule_that_hits_is_named_with_its_words(reader, text, level, code, word):
    found = reader.read(text)

    assert (found.label, found.rule, found.confidence) == (level, code, None)
    assert word in [one.text for one in found.evidence]
    assert all(text[one.start : one.end] == one.text for one in found.evidence)


@pytest.mark.parametrize(
    "text",
    [
        "我这事不急，慢慢来",
        "没有起火，只是问问消防怎么验收",
        "上次火灾之后换了新的喷淋",
        "园区组织火灾应急演练，想参加",
        "火灾责任险有补贴吗",
        "怎样避免爆炸",
        "咨询一下人才公寓",
        "到处是跳楼价，扰乱市场",
        "订单爆炸式增长，想扩建厂房",
        "燃气泄漏报警器的补贴怎么申请",
        "危房改造的政策在哪里查",
        "紧急联系人怎么修改",
        "加急办理执照要多少钱",
        "计划停产检修，想问技改补贴",
        "火灾之后的重建补贴发完了吗",
        "边坡塌方治理工程什么时候招标",
        "这笔是老人的救命钱",
        "没有人晕倒，大家都好",
        "截止今天还没收到回复",
        "",
    ],
)
def test_denied_past_or_rehearsed_danger_stays_normal(reader, text):
    found = reader.read(text)

    assert (found.label, found.rule, found.evidence) == ("normal", "", ())
    assert 0 < found.confidence < 1


def test_safety_beats_everything_else_said(reader):
    assert reader.read("我的补贴不急，今天截止也没关系。仓库着火了！").label == "critical"


def test_a_doubtful_normal_is_less_sure_than_a_plain_one(reader):
    assert reader.read("没有起火").confidence < reader.read("问个政策").confidence


def test_the_clause_of_a_danger_decides_not_its_neighbour(reader):
    assert reader.read("上次开会说好的。今天车间爆炸了").label == "critical"


def test_rules_have_unique_codes_and_known_levels(reader):
    codes = [rule.code for rule in reader.rules]

    assert len(set(codes)) == len(codes)
    assert {rule.level for rule in reader.rules} <= set(LEVELS)
    assert reader.reason("JJ-02") == "火灾、爆炸、泄漏、坍塌"


@pytest.mark.parametrize(
    "rule",
    [
        'code = "X"\nlevel = "fast"\nlabel = "x"\nwords = ["起火"]',
        'code = "X"\nlevel = "urgent"\nlabel = "x"\nwords = ["火"]',
        'code = "X"\nlevel = "urgent"\nwords = ["起火"]',
        'code = "X"\nlevel = "urgent"\nlabel = "x"\nwords = []\n[[rule.patterns]]\npattern = "("',
    ],
)
def test_a_rule_written_wrongly_is_named(rule):
    head = 'version = 1\nreach = 8\nnegations = ["不"]\npast = ["上次"]\ndrills = ["演练"]\n'
    sure = "normal_confidence = 0.9\ndoubtful_confidence = 0.7\n"
    book = tomllib.loads(f"{head}{sure}[[rule]]\n{rule}\n")

    with pytest.raises(ValueError, match="紧急程度规则 X 写法有误"):
        UrgencyReader(book)
