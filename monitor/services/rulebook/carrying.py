"""The whole configuration as one file: rules, sections, trained models; no person, key or order."""

import hashlib
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import orjson

import classifiers
from classifiers import READERS, seal
from classifiers.urgency import UrgencyReader
from monitor.domain.errors import Incomplete
from monitor.domain.workdays import local
from monitor.services.context import Context
from monitor.services.rulebook import changes, forms
from monitor.services.rulebook.changes import Change
from monitor.services.rulebook.kinds import KINDS
from monitor.services.rulebook.packed import DOCUMENT, FORMAT, SECTION, Carried, checked, unpacked
from monitor.storage import people
from monitor.storage import rulebook as storage
from monitor.storage.people import Section
from monitor.storage.rulebook import RuleVersion

_REASON = "导入配置"
# The bureau's own name and first day stay its own.
_STAYS = frozenset({"office"})


@dataclass
class Plan:
    """What an import would change: rules by kind, sections, models."""

    rules: list[Change] = field(default_factory=list)
    places: dict[tuple[str, str], int] = field(default_factory=dict)
    sections: list[dict[str, Any]] = field(default_factory=list)
    models: dict[str, bytes] = field(default_factory=dict)

    @property
    def told(self) -> dict[str, Any]:
        """The report, the same for a dry run and for the import itself."""
        return {
            "rules": [
                {
                    "kind": change.kind,
                    "code": change.code,
                    "act": "retire" if change.retire else "publish",
                    "valid_from": change.valid_from.isoformat(),
                }
                for change in self.rules
            ],
            "sections": [body["code"] for body in self.sections],
            "models": sorted(self.models),
        }

    @property
    def digest(self) -> str:
        """The same for two plans that would publish the same."""
        held = [(one.kind, one.code, _plain(one.body), one.retire) for one in self.rules]
        said = orjson.dumps([self.told, held, self.sections], option=orjson.OPT_SORT_KEYS)
        return hashlib.sha256(said + b"".join(self.models.values())).hexdigest()

    @property
    def changes(self) -> bool:
        """Whether anything would change."""
        return bool(self.rules or self.sections or self.models)


def pack(ctx: Context) -> bytes:
    """The configuration in force and to come, as a zip."""
    today = local(ctx.now).date()
    book = storage.all_versions(ctx.session)
    kept: list[RuleVersion] = []
    for kind in KINDS:
        mine = [one for one in book if one.kind == kind.code]
        kept += storage.holding(mine, today)
        kept += [one for one in mine if one.valid_from > today or kind.code == "deadline"]
    rules = {(row.kind, row.code, row.version): _carried(row) for row in kept}
    document = {
        "format": FORMAT,
        "made_at": ctx.now.isoformat(),
        "rules": list(rules.values()),
        "sections": [_section(one) for one in people.sections(ctx.session).values()],
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(DOCUMENT, orjson.dumps(document, option=orjson.OPT_INDENT_2))
        for entry in READERS:
            path = classifiers.model_path(ctx.settings.models_dir, entry.code)
            if entry.learnt and path.is_file():
                body = seal.opened(path.read_bytes(), ctx.keys.purpose("models"), path.name)
                file.writestr(f"models/{entry.code}.npz", body)
    return packed.getvalue()


def plan(ctx: Context, content: bytes) -> Plan:
    """Read a packed configuration and say what it would change; Incomplete names what is wrong."""
    document, models = unpacked(content)
    found = [checked(number, one) for number, one in enumerate(document["rules"], 1)]
    made = Plan(models=_changed_models(ctx, models))
    known = people.sections(ctx.session)
    for body in document["sections"]:
        stands = known.get(body["code"])
        if stands is None or _section(stands) != body:
            made.sections.append(body)
    _compare(ctx, found, made)
    sections = {code: one.label for code, one in known.items()}
    sections |= {body["code"]: body["label"] for body in made.sections}
    _judge(ctx, made, sections)
    return made


def carry_out(ctx: Context, made: Plan) -> None:
    """Publish what was planned in this transaction, with one event; the same twice is nothing."""
    if not made.changes:
        return
    for body in made.sections:
        ctx.session.merge(Section(**body))
    ctx.session.flush()
    rows = _rows(ctx, made)
    sections = people.sections(ctx.session)
    told = {"rules": len(rows), "changed": len(made.sections), "models": sorted(made.models)}
    changes.apply(ctx, rows, sections, "configuration_imported", **told)


def place_models(ctx: Context, made: Plan) -> None:
    """Put the imported models into place, sealed with this home's key; after the commit."""
    for code, body in made.models.items():
        path = classifiers.model_path(ctx.settings.models_dir, code)
        seal.put(path, ctx.keys.purpose("models"), body)


def _compare(ctx: Context, found: list[Carried], made: Plan) -> None:
    """What must be published so that this book says what the carried one says."""
    today = local(ctx.now).date()
    book = [one for one in storage.all_versions(ctx.session) if one.kind not in _STAYS]
    here = {(one.kind, one.code): one for one in storage.holding(book, today)}
    said = {(one.kind, one.code, one.valid_from): (_plain(one.body), one.position) for one in book}
    given: set[tuple[str, str]] = set()
    for one in sorted(found, key=lambda one: (one["valid_from"], one["version"])):
        key, first = (one["kind"], one["code"]), date.fromisoformat(one["valid_from"])
        if one["kind"] in _STAYS:
            continue
        given.add(key)
        wanted = (_plain(one["body"]), one["position"])
        retire = one["valid_to"] is not None and one["valid_to"] < one["valid_from"]
        if first > today:
            known = said.get((*key, first)) == wanted
        else:
            stands = here.get(key)
            known = stands is not None and (_plain(stands.body), stands.position) == wanted
            known = known or (one["kind"] == "deadline" and said.get((*key, first)) == wanted)
        if not known:
            day = first if one["kind"] == "deadline" else max(first, today)
            made.rules.append(Change(*key, one["body"], day, retire=retire))
            made.places[key] = one["position"]
    for key, stands in here.items():
        if key not in given and stands.kind != "deadline":
            made.rules.append(Change(*key, stands.body, today, retire=True))
            made.places[key] = stands.position


def _rows(ctx: Context, made: Plan) -> list[RuleVersion]:
    rows = changes.drawn(ctx, made.rules, ctx.person.label, _REASON)
    for row in rows:
        row.position = made.places[row.kind, row.code]
    return rows


def _judge(ctx: Context, made: Plan, sections: Mapping[str, str]) -> None:
    rows = _rows(ctx, made)
    labels = {kind.code: kind.label for kind in KINDS}
    try:
        for row in rows:
            _hold_against_form(ctx, row, rows, sections)
        faults = changes.judge(ctx, rows, sections)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Incomplete(f"配置没有导入：有规则缺少必填的内容（{error}）。") from error
    if faults:
        first = faults[0]
        name = f"{labels[first.kind]} {first.code}"
        raise Incomplete(f"配置没有导入：{name}：{first.message}", fields={name: first.message})
    try:
        after = changes.preview(ctx, rows, local(ctx.now).date())
        UrgencyReader(after.words.urgency)
        after.scanner.scan("")
    except (KeyError, TypeError, ValueError, AttributeError, re.error) as error:
        raise Incomplete(f"配置没有导入：规则的内容不合格式（{error}）。") from error


def _hold_against_form(
    ctx: Context, row: RuleVersion, rows: list[RuleVersion], sections: Mapping[str, str]
) -> None:
    """Refuse what the form of its kind would refuse, naming kind, code and field."""
    kind = next(kind for kind in KINDS if kind.code == row.kind)
    if row.retired:
        return
    if kind.key(row.body) != row.code:
        raise Incomplete(f"配置没有导入：{kind.label} {row.code}：编号与内容里的编号不一致。")
    book = changes.bodies([*storage.all_versions(ctx.session), *rows], row.valid_from)
    for label, message in forms.wrong(
        row.kind, row.code, row.body, forms.choices_in(book, sections)
    ).items():
        name = f"{kind.label} {row.code}"
        raise Incomplete(
            f"配置没有导入：{name}：{label}：{message}。", fields={name: f"{label}：{message}"}
        )


def _changed_models(ctx: Context, models: Mapping[str, bytes]) -> dict[str, bytes]:
    found = {}
    for code, body in models.items():
        path = classifiers.model_path(ctx.settings.models_dir, code)
        try:
            seal.unpacked(body, path.name)
            held = seal.opened(path.read_bytes(), ctx.keys.purpose("models"), path.name)
        except seal.ModelRefused as error:
            if path.is_file() and "签名" in str(error):
                held = b""
            else:
                raise Incomplete(f"配置里的模型 {code} 读不出来，没有导入。") from error
        except FileNotFoundError:
            held = b""
        if held != body:
            found[code] = body
    return found


def _carried(row: RuleVersion) -> Carried:
    return Carried(
        kind=row.kind, code=row.code, version=row.version, body=row.body, position=row.position,
        valid_from=row.valid_from.isoformat(),
        valid_to=row.valid_to.isoformat() if row.valid_to else None,
    )  # fmt: skip


def _section(one: Section) -> dict[str, Any]:
    return {name: getattr(one, name) for name in SECTION}


def _plain(body: Mapping[str, Any]) -> dict[str, Any]:
    """What a rule says, whatever version and day it says it from."""
    return {key: value for key, value in body.items() if key not in {"version", "valid_from"}}
