"""Everything that an office may change, put together from the bodies of its rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from classifiers import Words, sensitive
from classifiers.quality import Checker
from classifiers.sensitive import Scanner
from monitor.domain import rulesheet
from monitor.domain.dispatch import CatalogueRow
from monitor.domain.learning import gate
from monitor.domain.learning.gate import LearningRules
from monitor.domain.review import Chain
from monitor.domain.rulepack import RulePack
from monitor.domain.supervision import cards, quiet
from monitor.domain.supervision.cards import CardRule
from monitor.domain.supervision.quiet import NoticeRules
from monitor.domain.vocabulary import Channel, RequestType, Role, Urgency, first_level
from monitor.domain.workdays import Calendar, parse_year
from monitor.services.preparing.guide import Guide
from monitor.services.rulebook import checking

Body = dict[str, Any]
PAST_CARDS = "card.past"
URGENCY_LISTS = ("negations", "not_negations", "consequences", "idioms", "past", "drills")
# Words that an office adds to what is taken for a personal detail or a trade secret.
SENSITIVE_LISTS = {
    "sensitive.names.titles": "个人信息：称呼",
    "sensitive.names.not_titles": "个人信息：不是称呼的词",
    "sensitive.names.labels": "个人信息：姓名栏目",
    "sensitive.names.introductions": "个人信息：自我介绍的说法",
    "sensitive.names.compound": "个人信息：复姓",
    "sensitive.names.not_names": "个人信息：像名字却不是的词",
    "sensitive.addresses.estates": "个人信息：小区、楼宇名的末尾",
    "sensitive.addresses.labels": "个人信息：地址栏目",
    "sensitive.trade_secrets.words": "商业秘密的词",
}
_NAMES = frozenset({"code", "version", "valid_from"})


@dataclass(frozen=True, slots=True)
class Topic:
    """One entry of the topic tree."""

    code: str
    label: str
    parent: str


@dataclass(frozen=True, slots=True)
class StandardText:
    """A standard text (标准文本) with its placeholders in braces."""

    code: str
    title: str
    state: str
    topic: str
    version: int
    text: str


@dataclass(frozen=True, slots=True)
class Office:
    """The bureau itself: its name, and the first day on which it worked with this service."""

    name: str = "示范市投资促进局"
    first_day: date = date.min
    contact: str = ""


@dataclass(frozen=True)
class Rules:
    """Everything that an office may change without a programmer, as of one day."""

    deadlines: RulePack
    calendar: Calendar
    topics: Mapping[str, Topic]
    catalogue: tuple[CatalogueRow, ...]
    chain: Chain
    texts: Mapping[str, StandardText]
    office: Office
    # Every kind as stored: what needs no shape of its own is read from here.
    bodies: Mapping[str, Sequence[Body]] = field(default_factory=dict)

    @cached_property
    def guide(self) -> Guide:
        """What a text is read by."""
        return Guide(self.words, self.catalogue, frozenset(self.topics))

    @cached_property
    def cards(self) -> tuple[CardRule, ...]:
        """When orders are warned of, carded, chased and raised."""
        return cards.parse(self.bodies.get("card", []))

    @cached_property
    def card_versions(self) -> Mapping[tuple[str, int], CardRule]:
        """Every version of every rule of cards, by code and version."""
        return {(one.code, one.version): one for one in cards.past(self.bodies.get(PAST_CARDS, []))}

    @cached_property
    def notices(self) -> NoticeRules:
        """When messages go out, and who hears of which move."""
        return quiet.parse(self.bodies.get("notice", []), self.bodies.get("announce", []))

    @cached_property
    def learning(self) -> LearningRules:
        """How models are judged and changed, and whether sure suggestions go alone."""
        return gate.parse(self.bodies.get("learning", []))

    @cached_property
    def lists(self) -> Mapping[str, Body]:
        """The lists of words, by code."""
        return {body["code"]: body for body in self.bodies.get("words", [])}

    @cached_property
    def words(self) -> Words:
        """What the readers go by: the urgency rules with their lists, and the lexicon."""
        rows = list(self.bodies.get("urgency", []))
        book: Body = {"version": max((row.get("version", 1) for row in rows), default=1)}
        for body in self.bodies.get("reading", []):
            book |= {key: value for key, value in body.items() if key not in _NAMES}
        for name in URGENCY_LISTS:
            book[name] = self.lists[f"urgency.{name}"]["words"]
        ours, common = self.lists["lexicon.words"], self.lists["lexicon.common"]
        lexicon = (*ours["words"], *(f"- {word}" for word in common["words"]))
        return Words.of({**book, "rule": rows}, lexicon)

    @cached_property
    def scanner(self) -> Scanner:
        """What finds personal details and trade secrets, and the masks that replace them."""
        if not self.bodies.get("sensitive"):
            return sensitive.shipped()
        tables = self.bodies["sensitive"][0]
        book: Body = {
            "version": tables.get("version", 1),
            "names": dict(tables["names"]),
            "addresses": dict(tables["addresses"]),
            "trade_secrets": {},
            "replacements": {body["code"]: body["text"] for body in self.bodies["mask"]},
        }
        for code in SENSITIVE_LISTS:
            _, table, name = code.split(".")
            book[table][name] = self.lists[code]["words"]
        return sensitive.of(book)

    @cached_property
    def checker(self) -> Checker:
        """What an answer is checked by before review."""
        return checking.checker(self.bodies, self.lists)

    def in_tree(self, topic: str) -> str:
        """A topic that was suggested; its first level where that branch has been cut since."""
        return topic if topic in self.topics else first_level(topic)

    def topic_label(self, code: str | None) -> str:
        """The words of a topic; a second-level one with its parent, that alone once it is cut."""
        topic = self.topics.get(self.in_tree(code or ""))
        if topic is None:
            return code or ""
        parent = self.topics.get(topic.parent)
        return f"{parent.label} / {topic.label}" if parent else topic.label


def assemble(bodies: Mapping[str, Sequence[Body]]) -> Rules:
    """Rules out of their stored bodies."""
    return Rules(
        deadlines=rulesheet.parse(
            {
                "packs": {body["code"]: _without_code(body) for body in bodies.get("pack", [])},
                "pauses": {body["code"]: _without_code(body) for body in bodies.get("pause", [])},
                "rules": [_with_dates(body) for body in bodies.get("deadline", [])],
            }
        ),
        calendar=Calendar(dict(parse_year(body) for body in bodies.get("holiday", []))),
        topics={
            body["code"]: Topic(body["code"], body["label"], body.get("parent", ""))
            for body in bodies.get("topic", [])
        },
        catalogue=tuple(_catalogue_row(body) for body in bodies.get("catalogue", [])),
        chain=_chain(bodies["chain"][0]),
        office=_office(bodies.get("office", [])),
        texts={
            body["code"]: StandardText(
                body["code"], body["title"], body.get("state", ""), body.get("topic", ""),
                body.get("version", 1), body["text"],
            )
            for body in bodies.get("text", [])
        },
        bodies=bodies,
    )  # fmt: skip


def _without_code(body: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key not in _NAMES}


def _with_dates(body: Mapping[str, Any]) -> dict[str, Any]:
    dates = {
        key: date.fromisoformat(body[key]) for key in ("valid_from", "valid_to") if body.get(key)
    }
    return {**body, **dates}


def _catalogue_row(body: Mapping[str, Any]) -> CatalogueRow:
    return CatalogueRow(
        number=body["number"],
        topic=body["topic"],
        section=body["section"],
        duty=body.get("duty", ""),
        words=tuple(body.get("words", ())),
        co_sections=tuple(body.get("co_sections", ())),
        version=body.get("version", 1),
    )


def _office(bodies: Sequence[Body]) -> Office:
    if not bodies:
        return Office()
    body = bodies[-1]
    return Office(body["name"], date.fromisoformat(body["first_day"]), body.get("contact", ""))


def _chain(body: Mapping[str, Any]) -> Chain:
    return Chain(
        code=body["code"],
        version=body["version"],
        reviewer=Role(body["reviewer"]),
        public=Role(body["public"]),
        legal=Role(body["legal"]),
        leader=Role(body["leader"]),
        legal_channels=frozenset(map(Channel, body["legal_channels"])),
        leader_urgencies=frozenset(map(Urgency, body["leader_urgencies"])),
        leader_types=frozenset(map(RequestType, body["leader_types"])),
    )
