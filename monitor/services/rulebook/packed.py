"""The file of a configuration as it arrives: unpacked within bounds, every piece of its shape."""

import io
import zipfile
from collections.abc import Mapping
from datetime import date
from typing import Any, TypedDict

import orjson

from classifiers import READERS
from monitor.confined.packages import BROKEN
from monitor.domain.errors import Incomplete
from monitor.services.rulebook.kinds import KINDS

FORMAT = 1
DOCUMENT = "configuration.json"
LARGEST_FILE = 64 * 2**20
_LARGEST_DOCUMENT = 16 * 2**20
_LARGEST_MODEL = 128 * 2**20
_MOST_RULES = 20_000


class Carried(TypedDict):
    """One version of a rule as the document holds it."""

    kind: str
    code: str
    version: int
    valid_from: str
    valid_to: str | None
    position: int
    body: dict[str, Any]


def unpacked(content: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The document and the models of a packed configuration; Incomplete for anything else."""
    if len(content) > LARGEST_FILE:
        raise Incomplete("配置文件太大，没有导入。", remedy="请核对是不是导出的配置文件。")
    allowed = {f"models/{entry.code}.npz": entry.code for entry in READERS if entry.learnt}
    models: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            names = file.namelist()
            strange = [name for name in names if name not in {DOCUMENT, *allowed}]
            if strange or DOCUMENT not in names or len(names) != len(set(names)):
                raise Incomplete("这不是导出的配置：里面有别的文件，或缺少配置文档。")
            text = _member(file, DOCUMENT, _LARGEST_DOCUMENT)
            for name in names:
                if name in allowed:
                    models[allowed[name]] = _member(file, name, _LARGEST_MODEL)
        document = orjson.loads(text)
    except BROKEN as error:
        remedy = "请用 monitor config export 或页面上的按钮导出的原文件。"
        raise Incomplete("配置文件损坏，或不是导出的配置。", remedy=remedy) from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise Incomplete("配置文件的格式版本不认识。", remedy="请先把本系统升级到导出它的版本。")
    lists = [document.get("rules"), document.get("sections")]
    if not all(isinstance(one, list) and len(one) <= _MOST_RULES for one in lists):
        raise Incomplete("配置文件缺少规则或科室，或多得不合理。")
    for body in document["sections"]:
        if isinstance(body, dict):
            # Files of the first release tell no phones.
            body.setdefault("phone", "")
        if not isinstance(body, dict) or not _fits(body, SECTION):
            raise Incomplete("配置文件里有一个科室不合格式。")
    return document, models


def _member(file: zipfile.ZipFile, name: str, most: int) -> bytes:
    """One file of the zip, never more than `most` of it, whatever its head says."""
    with file.open(name) as opened:
        content = opened.read(most + 1)
    if len(content) > most:
        raise Incomplete(f"配置文件里的 {name} 展开后太大，没有导入。")
    return content


SECTION: Mapping[str, type] = {
    "code": str, "label": str, "duties": str, "phone": str, "office": bool, "position": int,
    "active": bool,
}  # fmt: skip
_RULE: Mapping[str, type] = {
    "kind": str, "code": str, "version": int, "valid_from": str, "position": int, "body": dict,
}  # fmt: skip


def _fits(body: Mapping[str, Any], shape: Mapping[str, type]) -> bool:
    return all(type(body.get(name)) is kind for name, kind in shape.items())


def checked(number: int, one: Any) -> Carried:
    """One rule of a document, of the right shape."""
    if not isinstance(one, dict) or not _fits(one, _RULE):
        raise Incomplete(f"配置里的第 {number} 条规则不合格式。")
    name = f"{one['kind']} {one['code']}"[:80]
    try:
        date.fromisoformat(one["valid_from"])
        date.fromisoformat(one.get("valid_to") or one["valid_from"])
        code = one["kind"] not in {kind.code for kind in KINDS} or len(one["code"]) > 80
    except (TypeError, ValueError) as error:
        raise Incomplete(f"配置里的规则 {name} 日期不合格式。") from error
    if code or abs(one["position"]) >= 2**31 or not 0 < one["version"] < 2**31:
        raise Incomplete(f"配置里的规则 {name} 不是本系统认识的。")
    return Carried(
        kind=one["kind"], code=one["code"], version=one["version"], body=one["body"],
        valid_from=one["valid_from"], valid_to=one.get("valid_to"), position=one["position"],
    )  # fmt: skip
