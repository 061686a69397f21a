"""What a change of the calendar would move: reckoned once for all clocks of one kind."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from monitor.domain.rulepack import Start
from monitor.domain.vocabulary import Arithmetic, Promise, Urgency
from monitor.domain.workdays import midnight
from monitor.services import reckoning
from monitor.services.clockwork import calendars
from monitor.services.clockwork.calendars import Change
from monitor.services.context import Context
from monitor.services.rulebook import Rules
from monitor.storage import orders
from monitor.storage.supervision import kinds
from monitor.storage.supervision import reckoning as storage

_SHOWN = 100
Row = Mapping[str, Any]


@dataclass
class Preview:
    """What publishing a year would do: clocks looked at, moved, that become late; the first."""

    looked: int = 0
    moved: int = 0
    late: int = 0
    first: list[tuple[str, str, datetime, datetime]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Kind:
    """Clocks that are due at one moment and would be due at another."""

    row: Row
    due: datetime

    @property
    def moves(self) -> bool:
        return bool(self.due != self.row["due_at"])


def preview(ctx: Context, change: Change) -> Preview:
    """What would move; nothing is written."""
    found, moved = Preview(), []
    for kind in (*_clocks(ctx, change), *_hand_ins(ctx, change)):
        number = kind.row["number"]
        found.looked += number
        if kind.moves:
            found.moved += number
            found.late += number * (kind.due < ctx.now <= kind.row["due_at"])
            moved.append(kind)
    found.first = _first(ctx, change, moved)
    return found


def _clocks(ctx: Context, change: Change) -> Iterator[_Kind]:
    """All but the hand-ins; those that count office hours by the moment of their start."""
    hours: set[str] = set()
    for row in kinds.by_day(ctx.session, change.first):
        rule, limit = _rule(change.after, row)
        if row["day"] > change.last or row["promise"] == Promise.SUBMIT:
            continue
        if limit.arithmetic is Arithmetic.WORKING_HOURS:
            hours.add(rule.code)
        elif limit.in_days:
            yield _Kind(row, _due(change, {**row, "started_at": midnight(row["day"])}))
        else:
            yield _Kind(row, row["due_at"])
    if hours:
        for row in kinds.by_moment(ctx.session, change.first, sorted(hours)):
            if _rule(change.after, row)[1].arithmetic is Arithmetic.WORKING_HOURS:
                yield _Kind(row, _due(change, row))


def _due(change: Change, row: Row) -> datetime:
    """Where the change moves it; what a merge or a person has set otherwise stays."""
    if _reckoned(change.before, row) != row["due_at"]:
        return row["due_at"]  # type: ignore[no-any-return]
    return _reckoned(change.after, row)


def _reckoned(rules: Rules, row: Row) -> datetime:
    inputs = {"date_only": False, **row, "pauses": json.loads(row["pauses"])}
    return reckoning.due_values(  # type: ignore[no-any-return]
        rules, calendars.rule_in(rules, row), inputs
    )["due_at"]


def _hand_ins(ctx: Context, change: Change) -> Iterator[_Kind]:
    """The hand-ins follow their answers; those that began near their due time one by one."""
    near: set[datetime] = set()
    rows = kinds.hand_ins(ctx.session, change.first)
    bounds = [
        (_handed_in(change, row, row["earliest"]), _handed_in(change, row, row["latest"]))
        for row in rows
    ]
    near = {row["due_at"] for row, (low, high) in zip(rows, bounds, strict=True) if low != high}
    for row, (low, _) in zip(rows, bounds, strict=True):
        if row["due_at"] not in near:
            yield _Kind(row, low)
    if near:
        for row in kinds.hand_ins(ctx.session, change.first, sorted(near)):
            yield _Kind(row, _handed_in(change, row, row["earliest"]))


def _handed_in(change: Change, row: Row, started: datetime) -> datetime:
    answer = {name.removeprefix("answer_"): row[name] for name in row if name.startswith("answer_")}
    answer["started_at"] = midnight(answer["day"])
    rule, limit = _rule(change.after, answer)
    if not limit.in_days or answer["day"] > change.last:
        return row["due_at"]  # type: ignore[no-any-return]
    due = _due(change, answer)
    rule = calendars.rule_in(change.after, row)
    if due == answer["due_at"] or rule.start is not Start.ANSWER_DUE:
        return row["due_at"]  # type: ignore[no-any-return]
    inputs = {"started_at": due, "urgency": row["urgency"], "date_only": False, "pauses": []}
    values = reckoning.due_values(
        change.after, rule, {**inputs, "extension": 0}, not_before=started
    )
    return values["due_at"]  # type: ignore[no-any-return]


def _rule(rules: Rules, row: Row) -> tuple[Any, Any]:
    rule = calendars.rule_in(rules, row)
    return rule, rule.limit(Urgency(row["urgency"]) if row["urgency"] else None)


def _first(
    ctx: Context, change: Change, moved: list[_Kind]
) -> list[tuple[str, str, datetime, datetime]]:
    """The first of them with their orders, reckoned one by one as they will be."""
    shown: list[tuple[Any, str, datetime, datetime]] = []
    seen: set[Any] = set()
    for kind in moved:
        if len(shown) >= _SHOWN:
            break
        row = kind.row
        ids = kinds.some_orders(ctx.session, row["promise"], row["rule"], row["due_at"], _SHOWN)
        for order_id, clocks in storage.clocks_of(ctx.session, set(ids) - seen).items():
            seen.add(order_id)
            shown += [
                (order_id, Promise(one.clock["promise"]).label, one.clock["due_at"],
                 one.values["due_at"])
                for one in calendars.moves(change, clocks)[0]
                if one.moves
            ]  # fmt: skip
    del shown[_SHOWN:]
    known = orders.by_ids(ctx.session, list({order_id for order_id, *_ in shown}))
    return [(known[of].number, label, due, after) for of, label, due, after in shown]
