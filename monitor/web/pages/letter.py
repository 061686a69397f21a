"""写信: the public letter form to the leadership mailbox, and the files that go with a letter."""

import hashlib
import json
import secrets
from collections import Counter
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Form, Query, Request
from pydantic import BaseModel, Field
from sqlalchemy.exc import IntegrityError
from starlette.responses import JSONResponse, Response

from classifiers import similar
from monitor.channels import letter_form
from monitor.domain.errors import Incomplete
from monitor.domain.letters import Incoming
from monitor.domain.remaining import limit_words, short_date
from monitor.domain.workdays import local
from monitor.services import limits, preparing, reading, rulebook
from monitor.services.attachments import receiving
from monitor.services.attachments.receiving import Sender
from monitor.services.context import Context
from monitor.services.desk import PUBLIC, Desk
from monitor.services.limits import Limit
from monitor.steps import attaching, intake
from monitor.steps.intake import Receipt
from monitor.storage import answers, orders, search
from monitor.storage.answers import Publication, Wanted
from monitor.storage.index import tokens
from monitor.web import cookies, render
from monitor.web.deps import LARGEST, DeskHere, PublicReading
from monitor.web.filing import cards, sending
from monitor.web.guard import public_router
from monitor.web.navigation import Page, see, show_public
from monitor.web.outside import passes

router = public_router()
_ALIKE = 3
_HITS = 2
_EACH = 50
_LONGEST_QUERY = 100
# Who is not signed in could fill the disk: so many files from one address in a quarter of an hour.
SENT = Limit("upload", "address", 60)
Token = Annotated[str, Form(max_length=100)]
# An equal letter from the same browser within this time is the same letter.
_SAME_FOR = timedelta(hours=24)


@router.get("/letter")
def form(request: Request, ctx: PublicReading, q: Annotated[str, Query()] = "") -> Response:
    """The empty form; `q` looks for what has been answered already."""
    return _page(request, ctx, {}, q=" ".join(q.split())[:_LONGEST_QUERY])


class Given(BaseModel):
    """The fields of the form as typed; judged by the channel, not here."""

    request_type: str = Field(default="", max_length=20)
    title: str = Field(default="", max_length=2_000)
    text: str = Field(default="", max_length=100_000)
    name: str = Field(default="", max_length=2_000)
    phone: str = Field(default="", max_length=2_000)
    publish: str = Field(default="", max_length=20)
    files_token: str = Field(default="", max_length=60)


@router.post("/letter")
def send(request: Request, desk: DeskHere, form: Annotated[Given, Form()]) -> Response:
    """Take the letter; the same letter sent twice, by whatever way, is one letter."""
    given = form.model_dump()
    sender = sending.visitor_sender(request, sending.form_place("letter", form.files_token or "-"))
    sending.dropped(request, desk, sender)
    faults = sending.with_form(request, desk, sender)
    errors = {"files": "；".join(faults)} if faults else {}
    with desk.reading(PUBLIC) as ctx:
        try:
            letter = letter_form.read(given, ctx.now)
        except Incomplete as wrong:
            return _page(request, ctx, given, errors={**wrong.fields, **errors})
        if errors:
            return _page(request, ctx, given, errors=errors)
        once = _once(request, ctx, letter)
    receipt = _receive(desk, letter, once, sender)
    with desk.reading(PUBLIC) as ctx:
        if receipt.order_id is None:
            message = "an accepted letter has no order"
            raise RuntimeError(message)
        text = ""
        if receipt.outcome == "unchanged":
            first = orders.by_ids(ctx.session, [receipt.order_id])[receipt.order_id]
            text = _already(first.registered_at, ctx.now)
        response = see(request, passes.PATH, text)
        own = passes.issue(ctx, receipt.order_id, receipt.code, fresh=True)
        passes.hand_out(response, ctx, own)
        return response


def _receive(desk: Desk, letter: Incoming, token: str, sender: Sender) -> Receipt:
    # The text is read before the transaction begins: nobody waits for it.
    reading.refuse_secrets(letter.title, letter.text, letter.requester.name)
    with desk.reading(PUBLIC) as ctx:
        words = rulebook.current(ctx).words
    prepared = preparing.prepare(desk.settings, words, [(letter.title, letter.text)])
    for last in (False, True):
        try:
            with desk.writing(PUBLIC) as ctx:
                receipt = intake.receive_one(ctx, letter, prepared=prepared, form_token=token)
                if receipt.order_id is not None:
                    order = orders.by_ids(ctx.session, [receipt.order_id])[receipt.order_id]
                    attaching.claim(ctx, order, attaching.REQUESTER, sender.place, sender.owner)
                return receipt
        except IntegrityError:
            # The other half of a double click won: read what it wrote.
            if last:
                raise
    raise AssertionError


def _once(request: Request, ctx: Context, letter: Incoming) -> str:
    """What makes two posts one letter: the same words, sent from the same browser, within a day.

    Not a number in the form: who goes back and sends it again is shown another form. A visitor is
    in it, so that nobody can ask for another's receipt.
    """
    given = {**letter.source, "phone": letter.requester.phone}
    words = hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()
    visitor = cookies.csrf_token(request)
    span = int(ctx.now.timestamp() // _SAME_FOR.total_seconds())
    before, now = (f"letter:{visitor}:{words}:{one}" for one in (span - 1, span))
    known = intake.of_form(ctx, before)
    recent = known is not None and ctx.now - known.registered_at < _SAME_FOR
    return before if recent else now


def _already(at: datetime, now: datetime) -> str:
    when = f"{short_date(local(at).date(), now)} {local(at):%H:%M}"
    return f"内容相同的这封信已于 {when} 收到，没有重复登记，查询码不变。"


def _page(
    request: Request,
    ctx: Context,
    given: dict[str, str],
    *,
    q: str = "",
    errors: dict[str, str] | None = None,
) -> Response:
    rules = rulebook.current(ctx).deadlines
    token = given.get("files_token") or secrets.token_urlsafe(24)
    values = {name: given.get(name, "") for name in letter_form.FIELDS}
    written = letter_form.length(values["text"])
    asked = bool(q) and not tokens.searchable(q)
    return show_public(
        request,
        ctx,
        "letter.html",
        title="错误：写信" if errors else "写信",
        form=True,
        status=422 if errors else 200,
        active_tab="/letter",
        updated=ctx.now,
        given=values,
        errors=errors or {},
        types=letter_form.TYPES,
        files_token=token,
        file_limits=cards.limits(ctx.settings),
        waiting=sending.waiting(ctx, sending.visitor_sender(request, f"letter:{token}")),
        written=written,
        left=letter_form.LONGEST_TEXT - written,
        limits={
            "确认收到": f"{limit_words(rules.find('LX-1.ack').normal)}内",
            "一般事项": limit_words(rules.find("LX-1.answer").normal),
            "复杂事项": limit_words(rules.find("LX-1.complex").normal),
        },
        q=q,
        unsearchable=asked,
        alike=_alike(ctx, q) if q else _alike(ctx, f"{values['title']}\n{values['text']}"),
    )


def _alike(ctx: Context, words: str) -> list[Publication]:
    """Published answers about the same matter, the likest first."""
    words = words.strip()[: _LONGEST_QUERY * 20]
    if not tokens.searchable(words):
        return []
    found: list[UUID] = search.matching(ctx.session, words, public=True, limit=_ALIKE)
    if not found:
        counted: Counter[UUID] = Counter()
        for keyword in similar.keywords(words):
            counted.update(search.matching(ctx.session, keyword, public=True, limit=_EACH))
        found = [id_ for id_, hits in counted.most_common(_ALIKE) if hits >= _HITS]
    rows = {row.order_id: row for row in answers.released(ctx.session, Wanted("", found))}
    return [rows[id_] for id_ in found if id_ in rows]


@router.get("/letter/files")
def listed(
    request: Request, ctx: PublicReading, token: Annotated[str, Query(max_length=100)] = ""
) -> Response:
    """What waits for the letter that is being written in this browser."""
    sender = sending.visitor_sender(request, f"letter:{token}")
    waiting = sending.waiting(ctx, sender)
    return render.page("attach_waiting.html", fragment="list", waiting=waiting)


@router.post("/letter/files")
def begin(
    request: Request,
    desk: DeskHere,
    token: Token = "",
    name: Annotated[str, Form(max_length=400)] = "",
    size: Annotated[int, Form(ge=0, le=LARGEST)] = 0,
) -> Response:
    """Begin an upload that may be taken up again."""
    sender = sending.visitor_sender(request, sending.form_place("letter", token))
    with desk.writing(sender.person) as ctx:
        limits.spend(ctx, (SENT, request.client.host if request.client else ""))
    return sending.begun(desk, sender, name, size, 0)


@router.get("/letter/files/{upload}")
def standing(request: Request, ctx: PublicReading, upload: UUID) -> Response:
    """How much of an upload is here."""
    return sending.standing(ctx, upload, sending.visitor_sender(request, "").owner)


@router.patch("/letter/files/{upload}")
def piece(request: Request, desk: DeskHere, upload: UUID) -> Response:
    """One piece of an upload."""
    sender = sending.visitor_sender(request, "")
    return sending.piece(request, desk, upload, sender.owner, sender.person)


@router.post("/letter/files/{upload}/done")
def done(
    request: Request,
    desk: DeskHere,
    upload: UUID,
    sha256: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """All pieces are here: look into the file; it waits until the letter is sent."""
    sender = sending.visitor_sender(request, "")
    return JSONResponse(sending.told(receiving.finish(desk, sender, upload, sha256.lower())))


PAGE = Page(router, "写信")
