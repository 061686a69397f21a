"""What an answer rests on: laws and rules by name, held against the list that the office keeps."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from classifiers.quality.fault import ANSWER, Fault
from classifiers.quality.wording import Wordings, plain

_TITLE = re.compile(r"《([^《》]{2,80})》|<([^<>]{2,80})>")
# 国办发〔2023〕15号, 〔2023〕15号文, 2023年15号文: who issued it, the year, the number.
_NUMBER = re.compile(
    r"(?P<issuer>[一-龥]{0,8}[发函办规令字文])?[〔\[(【](?P<year>\d{4})年?[〕\])】]第?(?P<number>\d{1,4})号"
    r"(?P<kind>文件|文|令)?|(?P<year_>\d{4})年第?(?P<number_>\d{1,4})号(?:文件|文|令)"
)
_AFTER_TITLE = re.compile(r"[》>]\s*\(?[^()《》<>。;]{0,12}$")
_ASIDE = re.compile(r"\([^()]*\)|\s|[<>《》〈〉“”\"]")
_STATE = "中华人民共和国"


@dataclass(frozen=True, slots=True)
class Known:
    """A law or rule on the list: its name without decoration, and whether it still holds.

    Where it is known by its number, `issuer` is what stands before that ("国办发").
    """

    name: str
    repealed: bool
    issuer: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """The list by name and by every short name; by year and number all that bear them."""

    names: Mapping[str, Known]
    numbers: Mapping[str, tuple[Known, ...]]


def listed(rows: Iterable[Mapping[str, Any]]) -> Listed:
    """The list of an office, to hold against."""
    names: dict[str, Known] = {}
    numbers: dict[str, tuple[Known, ...]] = {}
    for row in rows:
        known = Known(str(row["name"]), bool(row.get("repealed")))
        for name in (row["name"], *row.get("aliases", ())):
            names[_bare(str(name))] = known
            for number in _NUMBER.finditer(plain(str(name))):
                key = _numbered(number)
                one = replace(known, issuer=number["issuer"] or "")
                numbers[key] = (*numbers.get(key, ()), one)
    return Listed(names, numbers)


def judge(answer: str, known: Listed, says: Wordings) -> tuple[list[Fault], tuple[str, ...]]:
    """The faults in the basis of an answer made plain, and the instruments rightly cited."""
    faults, right = list[Fault](), list[str]()
    cited, titles = False, []
    for match in _TITLE.finditer(answer):
        title = (match[1] or match[2]).strip()
        name = _bare(title)
        rule = known.names.get(name)
        titles.append(match.span())
        if rule is None and not name.endswith(tuple(says.lists["instruments"])):
            continue
        cited = True
        _judged(rule, match.span(), title, faults, right)
    for match in _NUMBER.finditer(answer):
        # The number of a title goes with the title, inside it or behind it.
        if any(first < match.start() < last for first, last in titles):
            continue
        if _AFTER_TITLE.search(answer[: match.start()]):
            continue
        rule = _of_number(known.numbers.get(_numbered(match), ()), match["issuer"] or "")
        # Files and notices are numbered too: without an issuer or a word for it, it is no rule.
        if rule or match["issuer"] or match["kind"] or match["year_"]:
            _judged(rule, match.span(), match.group(), faults, right)
    if not cited and not says["cited"].search(answer):
        faults.append(Fault("basis", ANSWER, 0, 0))
    return faults, tuple(dict.fromkeys(right))


def _judged(
    rule: Known | None, span: tuple[int, int], said: str, faults: list[Fault], right: list[str]
) -> None:
    if rule is None:
        faults.append(Fault("citation", ANSWER, *span, said))
    elif rule.repealed:
        faults.append(Fault("repealed", ANSWER, *span, said))
    else:
        right.append(rule.name)


def _of_number(known: Sequence[Known], issuer: str) -> Known | None:
    """Which of those with this year and number is meant; one that holds, where any may be."""
    # Before the issuer may stand what leads in: "根据国办发".
    meant = [one for one in known if not issuer or issuer.endswith(one.issuer)]
    meant.sort(key=lambda one: (one.repealed, -len(one.issuer)))
    return meant[0] if meant else None


def _numbered(number: re.Match[str]) -> str:
    """A document's year and number."""
    year, counted = number["year"] or number["year_"], number["number"] or number["number_"]
    return f"{year}-{int(counted)}"


def _bare(name: str) -> str:
    return _ASIDE.sub("", plain(name)).removeprefix(_STATE)
