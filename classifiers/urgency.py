"""Urgent or not, by rule and word, the hits shown."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from classifiers.finding import Finding, Spans
from classifiers.reading.triggers import Triggers

LEVELS = ("critical", "urgent", "normal")
MOST_EVIDENCE = 4
_MOST_ASKED = 2000  # sets of triggers; the same few stand in most messages
_AROUND = 60  # characters before and after a hit that may say what it means
_NOTHING = "(?!)"  # an empty list matches nowhere, not everywhere
_CLAUSE_ENDS = re.compile(r"[，。！？；,!?;\n\r]")


@dataclass(frozen=True, slots=True)
class Rule:
    """One coded rule: words and patterns that speak for a level.

    `parts` are its patterns in their order, each with the triggers without which it is not tried.
    One that `yields` counts for nothing where a model is all but sure of calm; a critical one
    never does.
    """

    code: str
    level: str
    label: str
    triggers: frozenset[str]
    parts: tuple[tuple[frozenset[str], re.Pattern[str]], ...]
    yields: bool

    def tried(self, present: frozenset[str]) -> tuple[re.Pattern[str], ...]:
        """What to look for in a message that holds these triggers."""
        return tuple(pattern for needs, pattern in self.parts if not present.isdisjoint(needs))


class UrgencyReader:
    """Suggests critical, urgent or normal; safety rules beat all others by their level."""

    code = "urgency"
    label = "紧急程度"

    def __init__(self, book: Mapping[str, Any]) -> None:
        """Take the rules and their lists of words; ValueError names the rule that is wrong."""
        content = json.dumps(book, sort_keys=True, default=str).encode()
        rules = [_rule(row) for row in book["rule"]]
        self.rules = sorted(rules, key=lambda rule: LEVELS.index(rule.level))
        self.version = f"urgency-{book['version']}-{hashlib.sha256(content).hexdigest()[:8]}"
        self._triggers = Triggers(word for rule in self.rules for word in rule.triggers)
        self._tried = lru_cache(_MOST_ASKED)(self._asked_for)
        self._reach = int(book["reach"])
        self._negated = re.compile(_alternatives(book["negations"]))
        self._not_negated = re.compile(_alternatives(book["not_negations"]))
        self._consequence = re.compile(_alternatives(book["consequences"]))
        self._idioms = re.compile("|".join(book["idioms"]) or _NOTHING)
        self._elsewhere = re.compile(_alternatives([*book["past"], *book["drills"]]))
        self._normal = float(book["normal_confidence"])
        self._doubtful = float(book["doubtful_confidence"])
        self._learnt_from = float(book.get("learnt_from", 1))
        self._denied_from = float(book.get("denied_from", 1))
        self._yields_below = float(book.get("yields_below", 0))
        self._calm = self._finding("normal", confidence=self._normal)
        self._denied_calm = self._finding("normal", confidence=self._doubtful)
        self._yielding = frozenset(rule.code for rule in rules if rule.yields)

    def read_many(
        self, messages: Sequence[str], learnt: Sequence[Finding] | None = None
    ) -> list[Finding]:
        """One finding a message; where a rule decided, it is named and confidence is None.

        `learnt` are findings of a model on the same messages: each counts where no rule has hit, or
        where it is all but sure of calm and the rule yields to that.
        """
        met = self._triggers.present(messages)
        ruled = [
            self._ruled(message, met.get(number, set())) for number, message in enumerate(messages)
        ]
        if learnt is None:
            return ruled
        return [self._weighed(rule, model) for rule, model in zip(ruled, learnt, strict=True)]

    def read(self, message: str) -> Finding:
        """The finding of one message; positions refer to the message as given."""
        return self._ruled(message, self._triggers.present([message]).get(0, set()))

    def _ruled(self, message: str, present: set[str]) -> Finding:
        met, yielding = False, None
        for rule, patterns in self._tried(frozenset(present)) if present else ():
            every = [hit for pattern in patterns for hit in pattern.finditer(message)]
            every = [hit for hit in every if not self._idiomatic(message, hit)]
            met = met or bool(every)
            hits = [hit for hit in every if self._counts(message, hit)]
            if hits:
                spans = tuple((hit.start(), hit.end(), hit.group()) for hit in _apart(hits))
                found = self._finding(rule.level, spans=spans, rule=rule.code)
                if not rule.yields:
                    return found
                # One that stands firm may have been met as well: it counts first.
                yielding = yielding or found
        return yielding or (self._denied_calm if met else self._calm)

    def _asked_for(
        self, present: frozenset[str]
    ) -> tuple[tuple[Rule, tuple[re.Pattern[str], ...]], ...]:
        """The rules that these triggers ask for, gravest first, and what to look for."""
        return tuple(
            (rule, rule.tried(present))
            for rule in self.rules
            if not present.isdisjoint(rule.triggers)
        )

    def reason(self, code: str) -> str:
        """What a rule code stands for, in words."""
        return next((rule.label for rule in self.rules if rule.code == code), code)

    def _weighed(self, ruled: Finding, learnt: Finding) -> Finding:
        if ruled.rule and ruled.rule not in self._yielding:
            return ruled
        shares = {learnt.label: learnt.confidence or 0.0, **dict(learnt.alternatives)}
        pressing = {level: shares.get(level, 0.0) for level in LEVELS[:-1]}
        hurry = min(sum(pressing.values()), 1.0)
        if ruled.rule:
            calm = hurry < self._yields_below
            return learnt._replace(yielded=ruled.rule) if calm else ruled
        # Words that were met and denied speak for calm: a model has to be sure to say otherwise.
        denied = ruled.confidence != self._normal
        if denied and hurry < self._denied_from:
            return ruled
        if hurry < self._learnt_from:
            if learnt.label == LEVELS[-1]:
                return learnt
            return _said(learnt, LEVELS[-1], 1 - hurry)
        level = max(pressing, key=lambda one: pressing[one])
        return _said(learnt, level, hurry)

    def _idiomatic(self, message: str, hit: re.Match[str]) -> bool:
        """Whether a turn of speech holds the hit; looked for as near as decides what it means."""
        around = max(0, hit.start() - _AROUND), hit.end() + _AROUND
        return any(
            idiom.start() <= hit.start() and hit.end() <= idiom.end()
            for idiom in self._idioms.finditer(message, *around)
        )

    def _counts(self, message: str, hit: re.Match[str]) -> bool:
        before = message[max(0, hit.start() - _AROUND) : hit.start()]
        after = message[hit.end() : hit.end() + _AROUND]
        head = _CLAUSE_ENDS.split(before)[-1]
        tail = _CLAUSE_ENDS.split(after, maxsplit=1)[0]
        if self._denied(head[-self._reach :], tail):
            return False
        return not self._elsewhere.search(head + hit.group() + tail)

    def _denied(self, before: str, tail: str) -> bool:
        """Whether a negation reaches the hit; a threat and a rhetorical question deny nothing."""
        plain = self._not_negated.sub(lambda found: "\0" * len(found[0]), before)
        found = self._negated.search(plain)
        if not found or self._consequence.search(plain, found.end()):
            return False
        return not (before.endswith("不") and tail.startswith(("吗", "么")))

    def _finding(
        self,
        level: str,
        *,
        confidence: float | None = None,
        spans: Spans = (),
        rule: str = "",
    ) -> Finding:
        return Finding(
            reader=self.code,
            label=level,
            confidence=confidence,
            spans=spans,
            rule=rule,
            engine="rules",
            version=self.version,
        )


def _said(learnt: Finding, level: str, confidence: float) -> Finding:
    """What a model said, by the chance that it hurries at all; its words only for its own guess."""
    others = () if level == LEVELS[-1] else ((LEVELS[-1], round(1 - confidence, 9)),)
    return learnt._replace(
        label=level,
        confidence=round(confidence, 12),
        spans=learnt.spans if learnt.label == level else (),
        alternatives=others or learnt.alternatives,
    )


def _apart(hits: Sequence[re.Match[str]]) -> list[re.Match[str]]:
    """The first few that are shown: one that begins within another is left out."""
    shown: list[re.Match[str]] = []
    for hit in sorted(hits, key=lambda hit: hit.start()):
        if len(shown) < MOST_EVIDENCE and (not shown or hit.start() >= shown[-1].end()):
            shown.append(hit)
    return shown


def _rule(row: dict[str, Any]) -> Rule:
    try:
        listed = list(map(str, row["words"]))
        shaped = list(row.get("patterns", []))
        triggers = dict.fromkeys([*listed, *(need for one in shaped for need in one["needs"])])
        if row["level"] not in LEVELS or min(map(len, triggers)) < 2:
            raise ValueError("级别不认识，或有的词不足两个字")
        parts = [(frozenset(one["needs"]), re.compile(one["pattern"])) for one in shaped]
        parts.append((frozenset(listed), re.compile(_alternatives(listed))))
        yields = bool(row.get("yields")) and row["level"] != LEVELS[0]
        return Rule(
            row["code"], row["level"], row["label"], frozenset(triggers), tuple(parts), yields
        )
    except (KeyError, TypeError, ValueError, re.error) as error:
        name = row.get("code", "（无编号）")
        raise ValueError(f"紧急程度规则 {name} 写法有误：{error}") from error


def _alternatives(words: Sequence[str]) -> str:
    listed = sorted(words, key=len, reverse=True)
    return "|".join(map(re.escape, listed)) or _NOTHING
