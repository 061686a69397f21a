"""Roles: the three administrators stay apart; what two must do is not done by one as two."""

from uuid import uuid4

import pytest

from monitor.domain import review
from monitor.domain.access import ADMIN_ROLES, Acting, fault_of_deputy, fault_of_roles
from monitor.domain.vocabulary import Role

ZHOU = Acting("周", frozenset({Role.SECTION_HEAD}), "funds", id=uuid4(), username="zhou")
LI = Acting("李", frozenset({Role.HANDLER}), "funds", id=uuid4(), username="li")
LI_FOR_ZHOU = Acting("李", ZHOU.roles, "funds", id=LI.id, username="li", stands_for=ZHOU)


def test_a_deputy_is_named_with_the_one_he_stands_for():
    assert LI_FOR_ZHOU.label == "李 代 周（li 代 zhou）"
    assert ZHOU.label == "周（zhou）"


@pytest.mark.parametrize("actor", [LI, ZHOU, LI_FOR_ZHOU])
def test_a_deputy_signs_neither_his_own_nor_what_he_stands_for(actor):
    assert review.wrote(LI_FOR_ZHOU, actor.id, actor.label)


def test_nobody_signs_what_was_written_for_him():
    assert review.wrote(ZHOU, LI.id, LI_FOR_ZHOU.label)
    assert not review.wrote(ZHOU, LI.id, LI.label)
    assert not review.wrote(LI_FOR_ZHOU, None, "导入")


@pytest.mark.parametrize("power", sorted(ADMIN_ROLES))
@pytest.mark.parametrize("other", list(Role))
def test_an_administrator_is_nothing_else(power, other):
    assert bool(fault_of_roles({power, other})) is (power != other)


def test_desk_roles_go_together():
    assert fault_of_roles(set(Role) - ADMIN_ROLES) == ""


@pytest.mark.parametrize("power", sorted(ADMIN_ROLES))
def test_the_power_of_an_administrator_is_not_lent(power):
    admin = Acting("向", frozenset({power}), id=uuid4(), username="xiang")

    for one, other in ((admin, LI), (LI, admin)):
        assert fault_of_deputy(one, other, person_active=True, deputy_active=True)
    assert not fault_of_deputy(ZHOU, LI, person_active=True, deputy_active=True)
    assert fault_of_deputy(ZHOU, ZHOU, person_active=True, deputy_active=True)
    assert fault_of_deputy(ZHOU, LI, person_active=True, deputy_active=False)
