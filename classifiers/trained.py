"""Topic and request type, learnt from decided orders: fit, score, read, save, load."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from classifiers import scores, seal, words
from classifiers.features import Features
from classifiers.finding import Finding, Spans
from classifiers.prepared import BATCH, Floats, prepare
from classifiers.reading import below as lower
from classifiers.reading import findings
from classifiers.reading.below import Below
from classifiers.reading.rows import Rows
from classifiers.teaching import branching, examining
from classifiers.teaching.examining import Honesty
from classifiers.teaching.knowledge import NOTHING, Knowledge
from classifiers.teaching.lessons import Lesson
from classifiers.teaching.studying import Study

FOLDS = 5
# What the version of a model stands for besides its data; a new way of learning counts it up.
_RECIPE = "4"


@dataclass(frozen=True)
class Model:
    """A linear model over words and characters; `confidence` is a calibrated probability."""

    name: str
    labels: tuple[str, ...]
    engine: str
    version: str
    data_hash: str
    scores: dict[str, Any]
    features: Features
    # Of shape (features, labels); models side by side share one array, each from its first column.
    weights: Floats
    intercept: Floats
    honesty: Honesty
    # Texts are cut for this model as they were cut when it learnt, whatever the office says now.
    lexicon: tuple[str, ...]
    first: int = 0
    # What lies below each label, where that was taught too; scored in `scores["below"]`.
    below: Below | None = None

    @property
    def vocabulary(self) -> tuple[str, str]:
        """Models of the same vocabulary read the same rows."""
        return self.features.digest, self.engine

    def rows(self, messages: Sequence[str]) -> Rows:
        """The sparse rows of these messages."""
        return self.features.rows(prepare(messages, words.cutter("", self.lexicon).cut))

    def read_many(self, messages: Sequence[str]) -> list[Finding]:
        """One finding a message (title and text joined by a line break)."""
        found: list[Finding] = []
        for first in range(0, len(messages), BATCH):
            batch = messages[first : first + BATCH]
            found += self.read(batch, self.rows(batch)).findings
        return found

    def read(self, messages: Sequence[str], rows: Rows) -> findings.Read:
        """One finding a message whose sparse rows are known already."""
        return findings.read_together([self], messages, rows)[0]

    def evidence_for(
        self, messages: Sequence[str], rows: Rows, labels: Sequence[str]
    ) -> Sequence[Spans]:
        """The words of each message that speak for its label, whether or not it is the likeliest.

        The sparse rows of these messages are known already.
        """
        wanted = np.array([self.labels.index(label) for label in labels])
        return findings.words_for(self, messages, rows, wanted)

    def read_below(self, name: str, rows: Rows, found: Sequence[dict[str, Finding]]) -> None:
        """Add to what was found in each message what lies below this model's finding."""
        if self.below is not None:
            said = self.below.read(self, name, rows, [one[self.name] for one in found])
            for one, beneath in zip(found, said, strict=True):
                if beneath is not None:
                    one[name] = beneath

    @property
    def _columns(self) -> slice:
        return slice(self.first, self.first + len(self.labels))

    def margins(self, rows: Rows) -> Any:
        """How far each label speaks for itself, by row."""
        product = rows.product(self.weights)[:, :, self._columns]
        return product.sum(axis=1, dtype=np.float64) + self.intercept

    @cached_property
    def by_ending(self) -> bool:
        """Whether the last clauses of a text have weight of their own."""
        return bool(self.weights[-self.features.width :, self._columns].any())

    def save(self, path: Path, key: bytes) -> None:
        """Write the model, sealed with the key, in one move."""
        about = {
            "name": self.name, "labels": self.labels, "engine": self.engine,
            "version": self.version, "data_hash": self.data_hash, "scores": self.scores,
            "honesty": self.honesty, "words": self.features.words,
            "lexicon": self.lexicon, "recipe": _RECIPE,
            "below": lower.described(self.below),
        }  # fmt: skip
        arrays: seal.Arrays = {
            "characters": self.features.characters, "pairs": self.features.pairs,
            "idf": self.features.idf, "intercept": self.intercept,
            "weights": self.weights[:, self._columns], **lower.arrays(self.below),
        }  # fmt: skip
        seal.write(path, key, about, arrays)


def load(path: Path, key: bytes) -> Model:
    """The sealed model of a file; ModelRefused with a sentence if it is damaged or foreign."""
    about, arrays = seal.read(path, key)
    lexicon = _lexicon_of(path, about)
    listed, honest, beneath = about.pop("words"), about.pop("honesty"), about.pop("below", None)
    return Model(
        **{**about, "labels": tuple(about["labels"]), "lexicon": lexicon},
        honesty=Honesty(*honest),
        features=Features(listed, arrays["characters"], arrays["pairs"], arrays["idf"]),
        weights=arrays["weights"],
        intercept=arrays["intercept"],
        below=_restored(path, beneath, arrays),
    )


class Facts(NamedTuple):
    """What a page says of a model, without its weights."""

    version: str
    scores: dict[str, Any]


def facts(path: Path, key: bytes) -> Facts:
    """What the sealed model of a file is and scored; ModelRefused like `load`."""
    about = seal.about(path, key)
    _lexicon_of(path, about)
    return Facts(about["version"], about["scores"])


def _lexicon_of(path: Path, about: dict[str, Any]) -> tuple[str, ...]:
    """The lexicon that a model brings; ModelRefused where it was learnt in another way."""
    if about.pop("recipe", "") != _RECIPE:
        raise seal.ModelRefused(
            f"模型 {path.name} 是旧版本学的，现在不再读，请运行 monitor train 重新训练。"
        )
    # Models of earlier releases do not bring their lexicon: they need the one in use.
    lexicon = tuple(about.pop("lexicon", None) or words.lexicon())
    engine = words.cutter("", lexicon).engine
    if about["engine"] != engine:
        raise seal.ModelRefused(
            f"模型 {path.name} 是用“{about['engine']}”切词训练的，"
            f"现在用的是“{engine}”，请运行 monitor train 重新训练。"
        )
    return lexicon


def _restored(path: Path, beneath: Any, arrays: seal.Arrays) -> Below | None:
    try:
        return lower.restored(beneath, arrays)
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise seal.ModelRefused(
            f"模型 {path.name} 的二级不合格式，未加载，请运行 monitor train 重新训练。"
        ) from error


def side_by_side(models: Mapping[str, Model]) -> dict[str, Model]:
    """The same models, those of one vocabulary with their weights in one array.

    A text's features are looked up in it once for all of them.
    """
    shared: dict[tuple[str, str], list[Model]] = {}
    for model in models.values():
        shared.setdefault(model.vocabulary, []).append(model)
    together = {
        vocabulary: np.hstack([one.weights[:, one._columns] for one in ones])
        for vocabulary, ones in shared.items()
    }
    placed, taken = {}, dict.fromkeys(shared, 0)
    for code, model in models.items():
        known, first = model.vocabulary, taken[model.vocabulary]
        placed[code] = replace(
            model, features=shared[known][0].features, weights=together[known], first=first
        )
        taken[known] += len(model.labels)
    return placed


def fit(
    messages: Sequence[str],
    labels: Sequence[str],
    *,
    name: str,
    ids: Sequence[str] = (),
) -> Model:
    """Learn a model from decided messages; ValueError with a sentence if they cannot teach.

    `ids` name the rows in its scores.
    """
    return fit_study(Study(prepare(messages)), labels, name=name, ids=ids)


def fit_study(
    study: Study,
    labels: Sequence[str],
    *,
    name: str,
    folds: int = FOLDS,
    ids: Sequence[str] = (),
    by_ending: bool = False,
    beneath: Sequence[str] = (),
) -> Model:
    """As `fit`, from messages cut already: models that share a study learn its vocabulary once.

    `by_ending` gives the last clauses of a text weight of their own; `beneath` has what lies below
    the label of each message, empty where nobody said; `scores` hold what `examining.report` says.
    """
    lesson = _lesson(study, labels, by_ending)
    margins, fold = lesson.out_of_fold(folds)
    features, weights, intercept = lesson.learn()
    below, scored = branching.learn(study, beneath, folds, ids)
    told = [study.prepared.texts, list(labels), study.beside.digest]
    whole = json.dumps([*told, list(beneath)] if below else told)
    data = hashlib.sha256(whole.encode()).hexdigest()
    made_of = "\n".join((_RECIPE, name, words.engine(), data))
    truth = np.array([lesson.known.index(label) for label in labels])
    return Model(
        name=name,
        labels=lesson.known,
        engine=words.engine(),
        version=f"{name}-{hashlib.sha256(made_of.encode()).hexdigest()[:12]}",
        data_hash=data,
        scores=examining.report(lesson, margins, fold, ids) | ({"below": scored} if below else {}),
        features=features,
        weights=weights,
        intercept=intercept,
        honesty=examining.honesty(margins, truth),
        lexicon=words.lexicon(),
        below=below,
    )


def cross_validate(
    messages: Sequence[str],
    labels: Sequence[str],
    folds: int = FOLDS,
    beside: Knowledge = NOTHING,
) -> dict[str, Any]:
    """Scores on messages that the model had not seen, as `examining.report` tells them."""
    lesson = _lesson(Study(prepare(messages), beside), labels)
    return examining.report(lesson, *lesson.out_of_fold(folds))


def evaluate(model: Model, messages: Sequence[str], labels: Sequence[str]) -> dict[str, Any]:
    """Scores of a model on labelled messages, and what it could have done alone.

    The thresholds are those that the model chose from its own training data.
    """
    found = model.read_many(messages)
    guess = [finding.label for finding in found]
    second = [finding.alternatives[:1] for finding in found]
    near = sum(
        label == first or label in [other for other, _ in rest]
        for label, first, rest in zip(labels, guess, second, strict=True)
    )
    sure = [finding.confidence or 0.0 for finding in found]
    return {
        **scores.report(labels, guess),
        "top2": round(near / len(labels), 4) if labels else 0.0,
        "confusion": scores.confusion(labels, guess),
        "reliability": scores.reliability(labels, guess, sure),
        "automatic": scores.automatic(labels, guess, sure, model.scores.get("automatic", ())),
    }


def _lesson(study: Study, labels: Sequence[str], by_ending: bool = False) -> Lesson:
    known = tuple(sorted(set(labels)))
    if len(labels) != len(study):
        raise ValueError("训练数据里文本与标签的条数不一样。")
    if len(known) < 2 or len(labels) < 2 * len(known):
        raise ValueError("训练数据太少：至少要有两个类别，平均每类不少于两条。")
    return Lesson(study, labels, known, by_ending)
