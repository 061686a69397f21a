"""The words shown for a suggestion: where they stand, and tried where they may fail."""

from collections.abc import Callable, Mapping, Sequence

from classifiers import words
from classifiers.finding import Finding, Spans

# Words whose loss costs the lead less than this are tried: what is left of the text may make new
# words and pairs where they stood, and those may speak for the label as well.
FRAIL = 0.12
# So many times as much where more is left unreckoned: what stood before a word may slide into an
# ending, and count for more there; calm is told by many small words, that join up as easily.
DOUBT: Mapping[str, float] = {"request_type": 1.85, "urgency": 1.25}
# In texts shorter than this all are tried: little is left around the gap.
SHORT = 80
# Where the loss of one place of each costs less than this, every place of theirs is named.
SCARCE = 0.2
_MOST_PLACES = 40  # a word repeated for pages is named where it first stands

Findings = list[dict[str, Finding]]


def placed(
    message: str, telling: Sequence[str], *, everywhere: bool, by_ending: bool
) -> tuple[Spans, bool]:
    """The words in the text as given: the first place of each, or every one if they are not many.

    Tells beside whether all places are named that were asked for. Where the ending tells, a word
    that is a clause of its own is left out: without it, an earlier clause would be the ending.
    """
    found = []
    for word in telling:
        start = message.find(word)
        if start >= 0:
            end = start + len(word)
        elif span := words.locate(message, word):
            start, end = span
            word = message[start:end]
        else:
            continue
        if not (by_ending and _alone(message, start, end)):
            found.append((start, end, word))
    if not everywhere:
        return tuple(found), True
    more = [message.count(word, end) for _, end, word in found]
    if len(found) + sum(more) > _MOST_PLACES:
        return tuple(found), False
    places = []
    for (start, end, word), others in zip(found, more, strict=True):
        places.append((start, end, word))
        for _ in range(others):
            start = message.index(word, end)
            end = start + len(word)
            places.append((start, end, word))
    return tuple(places), True


def without(message: str, spans: Spans) -> str:
    """The text without these words, wherever they stand."""
    for word in dict.fromkeys(word for _, _, word in spans):
        message = message.replace(word, "")
    return message


def without_places(message: str, spans: Spans) -> str:
    """The text without these places; what else the words stand in is left."""
    pieces, done = [], 0
    for start, end, _ in sorted(spans):
        pieces.append(message[done:start])
        done = max(done, end)
    return "".join([*pieces, message[done:]])


def prove(
    messages: Sequence[str],
    found: Findings,
    frail: Sequence[tuple[int, str]],
    read: Callable[[Sequence[str], Sequence[str]], list[Finding]],
) -> None:
    """Take away the words without which a finding is as sure as with them.

    `frail` names the findings to be tried, by the message's place and the reader's code; `read`
    says what one reader, named by its code, finds in each message.
    """
    tried: list[tuple[int, str, str]] = []
    for number, code in dict.fromkeys(frail):
        finding, message = found[number][code], messages[number]
        if finding.spans and not finding.rule:
            changed = {take(message, finding.spans) for take in (without, without_places)}
            tried += [(number, code, text) for text in sorted(changed)]
    if not tried:
        return
    again = read([text for _, _, text in tried], [code for _, code, _ in tried])
    for (number, code, _), after in zip(tried, again, strict=True):
        before = found[number][code]
        if _sure(after, before.label) >= _sure(before, before.label):
            found[number][code] = before._replace(spans=())


def _sure(finding: Finding, label: str) -> float:
    if finding.label == label:
        return 1.0 if finding.confidence is None else finding.confidence
    return dict(finding.alternatives).get(label, 0.0)


def _alone(message: str, start: int, end: int) -> bool:
    """Whether a word is a clause of its own."""
    before, after = message[start - 1 : start], message[end : end + 1]
    return not before.isalnum() and not after.isalnum()
