"""The glossary as enums: stored value, Chinese label, look; and the levels of a topic."""

from collections.abc import Mapping
from enum import StrEnum


class Word(StrEnum):
    """A stored word with the Chinese label that people read."""

    label: str

    def __new__(cls, value: str, label: str = "") -> "Word":
        """Pair the stored value with its label."""
        word = str.__new__(cls, value)
        word._value_ = value
        word.label = label
        return word


class State(Word):
    """Where an order stands; the twelve states of the life cycle."""

    TRIAGE = "triage", "待研判"
    AWAITING_SIGN = "awaiting_sign", "待签收"
    RETURN_PENDING = "return_pending", "退单待审"
    IN_HAND = "in_hand", "办理中"
    DEFERRED = "deferred", "挂账"
    IN_REVIEW = "in_review", "待审核"
    TO_RELEASE = "to_release", "待发布"
    ANSWERED = "answered", "已答复"
    TO_ARCHIVE = "to_archive", "待归档"
    ARCHIVED = "archived", "已归档"
    MERGED = "merged", "已并单"
    NOTIFIED = "notified", "已告知"

    @property
    def closed(self) -> bool:
        """Whether no section owes anything in this state any more."""
        return self in CLOSED


CLOSED = frozenset({State.ANSWERED, State.TO_ARCHIVE, State.ARCHIVED, State.MERGED, State.NOTIFIED})


class Channel(Word):
    """Where a record comes from."""

    HOTLINE = "hotline", "12345"
    PHONE = "phone", "咨询电话"
    MAILBOX = "mailbox", "领导信箱"
    WEB = "web", "网站留言"
    WECHAT = "wechat", "微信"
    VISIT = "visit", "来访"
    OPINION = "opinion", "网络舆情"
    DISCLOSURE = "disclosure", "依申请公开"


class Via(Word):
    """How a record came in: a leaf of the ways in, or the machine door."""

    SHEET = "sheet", "表格导入"
    BY_HAND = "by_hand", "人工登记"
    LETTER_FORM = "letter_form", "网上来信"
    API = "api", "接口"


class Arrival(Word):
    """How a request for disclosure came; on it depends the day of receipt (条例 31)."""

    IN_PERSON = "in_person", "当面提交"
    SIGNED_POST = "signed_post", "需签收的邮寄"
    LETTER = "letter", "平常信函"
    ONLINE = "online", "互联网渠道"
    FAX = "fax", "传真"

    @property
    def to_confirm(self) -> bool:
        """Whether it counts as received only from the day that both sides confirm."""
        return self in {Arrival.LETTER, Arrival.ONLINE, Arrival.FAX}


class Urgency(Word):
    """How fast the first step must be; 平急 is an alias of 一般 on import."""

    CRITICAL = "critical", "特急"
    URGENT = "urgent", "紧急"
    NORMAL = "normal", "一般"

    @property
    def rank(self) -> int:
        """0 for the most urgent: what queues sort by."""
        return list(Urgency).index(self)


class RequestType(Word):
    """What the requester wants."""

    CONSULT = "consult", "咨询"
    HELP = "help", "求助"
    COMPLAINT = "complaint", "投诉"
    REPORT = "report", "举报"
    SUGGESTION = "suggestion", "建议"
    PRAISE = "praise", "表扬"


class Role(Word):
    """What a person may do; the last three administrators are kept apart (三员)."""

    DUTY = "duty", "值班员"
    HANDLER = "handler", "承办人"
    SECTION_HEAD = "section_head", "科室负责人"
    REVIEWER = "reviewer", "办公室审核"
    SECRECY = "secrecy", "保密审查员"
    LEGAL = "legal", "法律顾问"
    LEADER = "leader", "分管领导"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDITOR = "auditor", "审计员"


class Solved(Word):
    """Whether the matter was solved, as the section reports it."""

    SOLVED = "solved", "已解决"
    PARTLY = "partly", "部分解决"
    UNSOLVED = "unsolved", "未解决"


class Promise(Word):
    """The kinds of clocks of an order, in the order of its life."""

    RECEIVE = "receive", "核实收到"
    TRIAGE = "triage", "分办"
    ACK = "ack", "确认收到"
    SIGN = "sign", "签收"
    CONTACT = "contact", "首次联系"
    CO = "co", "协办"
    SUBMIT = "submit", "内部提交"
    ANSWER = "answer", "答复"
    PUBLISH = "publish", "公布"
    CALLBACK = "callback", "回访"
    CORRECTION = "correction", "补正"
    CONSULT = "consult", "征求意见"
    REVIEW = "review", "挂账复查"
    PLEDGE = "pledge", "承诺"

    @property
    def dated(self) -> bool:
        """Whether a person names the day on which it is due."""
        return self in {Promise.CORRECTION, Promise.REVIEW, Promise.PLEDGE}


class Arithmetic(Word):
    """How a clock counts."""

    WALL_HOURS = "wall_hours", "小时"
    WORKING_HOURS = "working_hours", "工作小时"
    WORKING_DAYS = "working_days", "工作日"
    CALENDAR_DAYS = "calendar_days", "日"


class AnswerWay(Word):
    """The recorded act of answering."""

    FED_BACK = "fed_back", "反馈上级平台"
    SENT = "sent", "书面或邮件答复"
    TOLD = "told", "电话或当面告知"
    SHOWN = "shown", "查询页答复"
    IMPORTED = "imported", "导入的答复"


class Ask(Word):
    """Decisions that need two persons: asked by one, decided by another."""

    DECLINE = "decline", "不予受理"
    RETURN = "return", "退单"
    EXTEND = "extend", "延期"
    DEFER = "defer", "挂账"
    REWORK = "rework", "发回重办"


# What must be given for a move, as people read it.
FIELD_LABELS: Mapping[str, str] = {
    "topic": "主题",
    "request_type": "诉求类型",
    "urgency": "紧急程度",
    "section": "主办科室",
    "co_section": "协办科室",
    "answer": "公开答复",
    "basis": "答复依据",
    "master": "主单编号",
    "reason": "理由",
    "code": "不予受理的情形",
    "told": "告知的渠道",
    "ground": "退单依据（三定或法规条款）",
    "way": "方式",
    "at": "时间",
    "outcome": "联系结果",
    "text": "内容",
    "handler": "承办人",
    "solved": "是否解决",
    "findings": "退回意见",
    "contacted": "是否联系上",
    "satisfied": "是否满意",
    "retention": "保管期限",
    "plan": "解决计划",
    "review_on": "复查日期",
    "days": "延长几天",
    "requests": "各项诉求",
    "proof": "凭据",
    "cause": "停表事由",
    "noticed_on": "通知送达日期",
    "until": "补正期限",
    "received_on": "收到日期",
    "pledge": "哪项承诺",
    "due_on": "承诺日期",
    "rule": "改用的规则",
    "clock": "重算哪条时限",
    "mail": "工作邮箱",
    "source": "依据",
    "off": "放假",
    "work": "补班",
}


def first_level(topic: str) -> str:
    """The first level of a topic's code; that of "" is ""."""
    return topic.partition(".")[0]
