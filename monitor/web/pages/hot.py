"""热点线索: what many write about now, and the signs of it; what the office makes of them."""

from typing import Annotated
from uuid import UUID

from fastapi import Form, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from monitor.domain.access import DESK_ROLES
from monitor.domain.errors import NotFound
from monitor.domain.vocabulary import State
from monitor.services.context import Context
from monitor.services.supervision import hot
from monitor.services.supervision.hot import Seen
from monitor.steps.supervision import judging
from monitor.storage import people
from monitor.storage.supervision import hot as storage
from monitor.web.deps import Ctx, Reading
from monitor.web.guard import desk_router
from monitor.web.navigation import Entry, Group, Page, see, show
from monitor.web.supervising.hot import PATH, orders_of, row, rows

router = desk_router(*DESK_ROLES)
TABS = {"hot": "热点", "early": "苗头", "judged": "已处置"}
_EMPTY = {
    "hot": ("现在没有热点", "没有一个地方的一件事有足够多的来件。系统每小时比对一次新来件。"),
    "early": ("现在没有苗头", "最近几天没有几件来件说同一个地方的同一件事。"),
    "judged": ("还没有处置过", "处置过的热点和苗头列在这里。"),
}


class Judged(BaseModel):
    """What the form of the office sends."""

    judged: str = Field(default="", max_length=20)
    reason: str = Field(default="", max_length=500)
    number: str = Field(default="", max_length=40)


@router.get(PATH)
def look(
    request: Request, ctx: Reading, tab: Annotated[str, Query(max_length=20)] = ""
) -> Response:
    """The issues that are written about now; the tab stands in the address."""
    found = hot.seen(ctx)
    parts = {code: [one for one in found if _on(one, code)] for code in TABS}
    tab = tab if tab in TABS else "hot"
    book = hot.rules(ctx)
    return show(
        request, ctx, "hot.html", title="热点线索", tab=tab, book=book, one=None,
        rows=rows(ctx, parts[tab]), empty=_EMPTY[tab],
        tabs=[
            {"label": label, "count": len(parts[code]), "href": f"{PATH}?tab={code}",
             "active": code == tab}
            for code, label in TABS.items()
        ],
    )  # fmt: skip


@router.get(PATH + "/{issue_id}")
def one(request: Request, ctx: Reading, issue_id: UUID) -> Response:
    """One issue under its lasting address: its trend, its sections, its newest orders."""
    return _draw(request, ctx, _found(ctx, issue_id))


@router.post(PATH + "/{issue_id}/judge")
def judge(request: Request, ctx: Ctx, issue_id: UUID, form: Annotated[Judged, Form()]) -> Response:
    """What the office makes of it."""
    issue = judging.judge(ctx, issue_id, form.judged, reason=form.reason, number=form.number)
    return see(request, f"{PATH}/{issue.id}", f"已记下：{hot.JUDGED[issue.judged]}。")


def _on(one: Seen, tab: str) -> bool:
    if tab == "judged":
        return bool(one.issue.judged)
    return not one.issue.judged and (one.hot if tab == "hot" else one.early)


def _found(ctx: Context, issue_id: UUID) -> Seen:
    issue = storage.get(ctx.session, issue_id)
    found = hot.one(ctx, issue) if issue is not None else None
    if found is None:
        raise NotFound("没有这个热点，或里面没有您能看的工单。", remedy="请从“热点线索”页进入。")
    return found


def _draw(request: Request, ctx: Context, found: Seen) -> Response:
    labels = {code: section.label for code, section in people.sections(ctx.session).items()}
    book = hot.rules(ctx)
    members = storage.members(ctx.session, ctx.person, found.issue.id, book["watch"]["listed"])
    return show(
        request, ctx, "hot.html", title="热点线索", one=row(found, labels), book=book,
        orders_href=orders_of(found),
        sections=[(labels.get(code or "", "未分科室"), count) for code, count in found.sections],
        members=[
            {"number": order.number, "title": order.title, "at": order.received_at,
             "state": State(order.state), "section": labels.get(order.section or "", "")}
            for order in members
        ],
        may=judging.may(ctx), acts=list(hot.JUDGED.items()), given=found.issue,
    )  # fmt: skip


PAGE = Page(
    router,
    "热点线索",
    entries=(Entry("热点线索", PATH, "fire-flame-curved", Group.WATCH, DESK_ROLES),),
)
