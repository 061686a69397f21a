"""What the forms of an order send: typed and bounded; times as Shanghai's clocks show them."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from monitor.domain.dispatch import Decision
from monitor.domain.errors import Incomplete
from monitor.domain.workdays import SHANGHAI
from monitor.web.deps import LARGEST

Word = Annotated[str, Field(max_length=200)]
Address = Annotated[str, Field(max_length=1000)]
Text = Annotated[str, Field(max_length=5_000)]
# Longer than an answer may be: the step says so, and keeps what was written.
Answer = Annotated[str, Field(max_length=60_000)]


class Act(BaseModel):
    """What every move carries: the version that was looked at, and where to go next."""

    seen: Annotated[int, Field(ge=0, le=LARGEST)]
    next: Address = ""

    def values(self) -> dict[str, Any]:
        """What the step is called with; raises Incomplete for what cannot be read."""
        return self.model_dump(exclude={"next"})


class Reasoned(Act):
    """A move that wants a reason."""

    reason: Text = ""


class Decided(Act):
    """What the duty officer decides about topic, type and urgency."""

    topic: Word = ""
    request_type: Word = ""
    urgency: Word = ""

    def decision(self) -> Decision:
        """The decision as far as this form takes it."""
        return Decision(self.topic, self.request_type, self.urgency)


class Dispatched(Decided):
    """A decision with the sections that get the order."""

    section: Word = ""
    co_sections: Annotated[list[Word], Field(max_length=40)] = []
    ask_of: Annotated[list[Word], Field(max_length=40)] = []
    ask: Annotated[list[Text], Field(max_length=40)] = []
    catalogue_row: Word = ""

    def decision(self) -> Decision:
        """The decision with its sections."""
        co_sections = tuple(code for code in self.co_sections if code)
        pairs = zip(self.ask_of, self.ask, strict=False)
        asks = tuple((code, words) for code, words in pairs if words.strip())
        return Decision(
            self.topic, self.request_type, self.urgency, self.section or None, co_sections,
            self.catalogue_row, asks,
        )  # fmt: skip

    def values(self) -> dict[str, Any]:
        """One decision instead of its parts."""
        return {"decision": self.decision(), "seen": self.seen}


class AnsweredAtOnce(Decided):
    """Duty's own answer with what it rests on."""

    answer: Answer = ""
    basis: Text = ""
    dismissed: Text = ""
    accepted: Word = ""

    def values(self) -> dict[str, Any]:
        """One decision instead of its parts."""
        given = self.model_dump(include={"answer", "basis", "dismissed", "accepted", "seen"})
        return {"decision": self.decision(), **given}


class Merged(Act):
    """The number of the master order."""

    master: Word = ""

    def values(self) -> dict[str, Any]:
        """The number under the name that the step has for it."""
        return {"master_number": self.master, "seen": self.seen}


class DeclineAsked(Reasoned):
    """Why it should not be accepted, and which lawful channel is named."""

    code: Word = ""
    told: Text = ""


class Grounded(Act):
    """The ground of a return."""

    ground: Text = ""


class Redirected(Reasoned):
    """Another section."""

    section: Word = ""


class Assigned(Act):
    """One handler, by login name."""

    handler: Word = ""


class Contacted(Act):
    """One entry of the contact log."""

    way: Word = ""
    at: Word = ""
    outcome: Text = ""
    no_callback: Word = ""

    def values(self) -> dict[str, Any]:
        """With the time as a moment."""
        waived = self.no_callback == "yes"
        return {**super().values(), "at": moment(self.at), "no_callback": waived}


class Noted(Act):
    """An internal note."""

    text: Text = ""


class Deferred(Reasoned):
    """Why it waits, what is planned, when it is looked at again."""

    plan: Text = ""
    review_on: Word = ""

    def values(self) -> dict[str, Any]:
        """With the date of the next look as a date."""
        return {**super().values(), "review_on": day(self.review_on, field="review_on")}


class Submitted(Act):
    """The section's answer."""

    answer: Answer = ""
    note: Text = ""
    solved: Word = ""
    without: Text = ""
    dismissed: Text = ""
    accepted: Word = ""


class Signed(Act):
    """One signature with its opinion."""

    opinion: Text = ""
    ask_legal: Word = ""

    def values(self) -> dict[str, Any]:
        """With the tick as yes or no."""
        return {**super().values(), "ask_legal": self.ask_legal == "yes"}


class HandedBack(Act):
    """What must be mended; the bar of the review page has one box for both of its acts."""

    findings: Text = ""
    opinion: Text = ""
    reasons: Annotated[list[Text], Field(max_length=40)] = []

    def values(self) -> dict[str, Any]:
        """Whatever the box was called, and the findings of the checks that were ticked."""
        said = [self.findings or self.opinion, *self.reasons]
        return {"findings": "\n".join(one for one in said if one.strip()), "seen": self.seen}


class Answered(Act):
    """How and when the requester was answered."""

    way: Word = ""
    at: Word = ""
    note: Text = ""

    def values(self) -> dict[str, Any]:
        """With the time as a moment."""
        return {**super().values(), "at": moment(self.at)}


class CalledBack(Reasoned):
    """What the requester said when called back."""

    contacted: Word = ""
    satisfied: Word = ""
    solved: Word = ""

    def values(self) -> dict[str, Any]:
        """With 是否联系上 as yes or no; it must be said."""
        if self.contacted not in {"yes", "no"}:
            raise Incomplete("回访还缺：是否联系上。", fields={"contacted": "请选择是否联系上"})
        return {**super().values(), "contacted": self.contacted == "yes"}


class Archived(Act):
    """How long it is kept."""

    retention: Word = ""


class Reworded(Act):
    """The public copy as the reviewer left it; `kept` pairs with `kept_reason` by position."""

    title: Word = ""
    letter: Answer = ""
    answer: Answer = ""
    kept: Annotated[list[Text], Field(max_length=100)] = []
    kept_reason: Annotated[list[Text], Field(max_length=100)] = []

    def values(self) -> dict[str, Any]:
        """What stays although the scan found it: each `part:kind:text` with its reason."""
        rows = []
        for name, reason in zip(self.kept, self.kept_reason, strict=False):
            part, _, rest = name.partition(":")
            kind, _, text = rest.partition(":")
            if reason.strip():
                rows.append({"part": part, "kind": kind, "text": text, "reason": reason.strip()})
        return {
            "title": self.title,
            "letter": self.letter,
            "answer": self.answer,
            "kept": rows,
            "seen": self.seen,
        }


class Drafted(BaseModel):
    """An answer as far as it has come, and what the writer wants added to it."""

    answer: Answer = ""
    note: Text = ""
    solved: Word = ""
    basis: Text = ""
    without: Text = ""
    insert: Word = ""
    adopt: Word = ""
    quote: Word = ""
    machine: Word = ""
    mend: Word = ""
    dismissed: Text = ""
    dismiss: Text = ""
    recall: Text = ""
    point: Word = ""

    def fields(self) -> dict[str, str]:
        """What is kept as the draft."""
        kept = ("answer", "note", "solved", "basis", "without", "dismissed")
        return {name: getattr(self, name) for name in kept}


class Asked(BaseModel):
    """Why somebody wants to see personal details."""

    reason: Word = ""
    other: Word = ""


def moment(text: str, *, field: str = "at") -> datetime | None:
    """A time as a form gives it, Shanghai's unless it says otherwise; None when left out."""
    if not text.strip():
        return None
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Incomplete("时间无法识别。", fields={field: "请按“年-月-日 时:分”填写"}) from None
    return at if at.tzinfo else at.replace(tzinfo=SHANGHAI)


def day(text: str, *, field: str) -> date | None:
    """A date as a form gives it; None when left out."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Incomplete("日期无法识别。", fields={field: "请按“年-月-日”填写"}) from None
