"""Texts read and suggestions made without any database: light enough to go to another process."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from classifiers import Words, similar
from classifiers.finding import Finding
from monitor.domain.dispatch import Route, route
from monitor.services.preparing.guide import Guide
from monitor.services.preparing.loading import bundle as bundle
from monitor.settings import Settings
from monitor.storage.index import tokens

# What is less likely than this is nowhere offered as an alternative.
WORTH_SAYING = 0.01
# The finding with the second level of the topic; less likely right than this it is not suggested.
SUBTOPIC = "subtopic"
SECOND_LEVEL_FROM = 0.5


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that is read from one text alone: findings, and the words it is found again by."""

    findings: dict[str, dict[str, Any]]
    words: str


class Whole(NamedTuple):
    """What is stored of a reading: with the suggestion columns, the findings written already.

    `words` are empty where they are still to be reckoned.
    """

    suggested: dict[str, Any]
    engine: str
    findings: bytes
    words: str


Read = Prepared | Whole


def prepare(
    settings: Settings, office: Words, messages: Sequence[tuple[str, str]], *, indexed: bool = True
) -> list[Prepared]:
    """Read titles and texts; needs no database, so that another process may do it.

    What is not `indexed` lacks the words it is found by. Of many, the words that models lean on are
    left untold: `explaining` tells them when a page shows one.
    """
    joined = [f"{title}\n{text}" for title, text in messages]
    readers = bundle(settings, office)
    findings = readers.read_many(joined, told=len(joined) == 1)
    taught = {code: model.scores["n"] for code, model in readers.models.items()}
    lines = _index_lines(messages) if indexed else [""] * len(messages)
    return [
        Prepared(
            findings={
                code: finding.as_json() | {"learnt_from": taught[code]}
                if code in taught and not finding.rule
                else finding.as_json()
                for code, finding in read.items()
            },
            words=said,
        )
        for read, said in zip(findings, lines, strict=True)
    ]


def prepare_whole(
    settings: Settings, guide: Guide, messages: Sequence[tuple[str, str]], *, indexed: bool = True
) -> list[Whole]:
    """As `prepare`, for a process that stores: what is not `indexed` leaves it the index alone."""
    read = prepare(settings, guide.words, messages, indexed=indexed)
    return _suggested(guide, read, messages)


def complete(
    guide: Guide, read: Sequence[Read], messages: Sequence[tuple[str, str]]
) -> list[Whole]:
    """What is stored of readings, reckoned where that was not done before."""
    left = [one for one in read if isinstance(one, Prepared)]
    texts = [text for one, text in zip(read, messages, strict=True) if isinstance(one, Prepared)]
    suggested = iter(_suggested(guide, left, texts))
    wholes = [next(suggested) if isinstance(one, Prepared) else one for one in read]
    bare = [text for whole, text in zip(wholes, messages, strict=True) if not whole.words]
    lines = iter(_index_lines(bare))
    return [whole if whole.words else whole._replace(words=next(lines)) for whole in wholes]


def _suggested(
    guide: Guide, read: Sequence[Prepared], messages: Sequence[tuple[str, str]]
) -> list[Whole]:
    present = guide.present([f"{title}\n{text}" for title, text in messages])
    wholes = []
    for one, said in zip(read, present, strict=True):
        columns = suggest(guide, one, said)
        found = one.findings
        engine = next((each["engine"] for each in found.values() if each["engine"]), "")
        wholes.append(Whole(columns, engine, orjson.dumps(found), one.words))
    return wholes


def index_words(title: str, text: str) -> str:
    """What the index holds of a text: its words, and its fingerprint as words nobody types."""
    return _index_lines([(title, text)])[0]


def _index_lines(messages: Sequence[tuple[str, str]]) -> list[str]:
    if not messages:
        return []
    bands = similar.fingerprints([text for _, text in messages])
    lines = tokens.token_lines([f"{title}\n{text}" for title, text in messages])
    return [
        " ".join([line, *tokens.marks(found)]) for line, found in zip(lines, bands, strict=True)
    ]


def suggest(guide: Guide, prepared: Prepared, text: Container[str]) -> dict[str, Any]:
    """The suggestion columns of an order: topic, type, urgency, and the section.

    The catalogue goes first; where none of its words stands in the text, what was learnt from
    decided orders says which section leads, and the catalogue's default where nothing is learnt.
    """
    topic = prepared.findings.get("topic")
    found: dict[str, Any] = {
        "suggested_topic": _topic(guide, prepared),
        "suggested_type": _label(prepared, "request_type"),
        "suggested_urgency": _label(prepared, "urgency"),
        "suggested_section": None,
        "confidence": topic["confidence"] if topic else None,
    }
    learnt = prepared.findings.pop("section", None)
    if learnt and learnt["label"] not in guide.sections:
        learnt = None  # an office of other sections starts with models of ours
    hit = _route(guide, topic["label"], text) if topic else None
    if topic and hit and (hit.hits or not learnt or learnt["label"] == hit.row.section):
        prepared.findings["section"] = _by_catalogue(guide, topic, text, hit)
    elif learnt:
        prepared.findings["section"] = learnt
        found["confidence"] = min(found["confidence"] or 0.0, learnt["confidence"])
    found["suggested_section"] = _label(prepared, "section")
    return found


def _by_catalogue(
    guide: Guide, topic: dict[str, Any], text: Container[str], hit: Route
) -> dict[str, Any]:
    """The finding that names a row; as sure as the topic is, since the row follows from it."""
    section = Finding(
        reader="section",
        label=hit.row.section,
        confidence=topic["confidence"],
        rule=hit.row.number,
        engine="catalogue",
        version=str(hit.row.version),
    ).as_json()
    section["words"] = list(hit.hits)
    section["duty"] = hit.row.duty
    section["co_sections"] = list(hit.row.co_sections)
    section["alternatives"] = _other_sections(guide, topic, text, hit.row.section)
    return section


def sureness(prepared: Prepared) -> float | None:
    """How sure the least sure part of a suggestion is; None where a part is missing."""
    parts = [prepared.findings.get(name) for name in ("topic", "request_type", "section")]
    if any(part is None for part in parts):
        return None
    sure = [part["confidence"] for part in parts if part and part["confidence"] is not None]
    return min(sure, default=None)


def _route(guide: Guide, topic: str, text: Container[str]) -> Route | None:
    return route(guide.rows_of(topic), topic, text)


def _topic(guide: Guide, prepared: Prepared) -> str | None:
    """The suggested topic: of the second level where that is likelier right than not."""
    below = prepared.findings.get(SUBTOPIC)
    if below and below["confidence"] >= SECOND_LEVEL_FROM and below["label"] in guide.topics:
        return str(below["label"])
    return _label(prepared, "topic")


def _label(prepared: Prepared, reader: str) -> str | None:
    finding = prepared.findings.get(reader)
    return finding["label"] if finding else None


def _other_sections(
    guide: Guide, topic: dict[str, Any], text: Container[str], chosen: str
) -> list[tuple[str, float]]:
    others: dict[str, float] = {}
    for label, share in topic["alternatives"]:
        hit = _route(guide, label, text) if share >= WORTH_SAYING else None
        if hit and hit.row.section != chosen:
            others[hit.row.section] = others.get(hit.row.section, 0.0) + share
    return sorted(others.items(), key=lambda item: -item[1])[:3]
