"""What is suggested for an order, as cards whose values the address may replace; what it starts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from monitor.domain.dispatch import Route, route
from monitor.domain.remaining import date_words, moment_words, promised
from monitor.domain.rulepack import Rule
from monitor.domain.vocabulary import Arithmetic, Promise, RequestType, Urgency
from monitor.domain.workdays import local
from monitor.services import reckoning, rulebook
from monitor.services.context import Context
from monitor.services.preparing import WORTH_SAYING
from monitor.services.reading.explaining import figure, reasons, why
from monitor.services.rulebook import Rules
from monitor.storage.deadlines import Clock
from monitor.storage.orders import Order, Reading
from monitor.storage.people import Section
from monitor.web.orders import letter
from monitor.web.orders.forms import SURE
from monitor.web.views import Piece

_MOST_OTHERS = 2
_BRIEF = 12
_STARTED = (Promise.SIGN, Promise.CONTACT, Promise.ANSWER, Promise.PUBLISH)
Href = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Choice:
    """What the address puts in place of a suggestion; empty where it says nothing."""

    topic: str = ""
    type: str = ""
    urgency: str = ""
    section: str = ""


@dataclass(frozen=True)
class Suggested:
    """A decision ready to be taken, and what it leans on; `section` is None below 60 %."""

    topic: str
    request_type: str
    urgency: str
    section: str | None
    co_sections: tuple[str, ...] = ()
    catalogue_row: str = ""
    sure: bool = True
    findings: Mapping[str, Any] = field(default_factory=dict)

    def fields(self) -> list[tuple[str, str]]:
        """The decision as the hidden fields of a form."""
        pairs = [
            ("topic", self.topic),
            ("request_type", self.request_type),
            ("urgency", self.urgency),
            ("section", self.section or ""),
            *(("co_sections", code) for code in self.co_sections),
            ("catalogue_row", self.catalogue_row),
        ]
        return [(name, value) for name, value in pairs if value]

    @property
    def whole(self) -> bool:
        """Whether nothing but a person's yes is missing."""
        return bool(self.topic and self.request_type and self.urgency and self.section)


def suggested(
    ctx: Context,
    order: Order,
    findings: Mapping[str, Any],
    choice: Choice,
    sections: Mapping[str, Section],
) -> Suggested:
    """The findings with what the address replaces; another topic is looked up in the catalogue."""
    rules = rulebook.current(ctx)
    topic = _known(choice.topic, rules.topics) or rules.in_tree(order.suggested_topic or "")
    learnt = not choice.topic and not (findings.get("section") or {"rule": "-"}).get("rule")
    hit = None if learnt else _route(rules, topic, order)
    sure = order.confidence is not None and order.confidence >= SURE
    if choice.topic and topic == choice.topic:
        sure = True
    section = hit.row.section if hit else order.suggested_section
    co_sections = hit.row.co_sections if hit else ()
    row = hit.row.number if hit else ""
    if wanted := _known(choice.section, sections):
        if wanted != section:
            row, co_sections = "", ()
        section, sure = wanted, True
    known = section if section and section in sections and sections[section].active else None
    return Suggested(
        topic=topic,
        request_type=_known(choice.type, set(RequestType)) or order.suggested_type or "",
        urgency=_known(choice.urgency, set(Urgency)) or order.suggested_urgency or Urgency.NORMAL,
        section=known if sure else None,
        co_sections=tuple(code for code in co_sections if code in sections and code != known),
        catalogue_row=row,
        sure=sure,
        findings=findings,
    )


def _known(code: str, among: Any) -> str:
    return code if code and code in among else ""


def _route(rules: Rules, topic: str, order: Order) -> Route | None:
    rows = rules.guide.rows_of(topic)
    return route(rows, topic, f"{order.title}\n{order.text}") if topic else None


def cards(
    ctx: Context, order: Order, found: Suggested, sections: Mapping[str, Section], href: Href
) -> list[dict[str, Any]]:
    """The four cards: value, how sure or by which rule, the words that caused it, other values."""
    rules = rulebook.current(ctx)
    lean = order.suggested_section or ""
    parts: tuple[tuple[Any, ...], ...] = (
        ("topic", "主题", "topic", found.topic, rules.in_tree(order.suggested_topic or ""),
         rules.topic_label, list(rules.topics)),
        ("request_type", "诉求类型", "type", found.request_type, order.suggested_type,
         lambda code: RequestType(code).label, list(RequestType)),
        ("urgency", "紧急程度", "urgency", found.urgency, order.suggested_urgency,
         lambda code: Urgency(code).label, list(Urgency)),
        ("section", "主办科室", "section", found.section or "", order.suggested_section,
         lambda code: sections[code].label if code in sections else code, list(sections)),
    )  # fmt: skip
    made = []
    for number, (reader, label, name, value, first, words, all_codes) in enumerate(parts, 1):
        finding = found.findings.get(reader) or {}
        changed = bool(value) and value != first
        stated = {"request_type": order.stated_type, "urgency": order.stated_urgency}.get(reader)
        view: dict[str, Any] = {
            "number": number,
            "label": label,
            "value": words(value) if value else "没有建议",
            "share": None,
            "rule": "",
            "reasons": "",
            "extra": "",
            "manual": reader == "section" and not found.section,
            "alternatives": _others(finding, value, name, words, all_codes, href, changed, first),
            "note": "",
        }
        if changed:
            view["reasons"] = f"已改选，建议是{words(first)}" if first else "已选定"
        elif stated and stated == value and finding.get("label") != value:
            view["reasons"] = "来件写明"
        else:
            view.update(_grounds(ctx, finding, reader))
        if reader == "section":
            _section_words(view, found, sections, lean, href)
        made.append(view)
    return made


def _grounds(ctx: Context, finding: Mapping[str, Any], reader: str) -> dict[str, Any]:
    """How sure a reading is, and the words it leans on."""
    grounds = "".join(f"“{word}”" for word in reasons(finding)[:4])
    by_rule = bool(finding.get("rule")) and finding.get("confidence") is None
    if by_rule:
        grounds += f" 规则 {finding['rule']}"
    if reader == "urgency":
        grounds += f" {why(ctx, finding)}"
    note = "词规则优先；" if by_rule and reader == "urgency" else ""
    return {
        "share": figure(ctx, finding),
        "rule": finding.get("rule") if by_rule else "",
        "reasons": grounds.strip(),
        "note": note and f"{note}可改：",
    }


def _section_words(
    view: dict[str, Any],
    found: Suggested,
    sections: Mapping[str, Section],
    lean: str,
    href: Href,
) -> None:
    if found.co_sections and found.section:
        view["extra"] = "协办 " + "、".join(sections[code].label for code in found.co_sections)
    finding = found.findings.get("section") or {}
    duty = str(finding.get("duty", ""))
    if found.section == finding.get("label") and finding.get("learnt_from"):
        words = view["reasons"]
        view["reasons"] = f"由 {finding['learnt_from']} 件已定的来件学得 {words}".strip()
    elif found.catalogue_row and found.section:
        view["reasons"] = f"派单目录 {found.catalogue_row} {_brief(duty)}".strip()
    elif not found.section:
        view["value"] = f"倾向{sections[lean].label}" if lean in sections else "请选择科室"
        view["reasons"] = f"置信度不足 {SURE:.0%}，须由人选定科室"
        if lean in sections:
            own = {"label": sections[lean].label, "href": href(section=lean)}
            view["alternatives"] = [own, *view["alternatives"]]


def _brief(duty: str) -> str:
    first = duty.replace("。", "，").split("，")[0]
    return first if len(first) <= _BRIEF else first[: _BRIEF - 1] + "…"


def _others(
    finding: Mapping[str, Any],
    value: str,
    name: str,
    words: Callable[[str], str],
    codes: Sequence[str],
    href: Href,
    changed: bool,
    first: str | None,
) -> list[dict[str, Any]]:
    """Other values as links that put them in place; the suggestion itself when it was replaced."""
    others = [
        {"label": words(code), "share": share, "href": href(**{name: code})}
        for code, share in finding.get("alternatives", ())
        if code != value and code in codes and share >= WORTH_SAYING
    ][:_MOST_OTHERS]
    if not others and name in {"urgency", "type"}:
        left = [code for code in codes if code != value][:_MOST_OTHERS]
        others = [{"label": words(code), "href": href(**{name: code})} for code in left]
    if changed and first:
        back = {"label": f"恢复{words(first)}", "href": href(**{name: ""})}
        others = [back, *(one for one in others if one["label"] != words(first))]
    return others


def marked(order: Order, reading: Reading | None, findings: Mapping[str, Any]) -> letter.Marked:
    """The original with the evidence of every card: 1 topic, 2 type, 3 urgency, 4 section."""
    title, text = letter.marked(order, reading, findings)
    for word in reasons(findings.get("section") or {}):
        title = [part for piece in title for part in _split(piece, word)]
        text = [part for piece in text for part in _split(piece, word)]
    return letter.Marked(title, text)


def _split(piece: Piece, word: str) -> list[Piece]:
    if piece.kind or word not in piece.text:
        return [piece]
    before, _, after = piece.text.partition(word)
    return [replace(piece, text=before), Piece(word, "evidence", "4"), replace(piece, text=after)]


def plan(
    ctx: Context, order: Order, found: Suggested, clocks: Sequence[Clock]
) -> tuple[list[dict[str, str]], str]:
    """The clocks that will start, each with its limit or date, and the answer's rule in words."""
    rules = rulebook.current(ctx)
    day = local(order.received_at).date()
    urgency = Urgency(found.urgency)
    running = {
        clock.promise: clock
        for clock in clocks
        if clock.ended_at is None and clock.cancelled_at is None
    }
    answer = running.get(Promise.ANSWER)
    items, named = [], ""
    for promise in _STARTED:
        if promise is Promise.PUBLISH and order.consent is not True:
            continue
        rule = reckoning.rule_for(
            rules, promise, order.channel, found.request_type or None, found.urgency, day
        )
        if promise is Promise.ANSWER and answer is not None and answer.chosen:
            # Dispatch leaves standing what a person chose.
            rule = reckoning.rule_of(rules, answer)
        if rule is None:
            continue
        words = promised(rule, rule.limit(urgency))
        if promise is Promise.ANSWER and Promise.RECEIVE in running:
            words, named = "待确认收到", "答复时限从双方确认收到之日起算"
        elif promise is Promise.ANSWER and answer is not None and answer.given_due:
            words, named = moment_words(answer.due_at, ctx.now), "时限按上级平台写明的期限"
        elif promise is Promise.ANSWER:
            words = _due_words(ctx, rules, rule, order, urgency)
            named = f"时限按 {rule.short} 第 {rule.version} 版"
        items.append({"label": promise.label, "text": words})
    return items, named


def _due_words(ctx: Context, rules: Rules, rule: Rule, order: Order, urgency: Urgency) -> str:
    inputs = {
        "urgency": urgency,
        "started_at": order.received_at,
        "date_only": order.date_only,
        "pauses": [],
        "extension": 0,
    }
    due = reckoning.due_values(rules, rule, inputs)
    if rule.limit(urgency).arithmetic in {Arithmetic.WALL_HOURS, Arithmetic.WORKING_HOURS}:
        return moment_words(due["due_at"], ctx.now)
    return date_words(due["due_on"], rules.calendar, ctx.now)
