"""Register a call or a visit while talking: drafts kept, suggestions beside the form."""

import secrets
from typing import Annotated, Any

from fastapi import Form, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from monitor.channels import by_hand
from monitor.domain.errors import Incomplete
from monitor.domain.vocabulary import Arrival, RequestType, Role, Urgency
from monitor.domain.workdays import local
from monitor.services import preparing, rulebook
from monitor.services.attachments.receiving import Sender
from monitor.services.context import Context
from monitor.services.likeness import answered, nearness
from monitor.services.reading import explaining
from monitor.steps import attaching, intake
from monitor.storage import answers, drafts, orders, people
from monitor.web.deps import Ctx, DeskHere, Reading, who
from monitor.web.filing import cards, sending
from monitor.web.guard import desk_router
from monitor.web.navigation import Entry, Group, Page, see, show

router = desk_router(Role.DUTY)

_FORM = "register"
_ENOUGH = 8

Text = Annotated[str, Form(max_length=25_000)]
Word = Annotated[str, Form(max_length=400)]


@router.get("/desk/register")
def blank(request: Request, ctx: Reading) -> Response:
    """The form, with what was being typed when it was left."""
    kept = drafts.load(ctx.session, ctx.keys, _me(ctx), _FORM)
    given, saved_at = kept if kept else ({}, None)
    return _page(request, ctx, given, saved_at=saved_at)


class Given(BaseModel):
    """The fields of the form as typed; judged by the channel, not here."""

    token: str = Field(default="", max_length=100)
    channel: str = Field(default="", max_length=20)
    name: str = Field(default="", max_length=400)
    phone: str = Field(default="", max_length=400)
    text: str = Field(default="", max_length=25_000)
    title: str = Field(default="", max_length=400)
    place: str = Field(default="", max_length=400)
    request_type: str = Field(default="", max_length=20)
    urgency: str = Field(default="", max_length=20)
    publish: str = Field(default="", max_length=20)
    received_at: str = Field(default="", max_length=40)
    arrival: str = Field(default="", max_length=20)


@router.post("/desk/register")
def register(request: Request, desk: DeskHere, form: Annotated[Given, Form()]) -> Response:
    """Register; the draft goes, the order waits in the inbox."""
    given = form.model_dump()
    person = who(request)
    sender = sending.staff_sender(person, sending.form_place("register", form.token or "-"))
    # Files are looked into before the transaction begins: nobody waits for it.
    sending.dropped(request, desk, sender)
    faults = sending.with_form(request, desk, sender)
    with desk.writing(person) as ctx:
        try:
            if faults:
                raise Incomplete("有的附件没有收下。", fields={"files": "；".join(faults)})
            return _take(request, ctx, form, sender)
        except Incomplete as wrong:
            return _page(request, ctx, given, wrong=wrong, status=422)


def _take(request: Request, ctx: Context, form: Given, sender: Sender) -> Response:
    call = by_hand.read(form.model_dump(), ctx.now)
    receipt = intake.receive_one(ctx, call, form_token=form.token)
    if receipt.order_id is not None:
        order = orders.by_ids(ctx.session, [receipt.order_id])[receipt.order_id]
        attaching.claim(ctx, order, attaching.RECORD, sender.place, sender.owner)
    drafts.drop(ctx.session, _me(ctx), _FORM)
    said = f"已登记 {receipt.number}，查询码 {receipt.code}，可告知诉求人。"
    return see(request, f"/desk/inbox?order={receipt.number}", said)


@router.post("/desk/register/draft")
def keep(ctx: Ctx, form: Annotated[Given, Form()]) -> Response:
    """Keep what is typed, encrypted, on every pause."""
    drafts.save(ctx.session, ctx.keys, _me(ctx), _FORM, form.model_dump(), ctx.now)
    return Response(status_code=204)


@router.post("/desk/register/discard")
def discard(request: Request, ctx: Ctx) -> Response:
    """Throw the draft away."""
    drafts.drop(ctx.session, _me(ctx), _FORM)
    return see(request, "/desk/register", "草稿已清空。")


@router.post("/desk/register/suggest")
def suggest(
    request: Request, ctx: Reading, text: Text = "", title: Word = "", place: Word = ""
) -> Response:
    """What the readers say about the words so far; similar orders and their answers."""
    return show(
        request, ctx, "register.html", title="登记来电", fragment="suggestions",
        **_suggestions(ctx, title, text, place),
    )  # fmt: skip


def _page(
    request: Request,
    ctx: Context,
    given: dict[str, str],
    *,
    saved_at: Any = None,
    wrong: Incomplete | None = None,
    status: int = 200,
) -> Response:
    token = given.get("token") or secrets.token_urlsafe(24)
    values = {name: given.get(name, "") for name in by_hand.FIELDS}
    values["channel"] = values["channel"] or "phone"
    values["received_at"] = values["received_at"] or f"{local(ctx.now):%Y-%m-%dT%H:%M}"
    return show(
        request,
        ctx,
        "register.html",
        title="登记来电",
        status=status,
        given=values,
        token=token,
        file_limits=cards.limits(ctx.settings),
        waiting=sending.waiting(ctx, sending.staff_sender(ctx.person, f"register:{token}")),
        saved_at=saved_at,
        errors=wrong.fields if wrong else {},
        channels=by_hand.CHANNELS,
        request_types=list(RequestType),
        urgencies=list(Urgency),
        arrivals=list(Arrival),
        unaided=explaining.unaided(ctx),
        **_suggestions(ctx, values["title"], values["text"], values["place"]),
    )


def _suggestions(ctx: Context, title: str, text: str, place: str) -> dict[str, Any]:
    if len(text.strip()) < _ENOUGH:
        return {"cards": [], "near": [], "elsewhere": [], "answered": []}
    rules = rulebook.current(ctx)
    prepared = preparing.prepare(ctx.settings, rules.words, [(title, text)])[0]
    message = f"{title}\n{text}"
    topic = preparing.suggest(rules.guide, prepared, message)["suggested_topic"] or ""
    readers = preparing.bundle(ctx.settings, rules.words)
    findings = explaining.both_levels(readers, message, prepared.findings, topic)
    sections = people.sections(ctx.session)
    labels = {
        "topic": ("主题", rules.topic_label),
        "request_type": ("诉求类型", lambda code: RequestType(code).label),
        "urgency": ("紧急程度", lambda code: Urgency(code).label),
        "section": ("主办科室", lambda code: sections[code].label if code in sections else code),
    }
    cards: list[dict[str, Any]] = []
    for number, (reader, (label, words)) in enumerate(labels.items(), start=1):
        finding = findings.get(reader)
        if finding is None:
            continue
        reasons = explaining.reasons(finding)
        alarm = explaining.why(ctx, finding) if reader == "urgency" else ""
        cards.append(
            {
                "number": number,
                "label": label,
                "value": words(finding["label"]),
                "rule": finding["rule"] if finding["confidence"] is None else "",
                "share": explaining.figure(ctx, finding),
                "reasons": " ".join(
                    filter(None, ["".join(f"“{one}”" for one in reasons[:4]), alarm])
                ),
                "alternatives": [],
                "note": f"派单目录 {finding['rule']}" if reader == "section" else "",
                "manual": False,
                "extra": "",
            }
        )
    like = answered.like(ctx, title, text)
    texts = answers.latest_of(ctx.session, [item.order.id for item in like])
    near = nearness.of_text(ctx, text, title=title, place=place)
    return {
        "cards": cards,
        "near": [one for one in near if one.elsewhere is None],
        "elsewhere": [one for one in near if one.elsewhere],
        "answered": [(item, texts[item.order.id]) for item in like if item.order.id in texts],
    }


def _me(ctx: Context) -> Any:
    return ctx.person.id


PAGE = Page(
    router,
    "登记来电",
    entries=(
        Entry(
            "登记来电", "/desk/register", "phone-volume", Group.DUTY, frozenset({Role.DUTY}),
            foot=True,
        ),
    ),
)  # fmt: skip
