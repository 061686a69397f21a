"""What was written about an order: answers with their signatures, contacts, notes, publications."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.domain.review import next_open
from monitor.domain.vocabulary import AnswerWay, Ask, Role, Solved, State
from monitor.domain.workdays import local
from monitor.services.context import Context
from monitor.steps import review
from monitor.steps.triage import DECLINE_CODES
from monitor.storage import answers, casework
from monitor.storage.answers import Answer, AnswerAct, Publication
from monitor.storage.casework import Contact, Note, Request
from monitor.storage.orders import Order

_OUTCOMES = {None: "待决定", True: "同意", False: "不同意"}


@dataclass(frozen=True, slots=True)
class Version:
    """One answer version with the signatures in force over it."""

    answer: Answer
    solved: str
    signed: str


@dataclass(frozen=True, slots=True)
class Papers:
    """Everything on file about an order besides its original."""

    versions: tuple[Version, ...]
    stages: tuple[dict[str, Any], ...]
    acts: tuple[tuple[AnswerAct, str], ...]
    publications: tuple[Publication, ...]
    contacts: tuple[Contact, ...]
    notes: tuple[Note, ...]

    @property
    def latest(self) -> Version | None:
        """The newest answer version."""
        return self.versions[0] if self.versions else None


@dataclass(frozen=True, slots=True)
class Plea:
    """A decision that was asked for, in words."""

    label: str
    asked: Request
    detail: str
    outcome: str


def papers(
    ctx: Context,
    order: Order,
    versions: Sequence[Answer],
    publications: Sequence[Publication],
    notes: Sequence[Note],
) -> Papers:
    """The papers, newest answer first."""
    session = ctx.session
    signed = answers.sign_offs_of(session, [version.id for version in versions])
    shown = [
        Version(
            version,
            Solved(version.solved).label if version.solved in set(Solved) else "",
            "、".join(Role(sign.role).label for sign in signed.get(version.id, ())),
        )
        for version in reversed(versions)
    ]
    return Papers(
        versions=tuple(shown),
        stages=tuple(_stages(ctx, order, versions[-1], signed)) if versions else (),
        acts=tuple((act, AnswerWay(act.way).label) for act in answers.acts(session, order.id)),
        publications=tuple(publications),
        contacts=tuple(casework.contacts(session, order.id)),
        notes=tuple(notes),
    )


def _stages(
    ctx: Context, order: Order, answer: Answer, signed: Mapping[Any, Sequence[Any]]
) -> list[dict[str, Any]]:
    """The sign-off chain of the newest answer; imported answers went through none."""
    if State(order.state) not in {State.IN_REVIEW, State.TO_RELEASE} and not signed.get(answer.id):
        return []
    given = {Role(sign.role): sign for sign in signed.get(answer.id, ())}
    needs = review.needed(ctx, order, public=review.will_be_public(ctx, order))
    turn = next_open(needs, frozenset(given))
    return [
        {
            "title": need.role.label,
            "by": given[need.role].person.partition("（")[0] if need.role in given else "",
            "detail": given[need.role].opinion if need.role in given else need.why,
            "when": _when(given[need.role].at) if need.role in given else "",
            "state": "done" if need.role in given else "now" if need is turn else "wait",
        }
        for need in needs
    ]


def _when(moment: datetime) -> str:
    at = local(moment)
    return f"{at.month}月{at.day}日 {at:%H:%M}"


def pleas(asked: Sequence[Request], sections: Mapping[str, str]) -> list[Plea]:
    """Requests for a decision (退单, 不予受理, 挂账), newest first."""
    return [
        Plea(Ask(one.kind).label, one, _detail(one, sections), _OUTCOMES[one.granted])
        for one in reversed(asked)
    ]


def _detail(request: Request, sections: Mapping[str, str]) -> str:
    details = request.details
    if request.kind == Ask.RETURN:
        return sections.get(str(details.get("section")), "")
    if request.kind == Ask.DECLINE:
        code = str(details.get("code", ""))
        return f"{DECLINE_CODES.get(code, code)}；告知渠道：{details.get('told', '')}"
    if request.kind == Ask.DEFER:
        planned = str(details.get("plan", "")).rstrip("。；")
        return f"计划：{planned}；{details.get('review_on', '')} 复查"
    return ""
