"""Part of the figures on likeness: real letters, and the ways in which a letter comes again."""

import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from python_calamine import CalamineWorkbook

from classifiers import words

ALL = "all together"
_NUMBER = re.compile(r"(?<![A-Za-z0-9])\d+")
_CODE = re.compile(r"[A-Z]\d{0,2}(?=[市区县])")
_DISTRICT = re.compile(r"[A-Z]\d{0,2}[市区县]$")
_SENTENCES = re.compile(r"(?<=[。！？；!?;\n])")
_CLAUSES = re.compile(r"(?<=[。！？；!?;\n，,、 ])")
_SWAPS = (
    ("我们", "咱们"), ("希望", "盼望"), ("非常", "十分"), ("因为", "由于"), ("但是", "可是"),
    ("现在", "目前"), ("可以", "能够"), ("如果", "要是"), ("为什么", "为何"), ("没有", "没"),
    ("已经", "已"), ("请问", "想问"), ("还是", "仍是"), ("的", ""), ("了", ""), ("呢", ""),
    ("吗", "么"), ("都", ""), ("就", "便"), ("也", "亦"), ("和", "与"), ("请", "恳请"),
    ("被", "遭"),
)  # fmt: skip
_BEFORE = (
    "尊敬的领导：您好！百忙之中打扰了，", "各位领导好，我是一名普通市民，今天写信反映一件事。",
    "你好，",
)  # fmt: skip
_AFTER = ("恳请领导重视，早日给予答复，谢谢！此致敬礼", "盼复。", "")
# Ends of names that are looked for in all letters at once; the product sees one letter alone.
_ENDS = re.compile(
    r"[㐀-鿿]{2,4}(?:小区|花园|社区|街道|家园|新村|公寓|广场|大厦|大道|镇|路|村|苑|湾)"
)
# A name that is one stands behind the code of its district in some letters.
_LETTERS_HOLD, _BEHIND = 3, 2


@dataclass(frozen=True)
class Letter:
    """A real letter, never written anywhere."""

    number: str
    writer: str
    title: str
    text: str
    answer: str = ""

    @cached_property
    def plain_title(self) -> str:
        """Letters and figures of the title."""
        return "".join(filter(str.isalnum, words.normalise(self.title)))

    @cached_property
    def plain_text(self) -> str:
        """Letters and figures of the text."""
        return "".join(filter(str.isalnum, words.normalise(self.text)))


def letters(data: Path, *names: str, shortest: int = 10) -> list[Letter]:
    """The different texts of the sheets, in their order."""
    known: dict[str, Letter] = {}
    for name in names or ("messages_with_votes.xlsx", "letters_with_replies.xlsx"):
        rows = CalamineWorkbook.from_path(str(data / name)).get_sheet_by_index(0).to_python()
        at = {str(cell).strip(): place for place, cell in enumerate(rows[0])}
        answer = at.get("答复意见")
        for row in rows[1:]:
            one = Letter(
                str(row[at["留言编号"]]).removesuffix(".0"),
                str(row[at["留言用户"]]).strip(),
                str(row[at["留言主题"]]).strip(),
                str(row[at["留言详情"]]).strip(),
                "" if answer is None else str(row[answer]).strip(),
            )
            if len(one.plain_text) >= shortest:
                known.setdefault(one.plain_text, one)
    return list(known.values())


def sentences(text: str) -> list[str]:
    """The sentences of a text that say more than a word."""
    return [part.strip() for part in _SENTENCES.split(text) if len(part.strip()) > 8]


def changes(chance: random.Random) -> dict[str, Callable[[str], str]]:
    """The ways in which a letter comes again, each a function from a text to a text."""

    def numbers(text: str) -> str:
        text = _NUMBER.sub(lambda run: "".join(chance.choices("123456789", k=len(run[0]))), text)
        for word, other in _SWAPS:
            pieces = text.split(word)
            text = pieces[0] + "".join(
                (other if chance.random() < 0.6 else word) + piece for piece in pieces[1:]
            )
        return text

    def greeted(text: str) -> str:
        return chance.choice(_BEFORE) + text + chance.choice(_AFTER)

    def moved(text: str) -> str:
        parts = [part for part in _SENTENCES.split(text) if part.strip()]
        if len(parts) < 4:
            parts = [part for part in _CLAUSES.split(text) if part.strip()]
        return "".join(chance.sample(parts, max(1, round(0.7 * len(parts)))))

    def cut(text: str) -> str:
        return text[: max(1, round(0.6 * len(text)))]

    return {
        "numbers and particles": numbers,
        "greeting added": greeted,
        "30 % dropped, moved": moved,
        "40 % cut off": cut,
        ALL: lambda text: greeted(numbers(cut(moved(text)))),
    }


def names_of(known: Sequence[Letter]) -> dict[str, list[str]]:
    """Names of places by their end: what many letters hold with ever other words around it."""
    held: Counter[str] = Counter()
    behind: Counter[str] = Counter()
    for one in known:
        text = f"{one.title}\n{one.text}"
        seen = {
            (text[start : found.end()], bool(_DISTRICT.search(text[max(start - 4, 0) : start])))
            for found in _ENDS.finditer(text)
            for start in range(found.start(), found.end() - 2)
        }
        held.update({name for name, _ in seen})
        behind.update({name for name, after in seen if after})
    kept = [
        name
        for name, times in held.items()
        if times >= _LETTERS_HOLD and behind[name] >= _BEHIND and name != _end(name)
    ]
    # A tail of a name is no name: it hardly ever stands without the rest.
    longer = {name[1:]: held[name] for name in kept}
    found: dict[str, list[str]] = {}
    for name in sorted(kept):
        if longer.get(name, 0) < 0.6 * held[name]:
            found.setdefault(_end(name), []).append(name)
    return {end: names for end, names in found.items() if len(names) > 3}


def moved_elsewhere(
    one: Letter, names: dict[str, list[str]], way: str, chance: random.Random
) -> Letter | None:
    """The same letter about another place; None where it names none that can be told."""
    whole = f"{one.title}\n{one.text}"
    other = whole
    if way in {"names", "both"}:
        for name in _named(whole, names):
            instead = chance.choice([new for new in names[_end(name)] if new not in whole])
            other = other.replace(name, instead)
    if way in {"codes", "both"}:
        swaps: dict[str, str] = {}
        for code in sorted(set(_CODE.findall(whole))):
            fresh = [f"{a}{n}" for a in "BCDEFGHJK" for n in range(1, 9)]
            swaps[code] = chance.choice([new for new in fresh if new not in whole])
        other = _CODE.sub(lambda run: swaps.get(run[0], run[0]), other)
    if other == whole:
        return None
    title, _, text = other.partition("\n")
    return replace(one, title=title, text=text)


def _named(text: str, names: dict[str, list[str]]) -> list[str]:
    every = sorted((name for group in names.values() for name in group), key=len, reverse=True)
    found: list[str] = []
    for name in every:
        if name in text and not any(name in longer for longer in found):
            found.append(name)
    return found


def _end(name: str) -> str:
    two = name[-2:]
    return (
        two
        if two in {"小区", "花园", "社区", "街道", "家园", "新村", "公寓", "广场", "大厦", "大道"}
        else name[-1]
    )
