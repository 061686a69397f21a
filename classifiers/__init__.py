"""Reads text, says what it sees, decides nothing; this is the menu and the way in."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from classifiers.finding import Evidence, Finding, Hit, Reader, Spans

if TYPE_CHECKING:
    from classifiers.reading.rows import Rows
    from classifiers.trained import Model
    from classifiers.urgency import UrgencyReader

__all__ = [
    "READERS",
    "Bundle",
    "Entry",
    "Evidence",
    "Finding",
    "Hit",
    "Reader",
    "Words",
    "load",
]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of an office that readers go by: its urgency rules, its lexicon.

    Equal when their digests are: a change anywhere loads the readers anew. In the lexicon a line
    that begins with "- " is a word of any letter, never shown as a reason.
    """

    digest: str
    urgency: Mapping[str, Any] = field(compare=False)
    lexicon: tuple[str, ...] = field(compare=False)

    @classmethod
    def of(cls, urgency: Mapping[str, Any], lexicon: Sequence[str]) -> "Words":
        """The words with their digest."""
        said = json.dumps([urgency, list(lexicon)], sort_keys=True, default=str)
        return cls(hashlib.sha256(said.encode()).hexdigest(), urgency, tuple(lexicon))


class Entry(NamedTuple):
    """One line of the menu: what is read, its label, whether it is learnt or ruled, and where.

    What somebody wants stands at the end of a letter; what it is about, anywhere. `beneath` is the
    code of the finding with its second level.
    """

    code: str
    label: str
    learnt: bool
    by_ending: bool = False
    beneath: str = ""


READERS = (
    Entry("topic", "主题", learnt=True, beneath="subtopic"),
    Entry("request_type", "诉求类型", learnt=True, by_ending=True),
    Entry("urgency", "紧急程度", learnt=True),
    Entry("section", "主办科室", learnt=True),
)
_BENEATH = {entry.code: entry.beneath for entry in READERS if entry.beneath}


@dataclass(frozen=True)
class Bundle:
    """All readers of the menu that could be loaded; `notices` say in Chinese which could not.

    The rules of urgency go first: a model speaks only where no rule counts.
    """

    models: "Mapping[str, Model]"
    urgency: "UrgencyReader | None"
    engine: str
    notices: tuple[str, ...] = ()

    @property
    def versions(self) -> dict[str, str]:
        """The version of each reader in use, by its code."""
        found = {code: model.version for code, model in self.models.items()}
        return found | ({"urgency_rules": self.urgency.version} if self.urgency else {})

    def read_many(self, messages: Sequence[str], *, told: bool = False) -> list[dict[str, Finding]]:
        """For each message (title and text joined by a line break) its findings by reader code.

        The words that a model leans on are left untold unless they are asked for.
        """
        found: list[dict[str, Finding]] = []
        for first in range(0, len(messages), _BATCH):
            found += self._read_batch(messages[first : first + _BATCH], told)
        return found

    def read(self, message: str) -> dict[str, Finding]:
        """The findings of one message, with all their words."""
        return self.read_many([message], told=True)[0]

    @cached_property
    def _side_by_side(self) -> list[list[str]]:
        """The codes of the models, those together that share their vocabulary and weights."""
        together: dict[tuple[Any, ...], list[str]] = {}
        for code, model in self.models.items():
            together.setdefault((*model.vocabulary, id(model.weights)), []).append(code)
        return list(together.values())

    def _learnt(
        self, messages: Sequence[str], told: bool
    ) -> "tuple[dict[str, list[Finding]], dict[str, Rows], list[tuple[int, str]]]":
        """What the models say, by code; their rows; the findings whose words are to be tried."""
        from classifiers.reading.findings import read_together

        columns: dict[str, list[Finding]] = {}
        rows: dict[str, Rows] = {}
        frail: list[tuple[int, str]] = []
        for codes in self._side_by_side:
            # Models learnt from the same texts share their vocabulary: one look-up for all.
            models = [self.models[code] for code in codes]
            rows |= dict.fromkeys(codes, seen := models[0].rows(messages))
            read = read_together(models, messages, seen, told=told)
            for code, one in zip(codes, read, strict=True):
                columns[code] = one.findings
                frail += [(number, code) for number in one.frail]
        return columns, rows, frail

    def _read_batch(self, messages: Sequence[str], told: bool) -> list[dict[str, Finding]]:
        columns, rows, frail = self._learnt(messages, told)
        if self.urgency:
            learnt = columns.get("urgency")
            columns["urgency"] = weighed = self.urgency.read_many(messages, learnt)
            if told and learnt is not None:
                self._give_reasons(messages, rows["urgency"], learnt, weighed)
                # Their words were weighed against the next level, not against there being no hurry;
                # and where a rule yielded, its words may be among those that speak for calm.
                frail += [
                    (number, "urgency")
                    for number, (guess, one) in enumerate(zip(learnt, weighed, strict=True))
                    if one.version == guess.version
                    and (one.yielded or one.confidence != guess.confidence)
                ]
        ordered = [entry.code for entry in READERS if entry.code in columns]
        found = [
            {code: columns[code][number] for code in ordered} for number in range(len(messages))
        ]
        if frail:
            from classifiers.reading import proofs

            proofs.prove(messages, found, frail, self._bare)
        for code, name in _BENEATH.items():
            if code in self.models:
                self.models[code].read_below(name, rows[code], found)
        return found

    def words_below(self, message: str, label: str, version: str, first: Spans = ()) -> Spans:
        """The words of a message that speak for both levels of a label; tried, each time.

        Those of the first level are known. Reading does not look for the others: only whoever looks
        at one letter needs them. None are told of what another version of the model has said.
        """
        for model in self.models.values():
            if model.below and model.version == version:
                return model.below.words_for(model, message, label, first)
        return ()

    def _bare(self, messages: Sequence[str], codes: Sequence[str]) -> list[Finding]:
        """What one reader says of each message, without the words for it."""
        from classifiers.reading.findings import read_together

        found: dict[int, Finding] = {}
        for first in range(0, len(messages), _BATCH):
            asked = range(first, min(first + _BATCH, len(messages)))
            for beside in self._side_by_side:
                theirs = [number for number in asked if codes[number] in beside]
                if not theirs:
                    continue
                model = self.models[beside[0]]
                rows = model.rows([messages[number] for number in theirs])
                rows.product(model.weights)  # once for all of them
                for code in {codes[number] for number in theirs}:
                    mine = [at for at, number in enumerate(theirs) if codes[number] == code]
                    texts = [messages[theirs[at]] for at in mine]
                    model = self.models[code]
                    (read,) = read_together([model], texts, rows.pick(mine), told=False)
                    found |= zip((theirs[at] for at in mine), read.findings, strict=True)
        ruled = [number for number, code in enumerate(codes) if code == "urgency"]
        if self.urgency and ruled:
            learnt = [found[number] for number in ruled]
            told = self.urgency.read_many([messages[number] for number in ruled], learnt)
            for number, one in zip(ruled, told, strict=True):
                found[number] = one
        return [found[number] for number in range(len(messages))]

    def _give_reasons(
        self,
        messages: Sequence[str],
        rows: "Rows",
        learnt: Sequence[Finding],
        told: list[Finding],
    ) -> None:
        """An alarm that a model raised against its own first guess gets what speaks for it."""
        model = self.models["urgency"]
        raised = [
            number
            for number, (guess, one) in enumerate(zip(learnt, told, strict=True))
            if one.version == guess.version
            and one.label != guess.label
            and one.label in model.labels
        ]
        if raised:
            evidence = model.evidence_for(
                [messages[number] for number in raised],
                rows.pick(raised),
                [told[number].label for number in raised],
            )
            for number, words in zip(raised, evidence, strict=True):
                told[number] = told[number]._replace(spans=words)


_BATCH = 128
_CHANGED = "词库已经改动，请运行 monitor train 重新训练。"


def load(models_dir: Path, office: Words, key: bytes) -> Bundle:
    """Every reader that can be loaded; what is missing, foreign or wrong becomes a notice.

    A model goes on with the lexicon it learnt with; where that is not the office's any more, a
    notice asks for new training.
    """
    from classifiers import trained, words
    from classifiers.seal import ModelRefused
    from classifiers.urgency import UrgencyReader

    words.use_lexicon(office.lexicon)
    models: dict[str, Model] = {}
    notices: list[str] = []
    for entry in READERS:
        if entry.learnt:
            try:
                model = models[entry.code] = trained.load(model_path(models_dir, entry.code), key)
                if model.engine != words.engine():
                    notices.append(f"“{entry.label}”还按训练时的词库切词：{_CHANGED}")
            except ModelRefused as refused:
                notices.append(f"“{entry.label}”暂无自动建议：{refused}")
    urgency = None
    try:
        urgency = UrgencyReader(office.urgency)
    except (ValueError, KeyError, re.error) as error:
        notices.append(f"“紧急程度”暂无自动建议：规则写法有误（{error}）。")
    return Bundle(trained.side_by_side(models), urgency, words.engine(), tuple(notices))


def model_path(models_dir: Path, code: str) -> Path:
    """Where the model of a reader lies."""
    return models_dir / f"{code}.model"
