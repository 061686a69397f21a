"""The name of an issue, from its members' own words: a place and a matter that several say."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from classifiers import words
from classifiers.hot.groups import Group
from classifiers.hot.views import MATTER, PLACE, WHOLE, Reader

_MOST_WORDS = 6
_LONGEST = 14
_SHORTEST_PLACE = 2
_BODY = 120  # characters of a text that help where titles say too little
_WORD = re.compile(r"\w+")


def name(group: Group, letters: Sequence[tuple[str, str]], reader: Reader) -> tuple[str, str]:
    """The name of a group of letters (title, text), and the place in it, if there is one."""
    titles = [_phrases(title, reader) for title, _ in letters]
    bodies = [_phrases(f"{title} {body[:_BODY]}", reader) for title, body in letters]
    anchored = group.anchor() == PLACE
    place = _best(_place(group.name(), phrases) for phrases in (titles, bodies)) if anchored else ""
    weights = group.core(MATTER if anchored else WHOLE, 0.0)
    matter = _best(_matter(weights, phrases, place) for phrases in (titles, bodies))
    return (place + matter) or next(
        iter(sorted(weights, key=lambda w: (-weights[w], w))), ""
    ), place


def _best(found: Iterable[str]) -> str:
    return next(filter(None, found), "")


def _phrases(text: str, reader: Reader) -> frozenset[str]:
    """Runs of whole words of a text that cross no break and no region."""
    found = set()
    for piece in _WORD.findall(reader.without_form(words.normalise(text))):
        cut = words.cutter().cut(piece)
        for first in range(len(cut)):
            phrase = ""
            for word in cut[first : first + _MOST_WORDS]:
                phrase += word
                if len(phrase) > _LONGEST:
                    break
                found.add(phrase)
    return frozenset(found)


def _shared(phrases: Sequence[frozenset[str]], share: float) -> Counter[str]:
    counted: Counter[str] = Counter(phrase for one in phrases for phrase in one)
    least = max(share * len(phrases), 2.0)
    return Counter({phrase: count for phrase, count in counted.items() if count >= least})


def _place(pairs: Mapping[str, float], phrases: Sequence[frozenset[str]]) -> str:
    """The phrase that holds most of the pairs of characters of the name, and little else."""
    counted = _shared(phrases, 0.5)

    def worth(phrase: str) -> float:
        inside = {phrase[i : i + 2] for i in range(len(phrase) - 1)}
        held = sum(pairs.get(pair, 0.0) for pair in inside)
        foreign = sum(pair not in pairs for pair in inside)
        return (held - 0.1 * foreign) * counted[phrase]

    good = [one for one in counted if len(one) >= _SHORTEST_PLACE and worth(one) > 0]
    return max(sorted(good), key=worth, default="")


def _matter(weights: Mapping[str, float], phrases: Sequence[frozenset[str]], place: str) -> str:
    """The phrase that says most of what the members share, without the place."""
    counted = _shared(phrases, 0.4) or _shared(phrases, 0.0)
    cut = words.cutter().cut

    def worth(phrase: str) -> float:
        said = cut(phrase)
        known = sum(weights.get(word, 0.0) for word in said)
        return known * counted[phrase] - 0.02 * sum(word not in weights for word in said)

    good = [
        phrase
        for phrase in counted
        if len(phrase) > 1
        and not any(a in place for a in cut(phrase) if len(a) > 1)
        and worth(phrase) > 0
    ]
    return max(sorted(good), key=worth, default="")
