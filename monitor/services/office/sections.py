"""Sections as the system administrator changes them: added, described, the office, retired."""

import re
from collections.abc import Mapping

from monitor.domain.errors import Incomplete, NotFound, Refused
from monitor.services import rulebook
from monitor.services.context import Context
from monitor.storage import people
from monitor.storage.people import Section

_CODE = re.compile(r"[a-z][a-z0-9_]{0,31}")
_PHONE = re.compile(r"[0-9][0-9 -]{2,24}")
_LONGEST = {"label": 40, "duties": 2000, "phone": 25}
_WORDS = {"label": "名称", "duties": "职责", "phone": "公开电话", "position": "次序"}
# A column of the database holds no more.
_LAST_POSITION = 9999


def get(ctx: Context, code: str) -> Section:
    """The section with this code; NotFound."""
    found = ctx.session.get(Section, code)
    if found is None:
        raise NotFound("没有这个科室。", remedy="请从科室列表进入。")
    return found


def add(ctx: Context, code: str, values: Mapping[str, str]) -> Section:
    """A new section; its code stays for ever, everything else may change."""
    code = code.strip().lower()
    if not _CODE.fullmatch(code):
        fault = "代码须以小写字母开头，只含小写字母、数字和下划线，最多 32 个字符"
        raise Incomplete(fault + "。", fields={"code": fault})
    if ctx.session.get(Section, code) is not None:
        raise Refused(f"代码 {code} 已有科室使用。", remedy="代码不能重复，停用的也不再使用。")
    section = Section(code=code, label="")
    _set(ctx, section, values)
    ctx.session.add(section)
    ctx.session.flush()
    ctx.record_system("section_added", code=code, label=section.label)
    return section


def change(ctx: Context, section: Section, values: Mapping[str, str]) -> bool:
    """Describe a section anew; whether anything is different now. The event keeps both."""
    before = _told(section)
    _set(ctx, section, values)
    after = _told(section)
    changed = {name: after[name] for name in after if after[name] != before[name]}
    if changed:
        ctx.session.add(section)
        was = {name: before[name] for name in changed}
        ctx.record_system("section_changed", code=section.code, before=was, after=changed)
    return bool(changed)


def office_effects(ctx: Context, section: Section) -> list[str]:
    """What is different when this section becomes the office."""
    known = people.sections(ctx.session)
    now = next((one.label for one in known.values() if one.office), "（无）")
    heads = [
        one.name
        for one in people.handlers(ctx.session, section.code)
        if "section_head" in one.roles
    ]
    return [
        f"办公室由“{now}”改为“{section.label}”。",
        "不予受理、退单的裁定权随之转移："
        + (f"以后由{'、'.join(heads)}负责。" if heads else "该科现在没有负责人，将无人裁定。"),
    ]


def make_office(ctx: Context, section: Section) -> None:
    """Let this section, and no other, be the office."""
    if section.office:
        return
    if not section.active:
        raise Refused("停用的科室不能是办公室。", remedy="请先恢复使用。")
    before = ""
    for one in people.sections(ctx.session).values():
        if one.office:
            before, one.office = one.code, False
            ctx.session.add(one)
    section.office = True
    ctx.session.add(section)
    ctx.record_system("office_moved", before=before, after=section.code)


def obstacles(ctx: Context, section: Section) -> list[str]:
    """Why a section cannot be retired yet, each with what to do; numbers, never an order."""
    code, found = section.code, []
    if section.office:
        found.append("它是办公室：请先把另一个科室设为办公室。")
    if count := people.open_orders_of(ctx.session, [code]).get(code, 0):
        found.append(f"还有 {count} 件在办工单由它主办：请值班员改派，或由科室办结。")
    if count := people.open_co_orders(ctx.session, code):
        found.append(f"还有 {count} 件在办工单由它协办：请主办科室办结。")
    rows = [
        row.number
        for row in rulebook.current(ctx).catalogue
        if code == row.section or code in row.co_sections
    ]
    if rows:
        shown = "、".join(rows[:8]) + ("等" if len(rows) > 8 else "")
        found.append(f"派单目录有 {len(rows)} 行指着它（{shown}）：请先在规则里改指其他科室。")
    if staff := people.handlers(ctx.session, code):
        found.append(f"还有 {len(staff)} 个在用账户属于它：请先把人移到其他科室，或停用。")
    return found


def retire(ctx: Context, section: Section) -> None:
    """Take a section out of use; refused while anything leans on it."""
    if not section.active:
        return
    if why := obstacles(ctx, section):
        raise Refused(f"“{section.label}”还不能停用。" + "".join(why))
    section.active = False
    ctx.session.add(section)
    ctx.record_system("section_retired", code=section.code, label=section.label)


def restore(ctx: Context, section: Section) -> None:
    """Take a retired section into use again."""
    if not section.active:
        section.active = True
        ctx.session.add(section)
        ctx.record_system("section_restored", code=section.code, label=section.label)


def _told(section: Section) -> dict[str, object]:
    return {name: getattr(section, name) for name in _WORDS}


def _set(ctx: Context, section: Section, values: Mapping[str, str]) -> None:
    fields: dict[str, str] = {}
    given = {name: values.get(name, "").strip() for name in _LONGEST}
    for name, longest in _LONGEST.items():
        if len(given[name]) > longest:
            fields[name] = f"{_WORDS[name]}最多 {longest} 个字"
    if not given["label"]:
        fields["label"] = "请填写名称"
    same = [one.code for one in people.sections(ctx.session).values()
            if one.label == given["label"] and one.code != section.code]  # fmt: skip
    if same:
        fields["label"] = "已有同名的科室"
    if given["phone"] and not _PHONE.fullmatch(given["phone"]):
        fields["phone"] = "电话只含数字、空格和横线"
    position = values.get("position", "").strip() or "0"
    if not position.isdecimal() or int(position[:6]) > _LAST_POSITION:
        fields["position"] = f"次序是 0 至 {_LAST_POSITION} 的整数"
    if fields:
        raise Incomplete("科室没有保存：" + "，".join(fields.values()) + "。", fields=fields)
    section.label, section.duties = given["label"], given["duties"]
    section.phone, section.position = given["phone"], int(position)
