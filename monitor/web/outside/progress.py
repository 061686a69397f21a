"""Where a letter stands, for the person who wrote it: steps, dates, the answer; no person in it."""

from dataclasses import dataclass, field
from datetime import date, datetime

from monitor.domain.remaining import date_words, limit_words, short_date
from monitor.domain.story import span_of_days
from monitor.domain.vocabulary import (
    AnswerWay,
    Ask,
    Channel,
    Promise,
    RequestType,
    State,
    Urgency,
)
from monitor.domain.workdays import local
from monitor.services import reckoning, rulebook
from monitor.services.context import Context
from monitor.services.rulebook import Rules
from monitor.storage import answers, casework, deadlines, people
from monitor.storage.answers import Publication
from monitor.storage.deadlines import Clock
from monitor.storage.orders import Order
from monitor.web import views

_ANSWERED = frozenset({State.ANSWERED, State.TO_ARCHIVE, State.ARCHIVED})
_SENT_ON = frozenset(State) - {State.TRIAGE, State.MERGED, State.NOTIFIED, State.RETURN_PENDING}
_AT_WORK = frozenset({State.IN_HAND, State.DEFERRED, State.IN_REVIEW, State.TO_RELEASE})
_WAYS = {
    AnswerWay.SHOWN: "已在本页答复",
    AnswerWay.SENT: "已书面或邮件答复，并在本页显示",
    AnswerWay.TOLD: "已电话或当面告知，并在本页显示",
}


@dataclass(frozen=True, slots=True)
class Stage:
    """One step: done, now or to wait for."""

    title: str
    state: str
    when: str = ""
    detail: str = ""
    by: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """Why the answer is due on that day."""

    day: str
    sentence: str
    counted: str
    given: str


@dataclass(frozen=True, slots=True)
class Progress:
    """All that the page of one letter shows."""

    summary: str
    stages: tuple[Stage, ...]
    answer: str
    answered_at: datetime | None
    why: Why | None
    may_take_back: bool
    published: str = ""
    note: str = ""


@dataclass(frozen=True)
class _Facts:
    ctx: Context
    rules: Rules
    order: Order
    state: State
    section: str
    clocks: dict[Promise, Clock]
    decisions: list[Publication] = field(default_factory=list)

    @property
    def answered(self) -> bool:
        return self.state in _ANSWERED

    def day(self, moment: datetime | date) -> str:
        on = local(moment).date() if isinstance(moment, datetime) else moment
        return "今天" if on == local(self.ctx.now).date() else short_date(on, self.ctx.now)


def of_order(ctx: Context, order: Order) -> Progress:
    """The progress of one order as its requester may see it."""
    sections = people.sections(ctx.session)
    clocks: dict[Promise, Clock] = {}
    for clock in deadlines.of_order(ctx.session, order.id):
        if clock.round == order.round and clock.cancelled_at is None:
            clocks[Promise(clock.promise)] = clock
    facts = _Facts(
        ctx=ctx,
        rules=rulebook.current(ctx),
        order=order,
        state=State(order.state),
        section=sections[order.section].label if order.section in sections else "",
        clocks=clocks,
        decisions=answers.publications(ctx.session, order.id),
    )
    told = answers.told(ctx.session, order.id) if facts.answered else None
    released = answers.released_one(ctx.session, order.number)
    kind = order.request_type or order.suggested_type
    received = local(order.received_at)
    words = [f"{Channel(order.channel).label}来信" if order.channel == Channel.MAILBOX
             else Channel(order.channel).label]  # fmt: skip
    words += [RequestType(kind).label] if kind else []
    at = "" if order.date_only else f" {received:%H:%M}"
    words.append(f"{short_date(received.date(), ctx.now)}{at} 收到")
    return Progress(
        summary="，".join(words),
        stages=_stages(facts),
        answer=told[1].text if told else "",
        answered_at=told[0].at if told else None,
        why=_why(facts),
        may_take_back=order.consent is True and released is None and not _ended(facts),
        published=released.number if released else "",
        note="已公开的，由办公室核实后撤下。" if released else "",
    )


def _ended(facts: _Facts) -> bool:
    return facts.state in {State.MERGED, State.NOTIFIED}


def _stages(facts: _Facts) -> tuple[Stage, ...]:
    received = facts.day(facts.order.received_at)
    if facts.state is State.MERGED:
        detail = "与同一事项较早的来信合并办理，答复时一并告知您"
        return Stage("已收到", "done", received), Stage("已合并办理", "now", "", detail)
    if facts.state is State.NOTIFIED:
        return Stage("已收到", "done", received), _declined(facts)
    stages = [_accepted(facts), _contacted(facts), _in_hand(facts), _answer(facts)]
    return tuple(stage for stage in (*stages, _publication(facts)) if stage is not None)


def _declined(facts: _Facts) -> Stage:
    asked = casework.requests(facts.ctx.session, [facts.order.id]).get(facts.order.id, [])
    granted = [one for one in asked if one.kind == Ask.DECLINE and one.granted]
    told = granted[-1].details.get("told", "") if granted else ""
    decided = granted[-1].decided_at if granted else None
    detail = f"这件不由本局办理，请通过：{told}" if told else "这件不由本局办理，会联系您说明"
    return Stage("不予受理", "now", facts.day(decided) if decided else "", detail)


def _accepted(facts: _Facts) -> Stage:
    if facts.state is State.TRIAGE:
        return Stage("已收到", "now", facts.day(facts.order.received_at), "正在确定由哪个科室办理")
    when = facts.day(facts.order.decided_at or facts.order.received_at)
    if facts.state not in _SENT_ON:
        return Stage("已受理", "done", when, "正在确定由哪个科室办理")
    detail = f"转{facts.section}办理" if facts.section else "由值班人员直接办理"
    return Stage("已受理", "done", when, detail)


def _contacted(facts: _Facts) -> Stage | None:
    contacts = casework.contacts(facts.ctx.session, facts.order.id)
    if contacts:
        return Stage("已联系您", "done", facts.day(contacts[0].at), "核实情况")
    direct = not facts.section and facts.state in _SENT_ON
    if facts.answered or direct:
        return None
    clock = facts.clocks.get(Promise.CONTACT)
    if clock is None or clock.ended_at:
        return Stage("联系您", "wait", "", "需要核实时与您联系")
    due = local(clock.due_at)
    return Stage("联系您", "wait", f"{short_date(due.date())} {due:%H:%M} 前", "核实情况")


def _in_hand(facts: _Facts) -> Stage:
    if facts.answered:
        return Stage("办理中", "done", "", facts.section and f"{facts.section}办理完毕")
    if facts.state not in _AT_WORK:
        return Stage("办理中", "wait", "", "科室签收后开始")
    detail = "一时难以解决，已列入跟踪办理" if facts.state is State.DEFERRED else _latest(facts)
    return Stage("办理中", "now", "今天", detail)


def _latest(facts: _Facts) -> str:
    clock = facts.clocks.get(Promise.ANSWER)
    if clock is None or clock.ended_at:
        return "正在办理"
    calendar, today = facts.rules.calendar, local(facts.ctx.now).date()
    due = local(clock.due_at).date()
    if due < today:
        return f"应于 {date_words(due, calendar)}答复，已超过期限，正在抓紧办理"
    left = calendar.workdays_between(today, due)
    rest = f"，还有 {left} 个工作日" if left else "，今天是最后一天" if due == today else ""
    return f"最迟 {date_words(due, calendar)}答复{rest}"


def _answer(facts: _Facts) -> Stage:
    if facts.answered:
        acts = answers.acts(facts.ctx.session, facts.order.id)
        if acts:
            detail = _WAYS.get(AnswerWay(acts[-1].way), "已答复，并在本页显示")
            return Stage("答复", "done", facts.day(acts[-1].at), detail)
        return Stage("答复", "done")
    clock = facts.clocks.get(Promise.ANSWER)
    when = f"{short_date(local(clock.due_at).date(), facts.ctx.now)}前" if clock else ""
    return Stage("答复", "wait", when, "答复后在本页显示")


def _publication(facts: _Facts) -> Stage:
    released = [one for one in facts.decisions if one.released]
    if released and released[-1].withdrawn_at:
        return Stage("公开", "done", facts.day(released[-1].withdrawn_at), "已撤下，不再公开")
    if released:
        return Stage("公开", "done", facts.day(released[-1].released_at), "已隐去个人信息公开")
    if facts.order.consent is not True:
        never = "登记时没有同意公开" if facts.order.consent is None else "按您的意愿"
        return Stage("公开", "wait", "不公开", f"{never}，只答复您本人")
    if facts.decisions:
        return Stage("公开", "wait", "不公开", "经审核决定不公开")
    rule = reckoning.rule_for(
        facts.rules, Promise.PUBLISH, facts.order.channel, facts.order.request_type,
        facts.order.urgency, facts.order.received_on,
    )  # fmt: skip
    if rule is None:
        return Stage("公开", "wait", "", "您已同意公开，审核后公布")
    limit = rule.limit(Urgency(facts.order.urgency) if facts.order.urgency else None)
    return Stage(
        "公开", "wait", _publish_by(facts, limit.amount),
        f"您已同意公开，答复后 {limit_words(limit)}内",
    )  # fmt: skip


def _publish_by(facts: _Facts, amount: int) -> str:
    own, answer = facts.clocks.get(Promise.PUBLISH), facts.clocks.get(Promise.ANSWER)
    if own is not None:
        return f"{short_date(own.due_on, facts.ctx.now)}前"
    if answer is None:
        return ""
    begin = local(answer.ended_at).date() if answer.ended_at else answer.due_on
    last = facts.rules.calendar.add_workdays(max(begin, local(facts.ctx.now).date()), amount)
    return f"{short_date(last, facts.ctx.now)}前"


def _why(facts: _Facts) -> Why | None:
    clock = facts.clocks.get(Promise.ANSWER)
    if clock is None or _ended(facts):
        return None
    told = views.trace(facts.ctx, clock)
    runs: list[tuple[date, date]] = []
    for cell in told.days:
        if not cell.counts:
            continue
        if runs and (cell.date - runs[-1][1]).days == 1:
            runs[-1] = runs[-1][0], cell.date
        else:
            runs.append((cell.date, cell.date))
    counted = "、".join(span_of_days(*run) for run in runs)
    day = short_date(local(clock.due_at).date(), facts.ctx.now)
    return Why(day, told.sentence, counted, told.given)
