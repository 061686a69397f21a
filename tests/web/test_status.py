"""Looking a letter up: alike for every wrong pair, a pass in place of an address."""

import re

import pytest

from tests.web.casefile import look
from tests.web.open_house import PHONE, ask, page_of, write

TAIL = PHONE[-4:]
UNKNOWN = "7KQM 4XRT 9ACH 3WNP"


def plain(text: str) -> str:
    text = re.sub(r'name="csrf\w*" value="[^"]*"', "", text)
    return re.sub(r'(id="f-code"[^>]*?) value="[^"]*"', r"\1", text)


def test_code_and_digits_open_the_page(visitor):
    _, code = write(visitor())

    page = page_of(visitor(), code)

    assert code in page
    assert "请抄下" not in page
    assert "领导信箱来信，求助，10月9日 10:24 收到" in page


@pytest.mark.parametrize(
    "typed", [str.lower, lambda c: c.replace(" ", ""), lambda c: c.replace(" ", "-"),
              lambda c: f"  {c} ", lambda c: c.translate({n: n + 0xFEE0 for n in range(33, 127)})],
)  # fmt: skip
def test_a_code_is_read_kindly(visitor, typed):
    _, code = write(visitor())

    assert ask(visitor(), typed(code)).status_code == 303


def test_every_wrong_pair_is_told_alike(visitor):
    _, code = write(visitor())
    looker = visitor()

    answers_ = [ask(looker, code, "9999"), ask(looker, UNKNOWN, "9999"), ask(looker, UNKNOWN, TAIL)]
    answers_.append(ask(looker, "x'; DROP TABLE order", TAIL))

    assert [answer.status_code for answer in answers_] == [404] * 4
    assert len({plain(answer.text) for answer in answers_}) == 1
    assert "set-cookie" not in answers_[0].headers


def test_every_wrong_pair_takes_the_same_work(visitor, count_queries):
    _, code = write(visitor())
    looker = visitor()
    ask(looker, UNKNOWN)

    asked = []
    for pair in ((code, "9999"), (UNKNOWN, "9999"), (UNKNOWN, TAIL)):
        with count_queries() as seen:
            ask(looker, *pair)
        asked.append([re.sub(r"\s+", " ", statement) for statement in seen])

    assert asked[0] == asked[1] == asked[2]


def test_a_letter_without_a_phone_is_opened_by_no_digits(desk, visitor):
    writer = visitor()
    number, code = write(writer)
    from monitor.storage import requesters

    with desk.writing() as ctx:
        stored = requesters.of_order(ctx.session, look(desk, number).id)
        stored.tail_blind = None
        ctx.session.add(stored)

    assert [ask(visitor(), code, tail).status_code for tail in (TAIL, "0000")] == [404, 404]


def test_twenty_misses_close_the_door_to_an_address(visitor, clock):
    _, code = write(visitor())
    guesser = visitor("10.9.9.9")

    misses = [ask(guesser, f"{UNKNOWN[:-2]}{n:02d}").status_code for n in range(20)]
    refused = ask(guesser, code)

    assert misses == [404] * 20
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "900"
    assert "15 分钟" in refused.text
    assert ask(visitor("10.9.9.8"), code).status_code == 303
    clock.wait(minutes=16)
    assert ask(guesser, code).status_code == 303


def test_the_digits_of_one_letter_cannot_be_guessed_from_many_addresses(visitor):
    _, code = write(visitor())

    tried = [ask(visitor(f"10.8.0.{n}"), code, f"{n:04d}").status_code for n in range(200, 212)]

    assert tried == [404] * 10 + [429] * 2


def test_a_hit_is_no_miss(visitor):
    _, code = write(visitor())
    looker = visitor()

    assert {ask(looker, code).status_code for _ in range(25)} == {303}


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"code": UNKNOWN}, ["phone_tail"]),
        ({"code": UNKNOWN, "phone_tail": "12a4"}, ["phone_tail"]),
        ({"code": "", "phone_tail": "0123"}, ["code"]),
        ({}, ["code", "phone_tail"]),
    ],
)
def test_a_form_half_filled_is_asked_again_and_costs_nothing(visitor, fields, wrong):
    looker = visitor()
    for _ in range(21):
        answer = looker.fill("/status", "/status", **fields)

    assert answer.status_code == 422
    assert re.findall(r'href="#f-(\w+)"', answer.text) == wrong


def test_the_box_of_the_front_page_leads_to_the_form_with_the_code_kept(visitor):
    looker = visitor()

    answer = looker.fill("/status", "/", code=UNKNOWN)

    assert answer.status_code == 422
    assert f'value="{UNKNOWN}"' in answer.text


def test_the_pass_ends_after_half_an_hour(visitor, clock):
    _, code = write(visitor())
    looker = visitor()
    page_of(looker, code)

    clock.wait(minutes=29)
    assert code in looker.get("/status").text
    clock.wait(minutes=2)
    assert code not in looker.get("/status").text


@pytest.mark.parametrize("forged", ["x", "e30=", "AAECAwQFBgc=" * 8, "a" * 5000, "é"])
def test_a_forged_pass_opens_nothing(visitor, forged):
    answer = visitor().get("/status", headers={"cookie": f"letter={forged}".encode("latin-1")})

    assert answer.status_code == 200
    assert 'id="f-code"' in answer.text


def test_the_pass_is_taken_back_on_leaving(visitor):
    _, code = write(visitor())
    looker = visitor()
    page_of(looker, code)

    assert looker.fill("/status/end", "/status").status_code == 303
    assert 'id="f-code"' in looker.get("/status").text


def test_only_post_takes_a_code(visitor):
    page = visitor().get("/status", params={"code": UNKNOWN, "phone_tail": TAIL})

    assert page.status_code == 200
    assert UNKNOWN not in page.text.replace(f"例如 {UNKNOWN}", "")
