"""Urgent or not, by rule and word, the hits shown."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from operator import add
from typing import Any

from classifiers.finding import Evidence, Finding

LEVELS = ("critical", "urgent", "normal")
MOST_EVIDENCE = 4
_NOTHING = "(?!)"  # an empty list matches nowhere, not everywhere
_CLAUSE_ENDS = re.compile(r"[，。！？；,!?;\n\r]")


@dataclass(frozen=True, slots=True)
class Rule:
    """One coded rule: words and patterns that speak for a level."""

    code: str
    level: str
    label: str
    triggers: frozenset[str]
    found: re.Pattern[str]


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
        self._starting: dict[str, set[str]] = {}
        for word in (word for rule in self.rules for word in rule.triggers):
            self._starting.setdefault(word[:2], set()).add(word)
        self._heads = frozenset(self._starting)
        self._reach = int(book["reach"])
        self._negated = re.compile(_alternatives(book["negations"]))
        self._not_negated = re.compile(_alternatives(book["not_negations"]))
        self._consequence = re.compile(_alternatives(book["consequences"]))
        self._idioms = re.compile("|".join(book["idioms"]) or _NOTHING)
        self._elsewhere = re.compile(_alternatives([*book["past"], *book["drills"]]))
        self._normal = float(book["normal_confidence"])
        self._doubtful = float(book["doubtful_confidence"])
        self._learnt_from = float(book.get("learnt_from", 1))

    def read_many(
        self, messages: Sequence[str], learnt: Sequence[Finding] | None = None
    ) -> list[Finding]:
        """One finding a message; where a rule decided, it is named and confidence is None.

        `learnt` are findings of a model on the same messages: each counts where no rule has met
        a word of its own.
        """
        ruled = [self.read(message) for message in messages]
        if learnt is None:
            return ruled
        return [self._weighed(rule, model) for rule, model in zip(ruled, learnt, strict=True)]

    def read(self, message: str) -> Finding:
        """The finding of one message; positions refer to the message as given."""
        # Nearly every message holds no trigger: pairs of characters say so ten times as fast.
        heads = self._heads.intersection(map(add, message, message[1:]))
        met = False
        present = {word for head in heads for word in self._starting[head] if word in message}
        idioms = [idiom.span() for idiom in self._idioms.finditer(message)] if present else []
        for rule in self.rules if present else ():
            if present.isdisjoint(rule.triggers):
                continue
            every = [hit for hit in rule.found.finditer(message) if not _inside(hit, idioms)]
            met = met or bool(every)
            hits = [hit for hit in every if self._counts(message, hit)]
            if hits:
                shown = hits[:MOST_EVIDENCE]
                evidence = tuple(Evidence(hit.start(), hit.end(), hit.group()) for hit in shown)
                return self._finding(rule.level, evidence=evidence, rule=rule.code)
        return self._finding("normal", confidence=self._doubtful if met else self._normal)

    def reason(self, code: str) -> str:
        """What a rule code stands for, in words."""
        return next((rule.label for rule in self.rules if rule.code == code), code)

    def _weighed(self, ruled: Finding, learnt: Finding) -> Finding:
        # Words that were met and denied speak for calm, whatever a model makes of them.
        if ruled.rule or ruled.confidence != self._normal:
            return ruled
        shares = dict([(learnt.label, learnt.confidence or 0.0), *learnt.alternatives])
        pressing = {level: shares.get(level, 0.0) for level in LEVELS[:-1]}
        hurry = round(sum(pressing.values()), 4)
        if hurry < self._learnt_from:
            calm = learnt.evidence if learnt.label == LEVELS[-1] else ()
            return replace(learnt, label=LEVELS[-1], confidence=round(1 - hurry, 4), evidence=calm)
        level = max(pressing, key=lambda one: pressing[one])
        return replace(
            learnt,
            label=level,
            confidence=hurry,
            evidence=learnt.evidence if learnt.label == level else (),
            alternatives=((LEVELS[-1], round(1 - hurry, 4)),),
        )

    def _counts(self, message: str, hit: re.Match[str]) -> bool:
        before = message[max(0, hit.start() - 60) : hit.start()]
        after = message[hit.end() : hit.end() + 60]
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
        evidence: tuple[Evidence, ...] = (),
        rule: str = "",
    ) -> Finding:
        return Finding(
            reader=self.code,
            label=level,
            confidence=confidence,
            evidence=evidence,
            rule=rule,
            engine="rules",
            version=self.version,
        )


def _inside(hit: re.Match[str], spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= hit.start() and hit.end() <= end for start, end in spans)


def _rule(row: dict[str, Any]) -> Rule:
    try:
        listed = list(map(str, row["words"]))
        shaped = list(row.get("patterns", []))
        triggers = dict.fromkeys([*listed, *(need for one in shaped for need in one["needs"])])
        if row["level"] not in LEVELS or min(map(len, triggers)) < 2:
            raise ValueError("级别不认识，或有的词不足两个字")
        found = re.compile("|".join([*(one["pattern"] for one in shaped), _alternatives(listed)]))
        return Rule(row["code"], row["level"], row["label"], frozenset(triggers), found)
    except (KeyError, TypeError, ValueError, re.error) as error:
        name = row.get("code", "（无编号）")
        raise ValueError(f"紧急程度规则 {name} 写法有误：{error}") from error


def _alternatives(words: Sequence[str]) -> str:
    listed = sorted(words, key=len, reverse=True)
    return "|".join(map(re.escape, listed)) or _NOTHING
