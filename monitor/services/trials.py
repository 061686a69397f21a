"""Try a change of rules on real orders before it is published; nothing is written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from classifiers.urgency import UrgencyReader
from monitor.domain import review
from monitor.domain.dispatch import Route, route
from monitor.domain.supervision import cards as rules_of_cards
from monitor.domain.vocabulary import Channel, RequestType, Urgency
from monitor.domain.workdays import local
from monitor.services import preparing, reading
from monitor.services.context import Context
from monitor.services.rulebook import Rules
from monitor.services.supervision import sweeping
from monitor.storage import rulebook as storage
from monitor.storage.deadlines import Clock
from monitor.storage.orders import Order
from monitor.storage.supervision import watch

MOST = 2_000


@dataclass(frozen=True, slots=True)
class Moved:
    """An order for which the change makes a difference: what, and by which rule, before and after.

    The title is masked: who keeps the rules need not know who wrote.
    """

    number: str
    title: str
    was: str
    would: str
    rule_was: str = ""
    rule_would: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """How many orders were looked at, and those for which something changes."""

    what: str
    looked: int
    moved: tuple[Moved, ...]
    capped: bool = False
    which: str = "上月以来最新的"
    note: str = ""


Judged = tuple[str, str]


def sections(ctx: Context, before: Rules, after: Rules) -> Trial:
    """Which section last month's orders were and would be suggested, by which row."""

    def by(rules: Rules) -> Callable[[Order], Judged]:
        def judge(order: Order) -> Judged:
            topic = order.suggested_topic or ""
            text = f"{order.title}\n{order.text}"
            return _of_route(route(rules.guide.rows_of(topic), topic, text))

        return judge

    return _compare(before, "建议科室", _lately(ctx), by(before), by(after))


def urgencies(ctx: Context, before: Rules, after: Rules) -> Trial:
    """Which urgency last month's orders were and would be suggested, by which rule.

    The model in force has its say under both, as it has when a letter comes in.
    """
    tried = _lately(ctx)
    texts = [f"{order.title}\n{order.text}" for order in tried]
    model = preparing.bundle(ctx.settings, before.words).models.get("urgency")
    learnt = model.read_many(texts) if model else None

    def by(rules: Rules) -> Callable[[Order], Judged]:
        read = UrgencyReader(rules.words.urgency).read_many(texts, learnt)
        found = {order.id: one for order, one in zip(tried, read, strict=True)}

        def judge(order: Order) -> Judged:
            one = found[order.id]
            return Urgency(one.label).label, one.rule

        return judge

    return _compare(before, "建议紧急程度", tried, by(before), by(after))


def sign_offs(ctx: Context, before: Rules, after: Rules) -> Trial:
    """Which answers that wait for sign-offs would need others."""

    def by(rules: Rules) -> Callable[[Order], Judged]:
        def judge(order: Order) -> Judged:
            needs = review.required(
                rules.chain,
                channel=Channel(order.channel),
                request_type=RequestType(order.request_type) if order.request_type else None,
                urgency=Urgency(order.urgency) if order.urgency else None,
                will_be_public=order.consent is True,
                legal_asked=order.legal_asked,
            )
            return " → ".join(need.role.label for need in needs), ""

        return judge

    waiting = storage.in_review(ctx.session, MOST)
    return replace(_compare(before, "须经签发", waiting, by(before), by(after)), which="等待签发的")


def cards(ctx: Context, before: Rules, after: Rules) -> Trial:
    """Which cards the clocks that run would have today by each rules, whatever was given."""
    clocks: dict[UUID, list[Clock]] = {}
    found: dict[UUID, Order] = {}
    for clock, order in watch.running(ctx.session, MOST):
        found[order.id] = order
        clocks.setdefault(order.id, []).append(clock)
    counts = [0, 0]

    def by(rules: Rules, place: int) -> Callable[[Order], Judged]:
        def judge(order: Order) -> Judged:
            earned = [
                one.rule
                for clock in clocks[order.id]
                for one in rules_of_cards.earned(
                    rules_of_cards.ahead(
                        rules.cards, sweeping.watched(rules, clock, order), rules.calendar
                    ),
                    ctx.now,
                )
            ]
            counts[place] += len(earned)
            labels = "、".join(dict.fromkeys(rule.level.label for rule in earned))
            return labels, "、".join(dict.fromkeys(rule.code for rule in earned))

        return judge

    tried = _compare(before, "应亮的牌", list(found.values()), by(before, 0), by(after, 1))
    note = f"今天在走的时限按现行规则共 {counts[0]} 张牌，改后共 {counts[1]} 张。亮了的不收回。"
    capped = sum(map(len, clocks.values())) == MOST
    return replace(tried, which="在办工单", note=note, capped=capped)


def _lately(ctx: Context) -> list[Order]:
    this_month = local(ctx.now).date().replace(day=1)
    last_month = (this_month - date.resolution).replace(day=1)
    return storage.lately(ctx.session, last_month, MOST)


def _compare(
    rules: Rules,
    what: str,
    found: Sequence[Order],
    before: Callable[[Order], Judged],
    after: Callable[[Order], Judged],
) -> Trial:
    moved = []
    for order in found:
        (was, rule_was), (would, rule_would) = before(order), after(order)
        if (was, rule_was) != (would, rule_would):
            title = reading.redact(rules, order.title)
            moved.append(Moved(order.number, title, was, would, rule_was, rule_would))
    return Trial(what, len(found), tuple(moved), capped=len(found) == MOST)


def _of_route(found: Route | None) -> Judged:
    return (found.row.section, found.row.number) if found else ("", "")
