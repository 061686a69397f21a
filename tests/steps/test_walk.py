"""One record of each way in, walked from door to archive by the people whose job that is."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from monitor.domain.dispatch import Decision
from monitor.domain.errors import NotAllowed, NotFound, Refused, Stale
from monitor.domain.letters import Incoming, Requester
from monitor.domain.vocabulary import Channel, Promise, Via
from monitor.domain.workdays import SHANGHAI, local
from monitor.services import upkeep
from monitor.steps import (
    callback,
    casework,
    dispatch,
    intake,
    merging,
    publishing,
    review,
    triage,
)
from monitor.storage import answers, deadlines, history, search
from monitor.storage import casework as records
from monitor.storage.answers import Publication

MONDAY = datetime(2026, 9, 21, tzinfo=SHANGHAI)
FUNDS = Decision("funds", "help", "normal", "funds", (), "2.1")
GRIEVANCE = Decision("funds", "complaint", "normal", "funds")
ANSWER = (
    "您好，来信收悉。经核对，贵公司设备补贴已列入本月用款计划，预计 9 月 30 日前拨付到账。"
    "办理依据为《示范市惠企资金兑现办法》第十四条。"
)


# What an ordinary letter never has: clocks of others, and of days that somebody named.
BESIDE = {Promise.CO, Promise.RECEIVE, Promise.CORRECTION, Promise.CONSULT, Promise.REVIEW,
          Promise.PLEDGE}  # fmt: skip


def moment(day: int, clock: str) -> datetime:
    """A time of the week that begins on Monday, 21 September 2026."""
    hour, minute = map(int, clock.split(":"))
    return MONDAY + timedelta(days=day, hours=hour, minutes=minute)


HOTLINE = Incoming(
    channel=Channel.HOTLINE,
    via=Via.API,
    text="公司去年买的两台冲床申报了设备补贴，公示已经结束，请问什么时候拨付？",
    received_at=moment(0, "09:05"),
    title="设备补贴什么时候到账",
    upstream_no="260921090512000001",
    requester=Requester(name="陈某", phone="13800000123"),
)
PHONE = Incoming(
    channel=Channel.PHONE,
    via=Via.BY_HAND,
    text="来电人问设备补贴公示以后还要交什么材料，担心错过时间。",
    received_at=moment(0, "09:10"),
    requester=Requester(name="周女士", phone="13800000124"),
    consent=False,
)
MAILBOX = Incoming(
    channel=Channel.MAILBOX,
    via=Via.LETTER_FORM,
    text="局长您好：设备补贴公示半年没有到账，问了三次都说在走流程，请给一个准话。",
    received_at=moment(0, "09:20"),
    title="设备补贴公示半年没有到账",
    requester=Requester(name="吕先生", phone="13800000125"),
    consent=True,
)


def register(office, letter: Incoming, *, form_token: str = "") -> intake.Receipt:
    door = {Via.BY_HAND: "lin", Via.LETTER_FORM: "public"}.get(letter.via, "system")
    return office.at(
        letter.received_at + timedelta(minutes=2),
        door,
        lambda ctx: intake.receive_one(ctx, letter, form_token=form_token),
    )


def hand_in(office, number: str, decision: Decision) -> list[str]:
    """From triage to the hand-in of the section; the states on the way."""
    states = [office.order(number).state]
    for at, who, step, given in (
        (moment(0, "09:40"), "lin", dispatch.send, {"decision": decision}),
        (moment(0, "10:05"), "zhou", dispatch.sign, {}),
        (moment(0, "10:10"), "zhou", casework.assign, {"handler": "li"}),
        (
            moment(0, "10:30"),
            "li",
            casework.contact,
            {"way": "电话", "outcome": "已通话，核对了申报编号。", "at": None},
        ),
        (moment(1, "09:30"), "li", casework.note, {"text": "用款计划已报财政。"}),
        (moment(2, "15:00"), "zhou", casework.submit, {"answer": ANSWER, "solved": "solved"}),
    ):
        office.on(number, at, who, step, **given)
        states.append(office.order(number).state)
    return states


def to_rest(office, number: str, way: str | None) -> list[str]:
    """From the last sign-off to the archive."""
    answered = (
        (publishing.record_answer, {"way": way, "at": None}) if way else (publishing.release, {})
    )
    said = {"contacted": True, "satisfied": "满意", "solved": "solved"}
    states = []
    for at, who, (step, given) in (
        (moment(3, "11:00"), "qian", answered),
        (moment(7, "10:00"), "lin", (callback.call_back, said)),
        (moment(8, "09:00"), "qian", (callback.archive, {"retention": "10年"})),
    ):
        office.on(number, at, who, step, **given)
        states.append(office.order(number).state)
    return states


def clocks(office, number: str) -> dict[str, deadlines.Clock]:
    with office.desk.database.transaction() as session:
        return {c.promise: c for c in deadlines.of_order(session, office.order(number).id)}


def events(office, number: str) -> list[str]:
    with office.desk.reading() as ctx:
        return [e.what for e in history.of_order(ctx.session, office.order(number).id)]


def holds(office) -> upkeep.Verdict:
    with office.desk.reading() as ctx:
        return upkeep.verify(ctx.session, ctx.keys)


@pytest.mark.parametrize(("letter", "way"), [(HOTLINE, "fed_back"), (PHONE, "told")])
def test_a_record_that_is_answered_to_its_requester_alone(office, letter, way) -> None:
    number = register(office, letter).number
    assert number == "HY20260921-001"
    assert hand_in(office, number, FUNDS) == [
        "triage", "awaiting_sign", "in_hand", "in_hand", "in_hand", "in_hand", "in_review",
    ]  # fmt: skip
    office.on(number, moment(2, "16:00"), "qian", review.sign_off, opinion="同意。")
    assert office.order(number).state == "to_release"
    assert to_rest(office, number, way) == ["answered", "to_archive", "archived"]
    kept = clocks(office, number)
    wanted = {"triage", "sign", "contact", "submit", "answer", "callback"}
    assert set(kept) == wanted, "no publication is promised without consent"
    assert all(clock.ended_at and clock.late is False for clock in kept.values())
    assert {clock.section for clock in kept.values()} == {"funds"} | (
        {None} & {clock.section for clock in kept.values()}
    )
    assert local(kept["answer"].due_at) == moment(9, "00:00") - timedelta(seconds=1)
    assert kept["answer"].wall_seconds == (moment(3, "11:00") - letter.received_at).total_seconds()
    assert events(office, number) == [
        "register", "dispatch", "sign", "assign", "contact", "note", "submit", "sign_off",
        "approve", "record_answer", "call_back", "archive",
    ]  # fmt: skip
    with office.desk.reading() as ctx:
        order = office.order(number)
        decided = answers.publications(ctx.session, order.id)
        assert [(row.released, row.reason) for row in decided] == [(False, publishing.NO_CONSENT)]
        assert search.matching(ctx.session, "设备补贴", public=True) == []
        assert search.matching(ctx.session, "设备补贴", public=False) == [order.id]
        assert len(records.contacts(ctx.session, order.id)) == 1
    assert holds(office).holds


def test_a_letter_that_is_published(office) -> None:
    receipt = register(office, MAILBOX, form_token="once")
    number = receipt.number
    hand_in(office, number, GRIEVANCE)
    for minute, who in enumerate(("wu", "sun")):
        with pytest.raises(NotAllowed):
            office.on(number, moment(2, f"15:3{minute}"), who, review.sign_off, opinion="")
    for minute, who in enumerate(("qian", "wu", "sun")):
        with pytest.raises(Refused, match=r"未签|没有走完"):
            office.on(number, moment(2, f"16:0{minute}"), "qian", publishing.release)
        office.on(number, moment(2, f"16:1{minute}"), who, review.sign_off, opinion="同意。")
    assert to_rest(office, number, None) == ["answered", "to_archive", "archived"]
    kept = clocks(office, number)
    assert set(kept) == set(Promise) - BESIDE, "nobody was asked beside the lead"
    assert all(clock.ended_at and clock.late is False for clock in kept.values())
    with office.desk.reading() as ctx:
        order = office.order(number)
        found = ctx.session.exec(select(Publication)).one()
        assert found.released
        assert found.released_at == moment(3, "11:00")
        assert search.matching(ctx.session, "设备补贴", public=True) == [order.id]
        assert order.lookup_mac == intake.lookup_mac(ctx, receipt.code.replace(" ", "-").lower())
    office.on(number, moment(9, "09:00"), "qian", publishing.withdraw, reason="口径有变。")
    with office.desk.reading() as ctx:
        assert answers.published(ctx.session, order.id) is None
        assert search.matching(ctx.session, "设备补贴", public=True) == []
    assert holds(office).holds


def test_every_day_can_be_sealed_and_a_changed_event_is_named(office) -> None:
    number = register(office, HOTLINE).number
    hand_in(office, number, FUNDS)
    office.at(moment(3, "00:30"), "system", upkeep.seal_days)
    verdict = holds(office)
    assert verdict.holds
    assert verdict.seals == 3
    with office.desk.database.transaction() as session:
        event = history.of_order(session, office.order(number).id)[2]
        event.actor = "别人"
        session.add(event)
    broken = holds(office)
    assert not broken.holds
    assert "第 3 条" in broken.broken


def test_another_section_sees_nothing_and_an_old_version_is_stale(office) -> None:
    number = register(office, PHONE).number
    office.on(number, moment(0, "09:40"), "lin", dispatch.send, decision=GRIEVANCE)
    with pytest.raises(NotFound):
        office.on(number, moment(0, "09:50"), "zhao", dispatch.sign)
    with pytest.raises(NotAllowed):
        office.on(number, moment(0, "09:51"), "qian", dispatch.sign)
    seen = office.order(number).version
    office.on(number, moment(0, "10:00"), "zhou", dispatch.sign)
    order = office.order(number)
    with pytest.raises(Stale, match=r"周.*签收"):
        office.at(
            moment(0, "10:01"),
            "lin",
            lambda ctx: casework.note(ctx, ctx.session.merge(order), text="补充", seen=seen),
        )


def test_a_recalled_order_belongs_to_nobody(office) -> None:
    number = register(office, PHONE).number
    office.on(number, moment(0, "09:40"), "lin", dispatch.send, decision=FUNDS)
    office.on(number, moment(0, "09:45"), "lin", dispatch.recall, reason="派错科室")
    order = office.order(number)
    assert (order.state, order.section, order.co_sections) == ("triage", None, [])
    running = [c for c in clocks(office, number).values() if not (c.ended_at or c.cancelled_at)]
    assert {c.promise for c in running} == {"triage", "answer"}
    assert {c.section for c in running} == {None}


def test_an_answer_withheld_beforehand_promises_no_publication(office) -> None:
    number = register(office, MAILBOX).number
    hand_in(office, number, FUNDS)
    for minute, who in enumerate(("qian", "wu")):
        office.on(number, moment(2, f"16:1{minute}"), who, review.sign_off, opinion="同意。")
    office.on(number, moment(2, "17:00"), "qian", publishing.withhold, reason="涉及企业账户。")
    office.on(number, moment(3, "09:00"), "qian", publishing.record_answer, way="shown", at=None)
    assert "publish" not in clocks(office, number)
    with pytest.raises(Refused, match="已决定不公开"):
        office.on(number, moment(3, "09:05"), "qian", publishing.release)


def test_declined_merged_deferred_and_answered_at_once(office) -> None:
    first, second = register(office, HOTLINE).number, register(office, PHONE).number
    third = register(office, MAILBOX).number
    office.on(second, moment(0, "09:30"), "lin", merging.merge, master_number=first)
    assert office.order(second).state == "merged"
    office.on(second, moment(0, "09:35"), "lin", merging.unmerge, reason="不是一件事")
    office.on(
        second, moment(0, "09:40"), "lin", triage.ask_decline,
        code="other_organ", told="市财政局", reason="不属本局职责",
    )  # fmt: skip
    with pytest.raises(Refused, match="不予受理"):
        office.on(second, moment(0, "09:41"), "lin", dispatch.send, decision=FUNDS)
    office.on(
        second, moment(0, "10:00"), "qian", triage.decide_decline, granted=True, reason="同意"
    )
    assert office.order(second).state == "notified"
    assert all(c.ended_at or c.cancelled_at for c in clocks(office, second).values())
    office.on(
        third, moment(0, "10:10"), "lin", triage.answer_at_once,
        decision=Decision("funds", "consult", "normal"), answer=ANSWER, basis="兑现办法第十四条",
    )  # fmt: skip
    assert office.order(third).state == "in_review"
    office.on(third, moment(0, "10:20"), "qian", review.hand_back, findings="请写明到账日期。")
    assert office.order(third).state == "triage"
    office.on(first, moment(0, "10:30"), "lin", dispatch.send, decision=FUNDS)
    office.on(first, moment(0, "10:40"), "zhou", dispatch.sign)
    with pytest.raises(NotAllowed):
        office.on(
            first, moment(0, "10:50"), "zhou", casework.defer,
            reason="等资金", plan="每月调度", review_on=moment(30, "00:00").date(),
        )  # fmt: skip
    office.on(
        first, moment(0, "11:00"), "sun", casework.defer,
        reason="等资金", plan="每月调度", review_on=moment(30, "00:00").date(),
    )  # fmt: skip
    office.on(first, moment(9, "09:00"), "zhou", casework.resume, reason="资金下达")
    assert office.order(first).state == "in_hand"
    assert holds(office).holds
