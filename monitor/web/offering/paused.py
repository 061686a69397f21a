"""Clocks that stand, on the page of an order: what the forms send, and how it is told."""

from collections.abc import Callable
from typing import Any

from monitor.web.orders.given import Act, Text, Word, day

Sentence = tuple[str, str, str]


class Paused(Act):
    """Whose opinion is asked for, and when the letter was delivered."""

    cause: Word = ""
    noticed_on: Word = ""
    text: Text = ""

    def values(self) -> dict[str, Any]:
        """With the day as a date."""
        return {**super().values(), "noticed_on": day(self.noticed_on, field="noticed_on")}


class Resumed(Act):
    """When the opinion came, and what it says in short."""

    received_on: Word = ""
    outcome: Text = ""

    def values(self) -> dict[str, Any]:
        """With the day as a date."""
        return {**super().values(), "received_on": day(self.received_on, field="received_on")}


class CorrectionAsked(Act):
    """What the requester must put right, how he was told, and until when."""

    text: Text = ""
    way: Word = ""
    until: Word = ""

    def values(self) -> dict[str, Any]:
        """With the day as a date."""
        return {**super().values(), "until": day(self.until, field="until")}


class Corrected(Act):
    """When the corrected request came."""

    received_on: Word = ""

    def values(self) -> dict[str, Any]:
        """With the day as a date."""
        return {**super().values(), "received_on": day(self.received_on, field="received_on")}


class ReceiptConfirmed(Corrected):
    """How and on which day both sides confirmed that the request came."""

    way: Word = ""


def _asked(_: Any, details: dict[str, Any], __: object) -> Sentence:
    return "告知补正", f" 期限 {details.get('until', '')}", f"已{details.get('way', '')}告知申请人"


def _came(label: str) -> Callable[[Any, dict[str, Any], object], Sentence]:
    return lambda _, details, __: (label, f" {details.get('received_on', '')}", "")


# The history in sentences; see story.tell.
SENTENCES: dict[str, Callable[[Any, dict[str, Any], object], Sentence]] = {
    "ask_correction": _asked,
    "resume_clock": _came("收到意见，恢复计时"),
    "receive_correction": _came("收到补正，重新起算"),
    "confirm_receipt": _came("确认收到"),
}
# What the page says after a move.
DONE = {
    "confirm_receipt": "已确认收到，答复时限开始",
    "pause_clock": "已停表，收到意见后请恢复计时",
    "resume_clock": "已恢复计时",
    "ask_correction": "已告知补正，答复时限停走",
    "receive_correction": "答复时限已从收到补正之日重新起算",
    "abandon": "已按放弃申请结束",
}
