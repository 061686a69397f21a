"""Defects sown into real answers at run time, and where each of them lies; nothing is kept.

A part of answer_quality.py. A sower gives back the kind of finding that is due, the answer with the
defect, its place, and in which text the place lies; None where the answer does not lend itself.
"""

import hashlib
import random
import re
from collections.abc import Callable
from dataclasses import dataclass

from classifiers import quality

_PLACE = re.compile(
    r"([\u4e00-\u9fff]{2})(镇|村|路|小区|街道|社区|大道|中学|小学|医院|广场|花园)|([A-Z]\d{1,2})(市|区|县)"
)
_DATE = re.compile(r"((?:\d{4}年)?)(\d{1,2})月(\d{1,2})[日号]")
_SUM = re.compile(r"(\d{2,}(?:\.\d+)?)(万元|元|平方米|亩|公里|户|平米)")
_STOP = re.compile(r"(?<=[。！？；\n])")
_ITEM = re.compile(r"\n+|(?<=[。！？；])")
_QUESTION = re.compile(r"[^。！？；?!;\n]{8,120}[？?]")
_UNIT = re.compile(r"\n+|(?<=[。！？；])")
_EVERYDAY = (
    "请问是否能否可以什么时候何时如何怎样多少哪些我们你们问题情况有关相关部门领导答复回复反映"
)
BUCK = (
    "此事与我局无关，请您找相关部门解决。", "具体情况请与财政部门联系。",
    "该问题不归我单位管，请另行咨询。",
    "建议您直接向市住建局反映。", "我局对此无能为力。", "请您自行与企业协商解决。",
    "上述事项由其他部门负责处理，请勿再向我局反映。", "这不是我科的职责，您可以去问别的部门。",
)  # fmt: skip
PROMISES = (
    "我局将尽快解决您的问题。", "后续款项将尽快拨付到位。", "我们会抓紧落实并早日给您答复。",
    "近期将组织施工，届时恢复通行。", "待条件成熟后再予以办理。", "我单位承诺抓紧整改到位。",
    "相关手续将及时办理完成。", "下一步，我们将争取早日开工建设。",
)  # fmt: skip
LAWS = ("城市惠民保障法", "行政便民服务条例", "民生诉求限时办结管理办法", "城乡居民安居促进条例",
        "市政设施共享规定", "招商引资优惠兑现实施细则")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """A real letter with its reply; read, never written anywhere."""

    number: str
    title: str
    letter: str
    reply: str

    @property
    def development(self) -> bool:
        """Whether the rule for evasive answers was made with it in sight."""
        return hashlib.sha256(self.number.encode()).digest()[0] % 2 == 0


Sown = tuple[str, str, tuple[int, int], str]  # kind, answer, place of the defect, in which text
Sower = Callable[[Pair, random.Random], Sown | None]


def _insert(pair: Pair, chance: random.Random, sentence: str) -> tuple[str, tuple[int, int]]:
    """The answer with a sentence between two of its own, never before the greeting."""
    stops = [match.end() for match in _STOP.finditer(pair.reply)]
    at = chance.choice(stops[1:-1] or stops or [len(pair.reply)])
    return pair.reply[:at] + sentence + pair.reply[at:], (at, at + len(sentence))


def _unknown_law(pair: Pair, chance: random.Random) -> Sown:
    name = chance.choice(LAWS)
    answer, place = _insert(pair, chance, f"根据《{name}》第{chance.randint(3, 40)}条的规定办理。")
    return "citation", answer, place, quality.ANSWER


def _passed_on(pair: Pair, chance: random.Random) -> Sown:
    answer, place = _insert(pair, chance, chance.choice(BUCK))
    return "passing", answer, place, quality.ANSWER


def _undated_promise(pair: Pair, chance: random.Random) -> Sown:
    answer, place = _insert(pair, chance, chance.choice(PROMISES))
    return "promise", answer, place, quality.ANSWER


def _no_courtesy(pair: Pair, _: random.Random) -> Sown | None:
    kept = [one for one in _UNIT.split(pair.reply) if one.strip()]
    body = re.sub(r"^.{0,60}?(?:您好|你好)[!！，,。：:]?", "", kept[0]) if kept else ""
    if not kept or body == kept[0]:
        return None
    rest = [one for one in kept[1:] if not re.search("感谢|谢谢|祝您|特此|敬请|尊敬", one)]
    return "greeting", body + "".join(rest), (0, 0), quality.ANSWER


def _changed(
    pair: Pair, pattern: re.Pattern[str], other: Callable[[re.Match[str]], str]
) -> Sown | None:
    """The answer with one value that both texts tell of the same thing written otherwise."""
    told = f"{pair.title}\n{pair.letter}"
    for match in pattern.finditer(pair.reply):
        same = [one for one in re.finditer(re.escape(match[0]), told)
                if _same_thing(told, one, pair.reply, match)]  # fmt: skip
        if same:
            new = other(match)
            answer = pair.reply.replace(match[0], new)
            if new not in told and answer != pair.reply:
                at = answer.index(new)
                return "contradiction", answer, (at, at + len(new)), quality.ANSWER
    return None


def _same_thing(
    told: str, theirs: re.Match[str], reply: str, ours: re.Match[str], reach: int = 12
) -> bool:
    """Whether four characters in a row beside the value stand beside it in both texts."""
    sides = []
    for text, match in ((told, theirs), (reply, ours)):
        left = text[max(0, match.start() - reach) : match.start()]
        right = text[match.end() : match.end() + reach]
        sides.append({side[at : at + 4] for side in (left, right) for at in range(len(side) - 3)})
    return bool(sides[0] & sides[1])


def _changed_place(pair: Pair, chance: random.Random) -> Sown | None:
    def other(match: re.Match[str]) -> str:
        if match[3]:
            return f"{chance.choice('PQRST')}{chance.randint(3, 9)}{match[4]}"
        return chance.choice(("银杉", "鹤岭", "榆湾", "枫塘")) + match[2]

    return _changed(pair, _PLACE, other)


def _changed_date(pair: Pair, _: random.Random) -> Sown | None:
    def other(match: re.Match[str]) -> str:
        return f"{match[1]}{int(match[2]) % 12 + 1}月{int(match[3]) % 28 + 1}日"

    return _changed(pair, _DATE, other)


def _changed_sum(pair: Pair, _: random.Random) -> Sown | None:
    return _changed(pair, _SUM, lambda match: f"{round(float(match[1]) * 1.7 + 3)}{match[2]}")


def _dropped_paragraph(pair: Pair, _: random.Random) -> Sown | None:
    """Without all parts of the answer that share a pair of characters with one question of
    several, beside what stands in the title and in any question."""
    questions = [
        match for match in _QUESTION.finditer(pair.letter)
        if re.search("请问|是否|能否|什么时候|何时|如何|怎样|多少|哪些|可以", match[0])
        and not re.search("难道|何在|凭什么|天理|试问|凭啥|良心", match[0])
    ]  # fmt: skip
    units = [one for one in _ITEM.split(pair.reply) if one.strip()]
    if len(questions) < 2 or len(units) < 3:
        return None
    for match in questions:
        own = _grams(match[0]) - _grams(pair.title + _EVERYDAY)
        touched = [bool(own & _grams(one)) for one in units]
        kept = "".join(one for one, hit in zip(units, touched, strict=True) if not hit)
        strong = max(len(own & _grams(one)) for one in units)
        if strong >= 3 and len(kept) >= 80:
            return "point", kept, match.span(), quality.LETTER
    return None


def _grams(text: str) -> set[str]:
    bare = re.sub(r"[^\u4e00-\u9fff]", " ", text)
    return {bare[at : at + 2] for at in range(len(bare) - 1) if " " not in bare[at : at + 2]}


SOWERS: tuple[tuple[Sower, int], ...] = (
    (_dropped_paragraph, 15), (_unknown_law, 15), (_passed_on, 15), (_undated_promise, 15),
    (_changed_place, 10), (_changed_date, 10), (_changed_sum, 10), (_no_courtesy, 10),
)  # fmt: skip
