"""One deed for many orders: each in a transaction of its own, done or refused, never half."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from monitor.domain.access import Acting
from monitor.domain.errors import DeskError, NotAllowed, NotFound
from monitor.services.context import Context
from monitor.services.desk import Desk
from monitor.services.handling import closing
from monitor.steps import callback, casework, dispatch
from monitor.storage import orders, people
from monitor.storage.lists import bulk
from monitor.storage.lists.bulk import DONE, REFUSED, WAITING, BulkItem, BulkRun
from monitor.storage.orders import Order

MOST = 500
# Fewer are done while the person waits; more go on by themselves.
AT_ONCE = 50

Deed = Callable[[Context, Order, int, Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Pick:
    """One ticked order and the version that was looked at."""

    number: str
    seen: int


def _sign(ctx: Context, order: Order, seen: int, _: Mapping[str, Any]) -> None:
    dispatch.sign(ctx, order, seen=seen)


def _assign(ctx: Context, order: Order, seen: int, given: Mapping[str, Any]) -> None:
    casework.assign(ctx, order, handler=str(given.get("handler", "")), seen=seen)


def _archive(ctx: Context, order: Order, seen: int, _: Mapping[str, Any]) -> None:
    retention = closing.proposed(ctx, order).retention
    callback.archive(ctx, order, retention=retention, seen=seen)


DEEDS: Mapping[str, Deed] = {"sign": _sign, "assign": _assign, "archive": _archive}


def begin(
    ctx: Context,
    deed: str,
    picks: Sequence[Pick],
    given: Mapping[str, Any],
    *,
    back: str = "",
    token: str = "",
) -> UUID:
    """Write down what is to be done; the same form sent again is the same run."""
    if ctx.person.id is None:
        raise NotAllowed("只有登录的人才能批量办理。")
    sent = f"{ctx.person.id} {deed} {dict(given)} {token} {[(p.number, p.seen) for p in picks]}"
    run_id = UUID(ctx.keys.blind("bulk", sent)[:32])
    bulk.alone(ctx.session)
    if bulk.run(ctx.session, run_id) is not None:
        return run_id
    ctx.session.add(
        BulkRun(
            id=run_id, deed=deed, given=dict(given), total=len(picks), back=back,
            by=ctx.person.label, person_id=ctx.person.id, started_at=ctx.now, touched_at=ctx.now,
        )
    )  # fmt: skip
    ctx.session.flush()
    ctx.session.add_all(
        BulkItem(run_id=run_id, position=place, number=pick.number, seen=pick.seen)
        for place, pick in enumerate(picks)
    )
    return run_id


def go_on(desk: Desk, run_id: UUID, *, most: int = MOST) -> None:
    """Do what still waits, up to so many; may be asked twice and at once, does each order once."""
    with desk.reading() as ctx:
        run = bulk.run(ctx.session, run_id)
        if run is None or run.finished_at is not None:
            return
        who = _person(ctx, run)
    for _ in range(most):
        if not _next(desk, who, run_id):
            return
    _finish(desk, who, run_id)


def _person(ctx: Context, run: BulkRun) -> Acting:
    """Who began it, as the rules see him now; without his rights when he is gone."""
    found = people.by_id(ctx.session, run.person_id)
    if found is None or not found.active:
        return Acting(run.by.partition("（")[0], id=run.person_id)
    return people.acting(found, people.sections(ctx.session))


def _next(desk: Desk, who: Acting, run_id: UUID) -> bool:
    """Do one order, and say that it was done, in one transaction."""
    place = -1
    try:
        with desk.writing(who) as ctx:
            run = bulk.run(ctx.session, run_id)
            item = bulk.next_waiting(ctx.session, run_id)
            if run is None or item is None:
                waits = bool(bulk.counts(ctx.session, run_id).get(WAITING))
            else:
                place, waits = item.position, True
                order = orders.get(ctx.session, who, item.number)
                acting = replace(ctx, form=f"bulk-{run_id.hex}")
                DEEDS[run.deed](acting, order, item.seen, run.given)
                item.outcome, run.touched_at = DONE, ctx.now
                ctx.session.add_all([item, run])
    except DeskError as refusal:
        _refuse(desk, who, run_id, place, refusal)
        return True
    if not waits:
        _finish(desk, who, run_id)
    return waits


def _refuse(desk: Desk, who: Acting, run_id: UUID, place: int, refusal: DeskError) -> None:
    with desk.writing(who) as ctx:
        run = bulk.run(ctx.session, run_id)
        item = bulk.item(ctx.session, run_id, place)
        if run is None or item is None or item.outcome != WAITING:
            return
        item.outcome, item.reason, item.remedy = REFUSED, refusal.message, refusal.remedy
        run.touched_at = ctx.now
        ctx.session.add_all([item, run])


def _finish(desk: Desk, who: Acting, run_id: UUID) -> None:
    with desk.writing(who) as ctx:
        run = bulk.run(ctx.session, run_id, hold=True)
        counts = bulk.counts(ctx.session, run_id)
        if run is None or run.finished_at is not None or counts.get(WAITING):
            return
        run.finished_at = run.touched_at = ctx.now
        ctx.session.add(run)
        ctx.record_system(
            "bulk_finished", deed=run.deed, run=run.id.hex,
            done=counts.get(DONE, 0), refused=counts.get(REFUSED, 0),
        )  # fmt: skip


def run_of(ctx: Context, run_id: UUID) -> BulkRun:
    """A run of this person; NotFound for anybody else's."""
    run = bulk.run(ctx.session, run_id)
    if run is None or run.person_id != ctx.person.id:
        raise NotFound("没有这次批量办理。", remedy="请回到列表重新选。")
    return run
