"""The page of one's own letter: steps, dates, the answer, no person; and taking a consent back."""

import re

import pytest

from monitor.domain.errors import Refused
from monitor.steps import casework, merging, triage
from monitor.storage import answers
from monitor.storage import deadlines as clocks
from tests.web import open_house
from tests.web.casefile import events, look
from tests.web.open_house import ANSWER, EMAIL, LETTER, NAME, NOTE, PHONE, do, page_of, walk, write


def main_of(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


def stages(page: str) -> list[tuple[str, str]]:
    found = re.findall(r'<li class="stage-(\w+)".*?<b>(.*?)</b>', page, re.S)
    return [(title, state) for state, title in found]


def test_the_page_shows_no_person_and_no_letter(desk, visitor):
    number, code = write(visitor())
    looker = visitor()
    page_of(looker, code)
    pages = [looker.get("/status").text]
    for state in ("awaiting_sign", "in_hand", "in_review", "to_release"):
        fresh, other = write(visitor())
        walk(desk, fresh, state)
        pages.append(page_of(looker, other))

    for page in pages:
        for secret in (NAME, PHONE, EMAIL, LETTER["title"], LETTER["text"], NOTE, "zhou", ANSWER):
            assert secret not in main_of(page)
    assert number not in pages[0]


def test_the_steps_follow_the_order(desk, visitor):
    shown = {}
    looker = visitor()
    for state in ("triage", "awaiting_sign", "in_hand", "to_release", "answered", "published"):
        number, code = write(visitor())
        if state != "triage":
            walk(desk, number, state)
        shown[state] = stages(page_of(looker, code))

    waiting = [("答复", "wait"), ("公开", "wait")]
    assert shown["triage"] == [
        ("已收到", "now"), ("联系您", "wait"), ("办理中", "wait"), *waiting,
    ]  # fmt: skip
    sent = [("已受理", "done"), ("联系您", "wait")]
    assert shown["awaiting_sign"] == [*sent, ("办理中", "wait"), *waiting]
    assert shown["in_hand"] == shown["to_release"] == [*sent, ("办理中", "now"), *waiting]
    done = [("已受理", "done"), ("办理中", "done"), ("答复", "done")]
    assert shown["answered"] == [*done, ("公开", "wait")]
    assert shown["published"] == [*done, ("公开", "done")]


def test_dates_and_their_reason_are_told(desk, visitor):
    number, code = write(visitor())
    walk(desk, number, "in_hand")
    do(desk, "zhou", number, lambda c, o: casework.contact(
        c, o, way="电话", outcome=f"{NAME}说很急", at=None, seen=o.version))  # fmt: skip

    page = page_of(visitor(), code)

    assert "最迟 10月15日 周四答复，还有 5 个工作日" in page
    assert "为什么是 10月15日" in page
    assert "10月10日周六补班，计第 1 日" in page
    assert "计入：10月10日、10月12日至15日" in page
    assert "10月22日前" in page
    assert ("已联系您", "done") in stages(page)
    assert NAME not in main_of(page)


def test_the_answer_is_shown_to_its_writer_public_or_not(desk, visitor):
    for publish in ("yes", "no"):
        number, code = write(visitor(), publish=publish)
        walk(desk, number, "in_review")
        assert ANSWER not in page_of(visitor(), code)
        number, code = write(visitor(), publish=publish)
        walk(desk, number, "answered")
        assert ANSWER in page_of(visitor(), code)


def test_a_declined_letter_names_the_channel(desk, visitor):
    number, code = write(visitor())
    do(desk, "lin", number, lambda c, o: triage.ask_decline(
        c, o, code="other_organ", told="市税务局 12366", reason="内部理由",
        seen=o.version))  # fmt: skip
    assert "12366" not in page_of(visitor(), code)
    do(desk, "qian", number, lambda c, o: triage.decide_decline(
        c, o, granted=True, reason="同意", seen=o.version))  # fmt: skip

    page = page_of(visitor(), code)

    assert stages(page) == [("已收到", "done"), ("不予受理", "now")]
    assert "请通过：市税务局 12366" in page
    assert "内部理由" not in page


def test_a_merged_letter_says_so_and_shows_nothing_of_the_other(desk, visitor):
    first, _ = write(visitor())
    second, code = write(visitor(), text="同一件事再问一次，补贴什么时候到账？")
    do(desk, "lin", second, lambda c, o: merging.merge(
        c, o, master_number=first, seen=o.version))  # fmt: skip
    walk(desk, first, "answered")

    page = page_of(visitor(), code)

    assert ("已合并办理", "now") in stages(page)
    assert ANSWER not in page


def test_consent_is_taken_back_before_the_release(desk, visitor):
    number, code = write(visitor())
    walk(desk, number, "to_release")
    looker = visitor()
    page_of(looker, code)

    for _ in range(2):
        assert looker.fill("/status/private", "/status").status_code == 303

    order = look(desk, number)
    assert order.consent is False
    assert [what for what, _ in events(desk, number)].count("consent_taken_back") == 1
    page = looker.get("/status").text
    assert "按您的意愿，只答复您本人" in page
    assert "改为不公开" not in page
    with pytest.raises(Refused):
        do(desk, "qian", number, open_house.RELEASE)
    do(desk, "qian", number, open_house.TELL)
    assert visitor().get(f"/answers/{number}").status_code == 404


def test_consent_taken_back_in_review_asks_for_the_signatures_anew(desk, visitor):
    number, code = write(visitor())
    walk(desk, number, "in_review")
    do(desk, "qian", number, open_house._sign)
    looker = visitor()
    page_of(looker, code)

    looker.fill("/status/private", "/status")

    with desk.reading() as ctx:
        answer = answers.latest(ctx.session, look(desk, number).id)
        assert answers.sign_offs(ctx.session, answer.id) == []
    do(desk, "qian", number, open_house._sign)
    assert look(desk, number).state == "to_release"


def test_consent_taken_back_after_the_answer_ends_the_promise_to_publish(desk, visitor):
    number, code = write(visitor())
    walk(desk, number, "answered")
    looker = visitor()
    page_of(looker, code)

    looker.fill("/status/private", "/status")

    order = look(desk, number)
    with desk.reading() as ctx:
        assert clocks.running(ctx.session, [order.id], ["publish"]) == []
        decided = [(p.released, p.reason) for p in answers.publications(ctx.session, order.id)]
    assert decided == [(False, "诉求人改为不公开")]


def test_what_is_out_only_the_office_withdraws(desk, visitor):
    number, code = write(visitor())
    walk(desk, number, "published")
    looker = visitor()

    page = page_of(looker, code)
    answer = looker.fill("/status/private", "/status")

    assert "/status/private" not in page
    assert "由办公室核实后撤回" in page
    assert answer.status_code == 409
    assert look(desk, number).consent is True
    assert visitor().get(f"/answers/{number}").status_code == 200


def test_a_stranger_cannot_take_a_consent_back(desk, visitor):
    number, _ = write(visitor())
    stranger = visitor()

    assert stranger.fill("/status/private", "/status").status_code == 404
    assert look(desk, number).consent is True
