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

from monitor.services.rulebook.assemble import Body

Bodies = Iterable[Mapping[str, Any]]


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


KINDS = (
    Kind("pack", "时限规则包", _named("packs")),
    Kind("pause", "停表事由", _named("pauses")),
    Kind("deadline", "时限规则", toml("rulebook/deadlines.toml", "rules"), _pack_and_code),
    Kind("holiday", "节假日安排", _holidays, lambda body: str(body["year"])),
    Kind("topic", "主题", toml("topics.toml", "topic")),
    Kind("catalogue", "派单目录", toml("catalogue.toml", "row"), lambda body: str(body["number"])),
    Kind("chain", "签发规则", toml("rulebook/reviews.toml", "chain")),
    Kind("text", "标准文本", _texts),
    Kind("office", "本单位", _nothing),
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
        found.append(Entry(kind.code, kind.key(body), version, first, position, body))
    return found


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _text(path: Path) -> dict[str, Any]:
    head, _, text = path.read_text(encoding="utf-8").removeprefix("+++").partition("\n+++")
    return {**tomllib.loads(head), "text": text.strip()}
