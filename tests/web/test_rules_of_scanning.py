"""What is masked before the public sees it: the office adds words, the lawful core stays."""

import pytest

from classifiers import sensitive
from monitor.services import copies, reading, rulebook
from monitor.storage import rulebook as storage
from tests.web import casefile

SECRET = "附件里有冰川七号配料单，请保密。"


@pytest.fixture
def send(signed_in):
    admin = signed_in("xiang")

    def send(kind, code, **given):
        given = {"seen": "1", "reason": "试", "confirmed": "yes", **given}
        return admin.fill(f"/admin/rules/{kind}", "/desk/password", code=code, **given)

    return send


def _rules(desk):
    with desk.reading() as ctx:
        return rulebook.current(ctx)


def _words(desk, code):
    return [*_rules(desk).lists[code]["words"]]


def _add(send, desk, word):
    code = "sensitive.trade_secrets.words"
    return send("words", code, words="\n".join([*_words(desk, code), word]))


def test_the_shipped_rules_scan_as_the_shipped_file_does(desk):
    rules, text = _rules(desk), f"{casefile.TEXT}联系人：陈试样，电话13800000123。客户名单在此。"

    assert reading.scan(rules, text) == sensitive.scan(text)
    assert reading.redact(rules, text) == sensitive.redact(text, sensitive.scan(text))


def test_an_added_word_is_found_from_then_on(send, desk):
    assert reading.scan(_rules(desk), SECRET) == []

    assert _add(send, desk, "冰川七号配料单").status_code == 303

    assert reading.redact(_rules(desk), SECRET) == "附件里有【涉商业秘密】，请保密。"


def test_the_public_copy_is_drawn_by_the_words_of_the_office(send, desk):
    _add(send, desk, "技改设备")
    number = casefile.letter(desk)
    order = casefile.look(desk, number)

    with desk.reading() as ctx:
        assert "技改设备" in order.title
        assert "技改设备" not in copies.redacted(ctx, order, order.title)


def test_another_mask_stands_in_the_text(send, desk):
    assert send("mask", "phone", text="【联系电话】").status_code == 303

    assert reading.redact(_rules(desk), "请打13800000123") == "请打【联系电话】"


@pytest.mark.parametrize("code", ["secrecy", "id_card", "bank_card"])
def test_what_the_law_has_us_cover_keeps_its_mask(send, desk, code):
    emptied = send("mask", code, text=" ")
    assert (emptied.status_code, "请填写" in emptied.text) == (422, True)
    assert send("mask", code, act="retire").status_code == 422

    with desk.reading() as ctx:
        assert [row.version for row in storage.history(ctx.session, "mask", code)] == [1]


@pytest.mark.parametrize("text", ["13800000123", "【机密★】"])
def test_no_mask_shows_what_it_should_cover(send, text):
    assert send("mask", "phone", text=text).status_code == 422


@pytest.mark.parametrize("words", ["", "先生\n(坏", "a.*"])
def test_a_list_that_would_find_nothing_or_all_is_refused(send, words):
    assert send("words", "sensitive.names.titles", words=words).status_code == 422


def test_the_scanner_is_made_once_for_a_wording(send, desk):
    before = _rules(desk).scanner
    send("topic", "funds", label="惠企资金", parent="", description="", order="1")

    assert _rules(desk).scanner is before
