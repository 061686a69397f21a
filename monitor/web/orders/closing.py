"""How an order comes to rest, on its page: call-backs with their lot, and how long it is kept."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from monitor.domain.lifecycle import MOVES
from monitor.domain.vocabulary import Solved, State
from monitor.services.context import Context
from monitor.services.handling import closing
from monitor.storage.casework import Callback
from monitor.storage.handling import closings
from monitor.storage.handling.closings import Filing
from monitor.storage.orders import Order
from monitor.web.orders.given import Reasoned, Word


class Corrected(Reasoned):
    """What the requester really said."""

    satisfied: Word = ""
    solved: Word = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """One try to call back, in words."""

    row: Callback
    words: str
    corrected: bool


@dataclass(frozen=True, slots=True)
class Closing:
    """What the card shows: the lot, the tries, the filing in force."""

    lot: str
    tries: int
    wanted: int
    heard: tuple[Heard, ...]
    filing: Filing | None


def of_order(ctx: Context, order: Order) -> Closing | None:
    """Call-backs and filing of an order; None before it is answered for the first time."""
    rows = closings.callbacks(ctx.session, order.id)
    filing = closings.filing(ctx.session, order.id)
    resting = order.state in {State.ANSWERED, State.TO_ARCHIVE, State.ARCHIVED}
    if not rows and not resting:
        return None
    replaced = {row.corrects for row in rows}
    lot = closing.drawn(ctx, order)
    return Closing(
        lot=lot.words if resting else "",
        tries=sum(not row.contacted and row.round == order.round for row in rows),
        wanted=lot.tries,
        heard=tuple(Heard(row, _words(row), row.id in replaced) for row in reversed(rows)),
        filing=filing,
    )


def _words(row: Callback) -> str:
    solved = Solved(row.solved).label if row.solved in set(Solved) else ""
    first = "更正为" if row.corrects else "已联系上" if row.contacted else "未联系上"
    return "，".join(word for word in (first, row.satisfied, solved, row.reason) if word)


Sentence = tuple[str, str, str]


def _tried(_: Any, details: dict[str, Any], __: object) -> Sentence:
    reason = details.get("reason")
    return "回访未联系上", f"：{reason}" if reason else "", ""


def _unreached(_: Any, details: dict[str, Any], __: object) -> Sentence:
    return MOVES["close_unreached"].label, "", f"共打 {details.get('tries', '')} 次"


def _retracted(_: Any, details: dict[str, Any], __: object) -> Sentence:
    reason, proof = details.get("reason", ""), details.get("proof", "")
    return MOVES["retract"].label, f"：{reason}", f"凭据：{proof}"


# The history in sentences; see story.tell.
SENTENCES: dict[str, Callable[[Any, dict[str, Any], object], Sentence]] = {
    "try_call_back": _tried,
    "close_unreached": _unreached,
    "retract": _retracted,
}
# What the page says after a move.
DONE = {
    "split": "已拆成子单，请逐件分办",
    "retract": "已按诉求人的意思结束",
    "close_unreached": "已按联系不上结束回访，转待归档",
    "correct_call_back": "已更正回访，原记录保留",
    "keep_closed": "已决定不发回",
    "reopen": "已重新打开，现在可以发回重办或改期限归档",
}
