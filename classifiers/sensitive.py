"""What must not leave unseen: secrecy marks, personal details, trade secrets; and its redaction."""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from classifiers.finding import Hit
from classifiers.identifiers import find_numbers
from classifiers.personal import Personal
from classifiers.secrecy import secrecy_mark, secrecy_marks
from classifiers.words import shipped_data

__all__ = ["KINDS", "Hit", "Scanner", "of", "redact", "scan", "secrecy_mark", "shipped"]

KINDS = (
    *("name", "phone", "landline", "id_card", "passport", "bank_card", "plate", "address"),
    *("email", "wechat", "qq", "uscc", "secrecy", "trade_secret"),
)
# Where two hits share a span, the surer kind stays.
_SUREST_FIRST = (
    *("secrecy", "uscc", "id_card", "bank_card", "phone", "landline", "passport", "plate"),
    *("email", "wechat", "qq", "name", "address", "trade_secret"),
)
_RANK = {kind: rank for rank, kind in enumerate(_SUREST_FIRST)}
_SAME_AGAIN = frozenset({"name", "phone", "landline", "id_card", "bank_card", "email", "uscc"})


class Scanner:
    """The scan of one office: its words of names, places and trade secrets."""

    def __init__(self, book: Mapping[str, Any]) -> None:
        """Take over the rulebook; a missing table is a KeyError that names it."""
        self.version = f"sensitive-{book['version']}"
        self.replacements: dict[str, str] = dict(book["replacements"])
        self._personal = Personal(book["names"], book["addresses"])
        self._titles = sorted(book["names"]["titles"], key=len, reverse=True)
        listed = sorted(book["trade_secrets"]["words"], key=len, reverse=True)
        self._trade = re.compile("|".join(map(re.escape, listed)))

    def scan(self, text: str) -> list[Hit]:
        """Every hit in the order of the text; positions refer to the text as given."""
        hits = [*find_numbers(text), *self._personal.find(text)]
        hits += [
            Hit("trade_secret", *word.span(), word[0])
            for word in self._trade.finditer(text)
            if not self._put_in(text, word)
        ]
        hits += secrecy_marks(text)
        return _apart(text, hits)

    def _put_in(self, text: str, word: re.Match[str]) -> bool:
        """Whether a word of trade secrets stands in what we wrote in the place of one."""
        ours = self.replacements["trade_secret"]
        at = ours.find(word[0])
        return at >= 0 and text.startswith(ours, max(word.start() - at, 0))

    def redact(
        self, text: str, hits: Sequence[Hit], replacements: Mapping[str, str] | None = None
    ) -> str:
        """The text with each hit replaced; overlapping hits become one replacement."""
        words = {**self.replacements, **(replacements or {})}
        pieces: list[str] = []
        done = 0
        for hit in sorted(hits, key=lambda hit: (hit.start, _RANK[hit.kind])):
            if hit.start >= done:
                pieces += [text[done : hit.start], self._instead(hit, words[hit.kind])]
            done = max(done, hit.end)
        return "".join(pieces) + text[done:]

    def _instead(self, hit: Hit, word: str) -> str:
        if hit.kind == "name" and word == self.replacements["name"]:
            title = next((title for title in self._titles if hit.text.endswith(title)), "")
            return f"某{title}" if title else word
        return word


@cache
def shipped() -> Scanner:
    """The scan by the rules that we ship."""
    path = shipped_data() / "rulebook" / "sensitive.toml"
    return Scanner(tomllib.loads(path.read_text("utf-8")))


def of(book: Mapping[str, Any]) -> Scanner:
    """The scan by the rules of an office; made once for each wording of them."""
    return _made(json.dumps(book, sort_keys=True, ensure_ascii=False))


@lru_cache(maxsize=8)
def _made(book: str) -> Scanner:
    return Scanner(json.loads(book))


def scan(text: str) -> list[Hit]:
    """The hits by the rules that we ship; an office with rules of its own keeps a Scanner."""
    return shipped().scan(text)


def redact(text: str, hits: Sequence[Hit], replacements: Mapping[str, str] | None = None) -> str:
    """The text without what was hit (某先生, 【电话】 …), by the rules that we ship."""
    return shipped().redact(text, hits, replacements)


def _apart(text: str, hits: list[Hit]) -> list[Hit]:
    """Hits in order, none inside another; what was found once is found wherever it stands."""
    for hit in list(hits):
        if hit.kind in _SAME_AGAIN and len(hit.text) > 1:
            again = re.finditer(re.escape(hit.text), text)
            hits += [Hit(hit.kind, *match.span(), match[0]) for match in again]
    kept: list[Hit] = []
    reach = 0
    for hit in sorted(set(hits), key=lambda hit: (hit.start, -hit.end, _RANK[hit.kind])):
        if hit.end > reach:
            kept.append(hit)
            reach = hit.end
    return kept
