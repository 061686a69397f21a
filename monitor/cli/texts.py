"""classify, scan, train, evaluate: what the readers say about a text, and how they learn."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.speaking import AsJson, Home, opened, out, say, settings, tell

if TYPE_CHECKING:
    from monitor.services.rulebook import Rules

_LABELS = {
    "topic": "主题",
    "request_type": "诉求类型",
    "urgency": "紧急程度",
    "section": "主办科室",
}
_BROKEN = re.compile("[\ud800-\udfff]")
Given = Annotated[str | None, typer.Argument(help="要读的文字")]
TextColumns = Annotated[str, typer.Option("--text", help="文字所在列，逗号分隔")]
LabelColumn = Annotated[str, typer.Option("--label", help="标签所在列")]
ModelName = Annotated[str, typer.Option("--model", help="模型名")]
FromFile = Annotated[Path | None, typer.Option("--file", help="从文件读，- 为标准输入")]


def classify(
    text: Given = None, file: FromFile = None, as_json: AsJson = False, home: Home = None
) -> None:
    """Topic, request type, urgency and section of a text, with the words that caused them."""
    from monitor.domain.errors import Incomplete
    from monitor.domain.vocabulary import RequestType, Urgency
    from monitor.services import preparing, reading
    from monitor.services.reading import explaining

    words = _text(text, file)
    if not words.strip():
        raise Incomplete("没有可读的文字。", remedy="请给出一段诉求。")
    reading.refuse_secrets(words)
    found = settings(home)
    rules, sections = _rules(home)
    bundle = preparing.bundle(found, rules.words)
    for notice in bundle.notices:
        tell(notice)
    prepared = preparing.prepare(found, rules.words, [("", words)])[0]
    suggested = preparing.suggest(rules.guide, prepared, words)
    topic = suggested["suggested_topic"] or ""
    whole = explaining.both_levels(bundle, f"\n{words}", prepared.findings, topic)
    document: dict[str, Any] = {name: _told(finding) for name, finding in prepared.findings.items()}
    document["engine"] = next((f["engine"] for f in prepared.findings.values() if f["engine"]), "")
    document["models"] = {name: finding["version"] for name, finding in prepared.findings.items()}
    seen = reading.look("", words, suggested["suggested_type"] or "")
    document["opinion"] = seen.opinion.as_json()
    document["missing"] = [{"code": one.code, "ask": one.ask} for one in seen.lacks]
    document["requests"] = [
        {"start": one.start, "end": one.end, "text": one.text} for one in seen.requests
    ]
    if as_json:
        out(document)
        return
    named: dict[str, Callable[[str], str]] = {
        "topic": rules.topic_label,
        # A model that was taught from a table may have labels of its own.
        "request_type": lambda code: {one.value: one.label for one in RequestType}.get(code, code),
        "urgency": lambda code: {one.value: one.label for one in Urgency}.get(code, code),
        "section": lambda code: sections.get(code, code),
    }
    for name, label in _LABELS.items():
        if name in whole:
            told = _told(whole[name])
            sure = f"{told['confidence']:.0%}" if told["confidence"] is not None else "规则命中"
            say(f"{label}：{named[name](told['value'])}（{sure}）" + "、".join(told["reasons"]))
            if name == "urgency" and (alarm := explaining.alarm(whole[name])):
                say(f"  {alarm}")
    say(f"舆情：{seen.opinion.label}，{seen.opinion.tone_label}")
    if seen.lacks:
        say("还缺：" + "、".join(one.label for one in seen.lacks))
    if seen.requests:
        say(f"一信多事：{len(seen.requests)} 项")


def _rules(home: Path | None) -> "tuple[Rules, dict[str, str]]":
    """The rules in force in the office of this home, and its sections by name.

    The shipped rules where there is no office.
    """
    from monitor.services import rulebook
    from monitor.storage import people

    found = settings(home)
    if not found.key_path.exists():
        return rulebook.from_files(found.data_dir), {}
    with opened(home) as desk, desk.reading() as ctx:
        named = {code: one.label for code, one in people.sections(ctx.session).items()}
        return rulebook.current(ctx), named


def scan(
    text: Given = None, file: FromFile = None, as_json: AsJson = False, home: Home = None
) -> None:
    """Personal details, secrecy and trade-secret words in a text, and the redacted text."""
    from monitor.services import reading

    words, (rules, _) = _text(text, file), _rules(home)
    hits = reading.scan(rules, words)
    if as_json:
        out(
            {
                "findings": [
                    {"kind": hit.kind, "start": hit.start, "end": hit.end, "text": hit.text}
                    for hit in hits
                ],
                "redacted": reading.redact(rules, words),
            }
        )
        return
    for hit in hits:
        say(f"{hit.kind}  {hit.start}-{hit.end}  {hit.text}")
    say(reading.redact(rules, words))


def train(
    labels: Annotated[
        Path | None,
        typer.Option("--labels", help="标注表（csv、xlsx）；不给则用内置与已决定的"),
    ] = None,
    text: TextColumns = "title,text",
    label: LabelColumn = "topic",
    model: ModelName = "topic",
    folds: Annotated[int, typer.Option("--folds", min=2, max=20)] = 5,
    tree: Annotated[
        Path | None, typer.Option("--tree", help="分类树（csv、xlsx），各行含类别及其下级")
    ] = None,
    unlabelled: Annotated[
        list[Path] | None, typer.Option("--unlabelled", help="未标注的来信（同样的列），可多次给出")
    ] = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Learn a model from labelled texts, score it by cross-validation, and keep it."""
    from monitor.tasks import teaching, training

    found = settings(home)
    if labels is None:
        with opened(home) as desk:
            report = teaching.propose(desk)
        tell("学出的新模型列在“模型”页，由办公室比较后启用。")
    else:
        table = training.Table(labels, _columns(text), label.strip(), tree, unlabelled or ())
        lexicon = _rules(home)[0].words.lexicon
        report = training.from_table(found, table, model, folds, lexicon)
    if as_json:
        out(report)
        return
    say(
        f"{report['model']}：{report['n']} 条，"
        f"交叉验证宏平均 F1 {report['cv_macro_f1']:.3f}，正确率 {report['cv_accuracy']:.3f}"
    )
    _say_automatic(report["automatic"])


def evaluate(
    labels: Annotated[Path, typer.Option("--labels", help="标注表（csv、xlsx）")],
    text: TextColumns = "title,text",
    label: LabelColumn = "topic",
    model: ModelName = "topic",
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Hold a model against labelled texts: how right, how honest, what it could do alone."""
    from monitor.tasks import training

    table = training.Table(labels, _columns(text), label.strip())
    report = training.evaluate_table(settings(home), table, model)
    if as_json:
        out(report)
        return
    say(
        f"{report['model']}：{report['n']} 条，宏平均 F1 {report['macro_f1']:.3f}，"
        f"正确率 {report['accuracy']:.3f}，前两名含正确 {report['top2']:.3f}，"
        f"校准误差 {report['reliability']['ece']:.3f}"
    )
    for name, figures in report["per_class"].items():
        say(
            f"  {name}：{figures['n']} 条，精确率 {figures['precision']:.3f}，"
            f"召回率 {figures['recall']:.3f}，F1 {figures['f1']:.3f}"
        )
    _say_automatic(report["automatic"])


def _columns(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _say_automatic(steps: list[dict[str, Any]]) -> None:
    for step in steps:
        if step["threshold"] is None:
            say(f"  目标精确率 {step['target']:.2f}：样本还不足以保证，不建议自动处理")
        else:
            reached = "—" if step["precision"] is None else f"{step['precision']:.3f}"
            say(
                f"  目标精确率 {step['target']:.2f}：阈值 {step['threshold']:.3f}，"
                f"覆盖 {step['coverage']:.1%}，精确率 {reached}"
            )


def _text(text: str | None, file: Path | None) -> str:
    import sys

    from monitor.domain.errors import Incomplete

    if (text is None) == (file is None):
        raise Incomplete("请给出文字，或用 --file 指定文件，二者取一。")
    if file is not None and str(file) != "-":
        return _decoded(file.read_bytes())
    # A byte that is no sign is kept as one sign, so that positions stand.
    return _BROKEN.sub("\ufffd", sys.stdin.read() if text is None else text)


def _decoded(whole: bytes) -> str:
    from monitor.domain.errors import Incomplete

    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return whole.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Incomplete("文件不是文本，或编码认不出来。", remedy="请另存为 UTF-8 编码的纯文本后再试。")


def _told(finding: dict[str, Any]) -> dict[str, Any]:
    from monitor.services.reading import explaining

    reasons = explaining.reasons(finding)
    if finding["rule"]:
        reasons.append(f"规则 {finding['rule']}")
    return {
        "value": finding["label"],
        "confidence": finding["confidence"],
        "reasons": reasons,
        "alternatives": [list(pair) for pair in finding["alternatives"]],
    }


COMMANDS: dict[str, Callable[..., None]] = {
    "classify": classify, "scan": scan, "train": train, "evaluate": evaluate,
}  # fmt: skip
