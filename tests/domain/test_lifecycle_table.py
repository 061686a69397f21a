"""Who may make which move in which state: the whole table, written out to be read by a lawyer."""

import pytest

from monitor.domain import lifecycle
from monitor.domain.access import Acting
from monitor.domain.errors import NotAllowed, Refused
from monitor.domain.lifecycle import MOVES
from monitor.domain.vocabulary import FIELD_LABELS, Role, State

# Columns: who acts. An x may, a dot may not.
ACTORS = {
    "值": Acting("值班", frozenset({Role.DUTY})),
    "承": Acting("承办", frozenset({Role.HANDLER}), section="funds"),
    "科": Acting("科长", frozenset({Role.SECTION_HEAD}), section="funds"),
    "协": Acting("协办", frozenset({Role.SECTION_HEAD}), section="policy"),
    "他": Acting("他科", frozenset({Role.SECTION_HEAD}), section="factor"),
    "审": Acting("审核", frozenset({Role.REVIEWER}), section="info"),
    "主": Acting("主任", frozenset({Role.SECTION_HEAD}), section="office", office=True),
    "密": Acting("保密", frozenset({Role.SECRECY})),
    "法": Acting("法律", frozenset({Role.LEGAL})),
    "领": Acting("领导", frozenset({Role.LEADER})),
    "管": Acting("管理", frozenset({Role.SYSTEM_ADMIN})),
    "安": Acting("安全", frozenset({Role.SECURITY_ADMIN})),
    "计": Acting("审计", frozenset({Role.AUDITOR})),
}
TABLE = """
                  值承科协他审主密法领管安计 可办的状态
register          x x x x x x x x x x x x x –
import_answered   x x x x x x x x x x x x x –
dispatch          x . . . . . . . . . . . . 待研判
answer_at_once    x . . . . . . . . . . . . 待研判
merge             x . . . . . . . . . . . . 待研判
unmerge           x . . . . . . . . . . . . 已并单
ask_decline       x . . . . . . . . . . . . 待研判
decline           . . . . . . x . . . . . . 待研判
refuse_decline    . . . . . . x . . . . . . 待研判
split             x . . . . . . . . . . . . 待研判
settle_split      x x x x x x x x x x x x x 办理中
close_split       x x x x x x x x x x x x x 办理中
retract           x . . . . x x . . . . . . 待研判 待签收 退单待审 办理中 挂账 待审核 待发布
recall            x . . . . . . . . . . . . 待签收
sign              . x x . . . . . . . . . . 待签收
ask_return        . x x . . . . . . . . . . 待签收 办理中
redirect          . . . . . x x . . . . . . 退单待审
force             . . . . . x x . . . . . . 退单待审
ask_extension     . . x . . . . . . . . . . 办理中 挂账
extend            . . . . . . x . . x . . . 办理中 挂账 待审核
refuse_extension  . . . . . . x . . x . . . 办理中 挂账 待审核
assign            . . x . . . . . . . . . . 办理中
ask_part          . x x . . x x . . . . . . 待签收 办理中
give_part         . . . x . . . . . . . . . 待签收 退单待审 办理中 挂账 待审核
return_part       . x x . . . . . . . . . . 办理中
urge_part         . x x . . . . . . . . . . 办理中
excuse_part       . x x . . x x . . . . . . 待签收 退单待审 办理中
contact           . x x . . . . . . . . . . 办理中 挂账 待审核
note              x x x . . . . . . . . . . 待研判 待签收 退单待审 办理中 挂账 待审核 待发布
defer             . . . . . . . . . x . . . 办理中
defer_on          . . . . . . x . . x . . . 挂账
resume            . x x . . . . . . . . . . 挂账
pause_clock       . x x . . . . . . . . . . 办理中 待审核
resume_clock      . x x . . . . . . . . . . 待签收 退单待审 办理中 挂账 待审核
ask_correction    . x x . . . . . . . . . . 办理中
receive_correction . x x . . . . . . . . . . 待签收 退单待审 办理中 挂账 待审核
abandon           . . . . . . x . . . . . . 办理中 挂账
confirm_receipt   x x x . . x x . . . . . . 待研判 待签收 退单待审 办理中 挂账 待审核 待发布
choose_rule       x . . . . . . . . . . . . 待研判
change_rule       . . . . . x x . . . . . . 待签收 退单待审 办理中 挂账 待审核 待发布
rereckon          . . . . . x x . . . . . . 待研判 待签收 退单待审 办理中 挂账 待审核 待发布
confirm_pledge    . x x . . x x . . . . . . 待研判 待签收 退单待审 办理中 挂账 待审核 待发布 \
已答复 待归档
drop_pledge       . x x . . x x . . . . . . 待研判 待签收 退单待审 办理中 挂账 待审核 待发布 \
已答复 待归档
keep_pledge       . x x . . x x . . . . . . 待研判 待签收 退单待审 办理中 挂账 待审核 待发布 \
已答复 待归档
renew_pledge      . . . . . x x . . . . . . 待研判 待签收 退单待审 办理中 挂账 待审核 待发布 \
已答复 待归档
chase             x . x . . x x . . x . . . 待研判 待签收 退单待审 办理中 挂账 待审核 待发布
supervise         . . . . . . x . . x . . . 待研判 待签收 退单待审 办理中 挂账 待审核 待发布
raise_up          . . . . . . x . . x . . . 待研判 待签收 退单待审 办理中 挂账 待审核 待发布
lift_cards        . . . . . . x . . x . . . 待研判 待签收 退单待审 办理中 挂账 待审核 待发布 \
已答复 待归档
submit            . . x . . . . . . . . . . 办理中
sign_off          . . . . . x . x x x . . . 待审核
approve           . . . . . x . x x x . . . 待审核
hand_back         . . . . . x . x x x . . . 待审核 待发布
hand_back_to_duty . . . . . x . x x x . . . 待审核 待发布
record_answer     . . . . . x . . . . . . . 待发布
release           . . . . . x . . . . . . . 待发布
release_later     . . . . . x . . . . . . . 已答复 待归档
withhold          . . . . . x . . . . . . . 待发布 已答复 待归档
withdraw          . . . . . x . . . . . . . 已答复 待归档 已归档
rework            . . . . . x x . . . . . . 已答复 待归档
rework_by_duty    . . . . . x x . . . . . . 已答复 待归档
call_back         x . . . . . . . . . . . . 已答复
try_call_back     x . . . . . . . . . . . . 已答复
close_unreached   x . . . . . . . . . . . . 已答复
spare_call_back   x x x x x x x x x x x x x 已答复
correct_call_back x . . . . x x . . . . . . 待归档
keep_closed       . . . . . x x . . . . . . 待归档
reopen            . . . . . x x . . . . . . 已归档
archive           . . . . . x . . . . . . . 待归档
"""

LABELS = {state.label: state for state in State} | {"–": None}
ROWS = {
    name: (cells[: len(ACTORS)], {LABELS[word] for word in cells[len(ACTORS) :]})
    for name, *cells in (line.split() for line in TABLE.splitlines()[2:])
}
GIVEN = dict.fromkeys(FIELD_LABELS, "有")


def verdict(name: str, state: State | None, who: Acting) -> str:
    try:
        lifecycle.check(name, state, who, "funds", GIVEN, ("policy",))
    except (Refused, NotAllowed) as why:
        refusal = why
    else:
        return "moves"
    assert refusal.message
    if isinstance(refusal, NotAllowed):
        return "not his"
    assert refusal.remedy
    return "wrong state"


def test_every_move_stands_in_the_table():
    assert set(ROWS) == set(MOVES)


@pytest.mark.parametrize("name", ROWS)
def test_each_state_and_person_has_the_verdict_of_the_table(name):
    marks, states = ROWS[name]

    found = {
        (state, who): verdict(name, state, acting)
        for state in (None, *State)
        for who, acting in ACTORS.items()
    }

    assert found == {
        (state, who): "wrong state"
        if state not in states
        else "moves"
        if mark == "x"
        else "not his"
        for state in (None, *State)
        for who, mark in zip(ACTORS, marks, strict=True)
    }


def test_every_role_acts_in_the_table():
    assert {role for who in ACTORS.values() for role in who.roles} == set(Role)
