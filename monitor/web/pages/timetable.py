"""时间表: each job that runs by itself: when it ran and runs next, what went wrong; run now."""

from typing import Annotated

from fastapi import Path, Request
from starlette.responses import Response

from monitor.domain.errors import NotFound
from monitor.domain.vocabulary import Role
from monitor.services.supervision import standby
from monitor.storage import history
from monitor.storage.supervision import notices
from monitor.web.deps import Ctx, Reading
from monitor.web.guard import desk_router
from monitor.web.navigation import Entry, Group, Page, see, show

router = desk_router(Role.SYSTEM_ADMIN)
PATH = "/admin/timetable"


@router.get(PATH)
def look(request: Request, ctx: Reading) -> Response:
    """Every job with its last run, and what waits to go out."""
    runs = history.job_runs(ctx.session)
    return show(
        request, ctx, "timetable.html", title="时间表", runs=list(runs.values()),
        unkept=standby.unkept(ctx), standing=notices.standing(ctx.session),
    )  # fmt: skip


@router.post(f"{PATH}/{{name}}/run")
def run(request: Request, ctx: Ctx, name: Annotated[str, Path(max_length=40)]) -> Response:
    """Ask for a run; whoever keeps the watch takes it up within seconds."""
    job = history.job_run(ctx.session, name)
    if job is None:
        raise NotFound("时间表里没有这项工作。", remedy="请刷新页面。")
    job.asked_at, job.asked_by = ctx.now, ctx.person.label
    ctx.session.add(job)
    ctx.record_system("job_asked", job=name)
    told = "没有进程在值守，恢复值守后就运行。" if standby.unkept(ctx) else "几秒内运行。"
    return see(request, PATH, f"已请求运行“{job.label}”，{told}")


PAGE = Page(
    router,
    "时间表",
    entries=(
        Entry("时间表", PATH, "clock", Group.ADMIN, frozenset({Role.SYSTEM_ADMIN})),
    ),
)  # fmt: skip
