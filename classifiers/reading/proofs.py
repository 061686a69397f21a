"""The words shown for a suggestion: where they stand, and that it is less sure without them."""

from collections.abc import Callable, Sequence

from classifiers import words
from classifiers.finding import Finding

# Words whose loss costs the lead less than this are tried: what is left of the text may make new
# words and pairs where they stood, and those may speak for the label as well.
FRAIL = 0.1
# Where the loss of one place of each costs less than this, every place of theirs is named.
SCARCE = 0.2

Findings = list[dict[str, Finding]]
Spans = tuple[tuple[int, int, str], ...]


def placed(message: str, telling: Sequence[str], *, everywhere: bool, by_ending: bool) -> Spans:
    """The words in the text as given: the first place of each, or every one.

    Where the ending tells, a word that is a clause of its own is left out: without it, an earlier
    clause would be the ending.
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
    if everywhere:
        found = [place for _, _, word in found for place in _places(message, word)]
    return tuple(found)


def without(message: str, spans: Spans) -> str:
    """The text without these words, wherever they stand."""
    for word in dict.fromkeys(word for _, _, word in spans):
        message = message.replace(word, "")
    return message


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
    tried = [
        (number, code, found[number][code])
        for number, code in dict.fromkeys(frail)
        if found[number][code].spans and not found[number][code].rule
    ]
    if not tried:
        return
    changed = [without(messages[number], before.spans) for number, _, before in tried]
    again = read(changed, [code for _, code, _ in tried])
    for (number, code, before), after in zip(tried, again, strict=True):
        if _sure(after, before.label) >= _sure(before, before.label):
            found[number][code] = before._replace(spans=())


def _sure(finding: Finding, label: str) -> float:
    if finding.label == label:
        return 1.0 if finding.confidence is None else finding.confidence
    return dict(finding.alternatives).get(label, 0.0)


def _places(message: str, word: str) -> list[tuple[int, int, str]]:
    found, start = [], message.find(word)
    while start >= 0:
        found.append((start, start + len(word), word))
        start = message.find(word, start + len(word))
    return found


def _alone(message: str, start: int, end: int) -> bool:
    """Whether a word is a clause of its own."""
    before, after = message[start - 1 : start], message[end : end + 1]
    return not before.isalnum() and not after.isalnum()
