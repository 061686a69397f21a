"""Learn from decisions: shipped labels and decided orders, scored before it goes live."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import classifiers
from classifiers import trained, words
from classifiers.features import prepare
from monitor.domain.errors import Incomplete
from monitor.services import rulebook, upkeep
from monitor.services.desk import SYSTEM, Desk
from monitor.settings import Settings
from monitor.storage.crypto import open_keys

_FEWEST = 20


def shipped_labels(settings: Settings) -> list[dict[str, str]]:
    """The labelled messages that we ship."""
    path = settings.data_dir / "training" / "messages.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def first_models(settings: Settings) -> dict[str, Any]:
    """Train both models of a new office from the shipped labels."""
    words = rulebook.from_files(settings.data_dir).words
    return _learn(settings, words.lexicon, shipped_labels(settings))


def retrain(desk: Desk) -> dict[str, Any]:
    """Train from the shipped labels and the office's own decisions; the scores, and an event."""
    with desk.reading() as ctx:
        decided = upkeep.labels_from_decisions(ctx.session, before=ctx.now)
        lexicon = rulebook.current(ctx).words.lexicon
    usable = [row for row in decided if row["topic"] and row["request_type"]]
    report = _learn(desk.settings, lexicon, [*shipped_labels(desk.settings), *usable])
    with desk.writing(SYSTEM) as ctx:
        ctx.record_system("models_trained", n=report["n"], own=len(usable))
    return report


def from_table(
    settings: Settings,
    table: Path,
    text_columns: Sequence[str],
    label_column: str,
    model: str,
    folds: int,
    lexicon: Sequence[str],
) -> dict[str, Any]:
    """Train one model from a labelled table; its cross-validated scores."""
    rows = _rows(table)
    missing = [name for name in (*text_columns, label_column) if rows and name not in rows[0]]
    if missing or not rows:
        found = "、".join(rows[0]) if rows else "无"
        raise Incomplete(f"标注表缺列：{'、'.join(missing)}（现有：{found}）。")
    kept = [row for row in rows if row[label_column].strip()]
    messages = ["\n".join(row[name] for name in text_columns) for row in kept]
    labels = [row[label_column].strip() for row in kept]
    if len(labels) < _FEWEST or len(set(labels)) < 2:
        raise Incomplete(f"标注太少：{len(labels)} 条，至少 {_FEWEST} 条、两个类别。")
    words.use_lexicon(lexicon)
    scores = trained.cross_validate(messages, labels, folds)
    learnt = trained.fit(messages, labels, name=model)
    settings.models_dir.mkdir(parents=True, exist_ok=True)
    key = open_keys(settings.key_path, create=True).purpose("models")
    learnt.save(classifiers.model_path(settings.models_dir, model), key)
    return {"model": model, **scores}


def _learn(
    settings: Settings, lexicon: Sequence[str], rows: Sequence[dict[str, str]]
) -> dict[str, Any]:
    words.use_lexicon(lexicon)
    key = open_keys(settings.key_path, create=True).purpose("models")
    settings.models_dir.mkdir(parents=True, exist_ok=True)
    prepared = prepare([f"{row['title']}\n{row['text']}" for row in rows])
    report: dict[str, Any] = {"model": "topic", "n": len(rows), "models": {}}
    for entry in classifiers.READERS:
        if not entry.learnt:
            continue
        model = trained.fit_prepared(prepared, [row[entry.code] for row in rows], name=entry.code)
        model.save(classifiers.model_path(settings.models_dir, entry.code), key)
        report["models"][entry.code] = {"version": model.version, **model.scores}
    topic: dict[str, Any] = report["models"]["topic"]
    return report | topic


def _rows(table: Path) -> list[dict[str, str]]:
    if table.suffix.lower() == ".csv":
        try:
            with table.open(encoding="utf-8-sig", newline="") as file:
                return [{k: v or "" for k, v in row.items() if k} for row in csv.DictReader(file)]
        except (UnicodeDecodeError, csv.Error) as error:
            raise _unreadable() from error
    from python_calamine import CalamineError, CalamineWorkbook

    # Opened first, so that an absent file or a folder is named as such.
    with table.open("rb") as book:
        try:
            cells = CalamineWorkbook.from_filelike(book).get_sheet_by_index(0).to_python()
        except CalamineError as error:
            raise _unreadable() from error
    header = [str(cell).strip() for cell in cells[0]] if cells else []
    return [dict(zip(header, map(str, row), strict=False)) for row in cells[1:]]


def _unreadable() -> Incomplete:
    return Incomplete("标注表读不出来。", remedy="请另存为 UTF-8 的 csv 或 xlsx 后再试。")
