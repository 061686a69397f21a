"""The form of every kind of rule that an office may change: its fields, its names, its hints."""

from monitor.domain import lifecycle
from monitor.domain.lifecycle import MOVES
from monitor.domain.supervision.cards import Level, Receiver, When
from monitor.domain.vocabulary import Channel, Promise, RequestType, Role, State, Urgency, Word
from monitor.services.rulebook.fields import (
    AREA,
    LINES,
    NUMBER,
    NUMERAL,
    ONE,
    PAIRS,
    SEVERAL,
    TICK,
    TIME,
    Field,
    Options,
    Shape,
)


def _words(kind: type[Word]) -> Options:
    return [(word.value, word.label) for word in kind]


FEEDBACK = (
    ("upstream_no", "上级平台编号"), ("number", "本局编号"), ("received_at", "收件时间"),
    ("title", "标题"), ("text", "主要内容"), ("section", "主办科室"), ("handling", "办理情况"),
    ("answer", "公开答复"), ("answered_at", "答复时间"), ("contacted_at", "首次联系时间"),
    ("solved", "是否解决"), ("satisfied", "是否满意"), ("unsolved_reason", "未解决原因"),
)  # fmt: skip
_LABEL = Field("label", "名称", longest=60)
_SIGNERS = [(role.value, role.label) for role in
            (Role.REVIEWER, Role.SECRECY, Role.LEGAL, Role.LEADER, Role.SECTION_HEAD)]  # fmt: skip

SHAPES = {
    shape.kind: shape
    for shape in (
        Shape(
            "topic", "主题分两级。代码一经启用，含义不变；停用前先改掉指向它的派单目录。",
            (
                _LABEL,
                Field("parent", "上级主题", ONE, "一级主题不选", needed=False, source="parents"),
                Field("description", "说明", AREA, "哪些事项归这里，一两句话", needed=False,
                      longest=500),
                Field("order", "次序", NUMERAL, "同一上级之下，小的在前", needed=False),
            ),
            Field("code", "代码", hint="小写字母、数字；二级写成“上级.本级”，如 funds.delay"),
        ),
        Shape(
            "catalogue", "由上往下看：主题相同、文中有任一词的第一条生效；没有词的是该主题的兜底。",
            (
                Field("topic", "主题", ONE, source="topics"),
                Field("words", "词", LINES, "一行一个，文中出现任一个即命中；不写即兜底",
                      needed=False),
                Field("section", "主办科室", ONE, source="sections"),
                Field("co_sections", "协办科室", SEVERAL, needed=False, source="sections"),
                Field("duty", "职责依据", AREA, "派单时显示给值班员和科室", longest=500),
                Field("before", "排在哪一条之前", ONE, "不选则排在最后；已有的不选则不动",
                      needed=False, source="rows"),
            ),
            Field("number", "编号", hint="如 1.10；用过的编号不再给别的条目"), NUMBER, ordered=True,
            title=lambda body: str(body.get("duty", "")),
        ),
        Shape(
            "text", "花括号里的是占位，用时自动填入或提示待填，如 {conclusion}。",
            (
                Field("title", "名称", longest=60),
                Field("state", "用在何时", ONE, options=_words(State)),
                Field("topic", "只用于主题", ONE, "不选则各主题都可用", needed=False,
                      source="topics"),
                Field("text", "正文", AREA, longest=8_000),
            ),
            Field("code", "编号", hint="如 T-040"), NUMBER, title=lambda body: str(body["title"]),
        ),
        Shape(
            "chain", "每件答复由审核人审核；拟公开的还须保密审查。以下各项再加法律顾问和分管领导。",
            (
                Field("reviewer", "审核", ONE, options=_SIGNERS),
                Field("public", "公开前审查", ONE, options=_SIGNERS),
                Field("legal", "法律意见", ONE, options=_SIGNERS),
                Field("leader", "签发", ONE, options=_SIGNERS),
                Field("legal_channels", "须法律意见的渠道", SEVERAL, needed=False,
                      options=_words(Channel)),
                Field("leader_urgencies", "公开前须签发的紧急程度", SEVERAL, needed=False,
                      options=_words(Urgency)),
                Field("leader_types", "公开前须签发的诉求类型", SEVERAL, needed=False,
                      options=_words(RequestType)),
            ),
            retires=False, title=lambda _: "答复签发规则",
        ),
        Shape(
            "urgency", "命中即建议该级别，值班员决定；高一级的总是先看。",
            (
                _LABEL,
                Field("level", "级别", ONE, options=_words(Urgency)[:2]),
                Field("words", "词", LINES, "一行一个，每个至少两个字；原样出现即命中"),
                Field("yields", "模型极有把握认为不急时，听模型的", TICK,
                      "特急的规则从不让位；涉及安全的不要勾选", needed=False),
            ),
            Field("code", "编号", hint="如 JJ-20"), NUMBER,
        ),
        Shape(
            "words", "一行一个。招商词库改后须重新训练模型；在那以前，模型仍按训练时的词库切词。",
            (Field("words", "词", LINES, longest=200_000, needed=False),), retires=False,
        ),
        Shape(
            "mask", "公开稿里替换个人信息和涉密字样的词。哪些必须遮盖由法律规定，不能减少。",
            (Field("text", "换成", longest=30, hint="不要写数字和真实信息，如 【电话】"),),
            retires=False, title=lambda body: f"{body['label']} → {body['text']}",
        ),
        Shape(
            "check", "答复提交前查什么、每处扣几分。检查只作提示，不代替审核；词和句式在“词表”里。",
            (
                _LABEL,
                Field("level", "要求", ONE, options=(("must", "必改"), ("remind", "提醒"))),
                Field("weight", "每处扣分", NUMERAL),
                Field("most", "合计至多扣", NUMERAL),
                Field("says", "给撰稿人的话", AREA, longest=200),
            ),
            retires=False,
        ),
        Shape(
            "citation", "答复引了清单以外的文件会提醒核对。只写名称，不写条款。",
            (
                Field("name", "名称", longest=80, hint="全称，不加书名号"),
                Field("aliases", "简称", LINES, "一行一个", needed=False),
                Field("repealed", "已经失效", TICK, needed=False),
            ),
            Field("code", "编号", hint="如 YJ-100"), NUMBER,
        ),
        Shape(
            "column", "导入时，表头与名称或任一别名相同的列归这一项；不计空白、星号和全半角。",
            (
                _LABEL,
                Field("aliases", "别名", LINES, "一行一个，写在前面的优先", needed=False),
            ),
            Field("code", "代码", hint="新增的列只作上级平台的字段另存，不影响本单位的决定"),
        ),
        Shape(
            "feedback", "答复之后交回上级平台的表格；列的顺序就是表格里的顺序。",
            (
                _LABEL,
                Field("channels", "用于渠道", SEVERAL, options=_words(Channel)),
                Field("columns", "列", PAIRS, "一行一列，写成“表头 = 内容”。可用内容："
                      + "、".join(label for _, label in FEEDBACK), options=FEEDBACK,
                      longest=4_000),
            ),
            Field("code", "代码", hint="命令行用它指定模板，如 city"),
        ),
        Shape(
            "learning", "自动分办的门槛由最近的决定算出，见“模型”页；紧急、特急从不自动分办。",
            (
                Field("held_out_share", "留出打分的份额（%）", NUMERAL, "最新的决定里留出多少"),
                Field("fewest_held_out", "最少留出（件）", NUMERAL, "不足就不打分、不比较"),
                Field("most_examples", "最多用几件来学", NUMERAL),
                Field("gate", "比现用的好就自动启用", TICK, needed=False),
                Field("gate_margin", "好多少才算（百分点）", NUMERAL, "宏平均 F1 至少高这么多",
                      needed=False),
                Field("auto", "自动分办", TICK, needed=False),
                Field("auto_precision", "要求的把握（%）", NUMERAL, "最低 98"),
                Field("auto_not_types", "从不自动分办的诉求类型", SEVERAL, needed=False,
                      options=_words(RequestType)),
            ),
            retires=False, title=lambda _: "学习与自动分办",
        ),
        Shape(
            "pack", "只在这里开关；各条时限另行维护。",
            (Field("in_force", "启用这个规则包", TICK, needed=False),), retires=False,
        ),
        Shape(
            "office", "出现在各页抬头和标准文本里。",
            (
                Field("name", "单位名称", longest=60),
                Field("contact", "公开联系电话", needed=False, longest=60),
            ),
            retires=False,
        ),
        Shape(
            "card", "同一时限同一级别只亮一次；已经亮的牌照亮牌时的那一版，不因改规则收回。",
            (
                Field("name", "名称", longest=60),
                Field("level", "亮什么", ONE, options=_words(Level)),
                Field("when", "什么时候", ONE, options=_words(When)),
                Field("amount", "数值", NUMERAL, "剩几个工作日、用去百分之几、超期超过几个工作日、"
                      "第几次；由人决定的，是两次之间至少隔几分钟", needed=False),
                Field("promises", "适用时限", SEVERAL, "都不选就是不限", needed=False,
                      options=_words(Promise)),
                Field("channels", "适用渠道", SEVERAL, "都不选就是不限", needed=False,
                      options=_words(Channel)),
                Field("tells", "告知谁", SEVERAL, "请假、外出的由代班人收，没有代班人的转告上一级",
                      options=_words(Receiver)),
                Field("seen_within", "几个工作小时没人看报上一级", NUMERAL, "0 或不填就不报",
                      needed=False),
                Field("basis", "依据", AREA, "写在牌上，给被督办的人看", longest=300),
            ),
            Field("code", "编号", hint="如 KP-5；用过的编号不再给别的规则"), NUMBER,
            title=lambda body: f"{Level(body['level']).label}：{body['name']}",
        ),
        Shape(
            "notice", "只管邮件和外部消息；页面上的提醒照常，红牌和督办不受限制。",
            (
                Field("quiet_from", "几点起不发", TIME),
                Field("quiet_until", "到几点", TIME, "与上一项相同就是不分昼夜都发"),
                Field("digest_over", "同一人等着的超过几条，合成一封", NUMERAL, needed=False),
            ),
            retires=False,
            title=lambda body: f"{body['quiet_from']} 至 {body['quiet_until']} 不发",
        ),
        Shape(
            "announce", "这一步办完以后告知谁；办的人自己不再告知。",
            (
                Field("tells", "告知谁", SEVERAL, "请假、外出的由代班人收，没有代班人的转告上一级",
                      options=_words(Receiver)),
            ),
            Field("code", "哪一步", ONE,
                  options=[(name, one.label) for name, one in MOVES.items()]),
            title=lambda body: lifecycle.label(str(body["code"])) + " → "
            + "、".join(Receiver(one).label for one in body["tells"]),
        ),
    )
}  # fmt: skip
