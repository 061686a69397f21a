"""The alias table: which field a header names, and what becomes of the field."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BLANKS = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
ASIDES = re.compile(r"[(\[【{][^()\[\]【】{}]*[)\]】}]")
ORNAMENTS = "*★☆※●•·#:'\"“”‘’_-、.,;!?"
NUMBERING = re.compile(r"^(?:\d{1,2}|[一二三四五六七八九十]{1,2})[.、]")


def normal(header: str) -> str:
    """A header without what does not distinguish it: blanks, stars, （必填）, widths, case."""
    name = BLANKS.sub("", unicodedata.normalize("NFKC", header)).casefold()
    bare = NUMBERING.sub("", ASIDES.sub("", name).strip(ORNAMENTS))
    return bare.strip(ORNAMENTS) or name


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a column may hold."""

    code: str
    label: str
    aliases: tuple[str, ...]
    part: str
    required: bool = False
    join: str | None = None
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Headers that are personal unless another column already is."""

    headers: frozenset[str]
    personal: str
    otherwise: str


class Columns:
    """All fields with their aliases, as `data/columns.toml` gives them."""

    def __init__(self, fields: Iterable[Field], ambiguous: Ambiguous) -> None:
        self.fields = {field.code: field for field in fields}
        self.ambiguous = ambiguous
        self.required = tuple(field for field in self.fields.values() if field.required)
        self.upstream = tuple(f.code for f in self.fields.values() if f.part == "upstream")
        self.labels = {field.code: field.label for field in self.fields.values()}
        self._ranks: dict[str, tuple[str, int]] = {}
        for field in self.fields.values():
            for rank, name in enumerate((field.label, *field.aliases)):
                self._ranks.setdefault(normal(name), (field.code, rank))

    @classmethod
    def load(cls, path: Path) -> "Columns":
        """Read the table; a wrong one fails loudly at start."""
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        return cls.of(table["field"], table["ambiguous"])

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]], unclear: Mapping[str, Any]) -> "Columns":
        """The table out of its rows, and the headers that may mean two fields."""
        fields = [
            Field(
                code=str(row["code"]),
                label=str(row["label"]),
                aliases=tuple(row["aliases"]),
                part=str(row["part"]),
                required=bool(row.get("required", False)),
                join=row.get("join"),
                kind=str(row.get("kind", "text")),
            )
            for row in rows
        ]
        ambiguous = Ambiguous(
            headers=frozenset(normal(name) for name in unclear["headers"]),
            personal=str(unclear["personal"]),
            otherwise=str(unclear["otherwise"]),
        )
        return cls(fields, ambiguous)

    def named(self, name: str) -> str | None:
        """The field code that a mapping means, given by code or by label."""
        if name in self.fields:
            return name
        return next((f.code for f in self.fields.values() if f.label == name), None)

    def rank(self, name: str) -> tuple[str, int] | None:
        """Field code and place in its list of aliases (0 first) of a normalised header."""
        return self._ranks.get(name)

    def names(self, code: str) -> list[str]:
        """Every normalised header that means this field."""
        return [name for name, (known, _) in self._ranks.items() if known == code]
