"""Another rule for a clock that runs, and a clock reckoned anew; the old reckoning stays beside."""

from dataclasses import dataclass
from typing import Any

from monitor.domain import numbers
from monitor.domain.deadlines import in_round
from monitor.domain.errors import Incomplete, Refused
from monitor.domain.remaining import moment_words
from monitor.domain.rulepack import Rule, Start
from monitor.domain.vocabulary import Channel, Promise
from monitor.domain.workdays import local
from monitor.services import aligning, reckoning, rulebook
from monitor.services.context import Context
from monitor.storage import deadlines as storage
from monitor.storage.deadlines import Clock
from monitor.storage.orders import Order

MOVES = frozenset({"choose_rule", "change_rule", "rereckon"})
# The others hang on another clock, on another section, or on a day that somebody named.
_OWN = (Promise.TRIAGE, Promise.ACK, Promise.CONTACT, Promise.ANSWER, Promise.PUBLISH)
_REMEDY = "请看时限条，或由上级平台、并入的工单决定。"


@dataclass(frozen=True, slots=True)
class Choice:
    """A rule that a clock may be put under; without a clock it begins one from the receipt."""

    rule: Rule
    clock: Clock | None
    values: dict[str, Any]

    @property
    def words(self) -> str:
        """The promise, the rule and the time to which it comes, as a form offers it."""
        due = moment_words(self.values["due_at"])
        return f"{self.rule.promise.label}：{self.rule.short} {self.rule.name}，到 {due}"


def choices(ctx: Context, order: Order) -> list[Choice]:
    """The rules that a person may choose for this order now, with what each comes to."""
    rules = rulebook.current(ctx)
    running = {Promise(c.promise): c for c in _open(ctx, order)}
    found = []
    for rule in rules.deadlines.rules:
        clock = running.get(rule.promise)
        if not _fits(ctx, order, rule, clock) or (clock is None and not _begins(ctx, order, rule)):
            continue
        if clock is not None and (rule.code == clock.rule or not _same_start(rules, clock, rule)):
            continue
        inputs = clock.model_dump() if clock else _fresh(ctx, order, rule)
        # The rule of the day on which the clock began, as it would have been then.
        if rule.in_force(local(inputs["started_at"]).date()):
            values = reckoning.due_values(rules, in_round(rule, inputs["round"]), inputs)
            found.append(Choice(rule, clock, values))
    return found


def choose(ctx: Context, order: Order, code: str, reason: str) -> None:
    """Put the clock under the rule; from the same start, with its pauses and extension."""
    choice = next((one for one in choices(ctx, order) if one.rule.code == code), None)
    if choice is None:
        raise Incomplete(
            "这条规则不适用于本单现在的时限。", fields={"rule": "请从列表中选择"}, remedy=_REMEDY
        )
    why = f"改用 {choice.rule.short} {choice.rule.name}：{reason.strip()}"
    if choice.clock is None:
        clock = Clock(**_fresh(ctx, order, choice.rule), **choice.values, chosen=True)
        ctx.session.add(clock)
        ctx.session.flush()
        _told(ctx, order, clock, why)
        return
    _replace(ctx, order, choice, why, chosen=True)


def rereckonable(ctx: Context, order: Order) -> list[Choice]:
    """Clocks that the rule now in force would reckon otherwise than they were."""
    rules, today = rulebook.current(ctx), local(ctx.now).date()
    found = []
    for clock in _open(ctx, order):
        codes = [rule for rule in rules.deadlines.rules if rule.code == clock.rule]
        rule = next((one for one in codes if one.in_force(today)), None)
        if rule is None or not _same_start(rules, clock, rule):
            continue
        inputs = clock.model_dump()
        values = reckoning.due_values(rules, in_round(rule, clock.round), inputs)
        known = (clock.rule_version, clock.rule_pack or rule.pack)
        if known != (rule.version, rule.pack):
            found.append(Choice(rule, clock, values))
    return found


def rereckon(ctx: Context, order: Order, promise: str, reason: str) -> None:
    """Reckon one clock by the rule now in force, from the same start."""
    choice = next((one for one in rereckonable(ctx, order) if one.rule.promise == promise), None)
    if choice is None or choice.clock is None:
        raise Incomplete(
            "这条时限与现行规则一致，不用重算。", fields={"clock": "请从列表中选择"}, remedy=_REMEDY
        )
    why = f"按 {choice.rule.short} 第 {choice.rule.version} 版重算：{reason.strip()}"
    _replace(ctx, order, choice, why, chosen=choice.clock.chosen)


def obstacle(ctx: Context, order: Order, name: str) -> str:
    """Why there is nothing to choose or to reckon anew; empty where there is."""
    if name == "rereckon":
        return "" if rereckonable(ctx, order) else "在走的时限都与现行规则一致"
    return "" if choices(ctx, order) else "没有别的规则可选，或期限是上级平台写明的"


def _open(ctx: Context, order: Order) -> list[Clock]:
    """The clocks that run by a rule of ours; what the upstream or a person has dated stays."""
    found = storage.running(ctx.session, [order.id], _OWN)
    return [clock for clock in found if not clock.given_due]


def _fits(ctx: Context, order: Order, rule: Rule, clock: Clock | None) -> bool:
    """A rule that is chosen by hand, or the one that would have been picked without a hand."""
    if rule.promise not in _OWN or (rule.channels and Channel(order.channel) not in rule.channels):
        return False
    if rule.by_hand or clock is None:
        return rule.by_hand
    picked = reckoning.rule_for(
        rulebook.current(ctx), rule.promise, order.channel,
        order.request_type or order.suggested_type, order.urgency or order.suggested_urgency,
        local(clock.started_at).date(),
    )  # fmt: skip
    return picked is not None and picked.code == rule.code


def _begins(ctx: Context, order: Order, rule: Rule) -> bool:
    """Whether a rule chosen by hand may begin a clock that no other rule has begun."""
    if not rule.by_hand or rule.start is not Start.RECEIPT or not rule.channels:
        return False
    past = storage.of_order(ctx.session, order.id)
    mine = [clock for clock in past if clock.promise == rule.promise and not clock.aside]
    return not any(clock.round == order.round for clock in mine)


def _same_start(rules: rulebook.Rules, clock: Clock, rule: Rule) -> bool:
    """Whether both count from the same event; acceptance is counted from the receipt."""
    known = rules.deadlines.version(clock.rule, clock.rule_version, clock.rule_pack)
    at_receipt = {Start.RECEIPT, Start.ACCEPTANCE}
    return known.start is rule.start or {known.start, rule.start} <= at_receipt


def _fresh(ctx: Context, order: Order, rule: Rule) -> dict[str, Any]:
    return {
        "id": numbers.new_id(ctx.now),
        "order_id": order.id,
        "promise": str(rule.promise),
        "round": order.round,
        "rule": rule.code,
        "rule_version": rule.version,
        "rule_pack": rule.pack,
        "urgency": order.urgency or order.suggested_urgency,
        "started_at": order.received_at,
        "date_only": order.date_only,
        "pauses": [],
        "extension": 0,
        "channel": order.channel,
        "section": order.section,
        "historical": order.historical,
    }


def _replace(ctx: Context, order: Order, choice: Choice, why: str, *, chosen: bool) -> None:
    """The clock under its new rule; what it was before stands aside, cancelled."""
    clock, rule = choice.clock, choice.rule
    if clock is None or clock.ended_at is not None or clock.cancelled_at is not None:
        raise Refused("这条时限已经结束，不再重算。")
    before = clock.model_dump() | {"id": numbers.new_id(ctx.now), "aside": why}
    ctx.session.add(Clock(**before | {"cancelled_at": ctx.now, "watch_at": None}))
    was_due = clock.due_at
    clock.rule, clock.rule_version, clock.rule_pack = rule.code, rule.version, rule.pack
    clock.chosen = chosen
    if clock.promise != Promise.ANSWER:
        aligning.put(clock, choice.values)
    ctx.session.add(clock)
    ctx.session.flush()
    aligning.follow_children(ctx, order, why=why)
    if clock.promise != Promise.ANSWER and clock.due_at != was_due:
        _told(ctx, order, clock, why)


def _told(ctx: Context, order: Order, clock: Clock, why: str) -> None:
    ctx.record(
        "due_moved", order, promise=clock.promise, rule=clock.rule, due=clock.due_at, why=why
    )
