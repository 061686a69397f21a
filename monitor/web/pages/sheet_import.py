"""Import a sheet of the city's platform: drop, rehearse, confirm, watch, download the report."""

import os
from typing import Annotated, Any
from uuid import UUID

from fastapi import File, Form, Request, UploadFile
from starlette.background import BackgroundTask
from starlette.responses import Response

from monitor.domain.errors import Incomplete
from monitor.domain.vocabulary import Channel, Role
from monitor.reports import tables
from monitor.services.context import Context
from monitor.services.desk import Desk
from monitor.storage import imports
from monitor.storage.imports import ImportRun
from monitor.tasks import durable, sheets, staging
from monitor.web.deps import Ctx, Reading, desk_of
from monitor.web.guard import desk_router
from monitor.web.navigation import Entry, Group, Page, see, show

router = desk_router(Role.DUTY)

STATES = {
    "checking": "正在试读",
    "ready": "等您确认",
    "queued": "排队中",
    "running": "正在导入",
    "done": "已完成",
    "refused": "未接收",
    "discarded": "已放弃",
}
_CHANNELS = (Channel.HOTLINE, Channel.PHONE, Channel.MAILBOX, Channel.WEB, Channel.WECHAT)
_MOVING = frozenset({"checking", "queued", "running"})
_SHOWN_ERRORS = 200
_MOST_COLUMNS = 500


@router.get("/desk/import")
def start(request: Request, ctx: Reading) -> Response:
    """Where a file is dropped; the imports so far."""
    return show(
        request, ctx, "sheet_import.html", title="表格导入", channels=_CHANNELS,
        runs=imports.recent(ctx.session), states=STATES,
        labels={channel.value: channel.label for channel in Channel},
    )  # fmt: skip


@router.post("/desk/import")
def upload(
    request: Request,
    ctx: Ctx,
    header: Annotated[list[str], Form(default_factory=list, max_length=_MOST_COLUMNS)],
    field: Annotated[list[str], Form(default_factory=list, max_length=_MOST_COLUMNS)],
    file: Annotated[UploadFile | None, File()] = None,
    channel: Annotated[str, Form(max_length=20)] = "hotline",
) -> Response:
    """Take a file for rehearsal; it lives in an unnamed file that no crash leaves behind."""
    if file is None or not file.filename:
        raise Incomplete("请选择一个表格文件。", fields={"file": "没有选择文件"})
    if channel not in _CHANNELS:
        raise Incomplete("请选择渠道。", fields={"channel": "请从列表中选择"})
    run_id = staging.open_run(ctx, Channel(channel), file.filename)
    mapping = {name: code for name, code in zip(header, field, strict=False) if name and code}
    descriptor = os.dup(file.file.fileno())
    response = see(request, f"/desk/import/{run_id}")
    # After the answer, and so after the commit: the record stands before its reader needs it.
    response.background = BackgroundTask(
        _check, desk_of(request), ctx, run_id, descriptor, file.filename, mapping or None
    )
    return response


@router.get("/desk/import/{run}")
def look(request: Request, ctx: Reading, run: UUID) -> Response:
    """One import: its progress, its rehearsal to confirm, or its report."""
    found = staging.run_of(ctx, run)
    response = show(
        request, ctx, "sheet_run.html", title="表格导入",
        run=found, state=STATES[found.state], moving=found.state in _MOVING,
        stalled=staging.stalled(ctx, found), label=Channel(found.channel).label,
        errors=found.errors[:_SHOWN_ERRORS], fields=_fields(desk_of(request), found),
        watched=durable.running_here(), channels=_CHANNELS,
    )  # fmt: skip
    if request.headers.get("x-fragment") and found.state not in _MOVING:
        response.headers["x-done"] = "1"
    return response


@router.post("/desk/import/{run}/confirm")
def confirm(request: Request, ctx: Ctx, run: UUID) -> Response:
    """Store what was rehearsed; asked twice, it is stored once."""
    staging.confirm(ctx, run)
    response = see(request, f"/desk/import/{run}")
    response.background = BackgroundTask(durable.enqueue_import, desk_of(request), run)
    return response


@router.post("/desk/import/{run}/discard")
def discard(request: Request, ctx: Ctx, run: UUID) -> Response:
    """Throw a rehearsed file away."""
    staging.discard(ctx, desk_of(request), run)
    return see(request, "/desk/import", "已放弃这份表格，没有写入任何工单。")


@router.get("/desk/import/{run}/report.csv")
def report(ctx: Reading, run: UUID) -> Response:
    """Every row that was not taken: row, column, why, what to do."""
    found = staging.run_of(ctx, run)
    rows = [
        (error["row"], error["column"], error["message"], error["remedy"]) for error in found.errors
    ]
    body = tables.as_csv(("行号", "列", "原因", "怎么办"), rows)
    name = f"import-{run}.csv"
    return Response(
        body,
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


def _check(
    desk: Desk,
    ctx: Context,
    run_id: UUID,
    descriptor: int,
    name: str,
    mapping: dict[str, str] | None,
) -> None:
    try:
        staging.check(desk, ctx.person, run_id, descriptor, name, mapping)
    finally:
        os.close(descriptor)


def _fields(desk: Desk, run: ImportRun) -> list[tuple[str, str]]:
    """What a column may be mapped to; only needed where a header was not understood."""
    if not run.columns.get("headers"):
        return []
    return list(sheets.columns_of(desk).labels.items())


def _unfinished(ctx: Context) -> int:
    return len(imports.unfinished(ctx.session))


_ENTRY: dict[str, Any] = {"group": Group.DUTY, "roles": frozenset({Role.DUTY})}
PAGE = Page(
    router,
    "表格导入",
    entries=(Entry("表格导入", "/desk/import", "file-import", count=_unfinished, **_ENTRY),),
)
