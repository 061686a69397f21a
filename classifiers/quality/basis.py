"""What an answer rests on: laws and rules by name, held against the list that the office keeps."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from classifiers.quality.fault import ANSWER, Fault
from classifiers.quality.wording import Wordings, plain

_TITLE = re.compile(r"《([^《》]{2,80})》|<([^<>]{2,80})>")
_ASIDE = re.compile(r"\([^()]*\)|\s|[<>《》〈〉“”\"]")
_STATE = "中华人民共和国"


@dataclass(frozen=True, slots=True)
class Known:
    """A law or rule on the list: its name without decoration, and whether it still holds."""

    name: str
    repealed: bool


def listed(rows: Iterable[Mapping[str, Any]]) -> dict[str, Known]:
    """The list by name and by every short name."""
    found: dict[str, Known] = {}
    for row in rows:
        known = Known(str(row["name"]), bool(row.get("repealed")))
        for name in (row["name"], *row.get("aliases", ())):
            found[_bare(str(name))] = known
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
    if not cited and not says["cited"].search(answer):
        faults.append(Fault("basis", ANSWER, 0, 0))
    return faults, tuple(dict.fromkeys(right))


def _bare(name: str) -> str:
    return _ASIDE.sub("", plain(name)).removeprefix(_STATE)
