"""Days promised in an answer: proposed from its words, confirmed to a clock, kept or renewed."""

from datetime import date, datetime
from uuid import UUID

from classifiers import pledges as reader
from monitor.domain import deadlines as arithmetic
from monitor.domain import numbers
from monitor.domain.errors import Incomplete, Refused
from monitor.domain.letters import tidy
from monitor.domain.remaining import short_date
from monitor.domain.vocabulary import Promise
from monitor.domain.workdays import local
from monitor.services import rulebook
from monitor.services.context import Context
from monitor.services.handling import dated
from monitor.storage import answers
from monitor.storage.answers import Answer
from monitor.storage.deadlines import Clock
from monitor.storage.handling import pledges as storage
from monitor.storage.handling.pledges import Fate, Pledge
from monitor.storage.orders import Order

RULE = "CN-1"
# Which promises each move is about.
MOVES = {
    "confirm_pledge": Fate.PROPOSED,
    "drop_pledge": Fate.PROPOSED,
    "keep_pledge": Fate.CONFIRMED,
    "renew_pledge": Fate.CONFIRMED,
}


def foreseen(ctx: Context, text: str, told_on: date) -> list[tuple[reader.Pledge, date | None]]:
    """What a text told on that day promises; working days by the office's calendar."""
    calendar = rulebook.current(ctx).calendar
    return [
        (one, calendar.add_workdays(told_on, one.working_days) if one.working_days else one.day)
        for one in reader.find(text, told_on)
    ]


def propose(ctx: Context, order: Order, answer: Answer, told: datetime) -> None:
    """Put down what the answer told at that moment promises, for a person to confirm or drop."""
    ctx.session.flush()
    for one, day in foreseen(ctx, answer.text, local(told).date()):
        row = Pledge(
            id=numbers.new_id(ctx.now),
            order_id=order.id,
            answer_id=answer.id,
            round=order.round,
            quote=one.quote,
            start=one.start,
            due_on=day,
            fate=Fate.PROPOSED,
            at=told,
        )
        ctx.session.add(row)
    ctx.session.flush()


def confirm(ctx: Context, order: Order, pledge_id: str, due_on: date | None) -> None:
    """It is a promise: a clock runs from the answer to that day, and beyond until it is kept."""
    row = _one(ctx, order, pledge_id, "confirm_pledge")
    day = due_on or row.due_on
    answered = local(row.at).date()
    _check(ctx, day, answered)
    row.due_on, row.fate = day, Fate.CONFIRMED
    _decided(ctx, row)
    clock = dated.begin(ctx, order, Promise.PLEDGE, RULE, row.at, due_on=day)
    row.clock_id = clock.id
    ctx.session.add(row)


def drop(ctx: Context, order: Order, pledge_id: str, reason: str) -> None:
    """It is none."""
    row = _one(ctx, order, pledge_id, "drop_pledge")
    row.fate, row.reason = Fate.DROPPED, reason.strip()
    _decided(ctx, row)


def keep(ctx: Context, order: Order, pledge_id: str, proof: str) -> None:
    """It was kept, and this shows it; the clock ends."""
    row = _one(ctx, order, pledge_id, "keep_pledge")
    row.fate, row.proof = Fate.KEPT, tidy(proof)
    row.kept_at, row.kept_by = ctx.now, ctx.person.label
    ctx.session.add(row)
    dated.end(ctx, order, _clock(ctx, row), local(ctx.now).date())


def renew(ctx: Context, order: Order, pledge_id: str, due_on: date | None, reason: str) -> None:
    """Promised anew, once: the first clock ends as it stands and stays beside the new one."""
    row = _one(ctx, order, pledge_id, "renew_pledge")
    if row.renews is not None:
        raise Refused(
            "同一项承诺只能重新承诺一次。", remedy="请尽快兑现并登记凭据，或报分管领导督办。"
        )
    today = local(ctx.now).date()
    _check(ctx, due_on, today)
    dated.end(ctx, order, _clock(ctx, row), today)
    row.fate, row.reason = Fate.RENEWED, reason.strip()
    ctx.session.add(row)
    ctx.session.flush()
    later = Pledge(
        id=numbers.new_id(ctx.now),
        order_id=order.id,
        answer_id=row.answer_id,
        round=row.round,
        quote=row.quote,
        start=row.start,
        due_on=due_on,
        fate=Fate.CONFIRMED,
        renews=row.id,
        at=ctx.now,
        reason=reason.strip(),
    )
    _decided(ctx, later)
    later.clock_id = dated.begin(ctx, order, Promise.PLEDGE, RULE, ctx.now, due_on=due_on).id
    ctx.session.add(later)


def options(ctx: Context, order: Order, move: str) -> list[tuple[str, str]]:
    """The promises that a move may be about, as its form offers them."""
    found = storage.of_order(ctx.session, order.id, [MOVES[move]])
    if move == "renew_pledge":
        found = [row for row in found if row.renews is None]
    return [
        (
            row.id.hex,
            f"{short_date(row.due_on, ctx.now) if row.due_on else '日期不明'}：{row.quote}",
        )
        for row in found
    ]


def meant(ctx: Context, order: Order) -> frozenset[str]:
    """The moves that there is a promise for."""
    fates = {row.fate for row in storage.of_order(ctx.session, order.id)}
    return frozenset(name for name, fate in MOVES.items() if fate in fates)


def obstacle(ctx: Context, order: Order, name: str) -> str:
    """Why the move cannot be made now; empty where it can."""
    return "" if options(ctx, order, name) else "这项承诺已经重新承诺过一次"


def after_answer(ctx: Context, order: Order) -> None:
    """The answer has left the house: what it promises is put down, by the day of answering."""
    acts = answers.acts(ctx.session, order.id)
    answer = answers.latest(ctx.session, order.id)
    if acts and answer is not None and not order.historical:
        propose(ctx, order, answer, acts[-1].at)


def _one(ctx: Context, order: Order, pledge_id: str, move: str) -> Pledge:
    rows = storage.of_order(ctx.session, order.id, [MOVES[move]])
    found = next((row for row in rows if row.id.hex == pledge_id), None)
    if found is None:
        raise Incomplete("没有这项承诺。", fields={"pledge": "请从列表中选择"})
    return found


def _clock(ctx: Context, row: Pledge) -> Clock:
    clock = ctx.session.get(Clock, row.clock_id) if isinstance(row.clock_id, UUID) else None
    if clock is None:
        raise Refused("这项承诺没有在走的时限。")
    return clock


def _check(ctx: Context, day: date | None, first: date) -> None:
    rules = rulebook.current(ctx)
    rule = rules.deadlines.find(RULE, local(ctx.now).date())
    last = arithmetic.due_at(rule, ctx.now, rules.calendar).date()
    if day is None:
        raise Incomplete("请写明承诺的日期。", fields={"due_on": "答复没有写明年份或起算的日子"})
    if not first <= day <= last:
        words = f"承诺日期须在 {short_date(first, ctx.now)} 至 {short_date(last, ctx.now)} 之间"
        raise Incomplete(words + "。", fields={"due_on": words}, rule=rule.code)


def _decided(ctx: Context, row: Pledge) -> None:
    row.decided_at, row.decided_by = ctx.now, ctx.person.label
    ctx.session.add(row)
