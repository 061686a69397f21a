"""What the three separated administrators see: the office, the doors, the history."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Query, Request
from starlette.responses import RedirectResponse, Response

from monitor.domain.lifecycle import EVENT_LABELS, MOVES
from monitor.domain.vocabulary import Role
from monitor.services import rulebook, upkeep
from monitor.services.office import changes
from monitor.services.supervision import standby
from monitor.storage import history, people
from monitor.web.deps import LARGEST, Ctx, DeskHere, Reading
from monitor.web.guard import desk_router, only
from monitor.web.navigation import Entry, Group, Page, home_of, see, show

router = desk_router(Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR)

WORDS = {name: move.label for name, move in MOVES.items()} | dict(EVENT_LABELS) | {
    "login": "登录", "logout": "退出", "login_failed": "登录失败", "password_set": "设置密码",
    "rules_published": "发布规则", "rule_changed": "更改规则",
    "configuration_imported": "导入配置", "configuration_exported": "导出配置",
    "imported": "导入表格", "hot_found": "发现热点", "hot_judged": "处置热点",
    "secrecy_refused": "拒收涉密标志", "exported": "导出", "phone_searched": "按电话查找",
    "models_trained": "训练模型", "model_proposed": "提出新模型", "model_dropped": "不用新模型",
    "model_in_force": "启用模型", "audit_verified": "核对事件链", "sealed": "封存全部链头",
    "view_saved": "保存列表视图", "view_changed": "修改列表视图", "view_removed": "删除列表视图",
    "backup_made": "备份",
    "clocks_reckoned": "按新的节假日安排重算时限",
    "job_asked": "请求运行时间表上的工作", "mail_set": "设置提醒邮箱",
    "mail_dropped": "不再发邮件提醒",
    "bulk_finished": "批量办理完毕",
} | dict(changes.LABELS)  # fmt: skip


@router.get("/admin")
def home(request: Request, ctx: Reading) -> Response:
    """Where this administrator's work begins."""
    return RedirectResponse(home_of(request, ctx.person), 303)


@router.get("/admin/office")
@only(Role.SYSTEM_ADMIN)
def office(request: Request, ctx: Reading) -> Response:
    """Sections, people, rules and the timetable; no order, no personal detail."""
    sections = people.sections(ctx.session)
    rules = rulebook.current(ctx)
    return show(
        request, ctx, "admin_office.html", title="机构与人员", sections=sections,
        persons=len(people.everyone(ctx.session)), rules=rules, unkept=standby.unkept(ctx),
    )  # fmt: skip


@router.get("/admin/audit")
@only(Role.AUDITOR)
def audit(
    request: Request, ctx: Reading, before: Annotated[int | None, Query(ge=1, le=LARGEST)] = None
) -> Response:
    """The newest events of every chain: who did what, when; never the words of a record."""
    events = history.latest(ctx.session, limit=100, before=before)
    return show(
        request, ctx, "admin_audit.html", title="审计", events=events, words=WORDS,
        told={event.id: changes.told(event) for event in events},
        seals=history.seals(ctx.session)[-7:], total=history.count(ctx.session),
        older=events[-1].id if len(events) == 100 else None,
    )  # fmt: skip


@router.post("/admin/audit/verify")
@only(Role.AUDITOR)
def verify(request: Request, ctx: Ctx, desk: DeskHere) -> Response:
    """Walk every chain now; says where it breaks."""
    with desk.reading(ctx.person) as reading:
        verdict = upkeep.verify(reading.session, ctx.keys)
    ctx.record_system("audit_verified", holds=verdict.holds, events=verdict.events)
    if verdict.holds:
        said = f"事件链完好：{verdict.chains} 条链，{verdict.events} 个事件。"
        return see(request, "/admin/audit", said)
    return see(request, "/admin/audit", _broken(verdict.faults), "late")


def _broken(faults: Sequence[str]) -> str:
    told = f"事件链断裂：{faults[0]}"
    if len(faults) == 1:
        return told
    return f"{told}。共 {len(faults)} 处，请在服务器上运行 monitor audit verify 逐处查看"


PAGE = Page(
    router,
    "管理",
    entries=(
        Entry("机构总览", "/admin/office", "building", Group.ADMIN,
              frozenset({Role.SYSTEM_ADMIN}), foot=True),
        Entry("审计", "/admin/audit", "list-check", Group.ADMIN, frozenset({Role.AUDITOR}),
              foot=True),
    ),
)  # fmt: skip
