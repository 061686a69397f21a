"""回填: what waits to go back to the platform, the table of it, and the tables made so far."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import Form, Request
from starlette.responses import Response

from monitor.domain.vocabulary import Role
from monitor.reports import feedback as drawn
from monitor.steps import feedback as step
from monitor.storage import casework
from monitor.web.deps import LARGEST, Ctx, Reading
from monitor.web.guard import desk_router
from monitor.web.navigation import Entry, Group, Page, see, show

router = desk_router(Role.DUTY, Role.REVIEWER)

_SHOWN = 100
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/desk/feedback")
def look(request: Request, ctx: Reading) -> Response:
    """What waits by template, and the tables made so far."""
    known = {one.code: one.label for one in step.templates(ctx)}
    return show(
        request, ctx, "feedback.html", title="回填", shelves=step.shelves(ctx, shown=_SHOWN),
        batches=casework.batches(ctx.session), labels=known,
    )  # fmt: skip


@router.post("/desk/feedback")
def make(
    request: Request,
    ctx: Ctx,
    template: Annotated[str, Form(max_length=40)],
    count: Annotated[int, Form(ge=1, le=LARGEST)],
) -> Response:
    """Make a table of what the person saw waiting; later answers go into the next one."""
    batch = step.hand_over(ctx, template, most=count)
    return see(
        request,
        "/desk/feedback",
        f"已生成回填表，{batch.count} 件答复已标记。请在下面的回填记录里下载，再传到平台。",
    )


@router.get("/desk/feedback/{table}.xlsx")
def download(ctx: Ctx, table: UUID) -> Response:
    """The table once more: the same answers, marked as they are; the look is an event."""
    batch = step.of(ctx, table)
    ctx.record_system("exported", list="feedback", table=str(batch.id), count=batch.count)
    return Response(
        drawn.as_xlsx(ctx, batch),
        media_type=_XLSX,
        headers={"content-disposition": f"attachment; filename={quote(drawn.file_name(batch))}"},
    )


@router.post("/desk/feedback/{table}/undo")
def undo(
    request: Request, ctx: Ctx, table: UUID, reason: Annotated[str, Form(max_length=200)] = ""
) -> Response:
    """Take a table back that the platform never got."""
    batch = step.undo(ctx, table, reason=reason)
    return see(request, "/desk/feedback", f"已作废，{batch.count} 件答复重新等待回填。")


PAGE = Page(
    router,
    "回填",
    entries=(
        Entry("回填", "/desk/feedback", "file-export", Group.ORDERS,
              frozenset({Role.DUTY, Role.REVIEWER})),
    ),
)  # fmt: skip
