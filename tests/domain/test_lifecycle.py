"""The table of moves: every state, move and role either moves or says why not."""

from itertools import product

import pytest

from monitor.domain import lifecycle
from monitor.domain.access import Acting
from monitor.domain.errors import DeskError, Incomplete, NotAllowed, Refused
from monitor.domain.lifecycle import MOVES, By
from monitor.domain.vocabulary import Role, State

SECTION = "funds"
CO = ("policy",)
EVERYTHING = {
    "topic": "funds", "request_type": "help", "urgency": "normal", "section": "funds",
    "answer": "答复", "basis": "依据", "master": "HY20261009-001", "reason": "理由",
    "code": "repeat", "told": "信访", "ground": "三定", "way": "电话", "at": "2026-10-09",
    "outcome": "接通",
    "text": "说明", "handler": "li", "solved": "solved", "findings": "意见", "contacted": True,
    "co_section": "policy", "requests": "一\n\n二", "proof": "来电",
    "satisfied": "满意", "retention": "10年", "plan": "计划", "days": 3, "review_on": "2026-11-01",
    "cause": "third_party", "noticed_on": "2026-10-09", "until": "2026-10-30",
    "received_on": "2026-10-20", "rule": "LX-1.complex", "clock": "answer",
    "pledge": "0", "due_on": "2026-10-30",
}  # fmt: skip


def acting(role: Role, *, section: str | None = SECTION, office: bool = False) -> Acting:
    return Acting("某", frozenset({role}), section=section, office=office)


@pytest.mark.parametrize("name", MOVES)
def test_every_state_and_role_moves_or_says_why(name):
    move = MOVES[name]
    for state, role, section in product([None, *State], Role, (SECTION, *CO)):
        who = acting(role, section=section)
        try:
            made = lifecycle.check(name, state, who, SECTION, EVERYTHING, CO)
        except (Refused, NotAllowed):
            assert state not in move.sources or lifecycle.whose(move, who, SECTION, CO)
        else:
            assert made is move
            assert state in move.sources


@pytest.mark.parametrize("name", [name for name, move in MOVES.items() if move.given])
def test_a_move_names_each_thing_that_is_missing(name):
    move = MOVES[name]
    state = next(iter(move.sources))
    office_head = Acting("钱", frozenset(Role), section=SECTION, office=True)

    with pytest.raises(Incomplete) as refusal:
        lifecycle.check(name, state, office_head, SECTION, {}, [SECTION])

    assert set(refusal.value.fields) == set(move.given)


def test_a_section_cannot_act_on_an_order_of_another():
    own_moves = [name for name, move in MOVES.items() if move.by in {By.SECTION, By.SECTION_HEAD}]

    for name in own_moves:
        state = next(iter(MOVES[name].sources))
        with pytest.raises(NotAllowed):
            lifecycle.check(name, state, acting(Role.SECTION_HEAD), "factor", EVERYTHING)


def test_only_the_head_of_the_office_decides_on_declining():
    head = acting(Role.SECTION_HEAD, section="office", office=True)

    assert lifecycle.check("decline", State.TRIAGE, head, None, EVERYTHING)
    with pytest.raises(NotAllowed):
        lifecycle.check("decline", State.TRIAGE, acting(Role.DUTY), None, EVERYTHING)


def test_closed_orders_offer_no_handling():
    handling = {"dispatch", "sign", "submit", "sign_off", "ask_return"}

    for state in (State.ARCHIVED, State.NOTIFIED, State.MERGED):
        offered = {move.name for move, _ in lifecycle.offered(state, acting(Role.DUTY), SECTION)}
        assert not offered & handling


def test_what_is_offered_without_a_reason_can_be_made():
    for state, role, section in product(State, Role, (SECTION, *CO)):
        who = acting(role, section=section)
        for move, reason in lifecycle.offered(state, who, SECTION, CO):
            if reason is None:
                lifecycle.check(move.name, state, who, SECTION, EVERYTHING, CO)
            else:
                with pytest.raises(DeskError):
                    lifecycle.check(move.name, state, who, SECTION, EVERYTHING, CO)


def test_a_co_section_contributes_and_moves_nothing_else():
    for state, role in product(State, (Role.HANDLER, Role.SECTION_HEAD)):
        who = acting(role, section=CO[0])
        offered = lifecycle.offered(state, who, SECTION, CO)
        assert {move.name for move, reason in offered if reason is None} <= {"give_part"}


def test_no_state_but_an_end_is_a_dead_end():
    ends = {State.ARCHIVED, State.NOTIFIED}

    for state in set(State) - ends:
        assert any(
            move.target not in (None, state) for move in MOVES.values() if state in move.sources
        ), state
