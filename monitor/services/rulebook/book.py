"""The rules in force on a day, and how new versions are published."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from monitor.domain.workdays import local
from monitor.services.context import Context
from monitor.services.rulebook.assemble import PAST_CARDS, Rules, assemble
from monitor.services.rulebook.kinds import KINDS, Entry, shipped
from monitor.storage import rulebook as storage
from monitor.storage.rulebook import RuleVersion

SHIPPED = "随软件发布"
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
        codes = [kind.code for kind in KINDS]
        stored = {kind: storage.in_force(ctx.session, kind, day) for kind in codes}
        # What was received before a new limit holds is promised the old one, and keeps it.
        stored["deadline"] = storage.versions(ctx.session, "deadline", day)
        # A card stays as long as the version by which it was given would have it stay.
        stored[PAST_CARDS] = storage.versions(ctx.session, "card", day)
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


def ship(ctx: Context) -> int:
    """Add what this release ships and the book lacks; how many.

    A rule that the office has changed stays as the office wants it.
    """
    own = {
        (row.kind, row.code)
        for row in storage.all_versions(ctx.session)
        if row.published_by != SHIPPED
    }
    fresh = [e for e in shipped(ctx.settings.data_dir) if (e.kind, e.code) not in own]
    return publish(ctx, fresh)


def publish(ctx: Context, entries: Iterable[Entry], *, by: str = SHIPPED) -> int:
    """Write the versions that are not in the book yet; how many, told in one event."""
    held = {(row.kind, row.code, row.version) for row in storage.all_versions(ctx.session)}
    rows = [
        RuleVersion(
            kind=entry.kind,
            code=entry.code,
            version=entry.version,
            valid_from=entry.valid_from,
            position=entry.position,
            body=entry.body,
            published_at=ctx.now,
            published_by=by,
        )
        for entry in entries
        if (entry.kind, entry.code, entry.version) not in held
    ]
    if rows:
        storage.write(ctx.session, rows)
        ctx.record_system("rules_published", count=len(rows))
    return len(rows)
