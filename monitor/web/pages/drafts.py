"""草稿: what I began to write and have not sent, wherever it was; go on with it or drop it."""

import re
from typing import Annotated, Any

from fastapi import Form, Query, Request
from starlette.responses import JSONResponse, Response

from monitor.domain import lifecycle
from monitor.domain.errors import NotFound
from monitor.services.context import Context
from monitor.storage import drafts
from monitor.web import cookies, kept
from monitor.web.deps import Ctx, Reading
from monitor.web.errors import label_of
from monitor.web.guard import EVERYONE, desk_router
from monitor.web.navigation import Entry, Group, Page, see, show

router = desk_router(*EVERYONE)
PATH = "/desk/drafts"
_OF_ORDER = re.compile(r"/desk/orders/([^/]+)/([a-z_]+)")
_ANSWER = "answer:"
# What was picked from a list or a calendar, not written.
_CHOSEN = re.compile(r"[a-z0-9_.:T-]{1,60}")
_TICKET = "token"  # tells two calls apart on the register form; nobody wrote it

FormName = Annotated[str, Query(alias="form", max_length=300)]


@router.get(PATH)
def mine(request: Request, ctx: Reading) -> Response:
    """Every unfinished form of mine with its words, the newest first."""
    found = drafts.of_person(ctx.session, _me(ctx))
    return show(
        request, ctx, "drafts.html", title="草稿",
        rows=[row for form, _ in found if (row := _row(ctx, form)) is not None],
    )  # fmt: skip


@router.get(f"{PATH}/one")
def one(request: Request, ctx: Reading, form: FormName) -> Response:
    """The fields of one unfinished form, for putting them back; and a token that holds."""
    found = drafts.load(ctx.session, ctx.keys, _me(ctx), form)
    fields, saved_at = found if found is not None else ({}, None)
    body = {
        "fields": kept.worth_keeping(fields.items()),
        "saved_at": saved_at.isoformat() if saved_at else "",
        "csrf": cookies.csrf_token(request),
    }
    return JSONResponse(body, headers={"cache-control": "no-store"})


@router.post(f"{PATH}/keep")
def keep(request: Request, ctx: Ctx) -> Response:
    """Keep what stands in a form, on every pause."""
    given = dict(request.state.given)
    form = given.get("@form", "")
    worth = kept.keep(
        ctx, form, given, page=given.get(kept.PAGE_FIELD, ""),
        label=given.get(kept.LABEL_FIELD, ""),
    )  # fmt: skip
    if not worth:
        # Everything was deleted again: there is nothing left to go on with.
        drafts.drop(ctx.session, _me(ctx), form)
    return Response(status_code=204)


@router.post(f"{PATH}/drop")
def drop(request: Request, ctx: Ctx, form: Annotated[str, Form(max_length=300)]) -> Response:
    """Throw one away."""
    if drafts.load(ctx.session, ctx.keys, _me(ctx), form) is None:
        raise NotFound("这份草稿已经不在了。", remedy="它可能已经提交，或在别处扔掉了。")
    drafts.drop(ctx.session, _me(ctx), form)
    return see(request, PATH, "草稿已扔掉。")


def _row(ctx: Context, form: str) -> dict[str, Any] | None:
    found = drafts.load(ctx.session, ctx.keys, _me(ctx), form)
    if found is None:
        return None
    fields, saved_at = found
    label, page = _place(form)
    written = [
        {"label": label_of(name), "text": text}
        for name, text in kept.worth_keeping(fields.items()).items()
        if text.strip() and name != _TICKET and not _CHOSEN.fullmatch(text)
    ]
    return {
        "form": form,
        "label": label or fields.get(kept.LABEL_FIELD, "") or "未提交的内容",
        "page": fields.get(kept.PAGE_FIELD, "") or page,
        "saved_at": saved_at,
        "written": written,
    }


def _place(form: str) -> tuple[str, str]:
    """What a form is called, and the page on which it stands."""
    if form == "register":
        return "登记来电", "/desk/register"
    if form.startswith(_ANSWER):
        number = form.removeprefix(_ANSWER)
        return f"{number} 的答复", f"/desk/orders/{number}#editor"
    found = _OF_ORDER.fullmatch(form)
    if found is None:
        return "", form
    number, move = found.groups()
    words = lifecycle.label(move)
    said = words if words != move else "未提交的内容"
    return f"{number} {said}", f"/desk/orders/{number}"


def _count(ctx: Context) -> int:
    return len(drafts.of_person(ctx.session, _me(ctx))) if ctx.person.id else 0


def _me(ctx: Context) -> Any:
    return ctx.person.id


PAGE = Page(
    router,
    "草稿",
    entries=(
        Entry("草稿", PATH, "pen-to-square", Group.PAPERS, frozenset(EVERYONE), count=_count),
    ),
)
