"""Duty registers a call: drafts kept, suggestions drawn, one order for one form."""

import re

import pytest
from sqlmodel import select

from monitor.services.likeness import answered
from monitor.storage import drafts
from monitor.storage.drafts import Draft
from monitor.storage.orders import Order
from tests.web import casefile
from tests.web.casefile import NAME, PHONE, TEXT, as_person

FORM = "/desk/register"
CALL = {"channel": "phone", "name": NAME, "phone": PHONE, "text": TEXT}


@pytest.fixture
def lin(signed_in):
    return signed_in("lin")


def all_orders(desk):
    with desk.reading() as ctx:
        return [(one.number, one.channel, one.via) for one in ctx.session.exec(select(Order))]


def form_token(browser):
    return re.search(r'name="token" value="([^"]+)"', browser.get(FORM).text)[1]


def test_a_call_becomes_an_order_and_its_code_is_told_once(desk, lin):
    answer = lin.fill(FORM, FORM, token=form_token(lin), **CALL)

    [(number, channel, via)] = all_orders(desk)
    assert (channel, via) == ("phone", "by_hand")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/desk/inbox?order={number}"
    said = lin.get(answer.headers["location"]).text
    assert re.search(rf"已登记 {number}，查询码 (\w{{4}} )+", said)
    assert "查询码" not in lin.get(f"/desk/inbox?order={number}").text.split("</main>")[0]


def test_the_same_form_sent_twice_is_one_order(desk, lin):
    token = form_token(lin)
    for _ in range(2):
        assert lin.fill(FORM, FORM, token=token, **CALL).status_code == 303

    assert len(all_orders(desk)) == 1


def test_what_is_wrong_is_said_beside_what_was_typed(desk, lin):
    answer = lin.fill(FORM, FORM, **{**CALL, "channel": "drums", "text": " "})

    assert answer.status_code == 422
    assert "请写明诉求内容" in answer.text
    assert f'value="{NAME}"' in answer.text
    assert all_orders(desk) == []


def test_a_refused_form_keeps_its_token(lin):
    token = form_token(lin)

    answer = lin.fill(FORM, FORM, token=token, **{**CALL, "text": " "})

    assert f'name="token" value="{token}"' in answer.text


def test_a_closed_tab_loses_nothing(desk, lin, signed_in):
    assert lin.fill(f"{FORM}/draft", FORM, **CALL).status_code == 204

    again = signed_in("lin").get(FORM).text
    assert TEXT in again
    assert f'value="{PHONE}"' in again
    assert "10:24 已自动保存" in again
    with desk.reading() as ctx:
        [draft] = ctx.session.exec(select(Draft)).all()
    assert PHONE.encode() not in draft.body


def test_the_draft_goes_with_the_order_or_by_its_button(desk, lin):
    lin.fill(f"{FORM}/draft", FORM, **CALL)
    lin.fill(FORM, FORM, **CALL)
    assert kept(desk) is None

    lin.fill(f"{FORM}/draft", FORM, **CALL)
    shelf = lin.get("/desk/drafts").text
    assert CALL["text"] in shelf
    assert ">token<" not in shelf
    answer = lin.fill(f"{FORM}/discard", FORM)
    assert answer.headers["location"] == FORM
    assert kept(desk) is None


def kept(desk):
    person = as_person(desk, "lin")
    with desk.reading(person) as ctx:
        return drafts.load(ctx.session, ctx.keys, person.id, "register")


@pytest.mark.parametrize("path", [FORM, f"{FORM}/draft", f"{FORM}/suggest"])
def test_a_mark_of_secrecy_is_refused_before_it_is_kept(desk, lin, path):
    answer = lin.fill(path, FORM, **{**CALL, "text": "机密★5年 关于某项目的批复"})

    assert answer.status_code == 422
    assert "某项目" not in answer.text
    assert kept(desk) is None
    assert all_orders(desk) == []


def test_suggestions_are_a_fragment_with_answers_to_quote(desk, lin, signed_in):
    act = casefile.sender(desk, signed_in)
    number = casefile.in_review(desk)
    for username in ("qian", "wu"):
        act(username, number, "sign_off")
    act("qian", number, "release")

    answer = lin.fill(f"{FORM}/suggest", FORM, text=TEXT, title="")

    assert "<html" not in answer.text
    assert "紧急程度" in answer.text
    assert "疑似重复 1 件" in answer.text
    assert f'href="/desk/orders/{number}"' in answer.text
    assert "相似已答 1 件" in answer.text
    assert "《惠企资金兑现办法》" in answer.text


def test_a_few_words_are_not_judged(lin):
    assert "边填边看" in lin.fill(f"{FORM}/suggest", FORM, text="补贴").text


@pytest.mark.parametrize("username", ["li", "zhou", "qian", "sun", "xiang", "shen"])
def test_only_duty_registers(signed_in, username):
    assert signed_in(username).get(FORM).status_code in {403, 404}


def test_a_request_for_disclosure_by_post_waits_for_its_receipt(desk, lin):
    refused = lin.fill(FORM, FORM, token=form_token(lin), **{**CALL, "channel": "disclosure"})
    assert refused.status_code == 422
    assert "请选择申请怎么送来的" in refused.text

    sent = {**CALL, "channel": "disclosure", "arrival": "letter"}
    place = lin.fill(FORM, FORM, token=form_token(lin), **sent).headers["location"]

    assert "待确认收到" in lin.get(f"/desk/orders/{place.rpartition('=')[2]}").text


def test_an_answer_about_the_same_first_level_counts_as_of_the_same_topic(desk, signed_in):
    act = casefile.sender(desk, signed_in)
    number = casefile.in_review(desk)
    for username in ("qian", "wu"):
        act(username, number, "sign_off")
    act("qian", number, "release")

    with desk.reading(as_person(desk, "lin")) as ctx:
        topic = casefile.look(desk, number).topic
        near = {
            asked: answered.like(ctx, "", TEXT, topic=asked)[0].score
            for asked in ("", topic, f"{topic}.arrears", "elsewhere.arrears")
        }

    assert near[topic] == near[f"{topic}.arrears"] > near[""] == near["elsewhere.arrears"]
