"""Standard texts for an order: which fit its state and topic, filled in with what is known."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from monitor.domain.vocabulary import Promise, first_level
from monitor.domain.workdays import local
from monitor.services.rulebook import Rules, StandardText
from monitor.storage.deadlines import Clock
from monitor.storage.orders import Order

# What a person must fill in still; a check beside the answer counts these.
BLANK = re.compile(r"【待填：[^】]*】")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_LABELS = {
    "answer_summary": "答复要点",
    "answered_on": "答复日期",
    "applicant": "申请人",
    "basis": "依据",
    "body_address": "受理单位地址",
    "competent_body": "主管单位",
    "competent_organ": "主管部门",
    "conclusion": "结论",
    "done_so_far": "已做的工作",
    "example": "补充示例",
    "finding": "核实情况",
    "first_number": "首件编号",
    "first_state": "首件办理情况",
    "form_address": "申请表下载处",
    "handed_over": "移交情况",
    "issued_on": "发出日期",
    "legal_aid_phone": "法律援助电话",
    "missing": "需补充的内容",
    "new_due_on": "延长后的日期",
    "organ_phone": "主管部门电话",
    "organ_window": "主管部门窗口",
    "petition_address": "信访地址",
    "petition_office": "信访机构",
    "petition_phone": "信访电话",
    "point_1": "第一项答复",
    "point_2": "第二项答复",
    "point_3": "第三项答复",
    "post_address": "邮寄地址",
    "procedure": "法定途径",
    "promised_on": "承诺日期",
    "question": "咨询事项",
    "reason": "原因",
    "reply_by": "补充期限",
    "requested": "申请的内容",
    "secrecy_office": "保密机构",
    "steps": "办理步骤",
    "time_limit": "法定期限",
    "unclear": "不明确之处",
    "valid_until": "有效期",
    "visit_address": "来访地址",
    "visit_hours": "接待时间",
    "way": "方式",
    "where": "办理地点",
}


@dataclass(frozen=True, slots=True)
class Offered:
    """A standard text ready to be put into an answer."""

    code: str
    title: str
    version: int
    text: str


def fitting(rules: Rules, order: Order) -> list[StandardText]:
    """The texts of the order's state and topic; those of the topic first."""
    topic = order.topic or order.suggested_topic or ""
    parents = {"", topic, first_level(topic)}
    found = [
        text
        for text in rules.texts.values()
        if text.topic in parents and text.state in {"", order.state}
    ]
    return sorted(found, key=lambda text: (not text.topic, not text.state, text.code))


def fill(text: str, known: Mapping[str, str]) -> str:
    """The text with what is known put in, and a visible blank for each thing that is not."""

    def put(match: re.Match[str]) -> str:
        name = match[1]
        return known.get(name) or f"【待填：{_LABELS.get(name, name)}】"

    return _PLACEHOLDER.sub(put, text)


def known_of(rules: Rules, order: Order, clocks: list[Clock], section: str) -> dict[str, str]:
    """What the placeholders stand for, as far as the order says."""
    answer = [clock for clock in clocks if clock.promise == Promise.ANSWER]
    return {
        "received_on": _day(order.received_at),
        "number": order.number,
        "matter": order.title.rstrip("。！？…"),
        "section": section,
        "bureau": rules.office.name,
        "bureau_phone": rules.office.contact,
        "due_on": _day(answer[-1].due_at) if answer else "",
    }


def offered(rules: Rules, order: Order, known: Mapping[str, str]) -> list[Offered]:
    """The fitting texts, filled in."""
    return [
        Offered(text.code, text.title, text.version, fill(text.text, known))
        for text in fitting(rules, order)
    ]


def _day(at: datetime) -> str:
    day = local(at)
    return f"{day.year}年{day.month}月{day.day}日"
