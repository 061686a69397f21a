"""Sections as the system administrator keeps them: list, one section, the office, retired ones."""

from typing import Annotated

from fastapi import Form, Path, Request
from starlette.responses import Response

from monitor.domain.vocabulary import Role
from monitor.services.office import changes, sections
from monitor.storage import people
from monitor.web.deps import Ctx, Reading
from monitor.web.guard import desk_router
from monitor.web.navigation import Entry, Group, Page, see, show

router = desk_router(Role.SYSTEM_ADMIN)

Code = Annotated[str, Path(max_length=40)]
Text = Annotated[str, Form(max_length=3000)]
Sure = Annotated[str, Form(max_length=5)]


@router.get("/admin/sections")
def look(request: Request, ctx: Reading) -> Response:
    """All sections in their order, with how much leans on each, and the form for a new one."""
    found = people.sections(ctx.session)
    staff: dict[str, int] = {}
    for one in people.everyone(ctx.session):
        if one.active and one.section:
            staff[one.section] = staff.get(one.section, 0) + 1
    return show(
        request, ctx, "admin_sections.html", title="科室", sections=list(found.values()),
        orders=people.open_orders_of(ctx.session, list(found)), staff=staff,
        found=changes.latest(ctx, changes.OF_SECTIONS),
    )  # fmt: skip


@router.post("/admin/sections")
def add(
    request: Request, ctx: Ctx, code: Text, label: Text,
    duties: Text = "", phone: Text = "", position: Text = "",
) -> Response:  # fmt: skip
    """A new section."""
    values = {"label": label, "duties": duties, "phone": phone, "position": position}
    made = sections.add(ctx, code, values)
    return see(request, f"/admin/sections/{made.code}", f"已增加“{made.label}”。")


@router.get("/admin/sections/{code}")
def one(request: Request, ctx: Reading, code: Code) -> Response:
    """One section: its words, its people, what would hinder its retirement."""
    section = sections.get(ctx, code)
    return show(
        request, ctx, "admin_section.html", title=section.label, section=section,
        staff=people.handlers(ctx.session, code), obstacles=sections.obstacles(ctx, section),
        roles={role.value: role.label for role in Role},
    )  # fmt: skip


@router.post("/admin/sections/{code}")
def change(
    request: Request, ctx: Ctx, code: Code, label: Text,
    duties: Text = "", phone: Text = "", position: Text = "",
) -> Response:  # fmt: skip
    """Other words for a section; its code stays."""
    values = {"label": label, "duties": duties, "phone": phone, "position": position}
    changed = sections.change(ctx, sections.get(ctx, code), values)
    said = "已保存，以前的内容记在变更里。" if changed else "没有改动。"
    return see(request, f"/admin/sections/{code}", said)


@router.post("/admin/sections/{code}/office")
def make_office(request: Request, ctx: Ctx, code: Code, sure: Sure = "") -> Response:
    """Let this section be the office; what follows is shown first."""
    section = sections.get(ctx, code)
    if sure != "yes":
        return show(
            request, ctx, "admin_confirm.html", title=f"把“{section.label}”设为办公室",
            effects=sections.office_effects(ctx, section), hidden={},
            action=f"/admin/sections/{code}/office", label="设为办公室",
            cancel=f"/admin/sections/{code}",
        )  # fmt: skip
    sections.make_office(ctx, section)
    return see(request, f"/admin/sections/{code}", f"“{section.label}”现在是办公室。")


@router.post("/admin/sections/{code}/retire")
def retire(request: Request, ctx: Ctx, code: Code) -> Response:
    """Take a section out of use, when nothing leans on it."""
    section = sections.get(ctx, code)
    sections.retire(ctx, section)
    said = f"“{section.label}”已停用，不再出现在分办的选项里；旧工单上的名称不变。"
    return see(request, f"/admin/sections/{code}", said)


@router.post("/admin/sections/{code}/restore")
def restore(request: Request, ctx: Ctx, code: Code) -> Response:
    """Take a retired section into use again."""
    section = sections.get(ctx, code)
    sections.restore(ctx, section)
    return see(request, f"/admin/sections/{code}", f"“{section.label}”恢复使用。")


PAGE = Page(
    router,
    "科室",
    entries=(
        Entry("科室", "/admin/sections", "sitemap", Group.ADMIN, frozenset({Role.SYSTEM_ADMIN}),
              foot=True),
    ),
)  # fmt: skip
