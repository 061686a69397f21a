"""Days that an answer promises, on the page of an order: what the forms send, what is shown."""

from collections.abc import Callable, Mapping
from typing import Any

from monitor.domain.remaining import moment_words, short_date
from monitor.domain.vocabulary import State
from monitor.domain.workdays import local
from monitor.services.context import Context
from monitor.services.handling import pledging
from monitor.storage import answers
from monitor.storage.handling import pledges
from monitor.storage.handling.pledges import Fate, Pledge
from monitor.storage.orders import Order
from monitor.web.orders.given import Act, Reasoned, Text, Word, day

Sentence = tuple[str, str, str]


class Confirmed(Act):
    """Which promise, and its day where the words leave it open or were read wrongly."""

    pledge: Word = ""
    due_on: Word = ""

    def values(self) -> dict[str, Any]:
        """With the day as a date."""
        return {**super().values(), "due_on": day(self.due_on, field="due_on")}


class Dropped(Reasoned):
    """Which one is none, and why."""

    pledge: Word = ""


class Kept(Act):
    """Which one was kept, and what shows it."""

    pledge: Word = ""
    proof: Text = ""


class Renewed(Reasoned):
    """Which one is promised anew, until when, and why."""

    pledge: Word = ""
    due_on: Word = ""

    def values(self) -> dict[str, Any]:
        """With the day as a date."""
        return {**super().values(), "due_on": day(self.due_on, field="due_on")}


def shown(ctx: Context, order: Order) -> list[Mapping[str, Any]]:
    """What the answers of this order promise and what became of it; foreseen in a review."""
    found = [_row(ctx, one) for one in pledges.of_order(ctx.session, order.id)]
    if State(order.state) in {State.IN_REVIEW, State.TO_RELEASE}:
        answer = answers.latest(ctx.session, order.id)
        today = local(ctx.now).date()
        for one, due in pledging.foreseen(ctx, answer.text if answer else "", today):
            words = {"fate": "答复后由人确认", "tone": "pending", "quote": one.quote, "note": ""}
            found.append({**words, "day": _day(ctx, due)})
    return found


def _row(ctx: Context, one: Pledge) -> Mapping[str, Any]:
    fate, today = Fate(one.fate), local(ctx.now).date()
    late = fate is Fate.CONFIRMED and one.due_on is not None and one.due_on < today
    note = one.reason
    if fate is Fate.KEPT and one.kept_at is not None:
        who = one.kept_by.partition("（")[0]
        note = f"{moment_words(one.kept_at, ctx.now)} {who}登记：{one.proof}"
    return {
        "quote": one.quote,
        "day": _day(ctx, one.due_on),
        "fate": "已过期，未兑现" if late else fate.label,
        "tone": "late" if late else "done" if fate is Fate.KEPT else "pending",
        "note": f"重新承诺：{note}" if one.renews and fate is Fate.CONFIRMED else note,
    }


def _day(ctx: Context, due: Any) -> str:
    return short_date(due, ctx.now) if due else "日期不明"


def _said(label: str, name: str) -> Callable[[Any, dict[str, Any], object], Sentence]:
    def say(_: Any, details: dict[str, Any], __: object) -> Sentence:
        words = details.get(name)
        return label, f"：{words}" if words else "", str(details.get("due_on") or "")

    return say


# The history in sentences; see story.tell.
SENTENCES: dict[str, Callable[[Any, dict[str, Any], object], Sentence]] = {
    "confirm_pledge": _said("确认承诺", "words"),
    "drop_pledge": _said("不是承诺", "reason"),
    "keep_pledge": _said("兑现承诺", "proof"),
    "renew_pledge": _said("重新承诺", "reason"),
}
# What the page says after a move.
DONE = {
    "confirm_pledge": "已确认承诺，时限开始",
    "drop_pledge": "已记下：这句话不是承诺",
    "keep_pledge": "已登记兑现",
    "renew_pledge": "已重新承诺，原来的时限留在旁边",
}
