"""Names and addresses of persons, found by what stands around them."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from classifiers.finding import Hit
from classifiers.identifiers import fold

_HAN = "[\\u3400-\\u9fff]"
_BLANK = "[\\u200b \\t]{0,3}"
_EDGE = "(?![\\u3400-\\u9fff])"
_COUNT = "[一二三四五六七八九十百零〇]{1,5}"
_NUMBER = f"(?:[A-Za-z]?[0-9]{{1,5}}[A-Za-z]?(?:[-—之][0-9]{{1,5}}){{0,3}}|[A-Za-z]|{_COUNT})"
_PART = "(?:号楼|栋|幢|座|单元|层|楼|室|号|户|房|铺|门|弄|院)"
# What may follow the number of a house or the name of an estate, down to a bare room number.
_TAIL = (
    f"(?:{_BLANK}(?:(?:附|{_HAN}{{2,8}}?)?{_BLANK}{_NUMBER}{_BLANK}{_PART}|[栋幢室户])){{0,5}}"
    f"(?:{_BLANK}[0-9]{{3,4}}(?![0-9年月日元万亿号个人家]))?"
)
_STREET = (
    "(?:路|街|大道|道|巷|弄|胡同)(?:[东南西北中](?:[路段]|一路|二路)?|[一二三四五六七八九十]+[段路])?"
    f"{_BLANK}(?:{_NUMBER}{_BLANK}[弄巷]{_BLANK})?{_NUMBER}{_BLANK}号(?![线令文件]|公交|专线){_TAIL}"
)
_HOUSE = (
    f"{_NUMBER}{_BLANK}(?:号楼|栋|幢)(?:{_BLANK}{_NUMBER}{_BLANK}单元)?"
    f"{_BLANK}[0-9]{{3,4}}(?:室|房|户|号)?(?![0-9])"
)


class Personal:
    """Finds names and addresses by the words of an office's rulebook."""

    def __init__(self, names: Mapping[str, Any], addresses: Mapping[str, Any]) -> None:
        """Compile the words of the tables `names` and `addresses`."""
        compound = "|".join(names["compound"])
        never = f"(?![{names['never']}])"
        given = f"(?:{never}{_HAN}){{1,2}}"
        some = f"(?:{compound}|[{names['surnames']}])"
        everyday = f"(?:{compound}|[{names['everyday']}])"
        titles = "|".join(sorted(names["titles"], key=len, reverse=True))
        labels = "|".join(sorted(names["labels"], key=len, reverse=True))
        # A book of before has none; then nobody is named by his part.
        roles = "|".join(sorted(names.get("roles", ["(?!)"]), key=len, reverse=True))
        pauses = "|".join(names.get("pauses", ["(?!)"]))
        several = f"{_HAN}{{2,6}}·{_HAN}{{2,8}}"
        self._not_names = frozenset(names["not_names"])
        self._names = [
            re.compile(pattern)
            for pattern in (
                f"(?:{labels})(?:姓名)?{_BLANK}[:=]{_BLANK}({several}|{some}{_BLANK}{given})",
                f"(?:{labels})(?:姓名|是|为|叫)?{_BLANK}({several}|{everyday}{given})",
                f"(?:{'|'.join(names['introductions'])}){_BLANK}({several}|{everyday}{given}){_EDGE}",
                f"我叫{_BLANK}({several}|{some}{given})",
                f"本人({everyday}{given})[,(]{_BLANK}(?:{'|'.join(names['about'])})",
                f"(?:{roles})({everyday}{given})(?:{_EDGE}|(?={pauses}))",
                f"(?<!{_HAN})({everyday}总)(?={'|'.join(names['deeds'])})",
                f"(?:{'|'.join(names['towards'])})({everyday}总)(?={'|'.join(names['deeds'])})",
                f"({everyday}某{{1,2}})",
            )
        ]
        self._next_name = re.compile(
            f"[、,和及]({everyday}{given})(?=[、,和及。;等]|系|均|{pauses})"
        )
        self._titled = re.compile(titles)
        self._no_title = re.compile("|".join(names["not_titles"]))
        self._single = re.compile(f"({everyday})\\Z")
        self._before_title = re.compile(f"({everyday}{given}|{everyday})\\Z")
        self._signature = re.compile(f"{some}{_BLANK}{given}")
        self._line = re.compile("[^\\n\\r]+")
        stops = addresses["stops"]
        estates = "|".join(sorted(addresses["estates"], key=len, reverse=True))
        estate = (
            f"(?:{estates})(?:{_BLANK}{_NUMBER}{_BLANK}[期区])?{_BLANK}{_NUMBER}{_BLANK}"
            f"(?:号楼|栋|幢|座|单元){_TAIL}"
        )
        village = (
            f"[村屯寨庄组]{_BLANK}(?:{_NUMBER}{_BLANK}[组社队]{_BLANK})?{_NUMBER}{_BLANK}号"
            f"(?:{_EDGE}|(?=的|村民|居民|住户|人家|家))"
        )
        self._place = re.compile(f"{_STREET}|{estate}|{village}|{_HOUSE}")
        self._leading = re.compile(f"(?:(?![{stops}]){_HAN}){{1,16}}\\Z")
        listed = "|".join(sorted(addresses["labels"], key=len, reverse=True))
        self._labelled = re.compile(
            f"(?<![网P站箱])(?:{listed}){_BLANK}([:=]?)[是为]?{_BLANK}([^\\n\\r,;!?()。]{{4,40}})"
        )
        self._placelike = re.compile("[0-9栋幢号室]|小区|花园|公寓|社区")

    def find(self, text: str) -> Iterator[Hit]:
        """Names, then addresses; positions in the text as given, hits may overlap."""
        plain = fold(text)
        for start, end in self._spans_of_names(plain):
            yield Hit("name", start, end, text[start:end])
        for start, end in self._spans_of_addresses(plain):
            yield Hit("address", start, end, text[start:end])

    def _spans_of_names(self, plain: str) -> Iterator[tuple[int, int]]:
        for pattern in self._names:
            for match in pattern.finditer(plain):
                span = self._real(plain, *match.span(1))
                while span:
                    yield span
                    more = self._next_name.match(plain, span[1])
                    span = self._real(plain, *more.span(1)) if more else None
        words = [word.span() for word in self._no_title.finditer(plain)]
        for title in self._titled.finditer(plain):
            if any(start <= title.start() and title.end() <= end for start, end in words):
                continue
            before = plain[max(0, title.start() - 4) : title.start()]
            name = self._before_title.search(before)
            if name and name[1][:2] in self._not_names:
                name = self._single.search(before)
            if name and name[1] + title[0] not in self._not_names:
                yield title.start() - len(name[1]), title.end()
        yield from self._signatures(plain)

    def _signatures(self, plain: str) -> Iterator[tuple[int, int]]:
        """A line at the end of a letter that is a name and nothing else."""
        lines = [line for line in self._line.finditer(plain) if line[0].strip()]
        for line in lines[1:][-3:]:
            name = line[0].strip(" \t\u200b,.。，")
            if self._signature.fullmatch(name) and name not in self._not_names:
                start = line.start() + line[0].index(name)
                yield start, start + len(name)

    def _real(self, plain: str, start: int, end: int) -> tuple[int, int] | None:
        """The span of a name, without a last character that makes it a common word."""
        if any(plain[start : start + length] in self._not_names for length in (2, 3)):
            return None
        if plain[end : end + 1] in ("生", "士") and plain[end - 1] in "先女":
            end -= 1
        return (start, end) if end - start >= 2 else None

    def _spans_of_addresses(self, plain: str) -> Iterator[tuple[int, int]]:
        for place in self._place.finditer(plain):
            before = plain[max(0, place.start() - 40) : place.start()]
            leading = self._leading.search(before)
            start = place.start() - (len(leading[0]) if leading else 0)
            yield start, place.end()
        for match in self._labelled.finditer(plain):
            if match[1] or self._placelike.search(match[2]):
                start, end = match.span(2)
                yield start, end - (len(match[2]) - len(match[2].rstrip()))
