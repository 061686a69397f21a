"""What an answer rests on: laws and rules by name, held against the list that the office keeps."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from classifiers.quality.fault import ANSWER, Fault
from classifiers.quality.wording import Wordings, plain

_TITLE = re.compile(r"《([^《》]{2,80})》|<([^<>]{2,80})>")
# 国办发〔2023〕15号, 2023年15号文: who issued it, the year, the number.
_NUMBER = re.compile(
    r"([一-龥]{0,8}[发函办规令字文])?[〔\[(【](\d{4})年?[〕\])】]第?(\d{1,4})号(?:文件|文|令)?"
    r"|(\d{4})年第?(\d{1,4})号(?:文件|文|令)"
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


def listed(rows: Iterable[Mapping[str, Any]]) -> dict[str, Known]:
    """The list by name, by every short name, and by the numbers among these."""
    found: dict[str, Known] = {}
    for row in rows:
        known = Known(str(row["name"]), bool(row.get("repealed")))
        for name in (row["name"], *row.get("aliases", ())):
            found[_bare(str(name))] = known
            for number in _NUMBER.finditer(plain(str(name))):
                found[_numbered(number)] = replace(known, issuer=number[1] or "")
    return found


def judge(
    answer: str, known: Mapping[str, Known], says: Wordings
) -> tuple[list[Fault], tuple[str, ...]]:
    """The faults in the basis of an answer made plain, and the instruments rightly cited."""
    faults, right = list[Fault](), list[str]()
    cited = False
    for match in _TITLE.finditer(answer):
        title = (match[1] or match[2]).strip()
        name = _bare(title)
        rule = known.get(name)
        if rule is None and not name.endswith(tuple(says.lists["instruments"])):
            continue
        cited = True
        if rule is None:
            faults.append(Fault("citation", ANSWER, *match.span(), title))
        elif rule.repealed:
            faults.append(Fault("repealed", ANSWER, *match.span(), title))
        else:
            right.append(rule.name)
    for match in _NUMBER.finditer(answer):
        # The number of a title that stands before it goes with that.
        if _AFTER_TITLE.search(answer[: match.start()]):
            continue
        rule, issuer = known.get(_numbered(match)), match[1] or ""
        # Before the issuer may stand what leads in: "根据国办发".
        if rule is not None and issuer and not issuer.endswith(rule.issuer):
            rule = None
        if rule is None or rule.repealed:
            kind = "repealed" if rule else "citation"
            faults.append(Fault(kind, ANSWER, *match.span(), match.group()))
        else:
            right.append(rule.name)
    if not cited and not says["cited"].search(answer):
        faults.append(Fault("basis", ANSWER, 0, 0))
    return faults, tuple(dict.fromkeys(right))


def _numbered(number: re.Match[str]) -> str:
    """A document's year and number."""
    return f"{number[2] or number[4]}-{int(number[3] or number[5])}"


def _bare(name: str) -> str:
    return _ASIDE.sub("", plain(name)).removeprefix(_STATE)
