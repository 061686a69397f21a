"""Whether anybody keeps the watch: the heartbeat of the timetable, and what to say without it."""

from datetime import timedelta

from monitor.domain.remaining import moment_words
from monitor.services.context import Context
from monitor.storage import history

BEAT = "beat"
_SILENT = timedelta(minutes=5)


def unkept(ctx: Context) -> str:
    """Why nothing runs by itself just now, in words; empty while the watch is kept."""
    run = history.job_run(ctx.session, BEAT)
    remedy = "预警、亮牌、提醒和日封都停着。请运行 monitor serve 或 monitor work。"
    if run is None or run.finished_at is None:
        return f"值守还没有开始过：{remedy}"
    if abs(ctx.now - run.finished_at) > _SILENT:
        return f"最后一次值守是 {moment_words(run.finished_at, ctx.now)}：{remedy}"
    return ""
