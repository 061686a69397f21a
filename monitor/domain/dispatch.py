"""Ordered rules to a section, and which rule hit."""

from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass

from monitor.domain.vocabulary import RequestType, Urgency, first_level


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """One row of the dispatch catalogue (派单目录): a topic, words that narrow it, a section."""

    number: str
    topic: str
    section: str
    duty: str
    words: tuple[str, ...] = ()
    co_sections: tuple[str, ...] = ()
    version: int = 1


@dataclass(frozen=True, slots=True)
class Route:
    """The section that a catalogue row names, and the words that made the row hit."""

    row: CatalogueRow
    hits: tuple[str, ...]


def route(rows: Sequence[CatalogueRow], topic: str, text: Container[str]) -> Route | None:
    """The first row of the first-level topic whose words stand in the text, else its default row.

    Rows may name a second-level topic; the place in the catalogue, not the number, ranks. Instead
    of the text, the words of the catalogue that stand in it will do.
    """
    wanted = first_level(topic)
    below = f"{wanted}."
    default: Route | None = None
    for row in rows:
        if row.topic != wanted and not row.topic.startswith(below):
            continue
        # Of what is gathered most holds no word of a row: asked for all of them at once.
        if isinstance(text, (set, frozenset)) and text.isdisjoint(row.words):
            hits: tuple[str, ...] = ()
        else:
            hits = tuple([word for word in row.words if word in text])
        if hits:
            return Route(row, hits)
        if not row.words and default is None:
            default = Route(row, ())
    return default


@dataclass(frozen=True, slots=True)
class Decision:
    """What a duty officer decides about an order, beside what was suggested.

    `asks` pairs a co-section with what is wanted of it.
    """

    topic: str
    request_type: str
    urgency: str
    section: str | None = None
    co_sections: tuple[str, ...] = ()
    catalogue_row: str = ""
    asks: tuple[tuple[str, str], ...] = ()


def accused(
    request_type: str, text: str, *, labels: Mapping[str, str], rows: Sequence[CatalogueRow]
) -> set[str]:
    """The sections that a report names (信访工作条例第25条), but for those whose duty its topic is.

    `labels` are the names of all sections, `rows` those of the catalogue for the topic.
    """
    if request_type != RequestType.REPORT:
        return set()
    named = {code for code, label in labels.items() if label in text}
    return named - {row.section for row in rows}


def faults(
    decision: Decision,
    *,
    topics: Collection[str],
    sections: Collection[str],
    dispatching: bool,
    accused: Collection[str] = (),
) -> dict[str, str]:
    """What is missing, unknown or unlawful in a decision, by field; empty when it can stand.

    A report never goes to whom it accuses (信访工作条例第25条).
    """
    wrong: dict[str, str] = {}
    if decision.topic not in topics:
        wrong["topic"] = "请选择主题"
    if decision.request_type not in set(RequestType):
        wrong["request_type"] = "请选择诉求类型"
    if decision.urgency not in set(Urgency):
        wrong["urgency"] = "请选择紧急程度"
    if dispatching and decision.section not in sections:
        wrong["section"] = "请选择主办科室"
    elif dispatching and decision.section in accused:
        wrong["section"] = "来信举报里写到了这个科室，依法不得转给它办"
    if any(code not in sections for code in decision.co_sections):
        wrong["co_sections"] = "协办科室不存在"
    elif decision.section in decision.co_sections:
        wrong["co_sections"] = "协办科室不能与主办科室相同"
    elif any(code in accused for code in decision.co_sections):
        wrong["co_sections"] = "来信举报里写到了协办的科室，依法不得转给它"
    elif any(words and code not in decision.co_sections for code, words in decision.asks):
        wrong["co_sections"] = "写了协办要求的科室，请同时勾选"
    return wrong
