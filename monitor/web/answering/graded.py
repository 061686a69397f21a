"""What the checks said of a version that was handed in, as the reviewer reads it."""

from typing import Any

from classifiers.quality import LETTER
from monitor.services import reading, rulebook
from monitor.services.context import Context
from monitor.storage import answers
from monitor.storage.answers import Answer
from monitor.storage.orders import Order
from monitor.web.answering.checking import short


def of_version(ctx: Context, order: Order, answer: Answer) -> dict[str, Any] | None:
    """For the reviewer: the score with its parts, each finding in words, what was set aside."""
    kept = answers.reading_of(ctx.session, answer.id)
    if kept is None:
        return None
    rules = rulebook.current(ctx)
    kinds = rules.checker.kinds
    aside = set(kept.findings["dismissed"])
    rows = []
    for one in kept.findings["faults"]:
        source = order.text if one["where"] == LETTER else answer.text
        # A ticked reason goes into the history, where no personal detail may go.
        words = short(reading.redact(rules, source[one["start"] : one["end"]]))
        kind = kinds.get(one["kind"])
        label = kind.label if kind else one["kind"]
        reason = f"{label}：“{words}”" if words else label
        said = {"says": kind.says if kind else "", "aside": one["key"] in aside}
        rows.append({"reason": reason, **said})
    return {"score": kept.score, "parts": kept.findings["parts"], "rows": rows}
