"""A body that did not come through its form, held against that form field by field."""

from collections.abc import Mapping, Sequence
from typing import Any

from monitor.services.rulebook import fields
from monitor.services.rulebook.assemble import Body
from monitor.services.rulebook.fields import LINES, NUMERAL, PAIRS, SEVERAL, TICK, Field, Options
from monitor.services.rulebook.shapes import SHAPES

_LISTS = frozenset({LINES, PAIRS, SEVERAL})
_STRANGE = "内容不是这一项该有的形式"


def choices_in(
    book: Mapping[str, Sequence[Body]], sections: Mapping[str, str]
) -> dict[str, Options]:
    """What fields may choose from in a book of bodies."""
    topics = [(body["code"], str(body.get("label", ""))) for body in book.get("topic", ())]
    parents = [(body["code"], "") for body in book.get("topic", ()) if not body.get("parent")]
    rows = [(str(body["number"]), "") for body in book.get("catalogue", ())]
    return {
        "sections": list(sections.items()), "topics": topics, "parents": parents, "rows": rows,
    }  # fmt: skip


def wrong(kind: str, code: str, body: Body, choices: Mapping[str, Options]) -> dict[str, str]:
    """What the form of this kind would refuse of a body, by the label of the field."""
    shape = SHAPES.get(kind)
    if shape is None:
        return {}
    if shape.code and not shape.pattern.fullmatch(code):
        return {shape.code.label: "只用字母、数字、点和短横，最多 40 个"}
    labels = {field.name: field.label for field in shape.fields}
    strange = {
        field.label: _STRANGE
        for field in shape.fields
        if field.name in body and not _of_its_form(field, body[field.name])
    }
    if strange:
        return strange
    given = {field.name: _as_sent(field, body.get(field.name)) for field in shape.fields}
    _, faults = fields.read(shape, given, choices, body)
    return {labels[name]: message for name, message in faults.items()}


def _of_its_form(field: Field, value: object) -> bool:
    if field.how == PAIRS:
        return isinstance(value, list) and all(map(_is_pair, value))
    if field.how in _LISTS:
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    if field.how == TICK:
        return isinstance(value, bool)
    if field.how == NUMERAL:
        return type(value) is int
    return isinstance(value, str)


def _is_pair(row: object) -> bool:
    return isinstance(row, dict) and all(isinstance(row.get(n), str) for n in ("header", "field"))


def _as_sent(field: Field, value: Any) -> list[str]:
    if field.how == SEVERAL:
        return list(value or ())
    if field.how == TICK:
        return ["yes"] if value else []
    text = fields.shown(field, value)
    return [text] if text else []
