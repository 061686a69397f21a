"""Find the header among the first rows, and say which column is which field."""

import difflib
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from monitor.channels.sheet.columns import Columns, normal
from monitor.channels.sheet.refusals import SheetRefused

LONGEST_NAME = 60
MOST_COLUMNS = 500
LOOKS_PERSONAL = re.compile(r"\d{5}")

Recall = Callable[[str], Mapping[str, str] | None]


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands and what it says; `fields` maps column index to field code.

    `given` are the names as they stand, blank ones too; `names` can serve as keys.
    """

    row: int
    last_row: int
    names: tuple[str, ...]
    given: tuple[str, ...]
    fields: Mapping[int, str]
    unknown: tuple[str, ...]
    fingerprint: str

    @property
    def mapped(self) -> dict[str, str]:
        """Header name to field code, in the order of the columns."""
        return {self.names[index]: self.fields[index] for index in sorted(self.fields)}

    def days(self, columns: Columns) -> list[int]:
        """Columns not mapped that are also named like the time of receipt."""
        spare = [i for i in range(len(self.given)) if i not in self.fields]
        known = {i: columns.rank(normal(self.given[i])) for i in spare}
        return [i for i, found in known.items() if found and found[0] == "received_at"]


def fingerprint(names: Sequence[str]) -> str:
    """The same for the same columns in the same order, whatever their ornaments."""
    text = "\x1f".join(normal(name) for name in names)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def resolve(mapping: Mapping[str, str], columns: Columns) -> dict[str, str]:
    """A given mapping by normalised header; an empty field name leaves the column unmapped."""
    wrong = [name for name in mapping.values() if name and columns.named(name) is None]
    if wrong:
        raise SheetRefused("mapping", {"names": "、".join(name[:LONGEST_NAME] for name in wrong)})
    return {normal(header): columns.named(name) or "" for header, name in mapping.items()}


def nameless(index: int) -> str:
    """What a column without a header is called."""
    return f"第{index + 1}列"


def label(names: Sequence[str]) -> tuple[str, ...]:
    """Header names fit as keys: none blank, none twice."""
    seen: dict[str, int] = {}
    labels = []
    for index, name in enumerate(names):
        flat = " ".join(name.split())[:LONGEST_NAME] or nameless(index)
        seen[flat] = seen.get(flat, 0) + 1
        labels.append(flat if seen[flat] == 1 else f"{flat} ({seen[flat]})")
    return tuple(labels)


def assign(names: Sequence[str], columns: Columns, given: Mapping[str, str]) -> dict[int, str]:
    """Column index to field code; of several columns for one field the foremost alias wins."""
    claims: dict[str, list[tuple[int, int]]] = {}
    unclear = []
    for index, name in enumerate(names):
        key = normal(name)
        if key in given:
            if given[key]:
                claims.setdefault(given[key], []).append((-1, index))
        elif key in columns.ambiguous.headers:
            unclear.append(index)
        elif key and (known := columns.rank(key)):
            claims.setdefault(known[0], []).append((known[1], index))
    for index in unclear:
        rule = columns.ambiguous
        code = rule.otherwise if rule.personal in claims else rule.personal
        claims.setdefault(code, []).append((99, index))
    fields: dict[int, str] = {}
    for code, places in claims.items():
        keep = places if columns.fields[code].join is not None else [min(places)]
        fields.update({index: code for _, index in keep})
    return fields


def find(
    head: Sequence[tuple[int, Sequence[str]]],
    columns: Columns,
    mapping: Mapping[str, str] | None = None,
    recall: Recall | None = None,
) -> Header | None:
    """The first row (or pair of rows, where one stands over another) with all required fields."""
    for position, (row, names) in enumerate(head):
        below = head[position + 1] if position + 1 < len(head) else None
        lower = below[1] if below and below[0] == row + 1 else ()
        single = _fits(row, row, names, columns, mapping, recall)
        if single and not _subheads(lower, single.fields, columns):
            return single
        if lower:
            pair = _fits(row, row + 1, _stacked(names, lower), columns, mapping, recall)
            if pair and (single or not _fits(row + 1, row + 1, lower, columns, mapping, recall)):
                return pair
    return None


def missing(heads: Sequence[Sequence[tuple[int, Sequence[str]]]], columns: Columns) -> SheetRefused:
    """The refusal that names the first lacking column and the nearest header seen."""
    best: tuple[int, tuple[str, ...]] = (0, ())
    for head in heads:
        for _, names in head:
            hits = len(assign(names, columns, {}))
            if hits > best[0]:
                best = (hits, tuple(names))
    if len(best[1]) > MOST_COLUMNS:
        # Nobody need assign columns to fields in a sheet that is not taken anyway.
        return SheetRefused("headers", {"count": len(best[1]), "limit": MOST_COLUMNS})
    names = best[1] or tuple(name for head in heads for _, row in head for name in row)
    found = set(assign(names, columns, {}).values()) if best[0] else set()
    lacking = next((f for f in columns.required if f.code not in found), columns.required[0])
    near = _nearest(names, columns.names(lacking.code))
    details = {"label": lacking.label, "near": f"；最接近的表头是“{near}”" if near else ""}
    return SheetRefused("missing", details, headers=label(best[1]) if best[1] else ())


def _nearest(names: Sequence[str], aliases: Sequence[str]) -> str:
    """The header most like one of the aliases; nothing that may be somebody's data."""
    candidates = {
        normal(name): " ".join(name.split())
        for name in names
        if 1 < len(name.strip()) <= 20 and not LOOKS_PERSONAL.search(name)
    }
    scored = [
        (difflib.SequenceMatcher(None, alias, key).ratio(), shown)
        for key, shown in islice(candidates.items(), MOST_COLUMNS)
        for alias in aliases
    ]
    score, shown = max(scored, default=(0.0, ""))
    return shown if score >= 0.5 else ""


def _fits(
    row: int,
    last_row: int,
    names: Sequence[str],
    columns: Columns,
    mapping: Mapping[str, str] | None,
    recall: Recall | None,
) -> Header | None:
    if sum(1 for name in names if name.strip()) < len(columns.required):
        return None
    mark = fingerprint(names)
    remembered = recall(mark) if mapping is None and recall else None
    given = resolve(mapping or remembered or {}, columns)
    fields = assign(names, columns, given)
    if not {field.code for field in columns.required} <= set(fields.values()):
        return None
    if len(names) > MOST_COLUMNS:
        raise SheetRefused("headers", {"count": len(names), "limit": MOST_COLUMNS})
    labels = label(names)
    given_names = tuple(name.strip() for name in names)
    unknown = tuple(labels[i] for i, name in enumerate(given_names) if name and i not in fields)
    return Header(row, last_row, labels, given_names, fields, unknown, mark)


def _stacked(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """One header out of two rows: the lower name where there is one."""
    width = max(len(upper), len(lower))
    above = [*upper, *[""] * (width - len(upper))]
    beneath = [*lower, *[""] * (width - len(lower))]
    return [low if low.strip() else up for up, low in zip(above, beneath, strict=True)]


def _subheads(lower: Sequence[str], fields: Mapping[int, str], columns: Columns) -> bool:
    """Whether the row below a header continues it: known names only where none were required."""
    needed = {field.code for field in columns.required}
    required = [index for index, code in fields.items() if code in needed]
    if not lower or any(index < len(lower) and lower[index].strip() for index in required):
        return False
    return any(name.strip() and columns.rank(normal(name)) for name in lower)
