"""Let an answer clock stand where a law says so: on which ground, from when, until when at most."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from monitor.domain import deadlines as arithmetic
from monitor.domain import numbers
from monitor.domain.errors import DeskError, Incomplete, Refused
from monitor.domain.remaining import short_date
from monitor.domain.rulepack import PauseEvent, Rule
from monitor.domain.vocabulary import Promise
from monitor.domain.workdays import local, midnight
from monitor.services import aligning, reckoning, rulebook
from monitor.services.context import Context
from monitor.services.handling import dated
from monitor.storage import deadlines as storage
from monitor.storage.deadlines import LOOK_NOW, Clock
from monitor.storage.orders import Order

CORRECTION = "correction"
# A term for corrections beyond this is a slip of the pen.
_LONGEST = 90
_ONE = timedelta(days=1)
_ENDS = (("resume_clock",), ("receive_correction", "abandon"))
MOVES = frozenset({"pause_clock", "ask_correction", *_ENDS[0], *_ENDS[1]})


@dataclass(frozen=True, slots=True)
class Standing:
    """A clock that stands, or stood until its time was up, and nobody has said yet that it runs."""

    clock: Clock
    cause: str
    event: PauseEvent
    noticed_on: date
    last: date


def open_pause(ctx: Context, order: Order) -> Standing | None:
    """The pause of the running answer clock that waits for somebody."""
    running = storage.running(ctx.session, [order.id], [Promise.ANSWER])
    for clock in running[-1:]:
        for entry in clock.pauses:
            if entry.get("open"):
                event = rulebook.current(ctx).deadlines.pauses[entry["code"]]
                first, last = (date.fromisoformat(entry[name]) for name in ("noticed_on", "last"))
                return Standing(clock, entry["code"], event, first, last)
    return None


def causes(ctx: Context, order: Order) -> dict[str, PauseEvent]:
    """The grounds on which the running answer clock may stand; empty where no law knows any."""
    running = storage.running(ctx.session, [order.id], [Promise.ANSWER])
    if not running or running[-1].given_due:
        return {}
    rules = rulebook.current(ctx)
    known = rules.deadlines.pauses
    return {
        code: known[code]
        for code in reckoning.rule_of(rules, running[-1]).pause_events
        if code in known
    }


def meant(ctx: Context, order: Order) -> frozenset[str]:
    """The moves of pauses that mean something for this order now."""
    if waiting := open_pause(ctx, order):
        return frozenset(_ENDS[waiting.cause == CORRECTION])
    known = causes(ctx, order)
    asks = {"ask_correction"} if CORRECTION in known else set()
    return frozenset(asks | ({"pause_clock"} if set(known) - {CORRECTION} else set()))


def begin(
    ctx: Context, order: Order, cause: str, noticed_on: date, until: date | None = None
) -> date:
    """Let the clock stand from the day after the notice; the last day on which it may stand."""
    clock, rule, event = _may(ctx, order, cause)
    started, today = local(clock.started_at).date(), local(ctx.now).date()
    if not started <= noticed_on <= today:
        raise _wrong("noticed_on", f"通知日期应在 {short_date(started, ctx.now)} 至今天之间")
    if noticed_on > local(clock.due_at).date():
        raise Refused("答复时限在通知以前已经到期，不能再停表。", rule=_named(rule))
    _told_in_time(ctx, event, clock, noticed_on)
    last = _last(ctx, event, noticed_on, until)
    entry: dict[str, Any] = {
        "code": cause,
        "cause": event.label,
        "noticed_on": noticed_on.isoformat(),
        "first": (noticed_on + _ONE).isoformat(),
        "last": last.isoformat(),
        "open": True,
    }
    clock.pauses = [*clock.pauses, entry]
    _watch_over(ctx, order, clock, event, noticed_on, last)
    _reckon(ctx, order, clock, f"{event.label}，{event.basis}")
    return last


def _watch_over(
    ctx: Context, order: Order, clock: Clock, event: PauseEvent, noticed_on: date, last: date
) -> None:
    """The notice and the wait have clocks of their own: begun, ended, late for all to see."""
    if event.tell_by:
        told = dated.begin(ctx, order, Promise.CORRECTION, event.tell_by, clock.started_at)
        dated.end(ctx, order, told, noticed_on)
    delivered = midnight(noticed_on)
    if event.within:
        dated.begin(ctx, order, Promise.CONSULT, event.within, delivered)
    elif event.waits:
        dated.begin(ctx, order, Promise.CORRECTION, event.waits, delivered, due_on=last)


def end(ctx: Context, order: Order, received_on: date, *, correction: bool) -> None:
    """What was waited for has come: the clock runs on, or begins anew where the law has it so."""
    standing = _waited_for(ctx, order, correction=correction)
    today = local(ctx.now).date()
    if not standing.noticed_on <= received_on <= today:
        earliest = short_date(standing.noticed_on, ctx.now)
        raise _wrong("received_on", f"收到日期应在 {earliest} 至今天之间")
    clock, last = standing.clock, min(standing.last, received_on)
    closed = []
    for entry in clock.pauses:
        if not entry.get("open"):
            closed.append(entry)
        elif last >= date.fromisoformat(entry["first"]):
            closed.append({**entry, "last": last.isoformat(), "open": False})
    clock.pauses = closed
    waited = Promise.CORRECTION if correction else Promise.CONSULT
    dated.end_running(ctx, order, waited, received_on)
    if standing.event.restarts:
        clock = _anew(ctx, clock, received_on)
    why = "收到补正，重新起算" if standing.event.restarts else f"{standing.event.label}已回复"
    _reckon(ctx, order, clock, f"{why}，{standing.event.basis}")


def check_abandoned(ctx: Context, order: Order) -> None:
    """Refused unless a correction was asked for and its time is over."""
    standing = _waited_for(ctx, order, correction=True)
    if local(ctx.now).date() <= standing.last:
        day = short_date(standing.last, ctx.now)
        raise Refused(
            f"补正期限到 {day} 止，还没有过。", remedy="期满没有补正、又没有正当理由的才视为放弃。"
        )


def obstacle(ctx: Context, order: Order, name: str) -> str:
    """Why this move of a pause cannot be made now; empty where it can."""
    try:
        if name == "ask_correction":
            _may(ctx, order, CORRECTION)
        elif name == "pause_clock":
            others = [code for code in causes(ctx, order) if code != CORRECTION]
            _may(ctx, order, others[0] if others else "")
        elif name == "abandon":
            check_abandoned(ctx, order)
        else:
            _waited_for(ctx, order, correction=name == "receive_correction")
    except DeskError as refusal:
        return refusal.message.rstrip("。")
    return ""


def _may(ctx: Context, order: Order, cause: str) -> tuple[Clock, Rule, PauseEvent]:
    running = storage.running(ctx.session, [order.id], [Promise.ANSWER])
    if not running:
        raise Refused("答复时限没有在走，不用停表。")
    clock = running[-1]
    rule = reckoning.rule_of(rulebook.current(ctx), clock)
    event = causes(ctx, order).get(cause)
    if event is None:
        raise Refused(
            f"没有法律规定这条时限可以这样停表（{_named(rule)}）。",
            remedy="需要更多时间的请申请延期或挂账。",
            rule=_named(rule),
        )
    if waiting := open_pause(ctx, order):
        raise Refused(f"已经因“{waiting.event.label}”停表。", remedy="请先登记收到的日期。")
    clocks = storage.of_order(ctx.session, order.id)
    used = any(p.get("code") == cause for c in clocks if c.round == clock.round for p in c.pauses)
    if event.once and used:
        raise Refused(f"“{event.label}”只能有一次（{event.basis}）。", remedy="请按已有材料答复。")
    return clock, rule, event


def _waited_for(ctx: Context, order: Order, *, correction: bool) -> Standing:
    standing = open_pause(ctx, order)
    if standing is None or (standing.cause == CORRECTION) != correction:
        what = "补正" if correction else "征求的意见"
        raise Refused(f"没有正在等的{what}。", remedy="请刷新页面，看这张工单现在的状态。")
    return standing


def _told_in_time(ctx: Context, event: PauseEvent, clock: Clock, noticed_on: date) -> None:
    if not event.tell_by:
        return
    rules = rulebook.current(ctx)
    limit = rules.deadlines.find(event.tell_by, local(clock.started_at).date())
    until = arithmetic.due_at(limit, clock.started_at, rules.calendar).date()
    if noticed_on > until:
        raise Refused(
            f"“{event.label}”须在 {short_date(until, ctx.now)} 前告知，已经过期（{limit.basis}）。",
            remedy="请按已有材料答复；需要时间的请申请延期。",
            rule=_named(limit),
        )


def _last(ctx: Context, event: PauseEvent, noticed_on: date, until: date | None) -> date:
    if event.within:
        rules = rulebook.current(ctx)
        limit = rules.deadlines.find(event.within, noticed_on)
        return arithmetic.due_at(limit, midnight(noticed_on), rules.calendar).date()
    if until is None or not noticed_on < until <= noticed_on + timedelta(days=_LONGEST):
        raise _wrong("until", f"补正期限应在通知之后、{_LONGEST} 天以内")
    return until


def _anew(ctx: Context, clock: Clock, day: date) -> Clock:
    """The clock begun again at a day; the one before it stays beside, cancelled."""
    values = clock.model_dump()
    values |= {"id": numbers.new_id(ctx.now), "started_at": midnight(day), "date_only": True}
    values |= {"pauses": [], "extension": 0}
    clock.cancelled_at, clock.watch_at = ctx.now, LOOK_NOW
    ctx.session.add(clock)
    ctx.session.flush()
    return Clock(**values)


def _reckon(ctx: Context, order: Order, clock: Clock, why: str) -> None:
    ctx.session.add(clock)
    ctx.session.flush()
    aligning.follow_children(ctx, order, why=why)


def _named(rule: Rule) -> str:
    return f"{rule.short} 第 {rule.version} 版"


def _wrong(field: str, message: str) -> Incomplete:
    return Incomplete(message + "。", fields={field: message})
