"""Cards by rule: which an order has earned at a moment, and when the next one falls due.

The moment of a card follows from its clock alone, so that a watch that stood still for a day,
ran twice or ran late gives the same cards.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from monitor.domain.errors import Incomplete
from monitor.domain.rulepack import Limit, late_from
from monitor.domain.vocabulary import Channel, Promise, Word
from monitor.domain.workdays import Calendar, local, midnight

_MOST = 3660
_WHOLE = 100


class Level(Word):
    """How grave a card is, mildest first."""

    WARN = "warn", "预警"
    CHASE = "chase", "催办"
    YELLOW = "yellow", "黄牌"
    RED = "red", "红牌"
    CRITICISM = "criticism", "通报批评"
    LISTED = "listed", "督办"
    RAISED = "raised", "提级督办"

    @property
    def rank(self) -> int:
        """0 for the mildest."""
        return list(Level).index(self)


_BY_HAND = frozenset({Level.CHASE, Level.LISTED, Level.RAISED})


class When(Word):
    """What gives a card."""

    LEFT = "left", "剩余工作日"
    USED = "used", "已用百分之"
    LATE = "late", "超期超过（工作日）"
    CHASED = "chased", "催办后超过（工作日）"
    ROUND = "round", "办到第几轮"
    RETURNS = "returns", "第几次退单"
    BY_HAND = "by_hand", "由人决定"


class Receiver(Word):
    """Who is told of a card."""

    HANDLER = "handler", "承办人"
    SECTION_HEAD = "section_head", "科室负责人"
    DUTY = "duty", "值班员"
    REVIEWER = "reviewer", "办公室审核"
    OFFICE_HEAD = "office_head", "办公室负责人"
    LEADER = "leader", "分管领导"


@dataclass(frozen=True, slots=True)
class CardRule:
    """One rule: which card, for which clocks, when, who is told, on what ground.

    Whoever has not looked within so many office hours is passed over, one step up; 0: nobody is.
    """

    code: str
    name: str
    level: Level
    when: When
    amount: int
    promises: frozenset[Promise] = frozenset()
    channels: frozenset[Channel] = frozenset()
    tells: tuple[Receiver, ...] = ()
    basis: str = ""
    version: int = 1
    seen_within: int = 0


@dataclass(frozen=True, slots=True)
class Watched:
    """What of a clock and its order decides on cards."""

    promise: Promise
    channel: Channel
    started_at: datetime
    due_at: datetime
    limit: Limit
    round: int = 1
    returns: int = 0


@dataclass(frozen=True, slots=True)
class Earned:
    """A card and the moment from which it is deserved."""

    rule: CardRule
    since: datetime = field(compare=False)


def parse(bodies: Collection[Mapping[str, Any]]) -> tuple[CardRule, ...]:
    """The rules of `data/rulebook/cards.toml`, in their order."""
    return tuple(map(_rule, bodies))


def faults_of(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with a rule as an office wrote it: the field, and a sentence."""
    level, when, amount = Level(body["level"]), When(body["when"]), int(body["amount"])
    if amount > _MOST:
        yield "amount", f"最多 {_MOST}。"
    if when in {When.ROUND, When.RETURNS} and not amount:
        yield "amount", "次数至少是 1。"
    if when is When.USED and not 1 <= amount <= _WHOLE:
        yield "amount", "应在 1 到 100 之间。"
    if when is When.CHASED and level is Level.CHASE:
        yield "when", "催办不能由催办引出，请另选。"
    if when is When.BY_HAND and level not in _BY_HAND:
        yield "when", "由人决定的只有催办、督办和提级督办。"
    if int(body.get("seen_within", 0)) > _MOST:
        yield "seen_within", f"最多 {_MOST}。"


def past(bodies: Collection[Mapping[str, Any]]) -> Iterator[CardRule]:
    """Every version that was ever in force; one that nobody can read any more is left out."""
    for body in bodies:
        try:
            yield _rule(body)
        except Incomplete:
            continue


def still(
    rule: CardRule, versions: Collection[CardRule], watched: Watched, calendar: Calendar,
    now: datetime,
) -> bool:  # fmt: skip
    """Whether a card would be earned by the version by which it was given, whatever holds now."""
    chases = [one for one in versions if one.level is Level.CHASE and one.when is not When.BY_HAND]
    found = ahead([*(chases if rule.when is When.CHASED else ()), rule], watched, calendar)
    return any(one.rule.level is rule.level for one in earned(found, now))


def by_hand(rules: Sequence[CardRule], level: Level) -> CardRule:
    """The rule by which people give a card of this level; a bare one where the office has none."""
    for rule in rules:
        if rule.level is level and rule.when is When.BY_HAND:
            return rule
    return CardRule(level.value, level.label, level, When.BY_HAND, 0)


def ahead(rules: Sequence[CardRule], watched: Watched, calendar: Calendar) -> tuple[Earned, ...]:
    """Every card that this clock will have earned if it runs on, earliest first; one a level."""
    found: dict[Level, Earned] = {}
    chased = None
    # What follows upon a chase is reckoned last, when that moment is known.
    for rule in sorted(rules, key=lambda one: one.when is When.CHASED):
        if not _fits(rule, watched):
            continue
        since = _moment(rule, watched, chased, calendar)
        if since is None:
            continue
        if rule.level is Level.CHASE and (chased is None or since < chased):
            chased = since
        if rule.level not in found or since < found[rule.level].since:
            found[rule.level] = Earned(rule, since)
    return tuple(sorted(found.values(), key=lambda one: (one.since, one.rule.level.rank)))


def earned(
    found: Sequence[Earned], now: datetime, ended_at: datetime | None = None
) -> Iterator[Earned]:
    """Those deserved by now; a clock that has ended earns nothing after, and needs no warning."""
    until = now if ended_at is None else min(now, ended_at)
    for one in found:
        if one.since <= until and not (ended_at and one.rule.level is Level.WARN):
            yield one


def next_after(found: Sequence[Earned], now: datetime) -> datetime | None:
    """When to look at this clock again; None when nothing is left to come."""
    return min((one.since for one in found if one.since > now), default=None)


def _fits(rule: CardRule, watched: Watched) -> bool:
    return (
        rule.when is not When.BY_HAND
        and (not rule.promises or watched.promise in rule.promises)
        and (not rule.channels or watched.channel in rule.channels)
    )


def _moment(
    rule: CardRule, watched: Watched, chased: datetime | None, calendar: Calendar
) -> datetime | None:
    limit, started = watched.limit, local(watched.started_at)
    due = local(watched.due_at)
    if rule.when is When.LEFT:
        if not limit.in_days:
            return None
        return calendar.opening(calendar.add_workdays(due.date(), -rule.amount))
    if rule.when is When.USED:
        return None if limit.in_days else started + (due - started) * rule.amount / 100
    if rule.when is When.LATE:
        first = late_from(limit.arithmetic, due, limit.closes)
        if not rule.amount:
            return first
        # Late on more than so many working days: from the beginning of the next one.
        return midnight(calendar.add_workdays(due.date(), rule.amount + 1))
    if rule.when is When.CHASED:
        if chased is None:
            return None
        day = (chased - timedelta(microseconds=1)).date()
        return midnight(calendar.add_workdays(day, rule.amount + 1))
    reached = watched.round if rule.when is When.ROUND else watched.returns
    return started if reached >= rule.amount else None


def _rule(body: Mapping[str, Any]) -> CardRule:
    code = body.get("code", "（无编号）")
    try:
        rule = CardRule(
            code=body["code"],
            name=body["name"],
            level=Level(body["level"]),
            when=When(body["when"]),
            amount=int(body["amount"]),
            promises=frozenset(map(Promise, body.get("promises", ()))),
            channels=frozenset(map(Channel, body.get("channels", ()))),
            tells=tuple(map(Receiver, body.get("tells", ()))),
            basis=body.get("basis", ""),
            version=int(body.get("version", 1)),
            seen_within=int(body.get("seen_within", 0)),
        )
    except (KeyError, ValueError) as error:
        raise Incomplete(f"督办规则 {code} 有误：{error}") from error
    if not 0 <= rule.amount <= _MOST:
        raise Incomplete(f"督办规则 {code} 有误：数值须在 0 到 {_MOST} 之间")
    if rule.when in {When.ROUND, When.RETURNS} and not rule.amount:
        raise Incomplete(f"督办规则 {code} 有误：次数至少是 1")
    return rule
