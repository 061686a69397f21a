"""Places, dates and sums that an answer writes otherwise than the letter does."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from classifiers.quality.fault import ANSWER, Fault
from classifiers.quality.wording import Wordings

_DATE = re.compile(r"(?:(\d{2,4})年)?(\d{1,2})月(?:(\d{1,2})[日号])?|(\d{4})年")
_CODED = re.compile(r"([A-Z]\d{1,2}) ?([市区县])")
_WORD = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]")
_NAME, _DIGITS = 2, 3
# Money is written with and without its last word; 3万户 and 3万余 tell of other things.
_MONEY = {"万": "万元", "亿": "亿元"}
_OTHERWISE = "余多几名次字股千"


@dataclass(frozen=True, slots=True)
class Told:
    """A place, date or sum in a text: what sort, its value, and where."""

    sort: str
    value: str
    start: int
    end: int


def contradictions(title: str, letter: str, answer: str, says: Wordings) -> list[Fault]:
    """What the answer says of the same thing as the letter, but otherwise; texts made plain.

    The letter begins with its title.
    """
    asked, said = list(_told(letter, says)), list(_told(answer, says))
    theirs, ours = {_key(one) for one in asked}, {_key(one) for one in said}
    lost = [
        one
        for one in asked
        if _key(one) not in ours and not _within(one, answer, letter[one.start : one.end])
    ]
    new = [
        one
        for one in said
        if _key(one) not in theirs and not _within(one, letter, answer[one.start : one.end])
    ]
    faults = []
    for one in new:
        near = [
            other
            for other in lost
            if other.sort == one.sort
            and (
                _same_matter(letter, other, answer, one, says)
                or _swapped(other, one)
                or _subject(other, one, title, asked, said)
            )
        ]
        if near:
            quoted = letter[near[0].start : near[0].end]
            text = answer[one.start : one.end]
            faults.append(Fault("contradiction", ANSWER, one.start, one.end, text, quoted))
    return faults


def _subject(
    theirs: Told, ours: Told, title: str, asked: Sequence[Told], said: Sequence[Told]
) -> bool:
    """Whether the title is about one place of a sort, and the answer about one other."""
    if not theirs.sort.startswith(("place", "coded")) or theirs.end > len(title):
        return False
    about = {one.value for one in asked if one.sort == ours.sort}
    named = {one.value for one in said if one.sort == ours.sort}
    return about == {theirs.value} and named == {ours.value}


def _swapped(theirs: Told, ours: Told) -> bool:
    """Whether two sums have the same digits in another order, as a slip of the pen leaves them."""
    if not ours.sort.startswith("sum"):
        return False
    digits = [sorted(one.value.replace(".", "")) for one in (theirs, ours)]
    same = digits[0] == digits[1] and theirs.value.find(".") == ours.value.find(".")
    return same and len(digits[0]) >= _DIGITS


def _told(text: str, says: Wordings) -> Iterator[Told]:
    for match in _DATE.finditer(text):
        if match[4]:
            yield Told("year", match[4], *match.span())
        else:
            sort = "day" if match[3] else "month"
            yield Told(sort, f"{int(match[2])}-{int(match[3] or 0)}", *match.span())
            if match[1]:
                yield Told("year", match[1], *match.span(1))
    for match in _sums(says).finditer(text):
        if not re.match(r"[年月日]", match[2]):
            unit = _MONEY.get(match[2], match[2])
            yield Told("sum " + unit, f"{float(match[1]):.15g}", *match.span())
    for match in _CODED.finditer(text):
        yield Told("coded " + match[2], match[1], *match.span())
    never = frozenset(says.lists["not_places"])
    for match in _places(says).finditer(text):
        if not never & set(match[1]) and match[1] not in says.lists["not_names"]:
            yield Told("place " + match[2], match[1], *match.span())


def _sums(says: Wordings) -> re.Pattern[str]:
    units = sorted(says.lists["units"], key=len, reverse=True)
    named = "|".join(map(re.escape, units))
    money = rf"[万亿](?!\s*(?:{named}|[{_OTHERWISE}]))" if "万元" in units else "(?!)"
    return re.compile(rf"(\d+(?:\.\d+)?)\s*多?({named}|{money})")


def _places(says: Wordings) -> re.Pattern[str]:
    ends = sorted(says.lists["places"], key=len, reverse=True)
    return re.compile(rf"([\u4e00-\u9fff]{{{_NAME}}})({'|'.join(ends)})")


def _key(told: Told) -> tuple[str, str]:
    return told.sort, told.value


def _within(told: Told, text: str, whole: str) -> bool:
    """Whether the other text holds the value in any other writing; `whole` is how it stands."""
    if told.sort.startswith("place"):
        return whole in text
    if told.sort.startswith("coded"):
        return told.value in text
    bare = rf"(?<![\d.]){re.escape(told.value)}(?![\d.])"
    return not told.sort.startswith(("day", "month")) and re.search(bare, text) is not None


def _same_matter(letter: str, theirs: Told, answer: str, ours: Told, says: Wordings) -> bool:
    reach, least = int(says.limits["around"]), int(says.limits["shared"])
    left, right = _sides(letter, theirs, reach), _sides(answer, ours, reach)
    shared = len((left[0] | left[1]) & (right[0] | right[1]))
    restating = answer[max(0, ours.start - int(says.limits["restated"])) : ours.start]
    if says["restating"].search(re.split(r"[。!?;\n]", restating)[-1]):
        return shared >= least - 1
    if not theirs.sort.startswith(("place", "coded")):
        return shared >= least
    # A name stands in the same place of the sentence where its very neighbour is the same.
    beside = _beside(letter, theirs) & _beside(answer, ours)
    return bool(beside) and shared >= least


def _sides(text: str, told: Told, reach: int) -> tuple[set[str], set[str]]:
    """The pairs of characters left and right of a value, the value itself left out."""
    before, after = text[max(0, told.start - reach) : told.start], text[told.end : told.end + reach]
    return _pairs(before), _pairs(after)


def _beside(text: str, told: Told) -> set[str]:
    """What touches a name on either side."""
    before = "".join(_WORD.findall(text[max(0, told.start - 4) : told.start]))[-1:]
    after = "".join(_WORD.findall(text[told.end : told.end + 4]))[:1]
    return {"<" + before, ">" + after} - {"<", ">"}


def _pairs(side: str) -> set[str]:
    kept = "".join(_WORD.findall(side))
    return {kept[at : at + 2] for at in range(len(kept) - 1)}
