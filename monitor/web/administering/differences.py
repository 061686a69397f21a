"""What differs between two versions of a rule, field by field, line by line."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from monitor.services.rulebook.fields import ONE, SEVERAL, TICK, Field, Shape, shown


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs: lines taken out, lines put in."""

    label: str
    gone: tuple[str, ...]
    come: tuple[str, ...]


def between(shape: Shape, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    """The fields that differ, in the order of the form."""
    found = []
    for field in shape.fields:
        one, other = _lines(field, old.get(field.name)), _lines(field, new.get(field.name))
        if field.name == "before" or one == other:
            continue
        told = [line for line in difflib.ndiff(one, other) if line[:1] in "+-"]
        gone = tuple(line[2:] for line in told if line.startswith("-"))
        come = tuple(line[2:] for line in told if line.startswith("+"))
        found.append(Difference(field.label, gone, come))
    return found


def _lines(field: Field, value: object) -> list[str]:
    if field.how == TICK:
        return ["是" if value else "否"]
    words = dict(field.options) if field.how in {ONE, SEVERAL} else {}
    return [words.get(line, line) for line in shown(field, value).split("\n") if line]
