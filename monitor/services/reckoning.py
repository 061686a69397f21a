"""Reckon one clock from its stored inputs: which rule, when due, how it ended, its story."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from monitor.domain import deadlines as reckoning
from monitor.domain.rulepack import Pause, Rule, Start, is_late
from monitor.domain.story import Due
from monitor.domain.vocabulary import Arithmetic, Channel, Promise, RequestType, Urgency
from monitor.domain.workdays import local
from monitor.services import rulebook
from monitor.services.context import Context
from monitor.services.rulebook import Rules
from monitor.storage import deadlines as storage
from monitor.storage.deadlines import Clock


def rule_for(
    rules: Rules,
    promise: Promise,
    channel: str,
    request_type: str | None,
    urgency: str | None,
    on: date,
) -> Rule | None:
    """The rule that makes this promise to such a record; None where nothing is promised."""
    return rules.deadlines.select(
        promise,
        Channel(channel),
        RequestType(request_type) if request_type else None,
        Urgency(urgency) if urgency else None,
        on,
    )


def due_values(
    rules: Rules, rule: Rule, clock: Mapping[str, Any], *, not_before: datetime | None = None
) -> dict[str, Any]:
    """Due time and what it leans on, for a clock's stored inputs."""
    urgency = Urgency(clock["urgency"]) if clock["urgency"] else None
    due = reckoning.due_at(
        rule,
        clock["started_at"],
        rules.calendar,
        urgency=urgency,
        date_only=clock["date_only"],
        pauses=pauses_of(clock["pauses"]),
        extension_days=clock["extension"],
        not_before=not_before,
    )
    first, last = sorted((local(clock["started_at"]).date(), due.date()))
    return {
        "due_at": due,
        "due_on": due.date(),
        "provisional": reckoning.leans_on_provisional(
            rule, first, last, rules.calendar, urgency=urgency
        ),
        "calendar_version": rules.calendar.edition(first, last),
    }


def rule_of(rules: Rules, clock: Clock) -> Rule:
    """The rule by which a clock was reckoned: its version, as its round of handling has it."""
    rule = rules.deadlines.version(clock.rule, clock.rule_version, clock.rule_pack)
    return reckoning.in_round(rule, clock.round)


def given_values(due: datetime) -> dict[str, Any]:
    """What a clock's row holds when the upstream named its due time: no calendar moves that."""
    return {"due_at": due, "due_on": local(due).date(), "given_due": True, "provisional": False}


def pauses_of(stored: Sequence[Mapping[str, Any]]) -> tuple[Pause, ...]:
    """Stored pauses as the arithmetic wants them."""
    return tuple(
        Pause(date.fromisoformat(p["first"]), date.fromisoformat(p["last"]), p["cause"])
        for p in stored
    )


def end_values(rules: Rules, clock: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """What a clock's row holds once it has ended: lateness, and time used in seconds."""
    rule = rules.deadlines.version(clock["rule"], clock["rule_version"], clock["rule_pack"])
    limit = rule.limit(Urgency(clock["urgency"]) if clock["urgency"] else None)
    started = clock["started_at"]
    arithmetic = Arithmetic.WALL_HOURS if clock["given_due"] else limit.arithmetic
    return {
        "ended_at": at,
        "late": is_late(arithmetic, clock["due_at"], at, limit.closes),
        "wall_seconds": max(0, round((at - started).total_seconds())),
        "work_seconds": max(0, rules.calendar.working_seconds(started, at)),
    }


def story(ctx: Context, clock: Clock) -> Due:
    """How a clock's due time came about, day by day."""
    rules = rulebook.current(ctx)
    rule = rule_of(rules, clock)
    start = clock.started_at
    if rule.start is Start.ANSWER_DUE:
        answers = [
            c
            for c in storage.of_order(ctx.session, clock.order_id)
            if c.promise == Promise.ANSWER and c.round == clock.round
        ]
        start = answers[-1].due_at if answers else clock.due_at
    return reckoning.due(
        rule,
        start,
        rules.calendar,
        urgency=Urgency(clock.urgency) if clock.urgency else None,
        date_only=clock.date_only,
        pauses=pauses_of(clock.pauses),
        extension_days=clock.extension,
        not_before=clock.started_at if rule.start is Start.ANSWER_DUE else None,
    )


def told(due: Due) -> dict[str, Any]:
    """How a due time came about, as values: what machines and `--json` are told."""
    return {
        "due": local(due.at).isoformat(),
        "provisional": due.provisional,
        "rule": due.rule.code,
        "version": due.version,
        "basis": due.basis,
        "calendar": due.calendar,
        "sentence": due.sentence,
        "trace": [
            {
                "day": cell.day.isoformat(),
                "counts": cell.counts,
                "why": cell.why,
                "number": cell.number,
            }
            for cell in due.trace
        ],
    }
