"""Take a sheet file in: open it guarded, rehearse or store its rows, keep the run's record."""

import os
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from monitor.channels import sheet
from monitor.channels.sheet import Columns, Launched
from monitor.domain.access import Acting
from monitor.domain.errors import SecrecyMarked
from monitor.domain.vocabulary import Channel
from monitor.services import reading, rulebook
from monitor.services.context import Context
from monitor.services.desk import Desk
from monitor.storage import imports
from monitor.storage.imports import HeaderMapping, ImportRun
from monitor.tasks import importing
from monitor.tasks.importing import Tally

# From so many bytes on, opening a sheet takes about as long as loading the readers.
_LARGE = 200_000


def take_file(
    desk: Desk,
    file: Path,
    channel: Channel,
    *,
    mapping: Mapping[str, str] | None = None,
    dry_run: bool = False,
    say: Callable[[str], None] = lambda _: None,
    person: Acting | None = None,
    launched: Launched | None = None,
) -> tuple[Tally, dict[str, Any]]:
    """Import a file in one go; what it did, and which columns it found.

    `launched` is this file where a child looks into it already. A mark of secrecy outside the rows
    refuses the whole file; the refusal is an event.
    """
    who = person or Acting("命令行导入")
    try:
        with (
            nullcontext(launched) if launched else sheet.launch(file) as source,
            importing.reader(desk, ahead=True)
            if not dry_run and os.fstat(source.fd).st_size >= _LARGE
            else nullcontext() as prepare,
            sheet.read(
                source.fd,
                file.name,
                channel=channel,
                now=desk.clock(),
                columns=columns_of(desk),
                marked=reading.marked,
                mapping=mapping,
                recall=recall(desk),
                guard=source.guard,
            ) as opened,
        ):
            told: dict[str, Any] = {
                "mapped": dict(opened.mapped),
                "fingerprint": opened.fingerprint,
                "header_row": opened.header_row,
                "ignored_sheets": list(opened.ignored_sheets),
            }
            if dry_run:
                tally = importing.rehearse(
                    desk, who, opened.rows, progress=lambda t: say(f"已试读 {t.read} 行")
                )
            else:
                run = begin(desk, who, channel, file.suffix)
                tally = importing.store(
                    desk,
                    who,
                    opened.rows,
                    prepare=prepare,
                    progress=lambda t: say(f"已读入 {t.read} 行，新增 {t.created}"),
                    after=lambda ctx, t: keep_count(ctx, run, t),
                )
                finish(desk, who, run, tally)
            told["unknown"] = list(opened.unknown)
            if rows := importing.marked_rows(tally):
                refuse(desk, who, channel, rows=rows)
    except SecrecyMarked:
        refuse(desk, who, channel)
        raise
    if mapping and not dry_run:
        remember(desk, who, told["fingerprint"], mapping)
    return tally, told


def columns_of(desk: Desk) -> Columns:
    """The alias table in force."""
    with desk.reading() as ctx:
        rules = rulebook.current(ctx)
    unclear = rules.lists["columns.ambiguous"]
    return Columns.of(rules.bodies["column"], {**unclear, "headers": unclear["words"]})


def recall(desk: Desk) -> Callable[[str], Mapping[str, str] | None]:
    """How a remembered mapping is found by its header's fingerprint."""

    def find(fingerprint: str) -> Mapping[str, str] | None:
        with desk.reading() as ctx:
            return imports.mapping(ctx.session, fingerprint) or None

    return find


def remember(desk: Desk, who: Acting, fingerprint: str, mapping: Mapping[str, str]) -> None:
    """Keep a given mapping for the next file with the same header."""
    with desk.writing(who) as ctx:
        ctx.session.merge(
            HeaderMapping(fingerprint=fingerprint, mapping=dict(mapping), by=who.label, at=ctx.now)
        )


def begin(desk: Desk, who: Acting, channel: Channel, suffix: str) -> Any:
    """The record of an import that starts now; its id."""
    with desk.writing(who) as ctx:
        run = ImportRun(
            state="running",
            channel=str(channel),
            name=suffix,
            by=who.label,
            person_id=who.id,
            started_at=ctx.now,
            touched_at=ctx.now,
        )
        ctx.session.add(run)
    return run.id


def keep_count(ctx: Context, run_id: Any, tally: Tally) -> None:
    """Write the counts in the transaction that stored the rows."""
    run = ctx.session.get(ImportRun, run_id)
    if run is None:
        return
    run.read, run.created, run.updated = tally.read, tally.created, tally.updated
    run.unchanged, run.rejected = tally.unchanged, tally.rejected
    run.touched_at = ctx.now
    ctx.session.add(run)


def finish(desk: Desk, who: Acting, run_id: Any, tally: Tally) -> None:
    """Close an import's record; one event when it changed anything."""
    with desk.writing(who) as ctx:
        run = ctx.session.get(ImportRun, run_id)
        if run is None:
            return
        keep_count(ctx, run_id, tally)
        run.state, run.finished_at, run.errors = "done", ctx.now, tally.errors
        ctx.session.add(run)
        if tally.created or tally.updated:
            ctx.record_system(
                "imported", channel=run.channel, created=tally.created, updated=tally.updated
            )


def refuse(desk: Desk, who: Acting, channel: Channel, **rows: int) -> None:
    """A file, or some rows, bore a mark of secrecy: the fact, not a word of it, is an event."""
    with desk.writing(who) as ctx:
        ctx.record_system("secrecy_refused", via="sheet", channel=str(channel), **rows)
