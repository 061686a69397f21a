"""The first models: every reader of the menu, learnt from one csv of labelled messages."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import classifiers
from classifiers import trained, words
from classifiers.prepared import prepare
from classifiers.teaching.studying import Study
from classifiers.trained import Model


def train(
    labelled: Path, models_dir: Path, key: bytes, *, lexicon: Sequence[str] | None = None
) -> dict[str, Model]:
    """Learn all readers of the menu from a csv (title, text, and a column a reader); save them.

    Deterministic: the same file, engine and lexicon give the same versions. A row that lacks its
    text or a label is left out; a missing column or too few rows are a ValueError with a sentence.
    """
    if lexicon is not None:
        words.use_lexicon(lexicon)
    rows = _labelled_rows(labelled)
    study = Study(prepare([f"{row['title']}\n{row['text']}" for row in rows]))
    models = dict(learn_all(study, rows))
    for code, model in models.items():
        model.save(classifiers.model_path(models_dir, code), key)
    return models


def learn_all(study: Study, rows: Sequence[Mapping[str, str]]) -> Iterator[tuple[str, Model]]:
    """Every reader of the menu that is learnt, from the columns of rows that bear its code."""
    for entry in classifiers.READERS:
        if entry.learnt:
            yield entry.code, trained.fit_study(
                study, [row[entry.code] for row in rows], name=entry.code,
                by_ending=entry.by_ending,
                beneath=[row.get(entry.beneath, "") for row in rows] if entry.beneath else (),
            )  # fmt: skip


def _labelled_rows(path: Path) -> list[dict[str, Any]]:
    needed = {"title", "text", *(entry.code for entry in classifiers.READERS if entry.learnt)}
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = needed - set(reader.fieldnames or ())
        if missing:
            raise ValueError(f"训练数据 {path.name} 缺少列：{'、'.join(sorted(missing))}。")
        return [row for row in reader if all(row[name] for name in needed - {"title"})]
