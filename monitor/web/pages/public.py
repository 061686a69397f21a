"""The public side: published answers, their search, feed and table, figures, what we promise."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Path, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from monitor.domain.errors import NotFound
from monitor.domain.remaining import limit_words
from monitor.services import rulebook
from monitor.services.context import Context
from monitor.storage import answers
from monitor.storage.attachments import rows
from monitor.web.deps import Number, PublicReading
from monitor.web.failures import told
from monitor.web.filing import handing
from monitor.web.guard import public_router
from monitor.web.navigation import Page, show_public
from monitor.web.outside import items, months, outlets
from monitor.web.outside.items import Item, Listed

router = public_router()
machine = public_router(documented=True)
_NEWEST = 30
_MONTHS_ASIDE = 6
_TOPICS_SHOWN = 4
_API = "/api/v1/public/answers"

Given = Annotated[str, Query()]
# The one sign that no address may hold.
Sought = Annotated[str, Query(json_schema_extra={"pattern": r"^[^\u0000]*$"})]


@router.get("/")
def home(
    request: Request,
    ctx: PublicReading,
    q: Given = "",
    topic: Given = "",
    page: Given = "1",
    topics: Given = "",
) -> Response:
    """Published answers, newest first, by search and topic."""
    found = items.listed(ctx, q, topic, page)
    shown = found.topics if topics == "all" else found.topics[:_TOPICS_SHOWN]
    if found.topic not in {"", *(code for code, _, _ in shown)}:
        shown = found.topics
    figures = months.public_figures(ctx)
    complete = [month for month in figures.everything if month.complete]
    return show_public(
        request,
        ctx,
        "public.html",
        title="公开答复",
        form=True,
        active_tab="/",
        updated=ctx.now,
        found=found,
        shown_topics=shown,
        months=complete[:_MONTHS_ASIDE],
        limits=promises(ctx),
    )


@router.get("/answers/{number}")
def answer(request: Request, ctx: PublicReading, number: Number) -> Response:
    """One published answer: the redacted letter, the answer, the dates."""
    item = _published(ctx, number)
    return show_public(
        request, ctx, "public_answer.html", title=item.title, active_tab="/", updated=ctx.now,
        item=item,
    )  # fmt: skip


@router.get("/figures")
def figures(request: Request, ctx: PublicReading) -> Response:
    """On-time answers by month, and how they are counted."""
    found = months.public_figures(ctx)
    return show_public(
        request, ctx, "public_figures.html", title="时限统计", active_tab="/figures",
        updated=found.counted_at, figures=found,
        # What can be ticked on the staff's dashboard cannot be ticked here.
        excluded=[text.partition("，除非")[0] for text in found.definition.exclusions],
    )  # fmt: skip


@router.get("/feed.xml")
def feed(request: Request, ctx: PublicReading) -> Response:
    """The newest published answers for feed readers."""
    body = outlets.feed(
        items.all_of(ctx, most=_NEWEST),
        bureau=rulebook.current(ctx).office.name,
        site=str(request.base_url),
        now=ctx.now,
    )
    return Response(body, media_type="application/atom+xml; charset=utf-8")


@router.get("/answers/{number}/files/{n}")
def file(ctx: PublicReading, number: Number, n: str) -> Response:
    """A file of a published answer, as it was released; gone with the publication."""
    publication = answers.released_one(ctx.session, number)
    found = rows.public_files(ctx.session, publication.id) if publication else []
    for file in found:
        if str(file.n) == n:
            return handing.download(ctx.settings, file.sha256, file.name, file.media_type)
    raise NotFound("没有这个附件。", remedy="它可能没有公开，或已经撤下。")


@router.get("/answers.csv")
def table(ctx: PublicReading, q: Given = "", topic: Given = "") -> Response:
    """Exactly the answers of a search as a table."""
    return Response(
        outlets.table(items.all_of(ctx, q, topic)),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": 'attachment; filename="answers.csv"'},
    )


@router.get("/disclosure")
def disclosure(request: Request, ctx: PublicReading) -> Response:
    """How to apply for government information."""
    return _paper(request, ctx, "public_disclosure.html", "依申请公开", "/disclosure")


@router.get("/privacy")
def privacy(request: Request, ctx: PublicReading) -> Response:
    """What happens to personal details."""
    return _paper(request, ctx, "public_privacy.html", "个人信息保护说明", "/privacy")


@router.get("/accessibility")
def accessibility(request: Request, ctx: PublicReading) -> Response:
    """What these pages do for everybody, and whom to tell when they do not."""
    return _paper(request, ctx, "public_accessibility.html", "无障碍声明", "/accessibility")


@router.get("/wrong")
def wrong(request: Request, ctx: PublicReading) -> Response:
    """How to report a mistake on this site."""
    return _paper(request, ctx, "public_wrong.html", "网站找错", "/wrong")


def promises(ctx: Context) -> dict[str, str]:
    """The time we allow ourselves, by the rules in force."""
    rules = rulebook.current(ctx).deadlines
    codes = {"ack": "LX-1.ack", "answer": "LX-1.answer", "complex": "LX-1.complex", "foi": "FOI-2"}
    return {name: limit_words(rules.find(code).normal) for name, code in codes.items()}


def _paper(request: Request, ctx: Context, template: str, title: str, tab: str) -> Response:
    return show_public(
        request, ctx, template, title=title, active_tab=tab, updated=ctx.now,
        contact=rulebook.current(ctx).office.contact, limits=promises(ctx),
    )  # fmt: skip


def _published(ctx: Context, number: str) -> Item:
    item = items.one(ctx, number)
    if item is None:
        raise NotFound("没有这件公开答复。", remedy="它可能没有公开，或已经撤下；请从列表查找。")
    return item


class AnswerLine(BaseModel):
    """A published answer in a list."""

    number: str
    title: str
    excerpt: str
    topic: str
    topic_label: str
    request_type: str
    received_at: datetime
    answered_at: datetime
    published_at: datetime
    used: str = Field(description="用时与时限")


class AnswerWhole(AnswerLine):
    """A published answer with its redacted letter."""

    letter: str
    answer: str


class AnswerPage(BaseModel):
    """A page of published answers; `note` says why a query found nothing."""

    items: list[AnswerLine]
    total: int
    page: int
    pages: int
    note: str = ""


@machine.get(_API, responses=told(400, 422, 500, 503))
def answers_json(
    ctx: PublicReading, q: Sought = "", topic: Sought = "", page: Sought = "1"
) -> AnswerPage:
    """Published answers, newest first; a page that does not exist is the nearest that does."""
    found: Listed = items.listed(ctx, q, topic, page)
    return AnswerPage(
        items=[AnswerLine(**_line(item)) for item in found.items],
        total=found.total,
        page=found.page,
        pages=found.pages,
        note=found.note,
    )


@machine.get(_API + "/{number}", responses=told(400, 404, 422, 500, 503))
def answer_json(ctx: PublicReading, number: Annotated[str, Path(max_length=32)]) -> AnswerWhole:
    """One published answer; unpublished, withdrawn and unknown numbers are all 404."""
    item = _published(ctx, number)
    return AnswerWhole(**_line(item), letter=item.letter, answer=item.answer)


def _line(item: Item) -> dict[str, Any]:
    return {
        "number": item.number,
        "title": item.title,
        "excerpt": item.excerpt,
        "topic": item.topic,
        "topic_label": item.topic_label,
        "request_type": item.kind,
        "received_at": item.received_at,
        "answered_at": item.answered_at,
        "published_at": item.released_at,
        "used": item.used,
    }


both = public_router(documented=True)
both.include_router(router)
both.include_router(machine)
PAGE = Page(both, "公开答复")
