"""The kinds of rules that an office may change, and how each is read from the shipped files.

A new kind is one line of KINDS: its bodies then stand in `Rules.bodies[code]`, are versioned,
published with an upgrade, and travel with the configuration of the office.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import orjson

from monitor.services.rulebook.assemble import SENSITIVE_LISTS, URGENCY_LISTS, Body
from monitor.services.rulebook.checking import QUALITY_LISTS

# Rules stand in an order; between two of them a third finds its place.
STEP = 65_536
Bodies = Iterable[Mapping[str, Any]]


WORD_LISTS = {
    "lexicon.words": "招商词库",
    "lexicon.common": "不作理由的常用语",
    "urgency.negations": "紧急：否定词",
    "urgency.not_negations": "紧急：不算否定的说法",
    "urgency.consequences": "紧急：要挟的说法",
    "urgency.idioms": "紧急：惯用语（句式）",
    "urgency.past": "紧急：说过去的词",
    "urgency.drills": "紧急：演练、宣传的词",
    "columns.ambiguous": "可能属于两项的表头",
    **SENSITIVE_LISTS,
    **QUALITY_LISTS,
}
MASKS = {
    "name": "姓名", "phone": "手机号", "landline": "座机", "id_card": "身份证号",
    "passport": "护照号", "bank_card": "银行卡号", "plate": "车牌号", "address": "地址",
    "email": "邮箱", "wechat": "微信号", "qq": "QQ号", "uscc": "统一社会信用代码",
    "secrecy": "密级标志", "trade_secret": "商业秘密",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule version as shipped."""

    kind: str
    code: str
    version: int
    valid_from: date
    position: int
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of rule: its name, how its bodies are read, and what names each of them."""

    code: str
    label: str
    read: Callable[[Path], Bodies]
    key: Callable[[Mapping[str, Any]], str] = lambda body: str(body["code"])


def toml(name: str, table: str) -> Callable[[Path], Bodies]:
    """Reads a list of tables from a file of the data folder."""
    return lambda data: _toml(data / name)[table]


def _named(table: str) -> Callable[[Path], Bodies]:
    """Reads tables that are named by their key."""

    def read(data: Path) -> Bodies:
        found = _toml(data / "rulebook" / "deadlines.toml").get(table, {})
        return [{"code": code, **body} for code, body in found.items()]

    return read


def _holidays(data: Path) -> Bodies:
    return [orjson.loads(path.read_bytes()) for path in sorted((data / "holidays").glob("*.json"))]


def _texts(data: Path) -> Bodies:
    return [_text(path) for path in sorted((data / "texts").glob("*.md"))]


def _nothing(_: Path) -> Bodies:
    return ()


def _pack_and_code(body: Mapping[str, Any]) -> str:
    return f"{body.get('pack', 'national')}:{body['code']}"


def _urgency(data: Path) -> Bodies:
    book = _toml(data / "rulebook" / "urgency.toml")
    numbers = (
        "reach", "normal_confidence", "doubtful_confidence", "learnt_from", "denied_from",
        "yields_below",
    )  # fmt: skip
    return [{"code": "urgency", **{name: book[name] for name in numbers if name in book}}]


def _words(data: Path) -> Bodies:
    """Every list of words, under the name of what reads it."""
    lines = (data / "lexicon.txt").read_text("utf-8").splitlines()
    entries = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    common = [entry[1:].strip() for entry in entries if entry.startswith("-")]
    found: dict[str, Mapping[str, Any]] = {
        "lexicon.words": {"words": [entry for entry in entries if not entry.startswith("-")]},
        "lexicon.common": {"words": common},
    }
    urgency = _toml(data / "rulebook" / "urgency.toml")
    for name in URGENCY_LISTS:
        found[f"urgency.{name}"] = {"words": urgency[name]}
    unclear = _toml(data / "columns.toml")["ambiguous"]
    found["columns.ambiguous"] = {
        "words": unclear["headers"],
        "personal": unclear["personal"],
        "otherwise": unclear["otherwise"],
    }
    known = _toml(data / "rulebook" / "sensitive.toml")
    for code in SENSITIVE_LISTS:
        _, table, name = code.split(".")
        found[code] = {"words": known[table][name]}
    checks = _toml(data / "rulebook" / "quality.toml")["patterns"]
    for code in QUALITY_LISTS:
        found[code] = {"words": checks[code.split(".")[1]]}
    return [{"code": code, "label": WORD_LISTS[code], **body} for code, body in found.items()]


def _sensitive(data: Path) -> Bodies:
    """What the scan goes by besides the lists that stand on the page."""
    book = _toml(data / "rulebook" / "sensitive.toml")
    tables = {
        table: {
            name: value
            for name, value in book[table].items()
            if f"sensitive.{table}.{name}" not in SENSITIVE_LISTS
        }
        for table in ("names", "addresses")
    }
    return [{"code": "sensitive", "version": book["version"], **tables}]


def _quality(data: Path) -> Bodies:
    book = _toml(data / "rulebook" / "quality.toml")
    return [{"code": "quality", "version": book["version"], "limits": book["limits"]}]


def _masks(data: Path) -> Bodies:
    masks = _toml(data / "rulebook" / "sensitive.toml")["replacements"]
    return [{"code": code, "label": MASKS[code], "text": text} for code, text in masks.items()]


KINDS = (
    Kind("pack", "时限规则包", _named("packs")),
    Kind("pause", "停表事由", _named("pauses")),
    Kind("deadline", "时限规则", toml("rulebook/deadlines.toml", "rules"), _pack_and_code),
    Kind("holiday", "节假日安排", _holidays, lambda body: str(body["year"])),
    Kind("topic", "主题", toml("topics.toml", "topic")),
    Kind("catalogue", "派单目录", toml("catalogue.toml", "row"), lambda body: str(body["number"])),
    Kind("chain", "签发规则", toml("rulebook/reviews.toml", "chain")),
    Kind("text", "标准文本", _texts),
    Kind("callback", "回访抽样规则", toml("rulebook/callbacks.toml", "callback")),
    Kind("card", "督办规则", toml("rulebook/cards.toml", "card")),
    Kind("notice", "提醒规则", toml("rulebook/notices.toml", "notice")),
    Kind("announce", "办理提醒", toml("rulebook/notices.toml", "announce")),
    Kind("learning", "学习与自动分办", toml("rulebook/learning.toml", "learning")),
    Kind("retention", "保管期限规则", toml("rulebook/retention.toml", "retention")),
    Kind("office", "本单位", _nothing),
    Kind("urgency", "紧急规则", toml("rulebook/urgency.toml", "rule")),
    Kind("words", "词表", _words),
    Kind("reading", "识别参数", _urgency),
    Kind("sensitive", "扫描参数", _sensitive),
    Kind("mask", "遮盖词", _masks),
    Kind("check", "答复检查", toml("rulebook/quality.toml", "kind")),
    Kind("citation", "依据清单", toml("rulebook/citations.toml", "citation")),
    Kind("quality", "检查参数", _quality),
    Kind("column", "表格列", toml("columns.toml", "field")),
    Kind("feedback", "回填模板", toml("feedback.toml", "template")),
)


def shipped(data_dir: Path) -> list[Entry]:
    """Every rule that we ship, from the files of the data folder."""
    return [entry for kind in KINDS for entry in _entries(kind, kind.read(data_dir))]


def _entries(kind: Kind, bodies: Bodies) -> list[Entry]:
    found = []
    for position, raw in enumerate(bodies):
        body: Body = orjson.loads(orjson.dumps(dict(raw), option=orjson.OPT_NON_STR_KEYS))
        first = date.fromisoformat(body.get("valid_from") or "2000-01-01")
        version = int(body.get("version", 1))
        found.append(Entry(kind.code, kind.key(body), version, first, position * STEP, body))
    return found


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _text(path: Path) -> dict[str, Any]:
    head, _, text = path.read_text(encoding="utf-8").removeprefix("+++").partition("\n+++")
    return {**tomllib.loads(head), "text": text.strip()}
