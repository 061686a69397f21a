"""When every order that a letter was split into is finished, the letter is answered with them."""

from dataclasses import replace

from monitor.domain.vocabulary import AnswerWay, Solved, State
from monitor.services import lifecycle
from monitor.services.context import Context
from monitor.services.desk import SYSTEM
from monitor.storage import answers
from monitor.storage.answers import Answer, AnswerAct
from monitor.storage.handling import branches
from monitor.storage.orders import Order

_ANSWERED = frozenset({State.ANSWERED, State.TO_ARCHIVE, State.ARCHIVED})


def after(ctx: Context, order: Order) -> None:
    """An order came to its end: if it was the last branch of a letter, so does the letter."""
    ctx.session.flush()
    parent = branches.parent(ctx.session, order.id)
    if parent is None:
        return
    # Two branches that end at once must not both take the other for open.
    ctx.hold(parent)
    # Sent back and given to a section, a letter is answered by it, not by what it once became.
    if parent.state != State.IN_HAND or parent.section is not None:
        return
    children = branches.children(ctx.session, parent.id)
    if not all(State(child.state).closed for child in children):
        return
    itself = replace(ctx, person=SYSTEM, form="")
    told = [child for child in children if child.state in _ANSWERED]
    if not told:
        lifecycle.move(itself, parent, "close_split", seen=None)
        return
    answer = _together(itself, parent, children, told)
    lifecycle.move(itself, parent, "settle_split", seen=None)
    ctx.session.add(answer)
    ctx.session.flush()
    ctx.session.add(
        AnswerAct(
            order_id=parent.id,
            answer_id=answer.id,
            way=str(AnswerWay.SHOWN),
            at=ctx.now,
            by=SYSTEM.label,
        )
    )
    why = "各子单分别回访"
    lifecycle.move(itself, parent, "spare_call_back", seen=None, reason=why)


def _together(ctx: Context, parent: Order, children: list[Order], told: list[Order]) -> Answer:
    newest = answers.latest_of(ctx.session, [child.id for child in told])
    words = []
    for place, child in enumerate(children, start=1):
        own = newest.get(child.id)
        words.append(f"{place}. {child.title}\n{own.text if own else '该项已另行告知。'}")
    solved = [newest[child.id].solved for child in told if child.id in newest]
    same = set(solved) == {Solved.SOLVED}
    last = answers.latest(ctx.session, parent.id)
    return Answer(
        order_id=parent.id,
        version=last.version + 1 if last else 1,
        text="\n\n".join(words),
        solved=str(Solved.SOLVED if same else Solved.PARTLY),
        author_id=None,
        author=ctx.person.label,
        at=ctx.now,
    )
