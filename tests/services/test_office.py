"""The office changed by its administrators, on both databases."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.domain.access import ADMIN_ROLES, Acting
from monitor.domain.errors import DeskError, Incomplete, NotAllowed, Refused
from monitor.domain.letters import Incoming
from monitor.domain.vocabulary import Channel, Role, Via
from monitor.services import people
from monitor.services.desk import Desk
from monitor.services.office import changes, deputies, machines, sections, staff
from monitor.settings import Settings
from monitor.steps import intake
from monitor.storage import history
from monitor.storage import people as stored
from monitor.storage.orders import Order
from monitor.storage.people import Section
from tests.founding import ruled

START = datetime(2026, 10, 9, 2, 24, tzinfo=UTC)
TODAY = date(2026, 10, 9)
CAST = {
    "li": Role.HANDLER, "zhou": Role.SECTION_HEAD, "qian": Role.REVIEWER,
    "xiang": Role.SYSTEM_ADMIN, "an": Role.SECURITY_ADMIN, "shen": Role.AUDITOR,
}  # fmt: skip


@pytest.fixture
def moment() -> list[datetime]:
    return [START]


@pytest.fixture
def office(tmp_path, database, moment) -> Desk:
    found = Settings(home=tmp_path)
    desk = ruled(found, database, lambda: moment[0])
    with desk.writing() as ctx:
        ctx.session.add(Section(code="office", label="办公室", office=True))
        ctx.session.add(Section(code="funds", label="政策兑现科", position=1))
        ctx.session.add(Section(code="spare", label="备用科", position=2))
        ctx.session.flush()
        for username, role in CAST.items():
            section = None if role in ADMIN_ROLES else "funds"
            people.create(ctx, username, username, [role], section=section)
    return desk


def by(desk: Desk, username: str):
    with desk.reading() as ctx:
        person = stored.by_username(ctx.session, username)
        return desk.writing(stored.acting(person, stored.sections(ctx.session)))


def given_work(desk: Desk, username: str, count: int = 2) -> None:
    with desk.writing() as ctx:
        handler = staff.get(ctx, username)
        for number in range(count):
            letter = Incoming(Channel.MAILBOX, Via.LETTER_FORM, f"第{number}件何时到账？", ctx.now)
            order = ctx.session.get(Order, intake.receive_one(ctx, letter).order_id)
            order.section, order.handler_id = "funds", handler.id
            ctx.session.add(order)


def test_a_new_account_waits_for_its_roles(office):
    with by(office, "xiang") as ctx:
        staff.add(ctx, "he", "何", section="funds", title="", asked=["handler"])
    with office.reading() as ctx:
        person = staff.get(ctx, "he")
        assert (person.roles, person.asked_roles) == ([], ["handler"])
    with by(office, "an") as ctx:
        staff.grant(ctx, staff.get(ctx, "he"), ["handler"], "新来")
    with office.reading() as ctx:
        person = staff.get(ctx, "he")
        assert (person.roles, person.asked_roles) == (["handler"], [])
        told = changes.latest(ctx, changes.OF_PEOPLE)
    assert any("（无） → 承办人" in one.text and "新来" in one.text for one in told)


def test_nobody_grants_himself_and_no_one_without_a_reason(office):
    with pytest.raises(NotAllowed), by(office, "an") as ctx:
        staff.grant(ctx, staff.get(ctx, "an"), ["auditor"], "想要")
    with pytest.raises(Incomplete), by(office, "an") as ctx:
        staff.grant(ctx, staff.get(ctx, "li"), ["section_head"], " ")


def test_who_has_open_work_leaves_only_when_somebody_takes_it(office):
    given_work(office, "li")
    with office.reading() as ctx:
        assert "2 件在办" in staff.leaving(ctx, staff.get(ctx, "li"))[0]
    for successor in ("", "qian", "xiang", "nobody"):
        with pytest.raises(Incomplete), by(office, "xiang") as ctx:
            staff.disable(ctx, staff.get(ctx, "li"), successor)
    with by(office, "xiang") as ctx:
        staff.disable(ctx, staff.get(ctx, "li"), "zhou")

    with office.reading() as ctx:
        assert not staff.get(ctx, "li").active
        held = stored.open_work(ctx.session, staff.get(ctx, "zhou").id)
        assert len(held) == 2
        assert all(history.of_order(ctx.session, one.id)[-1].what == "handed_on" for one in held)


def test_administrators_do_not_open_each_others_accounts(office):
    for username in ("an", "shen"):
        with pytest.raises(NotAllowed, match="互相分开"), by(office, "xiang") as ctx:
            staff.reset_password(ctx, staff.get(ctx, username))
    with by(office, "xiang") as ctx:
        assert staff.reset_password(ctx, staff.get(ctx, "li"))


def test_a_section_is_retired_when_nothing_leans_on_it(office):
    given_work(office, "li", 1)
    with pytest.raises(Refused) as refused, by(office, "xiang") as ctx:
        sections.retire(ctx, sections.get(ctx, "funds"))
    assert "1 件在办工单由它主办" in refused.value.message
    assert "派单目录" in refused.value.message
    assert "个在用账户" in refused.value.message
    with by(office, "xiang") as ctx:
        sections.retire(ctx, sections.get(ctx, "spare"))
    with office.reading() as ctx:
        assert not sections.get(ctx, "spare").active


def test_exactly_one_section_is_the_office(office):
    with by(office, "xiang") as ctx:
        assert "将无人裁定" in sections.office_effects(ctx, sections.get(ctx, "spare"))[1]
        sections.make_office(ctx, sections.get(ctx, "spare"))
    with office.reading() as ctx:
        found = stored.sections(ctx.session).values()
        assert [one.code for one in found if one.office] == ["spare"]
    with pytest.raises(Refused), by(office, "xiang") as ctx:
        sections.retire(ctx, sections.get(ctx, "spare"))


def test_a_change_of_a_section_is_told_with_what_it_was(office):
    values = {"label": "资金科", "duties": "", "phone": "0000-123", "position": "5"}
    with by(office, "xiang") as ctx:
        assert sections.change(ctx, sections.get(ctx, "funds"), values)
        assert not sections.change(ctx, sections.get(ctx, "funds"), values)
    with office.reading() as ctx:
        [told] = changes.latest(ctx, changes.OF_SECTIONS)
    assert "名称 政策兑现科 → 资金科" in told.text
    for wrong in ({"label": ""}, {"label": "办公室"}, {"label": "甲", "phone": "请打"}):
        with pytest.raises(Incomplete), by(office, "xiang") as ctx:
            sections.change(ctx, sections.get(ctx, "funds"), wrong)


def test_a_deputy_acts_for_the_other_and_it_ends_by_itself(office, moment):
    with by(office, "qian") as ctx:
        qian = staff.get(ctx, "qian")
        deputies.appoint(ctx, qian, "li", TODAY, TODAY + timedelta(days=2), "休假")
    with office.writing() as ctx:
        secret = people.sign_in(ctx, staff.get(ctx, "li"))
    with by(office, "li") as ctx:
        assert [one.person.username for one in deputies.open_to(ctx)] == ["qian"]
        deputies.step_in(ctx, secret, "qian")

    with office.reading() as ctx:
        acting = people.signed_in(ctx, secret).person
    assert acting.roles == {Role.REVIEWER}
    assert acting.label == "li 代 qian（li 代 qian）"
    moment[0] = START + timedelta(days=3)
    with office.writing() as ctx:
        again = people.sign_in(ctx, staff.get(ctx, "li"))
        login = ctx.session.get(stored.Login, people.session_hash(ctx, again))
        login.stands_for = staff.get(ctx, "qian").id
        ctx.session.add(login)
    with office.reading() as ctx:
        assert people.signed_in(ctx, again).person.roles == {Role.HANDLER}


def test_only_oneself_or_the_administrator_names_a_deputy(office):
    with pytest.raises(NotAllowed), by(office, "li") as ctx:
        deputies.appoint(ctx, staff.get(ctx, "zhou"), "li", TODAY, TODAY, "")
    with pytest.raises(Refused), by(office, "xiang") as ctx:
        deputies.appoint(ctx, staff.get(ctx, "an"), "li", TODAY, TODAY, "")
    with by(office, "xiang") as ctx:
        deputies.appoint(ctx, staff.get(ctx, "zhou"), "li", TODAY, TODAY, "")
    with pytest.raises(Refused, match="已有代理人"), by(office, "zhou") as ctx:
        deputies.appoint(ctx, staff.get(ctx, "zhou"), "qian", TODAY, TODAY, "")


def test_a_key_brings_only_its_channels_until_its_last_day(office, moment):
    with by(office, "an") as ctx:
        until = START + timedelta(days=1)
        token = machines.add_key(ctx, "热线", channels=["hotline"], expires_at=until)
    key = machines.key_in_force(office.database, office.keys, token, START)
    assert key.may_bring("hotline")
    assert not key.may_bring("web")
    assert machines.worth_noting(key, START)
    with office.writing(machines.as_machine(key)) as ctx:
        machines.note_used(ctx, key)
    key = machines.key_in_force(office.database, office.keys, token, START)
    assert not machines.worth_noting(key, START)
    assert machines.key_in_force(office.database, office.keys, token, until) is None


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["grant", "disable", "enable", "deputy"]),
        st.sampled_from(sorted(CAST)),
        st.sampled_from(sorted(CAST)),
        st.lists(st.sampled_from([str(role) for role in Role]), max_size=2, unique=True),
    ),
    max_size=12,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_whatever_is_done_three_powers_stay_apart_and_held(office, acts):
    for deed, who, whom, roles in acts:
        with suppress(DeskError), office.reading() as looked:
            actor = stored.by_username(looked.session, who)
            acting: Acting = stored.acting(actor, stored.sections(looked.session))
            with office.writing(acting) as ctx:
                person = staff.get(ctx, whom)
                if deed == "grant" and acting.has(Role.SECURITY_ADMIN) and actor.active:
                    staff.grant(ctx, person, roles, "试")
                elif deed == "disable" and acting.has(Role.SYSTEM_ADMIN) and actor.active:
                    staff.disable(ctx, person, "")
                elif deed == "enable" and acting.has(Role.SYSTEM_ADMIN) and actor.active:
                    staff.enable(ctx, person)
                elif deed == "deputy":
                    deputies.appoint(ctx, actor, whom, TODAY, TODAY, "")
    with office.reading() as ctx:
        known = stored.sections(ctx.session)
        found = stored.everyone(ctx.session)
        for person in found:
            held = {Role(role) for role in person.roles}
            assert len(held & ADMIN_ROLES) <= 1
            assert not (held & ADMIN_ROLES and held - ADMIN_ROLES)
            for other in found:
                acting = people.standing_for(ctx, person, other.id, known)
                assert acting is None or not acting.has(*ADMIN_ROLES)
        for role in ADMIN_ROLES:
            assert any(one.active and role in one.roles for one in found), role
