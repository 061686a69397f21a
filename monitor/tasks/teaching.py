"""Learn anew from the shipped labels and the office's decisions; propose what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import classifiers
from classifiers import Bundle, Entry, scores, trained, words
from classifiers.prepared import Prepared, prepare
from classifiers.teaching.knowledge import Knowledge
from classifiers.teaching.studying import Study
from classifiers.trained import Model
from monitor.domain.learning.gate import Comparison, LearningRules
from monitor.domain.numbers import new_id
from monitor.domain.vocabulary import first_level
from monitor.services import preparing, rulebook
from monitor.services.desk import Desk
from monitor.services.learning import choosing, examples
from monitor.services.learning.examples import Example
from monitor.services.rulebook import Rules
from monitor.storage import search
from monitor.storage.learning import versions
from monitor.storage.learning.versions import DROPPED, LIVE, PROPOSED, LearnRun, ModelVersion
from monitor.tasks import training

# A twin is only asked about the decisions held back: its own cross-validation matters little.
_TWIN_FOLDS = 2
_TOO_FEW = "已决定的还不够留出一份来打分"
_ALL_SEEN = "现用的模型学过之后，新决定的还不够打分"


@dataclass(frozen=True)
class _Lesson:
    """All examples of one night: the shipped ones first, then the office's own, oldest first."""

    prepared: Prepared
    shipped: Sequence[dict[str, str]]
    own: Sequence[Example]
    held: int
    beside: Knowledge
    studies: dict[tuple[int, ...], Study] = field(default_factory=dict)

    def labels(self, reader: str) -> list[str]:
        return [
            *(row.get(reader, "") for row in self.shipped),
            *(one.label(reader) for one in self.own),
        ]

    @property
    def newest(self) -> Sequence[Example]:
        return self.own[len(self.own) - self.held :]

    def learn(self, entry: Entry, *, without_newest: bool) -> Model | None:
        """A model of what carries a label; None where it cannot teach."""
        last = len(self.prepared) - (self.held if without_newest else 0)
        labels = self.labels(entry.code)
        beneath = self.labels(entry.beneath) if entry.beneath else []
        rows = [row for row in range(last) if labels[row]]
        ids = [""] * len(self.shipped) + [one.order for one in self.own]
        try:
            return trained.fit_study(
                self._study(tuple(rows)), [labels[row] for row in rows], name=entry.code,
                ids=[ids[row] or f"内置 {row + 2}" for row in rows],
                folds=_TWIN_FOLDS if without_newest else trained.FOLDS,
                by_ending=entry.by_ending,
                beneath=[beneath[row] for row in rows] if beneath else (),
            )  # fmt: skip
        except ValueError:
            return None

    def _study(self, rows: tuple[int, ...]) -> Study:
        # Readers that learn from the same messages share what is reckoned from them.
        if rows not in self.studies:
            self.studies[rows] = Study(self.prepared.pick(rows), self.beside)
        return self.studies[rows]


def propose(desk: Desk) -> dict[str, Any]:
    """Learn, judge on the newest decisions, put the new models before the office; the scores.

    A model goes into force only by a click, or by the gate that the office has opened.
    """
    with desk.reading() as ctx:
        rules = rulebook.current(ctx)
        asked = rules.learning
        own = examples.of_office(ctx, asked.most_examples)
        waiting = search.undecided(ctx.session, asked.most_examples)
        beside = Knowledge(training.hints_of(rules), waiting)
        taught = {entry.code: entry for entry in classifiers.READERS if entry.learnt}
        current = {code: choosing.in_force(ctx, code) for code in taught}
    words.use_lexicon(rules.words.lexicon)
    shipped = training.shipped_labels(desk.settings)
    messages = [f"{row['title']}\n{row['text']}" for row in shipped]
    lesson = _Lesson(
        prepare([*messages, *(one.message for one in own)]), shipped, own,
        asked.held_out(len(own)), beside,
    )  # fmt: skip
    fresh = {code: lesson.learn(entry, without_newest=False) for code, entry in taught.items()}
    twins = (
        {code: lesson.learn(entry, without_newest=True) for code, entry in taught.items()}
        if lesson.held
        else {}
    )
    report: dict[str, Any] = {"n": len(lesson.prepared), "own": len(own), "models": {}}
    for reader, model in fresh.items():
        if model is not None:
            report["models"][reader] = _put_forward(
                desk, asked, lesson, model, current[reader], twins.get(reader)
            )
    _remember(desk, rules, lesson, {code: one for code, one in twins.items() if one is not None})
    told: dict[str, Any] = report["models"].get("topic", {})
    return report | told


def _put_forward(
    desk: Desk, asked: LearningRules, lesson: _Lesson, model: Model,
    before: Model | None, twin: Model | None,
) -> dict[str, Any]:  # fmt: skip
    """One model: its file kept, its row written, perhaps in force at once; what became of it."""
    told = {"model": model.name, "version": model.version, **model.scores}
    if before is not None and before.version == model.version:
        return told | {"state": LIVE}
    with desk.writing() as ctx:
        last = versions.standing(ctx.session, model.name, LIVE)
        seen_until = (
            last.learnt_until if last and before and last.version == before.version else None
        )
    compared = _compare(asked, lesson, model.name, before, twin, seen_until)
    model.save(choosing.kept_path(desk.settings, model.version), training.key_of(desk.settings))
    with desk.writing() as ctx:
        row = ModelVersion(
            version=model.version, reader=model.name, status=PROPOSED,
            n=int(model.scores["n"]), own=len(lesson.own), engine=model.engine,
            data_hash=model.data_hash, scores=model.scores, compared=compared,
            learnt_until=lesson.own[-1].at if lesson.own else None, trained_at=ctx.now,
        )  # fmt: skip
        if not choosing.propose(ctx, row):
            held = ctx.session.get(ModelVersion, model.version)
            if before is None and held is not None and held.status != DROPPED:
                choosing.put_in_force(ctx, held.version, "此前没有可用的模型")
            return told | {"state": held.status if held else PROPOSED}
        ctx.record_system("model_proposed", reader=row.reader, version=row.version, n=row.n)
        if before is None:
            # Nothing reads at all, as after an upgrade: there is nothing to weigh it against.
            choosing.put_in_force(ctx, row.version, "此前没有可用的模型")
        elif "old" in compared and _comparison(compared).passes(asked):
            choosing.put_in_force(ctx, row.version, "达到本单位设定的启用条件")
        return told | {"state": row.status, "compared": compared}


def _comparison(compared: dict[str, Any]) -> Comparison:
    return Comparison(compared["n"], compared["new"]["macro_f1"], compared["old"]["macro_f1"])


def _compare(
    asked: LearningRules, lesson: _Lesson, reader: str,
    before: Model | None, twin: Model | None, seen_until: datetime | None,
) -> dict[str, Any]:  # fmt: skip
    """The new recipe and the model in force on decisions that neither had seen; or why not."""
    if twin is None:
        return {"why_not": _TOO_FEW, "needs": 2 * asked.fewest_held_out}
    rows = [
        row
        for row, one in enumerate(lesson.newest)
        if one.label(reader) and (seen_until is None or one.at > seen_until)
    ]
    if len(rows) < asked.fewest_held_out:
        return {"why_not": _ALL_SEEN, "needs": asked.fewest_held_out, "n": len(rows)}
    messages = [lesson.newest[row].message for row in rows]
    labels = [lesson.newest[row].label(reader) for row in rows]
    found: dict[str, Any] = {
        "n": len(rows),
        "since": lesson.newest[rows[0]].at.isoformat(),
        "new": _judged(twin, messages, labels, [lesson.newest[row].order for row in rows]),
    }
    if before is not None:
        found["old"] = _judged(before, messages, labels, [])
    return found


def _judged(
    model: Model, messages: Sequence[str], labels: Sequence[str], orders: Sequence[str]
) -> dict[str, Any]:
    """Scores on messages that the model had not seen; with names of orders, what it got wrong."""
    said = model.read_many(messages)
    guess = [one.label for one in said]
    sure = [one.confidence or 0.0 for one in said]
    told: dict[str, Any] = {
        **scores.report(labels, guess),
        "confusion": scores.confusion(labels, guess),
        "reliability": scores.reliability(labels, guess, sure),
    }
    if orders:
        missed = [
            {"row": order, "truth": truth, "guess": guessed, "confidence": round(share, 4)}
            for order, truth, guessed, share in zip(orders, labels, guess, sure, strict=True)
            if truth != guessed
        ]
        told["wrong"] = sorted(missed, key=lambda one: -float(str(one["confidence"])))
    return told


def _remember(desk: Desk, rules: Rules, lesson: _Lesson, twins: dict[str, Model]) -> None:
    """What the newest decisions would have met, had the suggestion gone alone."""
    tried: list[list[Any]] = []
    if twins and lesson.held:
        whole = preparing.bundle(desk.settings, rules.words)
        bundle = Bundle(twins, whole.urgency, whole.engine)
        said = bundle.read_many([one.message for one in lesson.newest])
        for one, findings in zip(lesson.newest, said, strict=True):
            known = preparing.Prepared({c: f.as_json() for c, f in findings.items()}, "")
            found = preparing.suggest(rules.guide, known, one.message)
            sure = preparing.sureness(known)
            if sure is not None and found["suggested_section"]:
                tried.append([one.order, sure, _differs(one, found)])
    with desk.writing() as ctx:
        ctx.session.add(LearnRun(id=new_id(ctx.now), at=ctx.now, own=len(lesson.own), tried=tried))
        ctx.record_system("models_trained", n=len(lesson.prepared), own=len(lesson.own))


def _differs(one: Example, found: dict[str, Any]) -> str:
    """What a person decided otherwise, in words; empty where all was as suggested."""
    pairs = (
        ("主题", one.topic, first_level(found["suggested_topic"] or "")),
        ("诉求类型", one.request_type, found["suggested_type"]),
        ("科室", one.section, found["suggested_section"]),
        ("紧急程度", one.urgency, found["suggested_urgency"]),
    )
    return "、".join(name for name, decided, guess in pairs if decided and decided != guess)
