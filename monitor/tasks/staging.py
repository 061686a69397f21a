"""An upload on its way in: checked and rehearsed, kept encrypted, stored when confirmed."""

import pickle
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from monitor.channels import sheet
from monitor.domain.access import Acting
from monitor.domain.errors import DeskError, NotFound, Refused, SecrecyMarked
from monitor.domain.letters import Incoming, RowError
from monitor.domain.vocabulary import Channel
from monitor.services import reading, sources
from monitor.services.context import Context
from monitor.services.desk import Desk
from monitor.steps import intake
from monitor.storage.imports import ImportRun
from monitor.tasks import importing, sheets
from monitor.tasks.importing import Read, Tally

# A check that has not moved for so long died with its process.
_STALLED = timedelta(minutes=3)


def open_run(ctx: Context, channel: Channel, name: str) -> UUID:
    """The record of an upload that is being checked; its file name is kept without a mark."""
    reading.refuse_secrets(name)
    run = ImportRun(
        state="checking",
        channel=str(channel),
        name=Path(name).name[-80:],
        by=ctx.person.label,
        person_id=ctx.person.id,
        started_at=ctx.now,
        touched_at=ctx.now,
    )
    ctx.session.add(run)
    ctx.session.flush()
    return run.id


def check(
    desk: Desk,
    person: Acting,
    run_id: UUID,
    descriptor: int,
    name: str,
    mapping: Mapping[str, str] | None = None,
) -> None:
    """Read an upload behind the guard, rehearse it, keep its clean rows encrypted.

    Nothing of a file that is refused stays; why it was refused is kept for the page.
    """
    with desk.reading(person) as ctx:
        channel = Channel(run_of(ctx, run_id).channel)
    folder = _folder(desk, run_id)
    try:
        with sheet.read(
            descriptor,
            name,
            channel=channel,
            now=desk.clock(),
            columns=sheets.columns_of(desk),
            marked=reading.marked,
            mapping=mapping,
            recall=sheets.recall(desk),
        ) as opened:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            tally = importing.rehearse(
                desk,
                person,
                _staged(desk, folder, run_id, opened.rows),
                progress=lambda t: _tell(desk, person, run_id, t),
            )
            columns = {
                "mapped": dict(opened.mapped),
                "unknown": list(opened.unknown),
                "fingerprint": opened.fingerprint,
                "ignored_sheets": list(opened.ignored_sheets),
            }
    except DeskError as refusal:
        _drop(folder)
        _refused(desk, person, run_id, refusal)
        return
    if mapping:
        sheets.remember(desk, person, str(columns["fingerprint"]), mapping)
    with desk.writing(person) as ctx:
        run = run_of(ctx, run_id)
        run.state, run.touched_at = "ready", ctx.now
        run.rehearsal, run.columns, run.errors = asdict(tally), columns, tally.errors
        run.chunks = len(list(folder.glob("*.rows")))
        ctx.session.add(run)
        if rows := importing.marked_rows(tally):
            ctx.record_system("secrecy_refused", via="sheet", channel=run.channel, rows=rows)


def confirm(ctx: Context, run_id: UUID) -> ImportRun:
    """The person has seen the rehearsal: the import may be stored."""
    run = run_of(ctx, run_id)
    if run.state in {"queued", "running", "done"}:
        return run
    if run.state != "ready":
        raise Refused("这次上传还不能导入。", remedy="请等试读完成，或重新上传。")
    run.state, run.touched_at = "queued", ctx.now
    ctx.session.add(run)
    return run


def discard(ctx: Context, desk: Desk, run_id: UUID) -> None:
    """Throw an upload away that was not confirmed."""
    run = run_of(ctx, run_id)
    if run.state in {"queued", "running", "done"}:
        raise Refused("已经开始导入，不能放弃。", remedy="请等它完成后看报告。")
    run.state, run.finished_at = "discarded", ctx.now
    ctx.session.add(run)
    _drop(_folder(desk, run_id))


def store(desk: Desk, run_id: UUID) -> None:
    """Store a confirmed import from where it stands; may run twice, stores each row once."""
    with desk.writing() as ctx:
        run = run_of(ctx, run_id)
        if run.state not in {"queued", "running"}:
            return
        run.state, run.touched_at = "running", ctx.now
        ctx.session.add(run)
        who = Acting(run.by.split("（", 1)[0], id=run.person_id, username=_username(run.by))
        tally = Tally(run.read, run.created, run.updated, run.unchanged, run.rejected)
        tally.errors = [] if run.chunks_done == 0 else list(run.errors)
        done = run.chunks_done

    def after(ctx: Context, counted: Tally) -> None:
        nonlocal done
        run = run_of(ctx, run_id)
        if run.chunks_done != done:
            raise Refused("另一个进程正在导入这份表格。")
        done += 1
        run.chunks_done = done
        run.errors = counted.errors
        ctx.session.add(run)
        sheets.keep_count(ctx, run_id, counted)

    folder = _folder(desk, run_id)
    seen: intake.Seen = {}
    for chunk in islice(_chunks(desk, folder, run_id, 0), done):
        intake.note_seen([row for row in chunk if not isinstance(row, RowError)], seen)
    chunks = _chunks(desk, folder, run_id, done)
    tally = importing.store_chunks(desk, who, chunks, tally, after=after, seen=seen)
    sheets.finish(desk, who, run_id, tally)
    _drop(folder)


def stalled(ctx: Context, run: ImportRun) -> bool:
    """Whether a check died with its process: nothing was taken, upload again."""
    return run.state == "checking" and ctx.now - run.touched_at > _STALLED


def _staged(desk: Desk, folder: Path, run_id: UUID, rows: Iterator[Read]) -> Iterator[Read]:
    for number, chunk in enumerate(importing.chunked(rows)):
        # A marked row is refused before its first byte is kept, encrypted or not.
        clean = [row for row in chunk if isinstance(row, RowError) or not _marked(row)]
        sealed = desk.keys.seal(pickle.dumps(clean), _bound(run_id, number))
        (folder / f"{number:06d}.rows").write_bytes(sealed)
        yield from chunk


def _marked(letter: Incoming) -> bool:
    return reading.marked(*sources.every_text(letter))


def _chunks(desk: Desk, folder: Path, run_id: UUID, start: int) -> Iterator[list[Read]]:
    for path in sorted(folder.glob("*.rows")):
        number = int(path.stem)
        if number >= start:
            body = desk.keys.unseal(path.read_bytes(), _bound(run_id, number))
            # Written by us and authenticated under our own key just now.
            yield pickle.loads(body)  # noqa: S301


def _refused(desk: Desk, person: Acting, run_id: UUID, refusal: DeskError) -> None:
    with desk.writing(person) as ctx:
        run = run_of(ctx, run_id)
        run.state, run.finished_at = "refused", ctx.now
        run.failure = f"{refusal.message}{refusal.remedy}"
        headers: tuple[str, ...] = getattr(refusal, "headers", ())
        run.columns = {"headers": list(headers)}
        ctx.session.add(run)
        if isinstance(refusal, SecrecyMarked):
            run.name = ""
            ctx.record_system("secrecy_refused", via="sheet", channel=run.channel)


def _tell(desk: Desk, person: Acting, run_id: UUID, tally: Tally) -> None:
    with desk.writing(person) as ctx:
        run = run_of(ctx, run_id)
        run.rehearsal, run.touched_at = {**asdict(tally), "errors": []}, ctx.now
        ctx.session.add(run)


def run_of(ctx: Context, run_id: UUID) -> ImportRun:
    """The record of an import; NotFound when there is none."""
    run: Any = ctx.session.get(ImportRun, run_id)
    if run is None:
        raise NotFound("没有这次导入。", remedy="请回到导入页，从列表里选。")
    found: ImportRun = run
    return found


def _username(label: str) -> str:
    return label.partition("（")[2].rstrip("）")


def _folder(desk: Desk, run_id: UUID) -> Path:
    return desk.settings.staging_dir / run_id.hex


def _drop(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


def _bound(run_id: UUID, number: int) -> bytes:
    return run_id.bytes + number.to_bytes(4, "big") + b"staged"
