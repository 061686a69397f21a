"""Answers go back to the platform that sent the order: gather, mark, take the mark off again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from monitor.domain.errors import Incomplete, NotFound, Refused
from monitor.domain.vocabulary import Channel
from monitor.services import rulebook
from monitor.services.context import Context
from monitor.storage import casework, orders
from monitor.storage.casework import Answered, Handover, HandoverBatch, Wanted
from monitor.storage.db import write_rows

FIELDS = frozenset(
    {
        "upstream_no", "number", "received_at", "title", "text", "section", "handling", "answer",
        "answered_at", "contacted_at", "solved", "satisfied", "unsolved_reason",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Template:
    """One platform's feedback table: its name, whose orders, and (header, field) of each column."""

    code: str
    label: str
    channels: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """What waits to go back by one template."""

    template: Template
    count: int
    first: list[Answered]


def shelves(ctx: Context, *, shown: int) -> list[Shelf]:
    """Each template with how many answers no table has carried yet, and the first of them."""
    found = []
    for one in templates(ctx):
        wanted = Wanted(one.channels)
        count = casework.count_waiting(ctx.session, ctx.person, wanted)
        first = casework.waiting(ctx.session, ctx.person, wanted, most=shown)
        found.append(Shelf(one, count, first))
    return found


def hand_over(
    ctx: Context,
    template: str,
    *,
    since: datetime | None = None,
    imported: bool = False,
    most: int | None = None,
) -> HandoverBatch:
    """Mark every answer that waits, each with its event; none that is marked is marked again.

    `most` is what the person saw waiting: more is left for the next table. Refused when nothing
    waits.
    """
    chosen = template_of(ctx, template)
    wanted = Wanted(chosen.channels, since, imported)
    found = casework.waiting(ctx.session, ctx.person, wanted, most=most)
    if not found:
        raise Refused("没有等待回填的答复。", remedy="已回填的可在“回填记录”里重新下载。")
    batch = HandoverBatch(
        template=chosen.code, since=since, at=ctx.now, by=ctx.person.label, count=len(found)
    )
    ctx.session.add(batch)
    ctx.session.flush()
    marks = [
        {"answer_id": one.answer.id, "order_id": one.order.id, "batch_id": batch.id}
        for one in found
    ]
    try:
        write_rows(ctx.session, Handover, marks)
    except IntegrityError as error:
        message = "刚才有人生成了回填表，其中有相同的答复。"
        raise Refused(message, remedy="请刷新后再看还有哪些等待回填。") from error
    for one in found:
        ctx.record("handed_over", one.order, table=str(batch.id), template=chosen.code)
    return batch


def undo(ctx: Context, batch_id: UUID, *, reason: str) -> HandoverBatch:
    """Take a table back that the platform never got: its answers wait again."""
    batch = of(ctx, batch_id)
    if batch.undone_at is not None:
        raise Refused("这份回填表已经作废。")
    if not reason.strip():
        raise Incomplete("请写明为什么作废。", fields={"reason": "请填写理由"})
    marks = casework.rows_of(ctx.session, batch_id)
    known = orders.by_ids(ctx.session, [mark.order_id for mark in marks])
    for mark in marks:
        ctx.session.delete(mark)
        ctx.record("handover_undone", known[mark.order_id], table=str(batch.id))
    batch.undone_at, batch.undone_by = ctx.now, ctx.person.label
    batch.reason = reason.strip()
    ctx.session.add(batch)
    return batch


def of(ctx: Context, batch_id: UUID) -> HandoverBatch:
    """A table that was made; NotFound otherwise."""
    found = casework.batch(ctx.session, batch_id)
    if found is None:
        raise NotFound("没有这份回填表。")
    return found


def templates(ctx: Context) -> list[Template]:
    """The feedback tables of this office, by the rules in force."""
    return [_template(body) for body in rulebook.current(ctx).bodies.get("feedback", [])]


def template_of(ctx: Context, code: str) -> Template:
    """The template of this code; Incomplete with those there are."""
    known = templates(ctx)
    for template in known:
        if template.code == code:
            return template
    names = "、".join(template.code for template in known) or "（没有）"
    raise Incomplete(f"没有这个回填表模板，可用：{names}。", fields={"template": "请从列表中选择"})


def _template(body: Mapping[str, Any]) -> Template:
    columns = tuple((str(one["header"]), str(one["field"])) for one in body["columns"])
    channels = tuple(str(Channel(one)) for one in body["channels"])
    return Template(str(body["code"]), str(body["label"]), channels, columns)
