"""What a letter asks for, point by point, and which points an answer never touches."""

import re
from collections.abc import Mapping, Sequence

from classifiers.quality.clauses import Span, clauses, sentences, telling
from classifiers.quality.demands import demand
from classifiers.quality.listing import Item, lists, pieces
from classifiers.quality.wording import Wordings

_NUMBERED = re.compile(
    r"^\(?(?:\d{1,2}[.、)]|[一二三四五六七八九十]{1,2}[、.)]|第[一二三四五六七八九十]|[一二三四五六七八九]是)"
)
# What leads in a list of requests; a list of what happened is none.
_HEADED = re.compile(r"诉求|请求|要求|请问|请教|建议|咨询|想问|想了解|希望|恳请")
_QUOTED = re.compile(r"[“\"][^”\"]{0,80}[”\"]|《[^》]{0,60}》")
_DO = re.compile(
    r"[对将把]|尽快|尽早|及时|立即|马上|依法|严格|拨付|发放|支付|兑现|补发|退还|返还|赔偿|修|安装|更换|清理|拆除|恢复|取消|撤销|停止"
    r"|减|免|降低|提高|增|扩大|延长|明确|公[开布示]|解决|落实|处理|协调|督促|责成|加强|加大|开通|给予|提供|允许|帮助|严查|查处|整改"
    r"|[改完]善|保障|确保|推[动进]|支持|禁止|严禁|出台|简化|优化|规范|设[立置]|[新建调]整?[设建]"
)
_PAIR, _DEMANDED, _FEW = 2, 4, 5
_HEAD, _LONGEST_ITEM, _SHORTEST_ITEM = 24, 120, 4


def points(letter: str, says: Wordings) -> list[Span]:
    """What a letter asks and what it demands, in its order; each matter once."""
    runs = lists(letter)
    parts = pieces(letter, runs)
    questions = _questions(parts, says)
    asked = [*questions, *_demands(parts, questions, says)]
    for run in runs:
        asked += _listed(letter, run, asked, says)
    # Where there are too many, what is asked outright goes before what is demanded.
    kept = asked[: int(says.limits["most_points"])]
    return sorted(kept, key=lambda one: one.start)


def untouched(
    asked: Sequence[Span], title: str, letter: str, answer: str, says: Wordings
) -> list[Span]:
    """The points that hardly a word of the answer belongs to.

    What a letter says outside a point is its matter: such a word tells less of the point than one
    that stands there alone. A single question is the matter itself, so that all its words count.
    """
    idle = frozenset(says.lists["idle"])
    said = _substance(answer, says)
    least = says.limits["telling"]
    titled, elsewhere = float(says.limits["titled"]), float(says.limits["elsewhere"])
    if _strays(title, letter, answer, said, says):
        return list(asked)
    missed = []
    for point in asked:
        rest = letter.replace(point.text, " ") if len(asked) > 1 else ""
        # A demand mostly words the matter of the title anew; a question beside others does not.
        outright = bool(says["questions"].search(point.text) or _NUMBERED.match(point.text))
        subject = title if len(asked) > 1 and outright else ""
        tells = dict.fromkeys(telling(point.text, idle), 1.0)
        if sum(map(len, tells)) < (least if outright else min(least, _DEMANDED)):
            continue
        for word in tells:
            if word in subject:
                tells[word] = titled
            elif word in rest:
                tells[word] = elsewhere
        whole = _weight(tells)
        met = _weight(tells, said, says)
        if met < float(says.limits["touched"]) * whole:
            missed.append(point)
    return missed


def _questions(parts: list[Span], says: Wordings) -> list[Span]:
    least = says.limits["shortest_point"]
    return [_narrow(one, says) for one in parts if one.weight >= least and _asks(one, says)]


def _demands(parts: list[Span], questions: list[Span], says: Wordings) -> list[Span]:
    """What is demanded beside the questions; not what one of the points says already."""
    idle = frozenset(says.lists["idle"])
    ends = {one.end for one in questions}
    found = list[Span]()
    for at, part in enumerate(parts):
        if part.end in ends or part.weight < _DEMANDED:
            continue
        made = demand(parts, at, at > 0 and parts[at - 1].end in ends, says)
        if made is None:
            continue
        point, scope = made
        said = telling(scope, idle)
        if any(all(_stands(word, one.text, says) for word in said) for one in (*questions, *found)):
            continue
        ends.add(point.end)
        found.append(point)
    return found


def _listed(letter: str, run: list[Item], asked: list[Span], says: Wordings) -> list[Span]:
    """The items of a list of requests that neither ask nor demand in so many words."""
    silent = [
        item for item in run if not any(item.start <= one.end - 1 < item.end for one in asked)
    ]
    head = letter[max(0, run[0].start - _HEAD) : run[0].start]
    spans = [Span(one.start, one.end, letter[one.start : one.end]) for one in silent]
    told = sum(
        not _DO.match(one.text[item.mark :].lstrip())
        for one, item in zip(spans, silent, strict=True)
    )
    if not _HEADED.search(head) and told * 2 > len(run):
        return []
    return [
        one
        for one, item in zip(spans, silent, strict=True)
        if one.weight <= _LONGEST_ITEM
        and Span(0, 0, one.text[item.mark :]).weight >= _SHORTEST_ITEM
        and telling(one.text, frozenset(says.lists["idle"]))
    ]


def _asks(sentence: Span, says: Wordings) -> bool:
    if says["rhetoric"].search(sentence.text):
        return False
    return bool(says["questions"].search(sentence.text))


def _narrow(sentence: Span, says: Wordings) -> Span:
    """From the clause before the first that asks (it says what about) to the end."""
    parts = clauses(sentence)
    for number, clause in enumerate(parts):
        if says["questions"].search(clause.text) or _NUMBERED.match(clause.text):
            start = parts[max(0, number - 1)].start
            return Span(start, sentence.end, sentence.text[start - sentence.start :])
    return sentence


def _weight(telling: Mapping[str, float], said: str = "", says: Wordings | None = None) -> float:
    """How much these words weigh together; with a text, as far as they stand in it."""
    return sum(
        len(word) * worth * (_stands(word, said, says) if says else 1.0)
        for word, worth in telling.items()
    )


def _strays(title: str, letter: str, answer: str, said: str, says: Wordings) -> bool:
    """Whether an answer of many words has none of the title and hardly one of the letter.

    A point with few words of its own is not looked at by itself; but such an answer is to another.
    """
    idle, whole = frozenset(says.lists["idle"]), answer.lower()
    if len(telling(said, idle)) < says.limits["stray_words"]:
        return False
    if any(_stands(word, whole, says) for word in telling(title, idle)):
        return False
    told = telling(letter, idle)
    shared = sum(_stands(word, whole, says) > 0 for word in told)
    # Of a letter of few words none may be shared; one without any tells nothing.
    return bool(told) and shared <= min(says.limits["stray_shared"], len(told) // _FEW)


def _substance(answer: str, says: Wordings) -> str:
    """The answer without what it only repeats of the letter."""
    kept = []
    for sentence in sentences(_QUOTED.sub("", answer)):
        kept += [one.text for one in clauses(sentence) if not says["formal"].search(one.text)]
    return "\n".join(kept).lower()


def _stands(word: str, said: str, says: Wordings) -> float:
    """1 where the word or one of the same meaning stands in the text, a part for a piece of it."""
    if word in said:
        return 1.0
    for group in says.lists["alike"]:
        members = group.split("/")
        if any(member in word for member in members):
            return float(any(member in said for member in members))
    pieces = [word[at : at + _PAIR] for at in range(len(word) - 1)]
    part = len(word) > _PAIR and any(piece in said for piece in pieces)
    return float(says.limits["piece"]) if part else 0.0
