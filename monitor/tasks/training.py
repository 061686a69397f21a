"""Learn from labelled tables: the first models of an office, and any sheet that people bring."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import classifiers
from classifiers import trained, words
from classifiers.prepared import prepare
from classifiers.seal import ModelRefused
from classifiers.teaching import knowledge, primer
from classifiers.teaching.knowledge import Knowledge
from classifiers.teaching.studying import Study
from monitor.domain.errors import Incomplete
from monitor.services import rulebook
from monitor.services.rulebook import Rules
from monitor.settings import Settings
from monitor.storage.crypto import open_keys

_FEWEST = 20
_BENEATH = {entry.code: entry.beneath for entry in classifiers.READERS}
_NAME = re.compile(r"[\w-]{1,64}")


def shipped_labels(settings: Settings) -> list[dict[str, str]]:
    """The labelled messages that we ship."""
    path = settings.data_dir / "training" / "messages.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def first_models(settings: Settings) -> dict[str, Any]:
    """Train both models of a new office from the shipped labels."""
    rules = rulebook.from_files(settings.data_dir)
    beside = Knowledge(hints_of(rules))
    return _learn(settings, rules.words.lexicon, shipped_labels(settings), beside)


@dataclass(frozen=True, slots=True)
class Table:
    """Where labelled texts stand in a sheet: the columns of the text, the column of the label."""

    path: Path
    text_columns: Sequence[str]
    label_column: str
    # A sheet whose rows hold a label and what lies below it; sheets of letters nobody labelled.
    tree: Path | None = None
    unlabelled: Sequence[Path] = ()


def from_table(
    settings: Settings, table: Table, model: str, folds: int, lexicon: Sequence[str]
) -> dict[str, Any]:
    """Train one model from a labelled table and keep it; its cross-validated scores.

    The names of the labels teach too, with what we ship about them and with the office's tree.
    """
    messages, labels, rows, beneath = _labelled(table, _BENEATH.get(model, ""))
    if len(labels) < _FEWEST or len(set(labels)) < 2:
        raise Incomplete(f"标注太少：{len(labels)} 条，至少 {_FEWEST} 条、两个类别。")
    path = _model_path(settings, model)
    words.use_lexicon(lexicon)
    beside = _beside(table, labels)
    try:
        learnt = trained.fit_study(
            Study(prepare(messages), beside), labels, name=model, folds=folds, ids=rows,
            beneath=beneath,
        )  # fmt: skip
    except ValueError as error:
        raise Incomplete(str(error)) from error
    learnt.save(path, key_of(settings))
    return {"model": model, "version": learnt.version, **learnt.scores}


def evaluate_table(settings: Settings, table: Table, model: str) -> dict[str, Any]:
    """What a kept model says about a labelled table, and what it could have done alone there."""
    messages, labels, _, _ = _labelled(table)
    if not labels:
        raise Incomplete(f"“{table.label_column}”一列没有标注。", remedy="请给出已标注的表。")
    try:
        learnt = trained.load(_model_path(settings, model), key_of(settings))
    except ModelRefused as refused:
        raise Incomplete(str(refused)) from refused
    return {"model": model, "version": learnt.version, **trained.evaluate(learnt, messages, labels)}


def _beside(table: Table, labels: Sequence[str]) -> Knowledge:
    tree: dict[str, list[str]] = {}
    for row in _rows(table.tree) if table.tree else ():
        cells = [cell.strip() for cell in row.values() if cell.strip()]
        for label in {*labels} & {*cells}:
            tree.setdefault(label, []).extend(cells)
    if table.tree and not tree:
        raise Incomplete(
            "分类树里没有一个标注表里的类别。", remedy="请核对分类树的文件和 --label 的列。"
        )
    letters = [message for path in table.unlabelled for message in _messages(table, path)]
    return Knowledge(knowledge.of_labels(labels, tree), letters)


def _messages(table: Table, path: Path) -> list[str]:
    rows = _rows(path)
    if not rows or not {*table.text_columns} <= {*rows[0]}:
        raise Incomplete(
            f"未标注表 {path.name} 缺列：{'、'.join(table.text_columns)}。",
            remedy="请用与标注表相同的列名。",
        )
    return ["\n".join(row[name] for name in table.text_columns) for row in rows]


def _labelled(table: Table, beneath: str = "") -> tuple[list[str], list[str], list[str], list[str]]:
    """Texts, labels and row numbers (the header is row 1) of the rows that carry a label.

    Last what lies beneath each label, where the table has a column for it.
    """
    rows = _rows(table.path)
    wanted = (*table.text_columns, table.label_column)
    missing = [name for name in wanted if rows and name not in rows[0]]
    if missing or not rows:
        found = "、".join(rows[0]) if rows else "无"
        raise Incomplete(f"标注表缺列：{'、'.join(missing)}（现有：{found}）。")
    kept = [(n, row) for n, row in enumerate(rows, start=2) if row[table.label_column].strip()]
    return (
        ["\n".join(row[name] for name in table.text_columns) for _, row in kept],
        [row[table.label_column].strip() for _, row in kept],
        [str(n) for n, _ in kept],
        [row[beneath].strip() for _, row in kept]
        if rows and beneath and beneath in rows[0]
        else [],
    )


def _model_path(settings: Settings, model: str) -> Path:
    if not _NAME.fullmatch(model):
        raise Incomplete(
            f"模型名“{model}”不合规。", remedy="请用字母、数字、连字符和下划线，最多 64 个。"
        )
    return classifiers.model_path(settings.models_dir, model)


def key_of(settings: Settings) -> bytes:
    """The key that model files of this home are sealed with."""
    return open_keys(settings.key_path, create=True).purpose("models")


def hints_of(rules: Rules) -> tuple[tuple[str, str], ...]:
    """What the topic tree itself says about each of its topics; of a first-level one, all below.

    A branch is told by its own words alone: what all branches share tells none of them apart.
    """
    tree: dict[str, list[str]] = {}
    branches: dict[str, list[str]] = {}
    for topic in rules.bodies.get("topic", ()):
        said = [topic["label"], topic.get("description", "")]
        tree.setdefault(topic.get("parent") or topic["code"], []).extend(said)
        if topic.get("parent"):
            branches[topic["code"]] = said
    return knowledge.of_labels(tree, tree) + knowledge.of_branches(branches)


def _learn(
    settings: Settings, lexicon: Sequence[str], rows: Sequence[dict[str, str]], beside: Knowledge
) -> dict[str, Any]:
    words.use_lexicon(lexicon)
    key = key_of(settings)
    study = Study(prepare([f"{row['title']}\n{row['text']}" for row in rows]), beside)
    report: dict[str, Any] = {"model": "topic", "n": len(rows), "models": {}}
    for code, model in primer.learn_all(study, rows):
        model.save(classifiers.model_path(settings.models_dir, code), key)
        report["models"][code] = {"version": model.version, **model.scores}
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
