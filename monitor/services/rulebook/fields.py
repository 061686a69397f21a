"""Fields that people fill in for a rule: how each is drawn, read from a form and checked."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monitor.services.rulebook.assemble import Body

CODE = re.compile(r"[a-z0-9][a-z0-9_.-]{0,39}")
NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_MOST_WORDS = 3_000
_LONGEST_WORD = 200

# How a field is drawn and read.
LINE, AREA, LINES, NUMERAL, TICK, ONE, SEVERAL, PAIRS, TIME = (
    *("line", "area", "lines", "numeral", "tick", "one", "several", "pairs", "time"),
)
Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to fill in; `source` names choices that the office keeps elsewhere."""

    name: str
    label: str
    how: str = LINE
    hint: str = ""
    needed: bool = True
    longest: int = 200
    options: Options = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """The form of one kind: what names a rule, its fields, and what may be done with it."""

    kind: str
    hint: str
    fields: tuple[Field, ...]
    code: Field | None = None
    pattern: re.Pattern[str] = CODE
    retires: bool = True
    ordered: bool = False
    title: Callable[[Body], str] = lambda body: str(body.get("label") or body.get("name") or "")


def read(
    shape: Shape, given: Mapping[str, Sequence[str]], choices: Mapping[str, Options], held: Body
) -> tuple[Body, dict[str, str]]:
    """The body that a form asks for, over what the rule holds already, and its faults by field."""
    body, faults = dict(held), dict[str, str]()
    for field in shape.fields:
        if field.name == "before":
            continue
        value, fault = _value(field, [one.strip() for one in given.get(field.name, ())], choices)
        if fault:
            faults[field.name] = fault
        body[field.name] = value
    if shape.kind == "text":
        body["placeholders"] = list(dict.fromkeys(_PLACEHOLDER.findall(str(body["text"]))))
    return body, faults


def _value(field: Field, given: Sequence[str], choices: Mapping[str, Options]) -> tuple[Any, str]:
    text = given[0].replace("\r\n", "\n") if given else ""
    allowed = {code for code, _ in choices.get(field.source, field.options)}
    if field.how == TICK:
        return bool(text), ""
    if field.how == SEVERAL:
        wrong = [one for one in given if one not in allowed]
        fault = "有一项不在可选范围内" if wrong else ""
        return list(dict.fromkeys(given)), fault or _missing(field, given)
    if len(text) > max(field.longest, 0) and field.how not in {LINES, PAIRS}:
        return text, f"最多 {field.longest} 字"
    if field.how == NUMERAL:
        return _numeral(text)
    if field.how == LINES:
        return _lines(field, text)
    if field.how == PAIRS:
        return _pairs(field, text)
    if field.how == TIME and text and not _TIME.fullmatch(text):
        return text, "应写成 21:00 的样子"
    if field.how == ONE and text and text not in allowed:
        return text, "请从列表中选择"
    return text, _missing(field, [text] if text else [])


def _missing(field: Field, given: Sequence[str]) -> str:
    return f"请填写{field.label}" if field.needed and not given else ""


def _numeral(text: str) -> tuple[int, str]:
    if not text:
        return 0, ""
    if not re.fullmatch(r"\d{1,6}", text):
        return 0, "请填写不超过六位的整数"
    return int(text), ""


def _lines(field: Field, text: str) -> tuple[list[str], str]:
    found = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
    if len(found) > _MOST_WORDS:
        return found, f"最多 {_MOST_WORDS} 个"
    if any(len(one) > _LONGEST_WORD for one in found):
        return found, f"有的词太长（最多 {_LONGEST_WORD} 字）"
    return found, _missing(field, found)


def _pairs(field: Field, text: str) -> tuple[list[dict[str, str]], str]:
    codes = {label: code for code, label in field.options} | {c: c for c, _ in field.options}
    rows: list[dict[str, str]] = []
    for number, line in enumerate((one for one in text.splitlines() if one.strip()), 1):
        header, sign, name = (part.strip() for part in line.replace("\uff1d", "=").partition("="))
        if not (header and sign and name in codes):
            return rows, f"第 {number} 行不合格式，应为“表头 = 内容”，内容取自上面所列"
        rows.append({"header": header, "field": codes[name]})
    return rows, _missing(field, [row["header"] for row in rows])


def shown(field: Field, value: object) -> str:
    """A stored value as people write it into the form."""
    if field.how == PAIRS and isinstance(value, list):
        labels = dict(field.options)
        return "\n".join(f"{row['header']} = {labels.get(row['field'], '')}" for row in value)
    if isinstance(value, list):
        return "\n".join(map(str, value))
    return "" if value is None else str(value)
