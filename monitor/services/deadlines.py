"""Start, end, cancel and reckon the clocks of orders, as the table of moves says."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from monitor.domain import numbers
from monitor.domain.deadlines import in_round
from monitor.domain.lifecycle import Move
from monitor.domain.rulepack import Rule, Start
from monitor.domain.vocabulary import Arrival, Promise, State
from monitor.domain.workdays import local
from monitor.services import aligning, reckoning, rulebook
from monitor.services.context import Context
from monitor.services.rulebook import Rules
from monitor.storage import answers, orders
from monitor.storage import deadlines as storage
from monitor.storage.deadlines import Clock
from monitor.storage.orders import Order

_BEGINS_AT_RECEIPT = frozenset({Promise.RECEIVE, Promise.ACK, Promise.CONTACT, Promise.ANSWER})
_BEFORE_HAND_IN = frozenset(
    {State.AWAITING_SIGN, State.RETURN_PENDING, State.IN_HAND, State.DEFERRED}
)


def first_clocks(
    ctx: Context,
    rows: Sequence[dict[str, Any]],
    move: Move,
    given: Sequence[Mapping[str, object]],
) -> list[dict[str, Any]]:
    """The clock rows of new orders; a given end makes them ended ones (imported history)."""
    rules = rulebook.current(ctx)
    clocks: list[dict[str, Any]] = []
    known = _Known(rules)
    for row, facts in zip(rows, given, strict=True):
        for promise in move.starts:
            clock = _first(ctx, known, row, promise)
            if clock is None:
                continue
            ended_at = facts.get("at")
            if promise in move.ends and isinstance(ended_at, datetime):
                # What was over before it came here is nobody's lateness.
                clock.update(reckoning.end_values(rules, clock, ended_at), watch_at=None)
            clocks.append(clock)
    return clocks


class _Known:
    """The rules, and what they said before: records of one batch mostly ask the same."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._chosen: dict[tuple[Any, ...], Rule | None] = {}
        self._due: dict[tuple[Any, ...], dict[str, Any]] = {}

    def rule_for(self, promise: Promise, *of: Any) -> Rule | None:
        """As `reckoning.rule_for`."""
        key = (promise, *of)
        if key not in self._chosen:
            self._chosen[key] = reckoning.rule_for(self._rules, promise, *of)
        return self._chosen[key]

    def due_values(self, rule: Rule, clock: Mapping[str, Any]) -> dict[str, Any]:
        """As `reckoning.due_values`, for a clock that nothing has paused or extended."""
        key = (rule.pack, rule.code, clock["started_at"], clock["urgency"], clock["date_only"])
        if key not in self._due:
            self._due[key] = reckoning.due_values(self._rules, rule, clock)
        return self._due[key]


def _first(
    ctx: Context, known: _Known, row: Mapping[str, Any], promise: Promise
) -> dict[str, Any] | None:
    urgency = row["suggested_urgency"]
    waits = row["arrival"] is not None and Arrival(row["arrival"]).to_confirm
    # Until both sides confirm that it came, nothing is owed but this confirmation (条例 31).
    if promise is (Promise.ANSWER if waits else Promise.RECEIVE):
        return None
    rule = known.rule_for(
        promise, row["channel"], row["suggested_type"], urgency, row["received_on"]
    )
    if rule is None:
        return None
    at_receipt = promise in _BEGINS_AT_RECEIPT
    clock: dict[str, Any] = {
        "id": numbers.new_id(ctx.now),
        "order_id": row["id"],
        "promise": str(promise),
        "round": 1,
        "rule": rule.code,
        "rule_version": rule.version,
        "rule_pack": rule.pack,
        "urgency": urgency,
        "started_at": row["received_at"] if at_receipt else ctx.now,
        "date_only": row["date_only"] and at_receipt,
        "pauses": [],
        "extension": 0,
        "given_due": False,
        "ended_at": None,
        "cancelled_at": None,
        "late": None,
        "wall_seconds": None,
        "work_seconds": None,
        "channel": row["channel"],
        "section": None,
        "historical": row["historical"],
        "watch_at": None if row["historical"] else storage.LOOK_NOW,
        "chosen": False,
        "aside": "",
    }
    clock.update(known.due_values(rule, clock))
    if promise is Promise.ANSWER and row["upstream_due"] is not None:
        clock.update(reckoning.given_values(row["upstream_due"]))
    return clock


def answer_from(ctx: Context, order: Order, received: datetime, *, date_only: bool) -> None:
    """The receipt was confirmed: the answer is owed from that day, and the hand-in with it."""
    rules, clocks = rulebook.current(ctx), storage.of_order(ctx.session, order.id)
    # Who has handed in already owes no second time.
    owes = order.section is not None and State(order.state) in _BEFORE_HAND_IN
    wanted = [Promise.ANSWER, *([Promise.SUBMIT] if owes else [])]
    for promise in wanted:
        clock = _start(ctx, rules, order, promise, ctx.now, clocks)
        if clock is None:
            continue
        if promise is Promise.ANSWER:
            clock.started_at, clock.date_only = received, date_only
            rule = reckoning.rule_of(rules, clock)
            aligning.put(clock, reckoning.due_values(rules, rule, clock.model_dump()))
            if order.upstream_due is not None:
                aligning.put(clock, reckoning.given_values(order.upstream_due))
        clocks.append(clock)
        ctx.session.add(clock)
    ctx.session.flush()


def follow(ctx: Context, order: Order, move: Move, at: datetime) -> list[Clock]:
    """Make the order's clocks follow a move: end, cancel, start; then keep the rest in step."""
    if not (move.starts or move.ends or move.cancels or move.name == "unmerge"):
        return []
    ctx.session.flush()
    rules = rulebook.current(ctx)
    clocks = storage.of_order(ctx.session, order.id)
    touched: list[Clock] = []
    if move.name == "unmerge":
        touched += _revive(clocks)
    for clock in _running(clocks, move.cancels):
        clock.cancelled_at, clock.watch_at = ctx.now, storage.LOOK_NOW
        touched.append(clock)
    if move.name in {"dispatch", "answer_at_once"}:
        touched += _rechoose(ctx, rules, order, clocks)
    for promise in move.starts:
        if promise is Promise.PUBLISH and (
            _running(clocks, [promise]) or not _may_be_published(ctx, order)
        ):
            continue
        fresh = _start(ctx, rules, order, promise, at, clocks)
        if fresh is not None:
            clocks.append(fresh)
            touched.append(fresh)
    for clock in _running(clocks, move.ends):
        aligning.put(clock, reckoning.end_values(rules, clock.model_dump(), at))
        touched.append(clock)
    for clock in clocks:
        # What a co-section promised stays its own, whoever has the lead.
        if clock.promise != Promise.CO and (_runs(clock) or clock in touched):
            clock.section = order.section
    ctx.session.add_all(clocks)
    ctx.session.flush()
    return touched


def _may_be_published(ctx: Context, order: Order) -> bool:
    """The requester agreed, and nobody has decided against it before the answer."""
    if order.consent is not True:
        return False
    decisions = answers.publications(ctx.session, order.id)
    return not decisions or decisions[-1].released


def _runs(clock: Clock) -> bool:
    return clock.ended_at is None and clock.cancelled_at is None


def _running(clocks: Sequence[Clock], promises: Sequence[Promise]) -> list[Clock]:
    return [clock for clock in clocks if _runs(clock) and Promise(clock.promise) in promises]


def _revive(clocks: Sequence[Clock]) -> list[Clock]:
    """Clocks that a merge had cancelled run on from their first start."""
    held = [c for c in clocks if c.cancelled_at and not c.aside]
    last = max((c.cancelled_at for c in held if c.cancelled_at), default=None)
    revived = [c for c in held if c.cancelled_at == last and c.ended_at is None]
    for clock in revived:
        clock.cancelled_at, clock.watch_at = None, storage.LOOK_NOW
    return revived


def _start(
    ctx: Context,
    rules: Rules,
    order: Order,
    promise: Promise,
    at: datetime,
    clocks: Sequence[Clock],
) -> Clock | None:
    urgency, day = order.urgency or order.suggested_urgency, local(order.received_at).date()
    kind = order.request_type or order.suggested_type
    again = order.round > 1
    rule = reckoning.rule_for(rules, promise, order.channel, kind, urgency, day)
    kept = [c for c in clocks if c.promise == promise and c.chosen and again]
    if kept:
        # What a person chose for a round governs the next one too.
        last = kept[-1]
        rule = rules.deadlines.version(last.rule, last.rule_version, last.rule_pack)
    if rule is None:
        return None
    started, not_before = at, None
    if promise in _BEGINS_AT_RECEIPT and not again:
        started = order.received_at
    if rule.start is Start.ANSWER_DUE:
        answer = next((c for c in reversed(clocks) if c.promise == Promise.ANSWER), None)
        if answer is None:
            return None
        started, not_before = answer.due_at, ctx.now
    clock = Clock(
        id=numbers.new_id(ctx.now),
        order_id=order.id,
        promise=str(promise),
        round=order.round,
        rule=rule.code,
        rule_version=rule.version,
        rule_pack=rule.pack,
        urgency=urgency,
        started_at=started,
        date_only=order.date_only and started == order.received_at,
        due_at=started,
        due_on=day,
        channel=order.channel,
        section=order.section,
        historical=order.historical,
        chosen=bool(kept),
    )
    rule = in_round(rule, order.round)
    aligning.put(
        clock, reckoning.due_values(rules, rule, clock.model_dump(), not_before=not_before)
    )
    given = order.upstream_due if promise is Promise.ANSWER and again else None
    if given is not None and given > at:
        aligning.put(clock, reckoning.given_values(given))
    if rule.start is Start.ANSWER_DUE:
        # Its length is reckoned back from the answer's due time; its use is counted from here.
        clock.started_at = ctx.now
    return clock


def _rechoose(ctx: Context, rules: Rules, order: Order, clocks: Sequence[Clock]) -> list[Clock]:
    """The decided type and urgency may call for another answer rule; the start never moves."""
    changed = []
    for clock in _running(clocks, [Promise.ANSWER]):
        rule = reckoning.rule_for(
            rules, Promise.ANSWER, order.channel, order.request_type, order.urgency,
            local(clock.started_at).date(),
        )  # fmt: skip
        if clock.chosen:
            # What a person chose stays; the urgency may still make a difference to it.
            rule = rules.deadlines.version(clock.rule, clock.rule_version, clock.rule_pack)
        if rule is None or (rule.code == clock.rule and clock.urgency == order.urgency):
            continue
        before = clock.due_at
        clock.rule, clock.rule_version, clock.rule_pack = rule.code, rule.version, rule.pack
        clock.urgency = order.urgency
        if not clock.given_due:
            rule = in_round(rule, clock.round)
            aligning.put(clock, reckoning.due_values(rules, rule, clock.model_dump()))
        # What was joined to the order before it was decided on is still waiting as long.
        for child in orders.children(ctx.session, order.id):
            aligning.not_after(ctx, clock, child)
        if clock.due_at != before:
            ctx.record(
                "due_moved", order, rule=rule.code, due=clock.due_at, why="按研判的类型与紧急程度"
            )
        changed.append(clock)
    return changed
