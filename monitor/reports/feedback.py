"""The feedback table of a platform, drawn from what was marked; the same table every time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from monitor.domain.vocabulary import Solved
from monitor.domain.workdays import local
from monitor.reports import tables
from monitor.services.context import Context
from monitor.steps import feedback as step
from monitor.storage import casework, people
from monitor.storage.casework import Answered, Callback, HandoverBatch


@dataclass(frozen=True, slots=True)
class _Row:
    """One answer with all that a column may ask for."""

    one: Answered
    section: str
    contacted_at: datetime | None
    callback: Callback | None


def as_xlsx(ctx: Context, batch: HandoverBatch) -> bytes:
    """The workbook of a table; a cell that looks like a formula stays text."""
    template = step.template_of(ctx, batch.template)
    labels = {code: section.label for code, section in people.sections(ctx.session).items()}
    contacts = casework.first_contacts(ctx.session, batch.id)
    callbacks = casework.last_callbacks(ctx.session, batch.id)
    rows = [
        _Row(
            one,
            labels.get(one.order.section or "", ""),
            contacts.get(one.order.id),
            callbacks.get(one.order.id),
        )
        for one in casework.of_batch(ctx.session, batch.id)
    ]
    header = [title for title, _ in template.columns]
    cells = [[_CELLS[field](row) for _, field in template.columns] for row in rows]
    return tables.as_xlsx(template.label, header, cells)


def file_name(batch: HandoverBatch) -> str:
    """A name without blanks or Chinese, so that every platform takes it."""
    return f"feedback-{batch.template}-{local(batch.at):%Y%m%d-%H%M}.xlsx"


def _time(moment: datetime | None) -> str:
    return f"{local(moment):%Y-%m-%d %H:%M:%S}" if moment else ""


def _solved(row: _Row) -> str:
    told = (row.callback.solved if row.callback else "") or row.one.answer.solved
    return Solved(told).label if told in set(Solved) else told


_CELLS: Mapping[str, Callable[[_Row], str]] = {
    "upstream_no": lambda row: row.one.order.upstream_no or "",
    "number": lambda row: row.one.order.number,
    "received_at": lambda row: _time(row.one.order.received_at),
    "title": lambda row: row.one.order.title,
    "text": lambda row: row.one.order.text,
    "section": lambda row: row.section,
    "handling": lambda row: row.one.answer.note,
    "answer": lambda row: row.one.answer.text,
    "answered_at": lambda row: _time(row.one.at),
    "contacted_at": lambda row: _time(row.contacted_at),
    "solved": _solved,
    "satisfied": lambda row: row.callback.satisfied if row.callback else "",
    "unsolved_reason": lambda row: row.callback.reason if row.callback else "",
}
