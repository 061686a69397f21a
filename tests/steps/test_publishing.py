"""What leaves the house: consent, every signature over these words, a clean scan."""

from datetime import timedelta

import pytest

from monitor.domain.dispatch import Decision
from monitor.domain.errors import NotAllowed, Refused
from monitor.domain.letters import Requester
from monitor.domain.vocabulary import State
from monitor.steps import callback, casework, dispatch, intake, publishing, review
from monitor.storage import answers, deadlines, people, search
from tests.steps.conftest import MORNING
from tests.steps.letters import TEXT, letter

HOUR = timedelta(hours=1)
ANSWER = "您好，补贴已列入第四季度用款计划，12月15日前拨付。"


@pytest.fixture
def submitted(office):
    """An answered letter in review; its text names a phone that must not leave."""

    def make(**given) -> str:
        record = letter(MORNING, **{"text": TEXT + "电话13800000123。"} | given)
        number = office.at(MORNING, "public", lambda ctx: intake.receive(ctx, [record]))[0].number
        decision = Decision("funds", given.get("kind", "help"), "normal", "funds")
        office.on(number, MORNING + HOUR, "lin", dispatch.send, decision=decision)
        office.on(number, MORNING + 2 * HOUR, "zhou", dispatch.sign)
        office.on(number, MORNING + 3 * HOUR, "zhou", casework.contact, way="电话",
                  outcome="接通，说明进度", at=None)  # fmt: skip
        office.on(number, MORNING + 4 * HOUR, "zhou", casework.submit, answer=ANSWER,
                  solved="partly", note="已报用款计划")  # fmt: skip
        return number

    return make


def sign(office, number, *who):
    for step, name in enumerate(who, start=5):
        office.on(number, MORNING + step * HOUR, name, review.sign_off, opinion="同意")


def release(office, number, who="qian"):
    return office.on(number, MORNING + 9 * HOUR, who, publishing.release)


def test_a_signed_redacted_copy_is_published_and_found(office, submitted):
    number = submitted()
    sign(office, number, "qian", "wu")

    publication = release(office, number)

    assert "13800000123" not in publication.letter
    assert publication.text_hash
    assert office.order(number).state == State.ANSWERED
    with office.desk.reading() as ctx:
        assert search.matching(ctx.session, "用款计划", public=True) == [office.order(number).id]


@pytest.mark.parametrize("signed", [(), ("qian",)])
def test_nothing_is_published_before_every_signature(office, submitted, signed):
    number = submitted()
    sign(office, number, *signed)

    with pytest.raises(Refused):
        release(office, number)


@pytest.mark.parametrize("consent", [False, None])
def test_without_consent_a_letter_is_answered_and_never_published(office, submitted, consent):
    number = submitted(consent=consent)
    sign(office, number, "qian")

    with pytest.raises(Refused):
        release(office, number)
    office.on(number, MORNING + 9 * HOUR, "qian", publishing.record_answer, way="told", at=None)

    order = office.order(number)
    with office.desk.reading() as ctx:
        (withheld,) = answers.publications(ctx.session, order.id)
        promises = {clock.promise for clock in deadlines.of_order(ctx.session, order.id)}
    assert order.state == State.ANSWERED
    assert withheld.released is False
    assert withheld.reason == publishing.NO_CONSENT
    assert "publish" not in promises


def test_the_writer_may_not_review_his_own_answer(office, submitted):
    number = submitted()
    with office.desk.writing() as ctx:
        found = answers.latest(ctx.session, office.order(number).id)
        found.author_id = people.by_username(ctx.session, "qian").id
        ctx.session.add(found)

    with pytest.raises(NotAllowed):
        sign(office, number, "qian")


def test_rewording_the_copy_makes_given_signatures_lapse(office, submitted):
    number = submitted()
    sign(office, number, "qian")

    def reword(ctx, order, seen):
        copy = review.standing(ctx, order).copy
        return review.edit_copy(
            ctx, order, title=copy.title, letter=copy.letter, answer=copy.answer + "特此答复。",
            kept=[], seen=seen,
        )  # fmt: skip

    office.on(number, MORNING + 6 * HOUR, "qian", reword)

    with pytest.raises(NotAllowed, match="办公室审核"):
        sign(office, number, "wu")


def test_an_open_finding_blocks_the_secrecy_signature_until_masked_or_kept(office, submitted):
    number = submitted()

    def add_name(ctx, order, seen, kept=()):
        copy = review.standing(ctx, order).copy
        return review.edit_copy(
            ctx, order, title=copy.title, letter=copy.letter, answer="联系人张三，已拨付。",
            kept=list(kept), seen=seen,
        )  # fmt: skip

    office.on(number, MORNING + 5 * HOUR, "qian", add_name)
    sign(office, number, "qian")
    with pytest.raises(Refused, match="待处理"):
        sign(office, number, "wu")

    with office.desk.reading() as ctx:
        order = office.order(number)
        (found,) = review.standing(ctx, order).open
    kept = {"part": found.part, "kind": found.hit.kind, "text": found.hit.text, "reason": "公示过"}
    office.on(number, MORNING + 6 * HOUR, "qian", add_name, kept=[kept])
    sign(office, number, "wu")
    assert release(office, number).released


def test_the_requesters_own_name_is_masked_where_no_rule_would_guess_it(office, submitted):
    number = submitted(text="王小明多次反映设备补贴没有到账，请尽快核实。",
                       requester=Requester(name="王小明", phone="13800000123"))  # fmt: skip

    with office.desk.reading() as ctx:
        assert "王小明" not in review.standing(ctx, office.order(number)).copy.letter

    def name_him(ctx, order, seen):
        copy = review.standing(ctx, order).copy
        return review.edit_copy(
            ctx, order, title=copy.title, letter=copy.letter, answer="王小明的补贴已经拨付。",
            kept=[], seen=seen,
        )  # fmt: skip

    office.on(number, MORNING + 5 * HOUR, "qian", name_him)
    sign(office, number, "qian")
    with pytest.raises(Refused, match="待处理"):
        sign(office, number, "wu")


def test_handing_back_voids_the_signatures_and_a_new_version_starts_anew(office, submitted):
    number = submitted()
    sign(office, number, "qian")
    office.on(number, MORNING + 6 * HOUR, "wu", review.hand_back, findings="写明拨付日期")

    office.on(number, MORNING + 7 * HOUR, "zhou", casework.submit, answer=ANSWER + "请留意。",
              solved="partly")  # fmt: skip

    with office.desk.reading() as ctx:
        standing = review.standing(ctx, office.order(number))
    assert standing.answer.version == 2
    assert standing.signed == ()


def test_withdrawing_takes_it_out_of_the_search_at_once(office, submitted):
    number = submitted()
    sign(office, number, "qian", "wu")
    release(office, number)

    office.on(number, MORNING + 10 * HOUR, "qian", publishing.withdraw, reason="诉求人要求")

    with office.desk.reading() as ctx:
        assert search.matching(ctx.session, "用款计划", public=True) == []
        assert answers.published(ctx.session, office.order(number).id) is None


def test_re_handling_opens_a_new_round_beside_the_old_clocks(office, submitted):
    number = submitted()
    sign(office, number, "qian", "wu")
    release(office, number)

    office.on(number, MORNING + 10 * HOUR, "qian", callback.rework, reason="回访不满意")

    order = office.order(number)
    with office.desk.reading() as ctx:
        rounds = {
            c.round for c in deadlines.of_order(ctx.session, order.id) if c.promise == "answer"
        }
        assert answers.published(ctx.session, order.id) is None
    assert order.state == State.AWAITING_SIGN
    assert rounds == {1, 2}


def test_answering_is_recorded_with_way_time_and_person(office, submitted):
    number = submitted()
    sign(office, number, "qian", "wu")
    told_at = MORNING + 7 * HOUR

    office.on(number, MORNING + 9 * HOUR, "qian", publishing.record_answer, way="told", at=told_at)

    order = office.order(number)
    with office.desk.reading() as ctx:
        (act,) = answers.acts(ctx.session, order.id)
        clock = next(c for c in deadlines.of_order(ctx.session, order.id) if c.promise == "answer")
    assert (act.way, act.at) == ("told", told_at)
    assert act.by.startswith("钱")
    assert clock.ended_at == told_at
