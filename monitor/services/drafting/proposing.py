"""A machine's draft for one order: what it is given, kept as a proposal, never an answer itself."""

from monitor.domain.errors import Incomplete
from monitor.domain.numbers import new_id
from monitor.services import reading, rulebook
from monitor.services.context import Context
from monitor.services.likeness import answered
from monitor.storage import answers, history
from monitor.storage.answers import Answer
from monitor.storage.handling import drafting
from monitor.storage.handling.drafting import MachineDraft
from monitor.storage.orders import Order

_MOST_TEXTS = 2
_ACCEPTED = "machine_draft_accepted"
# So many characters in a row are wording, not chance; with half of it there, the draft was used.
_WORDING = 6
_USED = 0.5


def material(ctx: Context, order: Order) -> tuple[str, str]:
    """The letter and what may help to answer it, every personal detail replaced."""
    rules = rulebook.current(ctx)
    message = f"{order.title}\n{order.text}"
    near = answered.like_order(ctx, order, most=_MOST_TEXTS)
    last = answers.latest_of(ctx.session, [one.order.id for one in near])
    texts = [
        text.text
        for text in rules.texts.values()
        if text.topic and (order.topic or "").startswith(text.topic)
    ]
    known = [
        *(f"标准文本：{text}" for text in texts[:_MOST_TEXTS]),
        *(f"以往答复：{last[one.order.id].text}" for one in near if one.order.id in last),
    ]
    return reading.redact(rules, message), reading.redact(rules, "\n\n".join(known))


def keep(ctx: Context, order: Order, model: str, text: str) -> MachineDraft:
    """What the program proposed, with its event; the words stay out of the history."""
    draft = MachineDraft(
        id=new_id(ctx.now), order_id=order.id, at=ctx.now, by=ctx.person.label, model=model,
        text=text,
    )  # fmt: skip
    ctx.session.add(draft)
    ctx.record("machine_drafted", order, model=model, length=len(text))
    return draft


def untouched(ctx: Context, order: Order, answer: str) -> MachineDraft | None:
    """The proposal that stands whole and unchanged in an answer, if one does."""
    plain = _plain(answer)
    proposals = drafting.of_order(ctx.session, order.id)
    return next((one for one in reversed(proposals) if _plain(one.text) in plain), None)


def settle(ctx: Context, order: Order, answer: str, *, accepted: bool) -> None:
    """Let an answer go to review; a machine's words only as a person changed or accepted them."""
    whole = untouched(ctx, order, answer)
    if whole is None:
        return
    if not accepted:
        raise Incomplete(
            "答复里有起草助手拟的文字，一字未改。",
            fields={"accepted": "请改过再提交，或勾选已逐句核对"},
            remedy="机器拟的文字须由人改过，或逐句核对后明确采用。",
        )
    ctx.record(_ACCEPTED, order, model=whole.model)


def share_in(ctx: Context, order: Order, answer: Answer) -> str:
    """A machine's share in a version: "accepted" as it was, "changed" by its writer, or none."""
    proposals = [one for one in drafting.of_order(ctx.session, order.id) if one.at <= answer.at]
    if not proposals:
        return ""
    story = history.of_order(ctx.session, order.id)
    if any(one.what == _ACCEPTED and one.at == answer.at for one in story):
        return "accepted"
    said = _wording(answer.text)
    used = any(
        len(words & said) >= _USED * len(words)
        for one in proposals
        if (words := _wording(one.text))
    )
    return "changed" if used else ""


def _wording(text: str) -> set[str]:
    plain = _plain(text)
    return {plain[at : at + _WORDING] for at in range(len(plain) - _WORDING + 1)}


def _plain(text: str) -> str:
    return "".join(text.split())
