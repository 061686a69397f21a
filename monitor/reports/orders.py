"""Orders as a table: which columns there are, and what stands in each cell; no personal column."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from monitor.domain.vocabulary import Channel, Promise, RequestType, State, Urgency
from monitor.domain.workdays import local
from monitor.services import reading, rulebook
from monitor.services.context import Context
from monitor.services.rulebook import Rules
from monitor.storage import deadlines, people
from monitor.storage.deadlines import Clock
from monitor.storage.orders import Order

_CONSENT = {True: "同意", False: "不同意", None: "未表示"}
_LATE = {True: "是", False: "否", None: ""}
_URGENCIES = frozenset(Urgency)


@dataclass(frozen=True, slots=True)
class Labels:
    """The words that cells look up, read once for a whole table."""

    sections: Mapping[str, str]
    topic: Callable[[str | None], str]
    people: Mapping[UUID, str]
    rules: Rules


@dataclass(frozen=True, slots=True)
class Line:
    """One order with the clocks and words that its cells need."""

    order: Order
    answer: Clock | None
    sign: Clock | None
    labels: Labels


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: its word in an address, its title, and its cell as text."""

    code: str
    title: str
    cell: Callable[[Line], str]


def labels(ctx: Context) -> Labels:
    """The words in force now."""
    sections = {code: one.label for code, one in people.sections(ctx.session).items()}
    rules = rulebook.current(ctx)
    return Labels(sections, rules.topic_label, people.names(ctx.session), rules)


def lines(ctx: Context, found: Sequence[Order], words: Labels) -> Iterator[Line]:
    """The orders of one page, each with its last clocks: one query."""
    clocks = deadlines.of_orders(ctx.session, [order.id for order in found])
    for order in found:
        own = {clock.promise: clock for clock in clocks.get(order.id, [])}
        yield Line(order, own.get(Promise.ANSWER), own.get(Promise.SIGN), words)


def cells(line: Line, headings: Sequence[Heading]) -> list[str]:
    """A row of the table."""
    return [heading.cell(line) for heading in headings]


def chosen(codes: Sequence[str]) -> tuple[Heading, ...]:
    """The known columns among these, each once, in this order."""
    return tuple(HEADINGS[code] for code in dict.fromkeys(codes) if code in HEADINGS)


def _moment(at: datetime | None) -> str:
    return f"{local(at):%Y-%m-%d %H:%M}" if at else ""


def _received(line: Line) -> str:
    at = _moment(line.order.received_at)
    return at[:10] if line.order.date_only else at


def _urgency(line: Line) -> str:
    word = line.order.urgency or line.order.suggested_urgency or ""
    return Urgency(word if word in _URGENCIES else Urgency.NORMAL).label


def _kind(line: Line) -> str:
    kind = line.order.request_type or line.order.suggested_type
    return RequestType(kind).label if kind else ""


HEADINGS: Mapping[str, Heading] = {
    heading.code: heading
    for heading in (
        Heading("number", "受理编号", lambda line: line.order.number),
        Heading("upstream", "上级平台编号", lambda line: line.order.upstream_no or ""),
        Heading("channel", "渠道", lambda line: Channel(line.order.channel).label),
        Heading("received", "来件时间", _received),
        Heading("title", "标题", lambda line: reading.redact(line.labels.rules, line.order.title)),
        Heading("state", "状态", lambda line: State(line.order.state).label),
        Heading("urgency", "紧急程度", _urgency),
        Heading("type", "诉求类型", _kind),
        Heading("topic", "主题",
                lambda line: line.labels.topic(line.order.topic or line.order.suggested_topic)),
        Heading("section", "主办科室",
                lambda line: line.labels.sections.get(line.order.section or "", "")),
        Heading("co_sections", "协办科室",
                lambda line: "、".join(line.labels.sections.get(code, code)
                                      for code in line.order.co_sections)),
        Heading("due", "答复期限",
                lambda line: _moment(line.answer.due_at if line.answer else None)),
        Heading("answered", "答复时间",
                lambda line: _moment(line.answer.ended_at if line.answer else None)),
        Heading("late", "答复是否超期",
                lambda line: _LATE[line.answer.late if line.answer else None]),
        Heading("handler", "承办人",
                lambda line: line.labels.people.get(line.order.handler_id, "")
                if line.order.handler_id else ""),
        Heading("registered", "登记时间", lambda line: _moment(line.order.registered_at)),
        Heading("decided", "研判时间", lambda line: _moment(line.order.decided_at)),
        Heading("signed", "签收时间",
                lambda line: _moment(line.sign.ended_at if line.sign else None)),
        Heading("returns", "退单次数", lambda line: str(line.order.returns)),
        Heading("round", "第几轮", lambda line: str(line.order.round)),
        Heading("consent", "是否同意公开", lambda line: _CONSENT[line.order.consent]),
    )
}  # fmt: skip
# What a table holds when nobody chose its columns.
STANDARD = (
    "number", "upstream", "channel", "received", "title", "state", "urgency", "type", "topic",
    "section", "co_sections", "due", "answered", "late",
)  # fmt: skip
