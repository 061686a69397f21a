"""Urgency is read by coded rules; a denied, past or rehearsed danger is none."""

import tomllib

import pytest

from classifiers.finding import Finding
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
        ("孩子刚才在市场里走失了", "critical", "JJ-01", "孩子刚才在市场里走失"),
        ("我在天台边上，想听听还有没有别的路", "critical", "JJ-01", "我在天台边"),
        ("她把安眠药都吃了", "critical", "JJ-01", "安眠药都吃"),
        ("孩子托给我姐，以后不麻烦大家了", "critical", "JJ-01", "孩子托给我姐，以后不麻烦大家了"),
        ("人走了债也就清了", "critical", "JJ-01", "人走了债也就清了"),
        ("欠的我还不上，替我照看好我娘", "critical", "JJ-01", "替我照看好我娘"),
        ("中介把我儿子扣在宾馆，要拿钱去换", "critical", "JJ-01", "把我儿子扣在"),
        ("冷库的氨管漏了，跑出来的人直咳", "critical", "JJ-02", "氨管漏了"),
        ("货架歪了，拣货的还在下面推车", "critical", "JJ-02", "货架歪了，拣货的还在下面推车"),
        ("门口的井盖不见了，天黑看不见", "urgent", "JJ-15", "井盖不见了"),
        ("还有人在偷排，黄水正在排进河里", "urgent", "JJ-15", "偷排，黄水正在排"),
        ("身份证照片现在还挂着，谁都能下载", "urgent", "JJ-15", "身份证照片现在还挂着"),
        ("来函说三日内回购股权，否则另行处理", "urgent", "JJ-13", "三日内回购"),
        ("申报的口子今晚关", "urgent", "JJ-13", "口子今晚关"),
        ("公告说停八小时，现在三十一个钟头了", "urgent", "JJ-11", "停八小时，现在三十一个钟头"),
        ("阅读120万，河水发红，多人头晕呕吐", "critical", "JJ-01", "多人头晕呕吐"),
        ("食堂出事，十几人住院", "critical", "JJ-01", "十几人住院"),
        ("住院的有十几个，厂里不吭声", "critical", "JJ-01", "住院的有十几个"),
        ("昨晚起已经送医八个了", "critical", "JJ-01", "送医八个"),
        ("四十几个人吐泻", "critical", "JJ-01", "四十几个人吐泻"),
        ("工友们一个接一个头晕", "critical", "JJ-01", "工友们一个接一个头晕"),
        ("孩子们午饭后都吐了", "critical", "JJ-01", "孩子们午饭后都吐了"),
        ("全车间的人闻了都头晕，班长不让走", "critical", "JJ-01", "全车间的人闻了都头晕"),
        ("一家三口头昏，叫了半天才应", "critical", "JJ-01", "一家三口头昏"),
        ("几个人恶心想吐，还在上班", "critical", "JJ-01", "几个人恶心想吐"),
        ("七八个人被送去了急诊", "critical", "JJ-01", "七八个人被送去了急诊"),
        ("接连有孩子呕吐", "critical", "JJ-01", "接连有孩子呕吐"),
        ("二十多名员工腹泻", "critical", "JJ-01", "二十多名员工腹泻"),
        ("不少工人呼吸困难", "critical", "JJ-01", "不少工人呼吸困难"),
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
        "十几人住院报销怎么办",
        "请问员工们住院能报多少，医保怎么接",
        "外派员工两人住院费用谁出，住院部十几个人一间",
        "去年多人中毒住院，赔偿早到位了",
        "上个月十几人住院，现在都好了",
        "曾有多人住院，早处理了",
        "没有人头晕，也没有多人呕吐",
        "会不会有几个人头晕",
        "几个人头晕的已经康复，来信致谢",
        "我妈住院三个月，几个人轮流照顾",
        "公司三十多人，会计住院了，没人盖章",
        "几个人看条文头晕，大家都跑得头晕，几家企业都头疼",
        "年会喝多了几个人吐了，大巴上晕车几个人想吐",
        "多人吐槽服务差",
        "组织三十名员工送到医院体检",
        "食堂预防多人呕吐的预案",
        "员工扣着贷款等钱交首付，想问安家补贴什么时候发",
        "建议把聘的顾问的照片挂网上，大家扫一扫就认得",
        "公示期满三日后怎么领证",
        "会上喝了酸奶，桶装水也是喝了三年的牌子",
        "开门见红，股价见红",
        "他口吐脏话，态度极差",
        "厂房天台外机噪音大，我们天台上能不能装光伏板",
        "降压药吃完了，哪里能配",
        "别怪我说话直",
        "店里生意差，不想撑下去了想转让",
        "员工的押金扣在劳务公司，孩子的学籍扣在原学校",
        "保安不让走大门，说要打卡",
        "楼下听到在打电钻",
        "电梯里面没有人维护，掉漆严重，几层的按钮也不亮",
        "我们的机械手夹住工件，他手夹着文件",
        "客户走丢了不少，小狗走失三小时",
        "清仓大出血",
        "消防栓阀门漏水，暖气漏了水，酱油漏了一瓶",
        "钢瓶喷漆车间的环评，气瓶喷码、储罐喷淋的要求",
        "大树斜对面有人摆摊",
        "货架歪了，暂时没有人在下面",
        "停车第一小时免费，第二小时收费",
        "冷库验收要注意断电保护吗",
        "请问怎么申请止付，请问今天几点关门",
        "商家应在三日内退还货款，一个工作日内注销登记",
        "展会今天结束，效果很好，政务系统今天停了一会儿",
        "活动照片发到企业群，图纸能不能挂出来",
        "水池渗水，电池快满了",
        "污水进河里少多了，点赞",
        "扶梯断了几天，护栏断了一根",
        "热线叫不应，一听就是音乐",
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


@pytest.mark.parametrize(
    ("text", "sure", "level"),
    [
        ("这件事不紧急", 0.4, "normal"),  # the denied word goes before a model that only guesses
        ("没人认领的断电，展馆说找主办，明早剪彩", 0.7, "urgent"),
        ("咨询一下人才公寓", 0.2, "urgent"),  # no word was met: the model speaks
        ("咨询一下人才公寓", 0.05, "normal"),
        ("3号厂房起火了", 0.05, "critical"),
    ],
)
def test_a_model_needs_to_be_sure_to_gainsay_a_denied_word(reader, text, sure, level):
    calm = Finding("urgency", "normal", 1 - sure, (), (("urgent", sure),))
    said = Finding("urgency", "urgent", sure, (), (("normal", 1 - sure),))

    (found,) = reader.read_many([text], [said if sure > 0.5 else calm])

    assert found.label == level


@pytest.mark.parametrize(
    ("text", "hurry", "level", "rule"),
    [
        ("企业停产搬迁有没有补助", 0.01, "normal", ""),
        ("企业停产搬迁有没有补助", 0.03, "urgent", "JJ-11"),  # calm, but not sure of it
        ("园区消防通道被堵死了", 0.01, "urgent", "JJ-15"),  # a rule of safety asks no model
        ("3号厂房起火了", 0.01, "critical", "JJ-02"),
    ],
)
def test_a_rule_that_yields_gives_way_to_a_model_sure_of_calm(reader, text, hurry, level, rule):
    calm = Finding("urgency", "normal", 1 - hurry, (), (("urgent", hurry), ("critical", 0.0)))

    (found,) = reader.read_many([text], [calm])

    assert (found.label, found.rule) == (level, rule)
    assert rule or found == calm._replace(yielded="JJ-11")


def test_a_rule_that_stands_firm_counts_before_one_that_yields(reader):
    calm = Finding("urgency", "normal", 1.0, (), (("urgent", 0.0), ("critical", 0.0)))
    text = "我们企业停产搬迁，旧厂房的消防隐患怎么整改？"

    (found,) = reader.read_many([text], [calm])

    assert (found.label, found.rule, found.yielded) == ("urgent", "JJ-15", "")


def test_no_critical_rule_yields_whatever_it_says_of_itself(rules):
    yielding = [{**row, "yields": True} for row in rules.urgency["rule"]]
    reader = UrgencyReader({**rules.urgency, "rule": yielding})
    calm = Finding("urgency", "normal", 1.0, (), (("urgent", 0.0), ("critical", 0.0)))

    found = reader.read_many(["3号厂房起火了", "园区消防通道被堵死了"], [calm, calm])

    assert [one.label for one in found] == ["critical", "normal"]


def test_an_office_with_rules_from_before_has_none_that_yield(rules):
    before = {name: value for name, value in rules.urgency.items() if name != "yields_below"}
    calm = Finding("urgency", "normal", 1.0, (), (("urgent", 0.0), ("critical", 0.0)))

    (found,) = UrgencyReader(before).read_many(["企业停产搬迁有没有补助"], [calm])

    assert found.rule == "JJ-11"


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
