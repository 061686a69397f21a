"""Saved views and chosen columns of the list: a name for an address, opened again any time."""

from typing import Annotated
from uuid import UUID

from fastapi import Form, Request
from starlette.responses import RedirectResponse, Response

from monitor.domain.access import DESK_ROLES
from monitor.domain.errors import Incomplete, Refused
from monitor.domain.letters import tidy
from monitor.reports import orders as report
from monitor.services.context import Context
from monitor.storage.lists import views
from monitor.storage.lists.views import SavedView
from monitor.web.deps import Ctx, Reading
from monitor.web.guard import desk_router
from monitor.web.navigation import Page, see
from monitor.web.queues import kept, table
from monitor.web.queues.wanted import read

router = desk_router(*DESK_ROLES)
PAGE = Page(router, "列表视图")
VIEWS = "/desk/views"
_MOST_VIEWS = 40
_LONGEST_QUERY = 1500

Name = Annotated[str, Form(max_length=200)]
Query = Annotated[str, Form(max_length=_LONGEST_QUERY)]
Scope = Annotated[str, Form(max_length=10)]


@router.get(VIEWS + "/{view}")
def open_view(ctx: Reading, view: UUID) -> Response:
    """The lasting address of a view: the list as it stands in it."""
    return RedirectResponse(kept.address(kept.one(ctx, view)), 303)


@router.post(VIEWS)
def save(
    request: Request, ctx: Ctx, name: Name = "", query: Query = "", shared: Scope = ""
) -> Response:
    """Keep the present filters and columns under a name."""
    mine = [one for one in views.offered(ctx.session, ctx.person) if one.person_id == ctx.person.id]
    if len(mine) >= _MOST_VIEWS:
        raise Refused(f"已经有 {_MOST_VIEWS} 个视图。", remedy="请先删去不用的。")
    if ctx.person.id is None:
        raise Refused("只有登录的人才有视图。")
    view = SavedView(
        person_id=ctx.person.id,
        name=_named(name, mine),
        query=_asked(query),
        shared=_scope(ctx, shared),
        section=ctx.person.section,
        by=ctx.person.name,
        at=ctx.now,
    )
    ctx.session.add(view)
    ctx.record_system("view_saved", view=str(view.id), shared=view.shared)
    return see(request, kept.address(view), f"已保存视图“{view.name}”。")


@router.post(VIEWS + "/{view}")
def change(
    request: Request, ctx: Ctx, view: UUID, name: Name = "", query: Query = "", shared: Scope = ""
) -> Response:
    """Rename one's own view, share it or not; with a query, let it stand for another list."""
    found = kept.own(ctx, view)
    others = [
        one
        for one in views.offered(ctx.session, ctx.person)
        if one.person_id == ctx.person.id and one.id != view
    ]
    found.name, found.shared = _named(name, others), _scope(ctx, shared)
    found.section, found.at = ctx.person.section, ctx.now
    if query:
        found.query = _asked(query)
    ctx.session.add(found)
    ctx.record_system("view_changed", view=str(view), shared=found.shared)
    return see(request, kept.address(found), f"已修改视图“{found.name}”。")


@router.post(VIEWS + "/{view}/remove")
def remove(request: Request, ctx: Ctx, view: UUID) -> Response:
    """Forget one's own view; no order is touched."""
    found = kept.own(ctx, view)
    name, address = found.name, read(found.query).address(all="1")
    views.remove(ctx.session, found)
    ctx.record_system("view_removed", view=str(view))
    return see(request, address, f"已删除视图“{name}”，工单没有变。")


@router.post(VIEWS + "/{view}/first")
def first(
    request: Request, ctx: Ctx, view: UUID, first: Annotated[str, Form(max_length=4)] = ""
) -> Response:
    """Open the list with this view from now on, or no longer."""
    found = kept.one(ctx, view)
    if ctx.person.id is not None:
        views.choose(ctx.session, ctx.person.id).view_id = found.id if first else None
    said = f"以后打开工单，先看“{found.name}”。" if first else "以后打开工单，先看全部。"
    return see(request, kept.address(found), said)


@router.post("/desk/columns")
def columns(
    request: Request,
    ctx: Ctx,
    code: Annotated[list[str], Form(default_factory=list, max_length=60)],
    place: Annotated[list[str], Form(default_factory=list, max_length=60)],
    query: Query = "",
    plain: Annotated[str, Form(max_length=4)] = "",
) -> Response:
    """Which columns the list has, and in which order; kept in the address and for the person."""
    places = [
        (int(number), turn, one)
        for turn, (one, number) in enumerate(zip(code, place, strict=False))
        if number.isascii() and number.isdigit() and len(number) < 4 and int(number)
    ]
    chosen = () if plain else report.chosen([one for *_, one in sorted(places)])
    if not chosen and not plain:
        raise Incomplete("至少要有一列。", remedy="请给要显示的列填上位置，或点“恢复原样”。")
    table.remember(ctx, chosen)
    cols = ",".join(column.code for column in chosen)
    return see(request, read(query).address(cols=cols, all="1"))


def _named(name: str, others: list[SavedView]) -> str:
    words = tidy(name)
    if not words or len(words) > 30 or "\n" in words:
        raise Incomplete("请给视图起个名字。", fields={"name": "1 至 30 个字"})
    if words in {one.name for one in others}:
        raise Incomplete("已经有同名的视图。", fields={"name": "请换一个名字，或更新原来的"})
    return words


def _asked(query: str) -> str:
    return read(query).as_view


def _scope(ctx: Context, shared: str) -> str:
    if shared not in {code for code, _ in kept.scopes(ctx.person)}:
        raise Refused("您不能这样共享视图。", remedy="共享给科室或全局，由办公室审核或领导办理。")
    return shared
