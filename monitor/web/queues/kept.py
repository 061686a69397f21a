"""Saved views as the list shows them: whose they are, which is open, what may be done to them."""

from dataclasses import dataclass
from uuid import UUID

from monitor.domain.access import Acting
from monitor.domain.errors import NotFound
from monitor.domain.vocabulary import Role
from monitor.services.context import Context
from monitor.storage.lists import views
from monitor.storage.lists.views import ALL, SECTION, ListChoice, SavedView
from monitor.web.queues.wanted import Asked, read

VIEWS = "/desk/views"
_SHARERS = (Role.REVIEWER, Role.LEADER)


@dataclass(frozen=True)
class Shown:
    """The views offered above the list; `open` is the one of this address."""

    offered: tuple[SavedView, ...]
    choice: ListChoice | None
    open: SavedView | None
    same: bool
    mine: bool
    opens_first: bool
    query: str
    scopes: tuple[tuple[str, str], ...]
    me: UUID | None


def shown(ctx: Context, asked: Asked) -> Shown:
    """What the list says about views: two queries."""
    offered = views.offered(ctx.session, ctx.person)
    choice = views.choice(ctx.session, ctx.person)
    here = asked.as_view
    named = next((view for view in offered if str(view.id) == asked.view), None)
    found = named or next((view for view in offered if here and view.query == here), None)
    return Shown(
        offered=tuple(offered),
        choice=choice,
        open=found,
        same=found is not None and found.query == here,
        mine=found is not None and found.person_id == ctx.person.id,
        opens_first=bool(found and choice and choice.view_id == found.id),
        query=here,
        scopes=scopes(ctx.person),
        me=ctx.person.id,
    )


def scopes(who: Acting) -> tuple[tuple[str, str], ...]:
    """With whom the person may share a view."""
    found = [("", "只有我")]
    if who.has(*_SHARERS):
        found += [(SECTION, "本科室")] if who.section else []
        found += [(ALL, "全局")]
    return tuple(found)


def address(view: SavedView) -> str:
    """The list that a view stands for."""
    return read(view.query).address(view=str(view.id))


def opening(ctx: Context) -> str:
    """Where the bare list leads this person: his default view, as long as he is offered it."""
    choice = views.choice(ctx.session, ctx.person)
    if choice is None or choice.view_id is None:
        return ""
    offered = views.offered(ctx.session, ctx.person)
    found = next((view for view in offered if view.id == choice.view_id), None)
    return address(found) if found else ""


def one(ctx: Context, view_id: UUID) -> SavedView:
    """A view that this person is offered; NotFound for any other."""
    for view in views.offered(ctx.session, ctx.person):
        if view.id == view_id:
            return view
    raise NotFound("没有这个视图，或没有共享给您。", remedy="请从工单页上方的视图里选。")


def own(ctx: Context, view_id: UUID) -> SavedView:
    """A view that this person may change: only its owner may."""
    view = one(ctx, view_id)
    if view.person_id != ctx.person.id:
        raise NotFound("这个视图是别人的。", remedy="可以打开它，再另存为自己的视图。")
    return view
