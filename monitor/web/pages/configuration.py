"""The whole configuration in one file: handed out, taken in after a look at its changes."""

from collections import Counter
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import File, Form, Request, UploadFile
from starlette.background import BackgroundTask
from starlette.responses import Response

from monitor.domain.errors import Incomplete, Stale
from monitor.domain.vocabulary import Role
from monitor.domain.workdays import local
from monitor.services import rulebook
from monitor.services.context import Context
from monitor.services.desk import Desk
from monitor.services.rulebook import carrying, packed, waiting
from monitor.services.rulebook.carrying import Plan
from monitor.services.rulebook.shapes import SHAPES
from monitor.storage import people
from monitor.web.deps import Ctx, Reading, desk_of
from monitor.web.guard import desk_router
from monitor.web.navigation import Page, see, show

router = desk_router(Role.SYSTEM_ADMIN)
_LABELS = {kind.code: kind.label for kind in rulebook.KINDS}
_MODELS = {"topic": "主题", "request_type": "诉求类型"}
_NAME_LIMIT = 64


@router.get("/admin/configuration")
def standing(request: Request, ctx: Reading) -> Response:
    """Where the configuration leaves and enters."""
    most = min(ctx.settings.max_body_bytes, packed.LARGEST_FILE) // 2**20
    return show(request, ctx, "configuration.html", title="导出、导入配置", most=most)


@router.post("/admin/configuration/export")
def export(ctx: Ctx) -> Response:
    """The configuration in force and to come, as a file; that it left is an event."""
    content = carrying.pack(ctx)
    ctx.record_system("configuration_exported", bytes=len(content))
    name = quote(f"回应台配置-{local(ctx.now).date().isoformat()}.zip")
    head = {"content-disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(content, media_type="application/zip", headers=head)


@router.post("/admin/configuration")
def look(
    request: Request, ctx: Reading, file: Annotated[UploadFile | None, File()] = None
) -> Response:
    """What a file would change; it waits for the word, and nothing is published."""
    if file is None or not file.filename:
        raise Incomplete("请选择一个配置文件。", fields={"file": "没有选择文件"})
    content = file.file.read(packed.LARGEST_FILE + 1)
    plan = carrying.plan(ctx, content)
    ticket = waiting.keep(ctx.settings, content, ctx.now) if plan.changes else ""
    return show(
        request, ctx, "configuration_plan.html", title="导入前先看", ticket=ticket, plan=plan,
        lines=_lines(plan), counts=Counter(_LABELS[one.kind] for one in plan.rules),
        sections=_sections(ctx, plan), models=[_MODELS.get(one, one) for one in plan.models],
        seen=plan.digest,
    )  # fmt: skip


@router.post("/admin/configuration/import")
def take_in(
    request: Request,
    ctx: Ctx,
    ticket: Annotated[str, Form(max_length=_NAME_LIMIT)] = "",
    seen: Annotated[str, Form(max_length=_NAME_LIMIT)] = "",
) -> Response:
    """Publish exactly what was looked at, in one transaction."""
    plan = carrying.plan(ctx, waiting.content(ctx.settings, ticket))
    if plan.changes and plan.digest != seen:
        message = "您看过以后，本单位的配置又有了改动。"
        raise Stale(message, remedy="请重新选择文件，看过新的清单再导入。")
    carrying.carry_out(ctx, plan)
    said = (
        f"已导入：规则 {len(plan.rules)} 条，科室 {len(plan.sections)} 个，"
        f"模型 {len(plan.models)} 个。"
    )
    response = see(
        request, "/admin/rules", said if plan.changes else "没有要改的，什么也没有写入。"
    )
    # After the answer, and so after the commit: no model without its rules.
    response.background = BackgroundTask(_finish, desk_of(request), plan, ticket)
    return response


def _finish(desk: Desk, plan: Plan, ticket: str) -> None:
    with desk.reading() as ctx:
        carrying.place_models(ctx, plan)
    waiting.drop(desk.settings, ticket)


def _lines(plan: Plan) -> list[dict[str, Any]]:
    return [
        {
            "kind": _LABELS[one.kind],
            "code": one.code,
            "title": SHAPES[one.kind].title(one.body) if one.kind in SHAPES else "",
            "retire": one.retire,
            "day": one.valid_from,
        }
        for one in plan.rules
    ]


def _sections(ctx: Context, plan: Plan) -> list[tuple[str, bool]]:
    """The sections that an import adds or changes, with whether each is new."""
    known = people.sections(ctx.session)
    return [(body["label"], body["code"] not in known) for body in plan.sections]


PAGE = Page(router, "导出、导入配置")
