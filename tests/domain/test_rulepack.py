"""The shipped rules: every code known, the right one chosen, packs switched on and off."""

import tomllib
from datetime import date

import pytest

from monitor.domain.errors import Incomplete, NotFound
from monitor.domain.rulepack import Limit, Start, Warn
from monitor.domain.rulesheet import parse
from monitor.domain.vocabulary import Arithmetic, Channel, Promise, RequestType, Urgency
from tests.domain.shipped import DATA, PACK

DOCUMENT = tomllib.loads((DATA / "rulebook/deadlines.toml").read_text(encoding="utf-8"))
CODES = [
    *("HL-0.answer", "HL-0.contact", "HL-1.answer", "HL-2.answer"),
    *("LX-1.answer", "LX-1.ack", "LX-1.complex"),
    *("YQ-2.answer", "YQ-1.first", "YQ-1.briefing", "YQ-1.assess"),
    *("FOI-1", "FOI-1.wait", "FOI-2", "FOI-3", "GZ-1", "CN-1", "XF-1", "XF-2", "JC-1"),
    *(
        "IN.receive",
        "IN.triage",
        "IN.sign",
        "IN.contact",
        "IN.co",
        "IN.submit",
        "IN.publish",
        "IN.callback",
    ),
]


def test_every_code_is_shipped_once_and_found():
    assert [rule.code for rule in PACK.rules] == CODES
    assert [PACK.find(code).code for code in CODES] == CODES


@pytest.mark.parametrize(
    ("bare", "code"),
    [
        ("LX-1", "LX-1.answer"),
        ("HL-0", "HL-0.answer"),
        ("YQ-2", "YQ-2.answer"),
        ("YQ-1", "YQ-1.first"),
        ("FOI-2", "FOI-2"),
    ],
)
def test_bare_code_is_its_answer_clock(bare, code):
    assert PACK.find(bare).code == code
    assert PACK.find(code).short in {bare, code}


@pytest.mark.parametrize("code", ["LX", "LX-9", "", "lx-1"])
def test_unknown_code_is_not_found(code):
    with pytest.raises(NotFound, match="没有时限规则"):
        PACK.find(code)


@pytest.mark.parametrize(
    ("channel", "request_type", "urgency", "code"),
    [
        (Channel.HOTLINE, RequestType.CONSULT, Urgency.NORMAL, "HL-1.answer"),
        (Channel.PHONE, RequestType.CONSULT, Urgency.URGENT, "HL-1.answer"),
        (Channel.WEB, RequestType.CONSULT, None, "HL-1.answer"),
        (Channel.WECHAT, RequestType.HELP, None, "HL-2.answer"),
        (Channel.VISIT, RequestType.COMPLAINT, Urgency.NORMAL, "HL-2.answer"),
        (Channel.HOTLINE, None, None, "HL-2.answer"),
        (Channel.HOTLINE, RequestType.CONSULT, Urgency.URGENT, "HL-0.answer"),
        (Channel.HOTLINE, RequestType.REPORT, Urgency.CRITICAL, "HL-0.answer"),
        (Channel.MAILBOX, RequestType.CONSULT, Urgency.URGENT, "LX-1.answer"),
        (Channel.OPINION, RequestType.COMPLAINT, None, "YQ-2.answer"),
        (Channel.DISCLOSURE, None, None, "FOI-2"),
    ],
)
def test_answer_rule_of_channel_type_and_urgency(channel, request_type, urgency, code):
    assert PACK.answer_rule(channel, request_type, urgency).code == code


def test_every_channel_type_and_urgency_has_an_answer_rule():
    for channel in Channel:
        for request_type in (None, *RequestType):
            for urgency in (None, *Urgency):
                rule = PACK.answer_rule(channel, request_type, urgency, date(2012, 3, 5))

                assert not rule.by_hand


def test_other_promises_are_chosen_the_same_way():
    urgent = PACK.select(Promise.CONTACT, Channel.HOTLINE, None, Urgency.URGENT)
    ack = PACK.select(Promise.ACK, Channel.MAILBOX)

    assert urgent is not None
    assert urgent.code == "HL-0.contact"
    assert ack is not None
    assert ack.code == "LX-1.ack"
    assert PACK.select(Promise.ACK, Channel.HOTLINE) is None
    assert PACK.select(Promise.TRIAGE, Channel.OPINION) == PACK.inner(Promise.TRIAGE)


def test_inner_clocks_have_an_urgent_and_a_normal_limit():
    triage, sign = PACK.inner(Promise.TRIAGE), PACK.inner(Promise.SIGN)
    contact, submit = PACK.inner(Promise.CONTACT), PACK.inner(Promise.SUBMIT)

    assert triage.limit(Urgency.URGENT) == Limit(Arithmetic.WORKING_HOURS, 1)
    assert triage.limit(Urgency.CRITICAL) == Limit(Arithmetic.WORKING_HOURS, 1)
    assert triage.limit(Urgency.NORMAL) == triage.limit() == Limit(Arithmetic.WORKING_DAYS, 0)
    assert sign.limit(Urgency.URGENT) == Limit(Arithmetic.WORKING_HOURS, 2)
    assert sign.limit() == Limit(Arithmetic.WORKING_DAYS, 1)
    assert contact.limit(Urgency.URGENT) == Limit(Arithmetic.WALL_HOURS, 2)
    assert contact.limit() == Limit(Arithmetic.WALL_HOURS, 24)
    assert (submit.start, submit.normal.closes.value) == (Start.ANSWER_DUE, "closing")


@pytest.mark.parametrize(
    ("packs", "amounts"),
    [
        (["national"], (5, 5, 1, 3)),
        (["national", "b1"], (5, 15, 1, 3)),
        (["national", "b2"], (3, 13, 1, 1)),
        (["national", "b2", "internal"], (3, 13, 2, 1)),
    ],
)
def test_pack_switched_on_replaces_the_national_rules(packs, amounts):
    pack = parse(DOCUMENT, packs)
    codes = ("HL-1", "HL-2", "IN.submit", "IN.callback")

    assert tuple(pack.find(code).normal.amount for code in codes) == amounts
    assert [rule.code for rule in pack.rules] == CODES
    assert [one.code for one in pack.packs if one.in_force] == packs


def test_shipped_pack_is_national_alone():
    assert [pack.code for pack in PACK.packs if pack.in_force] == ["national"]
    assert {pack.code for pack in PACK.packs} == {"national", "b1", "b2", "internal"}
    assert PACK.pauses["third_party"].label == "征求第三方意见"
    assert PACK.find("FOI-2").pause_events == ("correction", "third_party", "co_organ")


def test_version_in_force_on_the_day_is_used():
    entry = next(rule for rule in DOCUMENT["rules"] if rule["code"] == "LX-1.answer")
    old = {**entry, "valid_to": date(2026, 12, 31)}
    new = {**entry, "amount": 3, "version": 2, "valid_from": date(2027, 1, 1)}
    pack = parse({"packs": DOCUMENT["packs"], "rules": [old, new]})

    assert pack.find("LX-1", date(2026, 12, 31)).version == 1
    assert pack.find("LX-1", date(2027, 1, 1)).version == 2
    assert pack.find("LX-1").version == 2
    assert pack.answer_rule(Channel.MAILBOX, on=date(2026, 6, 1)).normal.amount == 5
    with pytest.raises(NotFound):
        pack.find("LX-1", date(1999, 1, 1))


def test_warning_points_are_read():
    assert PACK.find("YQ-2").warn == (Warn("minutes", 1440), Warn("minutes", 360))
    assert PACK.find("YQ-1").warn == (Warn("percent", 50), Warn("percent", 80))
    assert PACK.find("HL-0").warn == (Warn("minutes", 60),)


@pytest.mark.parametrize(
    "wrong",
    [
        {"arithmetic": "lunar_days"},
        {"amount": -1},
        {"amount": "5"},
        {"warn": ["soon"]},
        {"channels": ["pigeon"]},
        {"start": "whenever"},
    ],
)
def test_wrong_rule_is_refused_by_name(wrong):
    entry = next(rule for rule in DOCUMENT["rules"] if rule["code"] == "LX-1.answer")

    with pytest.raises(Incomplete, match=r"时限规则 LX-1\.answer 有误"):
        parse({"packs": DOCUMENT["packs"], "rules": [{**entry, **wrong}]})
