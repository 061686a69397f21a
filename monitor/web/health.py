"""Whether it lives, and a few counters for those who watch machines."""

from collections.abc import Iterator

from fastapi import Request
from sqlmodel import col, func, select
from starlette.responses import PlainTextResponse, Response

from monitor.domain.errors import NotFound
from monitor.domain.vocabulary import Promise
from monitor.services.context import Context
from monitor.storage import history
from monitor.storage.deadlines import Clock
from monitor.storage.imports import ImportRun
from monitor.web import cookies
from monitor.web.deps import PublicReading
from monitor.web.failures import NoKey
from monitor.web.guard import public_router

_KIND = "text/plain; version=0.0.4; charset=utf-8"
router = public_router()


@router.get("/healthz")
def healthz(ctx: PublicReading) -> Response:
    """200 when the database answers."""
    ctx.session.connection().exec_driver_sql("SELECT 1")
    return PlainTextResponse("ok\n")


@router.get("/metrics")
def metrics(request: Request, ctx: PublicReading) -> Response:
    """Counters in the text form of Prometheus, for who holds the token."""
    token = ctx.settings.metrics_token.get_secret_value()
    if not token:
        raise NotFound("没有这个页面。")
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not cookies.same(token, given.strip()):
        raise NoKey("没有提供有效的令牌。")
    return PlainTextResponse("".join(_lines(ctx)), media_type=_KIND)


def _lines(ctx: Context) -> Iterator[str]:
    for name, told, count in (
        ("desk_clocks_running", "Promises whose clock runs.", clocks(ctx, late=False)),
        (
            "desk_clocks_overdue",
            "Promises whose clock is past its due time.",
            clocks(ctx, late=True),
        ),
    ):
        yield f"# HELP {name} {told}\n# TYPE {name} gauge\n"
        yield from (f'{name}{{promise="{one}"}} {count.get(one, 0)}\n' for one in Promise)
    yield "# HELP desk_events History events.\n# TYPE desk_events counter\n"
    yield f"desk_events {history.count(ctx.session)}\n"
    yield "# HELP desk_imports Import runs by state.\n# TYPE desk_imports gauge\n"
    runs_by_state = select(ImportRun.state, func.count()).group_by(col(ImportRun.state))
    for state, runs in sorted(ctx.session.exec(runs_by_state)):
        yield f'desk_imports{{state="{state}"}} {runs}\n'


def clocks(ctx: Context, *, late: bool) -> dict[str, int]:
    """Running clocks by promise; only those past their due time when `late`."""
    query = (
        select(Clock.promise, func.count())
        .where(col(Clock.ended_at).is_(None), col(Clock.cancelled_at).is_(None))
        .group_by(col(Clock.promise))
    )
    if late:
        query = query.where(Clock.due_at < ctx.now)
    return dict(ctx.session.exec(query).all())
