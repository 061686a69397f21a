"""A change of the calendar: which open clocks it moves, and moving them with their events."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from monitor.domain import numbers
from monitor.domain.deadlines import in_round
from monitor.domain.rulepack import Rule, Start
from monitor.domain.vocabulary import Arithmetic, Promise, Urgency
from monitor.domain.workdays import Calendar, local, parse_year
from monitor.services import aligning, reckoning, rulebook
from monitor.services.context import Context, seal_head
from monitor.services.rulebook import Rules
from monitor.storage import history, orders
from monitor.storage.deadlines import LOOK_NOW
from monitor.storage.supervision import reckoning as storage
from monitor.storage.supervision.reckoning import ReckonRun

CHUNK = 2_000
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Moved:
    """One clock whose due time changes."""

    clock: Row
    values: dict[str, Any]

    @property
    def moves(self) -> bool:
        """Whether the due time itself changes, not only what it leans on."""
        return bool(self.values["due_at"] != self.clock["due_at"])


@dataclass(frozen=True)
class Change:
    """The rules before and after, and the days between which they differ."""

    before: Rules
    after: Rules
    first: date
    last: date
    # Of a hundred thousand clocks most began on one of a few days under one of a few rules.
    known: dict[tuple[object, ...], dict[str, Any] | None] = field(default_factory=dict)


def with_year(rules: Rules, year: int, body: Mapping[str, Any] | None) -> Rules:
    """The same rules with another table for one year; None takes the built-in one."""
    kept = [one for one in rules.bodies.get("holiday", ()) if int(one["year"]) != year]
    bodies = {**rules.bodies, "holiday": [*kept, *([dict(body)] if body else [])]}
    return rulebook.assemble(bodies)


def difference(before: Rules, after: Rules, year: int) -> Change | None:
    """The days on which the two calendars differ; None when they say the same."""
    old, new = before.calendar, after.calendar
    first, last = date(year, 1, 1), date(year, 12, 31)
    if old.table(year).provisional == new.table(year).provisional:
        days = [
            day
            for number in range(first.toordinal(), last.toordinal() + 1)
            if old.classify(day := date.fromordinal(number)) != new.classify(day)
        ]
        if not days and old.edition(first, last) == new.edition(first, last):
            return None
        if days:
            first = min(days)
    return Change(before, after, first, last)


def begin(ctx: Context, year: int, before: Mapping[str, Any] | None, total: int) -> ReckonRun:
    """Write down that open clocks are to be reckoned again."""
    run = ReckonRun(
        id=numbers.new_id(ctx.now), year=year, before=dict(before) if before else None,
        total=total, by=ctx.person.label, started_at=ctx.now,
    )  # fmt: skip
    ctx.session.add(run)
    return run


def go_on(ctx: Context, run: ReckonRun) -> bool:
    """Reckon the next orders in this transaction; whether more are left."""
    rules = rulebook.current(ctx)
    change = difference(with_year(rules, run.year, run.before), rules, run.year)
    ids = storage.order_ids(ctx.session, change.first, run.cursor, CHUNK) if change else []
    if not ids or change is None:
        run.finished_at = ctx.now
        ctx.session.add(run)
        ctx.record_system(
            "clocks_reckoned", year=run.year, looked=run.done, moved=run.moved, late=run.late
        )
        return False
    held = storage.heads(ctx.session, ids)
    why = f"{run.year} 年节假日安排已更改"
    clocks: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    heads: list[dict[str, Any]] = []
    for order_id, mine in storage.clocks_of(ctx.session, ids).items():
        run.done += len(mine)
        found, irregular = moves(change, mine)
        if irregular:
            master = orders.by_ids(ctx.session, [order_id])[order_id]
            aligning.follow_children(ctx, master, why=why)
            ctx.session.flush()
            held |= storage.heads(ctx.session, [order_id])
            run.moved += 1
        clocks += [_written(one) for one in found]
        moved = [one for one in found if one.moves]
        run.moved += len(moved)
        run.late += sum(one.values["due_at"] < ctx.now <= one.clock["due_at"] for one in moved)
        if moved:
            event = _event(ctx, order_id, held[order_id], moved, why)
            events.append(event)
            heads.append(_head(ctx, order_id, event))
    ctx.session.flush()
    storage.write(ctx.session, clocks, events, heads)
    run.cursor = ids[-1]
    ctx.session.add(run)
    return True


def moves(change: Change, clocks: Iterable[Row]) -> tuple[list[Moved], bool]:
    """What the change moves of one order's open clocks; and whether a merge set its answer."""
    found: list[Moved] = []
    answer: Moved | None = None
    hand_in: Row | None = None
    irregular = False
    for clock in clocks:
        if clock["promise"] == Promise.SUBMIT:
            hand_in = clock
            continue
        old = _values(change, clock, after=False)
        if old is None:
            continue
        if old["due_at"] != clock["due_at"]:
            irregular = irregular or clock["promise"] == Promise.ANSWER
            continue
        one = Moved(clock, _values(change, clock, after=True) or old)
        found.append(one)
        if clock["promise"] == Promise.ANSWER:
            answer = one
    if hand_in is not None and answer is not None and answer.moves:
        rule = rule_in(change.after, hand_in)
        if rule.start is Start.ANSWER_DUE:
            inputs = {**hand_in, "started_at": answer.values["due_at"]}
            values = reckoning.due_values(
                change.after, rule, inputs, not_before=hand_in["started_at"]
            )
            found.append(Moved(hand_in, values))
    return found, irregular


def _values(change: Change, clock: Row, *, after: bool) -> dict[str, Any] | None:
    """What a clock is reckoned to; None for what no calendar moves."""
    if clock["pauses"]:
        return _reckoned(change, clock, after=after)
    started = clock["started_at"]
    key = (
        after, clock["rule"], clock["rule_version"], clock["rule_pack"], clock["round"],
        clock["urgency"], clock["extension"], clock["date_only"], local(started).date(),
    )  # fmt: skip
    if key in change.known:
        found = change.known[key]
        if found is None or found["in_days"]:
            return found
    found = _reckoned(change, clock, after=after)
    change.known[key] = found
    return found


def _reckoned(change: Change, clock: Row, *, after: bool) -> dict[str, Any] | None:
    rules = change.after if after else change.before
    rule = rule_in(rules, clock)
    limit = rule.limit(Urgency(clock["urgency"]) if clock["urgency"] else None)
    if limit.arithmetic is Arithmetic.WALL_HOURS:
        return None
    return {**reckoning.due_values(rules, rule, clock), "in_days": limit.in_days}


def rule_in(rules: Rules, clock: Row) -> Rule:
    """The rule of a clock's row, as its round of handling has it."""
    rule = rules.deadlines.version(clock["rule"], clock["rule_version"], clock["rule_pack"])
    return in_round(rule, clock["round"])


def _written(one: Moved) -> dict[str, Any]:
    names = ("due_at", "due_on", "provisional", "calendar_version")
    return {
        "of": one.clock["id"],
        "new_watch_at": LOOK_NOW,
        **{f"new_{name}": one.values[name] for name in names},
    }


def _event(
    ctx: Context, order_id: UUID, head: tuple[int, str], moved: Sequence[Moved], why: str
) -> dict[str, Any]:
    said = [
        {"promise": one.clock["promise"], "before": one.clock["due_at"],
         "after": one.values["due_at"]}
        for one in moved
    ]  # fmt: skip
    answers = [one for one in moved if one.clock["promise"] == Promise.ANSWER] or moved
    details = {"due": answers[0].values["due_at"], "why": why, "clocks": said}
    return history.link(
        order_id.hex, head[0] + 1, "due_moved", ctx.person.label, ctx.now,
        history.canonical(details), head[1],
    )  # fmt: skip


def _head(ctx: Context, order_id: UUID, event: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "of": order_id,
        "new_event_count": event["sequence"],
        "new_event_head": event["hash"],
        "new_event_mac": seal_head(ctx.keys, event["chain"], event["sequence"], event["hash"]),
    }


def as_calendar(body: Mapping[str, Any]) -> Calendar:
    """The calendar of one year's body alone; raises Incomplete for what it cannot be."""
    return Calendar(dict([parse_year(body)]))
