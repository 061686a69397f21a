"""What was changed in the office, in words: who, when, before → after; names, never a password."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from monitor.domain.vocabulary import Channel, Role
from monitor.services.context import Context
from monitor.storage import history
from monitor.storage.history import Event

LABELS: Mapping[str, str] = {
    "section_added": "增加科室",
    "section_changed": "修改科室",
    "section_retired": "停用科室",
    "section_restored": "恢复科室",
    "office_moved": "改设办公室",
    "person_added": "增加人员",
    "person_invited": "发出设置密码的邀请",
    "person_reset": "重置密码",
    "person_renamed": "修改姓名或职务",
    "person_moved": "调整科室",
    "person_disabled": "停用账户",
    "person_enabled": "恢复账户",
    "work_handed_on": "移交在办工单",
    "sessions_ended": "结束登录",
    "roles_asked": "申请岗位",
    "roles_granted": "授予岗位",
    "roles_refused": "不授予岗位",
    "deputy_named": "指定代理",
    "deputy_ended": "结束代理",
    "duty_changed": "修改值班表",
    "duty_undone": "撤回值班表的改动",
    "leave_entered": "登记请假、外出",
    "leave_ended": "撤回请假、外出",
    "stood_in": "开始代他人办事",
    "stood_back": "回到本人",
    "key_added": "增加接口密钥",
    "key_revoked": "作废接口密钥",
    "demo_reset_asked": "要求重置演示数据",
    "demo_reset": "重置演示数据",
}
OF_SECTIONS = [kind for kind in LABELS if kind.startswith(("section_", "office_"))]
OF_THE_ROSTER = [kind for kind in LABELS if kind.startswith(("duty_", "leave_"))]
OF_PEOPLE = [
    kind for kind in LABELS
    if kind.startswith(("person_", "roles_", "deputy_", "work_")) or kind == "sessions_ended"
]  # fmt: skip
_FIELDS = {
    "label": "名称", "duties": "职责", "phone": "公开电话", "position": "次序", "name": "姓名",
    "title": "职务",
}  # fmt: skip
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the list of changes."""

    at: datetime
    actor: str
    what: str
    text: str


def latest(ctx: Context, kinds: Collection[str], *, limit: int = 12) -> list[Change]:
    """The newest changes of these kinds."""
    found = history.latest_of_system(ctx.session, kinds, limit=limit)
    return [Change(one.at, one.actor, LABELS.get(one.what, one.what), told(one)) for one in found]


def told(event: Event) -> str:
    """The particulars of an event of the office; empty for any other."""
    if event.what not in LABELS:
        return ""
    details: dict[str, Any] = orjson.loads(event.details)
    about = str(
        details.get("username") or details.get("code") or details.get("name") or ""
    )  # fmt: skip
    return "：".join(part for part in (about, _particulars(details)) if part)


def _particulars(details: Mapping[str, Any]) -> str:
    parts = []
    if "after" in details:
        parts.append(_change(details.get("before"), details["after"]))
    for name, before in (("roles", "岗位 "), ("channels", "渠道 ")):
        if details.get(name):
            parts.append(before + _value(details[name]))
    if "deputy" in details:
        span = f"{details.get('first_day')} 至 {details.get('last_day')}"
        parts.append(f"由 {details['deputy']} 代理，{span}")
    elif "first_day" in details:
        parts.append(f"{details['first_day']} 至 {details.get('last_day')}")
    for name, word in (("put", "加"), ("taken", "去")):
        if details.get(name):
            parts.append(f"{word} " + "、".join(" ".join(turn) for turn in details[name]))
    if "orders" in details:
        parts.append(f"{details['orders']} 件，接手人 {details.get('to', '')}")
    if details.get("reason"):
        parts.append(f"理由：{details['reason']}")
    return "，".join(parts)


def _change(before: object, after: object) -> str:
    if isinstance(before, dict) and isinstance(after, dict):
        return "，".join(
            f"{_FIELDS.get(name, name)} {_value(before.get(name))} → {_value(value)}"
            for name, value in after.items()
            if before.get(name) != value
        )
    return f"{_value(before)} → {_value(after)}"


def _value(value: object) -> str:
    if isinstance(value, list):
        words = {one.value: one.label for one in (*Role, *Channel)}
        return "、".join(words.get(one, str(one)) for one in value) or "（无）"
    text = str(value) if value not in (None, "") else "（空）"
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
