"""What a letter and an answer show beside suggestions: facts that lack, checks, marks; redact."""

from dataclasses import dataclass

from classifiers import sensitive
from classifiers.letter import missing, opinion
from classifiers.letter import requests as several
from classifiers.letter.missing import Lack
from classifiers.letter.opinion import Opinion
from classifiers.letter.requests import Request
from classifiers.quality import Quality
from classifiers.secrecy import suspect
from classifiers.sensitive import Hit
from monitor.domain.errors import SecrecyMarked
from monitor.services.context import Context
from monitor.services.rulebook import Rules
from monitor.storage.answers import Answer, AnswerReading
from monitor.storage.orders import Order

_REFUSAL = "内容带有密级标志，依法不得进入本系统，未作任何保存。"
_REFUSAL_REMEDY = "涉密事项请改走机要渠道；如系误判，请联系办公室核实，不要自行去掉标志。"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a letter shows beside its labels; proposals, like all that is read."""

    opinion: Opinion
    lacks: tuple[Lack, ...]
    requests: tuple[Request, ...]


def look(title: str, text: str, request_type: str = "") -> Seen:
    """Opinion and lacking facts of one letter, and its requests: a title often says one again."""
    whole = f"{title}\n{text}" if title else text
    return Seen(opinion.read(whole), missing.lacking(whole, request_type), several.split(text))


def scan(rules: Rules, text: str) -> list[Hit]:
    """Personal details, secrecy and trade-secret words in a text, with exact positions."""
    return rules.scanner.scan(text)


def redact(rules: Rules, text: str) -> str:
    """The text as it is proposed for the public, every hit replaced."""
    return rules.scanner.redact(text, scan(rules, text))


def check(rules: Rules, order: Order, answer: str) -> Quality:
    """What an answer to this order still lacks, with exact positions; a hint, never a verdict."""
    return rules.checker.check(order.title, order.text, answer)


def keep_check(ctx: Context, rules: Rules, order: Order, answer: Answer, dismissed: str) -> None:
    """Keep what the checks say of an answer version, and which of it the writer set aside."""
    found = check(rules, order, answer.text)
    aside = sorted({fault.key for fault in found.faults}.intersection(dismissed.split()))
    said = {**found.as_json(), "dismissed": aside}
    ctx.session.add(
        AnswerReading(answer_id=answer.id, at=ctx.now, score=found.score, findings=said)
    )


def marked(*texts: str) -> bool:
    """Whether any of the texts carries a mark of state secrecy."""
    # Nearly all bear none: one look at all of them together tells.
    if not suspect("\0".join(texts)):
        return False
    return any(text and sensitive.secrecy_mark(text) is not None for text in texts)


def refuse_secrets(*texts: str) -> None:
    """Raise SecrecyMarked, which names no word of the text, if one carries a mark."""
    if marked(*texts):
        raise SecrecyMarked(_REFUSAL, remedy=_REFUSAL_REMEDY, rule="保守国家秘密法第35条")
