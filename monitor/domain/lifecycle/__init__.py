"""The life cycle: who may make which move when, and what must be given for it."""

from collections.abc import Collection, Mapping

from monitor.domain.access import Acting
from monitor.domain.errors import Incomplete, NotAllowed, Refused
from monitor.domain.lifecycle.rows import By, Move
from monitor.domain.lifecycle.table import MOVES, TABLE
from monitor.domain.lifecycle.words import EVENT_LABELS
from monitor.domain.vocabulary import FIELD_LABELS, Role, State

__all__ = [
    "EVENT_LABELS",
    "HEAD_DECIDES_FROM",
    "MOVES",
    "By",
    "Move",
    "check",
    "label",
    "not_adjudicator",
    "not_extender",
    "of_its_parts",
    "offered",
    "whose",
]

# 国办函〔2025〕66号: disputes over who handles a matter end; from this return on the head decides.
HEAD_DECIDES_FROM = 3
# Approvers of extensions, as rules name them, whom the leadership is; the others are the office.
LEADERS = frozenset({"机关负责人", "分管领导"})


def whose(
    move: Move, who: Acting, section: str | None, co_sections: Collection[str] = ()
) -> str | None:
    """None when the act is this person's, else the Chinese reason why not."""
    duty = who.has(Role.DUTY)
    own = section is not None and who.section == section
    works = who.has(Role.HANDLER, Role.SECTION_HEAD)
    handles = own and works
    office = who.has(Role.REVIEWER) or who.office_head
    allowed = {
        By.DOOR: True,
        By.DUTY: duty,
        By.SECTION: handles,
        By.SECTION_HEAD: own and who.has(Role.SECTION_HEAD),
        By.CO_SECTION: works and who.section in co_sections,
        By.LEAD_OR_OFFICE: handles or office,
        By.DUTY_OR_OFFICE: duty or office,
        By.WHOEVER_HAS_IT: duty or handles or office,
        By.OFFICE: office,
        By.OFFICE_HEAD: who.office_head,
        By.REVIEWERS: who.has(Role.REVIEWER, Role.SECRECY, Role.LEGAL, Role.LEADER),
        By.RELEASER: who.has(Role.REVIEWER),
        By.LEADER: who.has(Role.LEADER),
        By.OFFICE_HEAD_OR_LEADER: who.office_head or who.has(Role.LEADER),
        By.CHASER: duty or office or who.has(Role.LEADER) or (own and who.has(Role.SECTION_HEAD)),
    }[move.by]
    if move.name == "note" and duty:
        allowed = True
    return None if allowed else f"“{move.label}”由{move.by.value}办理"


def of_its_parts(move: Move, state: State | None, section: str | None) -> str | None:
    """Why a letter that was split into several orders is not handled itself; None otherwise."""
    if state is not State.IN_HAND or section is not None:
        return None
    if move.by is By.DOOR or move.name == "note":
        return None
    return "这张工单已拆成子单，由各子单分别办理"


def not_adjudicator(who: Acting, returns: int) -> str | None:
    """Why this person may not decide on the return of an order returned so often; None if so."""
    if returns < HEAD_DECIDES_FROM or who.office_head:
        return None
    return f"第 {returns} 次退单由办公室负责人裁定"


def not_extender(who: Acting, approver: str) -> str | None:
    """Why this person may not decide on an extension that this approver decides; None if so."""
    own = who.has(Role.LEADER) if approver in LEADERS else who.office_head
    return None if own else f"这条时限的延期由{approver}批准"


def check(
    name: str,
    state: State | None,
    who: Acting,
    section: str | None,
    given: Mapping[str, object],
    co_sections: Collection[str] = (),
) -> Move:
    """The move, or the reason why not: Refused, NotAllowed or Incomplete."""
    move = MOVES[name]
    if state not in move.sources:
        now = state.label if state else "未登记"
        options = "、".join(s.label for s in State if s in move.sources)
        message = f"工单现在是“{now}”，不能{move.label}。"
        raise Refused(message, remedy=f"“{move.label}”只在{options}时可办。", rule=move.basis)
    if reason := whose(move, who, section, co_sections):
        raise NotAllowed(reason + "。", rule=move.basis)
    if reason := of_its_parts(move, state, section):
        raise Refused(reason + "。", remedy="请打开子单，分别办理。")
    missing = [key for key in move.given if _blank(given.get(key))]
    if missing:
        words = "、".join(FIELD_LABELS[key] for key in missing)
        fields = {key: f"请填写{FIELD_LABELS[key]}" for key in missing}
        raise Incomplete(f"{move.label}还缺：{words}。", fields=fields)
    return move


def _blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def offered(
    state: State, who: Acting, section: str | None, co_sections: Collection[str] = ()
) -> list[tuple[Move, str | None]]:
    """Every move of this state with None, or the reason why this person may not make it."""
    return [
        (move, of_its_parts(move, state, section) or whose(move, who, section, co_sections))
        for move in TABLE
        if state in move.sources and move.by is not By.DOOR
    ]


def label(what: str) -> str:
    """The Chinese words of an event: a move of the table, or something beside it."""
    return MOVES[what].label if what in MOVES else EVENT_LABELS.get(what, what)
