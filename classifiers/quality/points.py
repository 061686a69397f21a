"""What a letter asks for, point by point, and which points an answer never touches."""

import re
from collections.abc import Mapping, Sequence

from classifiers import words
from classifiers.quality.clauses import Span, clauses, sentences
from classifiers.quality.wording import Wordings

_NUMBERED = re.compile(
    r"^\(?(?:\d{1,2}[.、)]|[一二三四五六七八九十]{1,2}[、.)]|第[一二三四五六七八九十]|[一二三四五六七八九]是)"
)
_TELLING = re.compile(r"[\u4e00-\u9fff]{2,}|\d+路")
_QUOTED = re.compile(r"[“\"][^”\"]{0,80}[”\"]|《[^》]{0,60}》")
_PAIR = 2


def points(letter: str, says: Wordings) -> list[Span]:
    """The questions of a letter in their order; where there is none, what it demands."""
    least = says.limits["shortest_point"]
    all_of_it = [one for one in sentences(letter) if one.weight >= least]
    found = [_narrow(one, says) for one in all_of_it if _asks(one, says)]
    if not found:
        found = [one for one in all_of_it if says["asks"].search(one.text)]
    return found[: int(says.limits["most_points"])]


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
    missed = []
    for point in asked:
        rest = letter.replace(point.text, " ") if len(asked) > 1 else ""
        subject = title if len(asked) > 1 else ""
        telling = dict.fromkeys(_telling(point.text, idle), 1.0)
        if sum(map(len, telling)) < least:
            continue
        for word in telling:
            if word in subject:
                telling[word] = titled
            elif word in rest:
                telling[word] = elsewhere
        whole = _weight(telling)
        met = _weight(telling, said, says)
        if met < float(says.limits["touched"]) * whole:
            missed.append(point)
    return missed


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


def _telling(text: str, idle: frozenset[str]) -> set[str]:
    return {word for word in words.cut(text) if _TELLING.fullmatch(word) and word not in idle}


def _weight(telling: Mapping[str, float], said: str = "", says: Wordings | None = None) -> float:
    """How much these words weigh together; with a text, as far as they stand in it."""
    return sum(
        len(word) * worth * (_stands(word, said, says) if says else 1.0)
        for word, worth in telling.items()
    )


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
