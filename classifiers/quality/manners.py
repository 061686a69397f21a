"""Sentences that put off or pass on, promises without a day, and the form of politeness."""

import re

from classifiers.quality.clauses import Span, sentences
from classifiers.quality.fault import ANSWER, Fault
from classifiers.quality.wording import Wordings

# A year alone may be that of a grant; it is a date only with what part of it is meant.
_DAY = re.compile(
    r"\d{1,2}月|\d{1,2}日|\d{4}年(?:年?[底末内初]|年?前(?![期三述段])|[上下]半年|第?[一二三四1-4]季)"
    r"|\d+个?(?:工作日|小时|天|周|月|季度)|[一二三四五六七八九十两]+个?(?:工作日|小时|天|周|月)"
)
_OURS = re.compile(r"我[们局办科委院中镇街]|本[局办科委]|我单位|本单位")
_QUOTED = re.compile(r"“[^”]{0,240}”|\"[^\"\n]{0,240}\"")
_RUDE = ("rude", "threat")
_NUMBER = re.compile(r"\d{3,4}[-—－]\d|\d{7,}|1[23]\d{3}(?!\d)")


def judge(answer: str, says: Wordings) -> tuple[list[Fault], tuple[str, ...]]:
    """The faults of wording in an answer made plain, and the promises that name a day."""
    faults, kept, before = list[Fault](), list[str](), ""
    for sentence in sentences(answer):
        promise = says["promises"].search(sentence.text)
        day = _DAY.search(sentence.text) or says["dated"].search(sentence.text)
        if promise and day:
            kept.append(sentence.text)
        elif promise:
            faults.append(_fault("promise", sentence, promise))
        vague = says["empty"].search(sentence.text)
        if vague and not day and not promise:
            faults.append(_fault("vague", sentence, vague))
        unsure = says["unsure"].search(sentence.text)
        # What stands right before may be the reason why nothing is sure yet.
        if unsure and not day and not says["reasons"].search(before + sentence.text):
            faults.append(_fault("unsure", sentence, unsure))
        faults += _passed(sentence, says)
        before = sentence.text
    return faults, tuple(kept)


def rude(answer: str, says: Wordings) -> list[Fault]:
    """Rude and threatening words to the writer; not those that the answer only repeats."""
    faults = list[Fault]()
    for sentence in sentences(_QUOTED.sub(lambda match: " " * len(match[0]), answer)):
        for kind in _RUDE:
            said = says[kind].search(sentence.text)
            if said and not says["reported"].search(sentence.text[: said.start()]):
                faults.append(_fault(kind, sentence, said))
    return faults


def form(answer: str, says: Wordings) -> list[Fault]:
    """What the form of the answer lacks: greeting, thanks at the end, a way to reach the office."""
    text = answer.strip()
    if not text:
        return []
    faults, end = list[Fault](), len(answer.rstrip())
    if not says["greeting"].search(text[: int(says.limits["head"])]):
        faults.append(Fault("greeting", ANSWER, 0, 0))
    if not says["closing"].search(text[-int(says.limits["tail"]) :]):
        faults.append(Fault("closing", ANSWER, end, end))
    if not (says["contact"].search(text) or _NUMBER.search(text)):
        faults.append(Fault("contact", ANSWER, end, end))
    return faults


def _passed(sentence: Span, says: Wordings) -> list[Fault]:
    for match in says["buck"].finditer(sentence.text):
        strict = re.search(r"不属|不归|无关|无权|无法|不便|无能|爱莫|不是|并非", match[0])
        if strict or not _OURS.search(match[0]):
            return [_fault("passing", sentence, match)]
    return []


def _fault(kind: str, sentence: Span, match: re.Match[str]) -> Fault:
    start = sentence.start + match.start()
    return Fault(kind, ANSWER, start, sentence.start + match.end(), match[0])
