"""The rules in force on a day; what we ship; publish a new version."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import insert

from monitor.domain import rulepack
from monitor.domain.dispatch import CatalogueRow
from monitor.domain.review import Chain
from monitor.domain.rulepack import RulePack
from monitor.domain.vocabulary import Channel, RequestType, Role, Urgency
from monitor.domain.workdays import Calendar, local, parse_year
from monitor.services.context import Context
from monitor.storage import rulebook as storage
from monitor.storage.rulebook import RuleVersion


@dataclass(frozen=True, slots=True)
class Topic:
    """One entry of the topic tree."""

    code: str
    label: str
    parent: str


@dataclass(frozen=True, slots=True)
class StandardText:
    """A standard text (标准文本) with its placeholders in braces."""

    code: str
    title: str
    state: str
    topic: str
    version: int
    text: str


@dataclass(frozen=True, slots=True)
class Office:
    """The bureau itself: its name, and the first day on which it worked with this service."""

    name: str = "示范市投资促进局"
    first_day: date = date.min
    contact: str = ""


@dataclass(frozen=True)
class Rules:
    """Everything that an office may change without a programmer, as of one day."""

    deadlines: RulePack
    calendar: Calendar
    topics: Mapping[str, Topic]
    catalogue: tuple[CatalogueRow, ...]
    chain: Chain
    texts: Mapping[str, StandardText]
    office: Office

    @cached_property
    def rows_by_topic(self) -> Mapping[str, tuple[CatalogueRow, ...]]:
        """The rows of the dispatch catalogue by first-level topic, in their order."""
        grouped: dict[str, list[CatalogueRow]] = {}
        for row in self.catalogue:
            grouped.setdefault(row.topic.split(".", 1)[0], []).append(row)
        return {topic: tuple(rows) for topic, rows in grouped.items()}

    def topic_label(self, code: str | None) -> str:
        """The words of a topic; a second-level one with its parent."""
        topic = self.topics.get(code or "")
        if topic is None:
            return code or ""
        parent = self.topics.get(topic.parent)
        return f"{parent.label} / {topic.label}" if parent else topic.label


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule version as shipped."""

    kind: str
    code: str
    version: int
    valid_from: date
    position: int
    body: dict[str, Any]


KINDS = (
    "pack", "pause", "deadline", "holiday", "topic", "catalogue", "chain", "text", "office",
)  # fmt: skip
_cache: dict[tuple[object, ...], Rules] = {}


def current(ctx: Context) -> Rules:
    """The rules in force now; read once a published change."""
    day = local(ctx.now).date()
    known = ctx.session.info.get("rules")
    if isinstance(known, tuple) and known[0] == day:
        return known[1]  # type: ignore[no-any-return]
    key = (str(ctx.session.get_bind().engine.url), storage.revision(ctx.session), day)
    rules = _cache.get(key)
    if rules is None:
        stored = {kind: storage.in_force(ctx.session, kind, day) for kind in KINDS}
        # What was received before a new limit holds is promised the old one, and keeps it.
        stored["deadline"] = storage.versions(ctx.session, "deadline", day)
        rules = assemble({kind: [row.body for row in rows] for kind, rows in stored.items()})
        if len(_cache) > 20:
            _cache.clear()
        _cache[key] = rules
    ctx.session.info["rules"] = (day, rules)
    return rules


def from_files(data_dir: Path) -> Rules:
    """The shipped rules, without any database."""
    bodies: dict[str, list[dict[str, Any]]] = {}
    for entry in shipped(data_dir):
        bodies.setdefault(entry.kind, []).append(entry.body)
    return assemble(bodies)


def assemble(bodies: Mapping[str, list[dict[str, Any]]]) -> Rules:
    """Rules out of their stored bodies."""
    return Rules(
        deadlines=rulepack.parse(
            {
                "packs": {body["code"]: _without_code(body) for body in bodies.get("pack", [])},
                "pauses": {body["code"]: _without_code(body) for body in bodies.get("pause", [])},
                "rules": [_with_dates(body) for body in bodies.get("deadline", [])],
            }
        ),
        calendar=Calendar(dict(parse_year(body) for body in bodies.get("holiday", []))),
        topics={
            body["code"]: Topic(body["code"], body["label"], body.get("parent", ""))
            for body in bodies.get("topic", [])
        },
        catalogue=tuple(_catalogue_row(body) for body in bodies.get("catalogue", [])),
        chain=_chain(bodies["chain"][0]),
        office=_office(bodies.get("office", [])),
        texts={
            body["code"]: StandardText(
                body["code"], body["title"], body.get("state", ""), body.get("topic", ""),
                body.get("version", 1), body["text"],
            )
            for body in bodies.get("text", [])
        },
    )  # fmt: skip


def shipped(data_dir: Path) -> list[Entry]:
    """Every rule that we ship, from the files of the data folder."""
    deadlines = _toml(data_dir / "rulebook" / "deadlines.toml")
    entries: list[Entry] = []
    for kind, table in (("pack", "packs"), ("pause", "pauses")):
        named = ({"code": code, **body} for code, body in deadlines.get(table, {}).items())
        entries += _entries(kind, named)
    entries += _entries("deadline", deadlines["rules"], key=lambda body: (
        f"{body.get('pack', 'national')}:{body['code']}"
    ))  # fmt: skip
    for path in sorted((data_dir / "holidays").glob("*.json")):
        entries += _entries("holiday", [orjson.loads(path.read_bytes())], key=lambda b: b["year"])
    entries += _entries("topic", _toml(data_dir / "topics.toml")["topic"])
    entries += _entries(
        "catalogue", _toml(data_dir / "catalogue.toml")["row"], key=lambda body: body["number"]
    )
    entries += _entries("chain", _toml(data_dir / "rulebook" / "reviews.toml")["chain"])
    entries += _entries("text", map(_text, sorted((data_dir / "texts").glob("*.md"))))
    return entries


def publish(ctx: Context, entries: Iterable[Entry], *, by: str = "随软件发布") -> int:
    """Write the versions that are not in the book yet; how many, told in one event."""
    held = {
        (row.kind, row.code, row.version)
        for kind in KINDS
        for row in storage.versions(ctx.session, kind, date.max)
    }
    rows = [
        {
            "kind": entry.kind,
            "code": entry.code,
            "version": entry.version,
            "valid_from": entry.valid_from,
            "valid_to": None,
            "position": entry.position,
            "body": entry.body,
            "published_at": ctx.now,
            "published_by": by,
        }
        for entry in entries
        if (entry.kind, entry.code, entry.version) not in held
    ]
    if rows:
        ctx.session.execute(insert(RuleVersion), rows)
        ctx.record_system("rules_published", count=len(rows))
    return len(rows)


def _entries(kind: str, bodies: Iterable[Mapping[str, Any]], key: Any = None) -> list[Entry]:
    found = []
    for position, raw in enumerate(bodies):
        body = orjson.loads(orjson.dumps(dict(raw), option=orjson.OPT_NON_STR_KEYS))
        first = body.get("valid_from") or "2000-01-01"
        code = str(key(body)) if key else str(body["code"])
        found.append(
            Entry(
                kind, code, int(body.get("version", 1)), date.fromisoformat(first), position, body
            )
        )
    return found


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _text(path: Path) -> dict[str, Any]:
    head, _, text = path.read_text(encoding="utf-8").removeprefix("+++").partition("\n+++")
    return {**tomllib.loads(head), "text": text.strip()}


def _without_code(body: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key not in {"code", "version"}}


def _with_dates(body: Mapping[str, Any]) -> dict[str, Any]:
    dates = {
        key: date.fromisoformat(body[key]) for key in ("valid_from", "valid_to") if body.get(key)
    }
    return {**body, **dates}


def _catalogue_row(body: Mapping[str, Any]) -> CatalogueRow:
    return CatalogueRow(
        number=body["number"],
        topic=body["topic"],
        section=body["section"],
        duty=body.get("duty", ""),
        words=tuple(body.get("words", ())),
        co_sections=tuple(body.get("co_sections", ())),
        version=body.get("version", 1),
    )


def _office(bodies: list[dict[str, Any]]) -> Office:
    if not bodies:
        return Office()
    body = bodies[-1]
    return Office(body["name"], date.fromisoformat(body["first_day"]), body.get("contact", ""))


def _chain(body: Mapping[str, Any]) -> Chain:
    return Chain(
        code=body["code"],
        version=body["version"],
        reviewer=Role(body["reviewer"]),
        public=Role(body["public"]),
        legal=Role(body["legal"]),
        leader=Role(body["leader"]),
        legal_channels=frozenset(map(Channel, body["legal_channels"])),
        leader_urgencies=frozenset(map(Urgency, body["leader_urgencies"])),
        leader_types=frozenset(map(RequestType, body["leader_types"])),
    )
