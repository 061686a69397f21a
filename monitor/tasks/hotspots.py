"""Hot issues of a sheet, or of the orders of an office, found in one go."""

import os
import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from classifiers.hot import Issue, Known, Letter, find, unique
from monitor.channels import sheet
from monitor.channels.sheet import Columns
from monitor.domain.figures import latest_days
from monitor.domain.letters import Incoming
from monitor.domain.vocabulary import Channel
from monitor.domain.workdays import local
from monitor.services import reading, rulebook
from monitor.services.context import Context
from monitor.services.desk import Desk
from monitor.services.rulebook import Rules
from monitor.storage.supervision import hot as storage
from monitor.storage.supervision.hot import HotIssue

_VOTES, _PLACE = "votes", "address"


def rules(data_dir: Path) -> dict[str, Any]:
    """What makes an issue, as the office has it."""
    return tomllib.loads((data_dir / "rulebook" / "hot.toml").read_text(encoding="utf-8"))


def of_sheet(book: Rules, data_dir: Path, file: Path, now: datetime) -> tuple[list[Issue], int]:
    """The issues among the rows of a sheet, and how many rows could not be read."""
    letters, refused = letters_of(book, file, now)
    return find(letters, rules(data_dir)), refused


def letters_of(book: Rules, file: Path, now: datetime) -> tuple[list[Letter], int]:
    """The letters of a sheet, and how many rows could not be read."""
    unclear = book.lists["columns.ambiguous"]
    columns = Columns.of(book.bodies["column"], {**unclear, "headers": unclear["words"]})
    letters, refused = [], 0
    descriptor = os.open(file, os.O_RDONLY)
    try:
        with sheet.read(
            descriptor, file.name, channel=Channel.MAILBOX, now=now, columns=columns,
            marked=reading.marked,
        ) as opened:  # fmt: skip
            for row in opened.rows:
                if isinstance(row, Incoming) and row.upstream_no:
                    letters.append(_letter(row))
                else:
                    refused += 1
    finally:
        os.close(descriptor)
    return letters, refused


def _letter(row: Incoming) -> Letter:
    at = local(row.received_at)
    return Letter(row.upstream_no or "", at, row.title, row.text, votes(row.upstream))


def votes(upstream: Mapping[str, Any]) -> int:
    """How many people agreed with a letter on the platform that sent it."""
    said = str(upstream.get(_VOTES, "")).partition(".")[0]
    return int(said) if said.isdigit() else 0


def of_office(desk: Desk) -> list[Issue]:
    """The issues among all orders of an office, afresh; numbers are those of the platform."""
    with desk.reading() as ctx:
        rows = storage.letters(ctx.session)
    letters = [
        Letter(row.upstream_no or row.number, local(row.received_at), row.title, row.text,
               votes(row.upstream))
        for row in rows
    ]  # fmt: skip
    return find(letters, rules(desk.settings.data_dir))


def watch(desk: Desk) -> int:
    """Find what many write about now among the office's orders; how many issues are new.

    Names and members that were found stay; where nothing was registered since the last round,
    nothing is read.
    """
    book = rules(desk.settings.data_dir)
    limits = book["watch"]
    with desk.reading() as ctx:
        since = latest_days(local(ctx.now).date(), limits["days"])[0]
        newest, until = storage.newest(ctx.session), storage.until(ctx.session)
        if newest is None or (until is not None and newest <= until):
            return 0
        rows = storage.letters(ctx.session, since, limits["most"])
        kept = storage.known(ctx.session, since)
    ids = {str(row.id): row for row in rows}
    known = [
        Known(issue.name, frozenset(map(str, members)), tuple(issue.places))
        for issue, members in kept
    ]
    seen_before = until and until - timedelta(hours=limits["overlap"])
    settled = frozenset(
        key for key, row in ids.items() if seen_before and row.registered_at < seen_before
    )
    # In the order in which they came to us: a letter that is handed in late still joins.
    letters = [
        Letter(key, local(row.registered_at), row.title, row.text, votes(row.upstream))
        for key, row in ids.items()
    ]
    # A pair that is close in time is a sign already; what is shown as hot is decided later.
    early = {**book, "least": book["early"]["least"]}
    found = find(letters, early, known, settled)
    with desk.writing() as ctx:
        made = _keep(ctx, found, {issue.name: issue for issue, _ in kept}, ids)
        storage.looked(ctx.session, newest)
    return made


def _nobody(book: Rules, name: str) -> str:
    """A name without what points to a person; the place that it is about may stand in it."""
    hits = [hit for hit in reading.scan(book, name) if hit.kind != _PLACE]
    return book.scanner.redact(name, hits)


def _keep(
    ctx: Context, found: Sequence[Issue], known: Mapping[str, HotIssue], rows: Mapping[str, Any]
) -> int:
    book = rulebook.current(ctx)
    fresh, joined, warmed = [], [], []
    new = [issue for issue in found if issue.name not in known]
    used = storage.names(ctx.session)
    for issue in found:
        days = {key: rows[key].received_on for key in issue.members}
        last = max(days.values())
        if issue.name in known:
            issue_id = known[issue.name].id
            last = max(last, known[issue.name].last_on)
            warmed.append({"of": issue_id, "new_heat": issue.heat, "new_last": last})
        else:
            issue_id = uuid4()
            name = unique(_nobody(book, issue.name), used)
            used.add(name)
            fresh.append(
                {
                    "id": issue_id, "name": name, "places": list(issue.places),
                    "heat": issue.heat, "first_on": min(days.values()), "last_on": last,
                    "found_at": ctx.now, "judged": "", "reason": "", "opened_number": "",
                    "judged_by": "", "judged_at": None,
                }
            )  # fmt: skip
        joined += [
            {"order_id": rows[key].id, "issue_id": issue_id, "received_on": day}
            for key, day in days.items()
        ]
    storage.found(ctx.session, fresh)
    storage.join(ctx.session, joined)
    storage.warm(ctx.session, warmed)
    for row in fresh:
        ctx.record_system("hot_found", issue=str(row["id"]))
    return len(new)
