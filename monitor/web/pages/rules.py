"""The office's own rules: each kind a list, each rule a form with its versions and a trial."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import Path, Request
from starlette.responses import Response

from monitor.domain.errors import NotFound
from monitor.domain.vocabulary import Role
from monitor.domain.workdays import local
from monitor.services import preparing, rulebook
from monitor.services.context import Context
from monitor.services.rulebook.fields import Shape, shown
from monitor.services.rulebook.shapes import SHAPES
from monitor.storage import rulebook as storage
from monitor.storage.rulebook import RuleVersion
from monitor.web.administering import changing
from monitor.web.administering.differences import between
from monitor.web.deps import LARGEST, Ctx, Reading
from monitor.web.guard import desk_router, only
from monitor.web.navigation import Entry, Group, Page, see, show

_MAY_LOOK = (Role.SYSTEM_ADMIN, Role.REVIEWER)
router = desk_router(*_MAY_LOOK)
_LABELS = {kind.code: kind.label for kind in rulebook.KINDS}
Kind = Annotated[str, Path(max_length=20)]
Code = Annotated[str, Path(max_length=80)]
Version = Annotated[int, Path(ge=1, le=LARGEST)]


@router.get("/admin/rules")
def overview(request: Request, ctx: Reading) -> Response:
    """Every kind of rule with how many are in force and to come."""
    today, book = local(ctx.now).date(), storage.all_versions(ctx.session)
    rows = []
    for kind, shape in SHAPES.items():
        mine = [one for one in book if one.kind == kind]
        coming = sum(one.valid_from > today for one in mine)
        rows.append((kind, _LABELS[kind], shape.hint, len(storage.holding(mine, today)), coming))
    rules = rulebook.current(ctx)
    notices = preparing.bundle(ctx.settings, rules.words).notices
    return show(request, ctx, "rules.html", title="规则", rows=rows, reminders=notices,
                may=ctx.person.has(Role.SYSTEM_ADMIN))  # fmt: skip


@router.get("/admin/rules/{kind}")
def listed(request: Request, ctx: Reading, kind: Kind) -> Response:
    """The rules of a kind, those retired below."""
    shape, today = changing.shape_of(kind), local(ctx.now).date()
    mine = [one for one in storage.all_versions(ctx.session) if one.kind == kind]
    holding = storage.holding(mine, today)
    known = {one.code for one in holding}
    rest = {one.code: one for one in mine if one.code not in known}
    coming = {one.code: one for one in mine if one.valid_from > today}
    return show(
        request, ctx, "rules_kind.html", title=_LABELS[kind], shape=shape, holding=holding,
        rest=list(rest.values()), coming=coming, facts=_facts(ctx),
        may=ctx.person.has(Role.SYSTEM_ADMIN),
    )  # fmt: skip


@router.get("/admin/rules/{kind}/new")
@only(Role.SYSTEM_ADMIN)
def blank(request: Request, ctx: Reading, kind: Kind) -> Response:
    """An empty form for a new rule."""
    shape = changing.shape_of(kind)
    if shape.code is None:
        raise NotFound("这一类规则不能新增。")
    return _form(request, ctx, shape, "", {"new": ["yes"]})


@router.get("/admin/rules/{kind}/{code}")
def one(request: Request, ctx: Reading, kind: Kind, code: Code) -> Response:
    """One rule: its form, and its versions."""
    shape = changing.shape_of(kind)
    newest = _history(ctx, kind, code)[0]
    given = {field.name: _given(newest.body.get(field.name)) for field in shape.fields}
    for field in shape.fields:
        if field.how in {"lines", "pairs"}:
            given[field.name] = [shown(field, newest.body.get(field.name))]
    return _form(request, ctx, shape, code, given)


@router.get("/admin/rules/{kind}/{code}/{version}")
def version(request: Request, ctx: Reading, kind: Kind, code: Code, version: Version) -> Response:
    """One version beside the one before it."""
    shape, past = changing.shape_of(kind), _history(ctx, kind, code)
    this = next((row for row in past if row.version == version), None)
    if this is None:
        raise NotFound("没有这个版本。")
    before = next((row for row in past if row.version < version), None)
    return show(
        request, ctx, "rules_version.html", title=f"{_LABELS[kind]} {code}", shape=shape, code=code,
        label=_LABELS[kind],
        this=this, before=before, differences=between(shape, before.body if before else {},
        this.body), newest=past[0].version, today=local(ctx.now).date(),
        may=ctx.person.has(Role.SYSTEM_ADMIN),
    )  # fmt: skip


@router.post("/admin/rules/{kind}")
@only(Role.SYSTEM_ADMIN)
def change(request: Request, ctx: Ctx, kind: Kind) -> Response:
    """Try a change out; published when it was confirmed, as a new version."""
    shape = changing.shape_of(kind)
    given: dict[str, list[str]] = {}
    for name, value in request.state.given:
        given.setdefault(name, []).append(value)
    asked = changing.ask(ctx, shape, given)
    if asked.faults:
        return _form(request, ctx, shape, asked.code, given, asked.faults)
    if not changing.first(given, "confirmed"):
        hidden = [
            (name, value)
            for name, values in given.items()
            for value in values
            if name not in {"csrf", "csrf_token"}
        ]
        sections = dict(changing.choices(ctx)["sections"])
        return show(
            request, ctx, "rules_trial.html", title=f"发布前试算：{_LABELS[kind]} {asked.code}",
            shape=shape, asked=asked, row=asked.rows[0], effect=changing.effect(ctx, asked),
            hidden=hidden, sections=sections, label=_LABELS[kind],
        )  # fmt: skip
    changing.publish(ctx, asked)
    row = asked.rows[0]
    done = "停用" if row.retired else f"第 {row.version} 版已发布"
    said = f"{_LABELS[kind]} {asked.code} {done}，自 {row.valid_from} 起生效。"
    return see(request, f"/admin/rules/{kind}", said)


def _form(
    request: Request,
    ctx: Context,
    shape: Shape,
    code: str,
    given: Mapping[str, Sequence[str]],
    faults: Mapping[str, str] | None = None,
) -> Response:
    past = storage.history(ctx.session, shape.kind, code) if code else []
    new = not past or changing.first(given, "new") == "yes"
    today: date = local(ctx.now).date()
    return show(
        request, ctx, "rules_entry.html",
        title=f"新增{_LABELS[shape.kind]}" if new else f"{_LABELS[shape.kind]} {code}",
        status=422 if faults else 200, shape=shape, label=_LABELS[shape.kind], code=code,
        given=given, faults=faults or {}, past=past, new=new, choices=changing.choices(ctx),
        today=today, seen=past[0].version if past else 0, may=ctx.person.has(Role.SYSTEM_ADMIN),
    )  # fmt: skip


def _history(ctx: Context, kind: str, code: str) -> list[RuleVersion]:
    past = storage.history(ctx.session, kind, code)
    if not past:
        raise NotFound("没有这一条规则。")
    return past


def _given(value: object) -> list[str]:
    if isinstance(value, list):
        return [str(one) for one in value]
    if isinstance(value, bool):
        return ["yes"] if value else []
    return [] if value in (None, "") else [str(value)]


def _facts(ctx: Context) -> dict[str, Any]:
    """What the list tells of a rule besides its name, by how it is kept."""
    chosen = changing.choices(ctx)
    return {"sections": dict(chosen["sections"]), "topics": dict(chosen["topics"])}


PAGE = Page(
    router,
    "规则",
    entries=(
        Entry("规则", "/admin/rules", "sliders", Group.ADMIN, frozenset({Role.SYSTEM_ADMIN}),
              foot=True),
        Entry("规则（只读）", "/admin/rules", "sliders", Group.PAPERS, frozenset({Role.REVIEWER})),
    ),
)  # fmt: skip
